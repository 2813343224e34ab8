"""Who somebody is."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q

from daliz.ground.asking import rows_of
from daliz.ground.staff.actions import digest_of
from daliz.ground.staff.actor import Actor, Grant, Role
from daliz.ground.staff.models import RoleGrant, User


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


_WHO_ASKS: Final = """
SELECT u.id, u.login, u.organisation, t.scopes, g.role, g.office
FROM staff_token t JOIN staff_user u ON u.id = t.user_id AND u.is_active
LEFT JOIN staff_rolegrant g
    ON g.user_id = u.id AND g.since <= %(at)s AND (g.until IS NULL OR g.until > %(at)s)
WHERE t.digest = %(digest)s AND t.revoked_at IS NULL AND t.expires_at > %(at)s
"""
"""What every request of a program asks."""


def actor_of_token(secret: str, *, now: datetime) -> Actor | None:
    """Return whoever a token stands for; None if it does not hold."""
    at = connection.ops.adapt_datetimefield_value(now)
    rows = rows_of(_WHO_ASKS, {"at": at, "digest": digest_of(secret)})
    if not rows:
        return None
    user_id, login, organisation, scopes, _, _ = rows[0]
    return Actor(
        user_id=user_id,
        login=login,
        grants=frozenset(Grant(Role(role), office or None) for *_, role, office in rows if role is not None),
        organisation=organisation,
        scopes=frozenset(json.loads(scopes)),
    )


def names_of(logins: Collection[str]) -> dict[str, str]:
    """Return what the people of some logins are called; none for a login that nobody has."""
    return dict(User.objects.filter(login__in=logins).values_list("login", "name"))
