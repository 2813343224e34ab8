"""One staged source under one mapping: the query that gives its canonical rows and what is wrong in them."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from daliz.engine.features import Feature, Grain, Kind, Vocabulary
from daliz.engine.indicators import Expression, ExpressionError, parse, to_sql
from daliz.engine.reading.conversion import Cell, Writing, cell_of, filled, raw_sql
from daliz.engine.reading.dialect import detect_decimal
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.mapping import Rule, SourceMapping
from daliz.engine.reading.staging import POSITION, Staged
from daliz.engine.records.duck import Connection, identifier, text_literal
from daliz.engine.records.files import sql_type
from daliz.engine.records.schema import DECLARATIONS, TABLES, Column
from daliz.language import N_, Text

_KEYS: Final = ("declaration_id", "version", "item_no")
_OWN: Final = {("declarations", "version"), ("findings", "finding_id")}
"""Required columns that a mapping may leave out: version is 1 then, and findings are numbered by us."""

ANCHORS: Final[Mapping[str, str]] = {
    "findings": "violation", "documents": "document_number", "containers": "container_id",
    "transport_means": "transport_id", "duty_lines": "payment_code",
    "previous_documents": "document_number", "guarantees": "guarantee_id",
}  # fmt: skip
"""The column of each further table whose emptiness in the source means that there is no such row."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column to fill: ``office``, or ``findings.violation`` for one of a table below."""

    label: str
    column: Column
    rule: Rule


def fields_of(mapping: SourceMapping | None, header: tuple[str, ...]) -> list[Field]:
    """Return what is to be filled: by the mapping, or by equal names where there is none.

    Raises:
        ReadingError: a required column has no rule.
    """
    tables: dict[str, Mapping[str, Rule]]
    if mapping is None or not mapping.tables.get("declarations"):
        own = {name: Rule.model_validate(name) for name in DECLARATIONS.names if name in header}
        tables = {"declarations": own, **(mapping.tables if mapping else {})}
    else:
        tables = dict(mapping.tables)
    tables["declarations"] = {"version": Rule(constant="1"), **tables["declarations"]}
    fields = []
    for table, rules in tables.items():
        prefix = "" if table == "declarations" else f"{table}."
        for column in TABLES[table].columns:
            rule = rules.get(column.name)
            if rule is not None:
                fields.append(Field(prefix + column.name, column, rule))
            elif (
                column.required
                and (prefix == "" or column.name not in _KEYS)
                and ((table, column.name) not in _OWN)
            ):
                raise ReadingError(
                    N_("nothing fills the required column {column}; add it to the mapping"),
                    code="file-column-missing", column=prefix + column.name,
                )  # fmt: skip
    return fields


def further_of(mapping: SourceMapping | None, header: tuple[str, ...]) -> dict[str, str]:
    """Return the further columns to keep: name → column of the source."""
    if mapping is not None and mapping.further is not None:
        return dict(mapping.further)
    if mapping is not None and mapping.tables:
        return {}
    kept: dict[str, str] = {}
    for name in header:
        slug = slug_of(name)
        if name and name not in DECLARATIONS.names and slug not in DECLARATIONS.names and slug not in kept:
            kept[slug] = name
    return kept


def slug_of(name: str) -> str:
    """Return a column's name as an expression can write it.

    Example:
        >>> slug_of("HS6 Code"), slug_of("Нетто, кг")
        ('hs6_code', 'нетто_кг')
    """
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_") or "column"


def mapped_sql(
    staged: Staged,
    mapping: SourceMapping | None,
    *,
    source: str,
    zone: str,
    connection: Connection,
) -> str:
    """Return the query of ``source, position``, every field by its label, further columns, and ``wrong``.

    ``wrong`` is a list of (field, value, code), null where all is well. ``source`` is SQL: the number of the
    source, or the column of the staged file that says it.

    Raises:
        ReadingError: a column of the mapping is not in the source, or an expression is not right.
    """
    fields = fields_of(mapping, staged.header)
    writing = _writing(staged, mapping, fields, zone, connection)
    scan = f"read_parquet({text_literal(str(staged.file))})"
    raws, texts, values, wrongs = [], [], [], []
    for index, field in enumerate(fields):
        anchor = _anchor(field, fields)
        names = {"raw": f"r{index}", "text": f"t{index}", "value": f"v{index}"}
        if field.rule.count:
            values.append(f"CAST(NULL AS INTEGER) AS v{index}")
            continue
        if field.rule.expression is not None:
            values.append(f"{_computed(field, staged, mapping, writing)} AS v{index}")
            cell = Cell("NULL", "NULL", "", "CASE WHEN {value} IS NULL THEN 'value-missing' END")
            if field.column.required:
                wrongs.append(_wrong(field, cell, names, "NULL", anchor))
            continue
        if field.rule.constant is not None:
            raw = text_literal(field.rule.constant)
        else:
            raw = raw_sql(_columns(field, staged), field.rule, writing)
        cell = cell_of(raw, field.rule, field.column, writing)
        raws.append(f"{cell.raw} AS r{index}")
        texts.append(f"{filled(cell.text, names)} AS t{index}")
        values.append(f"{filled(cell.value, names)} AS v{index}")
        wrongs.append(_wrong(field, cell, names, f"r{index}", anchor))
    ids = next((f"v{i}" for i, f in enumerate(fields) if f.label == "declaration_id"), "NULL")
    versions = next(f"v{i}" for i, f in enumerate(fields) if f.label == "version")
    outputs = []
    for index, field in enumerate(fields):
        value = f"v{index}"
        if field.rule.count:
            value = f"CAST(row_number() OVER (PARTITION BY {ids}, {versions} ORDER BY {POSITION}) AS INTEGER)"
        outputs.append(f"{value} AS {identifier(field.label)}")
    stated = {field.label for field in fields}
    outputs += [
        f"CAST(NULL AS {sql_type(c.type)}) AS {identifier(c.name)}"
        for c in DECLARATIONS.columns if c.name not in stated
    ]  # fmt: skip
    for name, column in further_of(mapping, staged.header).items():
        found = staged.column(column)
        if found is None:
            raise _no_column(column, staged, f"further.{name}")
        outputs.append(f"nullif(trim({found}), '') AS {identifier(name)}")
    wrong = f"list_filter([{', '.join(wrongs)}], lambda x: x IS NOT NULL)"
    return (
        f"SELECT {source} AS source, {POSITION}, {', '.join(outputs)}, "
        f"CASE WHEN len({wrong}) > 0 THEN {wrong} END AS wrong FROM ("
        f"SELECT *, {', '.join(values)} FROM (SELECT *, {', '.join(texts)} FROM ("
        f"SELECT *, {', '.join(raws)} FROM {scan})))"
    )


def _wrong(field: Field, cell: Cell, names: Mapping[str, str], raw: str, anchor: str | None) -> str:
    code = filled(cell.wrong, names)
    there = f"{anchor} IS NOT NULL AND " if anchor is not None else ""
    return (
        f"CASE WHEN {there}({code}) IS NOT NULL THEN "
        f"{{'field': {text_literal(field.label)}, 'value': CAST({raw} AS VARCHAR), 'code': {code}}} END"
    )


def _anchor(field: Field, fields: list[Field]) -> str | None:
    """Return the SQL that is not null where the row says something for the field's table."""
    table, dot, _ = field.label.partition(".")
    if not dot:
        return None
    label = f"{table}.{ANCHORS[table]}"
    for index, other in enumerate(fields):
        if other.label == label:
            return f"v{index}" if other.rule.expression is not None else f"r{index}"
    raise ReadingError(
        N_("nothing fills {column}, without which there are no {table}; add it to the mapping"),
        code="file-column-missing", column=label, table=table,
    )  # fmt: skip


def _columns(field: Field, staged: Staged) -> list[str]:
    found = [column for name in field.rule.source if (column := staged.column(name)) is not None]
    if not found:
        raise _no_column(field.rule.source[0], staged, field.label)
    return found


def _no_column(name: str, staged: Staged, label: str) -> ReadingError:
    near = difflib.get_close_matches(name, staged.header, n=1)
    return ReadingError(
        N_("there is no column {column}, which should fill {field}; nearest: {nearest}"),
        code="file-column-missing", column=name, field=label, nearest=near[0] if near else "–",
    )  # fmt: skip


def _writing(
    staged: Staged,
    mapping: SourceMapping | None,
    fields: list[Field],
    zone: str,
    connection: Connection,
) -> Writing:
    layout = mapping.source if mapping is not None else SourceMapping().source
    decimal: str = layout.decimal or "."
    if layout.decimal is None and staged.unit == "line":
        numeric = [
            column for field in fields if sql_type(field.column.type) in ("DOUBLE", "DECIMAL(20, 2)")
            for name in field.rule.source if (column := staged.column(name)) is not None
        ]  # fmt: skip
        sample: list[str] = []
        for column in numeric:
            query = (
                f"SELECT {column} FROM read_parquet(?) WHERE {column} IS NOT NULL "
                f"ORDER BY {POSITION} LIMIT 1000"
            )
            sample += [row[0] for row in connection.execute(query, [str(staged.file)]).fetchall()]
        decimal = detect_decimal(sample)
    return Writing(decimal, layout.group, layout.zone or zone, layout.nulls)


def _computed(field: Field, staged: Staged, mapping: SourceMapping | None, writing: Writing) -> str:
    """Return the SQL of an expression over the source's columns."""
    layout = mapping.source if mapping is not None else SourceMapping().source
    kinds = layout.kinds
    columns = {f"source.{slug_of(name)}": name for name in staged.header if name}
    columns |= {f"source.{alias}": name for alias, name in layout.names.items()}
    blank = Text("not stated", "не указано", "көрсетілмеген")
    vocabulary = Vocabulary(
        Feature(slug, Text(name, name, name), Kind(kinds.get(name, "text")), Grain.ITEM, blank, "source")
        for slug, name in columns.items()
    )
    wanted = {"VARCHAR": Kind.TEXT, "DOUBLE": Kind.NUMBER, "INTEGER": Kind.NUMBER, "BOOLEAN": Kind.FLAG}.get(
        sql_type(field.column.type), Kind.DATE
    )
    try:
        expression = parse(field.rule.expression or "", vocabulary, currency=None)
    except ExpressionError as error:
        raise ReadingError(
            N_("the expression of {field} is not right: {detail}"),
            code="mapping-expression", field=field.label, detail=str(error),
        ) from error  # fmt: skip
    if expression.kind is not wanted:
        raise ReadingError(
            N_("the expression of {field} gives a {found} where a {expected} is wanted"),
            code="mapping-expression", field=field.label, found=str(expression.kind), expected=str(wanted),
        )  # fmt: skip
    return _cast(_over_source(expression, columns, staged, writing, vocabulary), field, writing)


def _over_source(
    expression: Expression,
    columns: Mapping[str, str],
    staged: Staged,
    writing: Writing,
    vocabulary: Vocabulary,
) -> str:
    types = {Kind.NUMBER: "duty_rate", Kind.DATE: "document_date"}
    sql = to_sql(expression)
    for name in sorted(expression.names):
        column = staged.column(columns[name])
        if column is None:
            raise _no_column(columns[name], staged, name)
        rule = Rule.model_validate(columns[name])
        raw = raw_sql([column], rule, writing)
        kind = vocabulary[name].kind
        if kind is not Kind.TEXT:
            table = TABLES["declarations" if kind is Kind.NUMBER else "documents"]
            target = next(c for c in table.columns if c.name == types[kind])
            raw_value = cell_of(raw, rule, target, writing).value
            raw = filled(raw_value, {"text": raw})
        sql = sql.replace(identifier(name), f"({raw})")
    return sql


def _cast(sql: str, field: Field, writing: Writing) -> str:
    if sql_type(field.column.type) == "INTEGER":
        return f"CASE WHEN ({sql}) = trunc({sql}) THEN TRY_CAST({sql} AS INTEGER) END"
    if sql_type(field.column.type) == "TIMESTAMPTZ":
        return f"timezone({text_literal(writing.zone)}, CAST({sql} AS TIMESTAMP))"
    return f"CAST({sql} AS {sql_type(field.column.type)})"
