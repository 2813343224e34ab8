"""Who somebody is."""

from datetime import datetime

from django.db.models import Q

from daliz.ground.staff.actions import digest_of
from daliz.ground.staff.actor import Actor, Grant, Role
from daliz.ground.staff.models import RoleGrant, Token, User


def actor_of(user: User, *, now: datetime, scopes: frozenset[str] | None = None) -> Actor:
    """Return the person as one who acts, with the roles that hold now."""
    held = RoleGrant.objects.filter(Q(until=None) | Q(until__gt=now), user=user, since__lte=now)
    return Actor(
        user_id=user.pk,
        login=user.login,
        grants=frozenset(Grant(Role(given.role), given.office or None) for given in held),
        organisation=user.organisation,
        scopes=scopes,
    )


def actor_of_token(secret: str, *, now: datetime) -> Actor | None:
    """Return whoever a token stands for; None if it does not hold."""
    found = (
        Token.objects.select_related("user")
        .filter(digest=digest_of(secret), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    return actor_of(found.user, now=now, scopes=frozenset(found.scopes)) if found else None
