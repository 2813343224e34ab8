"""Running medians of a ratio by goods and origin, each as of before the values that are compared with it."""

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ENOUGH: Final = 8
"""Values that a median needs; with fewer, a wider group is asked."""


class Medians:
    """Sorted values by group, from narrow to wide: code and origin, code, six digits, four."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, ...], list[float]] = defaultdict(list)

    def deviations(
        self, values: Floats, codes: Sequence[str | None], origins: Sequence[str | None]
    ) -> Floats:
        """Return the log of each value over the median of its narrowest group with enough; then learn all.

        Args:
            values: of the items of a day, shape (n,); NaN where unknown.
            codes: commodity code of each.
            origins: country of origin of each.

        Returns:
            Shape (n,); NaN where the value, or a median, is unknown.

        Example:
            >>> medians, codes = Medians(), ["6403"] * 8
            >>> medians.deviations(np.full(8, 5.0), codes, ["CN"] * 8).tolist()[:2]
            [nan, nan]
            >>> medians.deviations(np.array([2.5]), ["6403"], ["TR"]).round(3).tolist()
            [-0.693]
        """
        out = np.full(len(values), np.nan)
        usable = np.isfinite(values) & (values > 0)
        places = np.flatnonzero(usable).tolist()
        for i in places:
            for group in _groups(codes[i], origins[i]):
                known = self._values.get(group, ())
                if len(known) >= ENOUGH:
                    out[i] = np.log(values[i] / known[len(known) // 2])
                    break
        for i in places:
            for group in _groups(codes[i], origins[i]):
                insort(self._values[group], float(values[i]))
        return out


def _groups(code: str | None, origin: str | None) -> list[tuple[str, ...]]:
    """Return the groups of an item, narrow first, each once."""
    if code is None:
        return []
    wide = dict.fromkeys((code, code[:6], code[:4]))
    return [(code, origin or ""), *((digits,) for digits in wide)]
