"""Required columns and chosen rows of an Arrow table as plain, typed Python values."""

from typing import TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from daliz.engine.records.duck import Connection

T = TypeVar("T")


def column_of(table: pa.Table, name: str, kind: type[T]) -> list[T]:
    """Return a required column as a list of ``kind``, the type that its schema states.

    Raises:
        ValueError: the column has nulls, which a required column may not.

    Example:
        >>> column_of(pa.table({"version": [1, 2]}), "version", int)
        [1, 2]
    """
    column = table[name]
    if column.null_count:
        raise ValueError(f"column {name} has nulls")
    return cast("list[T]", column.to_pylist())


def rows_of(table: pa.Table, rows: NDArray[np.int64]) -> pa.Table:
    """Return the rows with these indices, in their order."""
    return table.take(pa.array(rows, type=pa.int64()))


def rows_where(table: pa.Table, name: str, value: str) -> pa.Table:
    """Return the rows whose text column ``name`` is ``value``."""
    return table.filter(pc.equal(table[name], pa.scalar(value, table.schema.field(name).type)))


def answer(connection: Connection, query: str, values: dict[str, object] | None = None) -> pa.Table:
    """Run one query and return its answer whole."""
    return cast("pa.Table", connection.sql(query, params=values).to_arrow_table())
