"""XML documents on their way into the tables: parsed, laid down many together, and converted."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from daliz.engine.reading.below import below_sql, relation_of
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.layout import further_of, mapped_sql
from daliz.engine.reading.walking import Form
from daliz.engine.reading.xml.formats import format_of
from daliz.engine.reading.xml.laying import Document, Taking
from daliz.engine.reading.xml.parsing import MOST_BYTES, parse, too_large
from daliz.engine.records.duck import Connection, text_literal
from daliz.engine.records.schema import TABLES
from daliz.language import N_


@dataclass(slots=True)
class Documents:
    """The documents of a reading.

    Attributes:
        connection: may read and write ``work``.
        work: folder for what is laid down.
        zone: IANA zone of a day.
        form: what the documents must be; any known format if ``auto``.
        undated: day of declarations that state none; None: that of their file.
        taking: what was taken so far.
        further: names of further columns, in the order first seen.
        tables: files of converted rows by table.
        taken: documents taken.
    """

    connection: Connection
    work: Path
    zone: str
    form: Form
    undated: date | None
    taking: Taking = field(default_factory=Taking)
    further: dict[str, None] = field(default_factory=dict)
    tables: dict[str, list[Path]] = field(default_factory=dict)
    taken: int = 0
    _laid: int = 0

    def take_file(self, path: Path, source: int) -> int:
        """Take the declarations of a file; return the goods items.

        Raises:
            ReadingError: it cannot be read to its end; nothing of it counts then.
        """
        try:
            about = path.stat()
            if about.st_size > MOST_BYTES:
                raise too_large(about.st_size)
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise ReadingError(
                N_("the file cannot be opened: {detail}"),
                code="file-unreadable", detail=error.strerror or str(error),
            ) from error  # fmt: skip
        changed = datetime.fromtimestamp(int(about.st_mtime), UTC).isoformat()
        return self.take(data, Document(source, str(path), changed))

    def take(self, data: bytes, document: Document) -> int:
        """Take the declarations of a document; return the goods items.

        Raises:
            ReadingError: as ``take_file``.
        """
        root = parse(data)
        asked = None if self.form is Form.AUTO else self.form.value
        known = format_of(root, asked)
        if self.undated is not None:
            document = Document(document.source, document.name, self.undated.isoformat(), asked=True)
        items = self.taking.take(document, known.declarations(root))
        self.taken += 1
        if self.taking.pages.full:
            self.convert()
        return items

    def convert(self) -> None:
        """Turn what is held into files of canonical values, and hold nothing."""
        self._laid += 1
        for table, staged in self.taking.pages.lay(self.work, self._laid).items():
            if table == "declarations":
                self.further |= dict.fromkeys(further_of(None, staged.header))
                query = mapped_sql(staged, None, source="source", zone=self.zone, connection=self.connection)
                target = self.work / f"mapped-documents-{self._laid:06}.parquet"
            else:
                query = below_sql(staged, TABLES[table], self.zone)
                target = self.work / f"{relation_of(table)}-{self._laid:06}.parquet"
                self.tables.setdefault(table, []).append(target)
            self.connection.execute(
                f"COPY ({query}) TO {text_literal(str(target))} "
                "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
            )
            staged.file.unlink()

    def relate(self) -> tuple[str, ...]:
        """Make the converted rows of the tables below known by their relations; return the tables."""
        for table, files in self.tables.items():
            listed = ", ".join(text_literal(str(file)) for file in files)
            self.connection.execute(
                f"CREATE TEMP VIEW {relation_of(table)} AS SELECT * FROM read_parquet([{listed}])"
            )
        return tuple(self.tables)
