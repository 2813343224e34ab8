"""One declaration as a person or a program submits it: checked whole, every problem with its place.

The same canonical columns, types and contracts as those of files; only one declaration at a time, in
Python, within a millisecond or two. What files mend silently (a third decimal place of money) is an error in
JSON, where whoever writes can be told.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Annotated, Any, Final

import pyarrow as pa
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic_core import ErrorDetails

from daliz.engine.features import VOCABULARY
from daliz.engine.features.alone import Fact, Moment, Stating, stated_facts
from daliz.engine.indicators import compile_python
from daliz.engine.pack import Pack
from daliz.engine.reading.contracts import general_contracts, general_lists
from daliz.engine.reading.xml.declared import Declared
from daliz.engine.reading.xml.formats import format_of
from daliz.engine.reading.xml.parsing import parse
from daliz.engine.records.declaration import ASSIGNED, BELOW, HEADER, Declaration, Value
from daliz.engine.records.schema import DECLARATIONS, MONEY, TABLES, Column
from daliz.language import N_, DalizError, Message, Text

MOST_ITEMS: Final = 999
"""Goods items of a declaration."""

MOST_BELOW: Final = 20_000
"""Rows of one child table."""

_LONGEST: Final = 65_536


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a declaration from being taken.

    Attributes:
        path: where, as in the submitted JSON: ``items[2].hs_code``.
        code: stable.
        message: what is wrong and what would be right; to translate.
        value: what was found, shortened; None if nothing.
    """

    path: str
    code: str
    message: Message | Text
    value: str | None = None

    def text(self, lang: str) -> str:
        """Say it."""
        return self.message.in_(lang) if isinstance(self.message, Text) else self.message.text(lang)


class SubmissionError(DalizError):
    """A submitted declaration cannot be taken; ``problems`` says why, place by place."""

    code = "declaration-broken"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(N_("the declaration cannot be taken: {n} problems"), n=len(problems))
        self.problems = tuple(problems)


def declaration_of_json(
    data: bytes | str | Mapping[str, Any], pack: Pack, *, further: bool = False
) -> Declaration:
    """Read a declaration in canonical JSON: header columns, ``items``, and rows of the child tables.

    Args:
        data: JSON text, or what was parsed of it.
        pack: for further contracts and the vocabulary's own columns.
        further: keep columns that nobody declared, as of documents; without it they are problems.

    Raises:
        SubmissionError: with every problem found.
    """
    model = _model("", (), further=True) if further else _model(pack.code, tuple(_further(pack)))
    try:
        found = (
            model.model_validate_json(data) if isinstance(data, bytes | str) else model.model_validate(data)
        )
    except ValidationError as error:
        raise SubmissionError([_problem(detail) for detail in _placed(error, data, model)[:100]]) from None
    return checked(_declaration(found), pack)


def _placed(
    error: ValidationError, data: bytes | str | Mapping[str, Any], model: type[BaseModel]
) -> list[ErrorDetails]:
    """Return what is wrong, with its place also where half a character keeps JSON from being read."""
    told = error.errors()
    if told[0]["type"] == "json_invalid" and isinstance(data, bytes | str):
        try:
            model.model_validate(json.loads(data))
        except ValidationError as other:
            return [one for one in other.errors() if one["type"] == "string_unicode"] or told
        except (ValueError, RecursionError):
            return told
    return told


def declarations_of_xml(
    data: bytes, pack: Pack, *, form: str | None = None, office: str = ""
) -> list[tuple[str | None, Declaration]]:
    """Read the declarations of an XML document (EAEU, WCO, ASYCUDA), each with the number it bears.

    Args:
        data: the document.
        pack: for contracts and the currency.
        form: the format it must be; None for any.
        office: to which it is submitted, where the document itself names none, as drafts of the Union do not.

    Raises:
        ReadingError: it is none of the formats, or is too large.
        SubmissionError: a declaration is broken; paths begin with its place in the document.
    """
    root = parse(data)
    taken, problems = [], []
    for place, declared in enumerate(format_of(root, form).declarations(root)):
        try:
            taken.append((declared.header.get("declaration_id"), _of_declared(declared, pack, office)))
        except SubmissionError as error:
            problems += [Problem(f"[{place}].{p.path}", p.code, p.message, p.value) for p in error.problems]
    if problems:
        raise SubmissionError(problems)
    return taken


def contents_of_xml(
    data: bytes, pack: Pack, *, office: str = ""
) -> list[tuple[str | None, dict[str, Any], tuple[Problem, ...]]]:
    """Read the declarations of an XML document as contents, broken ones too, so that they can be mended.

    Args:
        data: the document.
        pack: for contracts and the currency.
        office: as ``declarations_of_xml`` takes it.

    Returns:
        of each the number that it bears, its content, and what keeps it from being taken.

    Raises:
        ReadingError: the document is none of the formats, or is too large.
    """
    root = parse(data)
    found: list[tuple[str | None, dict[str, Any], tuple[Problem, ...]]] = []
    for declared in format_of(root, None).declarations(root):
        number = declared.header.get("declaration_id")
        try:
            found.append((number, _of_declared(declared, pack, office).content, ()))
        except SubmissionError as error:
            found.append((number, _body(declared, office), error.problems))
    return found


def checked(declaration: Declaration, pack: Pack) -> Declaration:
    """Return the declaration if it says what it must and keeps the contracts of every country and the pack's.

    Raises:
        SubmissionError: with everything that is missing and every contract broken, item by item.
    """
    problems = [
        *_numbering(declaration),
        *_missing(declaration, pack),
        *_of_contracts(declaration, pack),
    ]
    if problems:
        raise SubmissionError(problems)
    return declaration


def _numbering(declaration: Declaration) -> Iterator[Problem]:
    """Find items that bear one number, and rows below of items that are not there."""
    seen: set[Value] = set()
    for place, item in enumerate(declaration.items):
        if item["item_no"] in seen:
            message = Message(
                N_("goods item {n} is there twice; number the items from 1"), {"n": item["item_no"]}
            )
            yield Problem(f"items[{place}].item_no", "item-duplicate", message, str(item["item_no"]))
        seen.add(item["item_no"])
    for table in BELOW:
        for place, row in enumerate(declaration.below.get(table, ())):
            of = row.get("item_no")
            if of is not None and of not in seen:
                message = Message(N_("there is no goods item {n}"), {"n": of})
                yield Problem(f"{table}[{place}].item_no", "item-missing", message, str(of))


def _missing(declaration: Declaration, pack: Pack) -> Iterator[Problem]:
    """Find what the pack registers no declaration of this direction without."""
    for name in pack.clearance.registered_with.get(str(declaration.header["direction"]), ()):
        if name in HEADER:
            places = [name] if declaration.header.get(name) is None else []
        else:
            places = [
                f"items[{at}].{name}" for at, item in enumerate(declaration.items) if item.get(name) is None
            ]
        for place in places:
            yield Problem(place, "field-missing", Message(_SAID["missing"]))


class _Contracts:
    """The contracts of a pack, compiled."""

    def __init__(self, pack: Pack) -> None:
        self.all = general_contracts() + pack.contracts
        lists: dict[str, Any] = {code: named.members for code, named in pack.lists.items()}
        self.program = compile_python({c.code: c.rule for c in self.all}, lists=lists | general_lists())
        self.names = frozenset(self.program.names)
        self.own = frozenset(pack.vocabulary) - frozenset(VOCABULARY)


_COMPILED: Final[dict[str, _Contracts]] = {}
"""By the fingerprint of a pack; a process serves one or two."""


def _compiled(pack: Pack) -> _Contracts:
    if pack.fingerprint not in _COMPILED:
        _COMPILED[pack.fingerprint] = _Contracts(pack)
    return _COMPILED[pack.fingerprint]


def _of_contracts(declaration: Declaration, pack: Pack) -> Iterator[Problem]:
    held = _compiled(pack)
    stating = Stating(declaration, 1, Moment(datetime.now(UTC), pack.zone, pack.holidays))
    facts = stated_facts(stating, held.names, [f for f in pack.vocabulary.values() if f.name in held.own])
    answers = held.program.evaluate(
        [tuple(_fact(n, row, stating) for n in held.program.names) for row in facts]
    )
    header = DECLARATIONS.header_names
    for contract in held.all:
        of_header = contract.field in header
        for place, holds in enumerate(answers[contract.code]):
            if holds is False:
                source = declaration.header if of_header else declaration.items[place]
                path = contract.field if of_header else f"items[{place}].{contract.field}"
                yield Problem(path, contract.code, contract.message, _short(source.get(contract.field)))
                if of_header:
                    break


def _fact(name: str, stated: Mapping[str, Fact], stating: Stating) -> Fact:
    """Return what a record alone tells; the version and the day are those of registration."""
    return stating.moment.day if name == "declaration.registered_on" else stated.get(name)


def _of_declared(declared: Declared, pack: Pack, office: str = "") -> Declaration:
    """Turn the texts of a document into values; what the format found wrong keeps it out."""
    problems = [
        Problem(w.field, w.code, Message(N_("{reason}"), {"reason": w.reason}), w.value)
        for w in declared.wrong
    ]
    if not declared.items and not problems:
        problems.append(
            Problem("items", "declaration-empty", Message(N_("the declaration has no goods item")))
        )
    if problems:
        raise SubmissionError(problems)
    try:
        found = _model("", (), further=True).model_validate(_body(declared, office))
    except ValidationError as error:
        raise SubmissionError([_problem(detail) for detail in error.errors()[:100]]) from None
    return checked(_declaration(found), pack)


def _body(declared: Declared, office: str = "") -> dict[str, Any]:
    """Return what a document states as content, in texts; submitted to ``office`` where it names none."""
    body: dict[str, Any] = {"office": office} if office else {}
    body |= {k: v for k, v in declared.header.items() if k not in ASSIGNED and v}
    body["items"] = [_rounded(item) for item in declared.items]
    return body | {
        table: [_rounded(r, table) for r in rows] for table, rows in declared.below.items() if table in BELOW
    }


def _rounded(values: Mapping[str, str], table: str = "declarations") -> dict[str, str]:
    """Round money to two places, as files are read."""
    money = {column.name for column in TABLES[table].columns if column.type == MONEY}
    kept = {}
    for name, text in values.items():
        if text:
            kept[name] = _cents(text) if name in money else text
    return kept


def _cents(text: str) -> str:
    try:
        return str(Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP))
    except InvalidOperation:
        return text


def _declaration(found: BaseModel) -> Declaration:
    header = {k: v for k, v in _given(found) if k != "items" and k not in BELOW}
    items: list[BaseModel] = found.__dict__["items"]
    rows = [dict(_given(item)) for item in items]
    return Declaration(
        header=header,
        items=tuple(sorted(rows, key=lambda row: int(str(row["item_no"])))),
        below={
            table: tuple(dict(_given(row)) for row in found.__dict__[table])
            for table in BELOW
            if found.__dict__[table]
        },
    )


def _given(model: BaseModel) -> Iterator[tuple[str, Any]]:
    further = {name: str(value) for name, value in (model.model_extra or {}).items()}
    for name, value in {**model.__dict__, **further}.items():
        if value is not None:
            yield name, value


def _further(pack: Pack) -> list[tuple[str, str]]:
    """Return the pack's own columns: group and short name."""
    own = [name.partition(".") for name in pack.vocabulary if name not in VOCABULARY]
    return [(group, short) for group, _, short in own]


def _no_nul(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        half = True
    else:
        half = False
    if half or "\x00" in text:
        raise ValueError("a character that no text may have")
    return text


_Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST), AfterValidator(_no_nul)
]
_Money = Annotated[Decimal, Field(max_digits=20, decimal_places=2, allow_inf_nan=False)]
_Amount = Annotated[float, Field(allow_inf_nan=False)]
_Whole = Annotated[int, Field(ge=-(2**31), lt=2**31)]


def _type_of(column: Column) -> Any:
    if column.type == MONEY:
        return _Money
    if pa.types.is_floating(column.type):
        return _Amount
    if pa.types.is_integer(column.type):
        return _Whole
    return date if pa.types.is_date(column.type) else _Text


@cache
def _model(_pack: str, own: tuple[tuple[str, str], ...], *, further: bool = False) -> type[BaseModel]:
    """Make the model of a declaration: every canonical column, and a pack's own as texts."""
    config = ConfigDict(extra="allow" if further else "forbid", frozen=True)
    item = create_model(
        "Item",
        __config__=config,
        **_fields([c for c in DECLARATIONS.columns if not c.header], of="item", own=own),
    )
    below: dict[str, Any] = {
        table: (Annotated[list[_below(table)], Field(max_length=MOST_BELOW)], [])  # type: ignore[misc]  # a model made here
        for table in BELOW
    }
    header = [c for c in DECLARATIONS.columns if c.name in HEADER]
    fields: dict[str, Any] = {
        **_fields(header, of="declaration", own=own),
        "items": (Annotated[list[item], Field(min_length=1, max_length=MOST_ITEMS)], ...),
        **below,
    }
    return create_model("Declaration", __config__=config, **fields)


@cache
def _below(table: str) -> type[BaseModel]:
    columns = [c for c in TABLES[table].columns if c.name not in ASSIGNED]
    return create_model(
        table, __config__=ConfigDict(extra="forbid", frozen=True), **_fields(columns, of=table, own=())
    )


def _fields(columns: Sequence[Column], *, of: str, own: Sequence[tuple[str, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for column in columns:
        type_ = _type_of(column)
        described = (
            Field(description=column.meaning) if column.required else Field(None, description=column.meaning)
        )
        fields[column.name] = (type_ if column.required else type_ | None, described)
    return fields | {short: (_Text | None, None) for group, short in own if group == of}


def schema_of(pack: Pack) -> dict[str, Any]:
    """Return the JSON schema of a submitted declaration."""
    return _model(pack.code, tuple(_further(pack))).model_json_schema()


_SAID: Final[Mapping[str, str]] = {
    "missing": N_("the value is missing"),
    "extra_forbidden": N_("there is no such field"),
    "too_long": N_("there are too many rows: at most {max_length}"),
    "too_short": N_("there must be at least one goods item"),
    "string_too_short": N_("the text is empty; leave the field out if it is not known"),
    "string_too_long": N_("the text is longer than {max_length} characters"),
    "string_type": N_("a text is expected"),
    "string_unicode": N_("the text has a character that no text may have"),
    "value_error": N_("the text has a character that no text may have"),
    "decimal_max_places": N_("money has at most {decimal_places} decimal places"),
    "json_invalid": N_("this is not JSON: {error}"),
}


def _problem(detail: ErrorDetails) -> Problem:
    """Say one error of the model in our words, with the path as the submitter wrote it."""
    kind, context = detail["type"], dict(detail.get("ctx", {}))
    template = _SAID.get(kind)
    if template is None:
        template = N_("this is no value of the field's kind")
    values = {name: value for name, value in context.items() if f"{{{name}}}" in template}
    if any(f"{{{name}}}" not in template or name not in values for name in _names(template)):
        template, values = N_("this is no value of the field's kind"), {}
    found = None if kind in ("missing", "json_invalid") else _short(detail.get("input"))
    return Problem(_path(detail["loc"]), f"field-{kind.replace('_', '-')}", Message(template, values), found)


def _names(template: str) -> list[str]:
    return re.findall(r"{(\w+)}", template)


def _path(loc: Sequence[int | str]) -> str:
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _short(value: object) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    return str(value)[:100].encode(errors="replace").decode()
