"""Who asks: every view is given the person as one who acts; who may not is told so."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]


def page(
    *roles: Role,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Make a view of a function of request and actor, for whoever holds one of ``roles``; for all if none.

    Whoever is not logged in is led to do so; whoever lacks the role gets 403.
    """

    def made(
        view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = acting(request)
            if actor is None or (roles and not actor.has(*roles)):
                raise PermissionDenied
            return view(request, actor, *args, **kwargs)

        return login_required(shown)

    return made


def acting(request: HttpRequest) -> Actor | None:
    """Return whoever is logged in as one who acts, asked once a request; None if nobody is."""
    kept: Actor | None = getattr(request, "_daliz_actor", None)
    if kept is None and isinstance(request.user, User) and request.user.is_authenticated:
        kept = actor_of(request.user, now=instant())
        request._daliz_actor = kept  # type: ignore[attr-defined]  # kept for this request
    return kept


def instant() -> datetime:
    """Return now."""
    return datetime.now(UTC)
