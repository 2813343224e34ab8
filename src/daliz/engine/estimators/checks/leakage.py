"""Has the future leaked into training? What was not yet known is shuffled; nothing may change."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def future_leakage(
    score: Callable[[Floats], ArrayLike], y: ArrayLike, known_day: ArrayLike, *, as_of_day: int, seed: int
) -> float:
    """Return the greatest change of a score when the outcomes that were not yet known are shuffled.

    A model that is trained as of a day may use no outcome that became known on that day or later: not as a
    label, not in a rate, not in any feature. So the whole way from outcomes to scores is gone twice: with the
    outcomes as they are, and with those of the future shuffled among themselves. The same data and seed give
    the same model, so if the rule is kept every score is the same and this is 0; whatever else it is was
    learned from the future.

    Args:
        score: builds features and model as of the day from the outcomes it is given, shape (rows,), and
            returns the scores of the rows to judge by.
        y: outcomes, 0 or 1, of all controls, those of the future too, shape (rows,).
        known_day: when each became known, counted in days from any day.
        as_of_day: the first day that training must not know.
        seed: of the shuffle.

    Sources:
        [kaufman2012]: "no time machine"; here it is tested rather than argued.

    Example:
        >>> y, known = [0.0, 1.0, 0.0, 1.0], [1, 2, 8, 9]
        >>> future_leakage(lambda seen: seen[:2], y, known, as_of_day=5, seed=1)
        0.0
        >>> future_leakage(lambda seen: seen[2:], y, known, as_of_day=5, seed=1)
        1.0
    """
    true = np.asarray(y, np.float64)
    future = np.flatnonzero(np.asarray(known_day) >= as_of_day)
    shuffled = true.copy()
    order = np.random.default_rng(seed).permutation(len(future))
    shuffled[future] = true[future][order]
    if np.array_equal(shuffled, true):  # all were alike, or chance moved nothing: say the contrary instead
        shuffled[future] = 1 - true[future]
    before, after = np.asarray(score(true.copy()), np.float64), np.asarray(score(shuffled), np.float64)
    return float(np.max(np.abs(after - before), initial=0.0))
