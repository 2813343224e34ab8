"""Rates down a hierarchy: cases by hand, evidence that fades and is taken back, places without a name."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils.estimator_checks import (
    check_estimator,
    check_get_params_invariance,
    check_no_attributes_set_in_init,
    check_parameters_default_constructible,
    check_set_params,
)

from daliz.engine.estimators.hierarchy import HierarchicalRate


def shoes(**other: float | None) -> HierarchicalRate:
    return HierarchicalRate(("hs2", "hs4"), strength=4.0, prior_rate=0.25, **other)


def places(*rows: list[str | None]) -> NDArray[np.object_]:
    return np.array(rows, dtype=object)


def test_each_level_leans_on_the_one_above() -> None:
    rate = shoes().fit([["64", "6403"], ["64", "6403"], ["64", "6404"], ["01", "0101"]], [1, 1, 0, 0])
    # the whole: (2 + 4 x 1/4) / (4 + 4) = 3/8; chapter 64: (2 + 4 x 3/8) / (3 + 4) = 1/2
    # 6403: (2 + 4 x 1/2) / (2 + 4) = 2/3; 6404: (0 + 2) / (1 + 4) = 2/5; chapter 01: (3/2) / (1 + 4) = 3/10
    rates, tried = rate.levels_of([["64", "6403"], ["64", "6404"], ["64", "6405"], ["01", "0101"]])
    assert rates[0, :, 0] == pytest.approx([3 / 8, 1 / 2, 2 / 3])
    assert rates[1, :, 0] == pytest.approx([3 / 8, 1 / 2, 2 / 5])
    assert rates[2, :, 0] == pytest.approx([3 / 8, 1 / 2, 1 / 2])
    assert rates[3, :, 0] == pytest.approx([3 / 8, 3 / 10, (0 + 4 * 3 / 10) / 5])
    assert tried[:, :, 0].tolist() == [[4, 3, 2], [4, 3, 1], [4, 3, 0], [4, 1, 1]]


def test_nothing_learned_is_the_prior() -> None:
    rate = shoes().fit(np.empty((0, 2), object), np.empty(0))
    assert rate.predict(places(["64", "6403"], [None, None])).tolist() == [0.25, 0.25]


def test_a_place_without_a_name_leans_on_the_level_above_and_lends_to_nothing_below() -> None:
    rate = shoes().fit(places(["64", None], ["64", None], [None, "6403"]), [1, 1, 1])
    # the whole: (3 + 1) / (3 + 4) = 4/7; chapter 64: (2 + 4 x 4/7) / (2 + 4) = 5/7; no chapter: the whole
    assert rate.predict(places(["64", "6403"], ["64", None], [None, "6403"])) == pytest.approx(
        [5 / 7, 5 / 7, 4 / 7]
    )


def test_the_same_code_under_another_trader_is_another_place() -> None:
    rate = HierarchicalRate(("trader", "heading"), strength=4.0).fit([["A", "6403"]] * 8, [1] * 8)
    assert rate.levels_of([["B", "6403"]])[1][0, :, 0].tolist() == [8, 0, 0]


def test_evidence_halves_with_each_half_life() -> None:
    rate = shoes(half_life_days=10.0).fit([["64", "6403"]] * 4, [1, 1, 1, 1], days=[0, 0, 10, 10])
    rates, tried = rate.levels_of([["64", "6403"]], day=10.0)
    assert tried[0, :, 0] == pytest.approx([3.0, 3.0, 3.0])
    assert rates[0, 0, 0] == pytest.approx((3 + 1) / (3 + 4))
    assert rate.levels_of([["64", "6403"]], day=30.0)[1][0, :, 0] == pytest.approx([0.75, 0.75, 0.75])


@pytest.mark.parametrize("first", [0, 20_000, 200_000])
def test_what_day_is_called_the_first_does_not_matter_however_short_evidence_lives(first: int) -> None:
    rate = shoes(half_life_days=5.0)
    rate.fit([["64", "6403"]] * 2, [1, 1], days=[first, first])
    assert rate.predict([["64", "6403"]], day=first + 5)[0] == pytest.approx(
        # one control's worth: 2/5, then (1 + 8/5) / 5 = 13/25, then (1 + 52/25) / 5
        (1 + 4 * 13 / 25) / 5
    )


def test_years_of_days_do_not_run_out_of_numbers() -> None:
    rate = shoes(half_life_days=1.0).fit([["64", "6403"]], [1], days=[0])
    for day in (400, 800, 1200, 1600, 2000):
        rate.partial_fit([["64", "6403"]], [0], days=[day])
    rates, tried = rate.levels_of([["64", "6403"]], day=2000.0)
    assert tried[0, :, 0] == pytest.approx([1, 1, 1])
    assert rates[0, 0, 0] == pytest.approx(1 / 5)


def test_a_negative_weight_on_the_same_day_unlearns() -> None:
    asked = [["64", "6403"], ["64", "6404"], ["01", "0101"]]
    rate = shoes(half_life_days=30.0).fit(asked, [1, 0, 1], days=[0, 3, 5])
    before = rate.predict(asked, day=9.0)
    rate.partial_fit([["64", "6403"]] * 3, [1, 1, 0.5], days=[6, 7, 8])
    assert rate.predict(asked, day=9.0)[0] > before[0] + 0.05
    rate.partial_fit([["64", "6403"]] * 3, [1, 1, 0.5], [-1, -1, -1], days=[6, 7, 8])
    assert rate.predict(asked, day=9.0) == pytest.approx(before, abs=1e-12)


def test_taking_back_more_than_was_learned_stays_within_0_and_1() -> None:
    rate = shoes().fit([["64", "6403"]], [1]).partial_fit([["64", "6403"]] * 3, [1, 1, 1], [-1, -1, -1])
    assert rate.predict([["64", "6403"]]).tolist() == [0.25]


def test_outcomes_that_were_not_tried_teach_nothing_of_themselves() -> None:
    rate = shoes().fit([["64", "6403"]] * 2, [[1, np.nan], [0, np.nan]])
    rates, tried = rate.levels_of([["64", "6403"]])
    assert tried[0].tolist() == [[2, 0], [2, 0], [2, 0]]
    assert rates[0, 0] == pytest.approx([(1 + 1) / 6, 0.25])
    assert rates[0, 2, 1] == 0.25
    assert rate.predict([["64", "6403"]]).shape == (1, 2)


def test_the_interval_holds_the_rate_and_narrows_with_evidence() -> None:
    rate = shoes().fit([["64", "6403"]] * 400 + [["64", "6404"]], [1, 0, 0, 0] * 100 + [0])
    low, high = rate.predict_interval([["64", "6403"], ["64", "6404"]])
    mean = rate.predict([["64", "6403"], ["64", "6404"]])
    assert (low < mean).all()
    assert (mean < high).all()
    assert high[0] - low[0] == pytest.approx(0.071, abs=0.002)  # 2 x 1.645 x sqrt(0.25 x 0.75 / 404)
    assert high[1] - low[1] > 0.4


def test_learning_at_once_and_in_parts_is_the_same_to_the_last_bit() -> None:
    chance = np.random.default_rng(1)
    rows = [[f"{n:02}", f"{n:02}{m:02}"] for n, m in chance.integers(0, 9, (300, 2)).tolist()]
    found, days = chance.integers(0, 2, 300), np.sort(chance.integers(0, 90, 300))
    whole = shoes(half_life_days=40.0).fit(rows[:1], found[:1], days=days[:1])
    whole.partial_fit(rows[1:], found[1:], days=days[1:])
    parts = shoes(half_life_days=40.0)
    for row in range(300):
        parts.partial_fit(rows[row : row + 1], found[row : row + 1], days=days[row : row + 1])
    assert whole.levels_of(rows, day=99.0)[0].tobytes() == parts.levels_of(rows, day=99.0)[0].tobytes()


def test_fitting_anew_forgets() -> None:
    rate = shoes().fit([["64", "6403"]] * 9, [1] * 9)
    assert rate.fit([["01", "0101"]], [0]).predict([["64", "6403"]]) == pytest.approx([1 / 5])


def test_rows_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="names 2 levels a row"):
        shoes().fit([["64"]], [1])


def test_it_is_cloned_as_scikit_learn_clones() -> None:
    rate = shoes(half_life_days=30.0).fit([["64", "6403"]], [1])
    copy = clone(rate)
    assert copy.get_params() == {
        "levels": ("hs2", "hs4"), "strength": 4.0, "half_life_days": 30.0, "prior_rate": 0.25
    }  # fmt: skip
    assert not hasattr(copy, "n_outputs_")
    assert copy.set_params(strength=9.0).strength == 9.0
    with pytest.raises(ValueError, match="no argument 'depth'"):
        rate.set_params(depth=3)


def test_the_checks_of_arguments_apply_and_those_that_feed_tables_of_numbers_do_not() -> None:
    """A row names places, one for each declared level; the other checks feed numbers in any count of columns.

    They also want an error where a value is missing, which here is a place without a name, and a score and
    tags from ``BaseEstimator``, which would have the engine import scikit-learn where it decides.
    """
    for check in (check_get_params_invariance, check_no_attributes_set_in_init, check_set_params):
        check("HierarchicalRate", HierarchicalRate())
    check_parameters_default_constructible("HierarchicalRate", HierarchicalRate())
    with pytest.raises(Exception, match=r"sklearn_tags|levels a row"):
        check_estimator(HierarchicalRate())
