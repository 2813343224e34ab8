"""History looked up by key: which keys a declaration asks, and what an answer, or none, means.

The tables are those of ``daliz.engine.features.nightly``; where they are kept is the caller's affair. A key
is a ledger's name and the texts of its columns.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyarrow as pa

from daliz.engine.features.alone import Fact
from daliz.engine.features.groups import history, reference, today
from daliz.engine.features.ledger import Distinct, Ledger, Sum
from daliz.engine.records.declaration import Declaration, Value, Values

Key: TypeAlias = tuple[str, ...]
"""A ledger's name, then the values of its key."""

Answer: TypeAlias = Mapping[str, Fact]
"""Fact by name."""

_OF_ITEM: Final = frozenset({"hs6", "origin_country"})
"""Columns of a key that differ between the goods items of a declaration."""

_USUALS: Final = {usual.name: usual for usual in reference.USUALS}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A ledger of which some facts are wanted."""

    ledger: Ledger
    facts: tuple[str, ...]
    unseen: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Asked:
    """The keys that one declaration asks, None where any part of one is unknown.

    Attributes:
        of_whole: by ledger.
        of_item: of each goods item, by ledger.
        rungs: of each goods item, by usual value, the levels of goods that it belongs to; the most specific
            first.
    """

    of_whole: Sequence[Key | None]
    of_item: Sequence[Sequence[Key | None]]
    rungs: Sequence[Sequence[Sequence[Key]]]

    @property
    def keys(self) -> list[Key]:
        """Every key, each once, in a fixed order."""
        keys: dict[Key | None, None] = dict.fromkeys(self.of_whole)
        for of_item, rungs in zip(self.of_item, self.rungs, strict=True):
            keys.update(dict.fromkeys(of_item))
            for of_usual in rungs:
                keys.update(dict.fromkeys(of_usual))
        return [key for key in keys if key is not None]


class Lookup:
    """What is looked up for a declaration, for the facts wanted."""

    def __init__(self, names: Collection[str]) -> None:
        """Keep of each ledger what is wanted.

        Args:
            names: facts wanted, of any group.
        """
        ledgers = [
            _Wanted(ledger, wanted, {name: _unseen(ledger, name) for name in wanted})
            for ledger in history.LEDGERS
            if (wanted := tuple(name for name in ledger.facts if name in names))
        ]
        self._of_whole = [one for one in ledgers if _OF_ITEM.isdisjoint(one.ledger.keys)]
        self._of_item = [one for one in ledgers if not _OF_ITEM.isdisjoint(one.ledger.keys)]
        self._usuals = {
            usual.name: wanted
            for usual in reference.USUALS
            if (
                wanted := tuple(
                    n for n, (of, _) in reference.FACTS.items() if of == usual.name and n in names
                )
            )
        }

    def asked(self, declaration: Declaration) -> Asked:
        """Return what the declaration asks."""
        return Asked(
            of_whole=[_key(one.ledger, declaration, {}) for one in self._of_whole],
            of_item=[
                [_key(one.ledger, declaration, item) for one in self._of_item] for item in declaration.items
            ],
            rungs=[
                [_rungs(usual, declaration, item) for usual in self._usuals] for item in declaration.items
            ],
        )

    def keys(self, declaration: Declaration) -> list[Key]:
        """Return every key that the declaration asks, each once, in a fixed order."""
        return self.asked(declaration).keys

    def facts(self, declaration: Declaration, found: Mapping[Key, Answer]) -> list[dict[str, Fact]]:
        """Return the looked-up facts of each goods item; see ``told``."""
        return self.told(self.asked(declaration), found)

    def told(self, asked: Asked, found: Mapping[Key, Answer]) -> list[dict[str, Fact]]:
        """Return the looked-up facts of each goods item.

        Args:
            asked: what a declaration asks.
            found: the answers by key; a key that is not there was never seen.
        """
        whole = _answered(self._of_whole, asked.of_whole, found)
        rows = []
        for of_item, rungs in zip(asked.of_item, asked.rungs, strict=True):
            row = whole | _answered(self._of_item, of_item, found)
            for wanted, of_usual in zip(self._usuals.values(), rungs, strict=True):
                served = next((found[key] for key in of_usual if key in found), {})
                row.update({name: served.get(name) for name in wanted})
            rows.append(row)
        return rows


def _answered(
    wanted: Sequence[_Wanted], keys: Sequence[Key | None], found: Mapping[Key, Answer]
) -> dict[str, Fact]:
    """Return what some ledgers answer."""
    row: dict[str, Fact] = {}
    for one, key in zip(wanted, keys, strict=True):
        answer = None if key is None else found.get(key, one.unseen)
        row.update({name: None if answer is None else answer.get(name) for name in one.facts})
    return row


def answers_of(name: str, table: pa.Table) -> Iterator[tuple[Key, dict[str, Fact]]]:
    """Give the key and the facts of each row of a nightly table; unknown facts are left out."""
    keys = _LADDER if name in _USUALS else _LEDGERS[name].keys
    facts = [column for column in table.column_names if "." in column]
    for row in table.to_pylist():
        key = tuple(_text(row[column]) for column in keys)
        yield (name, *key), {fact: row[fact] for fact in facts if row[fact] is not None}


def text_of(key: Key) -> str:
    """Return a key as one text, no two keys the same.

    Example:
        >>> text_of(("trader", "600400"))
        '["trader","600400"]'
    """
    return json.dumps(key, ensure_ascii=False, separators=(",", ":"))


_LEDGERS: Final = {ledger.name: ledger for ledger in history.LEDGERS}
_LADDER: Final = ("level", "code", "origin_country", "currency", "quantity_unit")


def _key(ledger: Ledger, declaration: Declaration, item: Values) -> Key | None:
    """Return the key that an item asks of a ledger; None if any part of it is unknown."""
    key = [ledger.name]
    for column in ledger.keys:
        value = _part(column, declaration, item)
        if value is None:
            return None
        key.append(str(value))
    return tuple(key)


def _part(column: str, declaration: Declaration, item: Values) -> Value:
    if column == "hs6":
        code = item.get("hs_code")
        return code[:6] if isinstance(code, str) and len(code) >= 6 else None
    return item.get(column) if column == "origin_country" else declaration.of(column)


def _rungs(usual: str, declaration: Declaration, item: Values) -> Sequence[Key]:
    """Return the keys of the levels of goods that an item belongs to, the most specific first."""
    code, origin, currency = item.get("hs_code"), item.get("origin_country"), declaration.of("currency")
    unit = item.get("quantity_unit") if "quantity_unit" in _USUALS[usual].agree else ""
    if not isinstance(code, str) or len(code) < 4 or currency is None or unit is None:
        return ()
    codes = {
        "hs10": code if len(code) > 6 else None,
        "hs6": code[:6] if len(code) >= 6 else None,
        "hs4": code[:4],
    }
    rungs = []
    for level in reference.LEVELS:
        goods = codes[level.code]
        if goods is not None and not (level.origin and origin is None):
            rungs.append(
                (usual, level.name, goods, str(origin) if level.origin else "", str(currency), str(unit))
            )
    return rungs


def _unseen(ledger: Ledger, name: str) -> Fact:
    """Return what a fact is for a key never seen: counts are 0, novelty is true, the rest is unknown."""
    sql = ledger.facts[name]
    if sql.endswith("IS NULL"):
        return True
    measure = ledger.measures.get(sql)
    return 0.0 if isinstance(measure, Sum | Distinct) else None


def _text(value: object) -> str:
    return "" if value is None else str(value)


TODAY: Final = tuple(name for ledger in (*today.LEDGERS, today.VEHICLE_LEDGER) for name in ledger.facts)
"""Facts of the same day, which no nightly table has."""
