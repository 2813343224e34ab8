"""The tables below the declarations: from texts of canonical columns to values, and what is wrong there."""

from typing import Final

from daliz.engine.reading.conversion import Writing, cell_of, filled, raw_sql
from daliz.engine.reading.mapping import Rule
from daliz.engine.reading.staging import POSITION, Staged
from daliz.engine.records.duck import identifier, text_literal
from daliz.engine.records.schema import TableSchema

PLACE: Final = "source, position, declaration_id, item_no"
"""Where a problem is told to be."""


def below_sql(staged: Staged, schema: TableSchema, zone: str) -> str:
    """Return the query of source, position, the table's columns, and ``wrong`` as the declarations have it.

    Args:
        staged: texts of the table's columns, with the source of each row.
        schema: the table.
        zone: IANA zone of a day.
    """
    writing = Writing(".", None, zone, ())
    raws, values, columns, wrongs = [], [], [], []
    for index, column in enumerate(schema.columns):
        rule = Rule.model_validate(column.name)
        cell = cell_of(raw_sql([f"c{index}"], rule, writing), rule, column, writing)
        names = {"raw": f"r{index}", "text": f"r{index}", "value": f"v{index}"}
        raws.append(f"{cell.raw} AS r{index}")
        values.append(f"{filled(cell.value, names)} AS v{index}")
        columns.append(f"v{index} AS {identifier(column.name)}")
        code = filled(cell.wrong, names)
        label = text_literal(f"{schema.name}.{column.name}")
        wrongs.append(
            f"CASE WHEN ({code}) IS NOT NULL THEN {{'field': {label}, 'value': r{index}, 'code': {code}}} END"
        )
    raw = f"SELECT *, {', '.join(raws)} FROM read_parquet({text_literal(str(staged.file))})"
    wrong = f"list_filter([{', '.join(wrongs)}], lambda x: x IS NOT NULL)"
    return (
        f"SELECT source, {POSITION}, {', '.join(columns)}, "
        f"CASE WHEN len({wrong}) > 0 THEN {wrong} END AS wrong "
        f"FROM (SELECT *, {', '.join(values)} FROM ({raw}))"
    )


def relation_of(table: str) -> str:
    """Return what the rows of a table below the declarations are called before they are written."""
    return f"mapped_{table}"
