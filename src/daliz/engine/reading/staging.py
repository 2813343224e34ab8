"""A source laid down as Parquet texts in the work folder: whole, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.reading.mapping import Layout
from daliz.engine.reading.rows import Progress, Row
from daliz.engine.reading.sources import open_rows

POSITION: Final = "position"
SHORTENED: Final = 200
"""Characters of a wrong value that the quarantine shows."""

Identify: TypeAlias = Callable[[tuple[str, ...], Row], str | None]
"""Tells the declaration of a row from the header and what values the row has."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that could not be divided into the columns, no longer than the quarantine shows it."""

    position: int
    declaration_id: str | None
    value: str | None
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Staged:
    """A source in the work folder.

    Attributes:
        name: as people know it.
        unit: what a position counts.
        header: names of its columns; in the file they are called ``c0``, ``c1``, ….
        file: Parquet with ``position`` and the columns as text.
        rows: number of rows.
        broken: rows that could not be divided into the columns.
    """

    name: str
    unit: str
    header: tuple[str, ...]
    file: Path
    rows: int
    broken: tuple[Kept, ...]

    def column(self, name: str) -> str | None:
        """Return the name in ``file`` of the source's column ``name``; None if there is none."""
        try:
            return f"c{self.header.index(name)}"
        except ValueError:
            return None


def stage(path: Path, layout: Layout, into: Path, identify: Identify, progress: Progress) -> Staged:
    """Lay the rows of ``path`` down in the file ``into``.

    Raises:
        ReadingError: the file cannot be read to its end; nothing of it counts then.
    """
    rows = open_rows(path, layout, progress)
    schema = pa.schema([pa.field(POSITION, pa.int64())])
    for index in range(len(rows.header)):
        schema = schema.append(pa.field(f"c{index}", pa.string()))
    count = 0
    broken: list[Kept] = []
    with pq.ParquetWriter(into, schema, compression="zstd", compression_level=1) as writer:
        for batch in rows.batches:
            for row in rows.broken:
                value = " | ".join((v or "")[: SHORTENED + 1] for v in row.values[: SHORTENED + 1])
                identity = identify(rows.header, row.values)
                broken.append(
                    Kept(row.position, identity, value[: SHORTENED + 1] or None, row.code, row.reason)
                )
            rows.broken.clear()
            if not batch.positions:
                continue
            columns = [pa.array(batch.positions, pa.int64()), *batch.columns]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            count += len(batch.positions)
    progress(1.0)
    return Staged(rows.name, rows.unit, rows.header, into, count, tuple(broken))
