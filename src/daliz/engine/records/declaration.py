"""One version of one declaration in memory: what live assessment judges and the database keeps.

The canonical tables hold many declarations as columns; this is one of them as typed values, and its one
canonical text, so that equal content gives equal bytes wherever it came from.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

import pyarrow as pa

from daliz.engine.records.schema import DECLARATIONS, TABLES, Column

Value: TypeAlias = str | int | float | Decimal | bool | date | datetime | None
Values: TypeAlias = Mapping[str, Value]

BELOW: Final = (
    "documents", "containers", "transport_means", "duty_lines", "previous_documents", "guarantees",
)  # fmt: skip
"""The child tables that a declaration brings."""

ASSIGNED: Final = ("declaration_id", "version", "registered_at")
"""Header columns that the system assigns; they are no content."""

HEADER: Final = tuple(name for name in DECLARATIONS.header_names if name not in ASSIGNED)
"""Header columns that the declarant states."""

_COLUMNS: Final[Mapping[str, Column]] = {column.name: column for column in DECLARATIONS.columns}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one version of a declaration states.

    Attributes:
        header: what holds for the whole, by column; what is not stated is absent.
        items: of each goods item, in order of ``item_no``, which each has.
        below: rows of the child tables by table, without number and version.
    """

    header: Values
    items: Sequence[Values]
    below: Mapping[str, Sequence[Values]]

    def of(self, name: str) -> Value:
        """Return a header value; None where it is not stated."""
        return self.header.get(name)

    @property
    def content(self) -> dict[str, Any]:
        """The content as JSON values: money as text with two places, dates in ISO, nothing unknown."""
        told: dict[str, Any] = _told(self.header, "declarations")
        told["items"] = [_told(item, "declarations") for item in self.items]
        told |= {
            table: [_told(row, table) for row in rows]
            for table in BELOW
            if (rows := self.below.get(table, ()))
        }
        return told

    @property
    def text(self) -> str:
        """The canonical text of the content.

        Example:
            >>> Declaration({"direction": "import"}, ({"item_no": 1, "customs_value": Decimal(5)},), {}).text
            '{"direction":"import","items":[{"customs_value":"5.00","item_no":1}]}'
        """
        return json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def of_content(cls, content: Mapping[str, Any]) -> "Declaration":
        """Return the declaration whose ``content`` this is."""
        header = {k: v for k, v in content.items() if k != "items" and k not in BELOW}
        return cls(
            header=_typed(header, "declarations"),
            items=tuple(_typed(item, "declarations") for item in content["items"]),
            below={
                table: tuple(_typed(row, table) for row in content[table])
                for table in BELOW
                if table in content
            },
        )

    def rows(self, *, number: str, version: int, registered_at: datetime) -> list[dict[str, Value]]:
        """Return its rows of the canonical table ``declarations``."""
        own: dict[str, Value] = {
            "declaration_id": number, "version": version, "registered_at": registered_at,
        }  # fmt: skip
        return [{**own, **self.header, **item} for item in self.items]

    def rows_below(self, table: str, *, number: str, version: int) -> list[dict[str, Value]]:
        """Return its rows of a child table."""
        return [{"declaration_id": number, "version": version, **row} for row in self.below.get(table, ())]


def _told(values: Values, table: str) -> dict[str, Any]:
    columns = _columns(table)
    return {
        name: _json(value, columns.get(name))
        for name, value in values.items()
        if value is not None and value != ""
    }


def _json(value: Value, column: Column | None) -> object:
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.01")))
    if isinstance(value, date | datetime):
        return value.isoformat()
    if column is not None and pa.types.is_floating(column.type) and isinstance(value, int):
        return float(value)
    return value


def _typed(values: Mapping[str, Any], table: str) -> dict[str, Value]:
    columns = _columns(table)
    return {name: _value(value, columns.get(name)) for name, value in values.items()}


def _value(value: Any, column: Column | None) -> Value:
    if column is None:
        return str(value)
    if pa.types.is_decimal(column.type):
        return Decimal(value)
    if pa.types.is_date(column.type):
        return date.fromisoformat(value)
    if pa.types.is_floating(column.type):
        return float(value)
    found: Value = value
    return found


def _columns(table: str) -> Mapping[str, Column]:
    return _COLUMNS if table == "declarations" else _BELOW[table]


_BELOW: Final[Mapping[str, Mapping[str, Column]]] = {
    table: {column.name: column for column in TABLES[table].columns} for table in BELOW
}
