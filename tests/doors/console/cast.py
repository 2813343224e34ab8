"""People of the console, and a border with something to do."""

from datetime import UTC, datetime

from django.conf import settings
from django.test import Client

from daliz.customs import flow
from daliz.customs.control.actions import be_present
from daliz.customs.control.models import Control
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.ground.cast import a_person, acting

OFFICE = "53901"
FORMS = ("documents", "physical", "post_release")


def logged_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def somebody(login: str, *roles: Role, office: str | None = None) -> Client:
    """Admit somebody who reads English, and log in."""
    user = a_person(login, *roles, office=office)
    user.lang = "en"
    user.save()
    return logged_in(user)


def an_officer(login: str) -> User:
    """An officer at work who may do everything."""
    now = datetime.now(UTC)
    user = a_person(login, Role.OFFICER, office=OFFICE)
    user.lang = "en"
    user.save()
    be_present(user=user, on_shift=True, forms=FORMS, actor=actor_of(user, now=now), now=now)
    return user


def a_control() -> Control:
    """A weapon is declared: its control goes to an officer who is at work, if there is one."""
    now = datetime.now(UTC)
    broker = acting("broker", Role.DECLARANT, organisation=TRADER)
    flow.submit(declared=a_declaration(), reference="INV-1", actor=broker, now=now)
    weapon = flow.submit(declared=a_weapon(), reference="INV-2", actor=broker, now=now)
    return Control.objects.get(declaration=weapon, form="physical")
