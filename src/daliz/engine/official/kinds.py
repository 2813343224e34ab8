"""The kinds of official lists: which columns each has, how files call them, and what makes a row one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from daliz.engine.official import values
from daliz.engine.official.duty_text import NOT_LESS, PLUS, unit_code
from daliz.language import N_

RELATIONS: Final = ("exact", "part", "merged")
"""How a code of one edition goes over into another: as it is, in part, or together with others."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an official list.

    Attributes:
        name: as it is kept.
        heads: how files call it, in small letters, besides ``name``.
        read: the value as a file has it to the value as it is kept; raises ListError.
        required: never empty.
    """

    name: str
    heads: tuple[str, ...]
    read: Callable[[str], str] = values.word
    required: bool = False


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of official list.

    Attributes:
        code: ``hs``, ``duty``, …
        label: what people call it, marked for translation.
        columns: in the order in which they are kept.
        key: columns that together make a row one.
        dated: every row has its day and holds for that day; else a file is an edition that holds from a day.
        aside: values of the first key column that are no rows of the list (totals).
        needs_one_of: columns of which a row has at least one.
    """

    code: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    dated: bool = False
    aside: frozenset[str] = frozenset()
    needs_one_of: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


_NAMES: Final = (
    Column("en", ("description", "name", "description_en", "name_en", "english")),
    Column(
        "ru",
        (
            "наименование", "наименование позиции", "описание", "название", "description_ru", "name_ru",
            "краткое наименование", "русский",
        ),
    ),
    Column("kk", ("атауы", "description_kk", "name_kk", "сипаттамасы", "қазақша")),
)  # fmt: skip
_WORDS: Final = ("en", "ru", "kk")
_GOODS: Final = (
    "hscode", "hs_code", "hs code", "код", "код тн вэд", "код тн вэд еаэс", "tnved", "commodity_code",
    "сэқ тн коды", "коды",
)  # fmt: skip
_UNIT: Final = (
    "доп. ед. изм.", "доп. ед.", "дополнительная единица", "дополнительная единица измерения",
    "supplementary_unit", "quantity_unit", "ед. изм.", "қосымша өлшем бірлігі",
)  # fmt: skip


def _relation(text: str) -> str:
    return values.one_of(text, RELATIONS)


def _method(text: str) -> str:
    return values.one_of(text, (NOT_LESS, PLUS))


def _unit(text: str) -> str:
    plain = values.word(text)
    return "" if plain in ("-", "–", "—") else plain


HS: Final = ListKind(
    "hs",
    N_("edition of the Harmonized System"),
    (Column("code", _GOODS, values.hs_code, required=True), Column("section", ("раздел",)), *_NAMES),
    ("code",),
    aside=frozenset({"TOTAL"}),
    needs_one_of=_WORDS,
)
TNVED: Final = ListKind(
    "tnved",
    N_("edition of the commodity nomenclature of the EAEU"),
    (
        Column("code", _GOODS, values.tnved_code, required=True),
        *_NAMES,
        Column("unit", _UNIT, _unit),
    ),
    ("code",),
    needs_one_of=_WORDS,
)
CORRELATION: Final = ListKind(
    "correlation",
    N_("correlation between two editions"),
    (
        Column(
            "from_code", ("from", "старый код", "исходный код", "код старый", "old_code"), values.goods_code,
            required=True,
        ),
        Column("to_code", ("to", "новый код", "код новый", "new_code"), values.goods_code, required=True),
        Column("relation", ("связь", "соответствие"), _relation),
    ),
    ("from_code", "to_code"),
)  # fmt: skip
DUTY: Final = ListKind(
    "duty",
    N_("lines of import duty"),
    (
        Column("code", _GOODS, values.goods_code, required=True),
        Column("origin", ("origin_country", "country", "страна происхождения"), values.country),
        Column("preference", ("преференция",), values.code),
        Column("ad_valorem", ("percent", "ad valorem", "адвалорная, %"), values.amount),
        Column("method", ("combination",), _method),
        Column("amount", ("specific", "специфическая"), values.amount),
        Column("currency", ("валюта",), values.currency),
        Column("per", ("per_units", "за количество"), values.more_than_nothing),
        Column("unit", ("единица",), unit_code),
        Column("valid_from", ("from", "с", "действует с"), values.day),
        Column("valid_until", ("until", "по", "действует по"), values.day),
    ),
    ("code", "origin", "preference", "valid_from"),
)
OFFICES: Final = ListKind(
    "offices",
    N_("customs offices"),
    (
        Column("code", ("код", "office", "код органа", "коды"), values.code, required=True),
        *_NAMES,
        Column("region", ("регион", "область")),
        Column("parent", ("вышестоящий", "вышестоящий орган")),
    ),
    ("code",),
    needs_one_of=_WORDS,
)
COUNTRIES: Final = ListKind(
    "countries",
    N_("countries"),
    (
        Column(
            "code",
            ("alpha2", "alpha-2", "код", "буквенный код", "iso", "коды"),
            values.country,
            required=True,
        ),
        Column("alpha3", ("alpha-3",)),
        Column("number", ("numeric", "цифровой код", "num")),
        *_NAMES,
    ),
    ("code",),
    needs_one_of=_WORDS,
)
RATES: Final = ListKind(
    "rates",
    N_("official exchange rates"),
    (
        Column("date", ("day", "дата", "күні"), values.day, required=True),
        Column(
            "currency", ("code", "валюта", "код", "буквенный код", "title"), values.currency, required=True
        ),
        Column(
            "nominal", ("quant", "номинал", "units", "количество"), values.more_than_nothing, required=True
        ),
        Column("rate", ("курс", "value", "description", "бағам"), values.more_than_nothing, required=True),
    ),
    ("date", "currency"),
    dated=True,
)
UNITS: Final = ListKind(
    "units",
    N_("supplementary units"),
    (
        Column("code", ("код", "коды"), values.code, required=True),
        Column("symbol", ("условное обозначение", "обозначение", "short")),
        *_NAMES,
    ),
    ("code",),
    needs_one_of=("symbol", *_WORDS),
)

KINDS: Final[Mapping[str, ListKind]] = {
    kind.code: kind for kind in (HS, TNVED, CORRELATION, DUTY, OFFICES, COUNTRIES, RATES, UNITS)
}
"""Every kind by its code."""
