"""Every address of the console as every role: who may, may; what is confidential reaches nobody else."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from daliz.customs.assessment.models import Decision, MeasureOrder
from daliz.customs.control.models import (
    Appeal,
    Control,
    DocumentRequest,
    Finding,
    LegalHold,
    Obligation,
    Rerouting,
    Stop,
    Term,
)
from daliz.doors.console.urls import urlpatterns
from daliz.ground.outbox.models import Message
from daliz.ground.staff.actions import SCOPES, issue_token
from daliz.ground.staff.actor import SYSTEM, Role
from daliz.ground.staff.models import Approval, RoleGrant, Token, User
from tests.doors.console.cast import OFFICE, a_control, an_officer, somebody
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

OFFICERS: Final = {Role.OFFICER, Role.SUPERVISOR}
STAFF: Final = OFFICERS | {Role.AUDITOR}
CARRIERS: Final = {Role.OFFICER, Role.AUDITOR}
READERS: Final = STAFF | {Role.ANALYST, Role.INTERNAL_AFFAIRS}
OPEN_TO: Final = {
    "begin": set(Role),
    "work": CARRIERS,
    "next": CARRIERS,
    "present": CARRIERS,
    "to-confirm": CARRIERS,
    "control": STAFF,
    "take": STAFF,
    "finding": STAFF,
    "declared": STAFF,
    "ask": STAFF,
    "conclude": STAFF,
    "confirm": STAFF,
    "request-accept": STAFF,
    "request-again": STAFF,
    "request-drop": STAFF,
    "request-file": STAFF,
    "photograph": STAFF,
    "photograph-small": STAFF,
    "act": STAFF,
    "notice": {Role.SUPERVISOR, Role.AUDITOR},
    "clock-stop": STAFF,
    "clock-resume": STAFF,
    "clock-extend": STAFF,
    "reroute": STAFF,
    "reopen": STAFF,
    "approval": {Role.SUPERVISOR},
    "rerouting": {Role.SUPERVISOR},
    "appeal": {Role.SUPERVISOR},
    "declarations": READERS,
    "declaration": READERS,
    "trader": READERS,
    "stop-put": {Role.SUPERVISOR},
    "stops": OFFICERS,
    "stop-lift": {Role.SUPERVISOR},
    "hold-put": {Role.INTERNAL_AFFAIRS},
    "hold-trader": {Role.INTERNAL_AFFAIRS},
    "holds": {Role.INTERNAL_AFFAIRS},
    "hold-lift": {Role.INTERNAL_AFFAIRS},
    "owed": STAFF,
    "owed-one": STAFF,
    "owed-close": STAFF,
    "overdue": {Role.SUPERVISOR},
    "audits": {Role.SUPERVISOR, Role.AUDITOR},
    "board": {Role.SUPERVISOR},
    "board-present": {Role.SUPERVISOR},
    "reassign": {Role.SUPERVISOR},
    "decisions": {Role.ANALYST},
    "decision": {Role.ANALYST},
    "journal": {Role.INTERNAL_AFFAIRS},
    "journal-verify": {Role.INTERNAL_AFFAIRS},
    "effect": {Role.MANAGER},
    "health": {Role.ADMINISTRATOR},
    "message-retry": {Role.ADMINISTRATOR},
    "people": {Role.ADMINISTRATOR},
    "person-new": {Role.ADMINISTRATOR},
    "person": {Role.ADMINISTRATOR},
    "person-grant": {Role.ADMINISTRATOR},
    "person-withdraw": {Role.ADMINISTRATOR},
    "person-password": {Role.ADMINISTRATOR},
    "person-disable": {Role.ADMINISTRATOR},
    "person-enable": {Role.ADMINISTRATOR},
    "person-token": {Role.ADMINISTRATOR},
    "person-token-revoke": {Role.ADMINISTRATOR},
}
SECRET_WORDS: Final = ("probability", "propensity", "corridor", "risk level", "random share", "profile")


@pytest.fixture
def officer() -> User:
    return an_officer("duty")


@pytest.fixture
def control(officer: User) -> Control:
    return a_control()


def addresses(control: Control) -> Iterator[tuple[str, str]]:
    """Every address of the console with the keys of something that is there."""
    now = datetime.now(UTC)
    user = a_person("new")
    issue_token(
        user=user, name="erp", scopes=SCOPES, expires_at=now.replace(year=2100), actor=SYSTEM, now=now
    )
    given = RoleGrant.objects.create(user=user, role="officer", office=OFFICE, since=now)
    message = Message.objects.create(
        key="k",
        channel="email",
        recipient="x",
        topic="release",
        created_at=now,
        due_at=now,
        state=Message.DEAD,
    )
    declaration, officer = control.declaration, control.officer
    assert officer is not None
    asked = DocumentRequest.objects.create(control=control, code="invoice", asked_at=now, deadline=now)
    term = Term.objects.filter(declaration=declaration).get()
    changed = Rerouting.objects.create(
        declaration=declaration, kind="proposed", lighter=False, office=OFFICE,
        measures=["document_check"], reason="r", asked_by=officer, asked_at=now,
    )  # fmt: skip
    longer = Approval.objects.create(
        subject_kind="term", subject_id=str(term.pk), act="term.extension", reason="r",
        detail={"clock": "release_extended", "declaration": declaration.pk}, asked_by=officer, asked_at=now,
    )  # fmt: skip
    found = {"control": control, "violation": True, "minutes": 1, "officer": officer, "at": now}
    first = Finding.objects.create(**found, finality="final")
    suspended = Finding.objects.create(**found, supersedes=first)
    appeal = Appeal.objects.create(
        finding=first, suspended=suspended, reason="r", filed_by=user, filed_at=now
    )
    stop = Stop.objects.create(declaration=declaration, reason="r", set_by="someone", set_at=now)
    held = LegalHold.objects.create(declaration=declaration, case="c", reason="r", put_by=user, put_at=now)
    owed = Obligation.objects.create(declaration=declaration, control=control, kind="condition", since=now)
    keys: dict[str, dict[str, Any]] = {
        **{f"request-{act}": {"key": asked.pk} for act in ("accept", "again", "drop")},
        "request-file": {"key": asked.pk, "file": 1},
        **{name: {"key": control.pk, "file": 1} for name in ("photograph", "photograph-small")},
        **{f"clock-{act}": {"key": term.pk} for act in ("stop", "resume", "extend")},
        "reroute": {"key": control.declaration_id},
        "reopen": {"key": control.declaration_id},
        "approval": {"key": longer.pk},
        "rerouting": {"key": changed.pk},
        "appeal": {"key": appeal.pk},
        "declaration": {"key": control.declaration_id},
        "stop-put": {"key": control.declaration_id},
        "stop-lift": {"key": stop.pk},
        "hold-put": {"key": control.declaration_id},
        "hold-lift": {"key": held.pk},
        "owed-one": {"key": owed.pk},
        "owed-close": {"key": owed.pk},
        "decision": {"key": control.decision_id},
        "board-present": {"key": control.officer_id},
        "message-retry": {"key": message.pk},
        "person-withdraw": {"key": user.pk, "grant_key": given.pk},
        "person-token-revoke": {"key": user.pk, "token_key": Token.objects.get().pk},
    }
    for pattern in urlpatterns:
        assert pattern.name is not None
        own = keys.get(pattern.name, {})
        if not own and "key" in str(pattern.pattern):
            own = {"key": user.pk if pattern.name.startswith("person") else control.pk}
        yield pattern.name, reverse(f"console:{pattern.name}", kwargs=own)


def test_every_address_is_listed_here() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(OPEN_TO)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_lacks_the_role_is_refused(control: Control, role: Role) -> None:
    client = somebody("asks", role, office=OFFICE)
    let_in = {
        name
        for name, url in addresses(control)
        if 403 not in (client.get(url).status_code, client.post(url, {}).status_code)
    }
    assert let_in == {name for name, roles in OPEN_TO.items() if role in roles}


def test_nobody_is_let_in_without_a_login(control: Control) -> None:
    for _, url in addresses(control):
        assert Client().get(url).status_code in (302, 405)
        assert Client().post(url).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ANALYST, Role.MANAGER}))
def test_what_is_confidential_stands_on_no_page_but_the_analysts(control: Control, role: Role) -> None:
    client = somebody("reads", role, office=OFFICE)
    Control.objects.update(officer=User.objects.get(login="reads"))
    decision = Decision.objects.get(pk=control.decision_id)
    profiles = set(MeasureOrder.objects.values_list("profile_id", flat=True))
    secret = {*profiles, f"{decision.probability:.4f}", decision.price_id, *SECRET_WORDS}
    if role is not Role.ADMINISTRATOR:  # who sees which versions are in force, and decides on nothing
        secret |= {decision.policy_id, decision.snapshot_id}
    if role is Role.ADMINISTRATOR:
        secret -= {decision.price_id}
    if role is Role.INTERNAL_AFFAIRS:  # the journal says on which policy a decision rests, and its corridor
        secret -= {decision.policy_id, "corridor", "profile", decision.price_id, decision.snapshot_id}
    told = ""
    for _, url in addresses(control):
        response = client.get(url)
        if response.status_code == 200:
            told += re.sub(r"<script.*?</script>|/static/\S+", "", response.content.decode(), flags=re.DOTALL)
    assert sorted(word for word in secret if word.casefold() in told.casefold()) == []


def test_an_officer_sees_no_control_of_another(control: Control) -> None:
    stranger = somebody("stranger", Role.OFFICER, office=OFFICE)
    assert stranger.get(reverse("console:control", args=[control.pk])).status_code == 404
    assert stranger.post(reverse("console:take", args=[control.pk])).status_code == 404


def test_a_supervisor_of_another_office_sees_nothing_of_this_one(control: Control) -> None:
    supervisor = somebody("elsewhere", Role.SUPERVISOR, office="55301")
    assert supervisor.get(reverse("console:reassign", args=[control.pk])).status_code == 404
    board = supervisor.get(reverse("console:board")).content.decode()
    assert str(control.declaration.number) not in board


def test_the_consoles_own_address_leads_to_where_work_begins(control: Control) -> None:
    officer, superior = (somebody(role, role, office=OFFICE) for role in (Role.OFFICER, Role.SUPERVISOR))
    assert officer.get("/console/").headers["Location"] == "/console/work"
    assert superior.get("/console/").headers["Location"] == "/console/board"
