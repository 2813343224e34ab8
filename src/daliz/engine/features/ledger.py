"""Histories kept by key: one way to write them, one SQL to ask them.

A ledger says, per key (a trader, a route, a trader at an office), which rows count and while. A row counts at
a moment ``at`` when ``since < at <= until``. What is asked is answered by running sums of the rows that come
and go, so that a year of days costs one pass and not one pass a day:

- ``Sum``: the sum of an amount over the rows that count;
- ``Distinct``: how many different values of a column they have;
- ``First`` and ``Last``: the least or greatest day among them, null if there is none.

The declaration that asks is never in its own history. Only amended declarations could be; for them what
their own rows contribute is taken out again.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of the rows of ``source``; each is SQL over the columns of that relation.

    Attributes:
        source: relation with the columns of the key, ``d`` and ``event_day``.
        since: the moment after which a row counts.
        until: the last moment at which it counts.
        of: what is summed, told apart or compared; a row where it is null does not count.
        where: which rows count at all.
    """

    source: str
    since: str
    until: str
    of: str
    where: str = "true"


class Sum(Kept):
    """Sum of ``of``."""


class Distinct(Kept):
    """Number of different ``of``."""


class First(Kept):
    """Least ``of``."""


class Last(Kept):
    """Greatest ``of``."""


Measure: TypeAlias = Sum | Distinct | First | Last


@dataclass(frozen=True, slots=True)
class Ledger:
    """A history by key.

    Attributes:
        name: unique among ledgers; also the name of its snapshot.
        keys: columns of the key, of the measures' sources and of the probe; a null in any means unknown.
        measures: what is kept.
        facts: feature name to SQL over the names of measures and ``day``.
        probe: relation that asks.
        answer: column of the probe that identifies who asks: ``h`` or ``row``.
        moment: column of the probe that is ``at``: ``day`` or ``instant``.
        amount: SQL type of the sums.
        greatest: one who asks may ask of several keys; the greatest answer counts.
        within_day: the last column of the key is ``day``, which in the sources is ``event_day``.
    """

    name: str
    keys: tuple[str, ...]
    measures: Mapping[str, Measure]
    facts: Mapping[str, str]
    probe: str = "probe"
    answer: Literal["h", "row"] = "h"
    moment: Literal["day", "instant"] = "day"
    amount: str = "BIGINT"
    greatest: bool = False
    within_day: bool = False

    def needed(self, names: Collection[str]) -> dict[str, Measure]:
        """Return the measures that the features ``names`` rest on, in order."""
        words = {
            word for name, sql in self.facts.items() if name in names for word in re.findall(r"\w+", sql)
        }
        return {name: measure for name, measure in self.measures.items() if name in words}

    @property
    def key_list(self) -> str:
        """The key's columns, for a SELECT."""
        return ", ".join(self.keys)

    @property
    def kept_keys(self) -> str:
        """The key's columns as the sources have them, under the key's names, for a SELECT."""
        if not self.within_day:
            return self.key_list
        return ", ".join((*self.keys[:-1], "event_day AS day"))

    def same_key(self, left: str, right: str) -> str:
        """Return the condition that two relations have the same key."""
        return " AND ".join(f"{left}.{key} = {right}.{key}" for key in self.keys)

    def known_key(self, relation: str) -> str:
        """Return the condition that no part of the key is null."""
        return " AND ".join(f"{relation}.{key} IS NOT NULL" for key in self.keys)
