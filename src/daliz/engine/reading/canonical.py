"""Files that are canonical tables already: those below the declarations are taken as they are."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.reading.errors import ReadingError
from daliz.engine.records.duck import Connection, identifier
from daliz.engine.records.files import TableError, check_file, relation_sql
from daliz.engine.records.schema import TABLES
from daliz.language import N_


def table_of(path: Path) -> str | None:
    """Return the name of the canonical table that a file is; None if it is none."""
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return None
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError, ValueError):
        return None
    name: str = metadata.get(b"daliz.table", b"").decode(errors="replace")
    return name if name in TABLES else None


def rows_of_canonical(path: Path, connection: Connection) -> int:
    """Return how many rows a canonical table below the declarations has.

    Args:
        path: the file, of which ``table_of`` gives the table.
        connection: may read its folder.

    Raises:
        ReadingError: it is not what it says: another version, wrong types, a required value missing.
    """
    schema = TABLES[table_of(path) or ""]
    import duckdb  # noqa: PLC0415 -- loaded by the connection

    empty = " OR ".join(f"{identifier(c.name)} IS NULL" for c in schema.columns if c.required)
    try:
        check_file(path, schema)
        counted = f"SELECT count(*), count(*) FILTER ({empty}) FROM ({relation_sql([path], schema)})"
        [(rows, broken)] = connection.execute(counted).fetchall()
    except TableError as error:
        raise ReadingError(N_("{error}"), code=error.code, error=error.message) from error
    except duckdb.Error as error:
        raise ReadingError(
            N_("the file cannot be read as {kind}: {detail}"),
            code="file-unreadable", kind="Parquet", detail=str(error).splitlines()[0],
        ) from error  # fmt: skip
    if broken:
        raise ReadingError(
            N_("{n} rows of the table {table} lack a required value"),
            code="table-value-missing", n=broken, table=schema.name,
        )  # fmt: skip
    return int(rows)


def canonical_sql(files: Sequence[Path], name: str) -> str:
    """Return the query of the rows of canonical files whose declarations are not kept out."""
    schema = TABLES[name]
    columns = ", ".join(map(identifier, schema.names))
    return f"SELECT {columns} FROM ({relation_sql(files, schema)}) ANTI JOIN kept_out USING (declaration_id)"
