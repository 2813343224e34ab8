"""The canonical tables: their schemas, their files, and DuckDB over them."""

from daliz.engine.records.files import Source, TableError, read_table, register, write_table
from daliz.engine.records.schema import TABLES, TableSchema

__all__ = [
    "TABLES",
    "Source",
    "TableError",
    "TableSchema",
    "read_table",
    "register",
    "write_table",
]
