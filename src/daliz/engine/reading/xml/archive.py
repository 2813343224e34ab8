"""The XML documents of a zip file, one at a time and in bounded memory; nothing is ever unpacked to the disk.

An archive inside an archive is opened, one inside that is not. What a member may cost is read from the
archive's own list before a byte is unpacked, and no more is unpacked than the list says.

Sources:
    PKWARE, APPNOTE.TXT, sections 4.3.12 to 4.3.16 (the list and where it ends).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.xml.parsing import HEAD, MOST_BYTES, looks_like_xml, too_large
from daliz.language import N_

MOST_MEMBERS: Final = 100_000
MOST_LISTED: Final = 10 * 2**20
"""Bytes of an archive's list of members."""

MOST_UNPACKED: Final = 4 * 2**30
"""Bytes that the members of an archive may have together."""

MOST_RATIO: Final = 500
"""How many times larger than packed a member of over a million bytes may be; declarations reach some 60."""

_END: Final = b"PK\x05\x06"
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    struct.error, IndexError, OverflowError,
)  # fmt: skip
"""What a damaged archive can raise; RuntimeError is a password, NotImplementedError an unknown method."""


@dataclass(frozen=True, slots=True)
class Member:
    """A document of an archive, or why there is none.

    Attributes:
        name: as people know it: ``batch.zip/inner.xml``.
        changed: when it was last changed, by the clock where it was packed: ``2026-03-02 10:15:00``.
        data: the document; empty where there is an ``error``, or where it is no XML and left aside.
        error: why it, or the whole archive, cannot be read.
    """

    name: str
    changed: str | None = None
    data: bytes = b""
    error: ReadingError | None = None


def members(path: Path) -> Iterator[Member]:
    """Give the documents of a zip file in order of name; what cannot be read comes as an error.

    Hidden members and folders are passed over.
    """
    try:
        with path.open("rb") as file:
            yield from _members(file, str(path), nested=False)
    except OSError as error:
        yield Member(str(path), error=_unreadable(error))


def _members(file: IO[bytes], name: str, *, nested: bool) -> Iterator[Member]:
    try:
        listed = _listed(file)
        archive = zipfile.ZipFile(file)
        found = sorted(archive.infolist(), key=lambda member: member.filename)
        _bounded(found, listed)
    except ReadingError as error:
        yield Member(name, error=error)
        return
    except _BROKEN as error:
        yield Member(name, error=_unreadable(error))
        return
    with archive:
        for member in found:
            parts = member.filename.replace("\\", "/").split("/")
            if member.is_dir() or any(part.startswith(".") and part != ".." for part in parts):
                continue
            if parts[0] == "__MACOSX":
                continue
            yield from _member(archive, member, f"{name}/{member.filename}", nested=nested)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, *, nested: bool
) -> Iterator[Member]:
    changed = "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*member.date_time)
    try:
        _allowed(member)
        with archive.open(member) as stream:
            head = stream.read(HEAD)
            packed = head[:4] in (b"PK\x03\x04", _END)
            if not packed and not looks_like_xml(head) and not name.lower().endswith(".xml"):
                yield Member(name)
                return
            if packed and nested:
                raise ReadingError(
                    N_("an archive inside an archive inside an archive is not opened"), code="zip-nested"
                )
            data = head + stream.read(MOST_BYTES + 1 - len(head))
        if len(data) > MOST_BYTES:
            raise too_large(len(data))
    except ReadingError as error:
        yield Member(name, changed, error=error)
    except _BROKEN as error:
        yield Member(name, changed, error=_unreadable(error))
    else:
        if packed:
            yield from _members(io.BytesIO(data), name, nested=True)
        else:
            yield Member(name, changed, data)


def _listed(file: IO[bytes]) -> int:
    """Return the bytes of the archive's list, from the record at its end, before the list is read."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0:
        raise ReadingError(
            N_("the file cannot be read as {kind}: {detail}"),
            code="file-unreadable", kind="zip", detail="no list of members at its end",
        )  # fmt: skip
    (listed,) = struct.unpack_from("<L", tail, place + 12)
    if listed == 0xFFFFFFFF:
        (where,) = struct.unpack_from("<Q", tail, place - 20 + 8)
        file.seek(where)
        (listed,) = struct.unpack_from("<Q", file.read(56), 40)
    file.seek(0)
    if listed > MOST_LISTED:
        raise _too_many(listed // 46)
    return int(listed)


def _bounded(found: list[zipfile.ZipInfo], listed: int) -> None:
    """Refuse an archive that has too many members, unpacks to too much, or is locked."""
    if len(found) > MOST_MEMBERS or listed > MOST_LISTED:
        raise _too_many(len(found))
    unpacked = sum(member.file_size for member in found)
    if unpacked > MOST_UNPACKED:
        raise ReadingError(
            N_("the archive unpacks to {size} million bytes; there can be {most}"),
            code="zip-too-large", size=unpacked // 1_000_000, most=MOST_UNPACKED // 1_000_000,
        )  # fmt: skip
    files = [member for member in found if not member.is_dir()]
    if files and all(member.flag_bits & 1 for member in files):
        raise _locked()


def _allowed(member: zipfile.ZipInfo) -> None:
    """Refuse a member that lies outside the archive, is locked, or unpacks to more than it may."""
    parts = member.filename.replace("\\", "/").split("/")
    if parts[0] == "" or ".." in parts or parts[0].endswith(":"):
        raise ReadingError(N_("the name leads out of the archive"), code="zip-name")
    if member.flag_bits & 1:
        raise _locked()
    if member.file_size > MOST_BYTES:
        raise too_large(member.file_size)
    if member.file_size > 1_000_000 and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        raise ReadingError(
            N_("the member unpacks to {times} times its size; there can be {most}"),
            code="zip-too-large", times=member.file_size // max(member.compress_size, 1), most=MOST_RATIO,
        )  # fmt: skip


def _locked() -> ReadingError:
    return ReadingError(N_("it is locked by a password"), code="zip-locked")


def _too_many(count: int) -> ReadingError:
    return ReadingError(
        N_("the archive has {n} members; there can be {most}"),
        code="zip-too-large", n=count, most=MOST_MEMBERS,
    )  # fmt: skip


def _unreadable(error: Exception) -> ReadingError:
    detail = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return ReadingError(
        N_("the file cannot be read as {kind}: {detail}"), code="file-unreadable", kind="zip", detail=detail
    )
