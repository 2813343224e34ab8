"""The log of loads: a line of JSON for each load and each undo, only added to, the only thing that counts.

A load's rows lie in a file of their own that never changes. So adding a line is the whole change of state: a
process that is killed before has changed nothing, and after it everything is there.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from daliz.engine.official.errors import ListError
from daliz.engine.official.kinds import KINDS
from daliz.language import N_

LOG: Final = "loads.jsonl"
"""The file's name, in the directory ``lists`` of a pack or overlay."""

FOLDER: Final = "lists"


@dataclass(frozen=True, slots=True)
class Load:
    """One official list as it was taken in.

    Attributes:
        number: from 1, in the order of loading.
        kind: code of the kind.
        edition: what the list calls itself (``2022``); of a correlation ``2017:2022``.
        valid_from: first day on which it holds.
        valid_until: last day, None until another follows.
        file: its rows, relative to the directory ``lists``.
        sha256: of that file.
        rows: number of rows.
        added: rows that were not in force before.
        removed: rows that were, and are no longer.
        changed: rows that say something else than before.
        refused: rows of the source that were not taken, where that was allowed.
        amends: the source had only what changes; the rest was taken over from the list in force.
        replaces: earlier loads that it sets aside on the days on which it holds.
        source: where it comes from, in words.
        source_name: name of the file taken.
        source_sha256: of the file taken.
        loaded_on: day of loading.
    """

    number: int
    kind: str
    edition: str
    valid_from: date
    valid_until: date | None
    file: str
    sha256: str
    rows: int
    added: int
    removed: int
    changed: int
    refused: int
    amends: bool
    replaces: tuple[int, ...]
    source: str
    source_name: str
    source_sha256: str
    loaded_on: date

    @property
    def series(self) -> tuple[str, str]:
        """What succeeds each other: the kind; of correlations each pair of editions for itself."""
        return (self.kind, self.edition if self.kind == "correlation" else "")

    def covers(self, day: date) -> bool:
        """Tell whether ``day`` is one of its days."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def meets(self, other: "Load") -> bool:
        """Tell whether the two have a day in common."""
        ends = [load.valid_until for load in (self, other) if load.valid_until is not None]
        return max(self.valid_from, other.valid_from) <= min(ends, default=date.max)


@dataclass(frozen=True, slots=True)
class Undo:
    """A load taken back; the files stay, so that what was decided under it can be repeated."""

    undoes: int
    undone_on: date
    reason: str


Entry = Load | Undo


def line_of(entry: Entry) -> str:
    """Return the line of JSON that stands for an entry."""
    said = asdict(entry)
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str) + "\n"


def read_log(folder: Path) -> tuple[Entry, ...]:
    """Return the entries of the log in ``folder``; none if there is no log.

    Raises:
        ListError: a line is not one of the log.
    """
    path = folder / LOG
    if not path.exists():
        return ()
    entries: list[Entry] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            raise ListError(
                N_("{file}:{line}: not a line of the log of loads"), code="lists-log", file=LOG, line=number
            ) from error
    return tuple(entries)


def active(entries: Iterable[Entry]) -> tuple[Load, ...]:
    """Return the loads that were not undone, in order."""
    entries = tuple(entries)
    undone = {entry.undoes for entry in entries if isinstance(entry, Undo)}
    return tuple(e for e in entries if isinstance(e, Load) and e.number not in undone)


def in_force(loads: Sequence[Load], day: date) -> Load | None:
    """Return the load that holds on ``day``, of loads of one series; None if none does.

    What another one of that day replaces does not hold; of the rest the one that began last, then the one
    loaded last.
    """
    there = [load for load in loads if load.covers(day)]
    replaced = {number for load in there for number in load.replaces}
    left = [load for load in there if load.number not in replaced]
    return max(left, key=lambda load: (load.valid_from, load.number), default=None)


def _entry(said: dict[str, object]) -> Entry:
    if "undoes" in said:
        return Undo(int(str(said["undoes"])), date.fromisoformat(str(said["undone_on"])), str(said["reason"]))
    days = {name: date.fromisoformat(str(said[name])) for name in ("valid_from", "loaded_on")}
    until = said["valid_until"]
    texts = ("kind", "edition", "file", "sha256", "source", "source_name", "source_sha256")
    numbers = ("number", "rows", "added", "removed", "changed", "refused")
    replaces = said["replaces"]
    inside = Path(str(said["file"]))
    if inside.is_absolute() or ".." in inside.parts:
        raise ValueError(str(inside))
    if str(said["kind"]) not in KINDS or not isinstance(replaces, list):
        raise ValueError(str(said["kind"]))
    text = {name: str(said[name]) for name in texts}
    number = {name: int(str(said[name])) for name in numbers}
    return Load(
        number=number["number"], kind=text["kind"], edition=text["edition"], valid_from=days["valid_from"],
        valid_until=None if until is None else date.fromisoformat(str(until)), file=text["file"],
        sha256=text["sha256"], rows=number["rows"], added=number["added"], removed=number["removed"],
        changed=number["changed"], refused=number["refused"], amends=said["amends"] is True,
        replaces=tuple(int(str(one)) for one in replaces), source=text["source"],
        source_name=text["source_name"], source_sha256=text["source_sha256"], loaded_on=days["loaded_on"],
    )  # fmt: skip
