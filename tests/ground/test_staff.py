"""People, what they may do, and what needs two of them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from daliz.ground.staff.actions import (
    StaffError,
    admit,
    answer_second,
    ask_second,
    grant,
    issue_token,
    revoke_token,
    withdraw,
)
from daliz.ground.staff.actor import SYSTEM, NotAllowedError, Role
from daliz.ground.staff.models import Approval, RoleGrant, Token
from daliz.ground.staff.queries import actor_of, actor_of_token
from tests.ground.cast import NOON, a_person, acting

pytestmark = pytest.mark.django_db


def test_a_role_holds_at_its_office_from_when_it_is_given_until_it_is_withdrawn() -> None:
    officer = a_person("aigul", Role.OFFICER, office="55301")
    assert actor_of(officer, now=NOON).has(Role.OFFICER, office="55301")
    assert not actor_of(officer, now=NOON).has(Role.OFFICER, office="55302")
    assert not actor_of(officer, now=NOON - timedelta(seconds=1)).has(Role.OFFICER)
    withdraw(given=RoleGrant.objects.get(user=officer), actor=SYSTEM, now=NOON + timedelta(hours=1))
    assert not actor_of(officer, now=NOON + timedelta(hours=1)).has(Role.OFFICER)


def test_only_an_administrator_admits_and_grants_and_nobody_grants_himself() -> None:
    officer = acting("aigul", Role.OFFICER)
    with pytest.raises(NotAllowedError, match="needs the role administrator"):
        admit(login="x", name="X", password="ten tamed camels", actor=officer, now=NOON)
    chief = a_person("askar", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError, match="nobody gives himself a role"):
        grant(user=chief, role=Role.OFFICER, office=None, actor=actor_of(chief, now=NOON), now=NOON)


def test_a_weak_password_and_a_login_taken_are_refused() -> None:
    with pytest.raises(StaffError, match="too weak"):
        admit(login="x", name="X", password="password1234", actor=SYSTEM, now=NOON)
    a_person("aigul")
    with pytest.raises(StaffError, match="the login aigul is taken"):
        a_person("aigul")


def test_a_token_stands_for_its_person_until_it_expires_or_is_revoked() -> None:
    broker = a_person("broker", Role.DECLARANT, organisation="600400")
    secret = issue_token(
        user=broker,
        name="ERP",
        scopes=["declarations:write"],
        expires_at=NOON + timedelta(days=1),
        actor=SYSTEM,
        now=NOON,
    )
    found = actor_of_token(secret, now=NOON)
    assert found is not None
    assert (found.login, found.organisation, found.scopes) == (
        "broker",
        "600400",
        frozenset({"declarations:write"}),
    )
    assert secret not in str(Token.objects.values())
    assert actor_of_token(secret, now=NOON + timedelta(days=1)) is None
    revoke_token(token=Token.objects.get(), actor=SYSTEM, now=NOON)
    assert actor_of_token(secret, now=NOON) is None
    with pytest.raises(StaffError, match="everything is no scope"):
        issue_token(
            user=broker,
            name="x",
            scopes=["everything"],
            expires_at=NOON + timedelta(days=1),
            actor=SYSTEM,
            now=NOON,
        )


def test_a_second_person_decides_and_never_the_one_who_asked() -> None:
    asks, agrees = acting("aigul", Role.OFFICER), acting("askar", Role.SUPERVISOR)
    asked = ask_second(
        subject=("declaration", "1"), act="control.reroute", detail={}, reason="x-ray", actor=asks, now=NOON
    )
    with pytest.raises(StaffError, match="waits for a second person already"):
        ask_second(
            subject=("declaration", "1"),
            act="control.reroute",
            detail={},
            reason="again",
            actor=agrees,
            now=NOON,
        )
    with pytest.raises(NotAllowedError, match="not the one who asked"):
        answer_second(approval=asked, agreed=True, comment="", actor=asks, now=NOON)
    assert answer_second(approval=asked, agreed=True, comment="", actor=agrees, now=NOON).agreed is True
    with pytest.raises(StaffError, match="decided already"):
        answer_second(approval=asked, agreed=False, comment="", actor=agrees, now=NOON)


def test_the_database_itself_refuses_one_person_as_both() -> None:
    person = a_person("aigul")
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            subject_kind="declaration",
            subject_id="1",
            act="x",
            reason="r",
            asked_by=person,
            asked_at=NOON,
            decided_by=person,
        )


def test_a_reason_is_needed() -> None:
    with pytest.raises(StaffError, match="a reason is needed"):
        ask_second(subject=("a", "1"), act="x", detail={}, reason=" ", actor=acting("aigul"), now=NOON)
