"""Histories kept by key: one way to write them, one SQL to ask them.

A ledger says, per key (a trader, a route, a trader at an office), which rows count and while. A row counts at
a moment ``at`` when ``since < at <= until``. What is asked is answered by running sums of the rows that come
and go, so that a year of days costs one pass and not one pass a day:

- ``Sum``: the sum of ``amount`` over the rows that count;
- ``Distinct``: how many different values of a column they have;
- ``First`` and ``Last``: the least or greatest ``event_day`` among them, null if there is none.

The declaration that asks is never in its own history. Only amended declarations could be; for them what
their own rows contribute is taken out again.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum of ``amount``; ``rows`` gives the keys, d, since, until, amount."""

    rows: str


@dataclass(frozen=True, slots=True)
class Distinct:
    """Number of different ``value``; ``rows`` gives the keys, d, since, until, value."""

    rows: str


@dataclass(frozen=True, slots=True)
class First:
    """Least ``event_day``; ``rows`` gives the keys, d, since, until, event_day."""

    rows: str


@dataclass(frozen=True, slots=True)
class Last:
    """Greatest ``event_day``; ``rows`` as for ``First``."""

    rows: str


Measure: TypeAlias = Sum | Distinct | First | Last


@dataclass(frozen=True, slots=True)
class Ledger:
    """A history by key.

    Attributes:
        name: unique among ledgers; also the name of its snapshot.
        keys: columns of the key, the same in ``rows`` and in the probe; a null in any means unknown.
        measures: what is kept.
        facts: feature name to SQL over the names of measures and ``day``.
        probe: relation that asks.
        answer: column of the probe that identifies who asks: ``h`` or ``row``.
        moment: column of the probe that is ``at``: ``day`` or ``instant``.
        amount: SQL type of the sums.
        greatest: one who asks may ask of several keys; the greatest answer counts.
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

    def same_key(self, left: str, right: str) -> str:
        """Return the condition that two relations have the same key."""
        return " AND ".join(f"{left}.{key} = {right}.{key}" for key in self.keys)

    def known_key(self, relation: str) -> str:
        """Return the condition that no part of the key is null."""
        return " AND ".join(f"{relation}.{key} IS NOT NULL" for key in self.keys)
