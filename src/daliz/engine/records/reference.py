"""The reference page of the canonical tables, generated from the schemas so that it cannot lag behind."""

from daliz.engine.records.files import sql_type
from daliz.engine.records.schema import SCHEMA_VERSION, TABLES, TableSchema

_INTRODUCTION = f"""\
# Canonical records

Files, the engine's tables and the database share these names. Schema version {SCHEMA_VERSION}; Parquet files
carry it in their metadata (`daliz.schema_version`) and a reader refuses a version it does not know.

- Unknown is null, never 0 and never an empty text.
- Money is decimal with two places, never binary float.
- Instants are UTC; a day is the day of the pack's time zone.
- Columns beyond these are kept.

This page is generated (`daliz.engine.records.reference_page`); a test holds it equal to the code.
"""


def reference_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(table) for table in TABLES.values())])


def _section(table: TableSchema) -> str:
    lines = [
        f"## `{table.name}`",
        "",
        table.meaning,
        "",
        f"A row is identified by {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | required | of the whole | meaning |",
        "|---|---|---|---|---|",
    ]
    for column in table.columns:
        required, header = ("yes" if mark else "" for mark in (column.required, column.header))
        type_ = sql_type(column.type).lower()
        lines.append(f"| `{column.name}` | {type_} | {required} | {header} | {column.meaning} |")
    return "\n".join([*lines, ""])
