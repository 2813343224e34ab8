"""Canonical tables as Parquet files: written whole or not at all, read only if understood."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.records.duck import Connection, identifier, text_literal
from daliz.engine.records.schema import SCHEMA_VERSION, TableSchema
from daliz.language import N_, DalizError

Source: TypeAlias = pa.Table | Path | Sequence[Path]
"""Where a canonical table is: in memory, in a file, in a folder of files, or in several files."""

_Values: TypeAlias = "pa.ChunkedArray[Any]"  # a column of any type: pyarrow's stubs ask for the scalar's

ROW_GROUP: int = 122_880
"""Rows in a group of a file: DuckDB's own unit, so that a scan divides well among threads."""


class TableError(DalizError):
    """A file or table is not the canonical table it is taken for."""

    code = "table-wrong"


def conform(table: pa.Table, schema: TableSchema, *, place: str = "") -> pa.Table:
    """Return ``table`` with the canonical columns in order and in their types, then its further columns.

    Missing optional columns become null. Nothing is rounded or cut: a value that does not fit its column
    is an error.

    Args:
        table: any Arrow table.
        schema: the canonical table it is.
        place: file name for the messages.

    Raises:
        TableError: a required column is missing or has nulls, or a value does not fit.
    """
    place = place or schema.name
    columns: list[_Values] = []
    fields: list[pa.Field[Any]] = []
    present = set(table.column_names)
    if len(present) != len(table.column_names):
        raise TableError(N_("{place}: two columns have the same name"), place=place)
    for column, field in zip(schema.columns, schema.arrow, strict=True):
        if column.name not in present:
            if column.required:
                raise TableError(
                    N_("{place}: required column {column} is missing; see the reference page of {table}"),
                    code="table-column-missing", place=place, column=column.name, table=schema.name,
                )  # fmt: skip
            columns.append(pa.chunked_array([pa.nulls(table.num_rows).cast(column.type)]))
        else:
            columns.append(_cast(table.column(column.name), column.type, column.name, place))
            if column.required and columns[-1].null_count:
                raise TableError(
                    N_("{place}: required column {column} has {n} empty values"),
                    code="table-value-missing", place=place, column=column.name, n=columns[-1].null_count,
                )  # fmt: skip
        fields.append(field)
    for further in table.schema:
        if further.name not in schema.names:
            columns.append(table.column(further.name))
            fields.append(further.remove_metadata())
    metadata = dict(table.schema.metadata or {}) | dict(schema.arrow.metadata or {})
    return pa.Table.from_arrays(columns, schema=pa.schema(fields)).replace_schema_metadata(metadata)


def write_table(table: pa.Table, path: Path, schema: TableSchema) -> None:
    """Write ``table`` to ``path`` as Parquet; the file appears whole or not at all.

    Raises:
        TableError: as ``conform``.
    """
    whole = conform(table, schema, place=path.name)
    with replacing(path) as temporary:
        pq.write_table(whole, temporary, compression="zstd", row_group_size=ROW_GROUP)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary name beside ``path``; what was written there takes its place if all went well.

    The bytes are on the disk before the name changes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_table(path: Path, schema: TableSchema) -> pa.Table:
    """Read a canonical table, a file or a folder of files, whole into memory.

    Raises:
        TableError: the file cannot be read, is another table, has another schema version, or a column
            has another type.
    """
    parts = []
    for file in parquet_files(path):
        check_file(file, schema)
        parts.append(conform(_opened(file).read(), schema, place=file.name))
    return pa.concat_tables(parts, promote_options="default").replace_schema_metadata(
        parts[0].schema.metadata
    )


def parquet_files(source: Path | Sequence[Path]) -> list[Path]:
    """Return the Parquet files that ``source`` stands for; a folder's in order of name.

    Raises:
        TableError: there is none.
    """
    paths = [source] if isinstance(source, Path) else list(source)
    files = [f for p in paths for f in (sorted(p.glob("*.parquet")) if p.is_dir() else [p])]
    if not files:
        raise TableError(
            N_("{place}: there is no Parquet file"),
            code="table-not-found", place=", ".join(map(str, paths)) or "…",
        )  # fmt: skip
    return files


def check_file(path: Path, schema: TableSchema) -> pa.Schema:
    """Return the file's Arrow schema if the file is this canonical table in the version we know.

    Raises:
        TableError: it cannot be read, or it is not.
    """
    found = _opened(path).schema_arrow
    metadata = found.metadata or {}
    table = metadata.get(b"daliz.table", b"").decode(errors="replace")
    version = metadata.get(b"daliz.schema_version", b"").decode(errors="replace")
    if not table:
        raise TableError(
            N_("{place}: no schema version inside; this is not a canonical table: read it with `daliz read`"),
            code="table-not-canonical", place=path,
        )  # fmt: skip
    if table != schema.name:
        raise TableError(
            N_("{place}: this is the table {found}, not {expected}"),
            code="table-other", place=path, found=table, expected=schema.name,
        )  # fmt: skip
    if version != SCHEMA_VERSION:
        raise TableError(
            N_("{place}: schema version {found} is unknown; this Daliz reads version {expected}"),
            code="table-version", place=path, found=version or "?", expected=SCHEMA_VERSION,
        )  # fmt: skip
    conform(found.empty_table(), schema, place=path.name)
    return found


def register(connection: Connection, name: str, source: Source, schema: TableSchema) -> None:
    """Make a canonical table visible to SQL as ``name``, with all canonical columns in their types.

    Files are scanned in place, so the connection must have been opened with their folder allowed.

    Raises:
        TableError: as ``read_table``.
    """
    if isinstance(source, pa.Table):
        connection.register(name, conform(source, schema))
        return
    files = parquet_files(source)
    connection.execute(f"CREATE OR REPLACE VIEW {identifier(name)} AS {relation_sql(files, schema)}")


def relation_sql(files: Sequence[Path], schema: TableSchema) -> str:
    """Return a SELECT over Parquet files that gives a canonical table: missing optional columns are null.

    Raises:
        TableError: as ``read_table``.
    """
    found: dict[str, None] = {}
    for file in files:
        found.update(dict.fromkeys(check_file(file, schema).names))
    columns = [
        identifier(field.name)
        if field.name in found
        else f"CAST(NULL AS {_SQL_TYPES[field.type]}) AS {identifier(field.name)}"
        for field in schema.arrow
    ]
    columns += [identifier(further) for further in found if further not in schema.names]
    listed = ", ".join(text_literal(str(file.resolve())) for file in files)
    return f"SELECT {', '.join(columns)} FROM read_parquet([{listed}], union_by_name = true)"


_SQL_TYPES: dict[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.decimal128(20, 2): "DECIMAL(20, 2)",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
    pa.list_(pa.string()): "VARCHAR[]",
}


def sql_type(type_: pa.DataType) -> str:
    """Return DuckDB's name of a canonical column's type.

    Example:
        >>> sql_type(pa.decimal128(20, 2))
        'DECIMAL(20, 2)'
    """
    return _SQL_TYPES[type_]


def _cast(values: _Values, wanted: pa.DataType, column: str, place: str) -> _Values:
    """Change to the canonical type what means the same in another; never a text from a number, or money
    from a binary float.
    """
    if values.type == wanted:
        return values
    try:
        if _means_the_same(values.type, wanted):
            return values.cast(wanted)
        detail = ""
    except pa.ArrowException as error:
        detail = str(error).splitlines()[0]
    raise TableError(
        N_("{place}: column {column} is {found} and does not fit {expected} {detail}"),
        code="table-type", place=place, column=column, found=str(values.type), expected=str(wanted),
        detail=detail,
    )  # fmt: skip


def _means_the_same(found: pa.DataType, wanted: pa.DataType) -> bool:
    if pa.types.is_null(found):
        return True
    if isinstance(found, pa.DictionaryType):
        return _means_the_same(found.value_type, wanted)
    text = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    alike = {
        pa.string(): text,
        pa.int32(): (pa.types.is_integer,),
        pa.float64(): (pa.types.is_integer, pa.types.is_floating),
        pa.decimal128(20, 2): (pa.types.is_integer, pa.types.is_decimal),
        pa.timestamp("us", tz="UTC"): (lambda t: pa.types.is_timestamp(t) and t.tz is not None,),
        pa.list_(pa.string()): (pa.types.is_list, pa.types.is_large_list),
    }
    return any(test(found) for test in alike.get(wanted, ()))


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError as error:
        raise TableError(N_("{place}: there is no such file"), code="table-not-found", place=path) from error
    except (pa.ArrowException, OSError) as error:
        raise TableError(
            N_("{place}: the file cannot be read as Parquet: {detail}"),
            code="table-unreadable", place=path, detail=str(error).splitlines()[0],
        ) from error  # fmt: skip


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
