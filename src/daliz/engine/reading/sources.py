"""The files to read, and each opened by its suffix."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from daliz.engine.reading.canonical import table_of
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


def source_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files to read; a folder stands for the tables in it, in order of name.

    Left aside in a folder are what an earlier reading kept out and the truth of a pretend border.

    Raises:
        ReadingError: there is none.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            tables = sorted(f for f in path.iterdir() if f.suffix.lower() in (*TEXTS, *PARQUET, *EXCEL))
            files += [f for f in tables if table_of(f) not in ("truth", "quarantine")]
        else:
            files.append(path)
    if not files:
        raise ReadingError(N_("there is no file to read; name CSV, Parquet or Excel files"), code="no-files")
    return files


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
        N_("{suffix} files cannot be read; there are .csv, .tsv, .txt, .parquet, .xlsx"),
        code="file-kind", suffix=suffix or path.name,
    )  # fmt: skip
