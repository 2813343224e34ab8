"""What each profile brought, and what would be lost without it."""

from decimal import Decimal

import pytest

from daliz.engine.effect import ProfileEffect, measure
from tests.engine.effect.cast import Row, a_decision, a_finding, a_ledger, a_violation, an_order, drawn


def profiles(decisions: list[Row], orders: list[Row], findings: list[Row]) -> dict[str, ProfileEffect]:
    return {one.profile_id: one for one in measure(a_ledger(decisions, orders, findings)).profiles}


def test_a_find_is_shared_by_those_who_ordered_it_and_lost_without_the_only_one() -> None:
    found = profiles(
        [a_decision(n, chance=1.0) for n in ("A", "B", "C")],
        [an_order("A", "P"), an_order("B", "P"), an_order("B", "Q"), an_order("C", "Q")],
        [a_violation("A", assessed="100.00"), a_violation("B", assessed="900.00"), a_finding("C")],
    )
    p, q = found["P"], found["Q"]
    assert (p.hits.found, p.hits.controls, q.hits.found, q.hits.controls) == (2, 2, 1, 2)
    assert (p.marginal.value, q.marginal.value) == (1, 0)
    assert (p.shared.value, q.shared.value) == (1.5, 0.5)
    assert (p.assessed, p.alone_assessed, q.alone_assessed) == (Decimal(1000), Decimal(100), Decimal(0))
    assert (p.shared_assessed.value, q.shared_assessed.value) == (550, 450)


def test_a_find_that_chance_drew_too_is_not_lost_without_the_profile() -> None:
    decision, order = drawn("A", chance=1.0)
    found = profiles([decision], [order, an_order("A", "P")], [a_violation("A")])
    assert found["P"].marginal.value == 0
    assert found["RANDOM"].shared.value == 0.5


def test_a_profile_of_another_form_has_no_part_in_a_find() -> None:
    found = profiles(
        [a_decision("A", chance=1.0)],
        [an_order("A", "P"), an_order("A", "Q", "post_release")],
        [a_violation("A")],
    )
    assert found["P"].marginal.value == 1
    assert (found["Q"].hits.controls, found["Q"].waiting) == (0, 1)


def test_precision_speaks_of_all_on_which_it_fired_controlled_or_not() -> None:
    # Ten certain, five in violation; a hundred without officer time, of which chance opened ten, all clean.
    sure = [f"S{n}" for n in range(10)]
    late = [f"L{n}" for n in range(100)]
    taken = [drawn(name, chance=0.1) for name in late[:10]]
    found = profiles(
        [
            *(a_decision(name, chance=1.0) for name in sure),
            *(decision for decision, _ in taken),
            *(a_decision(name, chance=0.1) for name in late[10:]),
        ],
        [
            *(an_order(name, "P") for name in sure),
            *(order for _, order in taken),
            *(an_order(name, "P", status="waived") for name in late),
        ],
        [
            *(a_violation(name) for name in sure[:5]),
            *(a_finding(name) for name in (*sure[5:], *late[:10])),
        ],
    )
    p = found["P"]
    assert (p.fired, p.covers, p.hits.controls) == (110, 110, 10)
    assert p.hits.interval.rate == 0.5
    assert p.precision.interval.rate == pytest.approx(5 / 110)
