"""The SQL back end: an expression as one scalar over a relation whose columns bear the features' names.

DuckDB serves batch and backtest; Spark a cluster. Every number is a double; every arithmetic result that is
not finite becomes null at once, so that all back ends agree.
"""

from collections.abc import Collection, Mapping
from typing import Final, Literal, TypeAlias

import pyarrow as pa

from daliz.engine.indicators.duckdb_sql import LISTS, DuckDBSql
from daliz.engine.indicators.expression import Expression
from daliz.engine.indicators.spark_sql import SparkSql
from daliz.engine.records.duck import Connection

Dialect: TypeAlias = Literal["duckdb", "spark"]
_DIALECTS: Final[Mapping[Dialect, DuckDBSql]] = {"duckdb": DuckDBSql(), "spark": SparkSql()}


def to_sql(expression: Expression, dialect: Dialect = "duckdb") -> str:
    """Return the expression as a scalar.

    The relation has a column for each of ``expression.names``, and ``declaration_id``, ``version`` and
    ``item_no`` if it aggregates. Named lists are looked up in the relation ``lists``.
    """
    return _DIALECTS[dialect].write(expression.root)


def firing_sql(indicators: Mapping[str, Expression], relation: str, dialect: Dialect = "duckdb") -> str:
    """Return a query of ``declaration_id, version, item_no`` and one column per indicator.

    Args:
        indicators: by identifier, which names the column.
        relation: name of the relation of facts, or a subquery in brackets.
        dialect: whose SQL.
    """
    writer = _DIALECTS[dialect]
    columns = ["declaration_id", "version", "item_no"]
    columns += [f"{writer.write(e.root)} AS {writer.column(key)}" for key, e in indicators.items()]
    return f"SELECT {', '.join(columns)} FROM {relation}"


def register_lists(connection: Connection, lists: Mapping[str, Collection[str]]) -> None:
    """Give the connection the relation ``lists`` that compiled look-ups read."""
    rows = [(name, member) for name in sorted(lists) for member in sorted(lists[name])]
    columns = list(zip(*rows, strict=True)) or [(), ()]
    text = pa.string()
    table = pa.table({"list_name": pa.array(columns[0], text), "member": pa.array(columns[1], text)})
    connection.register(LISTS, table)
