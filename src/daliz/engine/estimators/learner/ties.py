"""The hierarchies by which findings are remembered: goods, ways, and everybody who had a hand in it."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from sys import intern
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.hierarchy import HierarchicalRate, Together
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.rates import Floats

OUTCOMES: Final = ("papers", "hidden")
"""What is told apart: what papers betray, and what only opening the goods reveals."""

HALF_LIFE_DAYS: Final = 90.0
STRENGTH: Final = 5.0
PRIOR_RATE: Final = 0.05
"""Belief before anything was found; replaced by the first findings."""


class Tie(NamedTuple):
    """One hierarchy: its name and the facts that name a place, the widest level first."""

    name: str
    levels: tuple[str, ...]


TIES: Final = (
    Tie("goods", ("item.hs_chapter", "item.hs_heading", "item.hs_subheading", "item.hs_code",
                  "item.origin_country")),
    Tie("way", ("declaration.departure_country", "declaration.office", "item.hs_subheading")),
    Tie("gate", ("declaration.border_office", "declaration.departure_country", "item.hs_heading")),
    Tie("trader", ("declaration.trader_id", "item.hs_heading")),
    Tie("trader_way", ("declaration.trader_id", "declaration.departure_country")),
    Tie("declarant", ("declaration.declarant_id", "item.hs_heading")),
    Tie("declarant_way", ("declaration.declarant_id", "declaration.departure_country", "declaration.office")),
    Tie("counterparty", ("declaration.counterparty_id", "item.hs_subheading")),
    Tie("carrier", ("declaration.carrier_id", "item.hs_heading")),
)  # fmt: skip
"""Rare places lean on what they are part of: goods of one origin on the code, the code on its subheading."""

Places = NDArray[np.object_]
"""What places items in the hierarchies: ``names()`` of each, None where unknown, shape (items, names)."""

_TOLD: Final = {tie.name: range(1, 1 + len(tie.levels)) for tie in TIES}
_TOLD_OF: Final = [of for of, tie in enumerate(TIES) for _ in _TOLD[tie.name]]
_TOLD_AT: Final = [level for tie in TIES for level in _TOLD[tie.name]]
"""Which levels are told: the hierarchy and the level of each."""


class Ties:
    """Rates of every hierarchy, brought forward by findings; told as of the night before."""

    def __init__(self) -> None:
        self._rates = [
            HierarchicalRate(
                tie.levels, strength=STRENGTH, half_life_days=HALF_LIFE_DAYS, prior_rate=PRIOR_RATE
            ).fit(np.empty((0, len(tie.levels)), object), np.empty((0, len(OUTCOMES))))
            for tie in TIES
        ]
        self._together: Together | None = None

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes."""
        return {tie.name: rate.kept() for tie, rate in zip(TIES, self._rates, strict=True)}

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the rates that were kept."""
        ties = cls()
        for tie, rate in zip(TIES, ties._rates, strict=True):
            rate.of_kept(tree[tie.name])
        return ties

    @staticmethod
    def places(texts: Mapping[str, Sequence[str | None]]) -> Places:
        """Return what places each item in the hierarchies; made once and kept with what was controlled.

        Each name is one text however many items have it: a year of controls holds the same few thousands.

        Args:
            texts: ``names`` of each item.
        """
        shared = [[word and intern(word) for word in texts[name]] for name in names()]
        return np.array(shared, dtype=object).T

    def learn(self, places: Places, outcomes: Floats, days: Floats, weight: Floats) -> None:
        """Take outcomes, or take them back by a negative weight.

        Args:
            places: of the items, from ``places``.
            outcomes: share of a violation found by item, NaN where it was not tried, shape (items, 2).
            days: on which it became known; the same when it is taken back.
            weight: 1, or -1 to take back.
        """
        self._together = None
        for columns, rate in zip(_COLUMNS, self._rates, strict=True):
            rate.partial_fit(places[:, columns], outcomes, weight, days=days)

    def columns(self, places: Places, day: int) -> Floats:
        """Return rates by outcome at each level and the evidence behind them, shape (items, columns).

        Ordered as ``column_names`` does.
        """
        together = self._together  # others may ask meanwhile
        if together is None:
            self._together = together = Together(self._rates)
        rows = places.tolist()
        rates, tried = together.levels_of([[pick(row) for row in rows] for pick in _PICK], day=float(day))
        told = np.concatenate([rates, tried.sum(axis=-1, keepdims=True)], axis=-1)
        return told[:, _TOLD_OF, _TOLD_AT].reshape(len(places), len(_TOLD_OF) * told.shape[-1])


def names() -> tuple[str, ...]:
    """Return the facts that the hierarchies ask for."""
    return tuple(dict.fromkeys(level for tie in TIES for level in tie.levels))


def column_names() -> list[str]:
    """Return the names of the columns, such as ``rate.goods.hs_heading.papers``."""
    told: list[str] = []
    for tie in TIES:
        for level in _TOLD[tie.name]:
            at = f"rate.{tie.name}.{tie.levels[level - 1].partition('.')[2]}"
            told += [f"{at}.{outcome}" for outcome in OUTCOMES]
            told.append(f"{at}.controls")
    return told


_COLUMNS: Final = [[names().index(level) for level in tie.levels] for tie in TIES]
"""Where the levels of each hierarchy stand among ``names()``."""
_PICK: Final = [itemgetter(*columns) for columns in _COLUMNS]
"""The place in each hierarchy, of ``names()``; every hierarchy has two levels or more."""
