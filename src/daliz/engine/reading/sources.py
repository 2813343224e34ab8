"""Rows of text from CSV, Parquet and Excel files, a batch at a time, each with its position."""

import csv
import datetime as dt
import decimal
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.reading.dialect import detect_dialect
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.mapping import Layout
from daliz.language import N_

BATCH: Final = 20_000
"""Rows held at once."""

EXCEL: Final = (".xlsx", ".xlsm")
PARQUET: Final = (".parquet", ".pq")
TEXTS: Final = (".csv", ".tsv", ".txt")

Row: TypeAlias = Sequence[str | None]
Progress: TypeAlias = Callable[[float], None]


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
        header: names of the columns.
        unit: what a position counts: line or row.
        batches: positions and rows, in order.
        broken: rows that were left out, filled while the batches are taken.
        name: the path as it was given, with the sheet of a workbook.
    """

    name: str
    header: tuple[str, ...]
    unit: str
    batches: Iterator[tuple[list[int], list[Row]]]
    broken: list[BrokenRow] = field(default_factory=list)


def open_rows(path: Path, layout: Layout, progress: Progress) -> Rows:
    """Open a source by its suffix; the batches raise ReadingError if the file breaks off later.

    Args:
        path: the file.
        layout: what the mapping states of it.
        progress: is told the share read, 0 to 1.

    Raises:
        ReadingError: it cannot be read.
    """
    suffix = path.suffix.lower()
    try:
        if path.stat().st_size == 0:
            raise ReadingError(N_("the file is empty"), code="file-empty")
        if suffix in PARQUET:
            return _parquet(path, progress)
        if suffix in EXCEL:
            return _excel(path, layout, progress)
        if suffix in TEXTS:
            return _csv(path, layout, progress)
    except OSError as error:
        raise ReadingError(
            N_("the file cannot be opened: {detail}"),
            code="file-unreadable",
            detail=error.strerror or str(error),
        ) from error
    raise ReadingError(
        N_("{suffix} files cannot be read; there are .csv, .tsv, .txt, .parquet, .xlsx"),
        code="file-kind", suffix=suffix or path.name,
    )  # fmt: skip


def _header(names: Sequence[str | None]) -> tuple[str, ...]:
    header = tuple((name or "").strip() for name in names)
    if not any(header):
        raise ReadingError(N_("the first row, which names the columns, is empty"), code="file-header")
    named = [name for name in header if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise ReadingError(N_("two columns are called {name}"), code="file-header", name=twice)
    return header


def _csv(path: Path, layout: Layout, progress: Progress) -> Rows:  # noqa: PLR0915 -- one loop, told whole
    dialect = detect_dialect(path, layout)
    raw = path.open("rb")
    size = path.stat().st_size
    text = io.TextIOWrapper(raw, encoding=dialect.encoding, newline="")
    last = [""]

    def lines() -> Iterator[str]:
        for line in text:
            last[0] = line
            yield line

    reader = csv.reader(lines(), delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    try:
        header = _header(next(reader))
    except (StopIteration, csv.Error, UnicodeError) as error:
        text.close()
        raise ReadingError(
            N_("the first row cannot be read: {detail}"), code="file-header", detail=str(error)
        ) from error
    except ReadingError:
        text.close()
        raise
    rows = Rows(str(path), header, "line", iter(()))

    def batches() -> Iterator[tuple[list[int], list[Row]]]:
        width = len(header)
        positions: list[int] = []
        taken: list[Row] = []
        with text:
            while True:
                position = reader.line_num + 1
                try:
                    row = next(reader)
                except StopIteration:
                    break
                except csv.Error as error:
                    if "unexpected end of data" in str(error):
                        raise ReadingError(
                            N_("a quote opened in line {line} is never closed"),
                            code="file-quote",
                            line=position,
                        ) from error
                    if "field limit" in str(error):
                        raise ReadingError(
                            N_("the value that begins in line {line} has no end; is a quote left open?"),
                            code="file-quote", line=position,
                        ) from error  # fmt: skip
                    values = next(csv.reader(last, delimiter=dialect.delimiter, quotechar=dialect.quote), [])
                    reason = f"The row cannot be divided into values: {error}."
                    rows.broken.append(BrokenRow(position, "row-malformed", reason, values))
                    continue
                except UnicodeError as error:
                    raise ReadingError(
                        N_("after line {line} the bytes are not {encoding}"),
                        code="file-encoding", line=position - 1, encoding=dialect.encoding,
                    ) from error  # fmt: skip
                if len(row) == width:
                    positions.append(position)
                    taken.append(row)
                    if len(taken) == BATCH:
                        yield positions, taken
                        positions, taken = [], []
                        progress(raw.tell() / size)
                elif row:
                    if len(rows.broken) > BATCH and len(rows.broken) > reader.line_num / 2:
                        raise ReadingError(
                            N_("most rows do not have the header's {n} columns; is it {delimiter!r}?"),
                            code="file-ragged", n=width, delimiter=dialect.delimiter,
                        )  # fmt: skip
                    rows.broken.append(
                        BrokenRow(
                            position, "row-ragged",
                            f"The row has {len(row)} values where the header has {width} columns.", row,
                        )
                    )  # fmt: skip
        yield positions, taken

    rows.batches = batches()
    return rows


def _parquet(path: Path, progress: Progress) -> Rows:
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise _unreadable("Parquet", error) from error
    header = _header(file.schema_arrow.names)
    total = max(file.metadata.num_rows, 1)

    def batches() -> Iterator[tuple[list[int], list[Row]]]:
        first = 1
        try:
            with file:
                for batch in file.iter_batches(batch_size=BATCH):
                    columns = [_texts(column) for column in batch.columns]
                    yield list(range(first, first + batch.num_rows)), list(zip(*columns, strict=True))
                    first += batch.num_rows
                    progress(first / total)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable("Parquet", error) from error

    return Rows(str(path), header, "row", batches())


def _texts(column: "pa.Array[Any]") -> list[str | None]:
    """Return the values as texts that lose nothing: instants as ISO, numbers as their shortest exact form."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    return [text_of(value) for value in column.to_pylist()]


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


def _excel(path: Path, layout: Layout, progress: Progress) -> Rows:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles that it leaves out; they are not read
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise _unreadable("Excel", error) from error
    if layout.sheet is not None and layout.sheet not in book.sheetnames:
        names = ", ".join(book.sheetnames)
        book.close()
        raise ReadingError(
            N_("there is no sheet {name}; there are {names}"),
            code="file-sheet",
            name=layout.sheet,
            names=names,
        )
    sheet = book[layout.sheet or book.sheetnames[0]]
    total = max(sheet.max_row or 1, 1)
    lines = sheet.iter_rows(values_only=True)
    try:
        header = [text_of(value) for value in next(lines, ())]
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        book.close()
        raise _unreadable("Excel", error) from error
    while header and header[-1] is None:
        header.pop()
    width = len(header)
    if not width:
        book.close()
        raise ReadingError(N_("the sheet is empty"), code="file-empty")

    def batches() -> Iterator[tuple[list[int], list[Row]]]:
        positions: list[int] = []
        taken: list[Row] = []
        try:
            for position, line in enumerate(lines, start=2):
                row = [text_of(value) for value in line]
                if any(value is not None for value in row[width:]):
                    rows.broken.append(
                        BrokenRow(
                            position, "row-ragged", "The row has values beyond the last named column.", row
                        )
                    )
                elif any(value is not None for value in row):
                    positions.append(position)
                    taken.append((row + [None] * width)[:width])
                if len(taken) == BATCH:
                    yield positions, taken
                    positions, taken = [], []
                    progress(min(position / total, 1.0))
        except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError) as error:
            raise _unreadable("Excel", error) from error
        finally:
            book.close()
        yield positions, taken

    rows = Rows(f"{path}[{sheet.title}]", _header(header), "row", batches())
    return rows


def _unreadable(kind: str, error: Exception) -> ReadingError:
    detail = (str(error).splitlines() or [type(error).__name__])[0]
    return ReadingError(
        N_("the file cannot be read as {kind}: {detail}"), code="file-unreadable", kind=kind, detail=detail
    )
