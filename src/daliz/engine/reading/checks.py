"""What is wrong with the rows, as one table of problems, and which declarations stay out for it."""

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa

from daliz.engine.pack import Contract
from daliz.engine.reading.below import PLACE, relation_of
from daliz.engine.reading.contracts import broken_sql, facts_sql
from daliz.engine.reading.conversion import REASONS
from daliz.engine.records.duck import Connection, identifier, text_literal
from daliz.engine.records.schema import DECLARATIONS

_FIELDS: Final["list[pa.Field[Any]]"] = [
    pa.field("source", pa.int32()),
    pa.field("position", pa.int64()),
    pa.field("declaration_id", pa.string()),
    pa.field("item_no", pa.int32()),
    pa.field("field", pa.string()),
    pa.field("value", pa.string()),
    pa.field("code", pa.string()),
    pa.field("reason", pa.string()),
]
PROBLEMS: Final = pa.schema(_FIELDS)
"""A problem before it becomes an entry of the quarantine: sources and positions are numbers still."""

_COLUMNS: Final = "source, position, declaration_id, item_no, field, value, code"


def find_problems(
    connection: Connection,
    contracts: Sequence[Contract],
    broken_rows: pa.Table,
    zone: str,
    below: Sequence[str] = (),
) -> None:
    """Make the tables ``problems`` and ``kept_out`` from the relation ``mapped`` and those below it.

    Args:
        connection: knows ``mapped`` and the named lists.
        contracts: what a record must keep.
        broken_rows: rows that were never divided into values, of schema ``PROBLEMS``.
        zone: IANA zone of a day.
        below: tables below the declarations whose rows stand in relations of their own.
    """
    reasons = REASONS | {contract.code: contract.message.en for contract in contracts}
    told = pa.table({"code": list(reasons), "told": list(reasons.values())})
    connection.register("reasons", told)
    connection.register("broken_rows", broken_rows)
    columns = [row[0] for row in connection.execute("DESCRIBE mapped").fetchall()]
    unfold = f"SELECT {PLACE}, unnest(wrong, max_depth := 2) FROM"
    parts = [f"{unfold} mapped WHERE wrong IS NOT NULL", f"SELECT {_COLUMNS} FROM ({_duplicates()})"]
    parts += [f"{unfold} {relation_of(table)} WHERE wrong IS NOT NULL" for table in below]
    if contracts:
        facts = facts_sql(contracts, columns, zone)
        broken = f"SELECT {PLACE}, {broken_sql(contracts)} AS wrong FROM ({facts})"
        parts.append(f"{unfold} ({broken}) WHERE len(wrong) > 0")
    connection.execute(f"CREATE TEMP TABLE suspects AS {_suspects()}")
    parts += [_disagreement(name) for name in DECLARATIONS.header_names if name not in DECLARATIONS.key]
    connection.execute(
        f"CREATE TEMP TABLE problems AS SELECT {_COLUMNS}, told AS reason FROM ("
        + " UNION ALL BY NAME ".join(f"({part})" for part in parts)
        + ") LEFT JOIN reasons USING (code) UNION ALL BY NAME SELECT * FROM broken_rows"
    )
    connection.execute(
        "CREATE TEMP TABLE kept_out AS SELECT DISTINCT declaration_id FROM problems "
        "WHERE declaration_id IS NOT NULL"
    )


def _duplicates() -> str:
    """Return every row but the first of each goods item that stands more than once."""
    key = ", ".join(DECLARATIONS.key)
    present = " AND ".join(f"{name} IS NOT NULL" for name in DECLARATIONS.key)
    return (
        f"SELECT *, 'item_no' AS field, CAST(item_no AS VARCHAR) AS value, 'item-duplicate' AS code FROM ("
        f"SELECT source, position, {key} FROM mapped SEMI JOIN ("
        f"SELECT {key} FROM mapped WHERE {present} GROUP BY ALL HAVING count(*) > 1) USING ({key})) "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY source, position, item_no) > 1"
    )


def _suspects() -> str:
    """Return the rows of the declarations whose header is not the same in all of them."""
    names = [name for name in DECLARATIONS.header_names if name not in DECLARATIONS.key]
    header = ", ".join(map(identifier, names))
    return (
        f"SELECT source, position, declaration_id, version, item_no, {header} FROM mapped SEMI JOIN ("
        f"SELECT declaration_id, version FROM ("
        f"SELECT declaration_id, version, hash(row({header})) AS header FROM mapped) "
        f"GROUP BY ALL HAVING min(header) <> max(header)) USING (declaration_id, version)"
    )


def _disagreement(name: str) -> str:
    """Return, of each suspect, the first row that does not say what the declaration's first row says."""
    column = identifier(name)
    return (
        f"SELECT source, position, declaration_id, item_no, {text_literal(name)} AS field, "
        f"coalesce(first, '') || ' ≠ ' || coalesce(own, '') AS value, 'header-differs' AS code FROM ("
        f"SELECT *, CAST({column} AS VARCHAR) AS own, first_value(CAST({column} AS VARCHAR)) OVER ("
        f"PARTITION BY declaration_id, version ORDER BY source, position, item_no) AS first FROM suspects) "
        f"WHERE own IS DISTINCT FROM first QUALIFY row_number() OVER ("
        f"PARTITION BY declaration_id, version ORDER BY source, position, item_no) = 1"
    )
