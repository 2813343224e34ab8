"""Hit rates: little evidence stays near its direction, much evidence speaks for itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daliz.engine.estimators import Rates, hit_rates, loss_shares


def rates(found: list[float], controlled: list[float], direction: list[int] | None = None) -> Rates:
    of = np.array(direction or [0] * len(found), dtype=np.int64)
    directions = int(of.max()) + 1
    return hit_rates(
        found=np.array(found),
        controlled=np.array(controlled),
        direction=of,
        direction_prior=np.full(directions, 0.1),
        prior_weight=np.full(directions, 20.0),
    )


def test_a_profile_never_controlled_has_its_directions_rate() -> None:
    assert rates([0.0], [0.0]).mean[0] == pytest.approx(0.1)


def test_a_profile_controlled_often_has_nearly_its_own_rate() -> None:
    assert rates([800.0, 10.0], [2000.0, 1000.0]).mean[0] == pytest.approx(0.4, abs=0.005)


def test_a_lucky_hit_is_pulled_back_to_the_direction() -> None:
    lucky = rates([1.0, 100.0], [1.0, 1000.0])
    assert 0.1 < lucky.mean[0] < 0.4


def test_directions_do_not_borrow_from_each_other() -> None:
    apart = rates([0.0, 500.0], [0.0, 1000.0], [0, 1])
    assert apart.mean[0] == pytest.approx(0.1)
    assert apart.mean[1] == pytest.approx(0.5, abs=0.01)


def test_profiles_that_agree_are_pulled_together_harder_than_profiles_that_differ() -> None:
    alike = rates([20.0, 20.0, 20.0], [100.0, 100.0, 100.0])
    unlike = rates([1.0, 20.0, 60.0], [100.0, 100.0, 100.0])
    assert alike.strength > unlike.strength


def test_more_controls_narrow_the_interval() -> None:
    few, many = rates([2.0], [10.0]), rates([200.0], [1000.0])
    assert many.high[0] - many.low[0] < few.high[0] - few.low[0]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=6))
def test_a_rate_is_a_probability_inside_its_interval(counts: list[tuple[int, int]]) -> None:
    found = [float(min(pair)) for pair in counts]
    got = rates(found, [float(max(pair)) for pair in counts])
    assert (got.low > 0).all()
    assert (got.low <= got.mean).all()
    assert (got.mean <= got.high).all()
    assert (got.high < 1).all()


def test_a_loss_without_violations_is_the_priors() -> None:
    share = loss_shares(
        assessed=np.array([0.0]),
        value=np.array([0.0]),
        direction=np.array([0]),
        direction_prior=np.array([0.25]),
        prior_value=1000.0,
    )
    assert share[0] == pytest.approx(0.25)


def test_a_loss_often_seen_is_what_was_seen() -> None:
    share = loss_shares(
        assessed=np.array([60_000.0]),
        value=np.array([100_000.0]),
        direction=np.array([0]),
        direction_prior=np.array([0.1]),
        prior_value=100.0,
    )
    assert share[0] == pytest.approx(0.6, abs=0.01)
