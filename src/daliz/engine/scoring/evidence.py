"""One probability from all indicators that fired, allowing for the overlap between them.

Each profile brings evidence: by how much its hit rate exceeds the base rate, in log odds; never below zero,
so that one more sign of risk cannot make a declaration look safer. Profiles that fire together say the same
thing more than once: each one's evidence is divided by how many profiles it shares its declarations with
(the sum of its Jaccard overlaps, itself included), so that two copies of one profile weigh as one. What
overlap remains, and any dependence beyond pairs, is taken up by one slope fitted to the findings.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.rates import Floats, expit, logit

_SLOPE_SPREAD: Final = 0.5
_TOGETHER_WEIGHT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Score:
    """The weights that turn fired profiles into one probability.

    Attributes:
        base: log odds where nothing fires.
        evidence: log odds that each profile adds before the slope, 0 or more, shape (profiles,).
        slope: what the findings leave of the summed evidence, above 0.
    """

    base: float
    evidence: Floats
    slope: float

    @property
    def base_probability(self) -> float:
        """The probability where nothing fires."""
        return 1 / (1 + math.exp(-self.base))

    def contributions(self, fired: NDArray[np.bool_]) -> Floats:
        """Return the log odds that each profile adds to each declaration, shape of ``fired``."""
        return fired * (self.slope * self.evidence)

    def probability(self, fired: NDArray[np.bool_]) -> Floats:
        """Return the probability of a violation for each row of ``fired`` (declarations × profiles)."""
        return expit(self.base + fired @ (self.slope * self.evidence))


def overlap_weights(fired: NDArray[np.bool_], direction: NDArray[np.int64]) -> Floats:
    """Return for each profile the share of its evidence that is its own, above 0 and at most 1.

    Without history two profiles of one direction are taken for one and those of different directions for
    strangers; measured overlap replaces that as declarations come in on which either fired.

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
    prior = (direction[:, None] == direction[None, :]).astype(np.float64)
    jaccard = (both + _TOGETHER_WEIGHT * prior) / (either + _TOGETHER_WEIGHT)
    np.fill_diagonal(jaccard, 1.0)
    return np.asarray(1 / jaccard.sum(axis=1), dtype=np.float64)


def fit_score(
    *,
    hit_rate: Floats,
    base_rate: float,
    weights: Floats,
    fired: NDArray[np.bool_],
    violation: NDArray[np.bool_],
) -> Score:
    """Fit the slope to past controls, held near 1, which is what the rates alone would say.

    The base is given, not fitted: controlled declarations are mostly those that looked risky, so their share
    of violations says nothing of the rest. Given what fired, selection is taken to depend on nothing else.
    A penalised logistic regression in one number, by Newton's method; without controls the slope is 1.

    Args:
        hit_rate: shrunk hit rate of each profile, strictly between 0 and 1, shape (profiles,).
        base_rate: share of violations where nothing fires, strictly between 0 and 1.
        weights: from ``overlap_weights``, shape (profiles,).
        fired: profiles that fired on each controlled declaration, shape (controls, profiles).
        violation: whether the control found one, shape (controls,).

    Sources:
        [platt1999] for the slope; [king2001] for a base that selection does not touch.
    """
    base = math.log(base_rate / (1 - base_rate))
    evidence = np.maximum(logit(hit_rate) - base, 0.0) * weights
    x = fired @ evidence
    slope = 1.0
    for _ in range(50):
        p = expit(base + slope * x)
        gradient = float((p - violation) @ x) + (slope - 1) / _SLOPE_SPREAD**2
        curvature = float((p * (1 - p)) @ (x * x)) + 1 / _SLOPE_SPREAD**2
        step = gradient / curvature
        slope -= min(max(step, -0.5), 0.5)
        if abs(step) < 1e-10:
            break
    return Score(base=base, evidence=evidence, slope=max(slope, 0.05))
