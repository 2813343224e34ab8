"""The parties, routes and goods of a day's declarations, one entry a declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa

from daliz.engine.estimators.folding import fold
from daliz.engine.estimators.grams import Whole

Column = Sequence[str | None]
Items = pa.Table | Mapping[str, Column]
"""Canonical rows, one a goods item, as a table or by column."""
_ASKED: Final = frozenset(
    {
        "declaration_id", "trader_id", "trader_name", "declarant_id", "declarant_name", "counterparty_id",
        "counterparty_name", "financial_party_id", "carrier_id", "office", "departure_country", "hs_code",
        "transport_id", "trader_address",
    }
)  # fmt: skip
_NAMED: Final = {"trader": "trader_name", "counterparty": "counterparty_name", "declarant": "declarant_name"}


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """A day's declarations taken apart.

    Attributes:
        ids: declaration numbers, in the order of first sight.
        of_row: index of the declaration of each row of the table.
        one: for each kind of party or place its name in each declaration; None where it is missing, or where
            a representative or payer is the trader himself.
        many: for goods and the words of names, the declaration of each and the value.
    """

    ids: list[str]
    of_row: Whole
    one: dict[str, list[str | None]]
    many: dict[str, tuple[Whole, list[str]]]

    @classmethod
    def of(cls, items: Mapping[str, Column]) -> Self:
        """Take canonical items apart, from ``columns_of``."""
        numbers: dict[str | None, int] = {}
        of_row = np.array(
            [numbers.setdefault(one, len(numbers)) for one in items["declaration_id"]], dtype=np.int64
        )
        first = np.unique(of_row, return_index=True)[1].tolist()

        def column(name: str) -> list[str | None]:
            values = items.get(name)
            return [None] * len(first) if values is None else [values[row] for row in first]

        trader = column("trader_id")
        codes = items["hs_code"]
        heading = [code[:4] if code else None for code in column("hs_code")]
        one = {
            "trader": trader,
            "counterparty": column("counterparty_id"),
            "declarant": _others(column("declarant_id"), trader),
            "payer": _others(column("financial_party_id"), trader),
            "carrier": column("carrier_id"),
            "vehicle": column("transport_id"),
            "address": column("trader_address"),
            "office": column("office"),
            "country": column("departure_country"),
        }
        one["carrier_goods"] = _joined(one["carrier"], heading)
        one["office_goods"] = _joined(one["office"], heading)
        goods = sorted({(of, code[:6]) for of, code in zip(of_row.tolist(), codes, strict=True) if code})
        many = {"goods": _spread(goods)}
        for kind, name in _NAMED.items():
            words = [
                (of, word) for of, text in enumerate(column(name)) if text for word in sorted(set(fold(text)))
            ]
            many[f"{kind}_name"] = _spread(words)
        return cls([str(number) for number in numbers], of_row, one, many)

    def __len__(self) -> int:
        return len(self.ids)


def columns_of(items: Items) -> Mapping[str, Column]:
    """Return canonical items by column; ``transport_id`` and ``trader_address`` may stand beside."""
    if not isinstance(items, pa.Table):
        return items
    return {name: items[name].to_pylist() for name in items.column_names if name in _ASKED}


def _others(names: Column, trader: Column) -> list[str | None]:
    return [None if name == own else name for name, own in zip(names, trader, strict=True)]


def _joined(names: Column, heading: Column) -> list[str | None]:
    return [f"{a} {b}" if a and b else None for a, b in zip(names, heading, strict=True)]


def _spread(pairs: list[tuple[int, str]]) -> tuple[Whole, list[str]]:
    return np.array([of for of, _ in pairs], dtype=np.int64), [value for _, value in pairs]
