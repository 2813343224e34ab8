"""Tables, each opened by its suffix."""

from pathlib import Path
from typing import Final

from daliz.engine.reading.csv_rows import csv_rows
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.mapping import Layout
from daliz.engine.reading.parquet_rows import parquet_rows
from daliz.engine.reading.rows import Progress, Rows
from daliz.engine.reading.workbook import workbook_rows
from daliz.language import N_

EXCEL: Final = (".xlsx", ".xlsm")
PARQUET: Final = (".parquet", ".pq")
TEXTS: Final = (".csv", ".tsv", ".txt")


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
            return parquet_rows(path, progress)
        if suffix in EXCEL:
            return workbook_rows(path, layout, progress)
        if suffix in TEXTS:
            return csv_rows(path, layout, progress)
    except OSError as error:
        raise ReadingError(
            N_("the file cannot be opened: {detail}"),
            code="file-unreadable",
            detail=error.strerror or str(error),
        ) from error
    raise ReadingError(
        N_("{suffix} files cannot be read; there are .csv, .tsv, .txt, .parquet, .xlsx, .xml, .zip"),
        code="file-kind", suffix=suffix or path.name,
    )  # fmt: skip
