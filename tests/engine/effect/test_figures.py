"""Hit rate, yield, false alarms and harm, over all and by part."""

from datetime import timedelta
from decimal import Decimal

import pytest

from daliz.engine.effect import EffectError, measure
from tests.engine.effect.cast import START, a_decision, a_finding, a_ledger, a_violation, an_order, drawn


def test_hits_money_and_hours_are_those_of_controls_with_a_known_result() -> None:
    ledger = a_ledger(
        [a_decision(n) for n in ("A", "B", "C", "D")],
        [an_order("A", "P"), an_order("B", "P", "documents"), an_order("C", "P")],
        [a_violation("A", assessed="3000.00"), a_finding("B", "documents", minutes=30.0)],
    )
    whole = measure(ledger).whole
    assert (whole.declarations, whole.hits.controls, whole.hits.found, whole.waiting) == (4, 2, 1, 1)
    assert (whole.assessed, whole.collected, whole.minutes) == (Decimal(3000), Decimal(1500), 90.0)
    assert whole.assessed_per_hour.value == pytest.approx(2000)
    assert whole.collected_per_hour.value == pytest.approx(1000)
    assert (whole.false_alarms.found, whole.false_alarms.interval.rate) == (1, 0.5)


def test_an_annulled_finding_is_no_hit_but_its_time_was_spent() -> None:
    first = a_violation("A", finality="provisional", minutes=80.0)
    annulled = a_finding("A", finding_id="A/2", supersedes="A/physical", finality="annulled", minutes=0.0)
    whole = measure(a_ledger([a_decision("A")], [an_order("A", "P")], [first, annulled])).whole
    assert (whole.hits.controls, whole.hits.found, whole.annulled) == (1, 0, 1)
    assert (whole.assessed, whole.minutes) == (Decimal(0), 80.0)


def test_a_correction_that_repeats_the_minutes_does_not_count_them_twice() -> None:
    first = a_violation("A", finality="provisional", minutes=80.0)
    settled = a_violation("A", finding_id="A/2", supersedes="A/physical", minutes=80.0, assessed="700.00")
    whole = measure(a_ledger([a_decision("A")], [an_order("A", "P")], [first, settled])).whole
    assert (whole.minutes, whole.assessed, whole.provisional) == (80.0, Decimal(700), 0)


def test_what_was_known_later_or_without_control_does_not_count() -> None:
    findings = [
        a_violation("A"),
        a_violation("B", source="voluntary"),
        a_violation("C", known_at=START + timedelta(days=9)),
        a_violation("D", "documents"),
    ]
    orders = [an_order(number, "P") for number in ("A", "B", "C", "D")]
    ledger = a_ledger([a_decision(n) for n in "ABCD"], orders, findings, before=START + timedelta(days=8))
    whole = measure(ledger).whole
    assert (whole.hits.controls, whole.hits.found, whole.waiting) == (1, 1, 3)


def test_harm_follows_the_type_of_violation_and_the_unknown_is_counted() -> None:
    ledger = a_ledger(
        [a_decision("A"), a_decision("B")],
        [an_order("A", "P"), an_order("B", "P")],
        [a_violation("A", violation_type="prohibited"), a_violation("B", violation_type="of another kind")],
    )
    whole = measure(ledger).whole
    assert whole.harm.value == 40
    assert whole.harm_unknown == 1


def test_harm_of_wrong_papers_depends_on_the_goods() -> None:
    papers = {"violation_type": "documents"}
    stated = {"version": 1, "registered_at": START, "direction": "import"}
    goods = [("A", 1, "6109100000"), ("A", 2, "0207141000"), ("B", 1, "6109100000"), ("B", 2, "0207141000")]
    ledger = a_ledger(
        [a_decision("A"), a_decision("B"), a_decision("C")],
        [an_order("A", "P"), an_order("B", "P"), an_order("C", "P")],
        [a_violation("A", item_no=1, **papers), a_violation("B", **papers), a_violation("C", **papers)],
        declarations=[
            dict(zip(("declaration_id", "item_no", "hs_code"), one, strict=True)) | stated for one in goods
        ],
    )
    assert measure(ledger).whole.harm.value == 1 + 25 + 1


def test_targeted_is_compared_with_random_in_the_revealing_form() -> None:
    chance = [drawn(f"R{n}") for n in range(10)]
    ledger = a_ledger(
        [a_decision("T1", chance=1.0), a_decision("T2", chance=1.0), *(decision for decision, _ in chance)],
        [an_order("T1", "P"), an_order("T2", "P"), *(order for _, order in chance)],
        [a_violation("T1"), a_finding("T2"), a_violation("R0"), *(a_finding(f"R{n}") for n in range(1, 10))],
    )
    whole = measure(ledger).whole
    assert (whole.targeted.found, whole.targeted.controls) == (1, 2)
    assert (whole.random.found, whole.random.controls) == (1, 10)
    assert whole.lift.rate == pytest.approx(5.0)
    assert 0 < whole.lift.low < 5 < whole.lift.high


def test_parts_add_up_to_the_whole() -> None:
    ledger = a_ledger(
        [
            a_decision("A"), a_decision("B", day=2, office=None),
            a_decision("C", direction="export", stratum="export"),
        ],
        [an_order("A", "P"), an_order("A", "P", "documents"), an_order("B", "P")],
        [a_violation("A"), a_finding("A", "documents"), a_violation("B")],
    )  # fmt: skip
    parts = measure(ledger).parts
    found = {
        by: {one.key: (one.declarations, one.hits.found) for one in these} for by, these in parts.items()
    }
    assert found["form"] == {"documents": (3, 0), "physical": (3, 2)}
    assert found["month"] == {"2026-03": (2, 1), "2026-04": (1, 1)}
    assert found["office"] == {"51501": (2, 1), None: (1, 1)}
    assert found["direction"] == {"import": (2, 2), "export": (1, 0)}


def test_a_declaration_with_two_versions_counts_once_by_its_last() -> None:
    first = a_decision("A", office="51501")
    amended = a_decision("A", day=1, version=2, office="51901")
    orders = [an_order("A", "P"), an_order("A", "P", version=2, capacity="inherited")]
    effect = measure(a_ledger([first, amended], orders, [a_violation("A")]))
    assert (effect.whole.declarations, effect.whole.hits.found) == (1, 1)
    assert [one.key for one in effect.parts["office"]] == ["51901"]


def test_a_version_decided_twice_is_refused() -> None:
    with pytest.raises(EffectError, match="decided more than once, A for one"):
        a_ledger([a_decision("A"), a_decision("A")], [], [])


def test_nothing_decided_gives_nothing_known() -> None:
    effect = measure(a_ledger([], [], []))
    assert effect.first_day is None
    assert effect.whole.hits.interval.rate is None
    assert effect.compliance.level.rate is None
    assert effect.profiles == ()
