"""Admit people and give tokens, as whoever has the command line of the server may."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction

from daliz.customs.control.actions import be_present
from daliz.ground.staff.actions import SCOPES, StaffError, admit, grant, issue_token, rotate_token
from daliz.ground.staff.actor import SYSTEM, Role
from daliz.ground.staff.models import Token, User
from daliz.language import N_


@transaction.atomic
def admit_person(
    *,
    login: str,
    name: str,
    roles: Sequence[str],
    office: str | None,
    organisation: str,
    forms: Sequence[str],
    password: str,
) -> User:
    """Admit a person with roles; an officer with forms of control is at work at once."""
    now = datetime.now(UTC)
    user = admit(login=login, name=name, password=password, organisation=organisation, actor=SYSTEM, now=now)
    for role in roles:
        grant(user=user, role=Role(role), office=office, actor=SYSTEM, now=now)
    if forms:
        be_present(user=user, on_shift=True, forms=forms, actor=SYSTEM, now=now)
    return user


def rotated(login: str, *, name: str, until: datetime, grace: timedelta) -> str:
    """Make a new token in place of the newest of a name, which holds for ``grace`` yet.

    Raises:
        StaffError: no token of the name holds.
    """
    now = datetime.now(UTC)
    old = (
        Token.objects.filter(user__login=login, name=name, revoked_at=None, expires_at__gt=now)
        .order_by("-id")
        .first()
    )
    if old is None:
        raise StaffError(
            N_("{login} has no token named {name} that holds"), code="staff-unknown", login=login, name=name
        )
    return rotate_token(token=old, expires_at=until, grace_until=now + grace, actor=SYSTEM, now=now)


def token_of(login: str, *, name: str, scopes: Sequence[str] | None, until: datetime) -> str:
    """Make a token for a person's program.

    Raises:
        StaffError: nobody has this login.
    """
    user = User.objects.filter(login=login).first()
    if user is None:
        raise StaffError(N_("nobody has the login {login}"), code="staff-unknown", login=login)
    return issue_token(
        user=user, name=name, scopes=scopes or SCOPES, expires_at=until, actor=SYSTEM, now=datetime.now(UTC)
    )
