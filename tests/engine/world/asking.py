"""Asks tables in SQL: one row of plain values."""

import duckdb
import pyarrow as pa


def ask(sql: str, **tables: pa.Table) -> tuple[object, ...]:
    """Return the one row that ``sql`` gives over the named tables."""
    connection = duckdb.connect()
    for name, table in tables.items():
        connection.register(name, table)
    row = connection.execute(sql).fetchone()
    assert row is not None
    return tuple(row)


def number(sql: str, **tables: pa.Table) -> float:
    """Return the one number that ``sql`` gives."""
    return float(str(ask(sql, **tables)[0]))
