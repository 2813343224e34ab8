"""Who asks: a token's person, with the roles that hold now and the scopes that the token has."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.timezone import now as instant
from ninja.security import HttpBearer

from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.ground.staff.queries import actor_of_token
from daliz.language import N_

READ: Final = "declarations:read"
WRITE: Final = "declarations:write"
FIND: Final = "findings:write"
TELL: Final = "facts:write"


class Bearer(HttpBearer):
    """``Authorization: Bearer daliz_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return whoever the token stands for."""
        return actor_of_token(token, now=instant())


def acting(request: HttpRequest, *roles: Role, scope: str) -> tuple[Actor, datetime]:
    """Return who asks, and the instant, if one of ``roles`` and the scope are his.

    Raises:
        NotAllowedError: the role or the scope is missing.
    """
    actor: Actor = request.auth  # type: ignore[attr-defined]  # ninja keeps there what Bearer returned
    actor.must(*roles)
    if actor.scopes is not None and scope not in actor.scopes:
        raise NotAllowedError(N_("the token lacks the scope {scope}"), code="scope-missing", scope=scope)
    return actor, instant()
