"""Folds that only look forward: a model is judged on days after everything it learned from was known."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def forward_folds(
    day: NDArray[np.int64], known_day: NDArray[np.int64], *, folds: int
) -> Iterator[tuple[Indices, Indices]]:
    """Yield training and validation rows, as indices, fold after fold.

    The days are cut into ``folds`` + 1 stretches with about as many rows each. Each stretch but the first
    is validated once; training for it may use the rows whose outcome was known before the stretch began.

    Args:
        day: the day on which each declaration was registered, counted from any day, shape (rows,).
        known_day: the day on which its outcome became known.
        folds: 1 or more; a stretch that would hold no day of its own yields no fold.

    Example:
        >>> day = np.array([1, 2, 3, 4]); known = np.array([1, 9, 3, 4])
        >>> [(train.tolist(), test.tolist()) for train, test in forward_folds(day, known, folds=1)]
        [([0], [2, 3])]
    """
    ordered = np.sort(day, kind="stable")
    places = (np.arange(1, folds + 1) * len(day)) // (folds + 1)
    begins = np.unique(ordered[places]) if len(day) else ordered
    for at, begin in enumerate(begins):
        within = day >= begin
        if at + 1 < len(begins):
            within &= day < begins[at + 1]
        yield np.flatnonzero((day < begin) & (known_day < begin)), np.flatnonzero(within)
