"""Rows of a sheet of an Excel workbook, which is unpacked no further than is sane."""

import contextlib
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import openpyxl

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.mapping import Layout
from daliz.engine.reading.rows import (
    BATCH,
    HELD_BROKEN,
    Batch,
    BrokenRow,
    Progress,
    Row,
    Rows,
    header_of,
    text_of,
    unreadable,
)
from daliz.language import N_

MOST_UNPACKED: Final = 2 << 30
"""Bytes that a workbook may have when it is unpacked."""

MOST_SHARED: Final = 256 << 20
"""Bytes of the texts that its cells share: they are held in memory."""

_LAST_ROW: Final = 1_048_576
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, ArithmeticError, AttributeError, EOFError, LookupError, RuntimeError,
    SyntaxError, TypeError, ValueError,
)  # fmt: skip
"""What openpyxl lets through when a part of a workbook is damaged or missing."""


def workbook_rows(path: Path, layout: Layout, progress: Progress) -> Rows:
    """Open a sheet: the one that the mapping names, else the first.

    Raises:
        ReadingError: it cannot be read; later, the batches raise it if the file breaks off.
    """
    with contextlib.ExitStack() as on_error:
        file = on_error.enter_context(path.open("rb"))  # openpyxl would leave a damaged file open
        book = _opened(file)
        if layout.sheet is not None and layout.sheet not in book.sheetnames:
            raise ReadingError(
                N_("there is no sheet {name}; there are {names}"),
                code="file-sheet", name=layout.sheet, names=", ".join(book.sheetnames),
            )  # fmt: skip
        try:
            sheet = book[layout.sheet or book.sheetnames[0]]
            total = max(sheet.max_row or 1, 1)
            sheet.reset_dimensions()  # rows as wide as they are, not as the sheet says that they are
            lines = sheet.iter_rows(values_only=True)
            names_row = [text_of(value) for value in next(lines, ())]
        except _BROKEN as error:
            raise unreadable("Excel", error) from error
        while names_row and names_row[-1] is None:
            names_row.pop()
        if not names_row:
            raise ReadingError(N_("the sheet is empty"), code="file-empty")
        header = header_of(names_row)
        held = on_error.pop_all()
    width = len(header)

    def batches() -> Iterator[Batch]:
        positions: list[int] = []
        taken: list[Row] = []
        with held:
            try:
                for position, line in enumerate(lines, start=2):
                    if position > _LAST_ROW:
                        raise ReadingError(
                            N_("the sheet goes on after row {n}, where a sheet ends"),
                            code="file-unreadable", n=_LAST_ROW,
                        )  # fmt: skip
                    row = [text_of(value) for value in line]
                    if any(value is not None for value in row[width:]):
                        reason = "The row has values beyond the last named column."
                        rows.broken.append(BrokenRow(position, "row-ragged", reason, row))
                    elif any(value is not None for value in row):
                        positions.append(position)
                        taken.append((row + [None] * width)[:width])
                    if len(taken) == BATCH or len(rows.broken) == HELD_BROKEN:
                        yield Batch.of(positions, taken)
                        positions, taken = [], []
                        progress(min(position / total, 1.0))
            except _BROKEN as error:
                raise unreadable("Excel", error) from error
            yield Batch.of(positions, taken)

    rows = Rows(f"{path}[{sheet.title}]", header, "row", batches())
    return rows


def _opened(file: BinaryIO) -> openpyxl.Workbook:
    try:
        _refuse_large(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles that it leaves out; they are not read
            return openpyxl.load_workbook(file, read_only=True, data_only=True)
    except _BROKEN as error:
        raise unreadable("Excel", error) from error


def _refuse_large(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
    shared = sum(size for name, size in sizes.items() if name.lower().endswith("sharedstrings.xml"))
    if sum(sizes.values()) > MOST_UNPACKED or shared > MOST_SHARED:
        raise ReadingError(
            N_("the workbook unpacks to {n} bytes, more than is read; save it as CSV or in parts"),
            code="file-too-large", n=sum(sizes.values()),
        )  # fmt: skip
