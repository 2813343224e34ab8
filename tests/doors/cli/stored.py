"""Everything that a live system has stored: each row of each table, each file of its home by its digest."""

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

Rows: TypeAlias = dict[str, list[str]]
"""The rows of each table as text, in the order of that text."""


def rows(environment: Mapping[str, str]) -> Rows:
    """Read every row of every table."""
    server = environment.get("DATABASE_URL")
    if server is not None:
        with psycopg.connect(server) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            names = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            return {name: _sorted(connection, name) for (name,) in names}
    with closing(sqlite3.connect(Path(environment["DALIZ_HOME"]) / "daliz.sqlite3")) as database:
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        return {name: _sorted(database, name) for (name,) in database.execute(listed).fetchall()}


def _sorted(database: Any, table: str) -> list[str]:
    found = database.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in found.description]
    return sorted(repr(dict(zip(names, map(_text, row), strict=True))) for row in found.fetchall())


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def files(environment: Mapping[str, str]) -> dict[str, str]:
    """Read the digest of every file that a backup is to hold."""
    home = Path(environment["DALIZ_HOME"])
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("files", "history", "models")
        for path in sorted((home / folder).rglob("*"))
        if path.is_file()
    }
