"""How well a score puts violations first: the area under the curve, weighted, with its interval."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure and the ends between which it lies with the stated confidence."""

    value: float
    low: float
    high: float


def auc(p: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None, *, level: float = 0.9) -> Figure:
    """Return the chance that a violation scores above a clean declaration, ties counting half.

    Args:
        p: scores of rows the model had not been trained on, shape (rows,).
        y: outcomes, 0 or 1, both among them (else the figure is NaN).
        weight: how many declarations each row stands for, 1 / propensity; one each if left out.
        level: confidence of the interval, between 0 and 1.

    Sources:
        [delong1988], its placements weighted as Hájek's ratio weighs.

    Example:
        >>> auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]).value
        0.75
    """
    value, influence = _influence(p, y, weight)
    return _figure(value, influence, level)


def auc_gain(
    p: ArrayLike, reference: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None, *, level: float = 0.9
) -> Figure:
    """Return the AUC of ``p`` less that of ``reference`` on the same rows; arguments as for ``auc``.

    Example:
        >>> auc_gain([0.1, 0.9], [0.9, 0.1], [0, 1]).value
        1.0
    """
    value, influence = _influence(p, y, weight)
    other, its = _influence(reference, y, weight)
    return _figure(value - other, influence - its, level)


def _figure(value: float, influence: Floats, level: float) -> Figure:
    half = NormalDist().inv_cdf(0.5 + level / 2) * float(np.sqrt(np.sum(influence * influence)))
    return Figure(value, value - half, value + half)


def _influence(p: ArrayLike, y: ArrayLike, weight: ArrayLike | None) -> tuple[float, Floats]:
    """Return the AUC and how far each row moves it."""
    score, found = np.asarray(p, np.float64), np.asarray(y, np.float64) > 0
    weights = np.ones_like(score) if weight is None else np.asarray(weight, np.float64)
    if found.all() or not found.any():
        return float("nan"), np.zeros_like(score)
    of = np.where(found, 0.0, weights), np.where(found, weights, 0.0)  # the clean, the violations
    totals = [float(part.sum()) for part in of]
    _, group = np.unique(score, return_inverse=True)
    below = []
    for part in of:
        sums = np.bincount(group, part)
        below.append((np.cumsum(sums) - sums / 2)[group])  # ties count half
    placement = np.where(found, below[0] / totals[0], 1 - below[1] / totals[1])
    value = float((of[1] * placement).sum()) / totals[1]
    share = np.where(found, weights / totals[1], weights / totals[0])
    return value, share * (placement - value)
