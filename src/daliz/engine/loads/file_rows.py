"""Rows of an official list from a file of whatever layout; what is not right is told with line and reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from daliz.engine.loads.whole import row_problem, whole_problems
from daliz.engine.official import ListError, ListKind, Row
from daliz.engine.official.correlation import relations
from daliz.engine.official.duty_text import duty_parts
from daliz.engine.official.kinds import Column
from daliz.engine.official.shelf import Key, key_of
from daliz.engine.reading.mapping import SourceMapping
from daliz.engine.reading.sources import open_rows
from daliz.language import N_, Message

_WRITTEN_RATE: Final = (
    "rate", "duty", "ставка", "ставка пошлины", "ставка ввозной таможенной пошлины", "мөлшерлеме",
)  # fmt: skip
"""How files call a column that holds a rate of duty in words."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken.

    Attributes:
        line: line or row of the file, from 1.
        column: the column to blame; empty if it is the row as a whole.
        reason: what is wrong.
    """

    line: int
    column: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file holds.

    Attributes:
        rows: by key, in the order of the file.
        refused: what is not right.
        aside: rows that are none of the list, such as totals.
    """

    rows: dict[Key, Row]
    refused: tuple[Refusal, ...]
    aside: int


@dataclass(slots=True)
class _Taking:
    """One file on its way."""

    kind: ListKind
    heads: dict[str, int]
    rate: int | None
    day: str
    rows: dict[Key, Row] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    aside: int = 0

    def take(self, line: int, values: Sequence[str | None]) -> None:
        """Take one row, or note why not."""
        first = self.heads.get(self.kind.key[0])
        if first is not None and (values[first] or "").strip() in self.kind.aside:
            self.aside += 1
            return
        row = {}
        for column in self.kind.columns:
            at = self.heads.get(column.name)
            found = (values[at] or "").strip() if at is not None else ""
            if not found and column.name == "date":
                found = self.day
            try:
                row[column.name] = _value(column, found)
            except ListError as error:
                self.refused.append(Refusal(line, column.name, error.message))
                return
        if self.rate is not None:
            try:
                row |= duty_parts(values[self.rate] or "")
            except ListError as error:
                self.refused.append(Refusal(line, "rate", error.message))
                return
        wrong = row_problem(self.kind, row)
        if wrong is not None:
            self.refused.append(Refusal(line, "", wrong))
            return
        key = key_of(self.kind, row)
        if key in self.rows:
            reason = Message(N_("it stands already in line {line}"), {"line": self.lines[key]})
            self.refused.append(Refusal(line, self.kind.key[0], reason))
            return
        self.rows[key], self.lines[key] = row, line


def take_file(path: Path, kind: ListKind, *, day: str = "") -> Taken:
    """Read a file of a kind of official list: CSV, Excel or Parquet, with any known names of its columns.

    Args:
        path: the file.
        kind: what it is.
        day: for rates, the day of rows that state none; empty if each must.

    Raises:
        ListError: a column that the kind must have is missing; the file is closed.
        ReadingError: the file cannot be read.
    """
    rows = open_rows(path, SourceMapping().source, lambda _share: None)
    heads = _heads(kind, rows.header)
    rate = next((at for at, name in enumerate(rows.header) if _folded(name) in _WRITTEN_RATE), None)
    lacking = _lacking(kind, heads, rows.header, day=day)
    taking = _Taking(kind, heads, rate if kind.code == "duty" else None, day)
    for batch in rows.batches:  # read to its end in any case: that closes the file
        if lacking is not None:
            continue
        for broken in rows.broken:
            reason = Message(N_("{reason}"), {"reason": broken.reason})
            taking.refused.append(Refusal(broken.position, "", reason))
        rows.broken.clear()
        for position, values in zip(batch.positions, batch.rows(), strict=True):
            taking.take(position, values)
    if lacking is not None:
        raise lacking
    for key, reason in whole_problems(kind, taking.rows):
        taking.refused.append(Refusal(taking.lines[key], kind.key[0], reason))
        del taking.rows[key]
    return Taken(
        _related(kind, taking.rows), tuple(sorted(taking.refused, key=lambda one: one.line)), taking.aside
    )


def _value(column: Column, text: str) -> str:
    if not text:
        if column.required:
            raise ListError(N_("{column} is empty"), column=column.name)
        return ""
    return column.read(text)


def _heads(kind: ListKind, header: Sequence[str]) -> dict[str, int]:
    """Return where each column of the kind stands: by its own name first, then by what files call it."""
    folded = [_folded(name) for name in header]
    heads: dict[str, int] = {}
    for column in kind.columns:
        if column.name in folded:
            heads[column.name] = folded.index(column.name)
    for column in kind.columns:
        for name in column.heads:
            if column.name not in heads and name in folded and folded.index(name) not in heads.values():
                heads[column.name] = folded.index(name)
    return heads


def _lacking(kind: ListKind, heads: dict[str, int], header: Sequence[str], *, day: str) -> ListError | None:
    """Return what to raise where the file lacks a column that the kind must have."""
    needed = [
        column.name for column in kind.columns if column.required and not (day and column.name == "date")
    ]
    missing = [name for name in needed if name not in heads]
    if kind.needs_one_of and not any(name in heads for name in kind.needs_one_of):
        missing.append("/".join(kind.needs_one_of))
    if not missing:
        return None
    return ListError(
        N_("no column fills {missing}; the file has {found}"),
        code="lists-column-missing", missing=", ".join(missing), found=", ".join(header),
    )  # fmt: skip


def _related(kind: ListKind, rows: dict[Key, Row]) -> dict[Key, Row]:
    """State how codes are related where a table of correlation does not."""
    if kind.code != "correlation":
        return rows
    found = relations((row["from_code"], row["to_code"]) for row in rows.values())
    return {
        key: {**row, "relation": row["relation"] or found[row["from_code"], row["to_code"]]}
        for key, row in rows.items()
    }


def _folded(name: str) -> str:
    return " ".join(name.strip().lower().split())
