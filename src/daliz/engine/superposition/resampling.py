"""Days drawn again and again: how far a total over days may be off."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from daliz.engine.superposition.problem import Floats

DRAWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends between which it lies with the stated confidence."""

    value: float
    low: float
    high: float


def resampled(days: int, *, seed: int, draws: int = DRAWS) -> Floats:
    """Return how often each day is drawn in each of ``draws`` samples of as many days, shape (draws, days).

    Sources:
        [davison1997] for resampling whole days, within which declarations depend on each other.
    """
    if not days:
        return np.zeros((draws, 0))
    chance = np.random.default_rng(seed)
    return chance.multinomial(days, np.full(days, 1 / days), size=draws).astype(np.float64)


def estimate(value: float, drawn: Floats, *, level: float) -> Estimate:
    """Return a figure with the interval that its values over the samples span.

    Example:
        >>> estimate(2.0, np.arange(101.0), level=0.5)
        Estimate(value=2.0, low=25.0, high=75.0)
    """
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high))
