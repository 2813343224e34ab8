"""Rows of a Parquet file as texts that lose nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daliz.engine.reading.rows import BATCH, Batch, Progress, Rows, Texts, header_of, text_of, unreadable

_BROKEN = (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError)
"""What a damaged file can raise; ValueError is text that is not UTF-8."""

_PLAIN: Final = 6
"""Digits after the point up to which Arrow writes a decimal without an exponent."""


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
                    batch.validate(full=True)
                    positions = range(first, first + batch.num_rows)
                    yield Batch(positions, [_texts(column) for column in batch.columns])
                    first += batch.num_rows
                    progress(min(first / total, 1.0))
        except _BROKEN as error:
            raise unreadable("Parquet", error) from error

    return Rows(str(path), header, "row", batches())


def _texts(column: "pa.Array[Any]") -> Texts:
    """Return the values as texts: instants as ISO, numbers as their shortest exact form."""
    kind = column.type
    scientific = pa.types.is_decimal(kind) and not 0 <= kind.scale <= _PLAIN
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or scientific:
        return pa.array([text_of(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    texts = column.cast(pa.string())
    if pa.types.is_timestamp(kind):
        return pc.replace_substring(texts, ".000000", "")
    if pa.types.is_floating(kind):
        return pc.coalesce(_wholes(column), texts)
    return texts


def _wholes(column: "pa.Array[Any]") -> Texts:
    """Return whole numbers without a point or an exponent; the others are null."""
    numbers = column.to_numpy(zero_copy_only=False)
    whole = (np.abs(numbers) < 2.0**53) & (np.floor(numbers) == numbers)
    return pa.array(np.where(whole, numbers, 0).astype(np.int64), mask=~whole).cast(pa.string())
