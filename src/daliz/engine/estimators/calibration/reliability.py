"""Does what is called 20 % come true in 20 of 100? A table of bins, each with its interval, and one error."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daliz.engine.estimators.intervals import Interval, wilson

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of like probability.

    Attributes:
        predicted: their weighted mean probability.
        observed: the weighted share of violations among them, with its interval.
        rows: how many.
        share: their part of all weight.
    """

    predicted: float
    observed: Interval
    rows: int
    share: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far probabilities are from what came true.

    Attributes:
        bins: from the least probable to the most.
        error: expected calibration error: mean distance between predicted and observed, by weight.
        by_chance: what the error would be of probabilities that are exactly right, with as few rows.
    """

    bins: tuple[Bin, ...]
    error: float
    by_chance: float


def reliability(
    p: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None, *, bins: int = 10, level: float = 0.9
) -> Reliability:
    """Compare probabilities with outcomes in bins of about as much weight each.

    Args:
        p: probabilities, 0 to 1, of rows the model had not been trained on, shape (rows,).
        y: outcomes, 0 or 1.
        weight: how many declarations each row stands for; one each if left out.
        bins: how many; equal probabilities are never parted, so there may be fewer.
        level: confidence of the intervals (Wilson's, with Kish's effective number).

    Example:
        >>> found = reliability([0.1] * 10 + [0.5] * 10, [1] + [0] * 9 + [1] * 5 + [0] * 5, bins=2)
        >>> [(b.predicted, b.observed.rate) for b in found.bins], round(found.error, 6)
        ([(0.1, 0.1), (0.5, 0.5)], 0.0)
    """
    score, outcome = np.asarray(p, np.float64), np.asarray(y, np.float64)
    weights = np.ones_like(score) if weight is None else np.asarray(weight, np.float64)
    if not len(score):
        return Reliability((), 0.0, 0.0)
    order = np.argsort(score, kind="stable")
    score, outcome, weights = score[order], outcome[order], weights[order]
    middle = np.cumsum(weights) - weights / 2
    number = np.minimum((middle / weights.sum() * bins).astype(np.int64), bins - 1)
    _, first, same = np.unique(score, return_index=True, return_inverse=True)
    number = number[first][same]
    found = []
    error = chance = 0.0
    for one in np.unique(number):
        at = number == one
        w, total = weights[at], float(weights[at].sum())
        effective = total * total / float((w * w).sum())
        predicted = float((w * score[at]).sum()) / total
        rate = float((w * outcome[at]).sum()) / total
        interval = wilson(rate * effective, effective, level=level)
        share = total / float(weights.sum())
        found.append(Bin(predicted, interval, int(at.sum()), share))
        error += share * abs(rate - predicted)
        chance += share * math.sqrt(2 / math.pi * predicted * (1 - predicted) / effective)
    return Reliability(tuple(found), error, chance)
