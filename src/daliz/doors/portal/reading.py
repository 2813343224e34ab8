"""Declarations out of a file, broken ones too: XML (EAEU, WCO, ASYCUDA), canonical JSON or CSV."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from daliz.customs.intake.drafts import problems_of
from daliz.engine.pack import Pack
from daliz.engine.reading.single import Problem, contents_of_xml
from daliz.engine.records.declaration import ASSIGNED, HEADER
from daliz.language import N_, DalizError

MOST: Final = 200
"""Declarations of one file."""

_LONGEST: Final = 32 * 2**20


class FileUnreadableError(DalizError):
    """A file is no list of declarations."""

    code: ClassVar[str] = "declarations-file"


@dataclass(frozen=True, slots=True)
class Read:
    """A declaration of a file.

    Attributes:
        reference: the number that it bears there.
        content: what it says.
        problems: what keeps it from being registered.
        from_xml: it may have columns of its own.
    """

    reference: str
    content: dict[str, Any]
    problems: tuple[Problem, ...]
    from_xml: bool = False


def declarations_in(data: bytes, pack: Pack, *, office: str = "") -> list[Read]:
    """Return the declarations of a file, whatever its name says it is.

    Args:
        data: of the file.
        pack: for contracts.
        office: to which those are submitted that name none themselves.

    Raises:
        FileUnreadableError: it is none of the kinds, or holds too many.
        ReadingError: it is XML of no format that is known.
    """
    if len(data) > _LONGEST:
        raise FileUnreadableError(N_("the file is larger than {most} MB"), most=_LONGEST // 2**20)
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if head == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        found = [
            Read((number or "")[:128], content, problems, from_xml=True)
            for number, content, problems in contents_of_xml(data, pack, office=office)
        ]
    else:
        contents = _of_json(data) if head in (b"{", b"[") else _of_csv(data)
        if office:
            contents = [(number, {"office": office} | content) for number, content in contents]
        found = [Read(number, content, problems_of(content, pack)) for number, content in contents]
    if not found:
        raise FileUnreadableError(N_("the file holds no declaration"))
    if len(found) > MOST:
        raise FileUnreadableError(
            N_("the file holds {n} declarations; at most {most} are taken at once"), n=len(found), most=MOST
        )
    return found


def _of_json(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    try:
        held = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise FileUnreadableError(
            N_("this is not JSON: a mistake in line {line}, at character {character}"),
            line=error.lineno, character=error.colno,
        ) from None  # fmt: skip
    except (ValueError, RecursionError):
        raise FileUnreadableError(N_("this is not JSON as text in UTF-8")) from None
    listed = held if isinstance(held, list) else [held]
    if not all(isinstance(one, dict) for one in listed):
        raise FileUnreadableError(N_("the file is a declaration or a list of declarations"))
    return [("", one) for one in listed]


def _of_csv(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Return declarations of canonical rows, one for each goods item, together by ``declaration_id``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadableError(N_("the file is neither XML nor text in UTF-8")) from None
    head = text.partition("\n")[0]
    divider = max(",;\t", key=head.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=divider, restkey="–"))
    except csv.Error as error:
        raise FileUnreadableError(N_("this is no table: {error}"), error=str(error)) from None
    if "item_no" not in (rows[0] if rows else {}):
        raise FileUnreadableError(
            N_("the first line names canonical columns divided by commas, item_no among them")
        )
    together: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        together.setdefault(str(row.get("declaration_id") or ""), []).append(row)
    return [(number[:128], _content(listed)) for number, listed in together.items()]


def _content(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the content of one declaration's rows; a header value is that of the first row that has it."""
    content: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    for row in rows:
        item: dict[str, Any] = {}
        for name, value in row.items():
            if name in ASSIGNED or value in (None, "", []):
                continue
            if name in HEADER:
                content.setdefault(name, value)
            else:
                item[name] = value
        items.append(item)
    return {**content, "items": items}
