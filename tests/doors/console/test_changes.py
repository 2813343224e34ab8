"""What is changed of control in the console: clocks, other control, a re-opening, appeals; never alone."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from daliz.customs import flow, redress
from daliz.customs.control.models import Appeal, Control, Finding, Rerouting, Term
from daliz.customs.control.states import Outcome
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Declaration
from daliz.doors.console.change_forms import ReroutingForm
from daliz.engine.pack import load_pack
from daliz.ground.files.actions import take_in
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import Approval, User
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER
from tests.doors.console.cast import OFFICE, a_control, an_officer, logged_in, somebody
from tests.ground.cast import acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def officer() -> User:
    return an_officer("duty")


@pytest.fixture
def control(officer: User) -> Control:
    return a_control()


def at(name: str, *keys: int) -> str:
    return reverse(f"console:{name}", args=keys)


def now() -> datetime:
    return datetime.now(UTC)


def begun(control: Control, officer: User) -> Actor:
    actor = actor_of(officer, now=now())
    flow.take(ours=control, actor=actor, now=now())
    return actor


def ended(control: Control, officer: User, *, violation: bool = False) -> None:
    """Carry the control out and end it by two."""
    actor = begun(control, officer)
    flow.find(
        ours=control, item_no=1, violation=violation, violation_type="undervaluation" if violation else "",
        assessed=Decimal("250000.00") if violation else None, minutes=5, extent="full",
        found={"customs_value": "2900000"} if violation else {},
        remark="", actor=actor, now=now(),
    )  # fmt: skip
    outcome = Outcome.CORRECTED if violation else Outcome.PASSED
    flow.conclude(ours=control, outcome=outcome, actor=actor, now=now())
    second = actor_of(an_officer("second"), now=now())
    flow.confirm(ours=control, agreed=True, reason="", actor=second, now=now())


def test_duties_follow_what_is_typed(control: Control, officer: User) -> None:
    duty = logged_in(officer)
    told = duty.get(
        at("declared", control.pk), {"item_no": "1", "found_customs_value": "90 000 000"}
    ).content.decode()
    assert "payable in addition" in told
    nothing = duty.get(at("declared", control.pk), {"item_no": "1", "found_customs_value": "much"})
    assert "payable in addition" not in nothing.content.decode()


def test_what_an_end_needs_is_told_beside_its_field_and_seen_by_the_second_officer(
    control: Control, officer: User
) -> None:
    duty = logged_in(officer)
    duty.post(at("take", control.pk))
    duty.post(at("finding", control.pk), {"item_no": "1", "violation": "no", "minutes": "9"})
    shallow = duty.post(at("conclude", control.pk), {"outcome": "passed"}).content.decode()
    assert 'id="id_shallower_because-error"' in shallow
    duty.post("/choose", {"lang": "ru"})
    in_russian = duty.post(at("conclude", control.pk), {"outcome": "passed"}).content.decode()
    assert "назначена степень «в полном объёме»" in in_russian
    duty.post("/choose", {"lang": "en"})
    why = {"shallower_because": "the container is sealed"}
    without = duty.post(at("conclude", control.pk), {"outcome": "conditional", **why}).content.decode()
    assert 'id="id_terms-error"' in without
    items = duty.post(at("conclude", control.pk), {"outcome": "refused_items", **why})
    assert "name the items that are refused or seized" in items.content.decode()
    duty.post(at("conclude", control.pk), {"outcome": "conditional", "terms": "kept in the warehouse", **why})
    second = somebody("second", Role.OFFICER, office=OFFICE).get(at("confirm", control.pk)).content.decode()
    assert "kept in the warehouse" in second
    assert "the container is sealed" in second


def test_an_answer_is_read_with_its_file_and_accepted_or_asked_for_again(
    control: Control, officer: User
) -> None:
    actor = begun(control, officer)
    asked = flow.ask_document(ours=control, code="invoice", text="", actor=actor, now=now())
    broker = acting("clerk", Role.DECLARANT, organisation=TRADER)
    file = take_in(
        parts=[b"%PDF-1.7 invoice"], name="invoice.pdf", organisation=TRADER, user_id=broker.person, now=now()
    )
    flow.answer(request=asked, text="here it is", files=[file], actor=broker, now=now())
    duty = logged_in(officer)
    told = duty.get(at("control", control.pk)).content.decode()
    assert "here it is" in told
    assert at("request-file", asked.pk, file.pk) in told
    sent = duty.get(at("request-file", asked.pk, file.pk))
    assert b"".join(sent.streaming_content) == b"%PDF-1.7 invoice"  # type: ignore[attr-defined]
    assert somebody("other", Role.OFFICER, office=OFFICE).get(
        at("request-file", asked.pk, file.pk)
    ).status_code == 404  # fmt: skip
    duty.post(at("request-again", asked.pk), {"reason": "not signed"})
    asked.refresh_from_db()
    assert (asked.state, asked.round, asked.reason) == ("open", 2, "not signed")
    flow.answer(request=asked, text="signed", actor=broker, now=now())
    duty.post(at("request-accept", asked.pk))
    asked.refresh_from_db()
    assert asked.state == "accepted"


def test_a_clock_stands_still_runs_on_and_is_extended_by_a_superior(control: Control, officer: User) -> None:
    duty = logged_in(officer)
    term = Term.objects.get(declaration=control.declaration, code="release")
    assert at("clock-stop", term.pk) in duty.get(at("control", control.pk)).content.decode()
    duty.post(at("clock-stop", term.pk), {"ground": "goods_not_at_hand", "text": "the truck is lost"})
    term.refresh_from_db()
    assert (term.stop_reason, term.due_at) == ("goods_not_at_hand", None)
    duty.post(at("clock-resume", term.pk))
    duty.post(at("clock-extend", term.pk), {"reason": "samples"})
    asked = Approval.objects.get(act="term.extension")
    chief = somebody("chief", Role.SUPERVISOR, office=OFFICE)
    assert at("approval", asked.pk) in chief.get(at("board")).content.decode()
    elsewhere = somebody("elsewhere", Role.SUPERVISOR, office="55301")
    assert elsewhere.get(at("approval", asked.pk)).status_code == 404
    chief.post(at("approval", asked.pk), {"agreed": "yes", "comment": "right"})
    term.refresh_from_db()
    assert (term.clock, term.stopped_at) == ("release_extended", None)


def test_another_control_is_asked_for_and_decided_by_another_person(control: Control, officer: User) -> None:
    duty = logged_in(officer)
    wrong = duty.post(at("reroute", control.declaration_id), {"kind": "proposed", "reason": "scent"})
    assert "name the measures of a stricter control" in wrong.content.decode()
    stated = {"kind": "proposed", "measures": ["document_check"], "reason": "scent"}
    duty.post(at("reroute", control.declaration_id), stated)
    asked = Rerouting.objects.get()
    assert (asked.lighter, asked.measures) == (False, ["document_check"])
    chief = somebody("chief", Role.SUPERVISOR, office=OFFICE)
    assert "scent" in chief.get(at("board")).content.decode()
    assert chief.post(at("rerouting", asked.pk), {"agreed": "no", "comment": ""}).status_code == 422
    chief.post(at("rerouting", asked.pk), {"agreed": "no", "comment": "no need"})
    asked.refresh_from_db()
    assert asked.agreed is False


def test_an_act_is_printed_and_control_opened_again_by_a_superior(control: Control, officer: User) -> None:
    duty = logged_in(officer)
    ended(control, officer)
    assert at("act", control.pk) in duty.get(at("control", control.pk)).content.decode()
    assert duty.get(at("act", control.pk)).content.startswith(b"%PDF-")
    declaration = control.declaration_id
    Declaration.objects.filter(pk=declaration).update(state=State.RELEASED.value)
    assert at("reopen", declaration) in duty.get(at("declaration", declaration)).content.decode()
    duty.post(at("reopen", declaration), {"measures": ["document_check"], "reason": "a letter from abroad"})
    asked = Approval.objects.get(act="declaration.reopening")
    chief = somebody("chief", Role.SUPERVISOR, office=OFFICE)
    chief.post(at("approval", asked.pk), {"agreed": "yes", "comment": "right"})
    assert Declaration.objects.get(pk=declaration).state == "control"


def test_an_appeal_is_decided_by_who_did_not_find(control: Control, officer: User) -> None:
    ended(control, officer, violation=True)
    finding = Finding.objects.get(control=control, superseded_by=None)
    broker = acting("clerk", Role.DECLARANT, organisation=TRADER)
    appeal = redress.contest(finding=finding, reason="the price is right", actor=broker, now=now())
    chief = somebody("chief", Role.SUPERVISOR, office=OFFICE)
    assert "the price is right" in chief.get(at("appeal", appeal.pk)).content.decode()
    wrong = chief.post(at("appeal", appeal.pk), {"verdict": "corrected", "comment": "half"})
    assert wrong.status_code == 422
    chief.post(at("appeal", appeal.pk), {"verdict": "annulled", "comment": "the list proves it"})
    assert Appeal.objects.get().verdict == "annulled"


def test_an_auditor_has_his_queue_and_gives_notice(control: Control) -> None:
    auditor = somebody("auditor", Role.AUDITOR, office=OFFICE)
    late = Control.objects.create(
        declaration=control.declaration, decision=control.decision, form="post_release", office=OFFICE,
        measures=control.measures, minutes=60, before_release=False, state="assigned",
        officer=User.objects.get(login="auditor"), opened_at=now(),
    )  # fmt: skip
    assert at("control", late.pk) in auditor.get(at("work")).content.decode()
    assert at("notice", late.pk) in auditor.get(at("control", late.pk)).content.decode()
    ends = auditor.get(at("conclude", late.pk)).content.decode()
    assert ends.count('name="outcome"') == 2
    assert ("correction of what was declared" in ends, "Security, where" in ends) == (True, False)
    auditor.post(at("notice", late.pk))
    late.refresh_from_db()
    assert late.noticed_at is not None


@pytest.mark.parametrize(
    ("country", "kinds"),
    [("kz", ["proposed", "at_once"]), ("kg", ["proposed", "at_once", "deviation"])],
)
def test_a_departure_from_advice_is_offered_where_the_inspector_decides(
    country: str, kinds: list[str]
) -> None:
    form = ReroutingForm(None, pack=load_pack(country), controls=[], control=None)
    kind: Any = form.fields["kind"]
    assert [code for code, _ in kind.choices] == kinds
