"""Reading: from files of any layout to canonical tables, with what is broken kept out whole."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import duckdb
import pyarrow as pa

from daliz.engine.indicators import register_lists
from daliz.engine.pack import Pack
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
from daliz.engine.reading.sources import EXCEL, PARQUET, TEXTS, Row
from daliz.engine.reading.staging import Staged, stage
from daliz.engine.records.duck import connect, text_literal
from daliz.language import N_

Progress = Callable[[str, float], None]

STEPS: Final = (N_("reading files"), N_("checking records"), N_("writing tables"))
"""What ``progress`` is told, in order."""


@dataclass(frozen=True, slots=True)
class SourceCount:
    """A file that was read, or not: ``error`` says why it was left out whole."""

    name: str
    rows: int
    error: str | None


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """What a reading took and what it kept out.

    Attributes:
        sources: the files, in the order read.
        tables: rows written by table.
        declarations: declarations taken.
        quarantined_declarations: declarations kept out whole.
        quarantine_entries: reasons noted.
        reasons: code → entries.
    """

    sources: tuple[SourceCount, ...]
    tables: Mapping[str, int]
    declarations: int
    quarantined_declarations: int
    quarantine_entries: int
    reasons: Mapping[str, int]


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
        with connect(
            memory_gb=memory_gb, threads=threads, folders=[work], preserve_order=False
        ) as connection:
            return _Reading(connection, work, mapping, pack, out, progress).run(files)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def source_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files to read; a folder stands for the tables in it, in order of name.

    Raises:
        ReadingError: there is none.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(f for f in path.iterdir() if f.suffix.lower() in (*TEXTS, *PARQUET, *EXCEL))
        else:
            files.append(path)
    if not files:
        raise ReadingError(N_("there is no file to read; name CSV, Parquet or Excel files"), code="no-files")
    return files


@dataclass(slots=True)
class _Reading:
    connection: duckdb.DuckDBPyConnection
    work: Path
    mapping: SourceMapping | None
    pack: Pack | None
    out: Path
    progress: Progress

    def run(self, files: Sequence[Path]) -> ReadingResult:
        broken: list[tuple[int | str | None, ...]] = []
        counts: list[SourceCount] = []
        units: list[str] = []
        taken: list[Staged] = []
        for number, path in enumerate(files):
            try:
                staged = self._take(path, number, len(files))
            except ReadingError as error:
                broken.append(
                    (number, None, None, None, None, None, error.code, f"The file is left out: {error}.")
                )
                counts.append(SourceCount(str(path), 0, str(error)))
                units.append("row")
                continue
            taken.append(staged)
            counts.append(SourceCount(staged.name, staged.rows, None))
            units.append(staged.unit)
            for row in staged.broken:
                value = " | ".join(v or "" for v in row.values) or None
                broken.append(
                    (
                        number,
                        row.position,
                        self._id(staged, row.values),
                        None,
                        None,
                        value,
                        row.code,
                        row.reason,
                    )
                )
        entries = pa.Table.from_pylist([dict(zip(PROBLEMS.names, b, strict=True)) for b in broken], PROBLEMS)
        names = [count.name for count in counts]
        if not taken:
            self.connection.register("problems", entries)
            write_quarantine(self.connection, self.out / "quarantine.parquet", names, units)
            raise ReadingError(
                N_("nothing could be read:\n{problems}"),
                code="nothing-read", problems="\n".join(f"{c.name}: {c.error}" for c in counts),
            )  # fmt: skip
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
            path, layout, self.work / f"staged-{number}.parquet",
            lambda share: self.progress(STEPS[0], (number + share * 0.7) / of),
        )  # fmt: skip
        query = mapped_sql(staged, self.mapping, number=number, zone=self._zone, connection=self.connection)
        target = text_literal(str(self.work / f"mapped-{number:06}.parquet"))
        self.connection.execute(
            f"COPY ({query}) TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
        )
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
                self.connection, self.out / f"{schema.name}.parquet", schema, fields
            )
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

    def _id(self, staged: Staged, values: Row) -> str | None:
        """Return the declaration of a broken row, if it stands in its column."""
        fields = fields_of(self.mapping, staged.header)
        rule = next((f.rule for f in fields if f.label == "declaration_id"), None)
        for name in rule.source if rule is not None else ():
            index = staged.header.index(name) if name in staged.header else len(values)
            found = values[index] if index < len(values) else None
            if found is not None and found.strip():
                return found.strip()
        return None
