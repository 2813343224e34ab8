"""Categories as numbers: how often what carries them was found in violation, never told by its own result."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

PRIOR_WEIGHT: Final = 10.0
"""Items that the overall rate counts for in each category."""
FOLDS: Final = 5


class Codes:
    """Numbers for the values of one category, given out as they appear."""

    def __init__(self) -> None:
        self._known: dict[str | None, int] = {}

    def of(self, values: Sequence[str | None]) -> Whole:
        """Return the number of each value; unknown is a value of its own.

        Example:
            >>> Codes().of(["b", "a", "b", None]).tolist()
            [0, 1, 0, 2]
        """
        known = self._known
        return np.array([known.setdefault(value, len(known)) for value in values], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._known)


def rates(codes: Whole, hits: Floats, size: int) -> Floats:
    """Return the smoothed rate of each value of a category, the overall one without items, shape (size,).

    Args:
        codes: of the items with a label, shape (n,).
        hits: 1 for a violation, shape (n,).
        size: how many values there are.
    """
    seen = np.bincount(codes, minlength=size)
    found = np.bincount(codes, weights=hits, minlength=size)
    smoothed: Floats = (found + PRIOR_WEIGHT * hits.mean()) / (seen + PRIOR_WEIGHT)
    return smoothed


def out_of_fold(codes: Whole, hits: Floats, folds: Whole, size: int) -> Floats:
    """Return for each item the rate of its value over the items of other folds, shape (n,).

    Args:
        codes: of the items with a label, shape (n,).
        hits: 1 for a violation, shape (n,).
        folds: 0 to ``FOLDS`` - 1 of each; items of one declaration share one.
        size: how many values there are.

    Sources:
        [micci2001].

    Example:
        >>> hits, folds = np.array([1.0, 0.0, 0.0, 0.0]), np.array([0, 1, 2, 3])
        >>> out_of_fold(np.array([0, 0, 1, 1]), hits, folds, 2).round(3).tolist()
        [0.227, 0.318, 0.227, 0.227]
    """
    encoded = np.empty(len(codes))
    base = hits.mean()
    seen = np.bincount(codes, minlength=size)
    found = np.bincount(codes, weights=hits, minlength=size)
    for fold in range(FOLDS):
        own = folds == fold
        at = codes[own]
        others = seen - np.bincount(at, minlength=size)
        theirs = found - np.bincount(at, weights=hits[own], minlength=size)
        encoded[own] = (theirs[at] + PRIOR_WEIGHT * base) / (others[at] + PRIOR_WEIGHT)
    return encoded
