"""What a reading tells of itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from daliz.engine.reading.errors import ReadingError


@dataclass(frozen=True, slots=True)
class SourceCount:
    """A file that was read, or not: ``error`` says why it was left out whole."""

    name: str
    rows: int
    error: ReadingError | None


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
        other_documents: what a document is that is no declaration → how many.
        differences: field → declarations whose header states another total than their items give.
        left: files of the folders that were not read.
    """

    sources: tuple[SourceCount, ...]
    tables: Mapping[str, int]
    declarations: int
    quarantined_declarations: int
    quarantine_entries: int
    reasons: Mapping[str, int]
    other_documents: Mapping[str, int]
    differences: Mapping[str, int]
    left: tuple[str, ...]
