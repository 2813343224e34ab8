"""Scoring by bits: up to 64 items at a time walk all trees of all models together.

A word carries one bit an item. For every condition (feature at most threshold) one word says for which items
it holds; from the roots down each node splits the word of those that reach it between its children; the
leaves' words then name the leaf of every item in every tree. No item is looked at twice, whatever the depth.

Sources:
    [lucchese2015] for conditions ordered by feature and threshold, and trees as words of bits;
    [ye2018] for words that carry items. Here the words carry items and numpy does the work on all trees.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.trees.arrays import Arrays

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[Any]  # unsigned, as wide as the items need

ZERO_BELOW: Final = float(np.float32(1e-35))  # LightGBM's kZeroThreshold: nearer to 0 than this is 0
_WORDS: Final = ((8, np.dtype("<u1")), (16, np.dtype("<u2")), (32, np.dtype("<u4")), (64, np.dtype("<u8")))


class Forest:
    """Trees of one or several models over the same columns, packed for scoring.

    Args:
        models: one or more; their ``names`` are equal.
    """

    def __init__(self, models: Sequence[Arrays]) -> None:
        starts = np.cumsum([0, *(model.n_trees for model in models)])
        self._trees_of = [slice(int(a), int(b)) for a, b in pairwise(starts)]
        self._width = len(models[0].names)
        conditions = self._number_conditions(models)
        self._lay_levels(models, conditions)

    def _number_conditions(self, models: Sequence[Arrays]) -> Integers:
        """Sort the distinct conditions; return the place of each node's condition, models one after another.

        Conditions on one feature that treat the unknown alike form a run, ordered by threshold.
        """
        feature = np.concatenate([model.feature for model in models])
        threshold = np.concatenate([model.threshold for model in models])
        left = np.concatenate([model.unknown_left for model in models])
        zero = np.concatenate([model.unknown_zero for model in models])
        kind = feature * 3 + np.where(zero, 2, left.astype(np.int64))
        kinds, run = np.unique(kind, return_inverse=True)
        keys = np.empty(len(run), np.complex128)  # numpy orders complex numbers by real part, then imaginary
        keys.real, keys.imag = run, threshold
        self._keys, place = np.unique(keys, return_inverse=True)
        self._column = kinds // 3
        self._as_zero = kinds % 3 == 2
        ends = np.searchsorted(self._keys.real, np.arange(len(kinds)), side="right")
        self._run_end = ends.astype(np.int64)
        begins = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
        self._unknown_at = np.where(kinds % 3 == 1, begins, ends).astype(np.int64)
        return np.asarray(place, np.int64)

    def _lay_levels(self, models: Sequence[Arrays], conditions: Integers) -> None:
        """Order all nodes by depth, and find where the words of children and leaves will stand."""
        nodes = np.cumsum([0, *(len(model.feature) for model in models)])
        shift = [np.repeat(m.node_start[:-1], np.diff(m.node_start)) for m in models]
        left = np.concatenate(
            [
                np.where(m.left >= 0, m.left + s + a, m.left)
                for m, s, a in zip(models, shift, nodes, strict=False)
            ]
        )
        right = np.concatenate(
            [
                np.where(m.right >= 0, m.right + s + a, m.right)
                for m, s, a in zip(models, shift, nodes, strict=False)
            ]
        )
        tree = np.repeat(
            np.arange(sum(m.n_trees for m in models)), np.concatenate([np.diff(m.node_start) for m in models])
        )
        sizes = np.concatenate([np.diff(m.leaf_start) for m in models])
        self._bits = max(int(sizes.max(initial=1)) - 1, 0).bit_length()
        # The words of a level's children stand together: left ones, then right ones.
        stands = np.zeros(len(left), np.int64)
        leaf_at = np.full((1 << self._bits, len(sizes)), 2 * len(left), np.int64)  # the last word is empty
        level = np.concatenate(
            [a + m.node_start[:-1][np.diff(m.node_start) > 0] for m, a in zip(models, nodes, strict=False)]
        )
        self._roots = len(level)
        self._levels: list[tuple[slice, Integers | None]] = []
        order: list[Integers] = []
        done = 0
        while len(level):
            at = slice(done, done + len(level))
            self._levels.append((at, stands[level] if done else None))
            order.append(level)
            below: list[Integers] = []
            for side, children in enumerate((left[level], right[level])):
                where = 2 * done + side * len(level) + np.arange(len(level))
                inner = children >= 0
                stands[children[inner]] = where[inner]
                leaf_at[-1 - children[~inner], tree[level][~inner]] = where[~inner]
                below.append(children[inner])
            done += len(level)
            level = np.concatenate(below)
        self._asked = conditions[np.concatenate(order)] if order else np.zeros(0, np.int64)
        self._leaf_at = leaf_at
        values = np.zeros((len(sizes), 1 << self._bits))
        held = np.arange(1 << self._bits) < sizes[:, None]
        values[held] = np.concatenate([m.leaf_value for m in models])
        self._value = values.ravel()
        self._value_start = (np.arange(len(sizes)) << self._bits)[:, None]

    def raw(self, x: Floats) -> Floats:
        """Return the sum of the leaves of each model for each row, shape (rows, models).

        A row's result does not depend, to the last bit, on the rows beside it.

        Args:
            x: features, NaN for unknown, shape (rows, features).
        """
        if x.ndim != 2 or x.shape[1] != self._width:
            message = f"expected rows of {self._width} features, found an array of shape {x.shape}"
            raise ValueError(message)
        result = np.empty((len(x), len(self._trees_of)))
        for begin in range(0, len(x), 64):
            part = slice(begin, min(begin + 64, len(x)))
            values = self._leaf_values(x[part])
            for model, trees in enumerate(self._trees_of):
                # Down the columns numpy adds one tree after another, as the library does.
                result[part, model] = values[trees].sum(axis=0)[: part.stop - part.start]
        return result

    def _leaf_values(self, x: Floats) -> Floats:
        """Return the value of the leaf that each item reaches in each tree, shape (trees, items).

        A single item gets an empty one beside it: a lone column numpy would add up in another order.
        """
        n = len(x)
        wide, word = next(pair for pair in _WORDS if n <= pair[0])
        everybody = word.type((1 << n) - 1)
        holds = self._conditions(x, word)
        asked = holds.take(self._asked)
        reached = np.empty(2 * len(asked) + 1, word)
        reached[-1] = 0
        for at, stands in self._levels:
            size = at.stop - at.start
            first = 2 * at.start
            go_left, go_right = reached[first : first + size], reached[first + size : first + 2 * size]
            here = everybody if stands is None else reached.take(stands)
            np.bitwise_and(here, asked[at], out=go_left)
            np.bitwise_xor(here, go_left, out=go_right)
        leaves = reached.take(self._leaf_at)
        number = np.zeros((leaves.shape[1], wide), np.uint8 if self._bits <= 8 else np.int64)
        for bit in range(self._bits):
            with_bit = leaves.reshape(-1, 2, 1 << bit, leaves.shape[1])[:, 1]
            items = np.bitwise_or.reduce(with_bit, axis=(0, 1))
            unpacked = np.unpackbits(items.view(np.uint8), bitorder="little").reshape(-1, wide)
            number |= unpacked.astype(number.dtype) << bit
        return np.asarray(self._value.take(number[:, : max(n, 2)] + self._value_start))

    def _conditions(self, x: Floats, word: np.dtype[Any]) -> Words:
        """Return, for each condition, the word of the items for which it holds.

        Along a run thresholds rise, so an item's bit switches on at one place and stays on: it is added
        there and taken away at the run's end, and a running sum does the rest.
        """
        seen = x.take(self._column, axis=1)
        seen[np.abs(seen) <= ZERO_BELOW] = 0.0
        unknown = np.isnan(seen)
        seen[unknown] = 0.0
        keys = np.empty(seen.shape, np.complex128)
        keys.real, keys.imag = np.arange(len(self._column)), seen
        on = np.where(unknown & ~self._as_zero, self._unknown_at, np.searchsorted(self._keys, keys))
        bit = (1 << np.arange(len(x), dtype=np.uint64)).astype(word)
        change = np.zeros(len(self._keys) + 1, word)
        np.add.at(change, on, bit[:, None])
        change[self._run_end] -= word.type(bit.sum(dtype=word))
        return change.cumsum(dtype=word)
