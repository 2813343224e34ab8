"""Beta calibration: a smooth rising map of three numbers, for models with few findings."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.rates import expit

Floats = NDArray[np.float64]

_GRID: Final = np.linspace(-12.0, 12.0, 241)  # log-odds of the scores at which the map is written down
_STEPS: Final = 200
_PRECISE: Final = 1e-13
_EVEN: Final = (np.arange(100) + 0.5) / 100


def beta_knots(p: Floats, y: Floats, weight: Floats, strength: float) -> tuple[Floats, Floats]:
    """Return knots of log-odds(y) = a ln p - b ln(1 - p) + c with a and b not below 0.

    The score as it is (a = b = 1, c = 0) counts for ``strength`` controls, half of them spread over the rows
    as they weigh and half evenly over all scores, so that it also holds where there are no rows. Where the
    outcomes would turn the order of the scores round, only c is fitted.

    Args:
        p: scores strictly between 0 and 1, shape (rows,).
        y: outcomes, 0 or 1.
        weight: how many declarations each row stands for, above 0.
        strength: controls that the score as it is counts for, above 0.

    Sources:
        [kull2017].

    Example:
        >>> p = np.repeat([0.2, 0.4], 500); y = np.concatenate([np.arange(500) < 50, np.arange(500) < 150])
        >>> x, rate = beta_knots(p, y.astype(float), np.ones(1000), 1.0)
        >>> np.interp([0.2, 0.4], x, rate).round(2).tolist()
        [0.1, 0.3]
    """
    beta = beta_fitted(p, y, weight, strength)
    score = expit(_GRID)
    rate = beta_map(score, beta)
    kept = (rate > 0) & (rate < 1) & np.concatenate([[True], np.diff(rate) > 0])
    return score[kept], rate[kept]


def beta_map(p: Floats, beta: Floats) -> Floats:
    """Return the probability that a, b and c (``beta``) give each score."""
    return expit(_columns(p) @ beta)


def _columns(p: Floats) -> Floats:
    return np.stack([np.log(p), -np.log1p(-p), np.ones_like(p)], axis=1)


def beta_fitted(p: Floats, y: Floats, weight: Floats, strength: float) -> Floats:
    """Return a, b and c; arguments as for ``beta_knots``."""
    share = weight / weight.sum()
    effective = 1.0 / float(np.sum(share * share))
    half = strength / 2
    columns = np.concatenate([_columns(p), _columns(_EVEN)])
    target = np.concatenate([(effective * y + half * p) / (effective + half), _EVEN])
    mass = np.concatenate([share * (effective + half), np.full(len(_EVEN), half / len(_EVEN))])
    for free in ([0, 1, 2], [0, 2], [1, 2]):
        begin = np.array([float(0 in free), float(1 in free), 0.0])
        beta = _fitted(columns, target, mass, begin, free)
        if np.all(beta[:2] >= 0) and np.any(beta[:2] > 0):
            return beta
    return _fitted(columns, target, mass, np.array([1.0, 1.0, 0.0]), [2])


def _fitted(columns: Floats, y: Floats, weight: Floats, beta: Floats, free: list[int]) -> Floats:
    """Return ``beta``, its ``free`` parts at the greatest likelihood.

    Newton's steps, damped (Levenberg and Marquardt) by the greatest curvature there can be: a full step may
    overshoot to where all probabilities are 0 or 1 and nothing leads back.
    """
    z = columns[:, free]
    steepest = (z * weight[:, None]).T @ z / 4

    def loss(candidate: Floats) -> float:
        at = columns @ candidate
        return float(np.sum(weight * (np.logaddexp(0.0, at) - y * at)))

    here, damping = loss(beta), 1e-3
    for _ in range(_STEPS):
        rate = expit(columns @ beta)
        slope = z.T @ (weight * (rate - y))
        bend = (z * (weight * rate * (1 - rate))[:, None]).T @ z + damping * steepest
        step = np.zeros(3)
        step[free] = np.linalg.solve(bend, slope)
        promised = float(slope @ step[free]) / 2
        there = loss(beta - step)
        if promised <= _PRECISE * (1 + here):
            break
        if here - there >= promised / 10:
            beta, here, damping = beta - step, there, damping / 10
        else:
            damping *= 10
    return beta
