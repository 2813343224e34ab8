"""The parties, routes and goods of a day's declarations, one entry a declaration."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa

from daliz.engine.estimators.folding import fold
from daliz.engine.estimators.grams import Whole
from daliz.engine.records.columns import column_of

Column = list[str | None]
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
    one: dict[str, Column]
    many: dict[str, tuple[Whole, list[str]]]

    @classmethod
    def of(cls, items: pa.Table) -> Self:
        """Take a table of canonical items apart; ``transport_id`` and ``trader_address`` may stand beside."""
        numbers: dict[str, int] = {}
        rows = column_of(items, "declaration_id", str)
        of_row = np.array([numbers.setdefault(one, len(numbers)) for one in rows], dtype=np.int64)
        first = np.unique(of_row, return_index=True)[1]
        head = items.take(first)

        def column(name: str) -> Column:
            if name not in items.column_names:
                return [None] * len(first)
            values: Column = head[name].to_pylist()
            return values

        trader = column("trader_id")
        codes: Column = items["hs_code"].to_pylist()
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
        return cls(list(numbers), of_row, one, many)

    def __len__(self) -> int:
        return len(self.ids)


def _others(names: Column, trader: Column) -> Column:
    return [None if name == own else name for name, own in zip(names, trader, strict=True)]


def _joined(names: Column, heading: Column) -> Column:
    return [f"{a} {b}" if a and b else None for a, b in zip(names, heading, strict=True)]


def _spread(pairs: list[tuple[int, str]]) -> tuple[Whole, list[str]]:
    return np.array([of for of, _ in pairs], dtype=np.int64), [value for _, value in pairs]
