"""Isotonic calibration: the rising steps that fit best, joined by lines, held back where evidence is thin."""

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.calibration.beta import beta_fitted, beta_map

Floats = NDArray[np.float64]


def isotonic_knots(p: Floats, y: Floats, weight: Floats, strength: float) -> tuple[Floats, Floats]:
    """Return knots of a strictly rising map.

    Neighbours whose rates would fall are pooled into blocks. Each block's rate is then pulled to the smooth
    beta map, as if ``strength`` further controls had agreed with it, against the block's own effective number
    of controls (Kish); the beta map itself is pulled to the score as it is, as strongly, by all rows. Blocks
    that the pull brought out of order are pooled again. One knot stands at the middle of each block.

    Args:
        p: scores strictly between 0 and 1, shape (rows,).
        y: outcomes, 0 or 1.
        weight: how many declarations each row stands for, above 0.
        strength: controls that the score as it is counts for, above 0.

    Sources:
        [zadrozny2002]; [kish1965] for the effective number.

    Example:
        >>> p, y = np.array([0.1, 0.2, 0.6, 0.8]), np.array([0.0, 0.0, 1.0, 1.0])
        >>> x, rate = isotonic_knots(p, y, np.ones(4), strength=1e6)
        >>> x.round(2).tolist(), rate.round(2).tolist()
        ([0.15, 0.7], [0.15, 0.7])
    """
    order = np.argsort(p, kind="stable")
    values, first = np.unique(p[order], return_index=True)
    w = np.add.reduceat(weight[order], first)
    square = np.add.reduceat(weight[order] ** 2, first)
    rate = np.add.reduceat((weight * y)[order], first) / w
    blocks = pooled(rate, w)
    w, square, middle, rate = (
        _total(w, blocks),
        _total(square, blocks),
        _total(w * values, blocks) / _total(w, blocks),
        _total(w * rate, blocks) / _total(w, blocks),
    )
    effective = w * w / square
    smooth = beta_map(middle, beta_fitted(p, y, weight, strength))
    weights = effective + strength
    pulled = (effective * rate + strength * smooth) / weights
    while len(pulled) > 1 and not np.all(np.diff(pulled) > 0):
        blocks = pooled(pulled, weights)
        total = _total(weights, blocks)
        middle, pulled = _total(weights * middle, blocks) / total, _total(weights * pulled, blocks) / total
        weights = total
    return middle, pulled


def pooled(value: Floats, weight: Floats) -> NDArray[np.int64]:
    """Return where the blocks begin within which ``value`` must be averaged so that it strictly rises.

    Pool adjacent violators; equal neighbours are pooled too.

    Example:
        >>> pooled(np.array([1.0, 3.0, 2.0, 2.5, 4.0]), np.ones(5)).tolist()
        [0, 1, 4]
    """
    begins: list[int] = []
    sums: list[float] = []
    weights: list[float] = []
    for at, (v, w) in enumerate(zip(value.tolist(), weight.tolist(), strict=True)):
        begin, total, mass = at, v * w, w
        while begins and sums[-1] * mass >= total * weights[-1]:
            begin = begins.pop()
            total += sums.pop()
            mass += weights.pop()
        begins.append(begin)
        sums.append(total)
        weights.append(mass)
    return np.array(begins, np.int64)


def _total(value: Floats, begins: NDArray[np.int64]) -> Floats:
    return np.asarray(np.add.reduceat(value, begins), np.float64)
