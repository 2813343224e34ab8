"""Calibration keeps every order, grades the top, holds back on little evidence and ends near the truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from daliz.engine.estimators.calibration import (
    Calibration,
    CalibrationError,
    Method,
    forward_folds,
    reliability,
)
from daliz.engine.estimators.calibration.beta import beta_fitted
from daliz.engine.estimators.calibration.isotonic import pooled

METHODS: list[Method] = ["isotonic", "beta"]
Floats = NDArray[np.float64]


def scored(n: int, seed: int = 1) -> tuple[Floats, Floats, Floats]:
    """Return scores that are twice what comes true, outcomes, and the true probabilities."""
    rng = np.random.default_rng(seed)
    p = rng.beta(1.0, 4.0, n)
    return p, (rng.random(n) < p / 2).astype(float), p / 2


@pytest.mark.parametrize("method", METHODS)
def test_with_many_findings_the_probability_is_the_true_one(method: Method) -> None:
    p, y, _ = scored(40_000)
    fitted = Calibration.fit(p, y, method=method, strength=50)
    fresh, came, true = scored(40_000, seed=2)
    assert np.abs(fitted.apply(fresh) - true).mean() < 0.01
    assert reliability(fresh, came).error > 0.08
    assert reliability(fitted.apply(fresh), came).error < 0.01


@pytest.mark.parametrize("method", METHODS)
def test_controls_count_for_the_declarations_they_stand_for(method: Method) -> None:
    p, y, true = scored(60_000)
    kept = np.random.default_rng(3).random(len(p)) < np.where(y > 0, 1.0, 0.25)  # clean ones seen less often
    weight = np.where(y > 0, 1.0, 4.0)[kept]
    weighed = Calibration.fit(p[kept], y[kept], weight, method=method, strength=50)
    careless = Calibration.fit(p[kept], y[kept], method=method, strength=50)
    assert np.abs(weighed.apply(p) - true).mean() < 0.015
    assert np.abs(careless.apply(p) - true).mean() > 0.1


@pytest.mark.parametrize("method", METHODS)
def test_the_fewer_the_findings_the_nearer_to_the_uncalibrated(method: Method) -> None:
    at = np.array([0.05, 0.2, 0.5])
    p, y, _ = scored(2000)
    moved = [
        float(np.abs(Calibration.fit(p[:n], y[:n], method=method, strength=100).apply(at) - at).mean())
        for n in (0, 5, 100, 2000)
    ]
    assert moved[0] == 0
    assert moved[1] < 0.02
    assert moved[1] < moved[2] < moved[3]


@pytest.mark.parametrize("method", METHODS)
def test_an_overwhelming_strength_leaves_scores_as_they_were(method: Method) -> None:
    p, y, _ = scored(500)
    at = np.linspace(0.01, 0.99, 50)
    np.testing.assert_allclose(Calibration.fit(p, y, method=method, strength=1e9).apply(at), at, atol=2e-4)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1), st.floats(0.5, 50)), min_size=0, max_size=60),
    strength=st.floats(0.5, 200),
)
def test_whatever_was_found_every_step_of_the_score_stays_a_step(
    method: Method, rows: list[tuple[float, int, float]], strength: float
) -> None:
    p, y, w = (np.array([row[i] for row in rows], float) for i in range(3))
    fitted = Calibration.fit(p, y, w, method=method, strength=strength)
    graded = fitted.apply(np.concatenate([np.linspace(0, 1, 201), [0.9999, 0.99999]]))
    assert np.all((graded >= 0) & (graded <= 1))
    assert np.all(np.diff(fitted.apply(np.linspace(0.0005, 0.9995, 200))) > 0)


def test_scores_above_all_that_were_seen_are_still_told_apart() -> None:
    fitted = Calibration.fit([0.1, 0.3, 0.5], [0, 0, 1], strength=5)
    top = fitted.apply([0.5, 0.9, 0.99, 0.999, 0.9999])
    assert np.all(np.diff(top) > 0)
    assert top[-1] < 1


def test_an_upside_down_score_keeps_its_order_and_gets_the_right_level() -> None:
    p = np.repeat([0.3, 0.6], 500)
    y = np.concatenate([np.arange(500) < 100, np.arange(500) < 50]).astype(float)
    for method in METHODS:
        low, high = Calibration.fit(p, y, method=method, strength=1).apply([0.3, 0.6])
        assert low < high
        assert low < 0.16 < high < 0.4


def test_blocks_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    y, w = rng.random(300) + np.linspace(0, 1, 300), rng.random(300) + 0.1
    begins = pooled(y, w)
    sizes = np.diff([*begins, 300])
    means = np.add.reduceat(y * w, begins) / np.add.reduceat(w, begins)
    peer = IsotonicRegression().fit(np.arange(300.0), y, sample_weight=w).predict(np.arange(300.0))
    np.testing.assert_allclose(np.repeat(means, sizes), peer, rtol=1e-12)


def test_beta_is_the_logistic_regression_it_stands_for() -> None:
    p, y, _ = scored(3000)
    mine = beta_fitted(p, y, np.ones(3000), 1e-6)
    peer = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(
        np.stack([np.log(p), -np.log1p(-p)], axis=1), y
    )
    np.testing.assert_allclose(mine, [*peer.coef_[0], *peer.intercept_], atol=1e-3)


def test_a_table_comes_back_from_its_record() -> None:
    p, y, _ = scored(500)
    fitted = Calibration.fit(p, y, strength=20)
    again = Calibration.from_record(fitted.as_record())
    assert np.array_equal(again.apply(p), fitted.apply(p))
    broken: list[dict[str, object]] = [
        {},
        {"x": [0.5, 0.2], "y": [0.1, 0.2]},
        {"x": [0.5], "y": [1.0]},
        {"x": "a", "y": []},
    ]
    for record in broken:
        with pytest.raises(CalibrationError, match="rises in both columns"):
            Calibration.from_record(record)


def test_what_cannot_be_calibrated_is_refused_with_the_reason() -> None:
    cases: list[tuple[list[float], list[float], list[float], float, str]] = [
        ([1.2], [1], [1], 1, "between 0 and 1"),
        ([float("nan")], [1], [1], 1, "between 0 and 1"),
        ([0.2], [0.5], [1], 1, "is 0 or 1"),
        ([0.2], [1], [0], 1, "above 0"),
        ([0.2], [1], [1], 0, "above 0"),
        ([0.2, 0.3], [1], [1], 1, "not as many"),
    ]
    for p, y, w, strength, why in cases:
        with pytest.raises(CalibrationError, match=why):
            Calibration.fit(p, y, w, strength=strength)


def test_unknown_scores_stay_unknown() -> None:
    assert np.isnan(Calibration.fit([0.2, 0.4], [0, 1], strength=5).apply([np.nan])).all()


def test_folds_train_only_on_what_was_known_before_they_begin() -> None:
    rng = np.random.default_rng(5)
    day = rng.integers(0, 100, 1000)
    known = day + rng.integers(1, 30, 1000)
    seen = list(forward_folds(day, known, folds=4))
    assert len(seen) == 4
    for train, test in seen:
        assert known[train].max() < day[test].min()
        assert day[train].max() < day[test].min()
    validated = np.concatenate([test for _, test in seen])
    assert len(np.unique(validated)) == len(validated)
    assert set(validated) == set(np.flatnonzero(day >= day[seen[0][1]].min()))


def test_reliability_says_what_is_off_and_how_far_chance_alone_would_go() -> None:
    rng = np.random.default_rng(6)
    p = rng.random(20_000)
    y = rng.random(20_000) < p
    right = reliability(p, y)
    assert right.error < 2 * right.by_chance
    assert [round(b.share, 3) for b in right.bins] == [0.1] * 10
    off = reliability(p**2, y)
    assert off.error == pytest.approx(1 / 6, abs=0.01)
    assert off.bins[5].predicted < off.bins[5].observed.low


def test_equal_probabilities_share_a_bin_and_no_rows_make_no_bins() -> None:
    assert len(reliability([0.3] * 100, [1] * 30 + [0] * 70).bins) == 1
    assert reliability([], []).bins == ()
