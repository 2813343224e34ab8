"""What each feature added to a score, exactly: Shapley values along the paths of the trees.

A path to a leaf is a game of the features it asks: with a feature known, it is met or not; with it unknown,
it is met by the share of training rows that went that way. The Shapley value of a feature in such a product
is an integral over t from 0 to 1 of the product of the others, each between unknown (t = 0) and known
(t = 1): a polynomial, which Gauss-Legendre quadrature of half as many points integrates exactly.

Sources:
    [lundberg2020] for the path-dependent game (the library's ``pred_contrib``); [owen1972] for the integral.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daliz.engine.estimators.trees.exported import Trees
from daliz.engine.estimators.trees.forest import ZERO_BELOW

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Paths:
    """Every path from a root to a leaf; a step is one feature of a path with all its conditions.

    Attributes:
        value: leaf values, shape (paths,).
        feature: of each step, shape (longest, paths); the number of features where there is no step.
        cover: share of the training rows that go the path's way at this feature, 1 where there is no step.
        low: the step is met above this (NaN: no bound); shape as ``feature``.
        high: and up to this.
        unknown: whether the unknown meets the step.
        zero: whether the unknown counts as 0 instead.
    """

    value: Floats
    feature: Integers
    cover: Floats
    low: Floats
    high: Floats
    unknown: NDArray[np.bool_]
    zero: NDArray[np.bool_]


class Contributions:
    """Explains the raw scores of one model, on demand.

    Args:
        trees: the exported model; its counts of training rows are above 0.
    """

    def __init__(self, trees: Trees) -> None:
        self._trees = trees

    @cached_property
    def _paths(self) -> _Paths:
        return _paths(self._trees)

    @cached_property
    def base(self) -> float:
        """Return the mean raw score of the training rows, from which contributions lead to a row's score."""
        trees = self._trees
        total = 0.0
        for begin, end in pairwise(trees.leaf_start):
            value, count = trees.leaf_value[begin:end], trees.leaf_count[begin:end]
            total += float(value[0]) if len(value) == 1 else float((value * count).sum() / count.sum())
        return total

    def of(self, x: ArrayLike) -> Floats:
        """Return each feature's contribution to each row's raw score.

        With ``base`` they add up to the raw score; the unit is its own (log-odds for a probability).

        Args:
            x: features, NaN for unknown, shape (rows, features).

        Returns:
            shape (rows, features).
        """
        rows = np.asarray(x, np.float64)
        paths = self._paths
        longest = len(paths.feature)
        points, weights = np.polynomial.legendre.leggauss(max((longest + 1) // 2, 1))
        points, weights = (points + 1) / 2, weights / 2
        result = np.zeros((len(rows), len(self._trees.names)))
        for number, row in enumerate(rows):
            met = _met(paths, np.append(row, np.nan))
            total = np.zeros(met.shape)
            for t, weight in zip(points, weights, strict=True):
                factor = paths.cover * (1 - t) + met * t
                total += np.multiply.reduce(factor, axis=0) * weight / factor
            share = paths.value * (met - paths.cover) * total
            sums = np.bincount(paths.feature.ravel(), share.ravel(), minlength=result.shape[1] + 1)
            result[number] = sums[:-1]
        return result


def _met(paths: _Paths, row: Floats) -> NDArray[np.bool_]:
    """Tell which steps the row meets; a place without a step is always met."""
    seen = row[paths.feature]
    unknown = np.isnan(seen)
    seen = np.where((unknown & paths.zero) | (np.abs(seen) <= ZERO_BELOW), 0.0, seen)
    return np.where(unknown & ~paths.zero, paths.unknown, ~(seen <= paths.low) & (seen <= paths.high))


def _paths(trees: Trees) -> _Paths:
    """Walk every tree once and write its paths down."""
    found: list[tuple[float, dict[int, list[Any]]]] = []
    for tree in range(trees.n_trees):
        if trees.leaf_start[tree + 1] - trees.leaf_start[tree] > 1:
            _walk(trees, int(trees.node_start[tree]), int(trees.leaf_start[tree]), found)
    longest = max((len(steps) for _, steps in found), default=1)
    shape = (longest, len(found))
    paths = _Paths(
        value=np.array([value for value, _ in found], np.float64),
        feature=np.full(shape, len(trees.names), np.int64),
        cover=np.ones(shape),
        low=np.full(shape, np.nan),
        high=np.full(shape, np.inf),
        unknown=np.ones(shape, np.bool_),
        zero=np.zeros(shape, np.bool_),
    )
    for at, (_, steps) in enumerate(found):
        for step, (feature, (cover, low, high, unknown, zero)) in enumerate(steps.items()):
            paths.feature[step, at] = feature
            paths.cover[step, at], paths.low[step, at], paths.high[step, at] = cover, low, high
            paths.unknown[step, at], paths.zero[step, at] = unknown, zero
    return paths


def _walk(trees: Trees, root: int, leaf: int, found: list[tuple[float, dict[int, list[Any]]]]) -> None:
    """Add the paths of the tree whose nodes begin at ``root`` and whose leaves at ``leaf``."""
    waiting: list[tuple[int, dict[int, list[Any]]]] = [(0, {})]
    while waiting:
        place, steps = waiting.pop()
        if place < 0:
            found.append((float(trees.leaf_value[leaf - 1 - place]), steps))
            continue
        node = root + place
        feature, threshold = int(trees.feature[node]), float(trees.threshold[node])
        for goes_left, child in ((True, int(trees.left[node])), (False, int(trees.right[node]))):
            count = trees.node_count[root + child] if child >= 0 else trees.leaf_count[leaf - 1 - child]
            cover, low, high, unknown, zero = steps.get(feature, [1.0, np.nan, np.inf, True, False])
            step = [
                cover * float(count) / float(trees.node_count[node]),
                low if goes_left else float(np.fmax(low, threshold)),
                min(high, threshold) if goes_left else high,
                unknown and bool(trees.unknown_left[node]) is goes_left,
                zero or bool(trees.unknown_zero[node]),
            ]
            waiting.append((child, {**steps, feature: step}))
