"""What there is to read: files, folders with all below them, and archives; and what was left aside."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from daliz.engine.reading.canonical import table_of
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.sources import EXCEL, PARQUET, TEXTS
from daliz.engine.reading.xml.parsing import HEAD, looks_like_xml
from daliz.language import N_


class Form(StrEnum):
    """What files are taken for; ``auto`` tells each by its content, or a table by its suffix."""

    AUTO = "auto"
    TABLE = "table"
    EAEU_XML = "eaeu-xml"
    WCO_XML = "wco-xml"
    ASYCUDA_XML = "asycuda-xml"


class Kind(StrEnum):
    """How a file is opened."""

    TABLE = "table"
    XML = "xml"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read."""

    path: Path
    kind: Kind


@dataclass(frozen=True, slots=True)
class Found:
    """What paths stand for.

    Attributes:
        sources: the files to read, in order of their paths.
        left: files of the folders that are not read, in the same order.
    """

    sources: tuple[Source, ...]
    left: tuple[Path, ...]


_TABLES: Final = (*TEXTS, *PARQUET, *EXCEL)
_KEPT_OUT: Final = ("truth", "quarantine", "differences")
"""Canonical tables that are no input: what an earlier reading told, and the truth of a pretend border."""


def sources_of(paths: Sequence[Path], form: Form, *, apart: Path) -> Found:
    """Return the files to read; a folder stands for all that is below it, but what is hidden.

    The order in which ``paths`` are given, and a file named twice, change nothing.

    Args:
        paths: files and folders.
        form: what they are; what is something else in a folder is left aside, a file that is named is not.
        apart: folder that is written to; what is in it already is neither read nor told.

    Raises:
        ReadingError: there is no file to read.
    """
    taken: dict[Path, Source] = {}
    left: dict[Path, Path] = {}
    for path in paths:
        if not path.is_dir():
            kind = _kind(path)
            taken[path.resolve()] = Source(path, kind or (Kind.TABLE if form is Form.TABLE else _named(form)))
            continue
        for file in _walk(path, apart.resolve()):
            kind = _kind(file)
            own = kind is not None and (form is Form.AUTO or (kind is Kind.TABLE) == (form is Form.TABLE))
            if own and kind is not None and table_of(file) not in _KEPT_OUT:
                taken.setdefault(file.resolve(), Source(file, kind))
            else:
                left[file.resolve()] = file
    if not taken:
        raise ReadingError(
            N_("there is no file to read; name CSV, Parquet, Excel or XML files, or zip files of XML"),
            code="no-files",
        )
    others = sorted(file for place, file in left.items() if place not in taken)
    return Found(tuple(sorted(taken.values(), key=lambda source: str(source.path))), tuple(others))


def _named(form: Form) -> Kind:
    """Return what a named file of unknown kind is tried as."""
    return Kind.TABLE if form is Form.AUTO else Kind.XML


def _walk(folder: Path, apart: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and (here / f).resolve() != apart)
        if here.resolve() != apart or here == folder:
            yield from (here / f for f in sorted(files) if not f.startswith(".") and (here / f).is_file())


def _kind(path: Path) -> Kind | None:
    """Return how a file is opened; None if nothing is known of it."""
    suffix = path.suffix.lower()
    if suffix in (*PARQUET, *EXCEL):
        return Kind.TABLE
    if suffix == ".zip":
        return Kind.ARCHIVE
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        head = b""
    if suffix == ".xml" or looks_like_xml(head):
        return Kind.XML
    return Kind.TABLE if suffix in _TABLES else None
