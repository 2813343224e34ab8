"""How sure a share is: intervals for hit rates, plain and weighted by how likely control was."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

LARGEST_WEIGHT: Final = 200
"""No control stands for more declarations than this; what the cap changed is counted."""
CERTAIN: Final = 0.9995
"""From this propensity on a control is taken to be certain."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with the ends between which it lies with the stated confidence.

    Attributes:
        rate: the estimate, 0 to 1; None where some part of what it speaks of was never looked at.
        low: lower end, 0 to 1.
        high: upper end, 0 to 1.
    """

    rate: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cell:
    """Declarations that had a chance of control of one kind, and those of them that were controlled.

    Attributes:
        size: declarations in the cell, controlled or not.
        controlled: how many were controlled.
        weight: sum of 1 / propensity over the controlled.
        found: the same over those with a violation.
        square: sum of 1 / propensity² over the controlled.
        found_square: the same over those with a violation.
    """

    size: int
    controlled: int
    weight: float
    found: float
    square: float
    found_square: float


NOTHING_KNOWN = Interval(None, 0.0, 1.0)


def wilson(found: float, controlled: float, *, level: float) -> Interval:
    """Return Wilson's score interval for a share of independent trials.

    Args:
        found: successes, 0 or more; need not be whole.
        controlled: trials, at least ``found``; need not be whole (an effective sample size).
        level: confidence, between 0 and 1.

    Sources:
        [wilson1927]; [brown2001] recommends it from small samples on.

    Example:
        >>> interval = wilson(2, 10, level=0.95)
        >>> round(interval.low, 4), round(interval.high, 4)
        (0.0567, 0.5098)
    """
    if controlled <= 0:
        return NOTHING_KNOWN
    z = NormalDist().inv_cdf(0.5 + level / 2)
    rate = found / controlled
    middle = (rate + z * z / (2 * controlled)) / (1 + z * z / controlled)
    spread = z * math.sqrt(rate * (1 - rate) / controlled + (z / (2 * controlled)) ** 2)
    spread /= 1 + z * z / controlled
    low = 0.0 if found <= 0 else max(middle - spread, 0.0)
    return Interval(rate, low, 1.0 if found >= controlled else min(middle + spread, 1.0))


def ratio(upper: Interval, lower: Interval) -> Interval:
    """Return how many times a share is as great as another, independent one, from both intervals.

    The ends recover the variance from the distance of each part's ends to its estimate (MOVER). The upper end
    is infinite where the lower share may be 0, and the estimate unknown where either is or the lower is 0.

    Sources:
        [donner2012], confidence limits for a ratio of independent parameters.

    Example:
        >>> lift = ratio(wilson(30, 100, level=0.9), wilson(10, 100, level=0.9))
        >>> [round(end, 2) for end in (lift.rate or 0.0, lift.low, lift.high)]
        [3.0, 1.74, 5.19]
    """
    if upper.rate is None or lower.rate is None:
        return Interval(None, 0.0, math.inf)
    a, b = upper.rate, lower.rate
    low_top = (a * b) ** 2 - upper.low * lower.high * (2 * a - upper.low) * (2 * b - lower.high)
    high_top = (a * b) ** 2 - upper.high * lower.low * (2 * a - upper.high) * (2 * b - lower.low)
    low_under, high_under = lower.high * (2 * b - lower.high), lower.low * (2 * b - lower.low)
    low = (a * b - math.sqrt(max(low_top, 0.0))) / low_under if low_under else 0.0
    high = (a * b + math.sqrt(max(high_top, 0.0))) / high_under if high_under > 0 else math.inf
    return Interval(a / b if b else None, low if low > 0 else 0.0, high)


def weighted(cell: Cell, *, level: float) -> Interval:
    """Return the share of violations in a cell, each control counting for those it stands for.

    Hájek's ratio of the weights; Wilson's interval with the effective sample size, which is the smaller of
    what unequal weights leave (Kish) and what the weighted outcomes themselves show.

    Sources:
        [hajek1971]; [kish1965] for the effective size; [franco2019] for Wilson's interval with it.

    Example:
        >>> interval = weighted(Cell(100, 10, 100.0, 20.0, 1000.0, 200.0), level=0.95)
        >>> round(interval.low, 3), round(interval.high, 3)
        (0.053, 0.526)
    """
    if cell.controlled <= 0 or cell.weight <= 0:
        return NOTHING_KNOWN
    rate, effective = _effective(cell)
    return wilson(rate * effective, effective, level=level)


def sampled(cell: Cell, *, level: float) -> Interval:
    """Return the share of violations in a cell from which controls were drawn by chance, as ``weighted``.

    What was drawn from a finite number says more of it than of an endless stream: the variance shrinks by the
    share that was not drawn. Where all were, nothing is left to be unsure of.

    Sources:
        [cochran1977] section 2.6; otherwise as ``weighted``.

    Example:
        >>> half, few = (sampled(Cell(size, 50, 50.0, 5.0, 50.0, 5.0), level=0.9) for size in (100, 100_000))
        >>> [round(end, 3) for end in (half.low, half.high, few.low, few.high)]
        [0.06, 0.161, 0.049, 0.193]
    """
    if cell.controlled <= 0 or cell.weight <= 0:
        return NOTHING_KNOWN
    rate, effective = _effective(cell)
    left = 1 - cell.controlled / cell.size
    if left <= 0:
        return Interval(rate, rate, rate)
    return wilson(rate * effective / left, effective / left, level=level)


def variance_of(cell: Cell) -> float | None:
    """Return the variance of the share that ``sampled`` estimates; None with fewer than two controls.

    Example:
        >>> variance_of(Cell(100, 50, 50.0, 5.0, 50.0, 5.0))  # 0.1 * 0.9 / 49 * (1 - 50 / 100)
        0.0009183673469387755
    """
    if cell.controlled < 2 or cell.weight <= 0:
        return None
    rate = min(cell.found / cell.weight, 1.0)
    return _scatter(cell, rate) * max(1 - cell.controlled / cell.size, 0.0)


def _effective(cell: Cell) -> tuple[float, float]:
    """Return the weighted rate and the number of plain controls that would tell as much."""
    rate = min(cell.found / cell.weight, 1.0)
    effective = cell.weight**2 / cell.square
    if cell.controlled > 1 and 0 < rate < 1:
        effective = min(effective, rate * (1 - rate) / _scatter(cell, rate))
    return rate, effective


def _scatter(cell: Cell, rate: float) -> float:
    """Return the variance of the rate as the weighted outcomes show it."""
    scatter = cell.found_square * (1 - 2 * rate) + rate**2 * cell.square
    return scatter / cell.weight**2 * cell.controlled / (cell.controlled - 1)


def combined(cells: list[Cell], *, level: float) -> Interval:
    """Return the share of violations over cells, each as large as it is, whatever was controlled in it.

    As ``stratified``, each cell's own share being ``weighted``.

    Sources:
        [yan2010], stratified Wilson intervals; [zou2008], recovery of variance from the ends.

    Example:
        >>> sure, chance = Cell(50, 50, 50.0, 30.0, 50.0, 30.0), Cell(50, 5, 50.0, 0.0, 500.0, 0.0)
        >>> interval = combined([sure, chance], level=0.9)
        >>> interval.rate, round(interval.low, 2), round(interval.high, 2)
        (0.3, 0.24, 0.48)
    """
    return stratified([(cell.size, weighted(cell, level=level)) for cell in cells])


def stratified(strata: list[tuple[int, Interval]]) -> Interval:
    """Return the share over strata, from the size and the share of each.

    The ends come from the distances of the strata's own ends to their shares, added as squares: none has to
    have found anything for the interval to be honest. Where nothing is known of some stratum, the whole is
    only bounded.

    Sources:
        [yan2010], stratified Wilson intervals; [zou2008], recovery of variance from the ends.

    Example:
        >>> import_, export = wilson(8, 100, level=0.9), wilson(0, 20, level=0.9)
        >>> interval = stratified([(900, import_), (100, export)])
        >>> round(interval.rate or 0.0, 3), round(interval.low, 3), round(interval.high, 3)
        (0.072, 0.041, 0.124)
    """
    strata = [(size, part) for size, part in strata if size]
    total = sum(size for size, _ in strata)
    if not total:
        return NOTHING_KNOWN
    parts = [(size / total, part) for size, part in strata]
    rates = [part.rate for _, part in parts]
    if None in rates:
        return Interval(
            None,
            sum(share * part.low for share, part in parts),
            sum(share * part.high for share, part in parts),
        )
    known = [
        (share, part, rate) for (share, part), rate in zip(parts, rates, strict=True) if rate is not None
    ]
    rate = sum(share * own for share, _, own in known)
    below = math.sqrt(sum((share * (own - part.low)) ** 2 for share, part, own in known))
    above = math.sqrt(sum((share * (part.high - own)) ** 2 for share, part, own in known))
    return Interval(rate, max(rate - below, 0.0), min(rate + above, 1.0))
