"""Calibration: what a model calls 20 % should come true in 20 of 100. Kept as a table, applied with numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daliz.engine.estimators.calibration.beta import beta_knots
from daliz.engine.estimators.calibration.isotonic import isotonic_knots
from daliz.engine.estimators.rates import expit, logit
from daliz.language import N_, DalizError

Floats = NDArray[np.float64]

Method = Literal["isotonic", "beta"]

_SMALLEST: Final = 1e-300  # a score below this counts as this when a table is applied
_FITTED: Final = 1e-6  # nearer to 0 or 1 no score is taken at its word when a table is learned


class CalibrationError(DalizError):
    """Scores cannot be calibrated, or a table is none."""

    code: ClassVar[str] = "calibration"


@dataclass(frozen=True, eq=False)
class Calibration:
    """A strictly rising map from scores to probabilities.

    Between knots it is straight in log-odds. Beyond them it keeps the score's own steps in log-odds, or runs
    straight to 0 or 1 if that is less extreme. So no two different scores become equal, at the top least of
    all. Without knots it changes nothing.

    Attributes:
        x: scores, rising, strictly between 0 and 1, shape (knots,).
        y: the probability at each, rising, strictly between 0 and 1.

    Example:
        >>> half = Calibration(np.array([0.2, 0.8]), np.array([0.1, 0.4]))
        >>> half.apply([0.2, 0.8, 0.9]).round(3).tolist()
        [0.1, 0.4, 0.6]
        >>> Calibration.unchanged().apply([0.3]).round(3).tolist()
        [0.3]
    """

    x: Floats
    y: Floats

    def __post_init__(self) -> None:
        inside = all(bool(np.all((values > 0) & (values < 1))) for values in (self.x, self.y))
        rising = all(bool(np.all(np.diff(values) > 0)) for values in (self.x, self.y))
        if self.x.ndim != 1 or self.x.shape != self.y.shape or not inside or not rising:
            raise CalibrationError(N_("a calibration table rises in both columns, between 0 and 1"))

    @classmethod
    def unchanged(cls) -> "Calibration":
        """Return the calibration of a model about which nothing is known yet: none."""
        return cls(np.zeros(0), np.zeros(0))

    @classmethod
    def fit(
        cls,
        p: ArrayLike,
        y: ArrayLike,
        weight: ArrayLike | None = None,
        *,
        method: Method = "isotonic",
        strength: float,
    ) -> "Calibration":
        """Learn the map from scores that the model gave to rows it had not been trained on.

        Args:
            p: scores, 0 to 1, best out of time-forward folds (``forward_folds``), shape (rows,); one nearer
                than a millionth to 0 or 1 counts as that near.
            y: whether the violation was found, 0 or 1.
            weight: how many declarations each row stands for, 1 / propensity, above 0; one each if left out.
            method: ``isotonic`` takes any rising shape; ``beta`` only smooth ones, for fewer findings.
            strength: how many controls that agree with the score as it is are added: wherever there is
                less evidence than this the score stays near what it was. Above 0.

        Sources:
            [zadrozny2002] for isotonic, [kull2017] for beta calibration.

        Raises:
            CalibrationError: a score, an outcome, a weight or the strength is out of its range.
        """
        score, outcome = np.asarray(p, np.float64), np.asarray(y, np.float64)
        weights = np.ones_like(score) if weight is None else np.asarray(weight, np.float64)
        if not score.shape == outcome.shape == weights.shape or score.ndim != 1:
            raise CalibrationError(N_("scores, outcomes and weights are not as many as each other"))
        if not np.all((score >= 0) & (score <= 1)):
            raise CalibrationError(N_("a score to calibrate lies between 0 and 1"))
        if not np.all((outcome == 0) | (outcome == 1)):
            raise CalibrationError(N_("an outcome to calibrate by is 0 or 1"))
        if not (np.all(weights > 0) and np.all(np.isfinite(weights)) and 0 < strength < np.inf):
            raise CalibrationError(N_("the weights and the strength of a calibration are above 0"))
        if not len(score):
            return cls.unchanged()
        knots = isotonic_knots if method == "isotonic" else beta_knots
        return cls(*knots(np.clip(score, _FITTED, 1 - _FITTED), outcome, weights, strength))

    def apply(self, p: ArrayLike) -> Floats:
        """Return the calibrated probability of each score; NaN stays NaN."""
        score = np.asarray(p, np.float64)
        if not len(self.x):
            return score.copy()
        inside = _inside(score)
        at, x, y = logit(inside), logit(self.x), logit(self.y)
        within = expit(np.interp(at, x, y))
        above = expit(at + (y[-1] - x[-1]))
        above = np.minimum(above, 1 - (1 - inside) * ((1 - self.y[-1]) / (1 - self.x[-1])))
        below = np.maximum(expit(at + (y[0] - x[0])), inside * (self.y[0] / self.x[0]))
        return np.where(inside > self.x[-1], above, np.where(inside < self.x[0], below, within))

    def as_record(self) -> dict[str, list[float]]:
        """Return the table as it is kept in a file."""
        return {"x": self.x.tolist(), "y": self.y.tolist()}

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> "Calibration":
        """Return the calibration whose table was kept.

        Raises:
            CalibrationError: the record is no table.
        """
        try:
            return cls(np.array(record["x"], np.float64), np.array(record["y"], np.float64))
        except (KeyError, TypeError, ValueError) as error:
            raise CalibrationError(
                N_("a calibration table rises in both columns, between 0 and 1")
            ) from error


def _inside(score: Floats) -> Floats:
    """Keep scores off the very ends, where log-odds are infinite."""
    return np.clip(score, _SMALLEST, np.nextafter(1.0, 0.0))
