"""Canonical tables by month in a folder: parts that are never changed, and a manifest that names them.

Parts of a table lie in a folder of its own, so that ``read_table`` and ``register`` take it as it is. A part
is there once the manifest, which is renamed last, names it; what it does not name was left by whoever was
interrupted, and is written again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

import pyarrow as pa

from daliz.engine.records.files import replacing, write_table
from daliz.engine.records.schema import TABLES
from daliz.language import N_, DalizError

MANIFEST: Final = "months.json"
_FORMAT: Final = 1


class MonthsError(DalizError):
    """A folder of months is not whole, or not what it is taken for."""

    code: ClassVar[str] = "months"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of rows of one table.

    Attributes:
        table: which.
        file: its path within the folder.
        rows: how many.
        sha256: of its bytes.
    """

    table: str
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Months:
    """What a folder holds.

    Attributes:
        zone: time zone of its days.
        until: the first day that is not in it yet, the watermark; None where nothing is in it.
        number: of the last writing, from 1; 0 before the first.
        days: how many versions and how many findings there were, by day.
        parts: the files, in the order in which they were written.
    """

    zone: str
    until: date | None = None
    number: int = 0
    days: Mapping[date, tuple[int, int]] = field(default_factory=dict)
    parts: Sequence[Part] = ()

    def of(self, table: str) -> list[Part]:
        """Return the parts of a table."""
        return [part for part in self.parts if part.table == table]


def months_in(folder: Path) -> Months | None:
    """Return what a folder holds; None if it is no folder of months.

    Raises:
        MonthsError: its manifest cannot be read, or is of a format that this release does not know.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            raise ValueError(told["format"])
        return Months(
            zone=told["zone"],
            until=date.fromisoformat(told["until"]) if told["until"] else None,
            number=told["number"],
            days={date.fromisoformat(day): (n[0], n[1]) for day, n in told["days"].items()},
            parts=tuple(Part(**part) for part in told["parts"]),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise MonthsError(
            N_("{place} cannot be read as a manifest of months: {why}"), place=path, why=str(error)
        ) from None


def must_be_whole(folder: Path, months: Months) -> None:
    """Refuse a folder of which a part is missing or cut off, or that holds what its manifest does not name.

    Raises:
        MonthsError: naming the first such file.
    """
    named = {part.file: part for part in months.parts}
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    for name in sorted(named.keys() ^ there.keys()):
        raise MonthsError(
            N_("{place}: {file} is not as the manifest says; an export was interrupted: do it again"),
            code="months-broken", place=folder, file=name,
        )  # fmt: skip
    for name, part in sorted(named.items()):
        if _digest(there[name]) != part.sha256:
            raise MonthsError(
                N_("{place}: {file} has been changed since it was written"),
                code="months-changed", place=folder, file=name,
            )  # fmt: skip


def write_part(folder: Path, table: str, rows: pa.Table, name: str) -> Part:
    """Write a part; it is there once a manifest names it.

    Args:
        folder: of months.
        table: which.
        rows: its rows, in the order in which they are to be read.
        name: of the file, without its ending.
    """
    path = folder / table / f"{name}.parquet"
    write_table(rows, path, TABLES[table])
    return Part(table, path.relative_to(folder).as_posix(), rows.num_rows, _digest(path))


def keep(folder: Path, months: Months) -> None:
    """Put a manifest in the place of the one before; from then on its parts are there."""
    told = {
        "format": _FORMAT,
        "zone": months.zone,
        "until": months.until.isoformat() if months.until else None,
        "number": months.number,
        "days": {day.isoformat(): list(counts) for day, counts in sorted(months.days.items())},
        "parts": [
            {"table": part.table, "file": part.file, "rows": part.rows, "sha256": part.sha256}
            for part in months.parts
        ],
    }
    with replacing(folder / MANIFEST) as path:
        path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def clear(folder: Path, months: Months) -> int:
    """Remove parts that the manifest does not name; return how many."""
    named = {part.file for part in months.parts}
    left = [path for path in _files(folder) if path.relative_to(folder).as_posix() not in named]
    for path in left:
        path.unlink()
    return len(left)


def _files(folder: Path) -> Iterator[Path]:
    return (path for table in TABLES for path in sorted((folder / table).glob("*.parquet")))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
