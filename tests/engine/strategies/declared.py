"""A few declarations to decide on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from daliz.engine.records.files import conform
from daliz.engine.records.schema import DECLARATIONS, FINDINGS

NOON = datetime(2026, 3, 2, 7, tzinfo=UTC)
"""Noon of a Monday in Kazakhstan."""

Row = dict[str, object]


def an_item(number: str, *, day: int = 0, item_no: int = 1, **more: object) -> Row:
    """An item of a declaration registered at noon of a day after the second of March."""
    return {
        "declaration_id": number,
        "version": 1,
        "item_no": item_no,
        "registered_at": NOON + timedelta(days=day),
        "direction": "import",
        "office": "51501",
    } | more


def declarations(rows: Sequence[Row]) -> pa.Table:
    return conform(pa.Table.from_pylist(list(rows), schema=_schema(rows)), DECLARATIONS)


def findings(rows: Sequence[Row]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=FINDINGS.arrow)


def _schema(rows: Sequence[Row]) -> pa.Schema:
    names = {name for row in rows for name in row}
    return pa.schema([field for field in DECLARATIONS.arrow if field.name in names])
