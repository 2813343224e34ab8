"""What a model must pass before it is published: every check with its value, its bound and its verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.calibration import reliability
from daliz.engine.estimators.checks.drift import population_shift
from daliz.engine.estimators.checks.ranking import auc, auc_gain
from daliz.language import N_, Message

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the administration requires of a model; policy, so nothing has a default.

    Attributes:
        calibration_error: greatest expected calibration error, 0 to 1.
        auc_loss: by how much the AUC may be below that of the model in force.
        auc: least AUC of the first model, where none is in force.
        drift: greatest population stability index of a feature.
        leakage: greatest change of a score when the future is shuffled; 0 allows none.
        violations: least effective number of violations in training.
        level: confidence of intervals, between 0 and 1.
    """

    calibration_error: float
    auc_loss: float
    auc: float
    drift: float
    leakage: float
    violations: float
    level: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Controls of days after training, judged by the new model and by the one in force.

    Attributes:
        p: calibrated probabilities, shape (rows,).
        y: outcomes, 0 or 1.
        weight: how many declarations each row stands for, 1 / propensity.
        in_force: probabilities by the model in force on the same rows, NaN where it had learned of the
            outcome and may not be compared; None if there is none.
    """

    p: Floats
    y: Floats
    weight: Floats
    in_force: Floats | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement and how the model stands to it.

    Attributes:
        name: stable, for programs (``calibration-error``).
        value: what was measured; NaN if it could not be.
        bound: what is required.
        passed: the verdict; what could not be measured has not passed.
        about: the check and what was measured, in a sentence.
    """

    name: str
    value: float
    bound: float
    passed: bool
    about: Message

    def as_record(self) -> dict[str, object]:
        """Return the check as it is kept in a file, its sentence in parts; what is not a number is null."""
        record = asdict(self)
        return {**record, "value": None if np.isnan(self.value) else self.value}

    @classmethod
    def from_record(cls, record: dict[str, object]) -> "Check":
        """Return the check that was kept."""
        value, about = record["value"], record["about"]
        if not isinstance(about, dict):
            raise TypeError(about)
        return cls(
            str(record["name"]),
            float("nan") if value is None else float(str(value)),
            float(str(record["bound"])),
            record["passed"] is True,
            Message(str(about["template"]), dict(about["values"])),
        )


def check_model(
    *,
    held_out: Mapping[str, HeldOut],
    names: Sequence[str],
    trained: Floats,
    recent: Floats,
    training_y: Floats,
    training_weight: Floats,
    leakage: float,
    bounds: Bounds,
) -> tuple[Check, ...]:
    """Hold a model against the bounds; all checks are made, whether one fails or not.

    Args:
        held_out: what it is judged on, by form of control; each form has checks of its own.
        names: of the features, in the order of the columns.
        trained: features of the training rows, shape (n, features).
        recent: features of recent rows, whether controlled or not, shape (m, features).
        training_y: outcomes of the training rows, 0 or 1.
        training_weight: their weights.
        leakage: what ``future_leakage`` found.
        bounds: what is required.
    """
    return (
        *(
            check
            for form, rows in held_out.items()
            for check in (
                _calibrated(form, rows, bounds),
                _ranks(form, rows, bounds),
            )
        ),
        _steady(names, trained, recent, bounds),
        Check(
            "leakage",
            leakage,
            bounds.leakage,
            leakage <= bounds.leakage,
            Message(N_("greatest change of a score when outcomes not yet known are shuffled")),
        ),
        _enough(training_y, training_weight, bounds),
    )


def _calibrated(form: str, held_out: HeldOut, bounds: Bounds) -> Check:
    found = reliability(held_out.p, held_out.y, held_out.weight, level=bounds.level)
    value = found.error if found.bins else float("nan")
    return Check(
        f"{form}.calibration-error",
        value,
        bounds.calibration_error,
        value <= bounds.calibration_error,
        Message(
            N_("mean distance between probability and what came true (by chance alone {chance})"),
            {"chance": f"{found.by_chance:.3f}"},
        ),
    )


def _ranks(form: str, held_out: HeldOut, bounds: Bounds) -> Check:
    own = auc(held_out.p, held_out.y, held_out.weight, level=bounds.level)
    ends = {"low": f"{own.low:.3f}", "high": f"{own.high:.3f}"}
    if held_out.in_force is None:
        about = Message(N_("AUC, weighted, between {low} and {high}; no model is in force"), dict(ends))
        return Check(f"{form}.auc", own.value, bounds.auc, own.value >= bounds.auc, about)
    fair = ~np.isnan(held_out.in_force)
    both = (rows[fair] for rows in (held_out.p, held_out.in_force, held_out.y, held_out.weight))
    gain = auc_gain(*both, level=bounds.level)
    about = Message(
        N_("AUC, weighted, less that of the model in force, between {low} and {high}; its own is {auc}"),
        {"low": f"{gain.low:.3f}", "high": f"{gain.high:.3f}", "auc": f"{own.value:.3f}"},
    )
    return Check(f"{form}.auc-gain", gain.value, -bounds.auc_loss, gain.value >= -bounds.auc_loss, about)


def _steady(names: Sequence[str], trained: Floats, recent: Floats, bounds: Bounds) -> Check:
    shifts = population_shift(trained, recent)
    order = np.argsort(-shifts, kind="stable")
    value = float(shifts[order[0]]) if len(order) and len(recent) and len(trained) else float("nan")
    worst = ", ".join(f"{names[at]} {shifts[at]:.3f}" for at in order[:3])
    about = Message(
        N_("greatest shift of a feature between training and now (PSI): {worst}"), {"worst": worst or "-"}
    )
    return Check("drift", value, bounds.drift, value <= bounds.drift, about)


def _enough(y: Floats, weight: Floats, bounds: Bounds) -> Check:
    of = weight[y > 0]
    value = float(of.sum() ** 2 / np.sum(of * of)) if len(of) else 0.0
    about = Message(
        N_("violations in training, effective number ({found} of {rows} controls)"),
        {"found": len(of), "rows": len(y)},
    )
    return Check("violations", value, bounds.violations, value >= bounds.violations, about)
