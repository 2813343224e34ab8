"""What a case needs stays beyond its years: put on hold by internal affairs, lifted by another of them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from daliz.customs import flow
from daliz.customs.control.holds import hold, hold_trader, lift_hold
from daliz.customs.control.models import Finding, LegalHold, RequestAnswer
from daliz.customs.control.queries import holds_open_to, holds_reaching
from daliz.customs.control.states import ControlError
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.retention import due, retain
from daliz.engine.pack import Pack, Retention, Years
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.files.models import StoredFile
from daliz.ground.journal.actions import seal
from daliz.ground.journal.models import Entry
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from tests.customs.cast import TRADER, a_declaration
from tests.flow.cast import LATER, a_supervisor, an_officer, conditions_stand
from tests.flow.test_letting_go import with_all
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]

YEARS = Years(photographs=3, answers=3, decisions=3, controls=3, declarations=3)
OVER = datetime(2030, 1, 1, tzinfo=UTC)
NOTHING = {"photographs": 0, "answers": 0, "decisions": 0, "controls": 0, "declarations": 0}
CASE = {"case": "26-7511-1/88", "reason": "asked for by the prosecutor"}


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


@pytest.fixture
def affairs() -> Actor:
    return acting("affairs", Role.INTERNAL_AFFAIRS)


@pytest.fixture
def colleague() -> Actor:
    return acting("colleague", Role.INTERNAL_AFFAIRS)


def gone(pack: Pack, now: datetime = OVER, **days: int) -> dict[str, int]:
    """Let go of what is over, as ``due`` tells before; how much of each kind."""
    kept = replace(pack, clearance=replace(pack.clearance, retention=Retention(years=YEARS, **days)))
    told = {one.kind: one.count for one in due(pack=kept, now=now)}
    went = {one.kind: one.count for one in retain(pack=kept, now=now)}
    assert [kind for kind in went if (told[kind] == 0) != (went[kind] == 0)] == []
    return went


def naming(trader: str) -> Declared:
    declared = a_declaration()
    return replace(declared, header={**declared.header, "trader_id": trader})


def over(broker: Actor, trader: str = TRADER) -> Declaration:
    """A declaration that was released without control."""
    return conditions_stand(flow.submit(declared=naming(trader), reference="", actor=broker, now=NOON))


def test_a_declaration_on_hold_stays_whole_until_another_lifts_it(
    pack: Pack, broker: Actor, affairs: Actor, colleague: Actor
) -> None:
    kept = with_all(broker, an_officer("aigul"))
    held = hold(declaration=kept, **CASE, actor=affairs, now=LATER)
    assert gone(pack) == NOTHING
    left = [model.objects.count() for model in (Declaration, Version, Finding, RequestAnswer, StoredFile)]
    assert left == [1, 2, 1, 1, 2]
    lift_hold(held=held, reason="the case is closed", actor=colleague, now=OVER)
    assert gone(pack) == dict.fromkeys(NOTHING, 1)
    assert (Declaration.objects.count(), LegalHold.objects.count(), StoredFile.objects.count()) == (0, 0, 0)


def test_two_cases_hold_until_both_are_lifted(
    pack: Pack, broker: Actor, affairs: Actor, colleague: Actor
) -> None:
    kept = over(broker)
    first = hold(declaration=kept, **CASE, actor=affairs, now=LATER)
    second = hold(declaration=kept, case="26-9", reason="another court", actor=affairs, now=LATER)
    lift_hold(held=first, reason="closed", actor=colleague, now=LATER)
    assert gone(pack)["declarations"] == 0
    lift_hold(held=second, reason="closed", actor=colleague, now=LATER)
    assert gone(pack)["declarations"] == 1


def test_all_of_a_trader_stays_and_what_he_declares_later_too(
    pack: Pack, broker: Actor, affairs: Actor, colleague: Actor
) -> None:
    his = over(broker, "600400999999")
    hold_trader(trader_id="600400999999", **CASE, actor=affairs, now=LATER)
    later, other = over(broker, "600400999999"), over(broker, "600400888888")
    assert gone(pack)["declarations"] == 1
    assert set(Declaration.objects.values_list("pk", flat=True)) == {his.pk, later.pk}
    assert not Declaration.objects.filter(pk=other.pk).exists()
    lift_hold(held=LegalHold.objects.get(), reason="closed", actor=colleague, now=LATER)
    assert gone(pack)["declarations"] == 2


def test_a_trader_whom_an_earlier_version_named_holds_too(pack: Pack, broker: Actor, affairs: Actor) -> None:
    first = flow.submit(declared=naming("600400999999"), reference="", actor=broker, now=NOON)
    flow.amend(declaration=first, declared=naming(TRADER), reason="a slip", actor=broker, now=NOON)
    conditions_stand(first)
    hold_trader(trader_id="600400999999", **CASE, actor=affairs, now=LATER)
    assert gone(pack)["declarations"] == 0


def test_who_put_a_hold_does_not_lift_it_and_reasons_are_given(
    broker: Actor, affairs: Actor, colleague: Actor
) -> None:
    kept = over(broker)
    with pytest.raises(ControlError, match="name the case"):
        hold(declaration=kept, case=" ", reason="r", actor=affairs, now=LATER)
    with pytest.raises(ControlError, match="a reason is needed"):
        hold_trader(trader_id=TRADER, case="c", reason=" ", actor=affairs, now=LATER)
    held = hold(declaration=kept, **CASE, actor=affairs, now=LATER)
    with pytest.raises(ControlError, match="this case holds it already"):
        hold(declaration=kept, **CASE, actor=colleague, now=LATER)
    with pytest.raises(NotAllowedError, match="a second person decides"):
        lift_hold(held=held, reason="r", actor=affairs, now=LATER)
    with pytest.raises(ControlError, match="a reason is needed"):
        lift_hold(held=held, reason=" ", actor=colleague, now=LATER)
    lift_hold(held=held, reason="closed", actor=colleague, now=LATER)
    with pytest.raises(ControlError, match="lifted already"):
        lift_hold(held=held, reason="again", actor=colleague, now=LATER)
    hold(declaration=kept, **CASE, actor=affairs, now=LATER)  # the case goes on after all
    told = Entry.objects.filter(act__startswith="hold.").order_by("id")
    assert list(told.values_list("act", "subject_id", "actor")) == [
        ("hold.put", str(kept.pk), "affairs"),
        ("hold.lifted", str(kept.pk), "colleague"),
        ("hold.put", str(kept.pk), "affairs"),
    ]
    payload = told[0].payload
    assert payload is not None
    assert json.loads(payload) == {"case": "26-7511-1/88", "reason": "asked for by the prosecutor"}


def test_only_internal_affairs_puts_a_hold_and_sees_one(broker: Actor, affairs: Actor) -> None:
    kept = over(broker)
    held = hold(declaration=kept, **CASE, actor=affairs, now=LATER)
    of_trader = hold_trader(trader_id=TRADER, **CASE, actor=affairs, now=LATER)
    assert list(holds_reaching(holds_open_to(affairs), kept)) == [of_trader, held]
    for other in (a_supervisor(), an_officer("aigul"), broker, acting("root", Role.ADMINISTRATOR)):
        assert holds_open_to(other).count() == 0
        with pytest.raises(NotAllowedError):
            hold(declaration=kept, case="c", reason="r", actor=other, now=LATER)
        with pytest.raises(NotAllowedError):
            lift_hold(held=held, reason="r", actor=other, now=LATER)


def test_the_journal_of_what_is_on_hold_stays_whole(pack: Pack, broker: Actor, affairs: Actor) -> None:
    kept = over(broker)
    gone_by = over(broker, "600400888888")
    hold(declaration=kept, **CASE, actor=affairs, now=LATER)
    hold_trader(trader_id="600400777777", **CASE, actor=affairs, now=LATER)
    seal()
    assert gone(pack, journal=365)["journal"] > 0
    told = Entry.objects.filter(payload__isnull=False)
    assert set(told.filter(subject_kind="declaration").values_list("subject_id", flat=True)) == {str(kept.pk)}
    assert told.filter(act="hold.put", subject_kind="trader", subject_id="600400777777").exists()
    assert not told.filter(subject_id=str(gone_by.pk)).exists()
