"""A database of an older release, with people and declarations in it, is brought up to this one."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

OLDER = sorted(Path(__file__).parent.glob("older/*.sql"))
HEADS = {"2026-11": "3a0b54a6f8a8fafcaa6c52f4785c026db28d68ab65f39c5973082077692688f4"}
"""Where the journal of each ended."""


def daliz(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "daliz", *arguments],
        env=settings | {"DALIZ_HOME": str(home), "COLUMNS": "200"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("older", OLDER, ids=lambda path: path.stem)
def test_an_older_database_is_upgraded_with_all_that_is_in_it(older: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "daliz.sqlite3")) as database:
        database.executescript(older.read_text(encoding="utf-8"))
    before = kept(tmp_path)
    assert before["intake_declaration"] == 3
    admitted = daliz(tmp_path, "staff", "admit", "newcomer", "--name", "Newcomer", "--role", "officer")
    assert admitted.returncode == 0, admitted.stderr
    after = kept(tmp_path)
    grown = {"staff_user", "staff_rolegrant", "journal_entry", "django_migrations", "auth_permission",
             "django_content_type"}  # fmt: skip
    assert {name: n for name, n in after.items() if name in before and name not in grown} == {
        name: n for name, n in before.items() if name not in grown
    }
    assert after["staff_user"] == before["staff_user"] + 1
    verified = daliz(tmp_path, "journal", "verify", "--head", HEADS[older.stem])
    assert verified.returncode == 0, verified.stderr
    seen = daliz(tmp_path, "doctor").stdout
    assert "the tables are those of this release" in seen


def kept(home: Path) -> dict[str, int]:
    """Return how many rows each table has."""
    with closing(sqlite3.connect(home / "daliz.sqlite3")) as database:
        names = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
