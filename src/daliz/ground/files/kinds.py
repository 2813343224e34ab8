"""What kind of file something is, told by its bytes and never by its name; whatever is not listed is refused.

Office files are containers that may unpack to anything: only their table of contents is read, nothing of them
is unpacked, and those with macros are refused.

Sources:
    OWASP, File Upload Cheat Sheet; APPNOTE.TXT of the ZIP format, 4.3.12 (central directory).
"""

import re
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Final

from daliz.language import N_, DalizError, Text

_HEAD: Final = 65_536
_MOST_PARTS: Final = 5_000
_MOST_UNPACKED: Final = 512 * 2**20


class Kind(StrEnum):
    """A kind of file that may be handed in."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    TIFF = "tif"
    XML = "xml"
    XLSX = "xlsx"
    DOCX = "docx"

    @property
    def media_type(self) -> str:
        """Under which type it is sent; XML as bytes, so that no program takes it for a page."""
        return _MEDIA[self]

    @property
    def label(self) -> Text:
        """What people call it."""
        return Text(self.name, self.name, self.name)


_MEDIA: Final = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.TIFF: "image/tiff",
    Kind.XML: "application/octet-stream",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

_BEGINS: Final = (
    (b"%PDF-", Kind.PDF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
)
_PARTS: Final = {"xl/workbook.xml": Kind.XLSX, "word/document.xml": Kind.DOCX}
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_PROLOGUE: Final = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_PAGES: Final = frozenset({"html", "svg", "xhtml", "body", "script", "math"})


class FileRefusedError(DalizError):
    """A file that is not taken."""

    code: ClassVar[str] = "file-refused"


def kind_of(path: Path) -> Kind:
    """Return the kind of the file at ``path``.

    Raises:
        FileRefusedError: it is none of those that are taken.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise FileRefusedError(N_("the file is empty"), code="file-empty")
    for begins, kind in _BEGINS:
        if head.startswith(begins):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if _is_xml(head):
        return Kind.XML
    raise _unknown()


def _unknown() -> FileRefusedError:
    return FileRefusedError(
        N_("this is none of the kinds of file that are taken: {kinds}"),
        code="file-kind",
        kinds=", ".join(kind.name for kind in Kind),
    )


def _office(path: Path) -> Kind:
    """Tell an office file by its table of contents; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as parts:
            listed = parts.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _unknown() from error
    names = {part.filename for part in listed}
    if len(listed) > _MOST_PARTS or sum(part.file_size for part in listed) > _MOST_UNPACKED:
        raise FileRefusedError(N_("the file would unpack to more than any document has"), code="file-bomb")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefusedError(N_("files with macros are not taken"), code="file-macros")
    kinds = {kind for part, kind in _PARTS.items() if part in names}
    if "[Content_Types].xml" not in names or len(kinds) != 1:
        raise _unknown()
    return kinds.pop()


def _is_xml(head: bytes) -> bool:
    """Return whether it is XML, and none that a browser shows as a page: HTML, SVG, with a style sheet."""
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    text = head[len(mark) :].decode(_MARKS.get(mark, "utf-8"), "replace")
    prologue = _PROLOGUE.match(text)
    start = prologue.end() if prologue else 0
    if "<?xml-stylesheet" in text[:start] or not text.lstrip().startswith("<?xml"):
        return False
    root = _ROOT.match(text, start)
    return root is not None and root[1].lower() not in _PAGES
