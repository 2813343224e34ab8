"""Set the live system up again from a backup: looked through whole before anything is touched."""

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from daliz.doors.cli.serving.backup import (
    FOLDERS,
    FORMAT,
    MANIFEST,
    SQLITE,
    BackupError,
    Kept,
    files_in,
    tables,
)
from daliz.language import N_

_FILLED_BY_MIGRATE: Final = ("auth_permission", "django_content_type", "django_migrations")
_TOLD: Final = ("database", "migrations", "columns", "rows", "digests", "kept_apart")


def restore(path: Path) -> Kept:
    """Set a home and a database up from a backup, and bring them up to this release.

    Nothing is written before the whole archive proved to be what was backed up, of this kind of database and
    of no newer release, and the place to be empty.

    Raises:
        BackupError: it is no backup, is damaged, is of another database or a newer release, or something is
            there that would be lost.
    """
    home = Path(settings.HOME)
    with tempfile.TemporaryDirectory(dir=home, prefix="restoring-") as unpacked:
        folder = Path(unpacked)
        told = _unpacked(path, folder)
        _must_be_whole(path, folder, told["digests"])
        _must_fit(path, told)
        _must_be_free(home)
        if connection.vendor == "sqlite":
            _place(folder / "database" / SQLITE, Path(settings.DATABASES["default"]["NAME"]))
        else:
            _load(folder / "database", told)
        files = [file for name in FOLDERS for file in files_in(folder / name)]
        for name in FOLDERS:
            (home / name).mkdir(mode=0o700, exist_ok=True)
        for file in files:
            _place(file, home / file.relative_to(folder))
    call_command("migrate", interactive=False, verbosity=0)
    return Kept(path, sum(told["rows"].values()), len(files), told["kept_apart"])


def _unpacked(path: Path, folder: Path) -> dict[str, Any]:
    """Unpack an archive and return its manifest."""
    why = "its manifest is missing or not ours"
    try:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, ValueError) as error:
        told, why = None, str(error)
    if not isinstance(told, dict) or "format" not in told:
        raise BackupError(N_("{path} is no backup that can be read: {why}"), path=path, why=why)
    if told["format"] != FORMAT or not all(isinstance(told.get(name), dict | str) for name in _TOLD):
        raise BackupError(
            N_("{path} is a backup in format {found}; this release reads {ours}"),
            code="backup-format", path=path, found=told["format"], ours=FORMAT,
        )  # fmt: skip
    return told


def _must_be_whole(path: Path, folder: Path, digests: Mapping[str, str]) -> None:
    """Refuse an archive of which a part is missing, changed, or was never in it."""
    found = {file.relative_to(folder).as_posix(): file for file in files_in(folder)}
    found.pop(MANIFEST)
    for name in sorted(digests.keys() | found.keys()):
        if name in digests and name in found:
            with found[name].open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == digests[name]:
                    continue
        raise BackupError(
            N_("{path} is damaged: {part} is not what was backed up; take another backup"),
            code="backup-damaged", path=path, part=name,
        )  # fmt: skip


def _must_fit(path: Path, told: Mapping[str, Any]) -> None:
    """Refuse a backup of another kind of database, or of a release that this one does not know."""
    if told["database"] != connection.vendor:
        raise BackupError(
            N_("{path} is a backup of {found}; this system runs on {ours}"),
            code="backup-database", path=path, found=told["database"], ours=connection.vendor,
        )  # fmt: skip
    known = MigrationLoader(None).disk_migrations
    unknown = [f"{app} {name}" for app, name in told["migrations"].items() if (app, name) not in known]
    if unknown:
        raise BackupError(
            N_("{path} was made by release {release}, whose tables this one does not know ({which})"),
            code="backup-newer", path=path, release=told.get("daliz", "?"), which=", ".join(unknown),
        )  # fmt: skip


def _must_be_free(home: Path) -> None:
    """Refuse where anything is there that would be overwritten."""
    taken = [file for name in FOLDERS for file in files_in(home / name)]
    if connection.vendor == "sqlite":
        name = Path(settings.DATABASES["default"]["NAME"])
        taken += [file for file in (name, *_beside(name)) if file.exists()]
    if taken:
        raise BackupError(
            N_("{path} is there already; move it away first, nothing is overwritten"),
            code="backup-taken", path=taken[-1],
        )  # fmt: skip
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        for table in set(tables()).difference(_FILLED_BY_MIGRATE):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if cursor.fetchone()[0]:
                raise BackupError(
                    N_("the database is not empty; name a new one, nothing is overwritten"),
                    code="backup-taken",
                )


def _beside(database: Path) -> tuple[Path, Path]:
    """Return the files that SQLite has beside a database; old ones would be taken for parts of a new one."""
    return database.with_name(f"{database.name}-wal"), database.with_name(f"{database.name}-shm")


def _load(folder: Path, told: Mapping[str, Any]) -> None:
    """Make the tables as they were, and fill all of them or none."""
    for app, name in told["migrations"].items():
        call_command("migrate", app, name, interactive=False, verbosity=0)
    there = set(tables())
    with transaction.atomic(), connection.cursor() as cursor:
        for table in there.intersection(_FILLED_BY_MIGRATE):
            cursor.execute(f'DELETE FROM "{table}"')
        for table, columns in told["columns"].items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_schema = current_schema() AND table_name = %s", [table],
            )  # fmt: skip
            if table not in there or {row[0] for row in cursor.fetchall()} != set(columns):
                raise BackupError(
                    N_("the table {table} of the backup is not that of its release"),
                    code="backup-tables", table=table,
                )  # fmt: skip
            named = ", ".join(f'"{name}"' for name in columns)
            with (
                (folder / f"{table}.copy").open("rb") as file,
                cursor.copy(f'COPY "{table}" ({named}) FROM STDIN') as rows,
            ):
                while block := file.read(1 << 20):
                    rows.write(block)
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            if cursor.fetchone()[0] != told["rows"][table]:
                raise BackupError(
                    N_("the table {table} of the backup is not that of its release"),
                    code="backup-tables", table=table,
                )  # fmt: skip
            if "id" in columns:
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
                [sequence] = cursor.fetchone()
                if sequence is not None:
                    cursor.execute(
                        f'SELECT setval(%s, coalesce(max(id), 0) + 1, false) FROM "{table}"', [sequence]
                    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _place(file: Path, aim: Path) -> None:
    """Move a file to its place; it is never there half."""
    aim.parent.mkdir(parents=True, exist_ok=True)
    part = aim.with_name(aim.name + ".part")
    shutil.move(file, part)
    part.replace(aim)
