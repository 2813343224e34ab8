"""A model is held against every bound; one that leaks, drifted, is off or ranks worse does not pass."""

from dataclasses import replace

import lightgbm
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from daliz.engine.estimators.checks import (
    Bounds,
    Check,
    HeldOut,
    auc,
    auc_gain,
    check_model,
    future_leakage,
    population_shift,
)

Floats = NDArray[np.float64]
BOUNDS = Bounds(
    calibration_error=0.05, auc_loss=0.01, auc=0.6, drift=0.2, leakage=0.0, violations=50, level=0.9
)


def controls(n: int = 4000, seed: int = 1) -> tuple[Floats, Floats, Floats]:
    """Return true probabilities, outcomes and weights of controls."""
    rng = np.random.default_rng(seed)
    p = rng.beta(1.0, 4.0, n)
    return p, (rng.random(n) < p).astype(float), rng.choice([1.0, 10.0], n)


def verdicts(held_out: HeldOut, *, leakage: float = 0.0, recent_shift: float = 0.0) -> dict[str, bool]:
    rng = np.random.default_rng(2)
    trained, recent = rng.normal(size=(3000, 2)), rng.normal(size=(1000, 2))
    recent[:, 1] += recent_shift
    _, y, w = controls(seed=3)
    found = check_model(
        held_out={"documents": held_out},
        names=["value.gap", "mass.gap"],
        trained=trained,
        recent=recent,
        training_y=y,
        training_weight=w,
        leakage=leakage,
        bounds=BOUNDS,
    )
    assert [check.name.removeprefix("documents.").split("-")[0] for check in found] == [
        "calibration",
        "auc",
        "drift",
        "leakage",
        "violations",
    ]
    return {check.name.removeprefix("documents."): check.passed for check in found}


def test_a_good_model_passes_every_check() -> None:
    p, y, w = controls()
    assert all(verdicts(HeldOut(p, y, w)).values())
    assert all(verdicts(HeldOut(p, y, w, in_force=p**2)).values())


def test_each_fault_fails_its_own_check_and_no_other() -> None:
    p, y, w = controls()
    noise = np.random.default_rng(4).random(len(p))
    cases = {
        "calibration-error": verdicts(HeldOut(p**0.3, y, w)),
        "auc-gain": verdicts(HeldOut(p, y, w, in_force=np.where(y > 0, p + noise, p))),
        "drift": verdicts(HeldOut(p, y, w), recent_shift=2.0),
        "leakage": verdicts(HeldOut(p, y, w), leakage=0.001),
    }
    for fault, found in cases.items():
        assert [name for name, passed in found.items() if not passed] == [fault]


def test_a_first_model_must_rank_well_by_itself() -> None:
    _, y, w = controls()
    flat = np.full(len(y), float((y * w).sum() / w.sum()))
    assert verdicts(HeldOut(flat, y, w))["auc"] is False


def test_what_could_not_be_measured_has_not_passed() -> None:
    nothing = np.zeros(0)
    found = check_model(
        held_out={"documents": HeldOut(nothing, nothing, nothing)},
        names=["value.gap"],
        trained=np.zeros((0, 1)),
        recent=np.zeros((0, 1)),
        training_y=nothing,
        training_weight=nothing,
        leakage=float("nan"),
        bounds=BOUNDS,
    )
    assert [check.passed for check in found] == [False] * 5


def test_few_controls_with_great_weights_count_for_few() -> None:
    found = check_model(
        held_out={"documents": HeldOut(*controls())},
        names=["value.gap"],
        trained=np.zeros((10, 1)),
        recent=np.zeros((10, 1)),
        training_y=np.ones(60),
        training_weight=np.array([1000.0] * 2 + [0.001] * 58),
        leakage=0.0,
        bounds=BOUNDS,
    )
    assert found[-1].value == pytest.approx(2.0, abs=0.01)
    assert not found[-1].passed


def test_a_check_comes_back_from_its_record_with_its_sentence_in_three_languages() -> None:
    check = replace(check_model_once(), value=float("nan"))
    again = Check.from_record(check.as_record())
    assert np.isnan(again.value)
    assert replace(again, value=0.0) == replace(check, value=0.0)
    assert len({again.about.text(lang) for lang in ("en", "ru", "kk")}) == 3


def check_model_once() -> Check:
    rows = np.zeros((5, 1))
    return check_model(
        held_out={"documents": HeldOut(*controls())},
        names=["value.gap"],
        trained=rows,
        recent=rows,
        training_y=np.ones(5),
        training_weight=np.ones(5),
        leakage=0.0,
        bounds=BOUNDS,
    )[2]


def test_auc_is_scikit_learns_weights_and_ties_included() -> None:
    p, y, w = controls(500)
    p = np.round(p, 1)
    assert auc(p, y, w).value == pytest.approx(roc_auc_score(y, p, sample_weight=w), abs=1e-12)


def test_the_interval_of_the_auc_holds_the_truth_about_as_often_as_it_says() -> None:
    p, y, _ = controls(400_000, seed=9)
    truth = float(roc_auc_score(y, p))
    held = 0
    for seed in range(300):
        q, z, w = controls(600, seed=100 + seed)
        figure = auc(q, z, w, level=0.9)
        held += figure.low <= truth <= figure.high
    assert 255 <= held <= 285


def test_the_gain_over_the_same_score_is_nothing_and_sure() -> None:
    p, y, w = controls(500)
    assert auc_gain(p, p, y, w) == auc_gain(p * 2, p, y, w)
    assert auc_gain(p, p, y, w).high == 0


def test_drift_is_small_by_chance_and_sees_values_and_gaps_move() -> None:
    rng = np.random.default_rng(5)
    then, now = rng.normal(size=(5000, 3)), rng.normal(size=(5000, 3))
    now[:, 1] += 1.0
    now[rng.random(5000) < 0.4, 2] = np.nan
    steady, moved, gone = population_shift(then, now)
    assert steady < 0.01
    assert moved > 0.5
    assert gone > 0.5


def test_a_flag_that_turns_common_is_drift() -> None:
    rng = np.random.default_rng(5)
    then, now = (rng.random((4000, 1)) < 0.05).astype(float), (rng.random((4000, 1)) < 0.4).astype(float)
    assert population_shift(then, now)[0] > 0.5


@pytest.mark.parametrize("careful", [True, False])
def test_a_model_that_trains_on_what_was_not_yet_known_is_found_out(careful: bool) -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(800, 3))
    y = (rng.random(800) < 1 / (1 + np.exp(-x[:, 0]))).astype(float)
    day = np.arange(800) // 8
    known = day + rng.integers(1, 20, 800)

    def score(outcomes: Floats) -> Floats:
        rows = (known < 80) if careful else (day < 80)
        model = lightgbm.train(
            {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1},
            lightgbm.Dataset(x[rows], outcomes[rows]),
            10,
        )
        return np.asarray(model.predict(x[day >= 80]))

    leaked = future_leakage(score, y, known, as_of_day=80, seed=1)
    assert (leaked == 0) is careful
