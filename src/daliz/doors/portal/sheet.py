"""What a declaration says, for reading: every field with its words, codes with their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daliz.doors.portal.columns import ITEM, SECTIONS, TABLES, Column, suggestions
from daliz.engine.pack import Pack
from daliz.engine.records.declaration import Declaration, Value
from daliz.language import translate


@dataclass(frozen=True, slots=True)
class Said:
    """A field with its value in words; ``raw`` for what is a number."""

    name: str
    label: str
    text: str
    raw: Value


@dataclass(frozen=True, slots=True)
class Sheet:
    """A declaration for reading.

    Attributes:
        sections: heading and fields of the whole.
        items: fields of each goods item, by column.
        tables: heading, heads and rows of what lies below.
    """

    sections: Sequence[tuple[str, Sequence[Said]]]
    items: Sequence[Mapping[str, Said]]
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]]


def sheet_of(declared: Declaration, pack: Pack, lang: str) -> Sheet:
    """Return what ``declared`` says; what it does not state is left out, or blank in goods items."""
    sections = []
    for title, columns in SECTIONS:
        fields = [_said(column, declared.of(column.name), pack, lang) for column in columns]
        sections.append((translate(title, lang), [one for one in fields if one.text]))
    items = [
        {column.name: _said(column, item.get(column.name), pack, lang) for column in ITEM}
        | {"item_no": Said("item_no", "", str(item["item_no"]), item["item_no"])}
        for item in declared.items
    ]
    tables = []
    for table, (title, _, columns) in TABLES.items():
        rows = declared.below.get(table, ())
        if rows:
            heads = [translate(column.label, lang) for column in columns]
            cells = [
                [_said(column, row.get(column.name), pack, lang).text for column in columns] for row in rows
            ]
            tables.append((translate(title, lang), heads, cells))
    return Sheet([one for one in sections if one[1]], items, tables)


def _said(column: Column, value: Value, pack: Pack, lang: str) -> Said:
    text = "" if value is None else str(value)
    if text and column.choices:
        text = dict(column.choices(pack, lang)).get(text, text)
    elif text and column.list:
        name = dict(suggestions(lang)[column.list]).get(text, "")
        text = f"{text} – {name}" if name else text
    return Said(column.name, translate(column.label, lang), text, value)
