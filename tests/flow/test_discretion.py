"""Clocks, re-routing, rosters and what is done by itself: nobody decides alone, and all of it is counted."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daliz.customs import discretion, flow
from daliz.customs.control.distribution import plan_leave, plan_shift
from daliz.customs.control.models import Control, DocumentRequest, Term
from daliz.customs.control.queries import eligible, rerouting_counts, reroutings_open_to, terms_told
from daliz.customs.control.states import ControlError, Outcome
from daliz.customs.tending import Tended, tend
from daliz.engine.pack import Pack
from daliz.ground.outbox.models import Notice
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.ground.staff.models import User
from tests.customs.cast import TRADER, a_declaration, a_weapon
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

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


def test_the_clock_of_release_stops_runs_on_and_is_extended_by_two_before_both_eyes(broker: Actor) -> None:
    officer, superior = an_officer("aigul"), a_supervisor()
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    [term] = terms_told(declaration)
    assert (term.code, term.begun_at, term.due_at) == ("release", NOON, NOON + timedelta(hours=4))
    began(the_control(declaration), officer)
    with pytest.raises(ControlError, match="no reason for which a clock stands still"):
        discretion.stop_clock(term=term, ground="lunch", text="", actor=officer, now=LATER)
    stopped = discretion.stop_clock(
        term=term, ground="goods_not_at_hand", text="the wagon is away", actor=officer, now=LATER
    )
    assert stopped.due_at is None
    with pytest.raises(ControlError, match="does not run"):
        discretion.stop_clock(term=term, ground="goods_not_at_hand", text="", actor=officer, now=LATER)
    resumed = discretion.resume_clock(term=term, actor=officer, now=LATER + timedelta(hours=2))
    assert resumed.due_at == NOON + timedelta(hours=6)
    assert the_control(declaration).due_at == resumed.due_at
    asked = discretion.propose_extension(term=term, reason="an expert is needed", actor=officer, now=LATER)
    with pytest.raises(NotAllowedError):
        discretion.decide_extension(approval=asked, agreed=True, comment="", actor=officer, now=LATER)
    longer = discretion.decide_extension(approval=asked, agreed=True, comment="", actor=superior, now=LATER)
    assert longer.clock == "release_extended"
    told = list(Notice.objects.filter(topic="clock").order_by("id").values_list("values__what", flat=True))
    assert told == ["stopped", "resumed", "extended"]
    assert "wagon" not in str(list(Notice.objects.values_list("values", flat=True)))


def test_an_overdue_clock_is_told_to_the_superior_once(broker: Actor) -> None:
    an_officer("aigul")
    superior = a_supervisor()
    flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    assert tend(now=LATER) == Tended(distributed=0, overdue=0, unratified=0, expired=0, reminded=0)
    next_day = NOON + timedelta(days=1)
    assert tend(now=next_day) == Tended(distributed=0, overdue=1, unratified=0, expired=0, reminded=0)
    assert tend(now=next_day) == Tended(distributed=0, overdue=0, unratified=0, expired=0, reminded=0)
    assert list(Notice.objects.filter(topic="overdue").values_list("user_id", flat=True)) == [
        superior.user_id
    ]


def test_a_lighter_control_is_asked_for_by_one_and_granted_by_another(broker: Actor) -> None:
    officer, superior = an_officer("aigul"), a_supervisor()
    declaration = conditions_stand(flow.submit(declared=yellow(), reference="", actor=broker, now=NOON))
    control = the_control(declaration)
    asked = discretion.propose_lighter(
        ours=control, measures=[], reason="the same goods as yesterday", actor=officer, now=LATER
    )
    assert list(reroutings_open_to(superior)) == [asked]
    assert Control.objects.get().state == "assigned"
    discretion.decide(asked=asked, agreed=True, comment="seen", actor=superior, now=LATER)
    declaration.refresh_from_db()
    assert (Control.objects.get().state, declaration.state) == ("cancelled", "released")
    with pytest.raises(ControlError, match="decided already"):
        discretion.decide(asked=asked, agreed=True, comment="again", actor=superior, now=LATER)


def test_nobody_takes_goods_out_of_mandatory_control(broker: Actor) -> None:
    officer, superior = an_officer("aigul"), a_supervisor()
    declaration = flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    control = the_control(declaration)
    asked = discretion.propose_lighter(ours=control, measures=[], reason="a friend", actor=officer, now=LATER)
    with pytest.raises(ControlError, match="cannot be made lighter"):
        discretion.decide(asked=asked, agreed=True, comment="why not", actor=superior, now=LATER)
    with pytest.raises(ControlError, match="cannot be made lighter"):
        discretion.change_at_once(
            declaration=declaration, ours=control, measures=[], ground="life", reason="a friend",
            actor=officer, now=LATER,
        )  # fmt: skip
    assert Control.objects.get().state == "assigned"


def test_danger_is_met_at_once_and_ratified_within_the_shift_or_told(broker: Actor) -> None:
    officer, superior = an_officer("aigul"), a_supervisor()
    internal = acting("internal", Role.INTERNAL_AFFAIRS)
    declaration = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    with pytest.raises(ControlError, match="no ground for this"):
        discretion.change_at_once(
            declaration=declaration, ours=None, measures=["full_examination"], ground="haste",
            reason="x", actor=officer, now=LATER,
        )  # fmt: skip
    asked = discretion.change_at_once(
        declaration=declaration, ours=None, measures=["full_examination"], ground="weapons",
        reason="a barrel was seen", actor=officer, now=LATER,
    )  # fmt: skip
    declaration.refresh_from_db()
    control = the_control(declaration, "physical")
    assert (declaration.state, control.by_system) == ("control", False)
    assert tend(now=LATER + timedelta(hours=13)).unratified == 1
    assert tend(now=LATER + timedelta(hours=14)).unratified == 0
    told = Notice.objects.filter(topic="unratified").values_list("user_id", flat=True)
    assert set(told) == {superior.user_id, internal.user_id}
    discretion.decide(asked=asked, agreed=True, comment="right", actor=superior, now=LATER)
    counted = rerouting_counts(office="53901", since=NOON, until=NOON + timedelta(days=1))
    assert counted == [
        {
            "office": "53901", "asked_by__login": "aigul", "kind": "at_once", "lighter": False,
            "ground": "weapons", "agreed": True, "count": 1,
        }
    ]  # fmt: skip


def test_a_control_taken_away_at_once_and_not_ratified_is_ordered_again(broker: Actor) -> None:
    officer, superior = an_officer("aigul"), a_supervisor()
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    control = the_control(declaration)
    asked = discretion.change_at_once(
        declaration=declaration, ours=control, measures=[], ground="health", reason="serum",
        actor=officer, now=LATER,
    )  # fmt: skip
    declaration.refresh_from_db()
    assert declaration.state == "cleared"
    discretion.decide(asked=asked, agreed=False, comment="it was no serum", actor=superior, now=LATER)
    declaration.refresh_from_db()
    assert declaration.state == "control"
    assert the_control(declaration).measures == control.measures


def test_where_the_system_decides_nobody_departs_from_it(broker: Actor) -> None:
    officer = an_officer("aigul")
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    with pytest.raises(ControlError, match="here the system decides"):
        discretion.depart(
            declaration=declaration, ours=the_control(declaration), measures=[], ground="perishable",
            reason="fish", actor=officer, now=LATER,
        )  # fmt: skip


def test_controls_go_to_those_whose_shift_it_is_and_who_are_not_on_leave(pack: Pack) -> None:
    for login in ("aigul", "askar", "bota"):
        an_officer(login)
    superior = a_supervisor()
    users = {user.login: user for user in User.objects.all()}
    plan_leave(
        user=users["aigul"], first_day=date(2026, 3, 9), last_day=date(2026, 3, 10), reason="rest",
        actor=superior, now=NOON,
    )  # fmt: skip
    plan_shift(
        user=users["askar"], begins_at=LATER, ends_at=LATER + timedelta(hours=8), actor=superior, now=NOON
    )
    with pytest.raises(ControlError, match="ends before it begins"):
        plan_shift(user=users["askar"], begins_at=LATER, ends_at=LATER, actor=superior, now=NOON)

    def there(hours: int) -> list[str]:
        able = eligible(office="53901", form="documents", pack=pack, now=NOON + timedelta(hours=hours))
        return sorted(one.officer for one in able.values())

    assert there(0) == ["bota"]
    assert there(2) == ["askar", "bota"]
    assert there(24) == ["aigul", "bota"]


def test_the_load_grows_with_the_items_that_a_measure_looks_at(broker: Actor) -> None:
    an_officer("aigul")
    one = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    assert the_control(one).minutes == 35.0


def test_every_act_on_a_control_holds_the_declaration_first(broker: Actor) -> None:
    officer = an_officer("aigul")
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    control = the_control(declaration)
    began(control, officer)

    def first_table(act: object) -> str:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            act()  # type: ignore[operator]  # a function
        read = (q["sql"] for q in seen if q["sql"].startswith(("SELECT", "UPDATE")))
        first = next(sql for sql in read if "intake_declaration" in sql or "control_control" in sql)
        return "declaration" if 'FROM "intake_declaration"' in first else "control"

    def ask() -> None:
        flow.ask_document(ours=control, code="invoice", text="", actor=officer, now=LATER)

    def conclude() -> None:
        flow.conclude(ours=control, outcome=Outcome.PASSED, actor=officer, now=LATER)

    finds(control, officer, extent="")
    other = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    assert first_table(ask) == "declaration"
    asked = DocumentRequest.objects.select_related("control").get()
    dropped = first_table(lambda: flow.drop_request(request=asked, reason="x", actor=officer, now=LATER))
    assert dropped == "declaration"
    assert first_table(conclude) == "declaration"
    assert first_table(lambda: flow.withdraw(declaration=other, reason="x", actor=broker, now=LATER)) == (
        "declaration"
    )


def test_what_is_withdrawn_has_no_clock_and_no_control(
    broker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    declaration = flow.submit(declared=a_weapon(kind="preliminary"), reference="", actor=broker, now=NOON)
    flow.withdraw(declaration=declaration, reason="x", actor=broker, now=LATER)
    assert not Term.objects.filter(ended_at=None).exists()
