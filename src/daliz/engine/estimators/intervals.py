"""How sure a share is: intervals for hit rates, plain and weighted by how likely control was."""

import math
from dataclasses import dataclass
from statistics import NormalDist


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
    rate = min(cell.found / cell.weight, 1.0)
    effective = cell.weight**2 / cell.square
    scatter = cell.found_square * (1 - 2 * rate) + rate**2 * cell.square
    if cell.controlled > 1 and 0 < rate < 1:
        variance = scatter / cell.weight**2 * cell.controlled / (cell.controlled - 1)
        effective = min(effective, rate * (1 - rate) / variance)
    return wilson(rate * effective, effective, level=level)


def combined(cells: list[Cell], *, level: float) -> Interval:
    """Return the share of violations over cells, each as large as it is, whatever was controlled in it.

    The ends come from the distances of the cells' own ends to their rates, added as squares: no cell has to
    have found anything for the interval to be honest.

    Sources:
        [yan2010], stratified Wilson intervals; [zou2008], recovery of variance from the ends.

    Example:
        >>> sure, chance = Cell(50, 50, 50.0, 30.0, 50.0, 30.0), Cell(50, 5, 50.0, 0.0, 500.0, 0.0)
        >>> interval = combined([sure, chance], level=0.9)
        >>> interval.rate, round(interval.low, 2), round(interval.high, 2)
        (0.3, 0.24, 0.48)
    """
    cells = [cell for cell in cells if cell.size]
    total = sum(cell.size for cell in cells)
    if not total:
        return NOTHING_KNOWN
    parts = [(cell.size / total, weighted(cell, level=level)) for cell in cells]
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
