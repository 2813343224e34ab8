"""Rows of a Parquet file as texts that lose nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.reading.rows import BATCH, Batch, Progress, Rows, header_of, text_of, unreadable

_BROKEN = (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError)
"""What a damaged file can raise; ValueError is text that is not UTF-8."""


def parquet_rows(path: Path, progress: Progress) -> Rows:
    """Open a Parquet file.

    Raises:
        ReadingError: it cannot be read; later, the batches raise it if the file breaks off.
    """
    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
    except FileNotFoundError:
        raise
    except _BROKEN as error:
        raise unreadable("Parquet", error) from error
    header = header_of(names)
    total = max(file.metadata.num_rows, 1)

    def batches() -> Iterator[Batch]:
        first = 1
        try:
            with file:
                for batch in file.iter_batches(batch_size=BATCH):
                    columns = [_texts(column) for column in batch.columns]
                    yield list(range(first, first + batch.num_rows)), list(zip(*columns, strict=True))
                    first += batch.num_rows
                    progress(min(first / total, 1.0))
        except _BROKEN as error:
            raise unreadable("Parquet", error) from error

    return Rows(str(path), header, "row", batches())


def _texts(column: "pa.Array[Any]") -> list[str | None]:
    """Return the values as texts: instants as ISO, numbers as their shortest exact form."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    if not pa.types.is_temporal(column.type):
        return [text_of(value) for value in column.to_pylist()]
    return [_moment(value) for value in column]


def _moment(value: "pa.Scalar[Any]") -> str | None:
    """Return a date or instant as ISO; one beyond the years that a calendar has, as its bare number."""
    try:
        return text_of(value.as_py())
    except (ValueError, OverflowError):
        return f"{value.type}:{value.cast(pa.int64()).as_py()}"
