"""Back the live system up into one file; secrets stay out. ``restoring`` sets it up again.

A backup is a tar archive: the database as of one instant (SQLite by its backup interface, PostgreSQL table by
table as COPY writes it, in one transaction), the files of the home, and last ``manifest.json`` with the
SHA-256 of each of them, so that one that was cut off has none. The draw's key and the secret of sessions are
named with their digests and are not in it.
"""

import hashlib
import io
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from daliz import __version__
from daliz.language import N_, DalizError

FORMAT: Final = 2
FOLDERS: Final = ("files", "history", "models")
"""Folders of the home that a backup holds."""

MANIFEST: Final = "manifest.json"
SQLITE: Final = "daliz.sqlite3"


class BackupError(DalizError):
    """A backup cannot be made or set up."""

    code: ClassVar[str] = "backup"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds.

    Attributes:
        path: the archive.
        rows: of the database.
        files: of the home.
        apart: what must be kept apart from it: name and SHA-256.
    """

    path: Path
    rows: int
    files: int
    apart: Mapping[str, str]


def backup(path: Path) -> Kept:
    """Write a backup; an unfinished one never has the name of a finished one.

    Raises:
        BackupError: the file is there already.
    """
    if path.exists():
        raise BackupError(N_("{path} is there already; name a new file"), path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    apart = dict(_secrets())
    digests: dict[str, str] = {}
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, tarfile.open(part, "w") as archive:
        columns, counts = _dump(Path(folder))
        for file in files_in(Path(folder)):
            _add(archive, file, f"database/{file.name}", digests)
        tables = len(digests)
        for name in FOLDERS:
            for file in files_in(settings.HOME / name):
                _add(archive, file, file.relative_to(settings.HOME).as_posix(), digests)
        told: dict[str, Any] = {
            "format": FORMAT,
            "daliz": __version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": connection.vendor,
            "migrations": _migrations(),
            "columns": columns,
            "rows": counts,
            "digests": digests,
            "kept_apart": apart,
        }
        _write(archive, MANIFEST, json.dumps(told, indent=1, sort_keys=True).encode())
    part.chmod(0o600)
    part.replace(path)
    return Kept(path, sum(counts.values()), len(digests) - tables, apart)


def _add(archive: tarfile.TarFile, file: Path, name: str, digests: dict[str, str]) -> None:
    """Put a file into the archive and note its digest; one that has just been let go of is left out."""
    try:
        source = file.open("rb")
    except FileNotFoundError:
        return
    with source:
        about = archive.gettarinfo(arcname=name, fileobj=source)
        digests[name] = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        archive.addfile(about, source)


def _write(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(content)
    archive.addfile(about, io.BytesIO(content))


def _dump(folder: Path) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Write the database as of one instant; return the columns of each table, and how many rows it has."""
    columns: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / SQLITE)) as copy:
            connection.connection.backup(copy)
            for table in tables():
                columns[table] = [c[0] for c in copy.execute(f'SELECT * FROM "{table}" LIMIT 0').description]
                counts[table] = copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
        return columns, counts
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in tables():
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            columns[table] = [column.name for column in cursor.description]
            named = ", ".join(f'"{name}"' for name in columns[table])
            with (
                (folder / f"{table}.copy").open("wb") as file,
                cursor.copy(f'COPY "{table}" ({named}) TO STDOUT') as rows,
            ):
                for block in rows:
                    file.write(block)
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return columns, counts


def tables() -> list[str]:
    """Return the tables that are there."""
    return sorted(connection.introspection.table_names())


def files_in(folder: Path) -> Iterator[Path]:
    """Give every file below a folder, in order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _migrations() -> dict[str, str]:
    """Return the last migration of each app, so that the tables are what they were."""
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return dict(applied)


def _secrets() -> Iterator[tuple[str, str]]:
    """Name what must be kept apart: secrets, by the digest that proves them."""
    keys = [Path(named) for named in (settings.DRAW_KEY, settings.MODEL_KEY) if named]
    named = [settings.HOME / "secret-key", *keys]
    for path in named:
        if path.is_file():
            yield str(path), hashlib.sha256(path.read_bytes()).hexdigest()
