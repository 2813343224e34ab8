"""The arrays that say everything of boosted trees, and whether they hang together."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.trees.link import Link

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Arrays:
    """The trees of one model; nodes and leaves of all trees one after another.

    A node sends a row to its left child where the feature is at most the threshold, else to the right; what
    is unknown (NaN) goes where ``unknown_left`` says, or counts as 0 where ``unknown_zero`` says so. A value
    no further from 0 than 1e-35 (in single precision) counts as 0. Infinities are values like others.

    Attributes:
        names: features in the order of the columns.
        link: how the sum of the leaves becomes the prediction.
        sigmoid: factor of the sum under the link ``logistic``, above 0.
        node_start: first node of each tree and, last, the number of nodes; shape (trees + 1,).
        leaf_start: the same for leaves; each tree has one leaf more than nodes.
        feature: column that each node asks, shape (nodes,).
        threshold: the greatest value that goes left.
        unknown_left: whether NaN goes left.
        unknown_zero: whether NaN counts as 0, because training knew no NaN in this column.
        left: left child: a node of the same tree, counted from its first, or -1 - leaf.
        right: the right child, likewise.
        node_count: training rows that passed the node, shape (nodes,).
        leaf_value: what each leaf adds, shape (leaves,).
        leaf_count: training rows that ended in the leaf.
    """

    names: tuple[str, ...]
    link: Link
    sigmoid: float
    node_start: Integers
    leaf_start: Integers
    feature: Integers
    threshold: Floats
    unknown_left: NDArray[np.bool_]
    unknown_zero: NDArray[np.bool_]
    left: Integers
    right: Integers
    node_count: Integers
    leaf_value: Floats
    leaf_count: Integers

    @property
    def n_trees(self) -> int:
        """Return how many trees there are."""
        return len(self.node_start) - 1


def whole(trees: Arrays) -> bool:
    """Tell whether all arrays have their lengths and every node and leaf but the root is a child once."""
    nodes, leaves = len(trees.feature), len(trees.leaf_value)
    by_node = (trees.threshold, trees.unknown_left, trees.unknown_zero, trees.left, trees.right)
    if (
        trees.link not in get_args(Link)
        or any(len(array) != nodes for array in (*by_node, trees.node_count))
        or len(trees.leaf_count) != leaves
        or not _starts(trees.node_start, nodes)
        or not _starts(trees.leaf_start, leaves)
        or len(trees.node_start) != len(trees.leaf_start)
        or bool(np.any(np.diff(trees.leaf_start) != np.diff(trees.node_start) + 1))
        or bool(np.any((trees.feature < 0) | (trees.feature >= len(trees.names))))
    ):
        return False
    for tree in range(trees.n_trees):
        at = slice(int(trees.node_start[tree]), int(trees.node_start[tree + 1]))
        children = np.concatenate([trees.left[at], trees.right[at]])
        n = at.stop - at.start
        inner = np.sort(children[children >= 0])
        ends = np.sort(-1 - children[children < 0])
        below = np.concatenate([np.arange(n), np.arange(n)])
        if (
            not np.array_equal(inner, np.arange(1, n))
            or (n > 0 and not np.array_equal(ends, np.arange(n + 1)))
            or bool(np.any((children >= 0) & (children <= below)))
        ):
            return False
    return True


def _starts(starts: Integers, total: int) -> bool:
    return bool(len(starts) > 0 and starts[0] == 0 and starts[-1] == total and np.all(np.diff(starts) >= 0))
