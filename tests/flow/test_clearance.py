"""What happens to a declaration from submission to release, over every corridor that officers meet."""

from datetime import timedelta

import pytest
from django.db import transaction

from daliz.customs import flow
from daliz.customs.assessment.models import Decision
from daliz.customs.control.actions import be_present, distribute_waiting
from daliz.customs.control.models import Assignment, Control, DocumentRequest, Finding
from daliz.customs.control.queries import missing_conditions, work_of
from daliz.customs.control.states import ControlError, Outcome
from daliz.customs.intake.life import ImpossibleStepError
from daliz.customs.intake.models import Declaration, TimelineEntry, Version
from daliz.customs.intake.queries import timeline_for
from daliz.customs.reference.queries import draw_key
from daliz.engine.pack import Pack
from daliz.ground.journal.actions import seal
from daliz.ground.journal.models import Entry
from daliz.ground.journal.queries import verify
from daliz.ground.outbox.models import Notice
from daliz.ground.staff.actor import SYSTEM, Actor, Grant, NotAllowedError, Role
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.ground.cast import NOON, a_person, acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


def an_officer(login: str, office: str = "53901") -> User:
    """Somebody at work who may do everything."""
    officer = a_person(login, Role.OFFICER, office=office)
    actor = actor_of(officer, now=NOON)
    be_present(
        user=officer, on_shift=True, forms=["documents", "physical", "post_release"], actor=actor, now=NOON
    )
    return officer


def conditions_stand(declaration: Declaration) -> Declaration:
    desk = Actor(None, "payments-desk", frozenset({Grant(Role.ADAPTER)}))
    for code in ("payment", "permits", "presentation"):
        declaration = flow.tell_condition(
            declaration=declaration, code=code, holds=True, actor=desk, now=LATER
        )
    return declaration


def clean(control: Control, officer: Actor) -> None:
    flow.take(ours=control, actor=officer, now=LATER)
    flow.find(
        ours=control,
        item_no=1,
        violation=False,
        violation_type="",
        assessed=None,
        minutes=30,
        extent="full",
        found={},
        remark="",
        actor=officer,
        now=LATER,
    )


def test_where_nothing_fires_goods_are_released_without_a_hand_once_the_conditions_stand(
    broker: Actor, pack: Pack
) -> None:
    declaration = flow.submit(declared=a_declaration(), reference="INV-1", actor=broker, now=NOON)
    assert declaration.number == f"53901/100326/{declaration.pk:07d}"
    assert Decision.objects.get().corridor == "green"
    assert declaration.state == "cleared"
    assert missing_conditions(declaration, pack) == ("payment", "permits", "presentation")
    released = conditions_stand(declaration)
    assert released.state == "released"
    assert [line.what for line in timeline_for(released, broker)] == [
        "stored",
        "registered",
        "free",
        "release",
    ]
    assert list(Notice.objects.order_by("id").values_list("topic", flat=True)) == ["registered", "release"]


def test_goods_that_a_mandatory_profile_stops_are_opened_by_one_and_released_by_two(broker: Actor) -> None:
    officers = {officer.login: officer for officer in (an_officer("aigul"), an_officer("askar"))}
    declaration = flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    assert declaration.state == "control"
    control = Control.objects.get()
    assert (control.form, control.before_release) == ("physical", True)
    assert control.officer is not None
    first = actor_of(officers[control.officer.login], now=NOON)
    [other] = [actor_of(o, now=NOON) for o in officers.values() if o != control.officer]
    assert list(work_of(control.officer)) == [control]
    with pytest.raises(ControlError, match="not yours to begin"):
        flow.take(ours=control, actor=other, now=LATER)
    with pytest.raises(ControlError, match="not yours to conclude"):
        flow.conclude(ours=control, outcome=Outcome.PASSED, actor=first, now=LATER)
    clean(control, first)
    assert flow.conclude(ours=control, outcome=Outcome.PASSED, actor=first, now=LATER).state == "control"
    with pytest.raises(NotAllowedError, match="second person"):
        flow.confirm(ours=control, agreed=True, reason="", actor=first, now=LATER)
    assert flow.confirm(ours=control, agreed=True, reason="", actor=other, now=LATER).state == "cleared"
    assert conditions_stand(declaration).state == "released"
    assert Finding.objects.get().finality == "final"
    assert {m["measure"] for m in control.measures} == {"full_examination", "expert_examination"}


def test_the_measures_of_an_officer_say_what_to_look_at_and_no_rule(broker: Actor) -> None:
    flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    told = str(Control.objects.get().measures)
    assert "special permit" in told
    assert "KZ-BN-01" not in told
    assert "in_list" not in told


def test_controls_for_which_nobody_is_there_keep_no_others_waiting(broker: Actor, pack: Pack) -> None:
    flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    flow.submit(
        declared=a_weapon(office="54701", goods_location="54701"), reference="", actor=broker, now=LATER
    )
    far = an_officer("far", office="54701")
    assert distribute_waiting(pack=pack, key=draw_key(), actor=SYSTEM, now=LATER, limit=1) == 1
    assert [one.officer for one in Control.objects.order_by("id")] == [None, far]


def test_a_control_for_which_nobody_is_there_waits_and_its_distribution_is_logged(
    broker: Actor, pack: Pack
) -> None:
    flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    control = Control.objects.get()
    assert (control.state, control.officer) == ("waiting", None)
    an_officer("far", office="54701")
    assert distribute_waiting(pack=pack, key=draw_key(), actor=SYSTEM, now=LATER) == 0
    near = an_officer("near")
    assert distribute_waiting(pack=pack, key=draw_key(), actor=SYSTEM, now=LATER) == 1
    assigned = Assignment.objects.get()
    assert (assigned.officer, assigned.probabilities) == (near, [["near", 1.0]])
    assert 0 <= (assigned.draw or 0) < 1


def test_a_refusal_ends_it_and_names_the_state_to_whoever_tries_on(broker: Actor) -> None:
    officer, second = an_officer("aigul"), an_officer("askar")
    declaration = flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    control = Control.objects.get()
    mine = actor_of(officer if control.officer == officer else second, now=NOON)
    other = actor_of(second if control.officer == officer else officer, now=NOON)
    flow.take(ours=control, actor=mine, now=LATER)
    flow.find(
        ours=control,
        item_no=1,
        violation=True,
        violation_type="prohibited",
        assessed=None,
        minutes=60,
        extent="full",
        found={},
        remark="no licence",
        actor=mine,
        now=LATER,
    )
    flow.conclude(ours=control, outcome=Outcome.REFUSED, actor=mine, now=LATER)
    assert flow.confirm(ours=control, agreed=True, reason="", actor=other, now=LATER).state == "refused"
    assert conditions_stand(declaration).state == "refused"
    with pytest.raises(ImpossibleStepError, match="“release refused” cannot be withdrawn"):
        flow.withdraw(declaration=Declaration.objects.get(), reason="x", actor=broker, now=LATER)


def test_a_document_is_asked_for_answered_once_and_only_by_whose_it_is(broker: Actor) -> None:
    officer = an_officer("aigul")
    flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    control, mine = Control.objects.get(), actor_of(officer, now=NOON)
    flow.take(ours=control, actor=mine, now=LATER)
    with pytest.raises(ControlError, match="not a document that can be asked for"):
        flow.ask_document(ours=control, code="love-letter", text="", actor=mine, now=LATER)
    asked = flow.ask_document(ours=control, code="contract", text="with annexes", actor=mine, now=LATER)
    assert asked.deadline.isoformat() == "2026-03-20T19:00:00+00:00"
    stranger = acting("stranger", Role.DECLARANT, organisation="other")
    with pytest.raises(NotAllowedError, match="another organisation"):
        flow.answer(request=asked, text="here", actor=stranger, now=LATER)
    flow.answer(request=asked, text="here it is", actor=broker, now=LATER)
    with pytest.raises(ControlError, match="answered already"):
        flow.answer(request=asked, text="again", actor=broker, now=LATER)
    assert DocumentRequest.objects.get().state == "answered"
    assert Notice.objects.filter(topic="request").count() == 1


def test_an_amendment_is_assessed_anew_and_inherits_and_is_barred_once_control_is_notified(
    broker: Actor,
) -> None:
    declaration = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    amended = flow.amend(
        declaration=declaration, declared=a_weapon(), reason="wrong code", actor=broker, now=LATER
    )
    assert (amended.version, amended.state) == (2, "control")
    assert list(Decision.objects.order_by("id").values_list("point", "corridor")) == [
        ("registration", "green"),
        ("amendment", "red"),
    ]
    with pytest.raises(ControlError, match="control was notified"):
        flow.amend(declaration=amended, declared=a_declaration(), reason="back", actor=broker, now=LATER)
    assert Version.objects.filter(replaced_at=LATER).count() == 1


def test_refiling_what_was_stopped_inherits_the_control(broker: Actor) -> None:
    first = flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    again = flow.submit(declared=a_declaration(), reference="", actor=broker, now=LATER, refiles=first)
    assert again.state == "control"
    assert Decision.objects.order_by("-id")[0].corridor == "red"


def test_nobody_submits_for_another_organisation_or_without_the_role(broker: Actor) -> None:
    officer = actor_of(an_officer("aigul"), now=NOON)
    with pytest.raises(NotAllowedError, match="needs the role declarant"):
        flow.submit(declared=a_declaration(), reference="", actor=officer, now=NOON)


def test_everything_that_was_done_is_in_the_journal_which_verifies(broker: Actor) -> None:
    declaration = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    conditions_stand(declaration)
    acts = list(Entry.objects.filter(subject_kind="declaration").order_by("id").values_list("act", flat=True))
    assert acts == [
        "declaration.stored", "declaration.registered", "assessment.decided", "declaration.free",
        "release.condition", "release.condition", "release.condition", "declaration.release",
    ]  # fmt: skip
    seal()
    assert verify(now=LATER).problems == ()


def test_what_fails_half_way_leaves_nothing(broker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("daliz.customs.control.opening.open_controls", broken)
    with pytest.raises(OSError, match="full"), transaction.atomic():  # as doors do, in theirs
        flow.submit(declared=a_weapon(), reference="", actor=broker, now=NOON)
    assert [m.objects.count() for m in (Declaration, Version, Decision, TimelineEntry, Notice)] == [0] * 5
