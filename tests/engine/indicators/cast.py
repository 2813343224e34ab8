# ruff: noqa: E501 -- expressions and their SQL stand on one line each
"""A small fixed vocabulary, hostile rows and generated well-typed expressions for the tests of the language."""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random
from typing import Final

import pyarrow as pa

from daliz.engine.features import Feature, Grain, Kind, Unit, Vocabulary
from daliz.engine.indicators import Expression, parse
from daliz.language import Text


def feature(name: str, kind: Kind = Kind.NUMBER, unit: str = "", *, label: Text | None = None) -> Feature:
    grain = Grain.ITEM if name.startswith(("item.", "reference.")) else Grain.DECLARATION
    plain = name.partition(".")[2].replace("_", " ")
    unknown = Text("unknown", "неизвестно", "белгісіз")
    return Feature(name, label or Text(plain, plain, plain), kind, grain, unknown, "test", Unit.of(unit))


SMALL: Final = Vocabulary(
    [
        feature("item.hs_code", Kind.TEXT, label=Text("HS code", "код ТН ВЭД", "СЭҚ ТН коды")),
        feature("item.description", Kind.TEXT, label=Text("description", "описание", "сипаттама")),
        feature("item.origin_country", Kind.TEXT),
        feature("item.net_mass_kg", unit="kg", label=Text("net mass", "масса нетто", "таза салмағы")),
        feature("item.gross_mass_kg", unit="kg"),
        feature("item.customs_value", unit="money",
                label=Text("customs value", "таможенная стоимость", "кедендік құн")),
        feature("item.duty", unit="money"),
        feature("item.unit_value", unit="money/kg"),
        feature("item.value_share"),
        feature("item.duty_rate"),
        feature("item.first_code", Kind.FLAG),
        feature("item.made_on", Kind.DATE),
        feature("reference.unit_value_p10", unit="money/kg"),
        feature("trader.violations_365d"),
        feature("trader.first_office", Kind.FLAG),
        feature("trader.since", Kind.DATE),
        feature("declaration.customs_value", unit="money"),
        feature("declaration.currency", Kind.TEXT),
        feature("declaration.office", Kind.TEXT),
    ]
)  # fmt: skip
LISTS: Final[Mapping[str, frozenset[str]]] = {
    "offshore": frozenset({"KY", "XX", ""}),
    "empty": frozenset(),
    "codes": frozenset({"8703", "87", "0402"}),
}
LIST_KINDS: Final = dict.fromkeys(LISTS, Kind.TEXT)


def read(text: str, *, currency: str | None = None) -> Expression:
    return parse(text, SMALL, lists=LIST_KINDS, currency=currency)


# --- generated expressions -------------------------------------------------------------------------------

_NUMBERS: Final = ("0", "1", "2.5", "0.7", "1e308", "1e-320", "1000000", "-1", "3", "1e16", "-0.5")
_TEXTS: Final = ("8703", "87", "", "ab", "ß", "ҚАЗ", "і", "a%b", "İstanbul", "ΑΣ", "it''s", "a\\b", "%", "_")
_LIKES: Final = ("%", "_", "87%", "%a%", "a_b", "%ß", "a\\%", "", "%қ_%", "a%b%", "%''%")
_PATTERNS: Final = (
    "^87",
    "a.b",
    "[а-яқә]+",
    "$^",
    "",
    "(?i)AB",
    r"\\d{4}",
    "ß|İ",
    "^.$",
    "a$",
    r"\\.",
    "(a|b)*c",
)
_PREFIXES: Final = ("8", "87", "8703", "870323", "0402", "04021011", "9")
_UNITS: Final = ("kg", "money", "money/kg", "")


class Author:
    """Writes well-typed expressions at random, three-valued and nested, aggregates among them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.within = False

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def name(self, kind: Kind, unit: str = "") -> str:
        names = [f.name for f in SMALL.values() if f.kind is kind and str(f.unit) == unit]
        return self.random.choice(names)

    def flag(self, depth: int) -> str:  # noqa: PLR0911, PLR0912 -- one case a form
        if depth <= 0:
            return self.random.choice([self.name(Kind.FLAG), "TRUE", "FALSE", self.compare(0), self.hs()])
        less = depth - 1
        match self.random.randrange(15):
            case 0 | 1:
                return f" {self.pick('AND', 'OR')} ".join(
                    f"({self.flag(less)})" for _ in range(self.random.randint(2, 4))
                )
            case 2:
                return f"NOT ({self.flag(less)})"
            case 3 | 4:
                return self.compare(less)
            case 5:
                unit = self.random.choice(_UNITS)
                words = "NOT BETWEEN" if self.random.random() < 0.3 else "BETWEEN"
                low, high = self.number(unit, less), self.number(unit, less)
                return f"{self.number(unit, less)} {words} {low} AND {high}"
            case 6:
                members = ", ".join(f"'{self.pick(*_TEXTS)}'" for _ in range(self.random.randint(1, 3)))
                return f"{self.text(less)} {self.pick('IN', 'NOT IN')} ({members})"
            case 7:
                members = ", ".join(self.pick(*_NUMBERS) for _ in range(self.random.randint(1, 3)))
                return f"{self.name(Kind.NUMBER, self.random.choice(_UNITS))} IN ({members})"
            case 8:
                return f"({self.anything(less)}) IS {self.pick('', 'NOT ')}NULL"
            case 9:
                return f"({self.flag(less)}) IS {self.pick('', 'NOT ')}{self.pick('TRUE', 'FALSE')}"
            case 10:
                return f"{self.text(less)} {self.pick('LIKE', 'NOT LIKE')} '{self.pick(*_LIKES)}'"
            case 11:
                return f"matches({self.text(less)}, '{self.pick(*_PATTERNS)}')"
            case 12:
                called = self.pick("starts_with", "ends_with", "contains")
                return f"{called}({self.text(less)}, {self.text(less)})"
            case 13:
                return f"in_list({self.text(less)}, '{self.pick(*LISTS)}')"
            case _:
                return self.aggregate(less, "any", "every") if not self.within else self.hs()

    def hs(self) -> str:
        return f"hs(item.hs_code, '{self.pick(*_PREFIXES)}', '{self.pick(*_PREFIXES)}')"

    def compare(self, depth: int) -> str:
        sign = self.pick("=", "<>", "<", "<=", ">", ">=")
        match self.random.randrange(4):
            case 0:
                return f"{self.text(depth)} {sign} {self.text(depth)}"
            case 1:
                return f"{self.date(depth)} {sign} {self.date(depth)}"
            case _:
                unit = self.random.choice(_UNITS)
                return f"{self.number(unit, depth)} {sign} {self.number(unit, depth)}"

    def anything(self, depth: int) -> str:
        match self.random.randrange(4):
            case 0:
                return self.text(depth)
            case 1:
                return self.date(depth)
            case 2:
                return self.flag(depth)
            case _:
                return self.number(self.random.choice(_UNITS), depth)

    def number(self, unit: str, depth: int) -> str:  # noqa: PLR0911 -- one case a form
        if depth <= 0:
            return self.name(Kind.NUMBER, unit) if self.random.random() < 0.7 else self.pick(*_NUMBERS)
        less = depth - 1
        match self.random.randrange(11):
            case 0 | 1:
                return f"({self.number(unit, less)} {self.pick('+', '-')} {self.number(unit, less)})"
            case 2:
                return f"({self.number('', less)} * {self.name(Kind.NUMBER, unit)})"
            case 3:
                return f"({self.name(Kind.NUMBER, unit)} / {self.number('', less)})"
            case 4:
                return f"{self.pick('least', 'greatest', 'coalesce')}({self.number(unit, less)}, {self.number(unit, less)})"
            case 5:
                return f"abs({self.number(unit, less)})"
            case 6:
                return f"(-({self.number(unit, less)}))"
            case 7 if unit == "money/kg":
                return f"({self.name(Kind.NUMBER, 'money')} / {self.name(Kind.NUMBER, 'kg')})"
            case 7 if unit == "":
                return f"length({self.text(less)})"
            case 8 if not self.within and unit == "" and self.random.random() < 0.5:
                return self.aggregate(less, "count")
            case 8 if not self.within and unit != "":
                return self.aggregate(less, "sum", "min", "max", unit=unit)
            case _:
                return self.name(Kind.NUMBER, unit)

    def text(self, depth: int) -> str:
        match self.random.randrange(6) if depth > 0 else 0:
            case 1:
                return f"'{self.pick(*_TEXTS)}'"
            case 2:
                return f"{self.pick('lower', 'upper')}({self.text(depth - 1)})"
            case 3:
                return f"coalesce({self.text(depth - 1)}, '{self.pick(*_TEXTS)}')"
            case _:
                return self.name(Kind.TEXT)

    def date(self, depth: int) -> str:
        match self.random.randrange(4) if depth > 0 else 0:
            case 1:
                return "DATE '2024-02-29'"
            case 2:
                return f"{self.pick('least', 'greatest', 'coalesce')}({self.date(depth - 1)}, {self.date(depth - 1)})"
            case _:
                return self.name(Kind.DATE)

    def aggregate(self, depth: int, *called: str, unit: str = "") -> str:
        self.within = True
        try:
            one = self.pick(*called)
            if one in ("any", "every", "count"):
                return (
                    f"{one}({self.name(Kind.FLAG) if depth <= 0 else self.flag(depth)} AND item.first_code)"
                )
            return f"{one}({self.number(unit, depth)} + {self.item_number(unit)})"
        finally:
            self.within = False

    def item_number(self, unit: str) -> str:
        return {
            "kg": "item.net_mass_kg",
            "money": "item.duty",
            "money/kg": "item.unit_value",
            "": "item.duty_rate",
        }[unit]


# --- hostile rows ----------------------------------------------------------------------------------------

_FLOATS: Final = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    0.2,
    0.3,
    1e308,
    -1e308,
    5e-324,
    1e16,
    3.0,
    1e-300,
    1000000.0,
    2.5,
)
_WORDS: Final = (
    "", "8", "87", "8703", "870323", "8703231940", "0402", "04", "KZT", "USD", "KY", "ab", "AB", "a\nb", "a%b",
    "ß", "ẞ", "İstanbul", "і", "Қазақ", "ҚАЗ", "ΑΣ", "ας", "it's", "a\\b", "👨‍👩‍👧", "e\u0301", "ǆ", "\u0000x",
)  # fmt: skip
_DAYS: Final = (date(1, 1, 1), date(1970, 1, 1), date(2024, 2, 29), date(2025, 12, 31), date(9999, 12, 31))
_ARROW: Final[Mapping[Kind, pa.DataType]] = {
    Kind.NUMBER: pa.float64(), Kind.TEXT: pa.string(), Kind.FLAG: pa.bool_(), Kind.DATE: pa.date32(),
}  # fmt: skip

Declaration = list[dict[str, object]]


def hostile_value(random: Random, kind: Kind, unknown: float) -> object:
    if random.random() < unknown:
        return None
    return random.choice(
        {Kind.NUMBER: _FLOATS, Kind.TEXT: _WORDS, Kind.FLAG: (True, False), Kind.DATE: _DAYS}[kind]
    )


def hostile_declarations(random: Random, count: int) -> list[Declaration]:
    declarations = []
    for _ in range(count):
        unknown = random.choice((0.0, 0.15, 0.5))
        whole = {
            f.name: hostile_value(random, f.kind, unknown)
            for f in SMALL.values()
            if f.grain is Grain.DECLARATION
        }
        items = [
            {
                f.name: whole[f.name] if f.name in whole else hostile_value(random, f.kind, unknown)
                for f in SMALL.values()
            }
            for _ in range(random.choice((1, 1, 2, 3, 5)))
        ]
        declarations.append(items)
    return declarations


def facts(declarations: Sequence[Declaration]) -> pa.Table:
    """A table of facts, its rows in an order that is not that of the items."""
    rows = [
        {"declaration_id": f"D{at}", "version": 1, "item_no": number, **item}
        for at, items in enumerate(declarations)
        for number, item in enumerate(items, start=1)
    ]
    rows.reverse()
    kinds: dict[str, pa.DataType] = {
        "declaration_id": pa.string(),
        "version": pa.int32(),
        "item_no": pa.int32(),
        **{f.name: _ARROW[f.kind] for f in SMALL.values()},
    }
    schema = pa.schema([pa.field(name, kind) for name, kind in kinds.items()])
    return pa.Table.from_pylist(rows, schema=schema)
