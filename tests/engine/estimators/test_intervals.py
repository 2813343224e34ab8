"""Intervals: what they are at the edges, and that they hold as often as they say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from daliz.engine.estimators.intervals import NOTHING_KNOWN, Cell, combined, ratio, sampled, weighted, wilson

CERTAIN = 0.9995


def cells(propensity: NDArray[np.float64], hit: NDArray[np.bool_], drawn: NDArray[np.bool_]) -> list[Cell]:
    """What is seen of a population when ``drawn`` were controlled."""
    found = []
    for part in (propensity >= CERTAIN, propensity < CERTAIN):
        seen = part & drawn
        weight, hits = 1 / propensity[seen], hit[seen]
        found.append(
            Cell(
                size=int(part.sum()),
                controlled=int(seen.sum()),
                weight=float(weight.sum()),
                found=float((weight * hits).sum()),
                square=float((weight**2).sum()),
                found_square=float((weight**2 * hits).sum()),
            )
        )
    return found


def test_wilson_agrees_with_the_published_example() -> None:
    # 15 of 148: Newcombe, Statistics in Medicine 17 (1998), table I, 0.0624 to 0.1605
    interval = wilson(15, 148, level=0.95)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0624, 0.1605)


def test_without_a_control_nothing_is_known() -> None:
    assert wilson(0, 0, level=0.9) == NOTHING_KNOWN
    assert combined([], level=0.9) == NOTHING_KNOWN


def test_no_violation_in_ten_controls_does_not_mean_that_there_is_none() -> None:
    interval = wilson(0, 10, level=0.95)
    assert interval.rate == 0
    assert interval.low == 0
    assert round(interval.high, 3) == 0.278


def test_one_heavy_control_among_light_ones_counts_as_few() -> None:
    even = weighted(Cell(100, 10, 100.0, 50.0, 1000.0, 500.0), level=0.9)
    uneven = weighted(Cell(100, 10, 100.0, 50.0, 5000.0, 2500.0), level=0.9)
    assert even.rate == uneven.rate == 0.5
    assert uneven.high - uneven.low > even.high - even.low


def test_a_cell_that_was_never_looked_at_leaves_ends_but_no_estimate() -> None:
    interval = combined([Cell(50, 50, 50.0, 25.0, 50.0, 25.0), Cell(50, 0, 0.0, 0.0, 0.0, 0.0)], level=0.9)
    assert interval.rate is None
    assert interval.low == pytest.approx(0.19, abs=0.01)
    assert interval.high == pytest.approx(0.81, abs=0.01)


SITUATIONS = {
    # share that is controlled for certain, its hit rate, propensity of the rest, its hit rate
    "half certain, the rest seldom drawn": (0.5, 0.30, 0.02, 0.05),
    "nobody certain": (0.0, 0.30, 0.02, 0.30),
    "few certain, the rest nearly clean": (0.2, 0.50, 0.05, 0.02),
    "everybody certain": (1.0, 0.30, 0.02, 0.30),
}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("size", [300, 2000])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_intervals_hold_as_often_as_they_say(situation: str, size: int, level: float) -> None:
    certain, hit_there, propensity, hit_elsewhere = SITUATIONS[situation]
    truth = certain * hit_there + (1 - certain) * hit_elsewhere
    chance = np.random.default_rng(1)
    first = np.arange(size) < certain * size
    drawn_with = np.where(first, 1.0, propensity)
    hit_with = np.where(first, hit_there, hit_elsewhere)
    trials = 1500
    held = 0
    for _ in range(trials):
        hit, drawn = chance.random(size) < hit_with, chance.random(size) < drawn_with
        interval = combined(cells(drawn_with, hit, drawn), level=level)
        held += interval.low <= truth <= interval.high
    error = 2.5 * np.sqrt(level * (1 - level) / trials)
    assert held / trials >= level - error


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_intervals_hold_where_likelier_control_means_likelier_violation(level: float) -> None:
    chance = np.random.default_rng(2)
    propensity = np.geomspace(0.02, 0.9, 1500)
    hit_with = 0.6 * np.sqrt(propensity)
    held = 0
    for _ in range(1000):
        hit, drawn = chance.random(1500) < hit_with, chance.random(1500) < propensity
        interval = combined(cells(propensity, hit, drawn), level=level)
        held += interval.low <= hit_with.mean() <= interval.high
    assert held / 1000 >= level


def test_the_plain_rate_misleads_where_the_weighted_one_does_not() -> None:
    chance = np.random.default_rng(3)
    propensity = np.where(np.arange(4000) < 1000, 1.0, 0.03)
    hit = chance.random(4000) < np.where(propensity == 1, 0.4, 0.04)
    drawn = chance.random(4000) < propensity
    plain = wilson(float(hit[drawn].sum()), float(drawn.sum()), level=0.95)
    honest = combined(cells(propensity, hit, drawn), level=0.95)
    assert plain.low > hit.mean()
    assert honest.low <= hit.mean() <= honest.high


def test_the_ratio_of_shares_holds_as_often_as_it_says() -> None:
    chance = np.random.default_rng(11)
    held = 0
    for _ in range(1000):
        upper = wilson(float(chance.binomial(120, 0.3)), 120, level=0.9)
        lower = wilson(float(chance.binomial(200, 0.08)), 200, level=0.9)
        lift = ratio(upper, lower)
        held += lift.low <= 0.3 / 0.08 <= lift.high
    assert 880 <= held <= 950


def test_over_a_share_that_may_be_nothing_a_ratio_has_no_upper_end() -> None:
    lift = ratio(wilson(3, 10, level=0.9), wilson(0, 10, level=0.9))
    assert lift.rate is None
    assert 0 < lift.low < lift.high == np.inf


def test_a_draw_of_everything_leaves_nothing_to_be_unsure_of() -> None:
    interval = sampled(Cell(50, 50, 50.0, 5.0, 50.0, 5.0), level=0.9)
    assert (interval.rate, interval.low, interval.high) == (0.1, 0.1, 0.1)


def test_a_draw_of_half_of_a_finite_number_holds_as_often_as_it_says() -> None:
    chance = np.random.default_rng(12)
    wrong = np.arange(200) < 20
    held = 0
    for _ in range(1000):
        found = float(wrong[chance.choice(200, 100, replace=False)].sum())
        interval = sampled(Cell(200, 100, 100.0, found, 100.0, found), level=0.9)
        held += interval.low <= 0.1 <= interval.high
    assert 870 <= held <= 970
