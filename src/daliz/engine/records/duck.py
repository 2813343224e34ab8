"""DuckDB as the engine uses it: in memory, bounded, shut off from everything but the folders named.

The engine never opens a database file. Tables that outgrow the memory bound spill to a private folder
that disappears with the connection.
"""

import os
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import duckdb

Connection: TypeAlias = "duckdb.DuckDBPyConnection"
"""A DuckDB. The library is loaded once one is opened: who decides live has no use for its megabytes."""


def connect(
    *,
    memory_gb: float = 3.0,
    threads: int = 2,
    folders: Sequence[Path] = (),
    preserve_order: bool = True,
) -> Connection:
    """Open an in-memory DuckDB that can read and write only ``folders`` and its own spill folder.

    Nothing is downloaded, no Python variable is visible to SQL by accident, instants are shown in UTC, and
    the configuration is locked: SQL that reaches the connection cannot widen what it may touch.

    Args:
        memory_gb: memory that DuckDB may hold before it spills, GB, above 0.
        threads: worker threads, 1 or more.
        folders: folders that ``read_parquet``, ``read_csv`` and ``COPY`` may use, with all below them.
        preserve_order: rows of a scan keep the order of the file; turn off for large aggregations.

    Example:
        >>> connect().sql("SELECT current_setting('TimeZone')").fetchall()
        [('UTC',)]
        >>> connect().sql("SELECT * FROM read_csv('/etc/hosts')")
        Traceback (most recent call last):
        _duckdb.PermissionException: ...
    """
    return _opened(1, memory_gb, threads, folders, preserve_order)[0]


def connect_twice(*, memory_gb: float = 3.0, threads: int = 2) -> tuple[Connection, Connection]:
    """Open two connections to one in-memory DuckDB, for two threads; see ``connect``.

    Tables are common to both. What is registered, or made as temporary, only the one knows that did it.

    Example:
        >>> one, other = connect_twice()
        >>> _ = one.execute("CREATE TABLE number AS SELECT 7 AS n")
        >>> other.sql("SELECT n FROM number").fetchall()
        [(7,)]
    """
    first, second = _opened(2, memory_gb, threads, (), preserve_order=True)
    return first, second


def _opened(
    count: int, memory_gb: float, threads: int, folders: Sequence[Path], preserve_order: bool
) -> list[Connection]:
    import duckdb  # noqa: PLC0415 -- see Connection

    spill = Path(tempfile.mkdtemp(prefix="daliz-spill-"))
    first = duckdb.connect(":memory:")
    weakref.finalize(first, shutil.rmtree, spill, ignore_errors=True)
    connections = [first, *(first.cursor() for _ in range(count - 1))]
    for connection in connections:
        for setting in (
            "enable_progress_bar = false",
            "TimeZone = 'UTC'",
            "python_enable_replacements = false",
        ):
            connection.execute(f"SET {setting}")
    allowed = ", ".join(text_literal(os.fspath(Path(folder).resolve())) for folder in folders)
    for setting in (
        f"memory_limit = {text_literal(f'{round(memory_gb * 1000)}MB')}",
        f"threads = {int(threads)}",
        f"preserve_insertion_order = {str(preserve_order).lower()}",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"temp_directory = {text_literal(os.fspath(spill))}",
        f"allowed_directories = [{allowed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        first.execute(f"SET {setting}")
    return connections


def identifier(name: str) -> str:
    """Quote a name for SQL.

    Example:
        >>> identifier('item.hs_code')
        '"item.hs_code"'
    """
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """Quote a text for SQL.

    Example:
        >>> text_literal("Côte d'Ivoire")
        "'Côte d''Ivoire'"
    """
    return "'" + text.replace("'", "''") + "'"
