"""Reading: from files of any layout to canonical tables, with what is broken kept out whole."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa

from daliz.engine.indicators import register_lists
from daliz.engine.pack import Pack
from daliz.engine.reading.canonical import rows_of_canonical, table_of
from daliz.engine.reading.checks import PROBLEMS, find_problems
from daliz.engine.reading.contracts import general_contracts, general_lists
from daliz.engine.reading.documents import Documents
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.layout import Field, fields_of, further_of, mapped_sql
from daliz.engine.reading.mapping import MAPPED, SourceMapping
from daliz.engine.reading.outputs import (
    TAKEN,
    name_places,
    tables_below,
    write_below,
    write_declarations,
    write_differences,
    write_quarantine,
)
from daliz.engine.reading.result import ReadingResult, SourceCount
from daliz.engine.reading.rows import Row
from daliz.engine.reading.staging import Staged, stage
from daliz.engine.reading.walking import Form, Found, Kind, sources_of
from daliz.engine.reading.xml.archive import members
from daliz.engine.reading.xml.laying import Broken, Document
from daliz.engine.records.duck import Connection, connect, text_literal
from daliz.engine.records.schema import TABLES, TableSchema
from daliz.language import N_, Message

Progress = Callable[[str, float], None]

STEPS: Final = (N_("reading files"), N_("checking records"), N_("writing tables"))
"""What ``progress`` is told, in order."""


def _no_progress(_: str, __: float) -> None:
    return None


def read(
    paths: Sequence[Path],
    *,
    form: Form = Form.AUTO,
    mapping: SourceMapping | None = None,
    pack: Pack | None = None,
    out: Path,
    undated: date | None = None,
    progress: Progress = _no_progress,
    memory_gb: float = 0.5,
    threads: int = 2,
) -> ReadingResult:
    """Read files into canonical tables in the folder ``out``.

    A declaration with a broken record is kept out whole and told in ``quarantine.parquet``; so is a file
    that cannot be read to its end. Equal input gives equal bytes.

    Args:
        paths: CSV, Parquet, Excel and XML files, zip files of XML, or folders of them.
        form: what the files are.
        mapping: how their columns become canonical ones; None: they bear the canonical names.
        pack: gives the time zone and further contracts.
        out: folder for the tables.
        undated: day of the declarations in XML that state none; None: that of their file.
        progress: is told the step and the share done, 0 to 1.
        memory_gb: memory DuckDB may hold before it spills to disk.
        threads: DuckDB's threads.

    Raises:
        ReadingError: there is nothing to read, or not one file could be read.
    """
    found = sources_of(paths, form, apart=out)
    files = [source.path for source in found.sources]
    outputs = {(out / f"{name}.parquet").resolve() for name in (*MAPPED, "quarantine", "differences")}
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
            return _Reading(connection, work, mapping, pack, out, progress, form, undated).run(found)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@dataclass(slots=True)
class _Reading:
    connection: Connection
    work: Path
    mapping: SourceMapping | None
    pack: Pack | None
    out: Path
    progress: Progress
    form: Form
    undated: date | None
    canonical: dict[str, list[Path]] = field(default_factory=dict)
    staged: list[Staged] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    counts: list[SourceCount] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def run(self, found: Found) -> ReadingResult:
        self.left = [str(path) for path in found.left]
        documents = Documents(self.connection, self.work, self._zone, self.form, self.undated)
        for number, source in enumerate(found.sources):
            share = (number, len(found.sources))
            if source.kind is Kind.TABLE:
                self._table(source.path, share)
            elif source.kind is Kind.XML:
                take = partial(documents.take_file, source.path, len(self.counts))
                self._document(str(source.path), take)
            else:
                self._archive(source.path, documents)
            self.progress(STEPS[0], (number + 1) / len(found.sources))
        documents.convert()
        self.broken += documents.taking.broken
        name_places(self.connection, [count.name for count in self.counts], self.units)
        entries = pa.Table.from_pylist(
            [dict(zip(PROBLEMS.names, b, strict=True)) for b in self.broken], PROBLEMS
        )
        mapped = sorted(self.work.glob("mapped-*.parquet"))
        if not mapped:
            self.connection.register("problems", entries)
            write_quarantine(self.connection, self.out / "quarantine.parquet")
            raise _nothing_read(self.counts)
        listed = ", ".join(text_literal(str(p)) for p in mapped)
        self.connection.execute(
            f"CREATE TEMP VIEW mapped AS SELECT * FROM read_parquet([{listed}], union_by_name = true)"
        )
        contracts = general_contracts() + (self.pack.contracts if self.pack is not None else ())
        own = {n: frozenset(found.members) for n, found in self.pack.lists.items()} if self.pack else {}
        register_lists(self.connection, own | general_lists())
        self.progress(STEPS[1], 0.0)
        find_problems(self.connection, contracts, entries, self._zone, documents.relate())
        self.progress(STEPS[1], 1.0)
        return self._written(documents)

    def _table(self, path: Path, share: tuple[int, int]) -> None:
        """Take a table, or note why it is left out."""
        number, table = len(self.counts), _below(path)
        try:
            if table is not None:
                self._count(str(path), rows_of_canonical(path, self.connection))
                self.canonical.setdefault(table, []).append(path)
                return
            staged = self._take(path, number, share)
        except ReadingError as error:
            self._left_out(str(path), error)
            return
        self.staged.append(staged)
        self._count(staged.name, staged.rows, staged.unit)
        self.broken += [
            (number, row.position, row.declaration_id, None, None, row.value, row.code, row.reason)
            for row in staged.broken
        ]

    def _document(self, name: str, take: Callable[[], int]) -> None:
        """Take a document, or note why it is left out."""
        try:
            self._count(name, take(), "declaration")
        except ReadingError as error:
            self._left_out(name, error)

    def _archive(self, path: Path, documents: Documents) -> None:
        """Take the documents of an archive."""
        for member in members(path):
            if member.error is not None:
                self._left_out(member.name, member.error)
            elif not member.data:
                self.left.append(member.name)
            else:
                known = Document(len(self.counts), member.name, member.changed)
                self._document(member.name, partial(documents.take, member.data, known))

    def _count(self, name: str, rows: int, unit: str = "row") -> None:
        self.counts.append(SourceCount(name, rows, None))
        self.units.append(unit)

    def _left_out(self, name: str, error: ReadingError) -> None:
        """Note a source that costs one entry and counts for nothing."""
        kind = error.message.values.get("kind") if error.code == "not-a-declaration" else None
        told = None if kind is None else str(kind)
        place = (len(self.counts), None, None, None, None, told)
        self.broken.append((*place, error.code, f"The file is left out: {error}."))
        self.counts.append(SourceCount(name, 0, error.bare()))
        self.units.append("row")

    @property
    def _zone(self) -> str:
        """The zone of a day: the pack's, else the mapping's, else UTC."""
        if self.pack is not None:
            return self.pack.zone
        return (self.mapping.source.zone if self.mapping is not None else None) or "UTC"

    def _take(self, path: Path, number: int, share: tuple[int, int]) -> Staged:
        """Lay a file down, map it, and keep its rows; ReadingError if it cannot be done to the end."""
        before, of = share
        layout = (self.mapping or SourceMapping()).source
        staged = stage(
            path, layout, self.work / f"staged-{number}.parquet", self._id,
            lambda done: self.progress(STEPS[0], (before + done * 0.7) / of),
        )  # fmt: skip
        import duckdb  # noqa: PLC0415 -- loaded by the connection

        query = mapped_sql(
            staged, self.mapping, source=str(number), zone=self._zone, connection=self.connection
        )
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
        return staged

    def _written(self, documents: Documents) -> ReadingResult:
        """Write every table, remove those of an earlier reading, and count."""
        for name in (*MAPPED, "differences"):
            (self.out / f"{name}.parquet").unlink(missing_ok=True)
        further = {name: None for staged in self.staged for name in further_of(self.mapping, staged.header)}
        further |= documents.further
        below = tables_below(
            [f for staged in self.staged[:1] for f in fields_of(self.mapping, staged.header)]
        )
        for name in (*self.canonical, *documents.tables):
            below.setdefault(TABLES[name], [])
        steps = len(below) + 2
        entries = write_quarantine(self.connection, self.out / "quarantine.parquet")
        self.progress(STEPS[2], 1 / steps)
        tables = {
            "declarations": write_declarations(
                self.connection, self.out / "declarations.parquet", list(further)
            )
        }
        for done, (schema, fields) in enumerate(sorted(below.items(), key=_order), start=2):
            self.progress(STEPS[2], done / steps)
            tables[schema.name] = write_below(
                self.connection, self.out / f"{schema.name}.parquet", schema, fields,
                self.canonical.get(schema.name, ()), related=schema.name in documents.tables,
            )  # fmt: skip
        differences: dict[str, int] = {}
        if documents.taken:
            path = self.out / "differences.parquet"
            differences = write_differences(self.connection, path, documents.taking.differences)
        self.progress(STEPS[2], 1.0)
        return ReadingResult(
            tuple(self.counts), tables, self._number(f"count(DISTINCT declaration_id) FROM ({TAKEN})"),
            self._number("count(*) FROM kept_out"), entries,
            self._counted("code FROM problems"),
            self._counted("value FROM problems WHERE code = 'not-a-declaration'"),
            differences, tuple(self.left),
        )  # fmt: skip

    def _counted(self, what: str) -> dict[str, int]:
        """Return how often each text stands in a column, in order of the texts."""
        query = f"SELECT found, count(*) FROM (SELECT {what}) t(found) GROUP BY found ORDER BY found"
        return dict(self.connection.execute(query).fetchall())

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


def _order(entry: tuple[TableSchema, list[Field]]) -> int:
    """Return the place of a table among all, so that files in another order change nothing."""
    return list(TABLES).index(entry[0].name)


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
