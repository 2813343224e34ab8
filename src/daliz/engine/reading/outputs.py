"""What a reading leaves behind: canonical files in an order that does not depend on the run."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.reading.below import relation_of
from daliz.engine.reading.canonical import canonical_sql
from daliz.engine.reading.layout import ANCHORS, Field
from daliz.engine.reading.ordered import Answer
from daliz.engine.reading.staging import SHORTENED
from daliz.engine.reading.xml.laying import Difference
from daliz.engine.records.duck import Connection, identifier, text_literal
from daliz.engine.records.files import ROW_GROUP, conform, replacing, sql_type
from daliz.engine.records.schema import DECLARATIONS, DIFFERENCES, QUARANTINE, TABLES, TableSchema

TAKEN: Final = (
    "SELECT * FROM mapped ANTI JOIN kept_out USING (declaration_id) WHERE declaration_id IS NOT NULL"
)
"""The rows of the declarations that are taken, from the relations that ``find_problems`` makes."""
_WIDE: Final = 60
"""Columns above which a group has a quarter of the rows, for it is held whole while it is written."""
_OF_DECLARATION: Final = ("declaration_id", "version", "item_no")


def write_declarations(connection: Connection, path: Path, further: Sequence[str]) -> int:
    """Write the taken rows, in order of registration; return how many."""
    columns = ", ".join(map(identifier, (*DECLARATIONS.names, *further)))
    answer = Answer(f"SELECT {columns} FROM ({TAKEN})", ("registered_at", *DECLARATIONS.key))
    return _write(connection, answer, path, DECLARATIONS)


def write_below(
    connection: Connection,
    path: Path,
    schema: TableSchema,
    fields: Sequence[Field],
    files: Sequence[Path] = (),
    *,
    related: bool = False,
) -> int:
    """Write a table below the declarations; return its rows.

    Args:
        connection: knows the mapped rows and what is kept out.
        path: the file to write.
        schema: the table.
        fields: its columns that stand within the rows of the declarations; none if it does not.
        files: canonical files of the table.
        related: rows of it stand in a relation of their own, too.
    """
    parts = [_within_declarations(schema, fields)] if fields else []
    parts += [canonical_sql(files, schema.name)] if files else []
    if related:
        columns = ", ".join(map(identifier, schema.names))
        parts.append(
            f"SELECT {columns} FROM {relation_of(schema.name)} ANTI JOIN kept_out USING (declaration_id)"
        )
    required = " AND ".join(f"{identifier(c.name)} IS NOT NULL" for c in schema.columns if c.required)
    first = ("known_at",) if schema.name == "findings" else ()
    order = tuple(dict.fromkeys((*first, *schema.key, *schema.names)))
    query = f"SELECT * FROM ({' UNION ALL BY NAME '.join(parts)}) WHERE {required}"
    return _write(connection, Answer(query, order, distinct=True), path, schema)


def _within_declarations(schema: TableSchema, fields: Sequence[Field]) -> str:
    """Return the query of a table's rows that stand within the rows of the declarations."""
    own = {field.column.name: field for field in fields}
    columns = []
    for column in schema.columns:
        field = own.get(column.name)
        if field is not None and field.rule.split is not None:
            label, sign = identifier(field.label), text_literal(field.rule.split)
            value = f"nullif(trim(unnest(string_split({label}, {sign}))), '')"
        elif field is not None:
            value = identifier(field.label)
        elif column.name in _OF_DECLARATION:
            value = column.name
        elif column.name == "finding_id":
            value = "declaration_id || '/' || version || '/' || item_no"
        else:
            value = f"CAST(NULL AS {sql_type(column.type)})"
        columns.append(f"{value} AS {identifier(column.name)}")
    anchor = identifier(f"{schema.name}.{ANCHORS[schema.name]}")
    return f"SELECT {', '.join(columns)} FROM ({TAKEN}) WHERE {anchor} IS NOT NULL"


def name_places(connection: Connection, names: Sequence[str], units: Sequence[str]) -> None:
    """Make known what the sources are called, by their numbers, and what a position in them counts."""
    places = pa.table(
        {"source": pa.array(range(len(names)), pa.int32()), "name": list(names), "unit": list(units)}
    )
    connection.register("places", places)


def write_quarantine(connection: Connection, path: Path) -> int:
    """Write the problems, in order of source and position; return how many."""
    query = (
        "SELECT p.source AS source_no, coalesce(p.position, 0) AS position_no, name AS source, "
        "CASE WHEN position IS NULL THEN 'file' ELSE unit || ' ' || position END AS position, "
        "declaration_id, item_no, field, "
        f"CASE WHEN length(value) > {SHORTENED} THEN left(value, {SHORTENED}) || '…' ELSE value END "
        "AS value, code, reason FROM problems p JOIN places USING (source)"
    )
    order = ("source_no", "position_no", "field", "code", "value", "declaration_id", "item_no", "reason")
    answer = Answer(query, order, columns=QUARANTINE.names)
    return _write(connection, answer, path, QUARANTINE)


def write_differences(
    connection: Connection, path: Path, differences: Sequence[Difference]
) -> dict[str, int]:
    """Write what differs in the declarations that are taken; return how often by field."""
    names = ("source_no", "position_no", *DIFFERENCES.names[2:])
    columns = list(zip(*differences, strict=True)) or [()] * len(names)
    types = [pa.int32(), pa.int64(), *(column.type for column in DIFFERENCES.columns[2:])]
    rows = [pa.array(list(column), type_) for column, type_ in zip(columns, types, strict=True)]
    connection.register("stated", pa.table(rows, names=list(names)))
    query = (
        "SELECT d.*, name AS source, unit || ' ' || position_no AS position FROM stated d "
        "JOIN places p ON p.source = d.source_no ANTI JOIN kept_out USING (declaration_id)"
    )
    order = ("source_no", "position_no", "field", "declaration_id", "stated", "found", "reason")
    _write(connection, Answer(query, order, columns=DIFFERENCES.names), path, DIFFERENCES)
    counted = f"SELECT field, count(*) FROM ({query}) GROUP BY field ORDER BY field"
    return dict(connection.execute(counted).fetchall())


def _write(connection: Connection, answer: Answer, path: Path, schema: TableSchema) -> int:
    """Stream an answer into a canonical file, a group of rows at a time; return the rows."""
    count = 0
    with replacing(path) as temporary:
        empty = conform(answer.schema(connection).empty_table(), schema, place=path.name)
        rows = ROW_GROUP if len(empty.schema) <= _WIDE else ROW_GROUP // 4
        with pq.ParquetWriter(temporary, empty.schema, compression="zstd") as writer:
            for group in _groups(answer.batches(connection), rows):
                writer.write_table(conform(group, schema, place=path.name), row_group_size=rows)
                count += group.num_rows
    return count


def _groups(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """Gather batches into tables of exactly ``rows`` rows in one piece: equal rows give equal bytes."""
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.num_rows
        while size >= rows:
            over = size - rows
            last = held.pop()
            kept = last.num_rows - over
            yield pa.Table.from_batches([*held, last.slice(0, kept)]).combine_chunks()
            held, size = [last.slice(kept)], over
    if size:
        yield pa.Table.from_batches(held).combine_chunks()


def tables_below(fields: Sequence[Field]) -> dict[TableSchema, list[Field]]:
    """Return the further tables that the mapping fills, each with its columns."""
    found: dict[TableSchema, list[Field]] = {}
    for field in fields:
        table, dot, _ = field.label.partition(".")
        if dot:
            found.setdefault(TABLES[table], []).append(field)
    return found
