"""One probability from all indicators that fired, allowing for the overlap between them.

The log odds of a declaration are those of the base, where nothing fires, plus a weight for each profile that
fired. Weights are never below zero, so that one more sign of risk cannot make a declaration look safer.

Before any control is known, a weight is the log odds by which the profile's hit rate exceeds the base rate,
divided by how many profiles it shares its declarations with (the sum of its Jaccard overlaps, itself
included), so that two copies of one profile weigh as one. Past controls move the weights together from
there: profiles that say the same thing share what they explain.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.rates import Floats, expit, logit

_WEIGHT_SPREAD: Final = 0.5
_TOGETHER_WEIGHT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Score:
    """The weights that turn fired profiles into one probability.

    Attributes:
        base: log odds where nothing fires.
        weights: log odds that each profile adds, 0 or more, shape (profiles,).
    """

    base: float
    weights: Floats

    @property
    def base_probability(self) -> float:
        """The probability where nothing fires."""
        return 1 / (1 + math.exp(-self.base))

    def contributions(self, fired: NDArray[np.bool_]) -> Floats:
        """Return the log odds that each profile adds to each declaration, shape of ``fired``."""
        return fired * self.weights

    def probability(self, fired: NDArray[np.bool_]) -> Floats:
        """Return the probability of a violation for each row of ``fired`` (declarations × profiles)."""
        return expit(self.base + fired @ self.weights)


def overlap_weights(fired: NDArray[np.bool_], direction: NDArray[np.int64]) -> Floats:
    """Return for each profile the share of its evidence that is its own, above 0 and at most 1.

    Without history a profile shares half its evidence with the others of its direction, however many they
    are, and nothing with those of other directions; measured overlap replaces that as declarations come in on
    which either fired.

    Args:
        fired: which profiles fired on past declarations, shape (declarations, profiles).
        direction: index of each profile's direction, shape (profiles,).

    Example:
        >>> fired = np.array([[True, True, False], [True, True, True]] * 500)
        >>> overlap_weights(fired, np.array([0, 0, 1])).round(2).tolist()
        [0.4, 0.4, 0.5]
    """
    ones = fired.astype(np.float64)
    both = ones.T @ ones
    alone = np.diag(both)
    either = alone[:, None] + alone[None, :] - both
    same = (direction[:, None] == direction[None, :]).astype(np.float64)
    prior = same / np.maximum(same.sum(axis=1) - 1, 1)
    jaccard = (both + _TOGETHER_WEIGHT * prior) / (either + _TOGETHER_WEIGHT)
    np.fill_diagonal(jaccard, 1.0)
    return np.asarray(1 / jaccard.sum(axis=1), dtype=np.float64)


def fit_score(
    *,
    hit_rate: Floats,
    base_rate: float,
    overlap: Floats,
    fired: NDArray[np.bool_],
    violation: NDArray[np.bool_],
) -> Score:
    """Fit the weights to past controls, held near what the hit rates alone would say.

    The base is given, not fitted: controlled declarations are mostly those that looked risky, so their share
    of violations says nothing of the rest. Given what fired, selection is taken to depend on nothing else.
    A logistic regression with normal priors and no negative weight, solved by projected Newton steps; without
    controls the weights are exactly their priors.

    Args:
        hit_rate: shrunk hit rate of each profile, strictly between 0 and 1, shape (profiles,).
        base_rate: share of violations where nothing fires, strictly between 0 and 1.
        overlap: from ``overlap_weights``, shape (profiles,).
        fired: profiles that fired on each controlled declaration, shape (controls, profiles).
        violation: whether the control found one, shape (controls,).

    Sources:
        [king2001] for a base that selection does not touch; [bertsekas1982] for the projected steps.
    """
    base = math.log(base_rate / (1 - base_rate))
    prior = np.maximum(logit(hit_rate) - base, 0.0) * overlap
    x, controls, violations = _alike(fired, violation)
    weights = prior.copy()

    def loss(tried: Floats) -> float:
        odds = base + x @ tried
        misfit = controls @ np.logaddexp(0.0, odds) - violations @ odds
        return float(misfit + ((tried - prior) ** 2).sum() / (2 * _WEIGHT_SPREAD**2))

    for _ in range(100):
        p = expit(base + x @ weights)
        gradient = x.T @ (controls * p - violations) + (weights - prior) / _WEIGHT_SPREAD**2
        held = (weights <= 0) & (gradient > 0)
        free = ~held
        if float(np.abs(gradient[free]).max(initial=0.0)) < 1e-8:
            break
        curvature = x[:, free].T @ (x[:, free] * (controls * p * (1 - p))[:, None])
        curvature += np.eye(int(free.sum())) / _WEIGHT_SPREAD**2
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(curvature, gradient[free])
        weights = _better(weights, step, loss)
    return Score(base=base, weights=weights)


def _alike(fired: NDArray[np.bool_], violation: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Put together controls on which the same profiles fired: few combinations are left of many controls.

    Returns:
        What fired as 0 or 1, one row a combination; controls and violations of each.
    """
    if not fired.size:
        return fired.astype(np.float64), np.zeros(len(fired)), np.zeros(len(fired))
    _, first, of = np.unique(np.packbits(fired, axis=1), axis=0, return_index=True, return_inverse=True)
    controls, found = np.bincount(of.ravel()), np.bincount(of.ravel(), weights=violation)
    return fired[first].astype(np.float64), controls.astype(np.float64), found.astype(np.float64)


def _better(weights: Floats, step: Floats, loss: Callable[[Floats], float]) -> Floats:
    """Take as much of a Newton step as does not raise the loss, keeping weights at 0 or above."""
    before = loss(weights)
    for halvings in range(30):
        tried: Floats = np.maximum(weights - step / 2**halvings, 0.0)
        if loss(tried) <= before:
            return tried
    return weights
