"""Between rows and the engine's declarations."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pyarrow as pa

from daliz.customs.intake.models import Version
from daliz.engine.records.declaration import BELOW, Declaration, Value
from daliz.engine.records.schema import DECLARATIONS, TABLES


def declaration_of(version: Version) -> Declaration:
    """Return what a version says."""
    return Declaration.of_content(json.loads(version.content))


def columns_of(declaration: Declaration) -> dict[str, object]:
    """Return the columns of ``Version`` by which the same day's facts are counted."""
    values = [item.get("customs_value") for item in declaration.items]
    known = [value for value in values if isinstance(value, Decimal)]
    codes = {
        str(item["hs_code"])[:6] for item in declaration.items if len(str(item.get("hs_code") or "")) >= 6
    }
    return {
        "trader_id": str(declaration.of("trader_id") or "")[:64],
        "declarant_id": str(declaration.of("declarant_id") or "")[:64],
        "currency": str(declaration.of("currency") or "")[:8],
        "customs_value": sum(known, Decimal(0)) if known else None,
        "codes": sorted(codes),
    }


def digest_of(text: str) -> str:
    """Return the digest of a canonical text, as ``Declaration.digest`` does."""
    return hashlib.sha256(text.encode()).hexdigest()


def vehicles_of(declaration: Declaration) -> list[str]:
    """Return the vehicles of a declaration, each once."""
    rows = declaration.below.get("transport_means", ())
    return sorted({str(row["transport_id"])[:64] for row in rows})


def tables_of(versions: Iterable[Version]) -> dict[str, pa.Table]:
    """Return registered versions as canonical tables, for the night's work.

    Args:
        versions: with their declarations, each registered.
    """
    rows: dict[str, list[dict[str, Value]]] = {"declarations": [], **{table: [] for table in BELOW}}
    for version in versions:
        number, at = version.declaration.number, version.registered_at
        if number is None or at is None:
            continue
        declaration = declaration_of(version)
        rows["declarations"] += declaration.rows(number=number, version=version.version, registered_at=at)
        for table in BELOW:
            rows[table] += declaration.rows_below(table, number=number, version=version.version)
    schemas = {"declarations": DECLARATIONS, **{table: TABLES[table] for table in BELOW}}
    return {
        table: pa.Table.from_pylist(
            [_known(row, schemas[table].names) for row in of], schema=schemas[table].arrow
        )
        for table, of in rows.items()
    }


def _known(row: dict[str, Value], names: tuple[str, ...]) -> dict[str, Value]:
    return {name: row.get(name) for name in names}


def number_of(*, office: str, day: date, serial: int) -> str:
    """Return the number that the system gives.

    Example:
        >>> number_of(office="55301", day=date(2026, 3, 10), serial=42)
        '55301/100326/0000042'
    """
    return f"{office or '0'}/{day:%d%m%y}/{serial:07d}"
