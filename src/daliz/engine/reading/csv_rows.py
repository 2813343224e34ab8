"""Rows of a CSV file: what cannot be divided costs its row, what leaves no way to go on costs the file."""

import contextlib
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from daliz.engine.reading.dialect import Dialect, detect_dialect
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.mapping import Layout
from daliz.engine.reading.rows import BATCH, HELD_BROKEN, Batch, BrokenRow, Progress, Row, Rows, header_of
from daliz.language import N_

LONGEST_VALUE: Final = 1 << 20
"""Characters that a value may have."""

_LONGEST_LINE: Final = 8 << 20
_HELD: Final = 32 << 20
"""Characters of text after which a batch is given, however few its rows."""


@dataclass(slots=True)
class _Lines:
    """The lines of a text, none longer than ``_LONGEST_LINE``.

    Attributes:
        last: the line that was given last.
        wrong: what is wrong with the lines given since it was emptied.
        held: characters given since it was set to 0.
    """

    text: TextIO
    last: str = ""
    wrong: list[str] = field(default_factory=list)
    held: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.text.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == _LONGEST_LINE and line[-1] not in "\r\n":
            self.wrong.append(f"the line has more than {_LONGEST_LINE:,} characters")
            while (more := self.text.readline(_LONGEST_LINE)) and more[-1] not in "\r\n":
                pass
        if "\0" in line:
            self.wrong.append("there is a NUL character in it")
        self.last = line
        self.held += len(line)
        return line


def csv_rows(path: Path, layout: Layout, progress: Progress) -> Rows:  # noqa: PLR0915 -- one loop, told whole
    """Open a CSV file.

    Raises:
        ReadingError: it cannot be read; later, the batches raise it if the file breaks off.
    """
    csv.field_size_limit(LONGEST_VALUE)
    dialect = detect_dialect(path, layout)
    raw = path.open("rb")
    size = path.stat().st_size
    text = io.TextIOWrapper(raw, encoding=dialect.encoding, newline="")
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    try:
        header = _first(reader)
    except ReadingError:
        text.close()
        raise
    lines.wrong.clear()
    rows = Rows(str(path), header, "line", iter(()))

    def batches() -> Iterator[Batch]:
        width = len(header)
        positions: list[int] = []
        taken: list[Row] = []
        ragged = 0
        with text:
            while True:
                position = reader.line_num + 1
                try:
                    row = next(reader)
                except StopIteration:
                    break
                except csv.Error as error:
                    open_quote = reader.line_num > position or lines.last.count(dialect.quote) % 2 == 1
                    values = _values(lines.last, dialect)
                    rows.broken.append(_malformed(error, position, values, open_quote=open_quote))
                    lines.wrong.clear()
                    continue
                except UnicodeError as error:
                    raise ReadingError(
                        N_("after line {line} the bytes are not {encoding}"),
                        code="file-encoding", line=position - 1, encoding=dialect.encoding,
                    ) from error  # fmt: skip
                if lines.wrong:
                    reason = f"The row cannot be divided into values: {lines.wrong[0]}."
                    rows.broken.append(BrokenRow(position, "row-malformed", reason, row))
                    lines.wrong.clear()
                elif len(row) == width:
                    positions.append(position)
                    taken.append(row)
                elif row:
                    ragged += 1
                    if ragged > BATCH and ragged > reader.line_num / 10:
                        raise ReadingError(
                            N_("{m} rows do not have the header's {n} columns; is it {delimiter!r}?"),
                            code="file-ragged", m=ragged, n=width, delimiter=dialect.delimiter,
                        )  # fmt: skip
                    reason = f"The row has {len(row)} values where the header has {width} columns."
                    rows.broken.append(BrokenRow(position, "row-ragged", reason, row))
                if len(taken) == BATCH or len(rows.broken) == HELD_BROKEN or lines.held > _HELD:
                    yield Batch.of(positions, taken)
                    positions, taken, lines.held = [], [], 0
                    progress(raw.tell() / size)
        yield Batch.of(positions, taken)

    rows.batches = batches()
    return rows


def _first(reader: Iterator[list[str]]) -> tuple[str, ...]:
    try:
        return header_of(next(reader))
    except (StopIteration, csv.Error, UnicodeError) as error:
        raise ReadingError(
            N_("the first row cannot be read: {detail}"), code="file-header", detail=str(error)
        ) from error


def _malformed(error: csv.Error, position: int, values: Row, *, open_quote: bool) -> BrokenRow:
    """Return what is kept out for a row that cannot be divided.

    Args:
        error: what the reader says.
        position: the line where the row begins.
        values: its values as far as they can be told.
        open_quote: a quote may have been left open in it.

    Raises:
        ReadingError: a value is too long and a quote was left open, so that nothing after can be trusted.
    """
    if "unexpected end of data" in str(error):
        raise ReadingError(
            N_("a quote opened in line {line} is never closed"), code="file-quote", line=position
        ) from error
    if "field limit" not in str(error):
        return BrokenRow(
            position, "row-malformed", f"The row cannot be divided into values: {error}.", values
        )
    if open_quote:
        raise ReadingError(
            N_("the value that begins in line {line} has no end; is a quote left open?"),
            code="file-quote", line=position,
        ) from error  # fmt: skip
    reason = f"A value has more than {LONGEST_VALUE:,} characters."
    return BrokenRow(position, "row-too-long", reason, values)


def _values(line: str, dialect: Dialect) -> list[str]:
    """Return the values at the start of a line that cannot be divided whole."""
    with contextlib.suppress(csv.Error):
        start = line[: LONGEST_VALUE // 2]
        return next(csv.reader([start], delimiter=dialect.delimiter, quotechar=dialect.quote), [])
    return []
