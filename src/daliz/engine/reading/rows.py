"""Rows as every kind of source gives them: a batch at a time, each with its position."""

import datetime as dt
import decimal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import pyarrow as pa

from daliz.engine.reading.errors import ReadingError
from daliz.language import N_

BATCH: Final = 20_000
"""Rows held at once."""

HELD_BROKEN: Final = 1_000
"""Broken rows held until the next batch is given."""

MOST_COLUMNS: Final = 4_096
"""Columns that a source may have."""

Row: TypeAlias = Sequence[str | None]
Progress: TypeAlias = Callable[[float], None]
Texts: TypeAlias = "pa.Array[Any]"


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that were taken.

    Attributes:
        positions: of each row.
        columns: the texts of each column of the header.
    """

    positions: Sequence[int]
    columns: Sequence[Texts]

    @classmethod
    def of(cls, positions: Sequence[int], rows: Sequence[Row]) -> "Batch":
        """Turn rows, as wide as the header, into columns."""
        return cls(positions, [pa.array(texts, pa.string()) for texts in zip(*rows, strict=True)])

    def rows(self) -> Iterator[Row]:
        """Turn the columns back into rows."""
        return zip(*(column.to_pylist() for column in self.columns), strict=True)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that has no columns to speak of: too many values, too few, or a quote out of place."""

    position: int
    code: str
    reason: str
    values: Row = ()


@dataclass(slots=True)
class Rows:
    """An opened source.

    Attributes:
        name: the path as it was given, with the sheet of a workbook.
        header: names of the columns.
        unit: what a position counts: line or row.
        batches: in order; one may be empty.
        broken: rows left out since it was last emptied, filled while the batches are taken; whoever takes
            a batch empties it.
    """

    name: str
    header: tuple[str, ...]
    unit: str
    batches: Iterator[Batch]
    broken: list[BrokenRow] = field(default_factory=list)


def header_of(names: Sequence[str | None]) -> tuple[str, ...]:
    """Return the names of the columns.

    Raises:
        ReadingError: there is none, two are equal, or there are more than ``MOST_COLUMNS``.
    """
    header = tuple((name or "").strip() for name in names)
    if not any(header):
        raise ReadingError(N_("the first row, which names the columns, is empty"), code="file-header")
    if len(header) > MOST_COLUMNS:
        raise ReadingError(
            N_("the first row names {n} columns; there can be {most}"),
            code="file-header", n=len(header), most=MOST_COLUMNS,
        )  # fmt: skip
    twice = next((name for name, times in Counter(filter(None, header)).items() if times > 1), None)
    if twice is not None:
        raise ReadingError(N_("two columns are called {name}"), code="file-header", name=twice)
    return header


def text_of(value: object) -> str | None:  # noqa: PLR0911 -- one case a type
    """Return a typed value of a workbook or a Parquet file as the text that a CSV file would hold.

    Example:
        >>> text_of(71080.0), text_of(0.1), text_of(True), text_of(dt.datetime(2024, 5, 1, 9, 30))
        ('71080', '0.1', 'true', '2024-05-01 09:30:00')
    """
    match value:
        case None | str():
            return value
        case bool():
            return str(value).lower()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
        case dt.datetime():
            return value.isoformat(sep=" ")
        case decimal.Decimal():
            return format(value, "f")
        case bytes():
            return value.decode("utf-8", errors="backslashreplace")
        case _:
            return str(value)


def unreadable(kind: str, error: Exception) -> ReadingError:
    """Return what to raise for a file that is not what its suffix says."""
    detail = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return ReadingError(
        N_("the file cannot be read as {kind}: {detail}"), code="file-unreadable", kind=kind, detail=detail
    )
