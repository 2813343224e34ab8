"""The best use of one day's officers, against the assignment that SciPy finds by another way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from daliz.engine.allocation.assignment import Assignment, assign

Floats = NDArray[np.float64]


def counted(
    gain: list[list[float]], capacity: list[float], *, non_fiscal: list[int] | None = None, floor: float = 0.0
) -> Assignment:
    gains = np.array(gain)
    flags = np.zeros(gains.shape, dtype=np.bool_)
    flags[non_fiscal or []] = True
    return assign(
        gains,
        np.ones(gains.shape),
        np.array(capacity),
        non_fiscal=flags,
        floor=floor * np.array(capacity),
    )


def best_value(gain: Floats, capacity: list[int]) -> float:
    """Return the greatest gain by the Hungarian method: a column for each officer, and one for none."""
    officers = [np.repeat(gain[:, [form]], count, axis=1) for form, count in enumerate(capacity)]
    table = np.concatenate([*officers, np.zeros((len(gain), len(gain)))], axis=1)
    return float(table[linear_sum_assignment(table, maximize=True)].sum())


def test_each_declaration_gets_the_form_in_which_its_control_brings_most_to_the_day() -> None:
    day = counted([[9.0, 10.0], [1.0, 8.0], [2.0, 3.0]], [1.0, 1.0])
    assert day.form.tolist() == [0, 1, -1]
    assert day.value == 17.0
    assert day.bound == pytest.approx(17.0)
    assert day.gap == pytest.approx(0.0, abs=1e-9)


def test_the_price_is_what_one_more_control_would_bring_and_not_what_the_last_one_brought() -> None:
    day = counted([[10.0], [5.0], [2.0]], [1.0])
    assert day.price.tolist() == pytest.approx([5.0])


def test_a_form_without_officers_has_the_price_of_the_first_one() -> None:
    day = counted([[4.0, 9.0], [3.0, 5.0]], [1.0, 0.0])
    assert day.form.tolist() == [0, -1]
    assert day.price.tolist() == pytest.approx([3.0, 8.0])


def test_time_that_nobody_needs_has_no_price() -> None:
    day = counted([[10.0], [0.0], [-1.0]], [3.0])
    assert day.form.tolist() == [0, -1, -1]
    assert day.price.tolist() == [0.0]


def test_an_unknown_gain_is_never_chosen() -> None:
    assert counted([[float("nan"), 1.0], [float("nan"), float("nan")]], [2.0, 2.0]).form.tolist() == [1, -1]


def test_a_day_without_declarations_brings_nothing() -> None:
    day = assign(np.empty((0, 2)), np.empty((0, 2)), np.array([3.0, 1.0]))
    assert (day.value, day.bound, day.gap) == (0.0, 0.0, 0.0)


def test_a_floor_is_kept_for_damage_that_is_not_to_revenue_and_has_a_price() -> None:
    day = counted([[100.0], [90.0], [0.1], [0.05]], [2.0], non_fiscal=[2, 3], floor=0.5)
    assert day.form.tolist() == [0, -1, 0, -1]
    assert day.price.tolist() == pytest.approx([90.0])
    assert day.floor_price.tolist() == pytest.approx([89.9])


def test_a_floor_that_nobody_can_fill_goes_to_the_rest() -> None:
    assert counted([[3.0], [2.0]], [2.0], floor=1.0).form.tolist() == [0, 0]


def test_floors_of_two_forms_share_the_declarations_that_can_fill_them() -> None:
    day = counted([[1.0, 2.0], [9.0, 9.0], [8.0, 8.0]], [1.0, 1.0], non_fiscal=[0], floor=1.0)
    assert day.form[0] in {0, 1}
    assert day.value == 11.0


def test_minutes_are_not_exceeded_and_the_gap_is_told() -> None:
    day = assign(np.array([[10.0], [9.0], [1.0]]), np.array([[6.0], [5.0], [2.0]]), np.array([9.0]))
    assert day.form.tolist() == [-1, 0, 0]
    assert day.bound == pytest.approx(9.0 + 10.0 * 4 / 6)
    assert day.gap == pytest.approx(1 - 10.0 / (9.0 + 10.0 * 4 / 6))


gains = st.lists(
    st.lists(st.one_of(st.integers(0, 5), st.floats(0.0, 1e6)), min_size=3, max_size=3), min_size=1
)


@given(gains, st.lists(st.integers(0, 6), min_size=3, max_size=3), st.integers(0, 2))
@settings(deadline=None)
def test_counted_controls_are_assigned_exactly_and_priced_at_what_one_more_brings(
    gain: list[list[float]], capacity: list[int], form: int
) -> None:
    day = counted(gain, [float(count) for count in capacity])
    table = np.array(gain, dtype=np.float64)
    close = 1e-6 * max(1.0, float(table.max()))
    best = best_value(table, capacity)
    one_more = [count + (k == form) for k, count in enumerate(capacity)]
    assert day.value == pytest.approx(best, abs=close)
    assert day.bound == pytest.approx(best, abs=close)
    assert day.price[form] == pytest.approx(best_value(table, one_more) - best, abs=close)


@given(gains, st.lists(st.floats(0, 300), min_size=3, max_size=3), st.floats(0, 1))
@settings(deadline=None)
def test_capacity_holds_and_the_bound_is_above_the_value_whatever_the_minutes(
    gain: list[list[float]], capacity: list[float], floor: float
) -> None:
    table = np.array(gain, dtype=np.float64)
    rng = np.random.default_rng(len(gain))
    cost, few = rng.uniform(5, 120, table.shape), rng.random(table.shape) < 0.3
    day = assign(table, cost, np.array(capacity), non_fiscal=few, floor=floor * np.array(capacity))
    for form, minutes in enumerate(capacity):
        assert cost[day.form == form, form].sum() <= minutes + 1e-6
    assert day.value <= day.bound + 1e-6 * max(1.0, day.bound)
