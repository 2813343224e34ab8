"""One probability from many indicators: more signs never lower it, copies of one sign do not raise it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from daliz.engine.scoring.evidence import Score, fit_score, overlap_weights

NO_CONTROLS = np.zeros(0, dtype=np.bool_)


def score(rates: list[float], overlap: list[float] | None = None) -> Score:
    return fit_score(
        hit_rate=np.array(rates),
        base_rate=0.05,
        overlap=np.array(overlap or [1.0] * len(rates)),
        fired=np.zeros((0, len(rates)), dtype=np.bool_),
        violation=NO_CONTROLS,
    )


def test_where_nothing_fires_the_base_rate_holds() -> None:
    assert score([0.4]).probability(np.array([[False]]))[0] == pytest.approx(0.05)


def test_one_profile_alone_gives_its_hit_rate() -> None:
    assert score([0.4]).probability(np.array([[True]]))[0] == pytest.approx(0.4)


def test_two_strangers_give_more_than_either() -> None:
    both = score([0.4, 0.3]).probability(np.array([[True, True]]))[0]
    assert both > 0.4


def test_a_profile_below_the_base_rate_does_not_excuse() -> None:
    assert score([0.01]).probability(np.array([[True]]))[0] == pytest.approx(0.05)


def test_two_copies_of_one_profile_weigh_as_one() -> None:
    rng = np.random.default_rng(3)
    one = rng.random(20_000) < 0.2
    weights = overlap_weights(np.stack([one, one], axis=1), np.array([0, 1]))
    together = score([0.4, 0.4], weights.tolist()).probability(np.array([[True, True]]))[0]
    assert together == pytest.approx(0.4, abs=0.005)


def test_profiles_that_never_meet_keep_all_their_evidence() -> None:
    one = np.arange(20_000) % 2 == 0
    weights = overlap_weights(np.stack([one, ~one], axis=1), np.array([0, 1]))
    assert weights == pytest.approx([1.0, 1.0], abs=0.001)


def test_without_history_profiles_of_one_direction_share_their_evidence() -> None:
    weights = overlap_weights(np.zeros((0, 3), dtype=np.bool_), np.array([0, 0, 1]))
    assert weights == pytest.approx([0.5, 0.5, 1.0])


def test_findings_share_out_what_signs_that_depend_on_each_other_explain() -> None:
    rng = np.random.default_rng(5)
    fired = np.repeat(rng.random((4000, 1)) < 0.5, 4, axis=1)
    violation = rng.random(4000) < np.where(fired[:, 0], 0.3, 0.05)
    fitted = fit_score(
        hit_rate=np.full(4, 0.3), base_rate=0.05, overlap=np.ones(4), fired=fired, violation=violation
    )
    assert fitted.probability(np.ones((1, 4), dtype=np.bool_))[0] == pytest.approx(0.3, abs=0.03)


def test_a_sharp_profile_inside_a_broad_one_keeps_its_own_rate() -> None:
    rng = np.random.default_rng(7)
    broad = rng.random(20_000) < 0.3
    sharp = broad & (rng.random(20_000) < 0.1)
    chance = np.where(sharp, 0.6, np.where(broad, 0.1, 0.05))
    fitted = fit_score(
        hit_rate=np.array([0.15, 0.6]),
        base_rate=0.05,
        overlap=np.ones(2),
        fired=np.stack([broad, sharp], axis=1),
        violation=rng.random(20_000) < chance,
    )
    got = fitted.probability(np.array([[True, False], [True, True]]))
    assert got == pytest.approx([0.1, 0.6], abs=0.03)


def test_a_profile_that_finds_less_than_the_base_gets_no_weight() -> None:
    rng = np.random.default_rng(9)
    fired = rng.random((5000, 1)) < 0.5
    fitted = fit_score(
        hit_rate=np.array([0.2]),
        base_rate=0.2,
        overlap=np.ones(1),
        fired=fired,
        violation=rng.random(5000) < np.where(fired[:, 0], 0.05, 0.2),
    )
    assert fitted.weights[0] == 0.0


@given(
    hnp.arrays(np.float64, 5, elements=st.floats(0.001, 0.999)),
    hnp.arrays(np.bool_, 5),
    st.integers(0, 4),
)
def test_one_more_sign_of_risk_never_lowers_the_probability(
    rates: np.ndarray, fired: np.ndarray, more: int
) -> None:
    judged = score(rates.tolist())
    worse = fired.copy()
    worse[more] = True
    assert judged.probability(worse[None])[0] >= judged.probability(fired[None])[0]


def test_contributions_add_up_to_the_probability() -> None:
    judged = score([0.4, 0.3])
    fired = np.array([[True, True]])
    odds = judged.base + judged.contributions(fired).sum()
    assert judged.probability(fired)[0] == pytest.approx(1 / (1 + np.exp(-odds)))
