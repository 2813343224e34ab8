"""A declaration as a form: what was typed becomes content, content and its problems become fields."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import QueryDict

from daliz.doors.portal.columns import ITEM, NUMBER, SECTIONS, TABLES, Column, label_of
from daliz.engine.pack import Pack
from daliz.engine.reading.single import Problem
from daliz.language import N_, translate

MOST_ITEMS: Final = 100
"""Goods items that the form shows; further ones come by file and are kept as they are."""

_TYPED: Final = re.compile(r"(h|items|documents|transport_means|containers)(?:\.(\d{1,4}))?\.([a-z_]{1,40})")
_HEADER: Final[Sequence[Column]] = tuple(column for _, columns in SECTIONS for column in columns)
_SPACES: Final = dict.fromkeys(map(ord, " \u00a0\u202f"))


@dataclass(frozen=True, slots=True)
class Typed:
    """A field as it is shown.

    Attributes:
        column: what it asks.
        name: of the input.
        id: of the input in the page.
        value: what was typed.
        label: its words.
        choices: code and name, for a choice.
        must: nothing is registered without it.
        problems: what is wrong with it, in words.
    """

    column: Column
    name: str
    id: str
    value: str
    label: str
    choices: Sequence[tuple[str, str]]
    must: bool
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A goods item or a row below, as it is shown."""

    index: int
    fields: Sequence[Typed]
    flawed: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Fields or rows under one heading."""

    title: str
    table: str = ""
    add: str = ""
    fields: Sequence[Typed] = ()
    rows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """What the goods items add up to; None where nothing is written, or a value cannot be read."""

    items: int
    values: Mapping[str, Decimal | None]


@dataclass(slots=True)
class Shown:
    """The whole form as it is shown."""

    sections: list[Section] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    tables: list[Section] = field(default_factory=list)
    hidden_items: int = 0
    loose: list[str] = field(default_factory=list)


def empty(pack: Pack, organisation: str) -> dict[str, Any]:
    """Return the content with which a form begins."""
    return {
        "direction": "import",
        "kind": "normal",
        "currency": pack.currency,
        "trader_id": organisation,
        "declarant_id": organisation,
        "items": [{"item_no": 1}],
    }


def typed(data: QueryDict, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content that was typed; what the form does not show stays as it was ``before``.

    Numbers may be written with spaces and a decimal comma.
    """
    header: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, str]]] = {"items": {}, **{table: {} for table in TABLES}}
    for key, values in data.lists():
        match = _TYPED.fullmatch(key)
        if match is None:
            continue
        table, index, name = match[1], match[2], match[3]
        text = values[-1].strip()
        if table == "h" and index is None:
            header[name] = _written(name, text, _HEADER)
        elif table != "h" and index is not None:
            rows[table].setdefault(int(index), {})[name] = _written(name, text, _columns(table))
    shown = {column.name for column in _HEADER}
    content = {k: v for k, v in before.items() if k not in shown and k != "items" and k not in TABLES}
    content |= {name: text for name, text in header.items() if name in shown and text}
    old = list(before.get("items") or [])
    content["items"] = [*_rows(rows["items"], old, ITEM), *old[MOST_ITEMS:]]
    for table, (_, _, columns) in TABLES.items():
        if found := _rows(rows[table], list(before.get(table) or []), columns):
            content[table] = found
    return numbered(content)


def numbered(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content with its goods items numbered from 1 in their order."""
    items = [{**item, "item_no": place} for place, item in enumerate(content.get("items") or [], 1)]
    return {**content, "items": items}


def with_row(content: dict[str, Any], table: str) -> dict[str, Any]:
    """Return the content with one more empty row."""
    return numbered({**content, table: [*(content.get(table) or []), {}]})


def with_copy(content: dict[str, Any], place: int) -> dict[str, Any]:
    """Return the content with a copy of a goods item behind the last one."""
    items = list(content.get("items") or [])
    return numbered({**content, "items": [*items, *items[place : place + 1]]})


def without_row(content: dict[str, Any], table: str, place: int) -> dict[str, Any]:
    """Return the content without one row; rows below a goods item go with it, others follow their item."""
    rows = list(content.get(table) or [])
    left = {**content, table: rows[:place] + rows[place + 1 :]}
    if table == "items":
        for below, kept in content.items():
            if below != "items" and isinstance(kept, list):
                left[below] = [_moved(row, place + 1) for row in kept if _item(row) != place + 1]
    return numbered(left)


def shown(content: Mapping[str, Any], problems: Iterable[Problem], pack: Pack, lang: str) -> Shown:
    """Return the form of a content, every problem beside its field; those without a field apart."""
    said: dict[str, list[str]] = {}
    for problem in problems:
        said.setdefault(problem.path, []).append(problem.text(lang))
    told: set[str] = set()
    asked = pack.clearance.registered_with.get(str(content.get("direction")), ())

    def fields(columns: Sequence[Column], values: Mapping[str, Any], table: str, place: int) -> list[Typed]:
        made = []
        for column in columns:
            path = column.name if table == "h" else f"{table}[{place}].{column.name}"
            name = f"h.{column.name}" if table == "h" else f"{table}.{place}.{column.name}"
            told.add(path)
            value = values.get(column.name)
            choices = list(column.choices(pack, lang)) if column.choices else []
            text = "" if value is None else str(value)
            if choices and text and text not in dict(choices):
                choices.append((text, text))
            made.append(
                Typed(
                    column,
                    name,
                    name.replace(".", "-"),
                    text,
                    translate(column.label, lang),
                    choices,
                    column.must or (table in ("h", "items") and column.name in asked),
                    said.get(path, ()),
                )
            )
        return made

    def rows(columns: Sequence[Column], values: Sequence[Any], table: str) -> list[Row]:
        made = []
        for place, one in enumerate(values):
            held = fields(columns, one if isinstance(one, Mapping) else {}, table, place)
            made.append(Row(place, held, any(f.problems for f in held)))
        return made

    items = list(content.get("items") or [])
    form = Shown(
        sections=[
            Section(translate(title, lang), fields=fields(columns, content, "h", 0))
            for title, columns in SECTIONS
        ],
        items=rows(ITEM, items[:MOST_ITEMS], "items"),
        tables=[
            Section(
                translate(title, lang), table, translate(add, lang),
                rows=rows(columns, list(content.get(table) or []), table),
            )
            for table, (title, add, columns) in TABLES.items()
        ],
        hidden_items=max(len(items) - MOST_ITEMS, 0),
    )  # fmt: skip
    form.loose = [
        f"{label_of(path, lang)}: {text}"
        for path, texts in said.items()
        if path not in told
        for text in texts
    ]
    return form


def sums(content: Mapping[str, Any]) -> Sums:
    """Return what the goods items add up to.

    Example:
        >>> sums({"items": [{"customs_value": "10.50"}, {"customs_value": "2"}]}).values["customs_value"]
        Decimal('12.50')
    """
    items = [item for item in content.get("items") or [] if isinstance(item, Mapping)]
    names = ("gross_mass_kg", "net_mass_kg", "invoice_value", "customs_value", "duty", "vat", "excise")
    return Sums(len(items), {name: _sum([item.get(name) for item in items]) for name in names})


def unequal(content: Mapping[str, Any], expected: Mapping[str, str], lang: str) -> list[str]:
    """Return which totals differ from those that the declarant expects."""
    held, wrong = sums(content), []
    for name, label in TOTALS.items():
        want = _number(expected.get(name, ""))
        have = Decimal(held.items) if name == "items" else held.values[name]
        if want is not None and want != have:
            said = N_("{field}: you expect {want}, the goods items add up to {have}")
            wrong.append(
                translate(
                    said, lang, field=translate(label, lang), want=want, have="–" if have is None else have
                )
            )
    return wrong


TOTALS: Final = {
    "items": N_("Goods items in all"),
    "gross_mass_kg": N_("Gross mass in all, kg"),
    "invoice_value": N_("Invoice in all"),
    "customs_value": N_("Customs value in all"),
}
"""What a declarant may say beforehand, to find slips of the pen."""


def _sum(values: Iterable[object]) -> Decimal | None:
    written = [_number(str(value)) for value in values if value not in (None, "")]
    known = [number for number in written if number is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(written) else None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(_plain(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _plain(text: str) -> str:
    """Return a number as machines write it.

    Example:
        >>> _plain("1 234,50")
        '1234.50'
    """
    closed = text.translate(_SPACES)
    return closed.replace(",", ".") if closed.count(",") == 1 and "." not in closed else closed


def _written(name: str, text: str, columns: Sequence[Column]) -> str:
    numeric = any(column.name == name and column.kind == NUMBER for column in columns)
    return _plain(text) if numeric else text


def _columns(table: str) -> Sequence[Column]:
    return ITEM if table == "items" else TABLES[table][2]


def _rows(
    found: Mapping[int, Mapping[str, str]], before: Sequence[Any], columns: Sequence[Column]
) -> list[dict[str, Any]]:
    """Return rows in their order, each with what it had besides the fields of the form."""
    names = {column.name for column in columns}
    made = []
    for place in sorted(found):
        old = before[place] if place < len(before) and isinstance(before[place], Mapping) else {}
        kept = {k: v for k, v in old.items() if k not in names}
        made.append(kept | {k: v for k, v in found[place].items() if k in names and v})
    return made


def _item(row: object) -> int | None:
    number = str(row.get("item_no", "")) if isinstance(row, Mapping) else ""
    return int(number) if number.isdecimal() else None


def _moved(row: Any, gone: int) -> Any:
    number = _item(row)
    return {**row, "item_no": number - 1} if number is not None and number > gone else row
