"""People before the portal, and what they type."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daliz.customs import flow
from daliz.customs.control.actions import be_present
from daliz.customs.control.models import Control, DocumentRequest
from daliz.customs.intake.models import Declaration
from daliz.doors.pages.access import instant
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.ground.cast import a_person

PDF = b"%PDF-1.7 contract with annexes"


def logged_in(user: User) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def a_broker(
    login: str = "broker", organisation: str = TRADER, *, lang: str = "en", boss: bool = False
) -> User:
    """Somebody who declares for an organisation."""
    roles = (Role.DECLARANT, Role.COMPANY_ADMINISTRATOR) if boss else (Role.DECLARANT,)
    user = a_person(login, *roles, organisation=organisation)
    user.lang = lang
    user.save()
    return user


def acting(user: User) -> Actor:
    """Somebody as one who acts now."""
    return actor_of(user, now=instant())


def registered(user: User, *, weapon: bool = False, reference: str = "INV-1") -> Declaration:
    """A declaration of somebody."""
    declared = a_weapon() if weapon else a_declaration()
    return flow.submit(declared=declared, reference=reference, actor=acting(user), now=instant())


def an_officer(login: str = "aigul") -> User:
    """An officer at work who carries everything out."""
    user = a_person(login, Role.OFFICER, office="53901")
    forms = ["documents", "physical", "post_release"]
    be_present(user=user, on_shift=True, forms=forms, actor=acting(user), now=instant())
    return user


def asked(declaration: Declaration, officer: User) -> DocumentRequest:
    """A contract that the officer asks for."""
    control = Control.objects.get(declaration=declaration, before_release=True)
    flow.take(ours=control, actor=acting(officer), now=instant())
    return flow.ask_document(
        ours=control, code="contract", text="with annexes", actor=acting(officer), now=instant()
    )


def a_file(name: str = "contract.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A file to be handed in."""
    return SimpleUploadedFile(name, content)


def as_typed(content: dict[str, Any], **more: str) -> dict[str, str]:
    """What a browser sends of a form that holds a content."""
    sent = {f"h.{k}": str(v) for k, v in content.items() if not isinstance(v, list)}
    for table, rows in content.items():
        if isinstance(rows, list):
            for place, row in enumerate(rows):
                sent |= {
                    f"{table}.{place}.{k}": str(v)
                    for k, v in row.items()
                    if k != "item_no" or table != "items"
                }
    return sent | more
