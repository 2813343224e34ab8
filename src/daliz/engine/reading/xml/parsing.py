"""XML parsed safely: no entity, no DTD, no network, and bounds on everything a file can make us hold.

What a file may cost is decided before it is parsed: its bytes, then the signs that elements and attributes
begin with, of which every one makes the tree larger. Depth (256), the length of one text (10 MB) and the
number of distinct names are bounded by the parser itself. A comment may have two hyphens in its text, which
the standard forbids and people write all the same: comments are of no concern.

Sources:
    OWASP, XML External Entity Prevention Cheat Sheet; XML 1.0, appendix F (detection of encodings).
"""

import contextlib
import re
from typing import Final, NoReturn

from lxml import etree

from daliz.engine.reading.errors import ReadingError
from daliz.language import N_

MOST_BYTES: Final = 32 * 2**20
"""Bytes of one document; a declaration of 999 goods items takes some five million."""

MOST_MARKS: Final = 800_000
"""Signs that an element (``<``) or an attribute (``=``) begins with, together; each may cost 300 bytes."""

MOST_SIBLINGS: Final = 20_000
"""Elements right below one, told before more is held of each; a declaration has 999 goods items."""

HEAD: Final = 1024
"""Bytes from which it is told whether a file is XML, and in which encoding."""

_ENCODING: Final = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|(us-)?ascii|(windows-|cp)125[0-8]|iso-8859-\d{1,2}|koi8-[ru]|(cp|ibm)866"
)
"""Encodings in which ASCII is ASCII, and UTF-16: in these a document type cannot hide."""

_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']{0,60})["']""")
_DOCTYPE: Final = re.compile(rb"(?>\s+|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE", re.DOTALL)
_MARKS: Final = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def looks_like_xml(head: bytes) -> bool:
    """Return whether a file that begins so can only be meant as XML.

    Example:
        >>> looks_like_xml("<a/>".encode("utf-16")), looks_like_xml(b"id;item"), looks_like_xml(b" <a>")
        (True, False, True)
    """
    encoding = _unicode(head)
    text = head.removeprefix(_MARKS.get(encoding or "", b""))
    return text.replace(b"\0", b"").lstrip()[:1] == b"<"


def parse(data: bytes) -> etree._Element:
    """Return the root of a document.

    Args:
        data: the whole document, in UTF-8, UTF-16 or a single-byte encoding that it declares.

    Raises:
        ReadingError: it is empty, too large, has a document type, is not in its encoding or not well-formed.
    """
    if len(data) > MOST_BYTES:
        raise too_large(len(data))
    if not data.strip(b"\0 \t\r\n"):
        raise ReadingError(N_("the file is empty"), code="file-empty")
    marks = data.count(b"<") + data.count(b"=")
    if marks > MOST_MARKS:
        raise ReadingError(
            N_("the document has {n} elements and attributes or more; there can be {most}"),
            code="xml-too-large", n=marks // 2, most=MOST_MARKS // 2,
        )  # fmt: skip
    encoding = _encoding(data)
    _no_doctype(data, encoding)
    try:
        return _counted(_parsed(data, encoding), marks)
    except etree.XMLSyntaxError as error:
        if _hyphens_in_comment(error) and b"<![CDATA[" not in data:
            without = _without_comments(data)
            _no_doctype(without, encoding)
            with contextlib.suppress(etree.XMLSyntaxError):
                return _counted(_parsed(without, encoding), marks)
        _broken(error)
    except (ValueError, LookupError) as error:
        _broken(error)


def _without_comments(data: bytes) -> bytes:
    """Return a document without its comments, in one pass over it."""
    kept = []
    end = 0
    while (start := data.find(b"<!--", end)) >= 0 and (stop := data.find(b"-->", start + 4)) >= 0:
        kept.append(data[end:start])
        end = stop + 3
    return b"".join((*kept, data[end:]))


def _hyphens_in_comment(error: etree.XMLSyntaxError) -> bool:
    code: int = error.code  # type: ignore[attr-defined]  # not in the stubs
    return code == int(etree.ErrorTypes.ERR_HYPHEN_IN_COMMENT)


def _parsed(data: bytes, encoding: str | None) -> etree._Element:
    named = encoding.replace("16-", "16") if encoding is not None else None
    parser = etree.XMLParser(
        encoding=named, resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        attribute_defaults=False, huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    return etree.fromstring(data, parser)


def _counted(root: etree._Element, marks: int) -> etree._Element:
    """Return the root if no element has more elements right below it than any declaration needs."""
    most = max(map(len, root.iter(tag=etree.Element))) if marks > MOST_SIBLINGS else 0
    if most > MOST_SIBLINGS:
        raise ReadingError(
            N_("an element of the document has {n} elements right below it; there can be {most}"),
            code="xml-too-large", n=most, most=MOST_SIBLINGS,
        )  # fmt: skip
    return root


def _broken(error: Exception) -> NoReturn:
    """Say where the XML breaks, and in the parser's words how."""
    line = error.position[0] if isinstance(error, etree.XMLSyntaxError) else 1
    text = (str(error).splitlines() or ["?"])[0]
    detail = re.sub(r"(, line \d+, column \d+)?( \(<string>, line \d+\))?$", "", text)[:200]
    raise ReadingError(
        N_("the XML cannot be read at line {line}: {detail}"), code="xml-broken", line=line, detail=detail
    ) from error


def too_large(size: int) -> ReadingError:
    """Return what to raise for a document of ``size`` bytes."""
    return ReadingError(
        N_("the document has {size} million bytes; there can be {most}"),
        code="xml-too-large", size=size // 1_000_000, most=MOST_BYTES // 1_000_000,
    )  # fmt: skip


def _unicode(data: bytes) -> str | None:
    """Return the Unicode encoding that the first bytes show; None if they do not."""
    for encoding, mark in _MARKS.items():
        if data.startswith(mark):
            return encoding
    if data[:2] == b"<\0":
        return "utf-16-le"
    return "utf-16-be" if data[:2] == b"\0<" else None


def _encoding(data: bytes) -> str | None:
    """Return the encoding to read ``data`` in; None if the parser finds it where it is declared.

    Raises:
        ReadingError: the declared encoding is unknown, or plainly not that of the bytes.
    """
    shown = _unicode(data)
    if shown is not None and shown != "utf-8":
        return shown
    found = _DECLARED.search(data[:HEAD])
    if found is None:
        return shown
    declared = found[1].decode("ascii", "replace").strip().lower()
    if _ENCODING.fullmatch(declared) is None or declared.startswith("utf-16"):
        raise ReadingError(
            N_("the document says that it is written in {encoding}, in which it cannot be read"),
            code="xml-encoding", encoding=declared or "–",
        )  # fmt: skip
    if not declared.startswith("utf") and not data.isascii() and _is_utf_8(data):
        raise ReadingError(
            N_("the document says that it is written in {encoding}, but it is written in UTF-8"),
            code="xml-encoding", encoding=declared,
        )  # fmt: skip
    return shown


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _no_doctype(data: bytes, encoding: str | None) -> None:
    """Refuse a document type wherever it may stand: it is what every attack by entities needs."""
    start = data.removeprefix(_MARKS.get(encoding or "", b""))
    if encoding in ("utf-16-le", "utf-16-be"):
        start = start.decode(encoding, "replace").encode("utf-8", "replace")
    if _DOCTYPE.match(start) is not None:
        raise ReadingError(
            N_("the document has a document type (DOCTYPE), which declarations do not need; it is not read"),
            code="xml-doctype",
        )
