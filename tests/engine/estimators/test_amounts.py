"""Intervals of sums of rare finds."""

import numpy as np
import pytest

from daliz.engine.estimators.amounts import amount


def test_counts_have_the_exact_interval_of_garwood() -> None:
    # Published 95 % limits of a Poisson mean.
    for count, low, high in ((0, 0.0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (20, 12.217, 30.888)):
        found = amount(count, count, 1.0, level=0.95)
        assert found.low == pytest.approx(low, abs=0.001)
        assert found.high == pytest.approx(high, abs=0.001)


def test_the_interval_holds_for_finds_of_very_unequal_size() -> None:
    chance = np.random.default_rng(20)
    sizes = np.round(chance.lognormal(12, 1.5, 400), 2)  # of all the violations there are
    truth, held = float(sizes.sum()), 0
    for _ in range(300):
        seen = sizes[chance.random(400) < 0.05] * 20
        found = amount(float(seen.sum()), float((seen**2).sum()), float(sizes.max()) * 20, level=0.9)
        held += found.low <= truth <= found.high
    assert held >= 270


def test_the_more_that_must_be_reckoned_with_the_wider_is_the_upper_end_alone() -> None:
    near, far = (amount(10.0, 20.0, largest, level=0.9) for largest in (3.0, 30.0))
    assert near.low == far.low
    assert far.high > 2 * near.high


def test_where_nothing_was_ever_found_there_is_no_upper_end() -> None:
    found = amount(0.0, 0.0, 0.0, level=0.9)
    assert (found.value, found.low, found.high) == (0.0, 0.0, np.inf)
