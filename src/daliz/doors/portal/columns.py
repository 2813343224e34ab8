"""What the form of a declaration asks: canonical columns with their words, kinds and lists of codes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import pycountry
from babel import Locale

from daliz.engine.pack import Pack
from daliz.language import N_, translate

Choice = tuple[str, str]
Choices = Callable[[Pack, str], Sequence[Choice]]

NUMBER, DATE, CHOICE, LIST, TEXT, GOODS = "number", "date", "choice", "list", "text", "goods"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the form.

    Attributes:
        name: the canonical column.
        label: marked with ``N_``.
        kind: how it is entered.
        wide: twelfths of the width.
        choices: for ``CHOICE``: every code with its name.
        list: for ``LIST``: the id of the list of suggestions.
        must: a declaration is not registered by form without it.
    """

    name: str
    label: str
    kind: str = TEXT
    wide: int = 3
    choices: Choices | None = None
    list: str = ""
    must: bool = False


def _codes(name: str) -> Choices:
    def choices(pack: Pack, lang: str) -> Sequence[Choice]:
        known = pack.code_lists.get(name)
        members = known.members.items() if known else ()
        return [(code, _named(code, text.in_(lang))) for code, text in members]

    return choices


def _named(code: str, name: str) -> str:
    """Return a code with its name; one that is an English word is not shown to people."""
    return f"{code} – {name}" if any(sign.isdigit() for sign in code) else name


def offices(pack: Pack, lang: str) -> Sequence[Choice]:
    """Return the pack's offices as choices."""
    return [(code, f"{code} – {office.name.in_(lang)}") for code, office in sorted(pack.offices.items())]


def _procedures(pack: Pack, lang: str) -> Sequence[Choice]:
    return [(code, f"{code} – {one.name.in_(lang)}") for code, one in sorted(pack.procedures.items())]


def _directions(_: Pack, lang: str) -> Sequence[Choice]:
    return [(code, translate(name, lang)) for code, name in DIRECTIONS.items()]


DIRECTIONS: Final = {
    "import": N_("import"),
    "export": N_("export"),
    "transit": N_("transit"),
}

SECTIONS: Final[Sequence[tuple[str, Sequence[Column]]]] = (
    (
        N_("The declaration"),
        (
            Column("direction", N_("Direction"), CHOICE, 2, _directions, must=True),
            Column("procedure", N_("Customs procedure"), CHOICE, 4, _procedures),
            Column("kind", N_("Kind of declaration"), CHOICE, 2, _codes("declaration_kinds")),
            Column("office", N_("Customs office"), CHOICE, 4, offices, must=True),
            Column("goods_location", N_("Where the goods lie"), CHOICE, 4, offices),
            Column("border_office", N_("Office at the border"), CHOICE, 4, offices),
        ),
    ),
    (
        N_("Parties"),
        (
            Column("trader_id", N_("Trader's number"), wide=3),
            Column("trader_name", N_("Trader"), wide=3),
            Column("declarant_id", N_("Declarant's number"), wide=3),
            Column("declarant_name", N_("Declarant"), wide=3),
            Column("counterparty_name", N_("Foreign party"), wide=4),
            Column("carrier_id", N_("Carrier"), wide=2),
        ),
    ),
    (
        N_("Transport and terms"),
        (
            Column("transport_mode", N_("Mode of transport"), CHOICE, 3, _codes("transport_modes")),
            Column("departure_country", N_("Country of departure"), LIST, 2, list="countries"),
            Column("delivery_terms", N_("Terms of delivery"), LIST, 2, list="terms"),
            Column("currency", N_("Currency of payments"), LIST, 2, list="currencies"),
            Column("invoice_currency", N_("Currency of the invoice"), LIST, 2, list="currencies"),
        ),
    ),
)
"""Of the whole declaration, under their headings."""

HEADER: Final[Sequence[Column]] = tuple(column for _, columns in SECTIONS for column in columns)
"""All of the whole declaration."""

ITEM: Final[Sequence[Column]] = (
    Column("hs_code", N_("HS code"), GOODS, 2, must=True),
    Column("description", N_("Description of the goods"), wide=6),
    Column("origin_country", N_("Country of origin"), LIST, 2, list="countries"),
    Column("preference", N_("Preference"), CHOICE, 2, _codes("preferences")),
    Column("gross_mass_kg", N_("Gross mass, kg"), NUMBER, 2),
    Column("net_mass_kg", N_("Net mass, kg"), NUMBER, 2),
    Column("quantity", N_("Quantity"), NUMBER, 2),
    Column("quantity_unit", N_("Unit"), CHOICE, 2, _codes("units")),
    Column("invoice_value", N_("Price on the invoice"), NUMBER, 2),
    Column("valuation_method", N_("Method of valuation"), CHOICE, 2, _codes("valuation_methods")),
    Column("customs_value", N_("Customs value"), NUMBER, 2),
    Column("duty", N_("Duty"), NUMBER, 2),
    Column("vat", N_("VAT"), NUMBER, 2),
    Column("excise", N_("Excise"), NUMBER, 2),
)
"""Of a goods item."""

TABLES: Final[Mapping[str, tuple[str, str, Sequence[Column]]]] = {
    "documents": (
        N_("Documents"),
        N_("Add a document"),
        (
            Column("document_code", N_("Code"), wide=2),
            Column("document_number", N_("Number"), wide=3),
            Column("document_date", N_("Date"), DATE, 2),
            Column("document_name", N_("Name"), wide=3),
            Column("item_no", N_("Goods item"), NUMBER, 1),
        ),
    ),
    "transport_means": (
        N_("Vehicles"),
        N_("Add a vehicle"),
        (
            Column("transport_id", N_("Number plate, wagon, vessel, flight"), wide=4, must=True),
            Column("nationality", N_("Country"), LIST, 2, list="countries"),
            Column("transport_mode", N_("Mode of transport"), CHOICE, 4, _codes("transport_modes")),
        ),
    ),
    "containers": (
        N_("Containers"),
        N_("Add a container"),
        (
            Column("container_id", N_("Number"), wide=4, must=True),
            Column("item_no", N_("Goods item"), NUMBER, 1),
        ),
    ),
}
"""Rows below, with their heading and the words of their button."""

TERMS: Final = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")


@cache
def suggestions(lang: str) -> dict[str, list[Choice]]:
    """Return the lists of suggestions: countries and currencies by their names, terms of delivery."""
    locale = Locale(lang)
    countries = [(c.alpha_2, str(locale.territories.get(c.alpha_2, c.name))) for c in pycountry.countries]
    currencies = [(c.alpha_3, str(locale.currencies.get(c.alpha_3, c.name))) for c in pycountry.currencies]
    return {
        "countries": sorted(countries),
        "currencies": sorted(currencies),
        "terms": [(term, "") for term in TERMS],
    }


def label_of(path: str, lang: str) -> str:
    """Return the words of the field at ``path``, such as ``items[2].hs_code``; else the column."""
    place, _, name = path.rpartition(".")
    table = place.partition("[")[0]
    columns = ITEM if table == "items" else TABLES[table][2] if table in TABLES else HEADER
    found = next((column for column in columns if column.name == name), None)
    said = translate(found.label, lang) if found else name or path
    if not place:
        return said
    index = place.partition("[")[2].rstrip("]")
    if not index.isdecimal():
        return said
    of = N_("goods item {n}: {field}") if table == "items" else N_("row {n}: {field}")
    return translate(of, lang, n=int(index) + 1, field=said)
