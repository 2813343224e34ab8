"""Back the live system up into one file, and set it up again from it; secrets stay out.

A backup is a tar archive: ``manifest.json``, the database as of one instant (SQLite by its backup interface,
PostgreSQL table by table as COPY writes it, in one transaction), and the files of the home. The draw's key
and the secret of sessions are named with their digests and are not in it.
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
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from daliz import __version__
from daliz.customs.intake.models import Declaration
from daliz.ground.staff.models import User
from daliz.language import N_, DalizError

FORMAT: Final = 1
FOLDERS: Final = ("files", "history", "models")
"""Folders of the home that a backup holds."""

_FILLED_BY_MIGRATE: Final = ("auth_permission", "django_content_type", "django_migrations")


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
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        counts = _dump(Path(folder))
        files = [*_files(Path(folder)), *(f for name in FOLDERS for f in _files(settings.HOME / name))]
        told: dict[str, Any] = {
            "format": FORMAT,
            "daliz": __version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": connection.vendor,
            "migrations": _migrations(),
            "rows": counts,
            "kept_apart": apart,
        }
        with tarfile.open(part, "w") as archive:
            whole = json.dumps(told, indent=1, sort_keys=True).encode()
            about = tarfile.TarInfo("manifest.json")
            about.size = len(whole)
            archive.addfile(about, io.BytesIO(whole))
            for file in _files(Path(folder)):
                archive.add(file, f"database/{file.name}")
            for name in FOLDERS:
                for file in _files(settings.HOME / name):
                    archive.add(file, str(file.relative_to(settings.HOME)))
    part.chmod(0o600)
    part.replace(path)
    return Kept(path, sum(counts.values()), len(files), apart)


def restore(path: Path) -> Kept:
    """Set a home and a database up from a backup, and bring them up to this release.

    Raises:
        BackupError: it is no backup, is of another database, or something is there that would be lost.
    """
    with tempfile.TemporaryDirectory() as unpacked:
        folder = Path(unpacked)
        try:
            with tarfile.open(path) as archive:
                archive.extractall(folder, filter="data")
            told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        except (tarfile.TarError, OSError, ValueError) as error:
            raise BackupError(
                N_("{path} is no backup that can be read: {why}"), path=path, why=str(error)
            ) from None
        if told["format"] != FORMAT or told["database"] != connection.vendor:
            raise BackupError(
                N_("{path} is a backup of {found}; this system runs on {ours}"),
                path=path, found=told["database"], ours=connection.vendor,
            )  # fmt: skip
        _load(folder / "database", told["migrations"])
        files = 0
        for name in FOLDERS:
            for file in _files(folder / name):
                aim = settings.HOME / file.relative_to(folder)
                aim.parent.mkdir(parents=True, exist_ok=True)
                aim.write_bytes(file.read_bytes())
                files += 1
    call_command("migrate", interactive=False, verbosity=0)
    return Kept(path, sum(told["rows"].values()), files, told["kept_apart"])


def _dump(folder: Path) -> dict[str, int]:
    """Write the database as of one instant; return how many rows each table has."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / "daliz.sqlite3")) as copy:
            connection.connection.backup(copy)
            return {
                table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in _tables()
            }
    counts = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in _tables():
            with (
                (folder / f"{table}.copy").open("wb") as file,
                cursor.copy(f'COPY "{table}" TO STDOUT') as rows,
            ):
                for block in rows:
                    file.write(block)
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def _load(folder: Path, migrations: Mapping[str, str]) -> None:
    if connection.vendor == "sqlite":
        target = Path(settings.DATABASES["default"]["NAME"])
        if target.exists():
            raise BackupError(
                N_("{path} is there already; move it away first, nothing is overwritten"), path=target
            )
        connection.close()
        part = target.with_name(target.name + ".part")
        part.write_bytes((folder / "daliz.sqlite3").read_bytes())
        part.replace(target)
        return
    for app, name in migrations.items():
        call_command("migrate", app, name, interactive=False, verbosity=0)
    if User.objects.exists() or Declaration.objects.exists():
        raise BackupError(N_("the database is not empty; name a new one, nothing is overwritten"))
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _FILLED_BY_MIGRATE:
            if table in _tables():
                cursor.execute(f'DELETE FROM "{table}"')
        for table in _tables():
            with (
                (folder / f"{table}.copy").open("rb") as file,
                cursor.copy(f'COPY "{table}" FROM STDIN') as rows,
            ):
                while block := file.read(1 << 20):
                    rows.write(block)
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id') FROM information_schema.columns "
                           "WHERE table_name = %s AND column_name = 'id'", [f'"{table}"', table])  # fmt: skip
            found = cursor.fetchone()
            if found is not None and found[0] is not None:
                cursor.execute(
                    f'SELECT setval(%s, coalesce(max(id), 0) + 1, false) FROM "{table}"', [found[0]]
                )


def _tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def _migrations() -> dict[str, str]:
    """Return the last migration of each app, so that the tables are what they were."""
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return dict(applied)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _secrets() -> Iterator[tuple[str, str]]:
    """Name what must be kept apart: secrets, by the digest that proves them."""
    keys = [Path(named) for named in (settings.DRAW_KEY, settings.MODEL_KEY) if named]
    named = [settings.HOME / "secret-key", *keys]
    for path in named:
        if path.is_file():
            yield str(path), hashlib.sha256(path.read_bytes()).hexdigest()
