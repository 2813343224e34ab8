"""The level of compliance from the random share, stratum by stratum."""

from dataclasses import replace

import pytest

from daliz.engine.effect import Compliance, Verdict, measure
from daliz.engine.estimators.intervals import wilson
from daliz.engine.pack import EffectPolicy, load_pack
from tests.engine.effect.cast import Row, a_decision, a_finding, a_ledger, a_violation, an_order, drawn

Parts = tuple[list[Row], list[Row], list[Row]]


def a_stratum(name: str, *, size: int, opened: int, wrong: int) -> Parts:
    """A stratum of ``size`` declarations of which chance opened some and found some wrong."""
    numbers = [f"{name}{n}" for n in range(size)]
    taken = [drawn(number, chance=opened / size, stratum=name, direction=name) for number in numbers[:opened]]
    decisions = [decision for decision, _ in taken]
    decisions += [
        a_decision(number, chance=opened / size, stratum=name, direction=name) for number in numbers[opened:]
    ]
    findings = [a_violation(number) for number in numbers[:wrong]]
    findings += [a_finding(number) for number in numbers[wrong:opened]]
    return decisions, [order for _, order in taken], findings


def together(*strata: Parts) -> Parts:
    decisions, orders, findings = (
        [row for part in parts for row in part] for parts in zip(*strata, strict=True)
    )
    return decisions, orders, findings


def level(*strata: Parts) -> Compliance:
    return measure(a_ledger(*together(*strata))).compliance


def test_strata_count_by_their_size() -> None:
    found = level(
        a_stratum("import", size=300, opened=30, wrong=6), a_stratum("export", size=100, opened=10, wrong=0)
    )
    assert found.level.rate == pytest.approx(1 - (0.75 * 6 / 30 + 0.25 * 0))
    assert found.variance == pytest.approx(0.75**2 * 0.2 * 0.8 / 29 * 0.9)
    assert [(one.code, one.known, one.found) for one in found.strata] == [
        ("import", 30, 6),
        ("export", 10, 0),
    ]
    assert 0.73 < found.level.low < 0.74
    assert 0.91 < found.level.high < 0.92


def test_small_counts_keep_an_honest_interval() -> None:
    found = level(a_stratum("import", size=1000, opened=10, wrong=0))
    assert (found.level.rate, found.level.high) == (1.0, 1.0)
    assert found.level.low == pytest.approx(1 - wilson(0, 10, level=0.9).high, abs=0.005)


def test_a_stratum_without_a_draw_is_named_and_never_filled() -> None:
    found = level(
        a_stratum("import", size=100, opened=20, wrong=2), a_stratum("transit", size=100, opened=0, wrong=0)
    )
    assert [one.code for one in found.not_estimable] == ["transit"]
    assert found.level.rate == pytest.approx(0.9)
    assert (found.covered, found.declarations) == (100, 200)
    assert found.bounds[0] == pytest.approx(found.level.low / 2)
    assert found.bounds[1] == pytest.approx(found.level.high / 2 + 0.5)


def test_declarations_outside_all_strata_are_not_estimable() -> None:
    inside = a_stratum("import", size=10, opened=5, wrong=0)
    outside: Parts = ([a_decision("X", chance=0.0, stratum=None, direction="passenger")], [], [])
    found = level(inside, outside)
    assert [one.code for one in found.not_estimable] == [None]


def test_whoever_is_opened_certainly_still_counts_once_in_the_sample_of_chance() -> None:
    # A targeted declaration has propensity 1; its chance of the draw is that of its neighbours.
    decisions, orders, findings = a_stratum("import", size=90, opened=9, wrong=0)
    aimed, ordered = drawn("T", chance=1.0)
    more = [a_decision(f"T{n}", chance=1.0) for n in range(9)]
    found = level(
        (
            [*decisions, aimed, *more],
            [*orders, ordered, an_order("T", "P"), *(an_order(f"T{n}", "P") for n in range(9))],
            [*findings, a_violation("T"), *(a_violation(f"T{n}") for n in range(9))],
        )
    )
    assert found.strata[0].known == 10
    assert found.level.rate == pytest.approx(0.9)


def test_a_draw_of_a_day_with_less_time_stands_for_more() -> None:
    busy = [drawn(f"B{n}", chance=0.1, day=1) for n in range(2)]
    calm = [drawn(f"C{n}", chance=0.5) for n in range(10)]
    rest = [a_decision(f"R{n}", chance=0.1, day=1) for n in range(18)]
    rest += [a_decision(f"Q{n}", chance=0.5) for n in range(10)]
    found = level(
        (
            [*(decision for decision, _ in busy + calm), *rest],
            [order for _, order in busy + calm],
            [a_violation("B0"), a_finding("B1"), *(a_finding(f"C{n}") for n in range(10))],
        )
    )
    assert found.level.rate == pytest.approx(1 - 10 / (2 * 10 + 10 * 2))
    assert found.strata[0].shares == (0.1, 0.5)


def test_sensitivity_is_corrected_for_only_where_the_pack_states_it() -> None:
    pack = load_pack("kz")
    stated = replace(pack, policy=replace(pack.policy, effect=EffectPolicy(sensitivity=0.8)))
    rows = a_stratum("import", size=200, opened=40, wrong=4)
    plain = measure(a_ledger(*rows, pack=pack)).compliance
    corrected = measure(a_ledger(*rows, pack=stated)).compliance
    assert plain.level.rate == pytest.approx(0.9)
    assert corrected.level.rate == pytest.approx(1 - 0.1 / 0.8)
    assert corrected.level.low < plain.level.low
    assert corrected.verdict is Verdict.NO_TOLERANCE


def test_the_verdict_says_only_what_the_whole_interval_says() -> None:
    assert level(a_stratum("import", size=900, opened=300, wrong=0)).verdict is Verdict.ABOVE
    assert level(a_stratum("import", size=900, opened=300, wrong=15)).verdict is Verdict.WITHIN
    assert level(a_stratum("import", size=900, opened=300, wrong=28)).verdict is Verdict.OPEN
    assert level(a_stratum("import", size=900, opened=300, wrong=60)).verdict is Verdict.BELOW


def test_the_gap_counts_each_find_for_those_it_stands_for_and_reckons_with_the_largest() -> None:
    rows = a_stratum("import", size=100, opened=10, wrong=1)
    effect = measure(a_ledger(*rows))
    assert effect.gap.gap.value == pytest.approx(10_000)
    assert effect.gap.gap.low == pytest.approx(1000)  # what was surely found
    aimed = [a_decision("T", chance=1.0)], [an_order("T", "P")], [a_violation("T", assessed="50000.00")]
    wider = measure(a_ledger(*together(rows, aimed))).gap
    assert wider.gap.high > 3 * effect.gap.gap.high
    assert wider.largest == 50_000


def test_the_gap_of_a_stratum_without_a_draw_is_not_estimable() -> None:
    rows = together(
        a_stratum("import", size=10, opened=5, wrong=1), a_stratum("transit", size=10, opened=0, wrong=0)
    )
    effect = measure(a_ledger(*rows))
    assert [(one.code, one.gap.value is None) for one in effect.gaps] == [
        ("import", False),
        ("transit", True),
    ]
