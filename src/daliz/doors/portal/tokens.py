"""Access of a person's own programs to the API: given, shown once, taken back."""

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from daliz.doors.pages.access import instant, page
from daliz.doors.pages.codes import SCOPES
from daliz.doors.pages.language import said, spoken
from daliz.doors.portal import own
from daliz.ground.staff.actions import StaffError, issue_token, revoke_token
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import Token, User
from daliz.language import N_

OFFERED: Final = ("declarations:read", "declarations:write")
"""What a declarant's program may be given."""

_DAYS: Final = (30, 90, 180, 365)
_MOST: Final = 20


@page(Role.DECLARANT)
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the tokens; a new one is shown in the reply, once."""
    if request.method != "POST":
        return _page(request, actor)
    name, scopes = request.POST.get("name", "").strip(), request.POST.getlist("scope")
    days = request.POST.get("days", "")
    now = instant()
    wrong = ""
    if not name or not scopes or set(scopes) - set(OFFERED) or days not in map(str, _DAYS):
        wrong = said(N_("Give the program a name, and choose what it may do and for how long."))
    elif _standing(actor).count() >= _MOST:
        wrong = said(N_("A person has at most {n} programs at a time."), n=_MOST)
    else:
        try:
            secret = issue_token(
                user=User.objects.get(pk=actor.person), name=name[:100], scopes=scopes,
                expires_at=now + timedelta(days=int(days)), actor=actor, now=now,
            )  # fmt: skip
        except StaffError as error:
            wrong = spoken(error)
        else:
            return _page(request, actor, secret=secret, made=name)
    return _page(request, actor, wrong=wrong, name=name, chosen=scopes, status=422)


@page(Role.DECLARANT)
@require_POST
def revoked(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """End a token at once."""
    token = get_object_or_404(_standing(actor), pk=own.bounded(key))
    revoke_token(token=token, actor=actor, now=instant())
    messages.success(request, said(N_("The access of {name} has ended."), name=token.name))
    return redirect("portal:tokens")


def _standing(actor: Actor) -> QuerySet[Token]:
    return Token.objects.filter(user_id=actor.person, revoked_at=None, expires_at__gt=instant())


def _page(request: HttpRequest, actor: Actor, *, status: int = 200, **more: object) -> HttpResponse:
    told = {
        "tokens": _standing(actor).order_by("-id"),
        "scopes": [(scope, said(SCOPES[scope])) for scope in OFFERED],
        "days": _DAYS,
        **more,
    }
    return render(request, "portal/tokens.html", told, status=status)
