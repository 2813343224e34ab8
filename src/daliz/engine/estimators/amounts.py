"""How sure a sum is: intervals for money, harm and counts that a few large finds make up."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum with the ends between which it lies with the stated confidence; 0 or more.

    Attributes:
        value: the estimate; None where nothing could be found.
        low: lower end.
        high: upper end; infinite where nothing is known.
    """

    value: float | None
    low: float
    high: float

    def times(self, factor: float) -> "Amount":
        """Return the amount in another unit.

        Example:
            >>> Amount(4.0, 2.0, 8.0).times(0.5)
            Amount(value=2.0, low=1.0, high=4.0)
        """
        return Amount(
            None if self.value is None else self.value * factor, self.low * factor, self.high * factor
        )


NO_AMOUNT = Amount(None, 0.0, math.inf)


def amount(total: float, square: float, largest: float, *, level: float) -> Amount:
    """Return the interval of a sum of finds, each of which comes by chance and is as large as it is.

    Finds are rare and of very unequal size, so a normal interval would be too short and may fall below 0.
    Each find is taken as a rare event (Poisson) whose size is its weight; the ends are quantiles of the
    gamma distributions with the same mean and variance, the upper one with one find of the largest size
    added. Of finds greater than ``largest`` it cannot tell: the longer the tail, the more to remember that.
    Where no find of any size is known there is no upper end.

    Args:
        total: sum of the finds, each multiplied by the declarations it stands for, 0 or more.
        square: sum of the squares of the same.
        largest: the largest find that must be reckoned with, at least the largest in the sum.
        level: confidence, between 0 and 1.

    Sources:
        [fay1997]; with finds of size 1 it is the exact interval of [garwood1936].

    Example:
        >>> amount(10.0, 10.0, 1.0, level=0.9)  # ten finds of size 1
        Amount(value=10.0, low=5.425, high=16.962)
        >>> amount(0.0, 0.0, 1.0, level=0.9)
        Amount(value=0.0, low=0.0, high=2.996)
    """
    tail = (1 - level) / 2
    low = _gamma(total, square, tail) if total > 0 else 0.0
    if largest <= 0:
        return Amount(total, 0.0, math.inf)
    high = _gamma(total + largest, square + largest**2, 1 - tail)
    return Amount(total, round(low, 3), round(high, 3))


def _gamma(mean: float, variance: float, quantile: float) -> float:
    """Return a quantile of the gamma distribution with this mean and variance."""
    from scipy.special import gammaincinv  # noqa: PLC0415 -- half a second, which no other command needs

    return float(variance / mean * gammaincinv(mean * mean / variance, quantile))
