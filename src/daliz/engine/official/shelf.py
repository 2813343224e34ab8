"""The directory ``lists`` of a pack or overlay: what was loaded into it, and what holds on a day."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from daliz.engine.official.errors import ListError
from daliz.engine.official.kinds import KINDS, ListKind
from daliz.engine.official.log import FOLDER, Entry, Load, active, in_force, read_log
from daliz.language import N_

Row: TypeAlias = Mapping[str, str]
"""One row of a list by column; what is not stated is empty."""

Key: TypeAlias = tuple[str, ...]

_KEPT: Final = 16
"""Files of rows held in memory."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which one load holds, ``until`` included; None where it has no end."""

    since: date
    until: date | None
    load: Load


@dataclass(frozen=True, slots=True)
class Shelf:
    """The official lists of one directory.

    Attributes:
        folder: the directory ``lists`` itself.
        entries: the log.
    """

    folder: Path
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, directory: Path) -> "Shelf":
        """Open the lists of a pack's or overlay's directory; a shelf without loads if it has none.

        Raises:
            ListError: the log cannot be understood.
        """
        folder = directory / FOLDER
        return cls(folder, read_log(folder))

    @property
    def loads(self) -> tuple[Load, ...]:
        """The loads that were not undone."""
        return active(self.entries)

    def series(self, kind: str, edition: str = "") -> tuple[Load, ...]:
        """Return the active loads of a kind; of correlations those between the two editions named."""
        return tuple(load for load in self.loads if load.series == (kind, edition))

    def stretches(self, kind: str, edition: str = "") -> tuple[Stretch, ...]:
        """Return which load of a kind holds on which days, in the order of days."""
        loads = self.series(kind, edition)
        begins = {load.valid_from for load in loads}
        begins |= {load.valid_until + timedelta(days=1) for load in loads if load.valid_until is not None}
        found: list[Stretch] = []
        ordered = sorted(begins)
        for at, since in enumerate(ordered):
            load = in_force(loads, since)
            until = ordered[at + 1] - timedelta(days=1) if at + 1 < len(ordered) else None
            if load is None:
                continue
            last = found[-1] if found else None
            if last is not None and last.load is load and last.until == since - timedelta(days=1):
                found[-1] = Stretch(last.since, until, load)
            else:
                found.append(Stretch(since, until, load))
        return tuple(found)

    def rows(self, load: Load) -> tuple[Row, ...]:
        """Return the rows of a load.

        Raises:
            ListError: its file is missing or is not what was loaded.
        """
        return _rows(self.folder / load.file, load.sha256, load.kind)

    def on(self, kind: str, day: date, edition: str = "") -> dict[Key, Row]:
        """Return the rows of a kind in force on ``day``, by key; of dated rows those up to that day.

        A row that states days of its own holds on those days only.
        """
        listed = KINDS[kind]
        if listed.dated:
            rows = [row for load in self.series(kind) for row in self.rows(load)]
            return {key_of(listed, row): row for row in rows if row["date"] <= day.isoformat()}
        load = in_force(self.series(kind, edition), day)
        if load is None:
            return {}
        return {key_of(listed, row): row for row in self.rows(load) if _holds(row, day)}

    def check(self) -> list[tuple[Load, ListError]]:
        """Return the active loads whose files are not what was loaded."""
        wrong = []
        for load in self.loads:
            try:
                _checked(self.folder / load.file, load.sha256)
            except ListError as error:
                wrong.append((load, error))
        return wrong


def key_of(kind: ListKind, row: Row) -> Key:
    """Return what makes a row one of its list."""
    return tuple(row[name] for name in kind.key)


def written(kind: ListKind, rows: Iterable[Row]) -> bytes:
    """Return the bytes in which rows are kept: CSV, UTF-8, in the order of their keys."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(kind.names)
    writer.writerows(
        [row[name] for name in kind.names] for row in sorted(rows, key=lambda r: key_of(kind, r))
    )
    return text.getvalue().encode()


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 in lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def editions(loads: Sequence[Load]) -> tuple[str, ...]:
    """Return the names of the editions in the order of their days."""
    return tuple(dict.fromkeys(load.edition for load in sorted(loads, key=lambda load: load.valid_from)))


def _holds(row: Row, day: date) -> bool:
    since, until = row.get("valid_from", ""), row.get("valid_until", "")
    return (not since or since <= day.isoformat()) and (not until or day.isoformat() <= until)


@lru_cache(maxsize=_KEPT)
def _rows(path: Path, sha256: str, kind: str) -> tuple[Row, ...]:
    reader = csv.DictReader(io.StringIO(_checked(path, sha256).decode(), newline=""))
    if tuple(reader.fieldnames or ()) != KINDS[kind].names:
        raise ListError(N_("{file} has other columns than its kind"), code="lists-changed", file=path.name)
    return tuple(reader)


def _checked(path: Path, sha256: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ListError(
            N_("{file} is in the log of loads but cannot be read"), code="lists-missing", file=path.name
        ) from error
    if sha256_of(content) != sha256:
        raise ListError(
            N_("{file} is not what was loaded; restore it, or load the list again"),
            code="lists-changed", file=path.name,
        )  # fmt: skip
    return content
