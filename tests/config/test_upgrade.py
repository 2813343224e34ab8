"""A database of an older release, with people and declarations in it, is brought up to this one."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

pytestmark = pytest.mark.both_databases

OLDER = sorted(Path(__file__).parent.glob("older/*.sql"))
HEADS = {"2026-11": "3a0b54a6f8a8fafcaa6c52f4785c026db28d68ab65f39c5973082077692688f4"}
"""Where the journal of each ended."""

DATABASE = f"older_{os.getpid()}"

Ask = Callable[[str], Sequence[Sequence[Any]]]
"""Carries out a query on the database that is upgraded."""


def daliz(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env=dict(environment), capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(params=OLDER, ids=lambda path: path.stem)
def older(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A home, and on PostgreSQL a database of its own."""
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    settings = {k: v for k, v in os.environ.items() if k not in ours}
    settings |= {"DALIZ_HOME": str(tmp_path), "COLUMNS": "200"}
    server = os.environ.get("DATABASE_URL")
    if server is None:
        yield settings
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
        yield settings | {"DATABASE_URL": urlsplit(server)._replace(path=f"/{DATABASE}").geturl()}
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture
def ask(older: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[Ask]:
    """The older database, set up."""
    script = older.read_text(encoding="utf-8")
    if "DATABASE_URL" not in environment:
        with closing(sqlite3.connect(tmp_path / "daliz.sqlite3")) as database:
            database.executescript(script)
            yield lambda said: database.execute(said).fetchall()
        return
    with (
        closing(sqlite3.connect(":memory:")) as kept,
        psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database,
    ):
        kept.executescript(script)
        set_up(kept, environment)
        with database.transaction():
            moved(kept, database)
        yield lambda said: database.execute(said.encode()).fetchall()


def set_up(kept: sqlite3.Connection, environment: Mapping[str, str]) -> None:
    """Make the tables on PostgreSQL as the older release had them."""
    last = dict(kept.execute("SELECT app, name FROM django_migrations ORDER BY name").fetchall())
    done = daliz(
        dict(environment) | {"DJANGO_SETTINGS_MODULE": "daliz.config.settings"},
        "-c",
        "import django; django.setup(); from django.core.management import call_command\n"
        f"for app, name in {last!r}.items(): call_command('migrate', app, name, verbosity=0)",
    )
    assert done.returncode == 0, done.stderr


def moved(kept: sqlite3.Connection, database: psycopg.Connection[Any]) -> None:
    """Copy every row; yes and no are numbers in SQLite."""
    for table in ("auth_permission", "django_content_type", "django_migrations"):
        database.execute(f"DELETE FROM {table}".encode())
    for (table,) in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table.startswith("sqlite_"):
            continue
        rows = kept.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in rows.description]
        kinds: dict[str, str] = dict(
            database.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table]
            ).fetchall()
        )
        marks = ", ".join(f"%s::text::{kinds[name]}" for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        for row in rows.fetchall():
            told = [None if value is None else str(value) for value in row]
            database.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'.encode(), told)
        if kinds.get("id") in ("bigint", "integer"):
            database.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                f'coalesce(max(id), 0) + 1, false) FROM "{table}"'.encode()
            )


@pytest.mark.slow
def test_an_older_database_is_upgraded_with_all_that_is_in_it(
    older: Path, environment: dict[str, str], ask: Ask
) -> None:
    before = kept(ask, environment)
    assert before["intake_declaration"] == 3
    admitted = daliz(
        environment, "-m", "daliz", "staff", "admit", "newcomer", "--name", "Newcomer", "--role", "officer"
    )
    assert admitted.returncode == 0, admitted.stderr
    after = kept(ask, environment)
    grown = {"staff_user", "staff_rolegrant", "journal_entry", "django_migrations", "auth_permission",
             "django_content_type"}  # fmt: skip
    assert {name: n for name, n in after.items() if name in before and name not in grown} == {
        name: n for name, n in before.items() if name not in grown
    }
    assert after["staff_user"] == before["staff_user"] + 1
    verified = daliz(environment, "-m", "daliz", "journal", "verify", "--head", HEADS[older.stem])
    assert verified.returncode == 0, verified.stderr
    seen = daliz(environment, "-m", "daliz", "doctor").stdout
    assert "the tables are those of this release" in seen


def kept(ask: Ask, environment: Mapping[str, str]) -> dict[str, int]:
    """Return how many rows each table has."""
    listed = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if "DATABASE_URL" in environment
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return {name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in ask(listed)}
