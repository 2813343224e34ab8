"""Reading: from files of any layout to canonical tables, with what is broken kept out whole."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import duckdb
import pyarrow as pa

from daliz.engine.indicators import register_lists
from daliz.engine.pack import Pack
from daliz.engine.reading.canonical import rows_of_canonical, table_of
from daliz.engine.reading.checks import PROBLEMS, find_problems
from daliz.engine.reading.contracts import general_contracts, general_lists
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.layout import fields_of, further_of, mapped_sql
from daliz.engine.reading.mapping import MAPPED, SourceMapping
from daliz.engine.reading.outputs import (
    TAKEN,
    tables_below,
    write_below,
    write_declarations,
    write_quarantine,
)
from daliz.engine.reading.result import ReadingResult, SourceCount
from daliz.engine.reading.rows import Row
from daliz.engine.reading.sources import source_files
from daliz.engine.reading.staging import Staged, stage
from daliz.engine.records.duck import connect, text_literal
from daliz.engine.records.schema import TABLES
from daliz.language import N_, Message

Progress = Callable[[str, float], None]

STEPS: Final = (N_("reading files"), N_("checking records"), N_("writing tables"))
"""What ``progress`` is told, in order."""


def _no_progress(_: str, __: float) -> None:
    return None


def read(
    paths: Sequence[Path],
    *,
    form: Literal["table", "auto"] = "table",
    mapping: SourceMapping | None = None,
    pack: Pack | None = None,
    out: Path,
    progress: Progress = _no_progress,
    memory_gb: float = 0.5,
    threads: int = 2,
) -> ReadingResult:
    """Read files into canonical tables in the folder ``out``.

    A declaration with a broken record is kept out whole and told in ``quarantine.parquet``; so is a file
    that cannot be read to its end. Equal input gives equal bytes.

    Args:
        paths: CSV, Parquet and Excel files, or folders of them.
        form: what the files are; ``auto`` tells by their suffix, and tables are all that is known so far.
        mapping: how their columns become canonical ones; None: they bear the canonical names.
        pack: gives the time zone and further contracts.
        out: folder for the tables.
        progress: is told the step and the share done, 0 to 1.
        memory_gb: memory DuckDB may hold before it spills to disk.
        threads: DuckDB's threads.

    Raises:
        ReadingError: there is nothing to read, or not one file could be read.
    """
    files = source_files(paths)
    outputs = {(out / f"{name}.parquet").resolve() for name in (*MAPPED, "quarantine")}
    overwritten = [file for file in files if file.resolve() in outputs]
    if overwritten:
        raise ReadingError(
            N_("{place} would be overwritten by what is read; name another folder"),
            code="out-is-source", place=overwritten[0],
        )  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".daliz-reading-", dir=out))
    try:
        below = [file.parent for file in files if _below(file) is not None]
        with connect(
            memory_gb=memory_gb, threads=threads, folders=[work, *below], preserve_order=False
        ) as connection:
            return _Reading(connection, work, mapping, pack, out, progress).run(files)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@dataclass(slots=True)
class _Reading:
    connection: duckdb.DuckDBPyConnection
    work: Path
    mapping: SourceMapping | None
    pack: Pack | None
    out: Path
    progress: Progress
    canonical: dict[str, list[Path]] = field(default_factory=dict)

    def run(self, files: Sequence[Path]) -> ReadingResult:
        broken: list[tuple[int | str | None, ...]] = []
        counts: list[SourceCount] = []
        units: list[str] = []
        taken: list[Staged] = []
        for number, path in enumerate(files):
            table = _below(path)
            try:
                if table is not None:
                    counts.append(SourceCount(str(path), rows_of_canonical(path, self.connection), None))
                    units.append("row")
                    self.canonical.setdefault(table, []).append(path)
                    continue
                staged = self._take(path, number, len(files))
            except ReadingError as error:
                broken.append(
                    (number, None, None, None, None, None, error.code, f"The file is left out: {error}.")
                )
                counts.append(SourceCount(str(path), 0, error))
                units.append("row")
                continue
            taken.append(staged)
            counts.append(SourceCount(staged.name, staged.rows, None))
            units.append(staged.unit)
            broken += [
                (number, row.position, row.declaration_id, None, None, row.value, row.code, row.reason)
                for row in staged.broken
            ]
        entries = pa.Table.from_pylist([dict(zip(PROBLEMS.names, b, strict=True)) for b in broken], PROBLEMS)
        names = [count.name for count in counts]
        if not taken:
            self.connection.register("problems", entries)
            write_quarantine(self.connection, self.out / "quarantine.parquet", names, units)
            raise _nothing_read(counts)
        listed = ", ".join(text_literal(str(p)) for p in sorted(self.work.glob("mapped-*.parquet")))
        self.connection.execute(
            f"CREATE TEMP VIEW mapped AS SELECT * FROM read_parquet([{listed}], union_by_name = true)"
        )
        contracts = general_contracts() + (self.pack.contracts if self.pack is not None else ())
        own = {n: frozenset(found.members) for n, found in self.pack.lists.items()} if self.pack else {}
        register_lists(self.connection, own | general_lists())
        self.progress(STEPS[1], 0.0)
        find_problems(self.connection, contracts, entries, self._zone)
        self.progress(STEPS[1], 1.0)
        return self._written(taken, counts, units)

    @property
    def _zone(self) -> str:
        """The zone of a day: the pack's, else the mapping's, else UTC."""
        if self.pack is not None:
            return self.pack.zone
        return (self.mapping.source.zone if self.mapping is not None else None) or "UTC"

    def _take(self, path: Path, number: int, of: int) -> Staged:
        """Lay a file down, map it, and keep its rows; ReadingError if it cannot be done to the end."""
        layout = (self.mapping or SourceMapping()).source
        staged = stage(
            path, layout, self.work / f"staged-{number}.parquet", self._id,
            lambda share: self.progress(STEPS[0], (number + share * 0.7) / of),
        )  # fmt: skip
        query = mapped_sql(staged, self.mapping, number=number, zone=self._zone, connection=self.connection)
        target = text_literal(str(self.work / f"mapped-{number:06}.parquet"))
        try:
            self.connection.execute(
                f"COPY ({query}) TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
            )
        except duckdb.OutOfMemoryException as error:
            raise ReadingError(
                N_("its values are too long to be held in memory; are its columns divided rightly?"),
                code="file-too-large",
            ) from error
        staged.file.unlink()
        self.progress(STEPS[0], (number + 1) / of)
        return staged

    def _written(
        self, taken: Sequence[Staged], counts: Sequence[SourceCount], units: Sequence[str]
    ) -> ReadingResult:
        """Write every table, remove those of an earlier reading, and count."""
        for name in MAPPED:
            (self.out / f"{name}.parquet").unlink(missing_ok=True)
        further = {name: None for staged in taken for name in further_of(self.mapping, staged.header)}
        below = tables_below([f for staged in taken[:1] for f in fields_of(self.mapping, staged.header)])
        for name in self.canonical:
            below.setdefault(TABLES[name], [])
        steps = len(below) + 2
        entries = write_quarantine(
            self.connection, self.out / "quarantine.parquet", [count.name for count in counts], units
        )
        self.progress(STEPS[2], 1 / steps)
        tables = {
            "declarations": write_declarations(
                self.connection, self.out / "declarations.parquet", list(further)
            )
        }
        for done, (schema, fields) in enumerate(below.items(), start=2):
            self.progress(STEPS[2], done / steps)
            tables[schema.name] = write_below(
                self.connection, self.out / f"{schema.name}.parquet", schema, fields,
                self.canonical.get(schema.name, ()),
            )  # fmt: skip
        self.progress(STEPS[2], 1.0)
        reasons = self.connection.execute(
            "SELECT code, count(*) FROM problems GROUP BY code ORDER BY code"
        ).fetchall()
        return ReadingResult(
            tuple(counts), tables, self._number(f"count(DISTINCT declaration_id) FROM ({TAKEN})"),
            self._number("count(*) FROM kept_out"), entries, dict(reasons),
        )  # fmt: skip

    def _number(self, what: str) -> int:
        row = self.connection.execute(f"SELECT {what}").fetchone()
        return int(row[0]) if row is not None else 0

    def _id(self, header: tuple[str, ...], values: Row) -> str | None:
        """Return the declaration of a broken row, if it stands in its column."""
        rule = next((f.rule for f in fields_of(self.mapping, header) if f.label == "declaration_id"), None)
        for name in rule.source if rule is not None else ():
            index = header.index(name) if name in header else len(values)
            found = values[index] if index < len(values) else None
            if found is not None and found.strip():
                return found.strip()
        return None


def _below(path: Path) -> str | None:
    """Return the table below the declarations that a file is already; None if it is not."""
    table = table_of(path)
    return table if table in MAPPED and table != "declarations" else None


def _nothing_read(counts: Sequence[SourceCount]) -> ReadingError:
    told = {
        f"e{n}": Message(N_("{name}: {error}"), {"name": count.name, "error": count.error.message})
        for n, count in enumerate(counts)
        if count.error is not None
    }
    if not told:
        told["none"] = Message(N_("no file has declarations"))
    problems = Message("\n".join(f"{{{name}}}" for name in told), dict(told))
    return ReadingError(N_("nothing could be read:\n{problems}"), code="nothing-read", problems=problems)
