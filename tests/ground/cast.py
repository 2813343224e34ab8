"""The people of the tests."""

from datetime import UTC, datetime

from daliz.ground.staff.actions import admit, grant
from daliz.ground.staff.actor import SYSTEM, Actor, Role
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
PASSWORD = "ten tamed camels"


def a_person(login: str, *roles: Role, office: str | None = None, organisation: str = "") -> User:
    """Admit somebody with roles."""
    user = admit(
        login=login, name=login.title(), password=PASSWORD, organisation=organisation, actor=SYSTEM, now=NOON
    )
    for role in roles:
        grant(user=user, role=role, office=office, actor=SYSTEM, now=NOON)
    return user


def acting(login: str, *roles: Role, office: str | None = None, organisation: str = "") -> Actor:
    """Admit somebody and return him as one who acts."""
    return actor_of(a_person(login, *roles, office=office, organisation=organisation), now=NOON)
