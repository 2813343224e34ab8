"""Where a person begins, and what he may choose: language and theme."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from daliz.doors.pages.access import page
from daliz.doors.pages.language import COOKIE, spoken
from daliz.doors.pages.middleware import THEME_COOKIE, THEMES
from daliz.doors.pages.navigation import beginning_of
from daliz.doors.pages.returning import back_from
from daliz.ground.staff.accounts import prefer
from daliz.ground.staff.actor import Actor
from daliz.ground.staff.models import User
from daliz.language import LANGUAGES

_YEAR = 365 * 24 * 3600


@page()
def begin(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Lead to where the person's work begins; say so where none is his."""
    found = beginning_of(actor)
    if found:
        return redirect(found)
    held = sorted({grant.role for grant in actor.grants})
    return render(request, "pages/nothing.html", {"roles": ", ".join(spoken(role.label) for role in held)})


@page()
def settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what a person can choose for himself."""
    grants = sorted(actor.grants, key=lambda grant: (grant.role, grant.office or ""))
    return render(request, "pages/settings.html", {"grants": grants})


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language or the theme, with the person or in a cookie, and go back."""
    lang, theme = request.POST.get("lang", ""), request.POST.get("theme", "")
    response = HttpResponseRedirect(back_from(request))
    for value, known, cookie in ((lang, LANGUAGES, COOKIE), (theme, THEMES, THEME_COOKIE)):
        if value in known:
            response.set_cookie(cookie, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    if isinstance(request.user, User):
        prefer(
            user=request.user,
            lang=lang if lang in LANGUAGES else None,
            theme=theme if theme in THEMES else None,
        )
    return response
