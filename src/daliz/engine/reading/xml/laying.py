"""Declarations laid down as texts of canonical columns, many documents together, in bounded memory.

What is laid down is then converted and checked as the rows of a table are. What a document does not state
and a declaration cannot do without is taken from the file, and told: its number from the file's name, the
day from when the file was last changed.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path, PurePath
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.layout import slug_of
from daliz.engine.reading.staging import POSITION, SHORTENED, Staged
from daliz.engine.reading.xml.declared import Declared, Values, Wrong
from daliz.engine.records.schema import DECLARATIONS, MONEY, TABLES, TableSchema
from daliz.language import N_

MOST_ROWS: Final = 20_000
"""Goods items held before they are laid down."""

MOST_ITEMS: Final = 20_000
"""Goods items of one document; a declaration has 999 at most, an envelope a few declarations."""

MOST_BELOW: Final = 120_000
"""Rows below them: 999 items with 99 documents each are some hundred thousand."""

MOST_TEXT: Final = 32_000_000
"""Letters held before they are laid down."""

MOST_LETTERS: Final = 65_536
"""Letters of one value."""

MOST_WRONG: Final = 100
"""Reasons told of one declaration."""

BELOW: Final[tuple[TableSchema, ...]] = tuple(
    TABLES[name]
    for name in (
        "documents",
        "containers",
        "transport_means",
        "duty_lines",
        "previous_documents",
        "guarantees",
    )
)
"""The tables that a document can fill below the declarations."""

_MONEY: Final = frozenset(column.name for column in DECLARATIONS.columns if column.type == MONEY)
_CENT: Final = Decimal("0.01")
_COUNTED: Final = {"items": "item_no", "packages": "packages"}
_TOO_LONG: Final = f"The value is longer than {MOST_LETTERS} characters."
_DAY_OF_FILE: Final = "The document states no day; that on which its file was last changed stands for it."
_DAY_ASKED: Final = "The document states no day; the one that was asked for stands for it."

Broken: TypeAlias = tuple[int | str | None, ...]
"""Source, position, declaration, item, field, value, code and reason of something wrong."""

Difference: TypeAlias = tuple[int, int, str, str, str | None, str | None, str]
"""Source, position, declaration, field, what is stated, what was found, and the reason."""


@dataclass(frozen=True, slots=True)
class Document:
    """Where declarations come from.

    Attributes:
        source: number of the source.
        name: its name as people know it.
        day: instant or day that stands for one that a declaration does not state, ISO.
        asked: the day was asked for; else it is when the file was last changed.
    """

    source: int
    name: str
    day: str | None
    asked: bool = False


@dataclass(slots=True)
class Pages:
    """Rows held until there are enough of them to lay down."""

    rows: dict[str, list[tuple[int, int, Values]]] = field(default_factory=dict)
    letters: int = 0

    def add(self, table: str, source: int, position: int, values: Values) -> None:
        """Hold a row."""
        self.rows.setdefault(table, []).append((source, position, values))
        self.letters += sum(map(len, values.values()))

    @property
    def full(self) -> bool:
        """Whether they should be laid down before more is held."""
        return self.letters > MOST_TEXT or any(len(rows) > MOST_ROWS for rows in self.rows.values())

    def lay(self, folder: Path, number: int) -> dict[str, Staged]:
        """Write each table held to a file of texts in ``folder``, and hold none.

        Args:
            folder: for the files.
            number: of these pages, so that each has its own file.
        """
        laid = {}
        for table, rows in self.rows.items():
            names = TABLES[table].names
            further = sorted({name for _, _, values in rows for name in values if name not in names})
            header = (*names, *further) if table == "declarations" else names
            file = folder / f"laid-{table}-{number}.parquet"
            columns: list[pa.Array[Any]] = [
                pa.array([source for source, _, _ in rows], pa.int32()),
                pa.array([position for _, position, _ in rows], pa.int64()),
            ]
            columns += [pa.array([values.get(name) for _, _, values in rows], pa.string()) for name in header]
            called = ["source", POSITION, *(f"c{index}" for index in range(len(header)))]
            pq.write_table(pa.table(columns, names=called), file, compression="zstd", compression_level=1)
            laid[table] = Staged("", "declaration", header, file, len(rows), ())
        self.rows, self.letters = {}, 0
        return laid


@dataclass(slots=True)
class Taking:
    """What is kept of the documents besides their rows."""

    pages: Pages = field(default_factory=Pages)
    broken: list[Broken] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def take(self, document: Document, declarations: Iterable[Declared]) -> int:
        """Hold the rows of a document's declarations, all or, if one cannot be read, none; return the items.

        Raises:
            ReadingError: what ``declarations`` raises, or it has more rows than any declaration can have.
        """
        found, items, below = [], 0, 0
        for declared in declarations:
            items += len(declared.items)
            below += sum(map(len, declared.below.values()))
            if items > MOST_ITEMS or below > MOST_BELOW:
                raise ReadingError(
                    N_(
                        "the document has {items} goods items and {below} rows below them, or more; "
                        "there can be {most_items} and {most_below}"
                    ),
                    code="xml-too-large", items=items, below=below, most_items=MOST_ITEMS,
                    most_below=MOST_BELOW,
                )  # fmt: skip
            found.append(declared)
        for position, declared in enumerate(found, start=1):
            self._one(document, position, declared)
        return items

    def _one(self, document: Document, position: int, declared: Declared) -> None:
        header = {"version": "1", **_named(declared.header)}
        number = header.get("declaration_id") or _called(document, declared)
        header["declaration_id"] = number
        wrong = [*declared.wrong, *_empty(declared), *_too_long(header, declared)]
        if wrong:
            place = (document.source, position, number, None)
            self.broken += [
                (*place, told.field, (told.value or "")[: SHORTENED + 1] or None, told.code, told.reason)
                for told in wrong[:MOST_WRONG]
            ]
            return
        told_at = (document.source, position, number)
        if "registered_at" not in header and document.day is not None:
            header["registered_at"] = document.day
            header["registered_at_from"] = "asked" if document.asked else "file"
            reason = _DAY_ASKED if document.asked else _DAY_OF_FILE
            self.differences.append((*told_at, "registered_at", None, document.day, reason))
        self.differences += [(*told_at, *told) for told in reconciled(declared)]
        for item in declared.items:
            self.pages.add("declarations", document.source, position, header | _named(item))
        whole = {"declaration_id": number, "version": header["version"]}
        for schema in BELOW:
            for row in declared.below.get(schema.name, ()):
                self.pages.add(schema.name, document.source, position, whole | row)


def reconciled(declared: Declared) -> Iterator[tuple[str, str, str | None, str]]:
    """Give the totals of the header that are not what the items give: field, stated, found, reason.

    Money is compared as it is kept, to two places; anything else exactly.
    """
    for name, text in sorted(declared.stated.items()):
        column = _COUNTED.get(name, name)
        stated = _kept(column, _number(text))
        if stated is None:
            yield name, text, None, "The total in the header is not a number."
            continue
        if name == "items":
            found: Decimal | None = Decimal(len(declared.items))
        else:
            parts = [_kept(column, _number(item[column])) for item in declared.items if item.get(column)]
            if any(part is None for part in parts):
                continue
            found = sum((part for part in parts if part is not None), Decimal(0)) if parts else None
        if found is None:
            yield name, text, None, "The header states a total that the goods items do not state."
        elif found != stated:
            yield name, text, format(found, "f"), "The total in the header is not that of the goods items."


def _kept(column: str, value: Decimal | None) -> Decimal | None:
    """Return an amount as its column keeps it."""
    if value is None or column not in _MONEY:
        return value
    return value.quantize(_CENT, ROUND_HALF_UP)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip()) if len(text) <= 40 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and abs(value.adjusted()) <= 20 else None


def _named(values: Values) -> Values:
    """Return the values that say something, further ones under names that an expression can write."""
    return {
        name if name in DECLARATIONS.names else slug_of(name): text for name, text in values.items() if text
    }


def _called(document: Document, declared: Declared) -> str:
    """Return the number of a declaration that states none: its file's name and a print of what it says.

    Two drafts in files of one name are two declarations; one draft in two folders of the same file name is
    one.
    """
    said = json.dumps([declared.header, declared.items], sort_keys=True, ensure_ascii=False)
    print_ = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{PurePath(document.name).stem}-{print_}"


def _empty(declared: Declared) -> list[Wrong]:
    if declared.items:
        return []
    return [Wrong("item_no", None, "declaration-empty", "The declaration has no goods item.")]


def _too_long(header: Values, declared: Declared) -> Iterator[Wrong]:
    for values in (header, *declared.items, *(row for rows in declared.below.values() for row in rows)):
        for name, text in values.items():
            if len(text) > MOST_LETTERS:
                yield Wrong(name, text[:SHORTENED], "value-too-long", _TOO_LONG)
