"""A day of a Kazakh customs house: every corridor, every way in which control may end."""

from datetime import timedelta
from decimal import Decimal

import pytest

from daliz.customs import discretion, flow, redress
from daliz.customs.assessment.models import Decision
from daliz.customs.control.concluding import Ending
from daliz.customs.control.models import Control, Finding, Obligation, Term
from daliz.customs.control.queries import findings_told, missing_conditions
from daliz.customs.control.states import ControlError, Outcome
from daliz.customs.control.translate import findings_table
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.intake.queries import timeline_for
from daliz.customs.intake.translate import declaration_of
from daliz.engine.pack import Pack
from daliz.ground.journal.actions import seal
from daliz.ground.journal.queries import verify
from daliz.ground.outbox.models import Notice
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.flow.cast import (
    LATER,
    a_supervisor,
    an_officer,
    began,
    conditions_stand,
    finds,
    of_two_items,
    the_control,
    yellow,
)
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


def what_happened(declaration: Declaration, actor: Actor) -> list[str]:
    return [line.what for line in timeline_for(declaration, actor)]


def test_green_goes_without_a_hand_and_blue_looks_the_same_until_notice(broker: Actor) -> None:
    auditor, superior = an_officer("auditor", role=Role.AUDITOR, office=""), a_supervisor()
    officer = an_officer("aigul")
    green = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    blue = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    asked = discretion.propose_stricter(
        declaration=blue, measures=["desk_check"], reason="value", actor=officer, now=LATER
    )
    discretion.decide(asked=asked, agreed=True, comment="yes", actor=superior, now=LATER)
    assert [conditions_stand(one).state for one in (green, blue)] == ["released", "released"]
    assert what_happened(green, broker) == what_happened(blue, broker)
    desk = the_control(blue)
    assert (desk.form, desk.before_release, desk.officer_id) == ("post_release", False, auditor.user_id)
    began(desk, auditor)
    assessed = Decimal("1200000.00")  # no payments are declared: it cannot be computed
    finds(desk, auditor, violation="undervaluation", extent="", assessed=assessed, customs_value="30000000")
    flow.give_notice(ours=desk, actor=auditor, now=LATER)
    for gone in (Outcome.SECURED, Outcome.REFUSED, Outcome.SEIZED):
        with pytest.raises(ControlError, match="goods are released already"):
            flow.conclude(ours=desk, outcome=gone, actor=auditor, now=LATER)
    flow.conclude(ours=desk, outcome=Outcome.PASSED, actor=auditor, now=LATER)
    assert what_happened(blue, broker)[-1] == "audit"
    assert what_happened(green, broker)[-1] == "release"


def test_yellow_ends_in_a_correction_and_goods_go_when_the_rest_is_paid(broker: Actor, pack: Pack) -> None:
    officer = an_officer("aigul")
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    assert (Decision.objects.get().corridor, declaration.state) == ("yellow", "control")
    conditions_stand(declaration)
    control = the_control(declaration, "documents")
    began(control, officer)
    with pytest.raises(ControlError, match="record what was found first"):
        flow.conclude(ours=control, outcome=Outcome.CORRECTED, actor=officer, now=LATER)
    finds(control, officer, violation="undervaluation", extent="", customs_value="25000000")
    found = Finding.objects.get()
    assert found.payments["found"] == {"duty": "2500000.00", "vat": "3300000.00", "excise": "0.00"}
    assert found.assessed == Decimal("1160000.00")
    cleared = flow.conclude(ours=control, outcome=Outcome.CORRECTED, actor=officer, now=LATER)
    assert (cleared.state, cleared.version) == ("cleared", 2)
    assert missing_conditions(cleared, pack) == ("payment",)
    version = Version.objects.get(version=2)
    assert (version.cause, declaration_of(version).items[0]["duty"]) == ("correction", Decimal("2500000.00"))
    assert Obligation.objects.get().amount == Decimal("1160000.00")
    released = conditions_stand(cleared, "payment")
    assert released.state == "released"
    assert Obligation.objects.get().kept is True
    assert what_happened(released, broker)[-3:] == ["conclude", "corrected", "release"]
    assert Notice.objects.get(topic="correct").values["additional"] == "1160000.00"
    assert list(findings_told(released)) == [found]


def test_release_under_security_waits_for_the_security(broker: Actor, pack: Pack) -> None:
    officer = an_officer("aigul")
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    conditions_stand(declaration)
    control = the_control(declaration)
    began(control, officer)
    finds(control, officer, extent="")
    with pytest.raises(ControlError, match="what is to be secured"):
        flow.conclude(ours=control, outcome=Outcome.SECURED, actor=officer, now=LATER)
    ending = Ending(security=Decimal("500000.00"))
    cleared = flow.conclude(ours=control, outcome=Outcome.SECURED, actor=officer, now=LATER, ending=ending)
    assert missing_conditions(cleared, pack) == ("security",)
    assert conditions_stand(cleared, "security").state == "released"


def test_what_control_found_wrong_is_neither_amended_away_nor_withdrawn(broker: Actor) -> None:
    officer = an_officer("aigul")
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    control = the_control(declaration)
    began(control, officer)
    finds(control, officer, violation="undervaluation", extent="")
    ending = Ending(security=Decimal("500000.00"))
    cleared = flow.conclude(ours=control, outcome=Outcome.SECURED, actor=officer, now=LATER, ending=ending)
    assert cleared.state == "cleared"
    with pytest.raises(ControlError, match="control found a violation"):
        flow.amend(declaration=cleared, declared=of_two_items(yellow()), reason="x", actor=broker, now=LATER)
    with pytest.raises(ControlError, match="control found a violation"):
        flow.withdraw(declaration=cleared, reason="x", actor=broker, now=LATER)


def test_conditional_release_and_release_pending_an_expert_leave_something_to_settle(broker: Actor) -> None:
    officer = an_officer("aigul")
    for outcome, terms in (
        (Outcome.CONDITIONAL, "for exhibition only"),
        (Outcome.PENDING_EXAMINATION, "what is it made of?"),
    ):
        declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
        conditions_stand(declaration)
        control = the_control(declaration)
        began(control, officer)
        finds(control, officer, extent="")
        ending = Ending(terms=terms)
        flow.conclude(ours=control, outcome=outcome, actor=officer, now=LATER, ending=ending)
        assert Declaration.objects.get(pk=declaration.pk).state == "released"
        owed = Obligation.objects.get(declaration=declaration)
        flow.settle(obligation=owed, kept=True, result="as declared", actor=officer, now=LATER)
        with pytest.raises(ControlError, match="nothing to be settled"):
            flow.settle(obligation=owed, kept=True, result="again", actor=officer, now=LATER)
        assert what_happened(declaration, broker)[-1] == "settled"
    examined = Term.objects.exclude(control=None).values_list("code", "ended_at")
    assert list(examined) == [("expert_examination", LATER)]


def test_red_is_concluded_by_two_and_items_end_each_on_their_own(broker: Actor) -> None:
    officers = an_officer("aigul"), an_officer("askar")
    declaration = flow.submit(declared=of_two_items(a_weapon()), reference="", actor=broker, now=NOON)
    control = the_control(declaration, "physical")
    mine = began(control, *officers)
    [other] = [one for one in officers if one is not mine]
    finds(control, mine, violation="prohibited", item_no=1, extent="partial")
    finds(control, mine, item_no=2, extent="partial")
    some = Ending(items={1: Outcome.SEIZED}, shallower_because="the crate could not be moved")
    with pytest.raises(ControlError, match="say why less was done"):
        flow.conclude(
            ours=control, outcome=Outcome.REFUSED_ITEMS, actor=mine, now=LATER,
            ending=Ending(items={1: Outcome.SEIZED}),
        )  # fmt: skip
    with pytest.raises(ControlError, match="name the items"):
        flow.conclude(ours=control, outcome=Outcome.PASSED, actor=mine, now=LATER, ending=some)
    flow.conclude(ours=control, outcome=Outcome.REFUSED_ITEMS, actor=mine, now=LATER, ending=some)
    flow.confirm(ours=control, agreed=True, reason="", actor=other, now=LATER)
    released = conditions_stand(declaration)
    assert released.state == "released"
    line = timeline_for(released, broker).get(what="release")
    assert line.values == {"outcome": "refused_items", "items": {"1": "seized"}}
    assert Control.objects.get().depth == {
        "ordered": "full", "done": "partial", "reason": "the crate could not be moved",
    }  # fmt: skip


def test_a_preliminary_declaration_waits_for_its_goods_and_is_assessed_anew(broker: Actor) -> None:
    an_officer("aigul")
    awaited = flow.submit(declared=a_weapon(kind="preliminary"), reference="", actor=broker, now=NOON)
    assert (awaited.state, Control.objects.count()) == ("awaited", 0)
    come = conditions_stand(awaited, "presentation")
    assert come.state == "control"
    assert list(Decision.objects.order_by("id").values_list("point", "corridor")) == [
        ("pre_arrival", "red"),
        ("registration", "red"),
    ]
    assert what_happened(come, broker) == ["stored", "registered", "await", "arrive", "order_control"]


def test_what_was_withdrawn_is_refiled_and_inherits(broker: Actor) -> None:
    first = flow.submit(declared=a_weapon(kind="preliminary"), reference="", actor=broker, now=NOON)
    gone = flow.withdraw(declaration=first, reason="not coming", actor=broker, now=LATER)
    assert gone.state == "withdrawn"
    again = flow.submit(declared=a_declaration(), reference="", actor=broker, now=LATER, refiles=gone)
    assert again.state == "control"
    stranger = acting("stranger", Role.DECLARANT, organisation="other")
    with pytest.raises(NotAllowedError, match="another organisation"):
        flow.submit(declared=a_declaration(), reference="", actor=stranger, now=LATER, refiles=gone)


def test_a_released_declaration_is_opened_again_by_two_and_released_anew(broker: Actor) -> None:
    officer, superior = an_officer("aigul"), a_supervisor()
    declaration = conditions_stand(
        flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    )
    asked = redress.propose_reopening(
        declaration=declaration, measures=["price_check"], reason="a tip", actor=officer, now=LATER
    )
    with pytest.raises(NotAllowedError):
        redress.decide_reopening(approval=asked, agreed=True, comment="", actor=officer, now=LATER)
    opened = redress.decide_reopening(approval=asked, agreed=True, comment="go", actor=superior, now=LATER)
    assert (opened.state, opened.ended_at, opened.reopened) == ("control", None, 1)
    control = the_control(opened)
    began(control, officer)
    finds(control, officer, extent="")
    ended = flow.conclude(ours=control, outcome=Outcome.PASSED, actor=officer, now=LATER)
    assert ended.state == "released"
    assert Notice.objects.filter(topic="release").count() == 2


def test_what_was_refused_is_opened_again_and_only_the_new_control_counts(broker: Actor) -> None:
    officer, superior = an_officer("aigul"), a_supervisor()
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    conditions_stand(declaration)
    control = the_control(declaration)
    began(control, officer)
    finds(control, officer, violation="documents", extent="")
    refused = flow.conclude(ours=control, outcome=Outcome.REFUSED, actor=officer, now=LATER)
    assert refused.state == "refused"
    asked = redress.propose_reopening(
        declaration=refused, measures=["document_check"], reason="the licence came", actor=officer, now=LATER
    )
    redress.decide_reopening(approval=asked, agreed=True, comment="yes", actor=superior, now=LATER)
    again = the_control(refused)
    began(again, officer)
    finds(again, officer, extent="")
    assert flow.conclude(ours=again, outcome=Outcome.PASSED, actor=officer, now=LATER).state == "released"


def test_a_contested_finding_is_suspended_then_annulled_by_another_and_unlearned(broker: Actor) -> None:
    officer, superior = an_officer("aigul"), a_supervisor()
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    conditions_stand(declaration)
    control = the_control(declaration)
    began(control, officer)
    finds(control, officer, violation="origin", extent="", origin_country="VN")
    flow.conclude(ours=control, outcome=Outcome.CORRECTED, actor=officer, now=LATER)
    [found] = findings_told(declaration)
    appeal = redress.contest(finding=found, reason="it is Chinese", actor=broker, now=LATER)
    with pytest.raises(ControlError, match="cannot be contested"):
        redress.contest(finding=found, reason="again", actor=broker, now=LATER)
    with pytest.raises(NotAllowedError):
        redress.decide_appeal(
            appeal=appeal, verdict="annulled", comment="no", assessed=None, actor=officer, now=LATER
        )
    next_day = LATER + timedelta(days=1)
    redress.decide_appeal(
        appeal=appeal, verdict="annulled", comment="proved", assessed=None, actor=superior, now=next_day
    )
    rows = Finding.objects.select_related("control__declaration", "control__decision", "officer").order_by(
        "id"
    )
    told = findings_table(rows).to_pylist()
    first, second, third = (row["finding_id"] for row in told)
    assert [(r["finality"], r["violation"], r["supersedes"], r["known_at"]) for r in told] == [
        ("final", True, None, LATER),
        ("provisional", True, first, LATER),
        ("annulled", False, second, next_day),
    ]
    assert third != first
    assert what_happened(declaration, broker)[-2:] == ["appeal", "appeal"]
    seal()
    assert verify(now=next_day).problems == ()
