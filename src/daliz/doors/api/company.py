"""The people of a company, for those who administer it: list, admit, let administer, end, take back."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from daliz.doors.api.access import READ, WRITE, acting
from daliz.doors.api.replies import once
from daliz.doors.api.words import Code, Words
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.company import (
    administrators_of,
    admit_colleague,
    colleagues_of,
    let_administer,
    let_go,
    take_back,
)
from daliz.ground.staff.models import User
from daliz.language import LANGUAGES, N_, DalizError

router = Router(tags=["company"])


class LanguageError(DalizError):
    """A language that the site does not speak."""

    code = "language-unknown"


class Colleague(Schema):
    """Somebody of your company."""

    id: int
    login: str
    name: str
    email: str
    lang: str
    is_active: bool = Field(description="false: access has ended")
    administers: bool


class Admission(Schema):
    """Somebody to be admitted; he may declare for the company."""

    login: Code = Field(min_length=1)
    name: Words = Field(min_length=1, max_length=200)
    email: Words = Field("", max_length=254)
    lang: Code = Field("ru", description="en, ru or kk")
    password: str = Field(min_length=1, max_length=256, description="the first; he changes it himself")


class Administers(Schema):
    """Whether he administers the company too."""

    administers: bool


@router.get("/company/people", response=list[Colleague], summary="People of your company")
def listed(request: HttpRequest) -> list[Colleague]:
    """Return the people of your company, by name, those whose access has ended among them."""
    actor, now = acting(request, Role.COMPANY_ADMINISTRATOR, scope=READ)
    administer = administrators_of(actor, now=now)
    return [_seen(user, administer) for user in colleagues_of(actor)]


@router.post("/company/people", response={201: Colleague}, summary="Admit a colleague")
def admit(request: HttpRequest, body: Admission) -> HttpResponse:
    """Admit somebody who may declare for your company."""
    actor, now = acting(request, Role.COMPANY_ADMINISTRATOR, scope=WRITE)
    if body.lang not in LANGUAGES:
        raise LanguageError(
            N_("{found} is no language of this site: en, ru, kk"), mend="lang", found=body.lang
        )

    def act() -> tuple[int, dict[str, Any]]:
        user = admit_colleague(
            login=body.login, name=body.name, email=body.email, lang=body.lang, password=body.password,
            actor=actor, now=now,
        )  # fmt: skip
        return 201, _told(user, actor, now)

    return once(request, actor, now, act)


@router.put("/company/people/{key}/administers", response=Colleague, summary="Let a colleague administer")
def administers(request: HttpRequest, key: int, body: Administers) -> HttpResponse:
    """Let a colleague administer the company too, or no longer."""
    actor, now = acting(request, Role.COMPANY_ADMINISTRATOR, scope=WRITE)
    user = _colleague(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        let_administer(user=user, administers=body.administers, actor=actor, now=now)
        return 200, _told(user, actor, now)

    return once(request, actor, now, act)


@router.post("/company/people/{key}/end", response=Colleague, summary="End a colleague's access")
def end(request: HttpRequest, key: int) -> HttpResponse:
    """End a colleague's access at once, with his tokens."""
    actor, now = acting(request, Role.COMPANY_ADMINISTRATOR, scope=WRITE)
    user = _colleague(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        let_go(user=user, actor=actor, now=now)
        return 200, _told(user, actor, now)

    return once(request, actor, now, act)


@router.post("/company/people/{key}/back", response=Colleague, summary="Take a colleague back")
def back(request: HttpRequest, key: int) -> HttpResponse:
    """Let a colleague in again; his tokens stay ended."""
    actor, now = acting(request, Role.COMPANY_ADMINISTRATOR, scope=WRITE)
    user = _colleague(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        take_back(user=user, actor=actor, now=now)
        return 200, _told(user, actor, now)

    return once(request, actor, now, act)


def _colleague(actor: Actor, key: int) -> User:
    return get_object_or_404(colleagues_of(actor), pk=key if 0 < key < 2**62 else 0)


def _seen(user: User, administer: frozenset[int]) -> Colleague:
    return Colleague(
        id=user.pk, login=user.login, name=user.name, email=user.email, lang=user.lang,
        is_active=user.is_active, administers=user.pk in administer,
    )  # fmt: skip


def _told(user: User, actor: Actor, now: datetime) -> dict[str, Any]:
    user.refresh_from_db()
    return _seen(user, administrators_of(actor, now=now)).model_dump(mode="json")
