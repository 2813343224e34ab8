"""What a code costs: payments as a share of customs value, learned from declarations."""

from collections import deque
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final, Self

import numpy as np

from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.rates import Floats

_KEPT: Final = 255
"""Latest shares of a code that its median rests on."""


class Burdens:
    """The median share of payments in customs value by code, over the latest declarations.

    A median, so that a few false values do not move it; give NaN for items whose payments say nothing of the
    code: preference claimed, transit, value unknown.

    Example:
        >>> burdens = Burdens()
        >>> burdens.learn(["4011100003", "4011100003", "4016999708"], np.array([0.24, 0.23, np.nan]))
        >>> burdens.by_code()
        {'4011100003': 0.235}
    """

    def __init__(self) -> None:
        self._shares: dict[str, deque[float]] = {}
        self._medians: dict[str, float] = {}

    def learn(self, codes: Sequence[str | None], shares: Floats) -> None:
        """Learn a day.

        Args:
            codes: as declared.
            shares: duty, taxes and excise divided by customs value, 0 or more; NaN teaches nothing.
        """
        told = set()
        for code, share in zip(codes, np.asarray(shares, dtype=np.float64).tolist(), strict=True):
            if code is not None and share >= 0:
                self._shares.setdefault(code, deque(maxlen=_KEPT)).append(share)
                told.add(code)
        if told:
            self._medians = self._medians | {code: median(self._shares[code]) for code in sorted(told)}

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes: medians alone, from which nothing more is learned."""
        return {"codes": list(self._medians), "medians": np.array(list(self._medians.values()), np.float64)}

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the burdens that were kept."""
        burdens = cls()
        burdens._medians = dict(zip(tree["codes"], tree["medians"].tolist(), strict=True))
        return burdens

    def by_code(self) -> Mapping[str, float]:
        """Return the burden of each code that has one: the same mapping until something is learned."""
        return self._medians
