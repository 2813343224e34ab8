"""What is owed and what withholds a release: by when, by whom it ends, what the declarant is told of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from daliz.customs import flow
from daliz.customs.control.concluding import Ending
from daliz.customs.control.models import Control, Obligation, Stop
from daliz.customs.control.queries import due_of, obligations_open_to, overdue_open_to, stops_open_to
from daliz.customs.control.states import ControlError, Outcome
from daliz.customs.intake.models import Declaration, TimelineEntry, Version
from daliz.customs.intake.translate import declaration_of
from daliz.engine.pack import Pack
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from tests.customs.cast import TRADER, a_declaration
from tests.flow.cast import (
    LATER,
    a_supervisor,
    an_officer,
    began,
    conditions_stand,
    finds,
    the_control,
    yellow,
)
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


def under_control(broker: Actor) -> tuple[Control, Actor]:
    officer = an_officer("aigul")
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    control = the_control(declaration)
    began(control, officer)
    finds(control, officer, extent="")
    return control, officer


def test_conditions_of_a_release_have_a_last_day_and_end_by_the_officers_word(
    broker: Actor, pack: Pack
) -> None:
    control, officer = under_control(broker)
    until = Ending(terms="not to be sold before the certificate", until=date(2026, 3, 20))
    with pytest.raises(ControlError, match="of conditions only"):
        flow.conclude(ours=control, outcome=Outcome.PASSED, ending=until, actor=officer, now=LATER)
    over = Ending(terms="t", until=date(2026, 3, 9))
    with pytest.raises(ControlError, match="not of one that is over"):
        flow.conclude(ours=control, outcome=Outcome.CONDITIONAL, ending=over, actor=officer, now=LATER)
    flow.conclude(ours=control, outcome=Outcome.CONDITIONAL, ending=until, actor=officer, now=LATER)
    [owed] = obligations_open_to(officer)
    assert (owed.kind, owed.due_on) == ("condition", date(2026, 3, 20))
    assert due_of(owed, pack) == datetime(2026, 3, 20, 19, tzinfo=UTC)  # midnight in Astana
    assert list(obligations_open_to(an_officer("askar"))) == []
    flow.settle(obligation=owed, kept=True, result="certificate shown", actor=officer, now=LATER)
    assert Obligation.objects.get().kept is True


def test_an_examination_is_owed_by_its_clock(broker: Actor, pack: Pack) -> None:
    control, officer = under_control(broker)
    ending = Ending(terms="which leather is it?")
    flow.conclude(ours=control, outcome=Outcome.PENDING_EXAMINATION, ending=ending, actor=officer, now=LATER)
    [owed] = obligations_open_to(officer)
    assert due_of(owed, pack) == datetime(
        2026, 4, 10, 19, tzinfo=UTC
    )  # 20 working days; Nauryz and two days moved


def test_a_stop_withholds_release_until_another_superior_lifts_it_with_a_reason(broker: Actor) -> None:
    putting, other = a_supervisor("first"), a_supervisor("second")
    free = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    stop = flow.stop(declaration=free, reason="a letter of the prosecutor", actor=putting, now=NOON)
    assert conditions_stand(free).state == "cleared"
    with pytest.raises(NotAllowedError, match="a second person decides"):
        flow.lift(stop=stop, reason="settled", actor=putting, now=LATER)
    with pytest.raises(ControlError, match="a reason is needed"):
        flow.lift(stop=stop, reason=" ", actor=other, now=LATER)
    assert flow.lift(stop=stop, reason="settled", actor=other, now=LATER).state == "released"
    lifted = Stop.objects.get()
    assert (lifted.lifted_by, lifted.lift_reason) == ("second", "settled")
    with pytest.raises(ControlError, match="lifted already"):
        flow.lift(stop=stop, reason="again", actor=other, now=LATER)
    with pytest.raises(ControlError, match="can no longer be withheld"):
        flow.stop(declaration=Declaration.objects.get(pk=free.pk), reason="late", actor=putting, now=LATER)
    elsewhere = a_supervisor("third", office="55301")
    assert (stops_open_to(other).count(), stops_open_to(elsewhere).count()) == (1, 0)


def test_the_declarant_reads_that_release_is_withheld_and_never_why(broker: Actor) -> None:
    free = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    flow.stop(declaration=free, reason="a letter of the prosecutor", actor=a_supervisor(), now=LATER)
    lines = TimelineEntry.objects.filter(declaration=free, open_to_declarant=True).order_by("id")
    assert (lines.last().what, lines.last().values) == ("withheld", {})  # type: ignore[union-attr]  # it is there


def test_a_superior_sees_what_is_overdue_at_his_offices_and_whose_it_is(broker: Actor) -> None:
    control, _ = under_control(broker)
    due = control.due_at
    assert due is not None
    chief, elsewhere = a_supervisor("chief"), a_supervisor("other", office="55301")
    assert list(overdue_open_to(chief, now=due)) == []
    late = due + timedelta(minutes=1)
    [term] = overdue_open_to(chief, now=late)
    assert (term.code, vars(term)["holder"], vars(term)["office"]) == ("release", "Aigul", "53901")
    assert list(overdue_open_to(elsewhere, now=late)) == []


def test_a_correction_asks_for_what_the_officer_assessed_where_a_payment_is_unknown(
    broker: Actor, pack: Pack
) -> None:
    officer = an_officer("aigul")
    declared = a_declaration(procedure="IM53")
    declaration = flow.submit(declared=declared, reference="", actor=broker, now=NOON)
    control = the_control(declaration)
    began(control, officer)
    found = {"violation": "undervaluation", "extent": "", "customs_value": "25000000"}
    with pytest.raises(ControlError, match="unknown: duty, VAT"):
        finds(control, officer, **found)  # type: ignore[arg-type]  # words and columns
    finds(control, officer, assessed=Decimal("700000.00"), **found)  # type: ignore[arg-type]  # as above
    flow.conclude(ours=control, outcome=Outcome.CORRECTED, actor=officer, now=LATER)
    assert Obligation.objects.get().amount == Decimal("700000.00")
    [item] = declaration_of(Version.objects.get(version=2)).items
    assert (item["customs_value"], item.get("duty"), item.get("vat")) == (Decimal("25000000.00"), None, None)
