"""A store of facts: features of items, computed once, as Parquet in the order of registration.

It is read in stretches of time, each small enough for memory: however large the store, what a backtest holds
stays the same. A version of a declaration is registered at one instant, so no stretch divides it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.records.duck import text_literal
from daliz.engine.records.files import ROW_GROUP, parquet_files, replacing
from daliz.engine.records.schema import SCHEMA_VERSION
from daliz.language import N_, DalizError

STRETCH: Final = 2_000_000
"""Items that are held together, about."""
_METADATA: Final = {"daliz.table": "facts", "daliz.schema_version": SCHEMA_VERSION}
_KEY: Final = ("declaration_id", "version", "item_no", "registered_at", "day")


class StoreError(DalizError):
    """A file is not a store of facts, or lacks what is asked."""

    code: ClassVar[str] = "facts-store"


@dataclass(frozen=True, slots=True)
class FactsStore:
    """Facts in one or more Parquet files.

    Attributes:
        files: in the order of registration.
        rows: items in all.
        columns: names of all columns.
        edges: instants that divide the rows in stretches, the first and last included; empty if no rows.
    """

    files: tuple[Path, ...]
    rows: int
    columns: frozenset[str]
    edges: tuple[datetime, ...]

    @classmethod
    def open(cls, source: Path | Sequence[Path], *, stretch: int = STRETCH) -> "FactsStore":
        """Open a store: a file, a folder of files or several files.

        Raises:
            StoreError: a file is not one that ``write_store`` wrote.
        """
        files = parquet_files(source)
        groups = sorted(group for file in files for group in _groups(file))
        columns = [frozenset(pq.read_schema(file).names) for file in files]
        return cls(
            files=tuple(files),
            rows=sum(rows for *_, rows in groups),
            columns=frozenset.intersection(*columns),
            edges=tuple(_edges(groups, stretch)),
        )

    @property
    def folders(self) -> list[Path]:
        """What a connection must be let into."""
        return sorted({file.parent for file in self.files})

    def relation(self) -> str:
        """Return SQL of all rows."""
        listed = ", ".join(text_literal(str(file.resolve())) for file in self.files)
        return f"read_parquet([{listed}])"

    def days(self, zone: str) -> tuple[date, date] | None:
        """Return the first and the last day on the clock of ``zone``; None if there are no rows."""
        if not self.edges:
            return None
        last = self.edges[-1] - timedelta(microseconds=1)
        return self.edges[0].astimezone(ZoneInfo(zone)).date(), last.astimezone(ZoneInfo(zone)).date()

    def stretches(self) -> Iterator[str]:
        """Yield SQL of the rows, one stretch of time after another, in brackets."""
        for low, high in zip(self.edges, self.edges[1:], strict=False):
            within = f"registered_at >= {_instant(low)} AND registered_at < {_instant(high)}"
            yield f"(SELECT * FROM {self.relation()} WHERE {within})"

    def must_have(self, names: Collection[str]) -> None:
        """Refuse to go on without the features ``names``.

        Raises:
            StoreError: some are missing.
        """
        missing = sorted(set(names) - self.columns)
        if missing:
            raise StoreError(
                N_("the store of facts lacks {missing}; compute it again with these names"),
                missing=", ".join(missing),
            )


def write_store(facts: pa.RecordBatchReader, path: Path, *, group: int = ROW_GROUP) -> FactsStore:
    """Write facts, in the order in which ``facts_reader`` gives them; the file appears whole or not at all.

    Args:
        facts: rows in the order of registered_at, declaration_id, version, item_no.
        path: of the Parquet file.
        group: rows of a row group, the least that is read together.
    """
    schema = facts.schema.with_metadata(_METADATA)
    with replacing(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        rows = 0
        for batch in facts:
            waiting.append(batch)
            rows += batch.num_rows
            if rows >= group:
                writer.write_table(pa.Table.from_batches(waiting, facts.schema), row_group_size=group)
                rows, waiting = 0, []
        writer.write_table(pa.Table.from_batches(waiting, facts.schema), row_group_size=group)
    return FactsStore.open(path)


def _groups(file: Path) -> Iterator[tuple[datetime, datetime, int]]:
    """Yield the first and last instant and the rows of each row group."""
    try:
        metadata = pq.read_metadata(file)
    except (pa.ArrowException, OSError) as error:
        raise StoreError(
            N_("{place}: the file cannot be read as Parquet: {detail}"),
            place=file.name, detail=str(error).splitlines()[0],
        ) from error  # fmt: skip
    schema = metadata.schema.to_arrow_schema()
    told = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
    if any(told.get(key) != value for key, value in _METADATA.items()) or not set(_KEY) <= set(schema.names):
        raise StoreError(
            N_("{place}: this is not a store of facts; make one with `daliz backtest --keep-facts`"),
            place=file.name,
        )
    at = metadata.schema.names.index("registered_at")
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        statistics = group.column(at).statistics
        if group.num_rows and statistics is not None and statistics.has_min_max:
            yield cast(datetime, statistics.min), cast(datetime, statistics.max), group.num_rows


def _edges(groups: Sequence[tuple[datetime, datetime, int]], stretch: int) -> Iterator[datetime]:
    """Yield where stretches begin, and one instant after the last row."""
    held = stretch
    for first, _, rows in groups:
        if held >= stretch:
            yield first
            held = 0
        held += rows
    if groups:
        yield max(last for _, last, _ in groups) + timedelta(microseconds=1)


def _instant(at: datetime) -> str:
    return f"TIMESTAMPTZ '{at.isoformat(sep=' ')}'"
