"""Hit rates by empirical Bayes: a profile with few controls borrows from its direction."""

from dataclasses import dataclass
from math import lgamma
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STRENGTHS: Final = np.geomspace(2.0, 500.0, 60)
_Z90: Final = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Rates:
    """Shrunk hit rates, one for each profile.

    Attributes:
        mean: posterior mean, 0 to 1, shape (profiles,).
        low: lower end of the 90 % credible interval.
        high: its upper end.
        controlled: declarations on which the profile fired and that were controlled.
        found: of these, with a violation.
        strength: how many controls the prior weighs as much as, found from the profiles' own spread.
    """

    mean: Floats
    low: Floats
    high: Floats
    controlled: Floats
    found: Floats
    strength: float


def hit_rates(
    *,
    found: Floats,
    controlled: Floats,
    direction: NDArray[np.int64],
    direction_prior: Floats,
    prior_weight: Floats,
) -> Rates:
    """Estimate each profile's hit rate, shrunk to the rate of its direction.

    A direction's own rate starts from the pack's prior, which weighs as much as ``prior_weight`` controls,
    and moves with the findings of its profiles. How strongly a profile is pulled to it is the strength under
    which all profiles' counts together are most likely (beta-binomial marginal likelihood).

    Args:
        found: controls that found a violation, shape (profiles,).
        controlled: controls in all, at least ``found``.
        direction: index of each profile's direction.
        direction_prior: the pack's hit rate of each direction, strictly between 0 and 1, shape (directions,).
        prior_weight: controls that each prior is worth, above 0, shape (directions,).

    Sources:
        [efron2010] chapter 1; [gelman2013] section 5.3.

    Example:
        >>> rates = hit_rates(found=np.array([30.0, 0.0]), controlled=np.array([100.0, 0.0]),
        ...     direction=np.array([0, 0]), direction_prior=np.array([0.1]), prior_weight=np.array([20.0]))
        >>> bool(0.25 < rates.mean[0] < 0.31), bool(0.2 < rates.mean[1] < 0.3)
        (True, True)
    """
    pooled = direction_prior * prior_weight
    total = prior_weight.copy()
    np.add.at(pooled, direction, found)
    np.add.at(total, direction, controlled)
    centre = (pooled / total)[direction]
    strength = _likeliest_strength(found, controlled, centre)
    a = found + strength * centre
    b = controlled - found + strength * (1 - centre)
    mean = a / (a + b)
    spread = _Z90 * np.sqrt(1 / a + 1 / b)
    return Rates(
        mean=mean,
        low=expit(logit(mean) - spread),
        high=expit(logit(mean) + spread),
        controlled=controlled,
        found=found,
        strength=strength,
    )


def _likeliest_strength(found: Floats, controlled: Floats, centre: Floats) -> float:
    """Return the prior strength under which the counts are most likely; the weakest grid value that ties."""
    seen = controlled > 0
    if not seen.any():
        return float(_STRENGTHS[len(_STRENGTHS) // 2])
    gains = [
        sum(
            _log_beta(x + s * m, n - x + s * (1 - m)) - _log_beta(s * m, s * (1 - m))
            for x, n, m in zip(found[seen], controlled[seen], centre[seen], strict=True)
        )
        for s in _STRENGTHS
    ]
    return float(_STRENGTHS[int(np.argmax(gains))])


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def logit(p: Floats) -> Floats:
    """Return log odds of probabilities strictly between 0 and 1."""
    return np.log(p) - np.log1p(-p)


def expit(x: Floats) -> Floats:
    """Return the probabilities of log odds, without overflow at either end."""
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))
