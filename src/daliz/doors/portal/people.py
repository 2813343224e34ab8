"""The people of a company: who declares for it, who administers it."""

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.portal import own
from daliz.ground.staff.actions import StaffError
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.company import (
    administrators_of,
    admit_colleague,
    colleagues_of,
    let_administer,
    let_go,
    take_back,
)
from daliz.language import LANGUAGES, N_

_FIELDS = ("login", "name", "email", "lang")


@page(Role.DECLARANT, Role.COMPANY_ADMINISTRATOR)
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the people; a company administrator admits another, whose first password is shown once."""
    typed = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    if request.method != "POST":
        return _page(request, actor, typed=typed | {"lang": language()})
    password = secrets.token_urlsafe(12)
    wrong = ""
    if not typed["login"] or not typed["name"]:
        wrong = said(N_("Write a login and a name."))
    else:
        try:
            user = admit_colleague(
                login=typed["login"][:64], name=typed["name"][:200], email=typed["email"][:254],
                lang=typed["lang"] if typed["lang"] in LANGUAGES else language(),
                password=password, actor=actor, now=instant(),
            )  # fmt: skip
        except StaffError as error:
            wrong = spoken(error)
        else:
            return _page(request, actor, typed={"lang": language()}, made=user, password=password)
    return _page(request, actor, typed=typed, wrong=wrong, status=422)


@page(Role.COMPANY_ADMINISTRATOR)
@require_POST
def acted(request: HttpRequest, actor: Actor, key: int, act: str) -> HttpResponse:
    """Let a colleague administer or no longer, let him go, take him back."""
    user = get_object_or_404(colleagues_of(actor), pk=own.bounded(key))
    now = instant()
    if act in ("administer", "declare"):
        let_administer(user=user, administers=act == "administer", actor=actor, now=now)
    elif act == "end":
        let_go(user=user, actor=actor, now=now)
    elif act == "back":
        take_back(user=user, actor=actor, now=now)
    else:
        raise Http404
    messages.success(request, said(N_("Done: {name}."), name=user.name))
    return redirect("portal:people")


def _page(request: HttpRequest, actor: Actor, *, status: int = 200, **more: object) -> HttpResponse:
    users = list(colleagues_of(actor))
    administer = administrators_of(actor, now=instant())
    told = {
        "users": [(user, user.pk in administer) for user in users],
        "mine": actor.user_id,
        "administers": actor.has(Role.COMPANY_ADMINISTRATOR) and bool(actor.organisation),
        **more,
    }
    return render(request, "portal/people.html", told, status=status)
