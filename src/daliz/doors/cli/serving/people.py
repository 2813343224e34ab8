"""Admit people and give tokens, as whoever has the command line of the server may."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from daliz.customs.control.actions import be_present
from daliz.ground.staff.actions import SCOPES, StaffError, admit, grant, issue_token
from daliz.ground.staff.actor import SYSTEM, Role
from daliz.ground.staff.models import User
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
