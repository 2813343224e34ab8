"""The canonical tables: one name and one type for each fact, in files, in the engine and in the database.

Unknown is null, never 0 or an empty text. Money is decimal. Instants are UTC; a day is the day of the
pack's time zone. Columns beyond these are kept and can be declared in a pack's vocabulary.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pyarrow as pa

SCHEMA_VERSION: Final = "1"
"""Written into the metadata of every file; a reader refuses a version it does not know."""

MONEY: Final = pa.decimal128(20, 2)
AMOUNT: Final = pa.float64()
INSTANT: Final = pa.timestamp("us", tz="UTC")
TEXT: Final = pa.string()
WHOLE: Final = pa.int32()
FLAG: Final = pa.bool_()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    Attributes:
        name: the one name it has everywhere.
        type: its Arrow type.
        meaning: what it says, in English, for the reference page.
        required: null makes the record broken.
        header: says something of the whole declaration, so it may not differ between its items.
    """

    name: str
    type: pa.DataType
    meaning: str
    required: bool = False
    header: bool = False


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A canonical table: its columns in order and the columns that identify a row."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, with the schema version in its metadata."""
        return pa.schema(
            [pa.field(c.name, c.type, nullable=not c.required) for c in self.columns],
            metadata={"daliz.table": self.name, "daliz.schema_version": SCHEMA_VERSION},
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def header_names(self) -> tuple[str, ...]:
        """The columns that speak of the whole declaration."""
        return tuple(c.name for c in self.columns if c.header)


def _head(name: str, type_: pa.DataType, meaning: str, *, required: bool = False) -> Column:
    return Column(name, type_, meaning, required=required, header=True)


DECLARATIONS: Final = TableSchema(
    "declarations",
    "One row per goods item of one version of a declaration.",
    ("declaration_id", "version", "item_no"),
    (
        _head("declaration_id", TEXT, "number of the declaration", required=True),
        _head("version", WHOLE, "1 when registered; an amendment is a new version", required=True),
        _head("kind", TEXT, "normal, preliminary, incomplete, periodic, express, …"),
        Column("item_no", WHOLE, "number of the goods item, from 1", required=True),
        _head("registered_at", INSTANT, "when this version was registered", required=True),
        _head("direction", TEXT, "import, export, transit or passenger", required=True),
        _head("procedure", TEXT, "customs procedure: IM40, EK10, TT80, …"),
        _head("office", TEXT, "customs office of the declaration"),
        _head("border_office", TEXT, "customs office at the border"),
        _head("goods_location", TEXT, "office at whose post the goods lie; physical control is there"),
        _head("declarant_id", TEXT, "who declares: the trader or a customs representative"),
        _head("declarant_name", TEXT, "the declarant's name as written"),
        _head("trader_id", TEXT, "the domestic party: consignee of an import, consignor of an export"),
        _head("trader_name", TEXT, "the trader's name as written"),
        _head("counterparty_id", TEXT, "the foreign party"),
        _head("counterparty_name", TEXT, "the foreign party's name as written"),
        _head("financial_party_id", TEXT, "who settles the payments"),
        _head("carrier_id", TEXT, "who carries the goods"),
        _head("transport_mode", TEXT, "10 sea, 20 rail, 31 road, 40 air, 50 post, …"),
        _head("departure_country", TEXT, "country of departure, ISO 3166-1 alpha-2"),
        Column("origin_country", TEXT, "country of origin, ISO 3166-1 alpha-2"),
        _head("delivery_terms", TEXT, "Incoterms code"),
        Column("hs_code", TEXT, "commodity code, 2 to 12 digits"),
        Column("description", TEXT, "the goods in the declarant's words"),
        Column("net_mass_kg", AMOUNT, "net mass, kg"),
        Column("gross_mass_kg", AMOUNT, "gross mass, kg"),
        Column("quantity", AMOUNT, "quantity in the supplementary unit"),
        Column("quantity_unit", TEXT, "the supplementary unit"),
        Column("customs_value", MONEY, "customs value, in the administration's currency"),
        _head("currency", TEXT, "the administration's currency, ISO 4217"),
        Column("invoice_value", MONEY, "the item's price on the invoice"),
        _head("invoice_currency", TEXT, "currency of the invoice, ISO 4217"),
        Column("duty_rate", AMOUNT, "ad valorem rate as a fraction; null if the duty is specific"),
        Column("duty", MONEY, "import or export duty"),
        Column("vat", MONEY, "value added tax"),
        Column("excise", MONEY, "excise"),
        Column("preference", TEXT, "tariff preference claimed"),
        Column("valuation_method", TEXT, "method of customs valuation, 1 to 6"),
    ),
)

_OF_ITEM: Final = (
    Column("declaration_id", TEXT, "number of the declaration", required=True),
    Column("version", WHOLE, "version of the declaration", required=True),
    Column("item_no", WHOLE, "goods item; null if it concerns the whole"),
)

DOCUMENTS: Final = TableSchema(
    "documents",
    "Documents presented with a declaration.",
    ("declaration_id", "version", "item_no", "document_code", "document_number"),
    (
        *_OF_ITEM,
        Column("document_code", TEXT, "kind of document, by the administration's list"),
        Column("document_number", TEXT, "its number"),
        Column("document_date", pa.date32(), "its date"),
        Column("document_name", TEXT, "its name as written"),
    ),
)
CONTAINERS: Final = TableSchema(
    "containers",
    "Containers that carry the goods.",
    ("declaration_id", "version", "item_no", "container_id"),
    (*_OF_ITEM, Column("container_id", TEXT, "number, ISO 6346 where it is one", required=True)),
)
TRANSPORT_MEANS: Final = TableSchema(
    "transport_means",
    "Vehicles, wagons, vessels and aircraft.",
    ("declaration_id", "version", "item_no", "stage", "transport_id"),
    (
        *_OF_ITEM,
        Column("stage", TEXT, "arrival, border or inland"),
        Column("transport_id", TEXT, "registration number", required=True),
        Column("transport_mode", TEXT, "as in declarations"),
        Column("nationality", TEXT, "country of registration, ISO 3166-1 alpha-2"),
    ),
)
DUTY_LINES: Final = TableSchema(
    "duty_lines",
    "Payments computed for an item: one row per kind of payment.",
    ("declaration_id", "version", "item_no", "payment_code"),
    (
        *_OF_ITEM,
        Column("payment_code", TEXT, "kind of payment, by the administration's list", required=True),
        Column("base", AMOUNT, "what the rate applies to"),
        Column("base_unit", TEXT, "currency, kg or supplementary unit of the base"),
        Column("rate", AMOUNT, "fraction if ad valorem, else money per unit"),
        Column("rate_kind", TEXT, "ad_valorem, specific or combined"),
        Column("amount", MONEY, "the payment"),
        Column("currency", TEXT, "its currency, ISO 4217"),
    ),
)
PREVIOUS_DOCUMENTS: Final = TableSchema(
    "previous_documents",
    "Declarations and notices that came before this one.",
    ("declaration_id", "version", "item_no", "document_code", "document_number"),
    (
        *_OF_ITEM,
        Column("document_code", TEXT, "kind of document"),
        Column("document_number", TEXT, "its number"),
        Column("previous_item_no", WHOLE, "the item of that document"),
    ),
)
GUARANTEES: Final = TableSchema(
    "guarantees",
    "Security for payments.",
    ("declaration_id", "version", "item_no", "guarantee_id"),
    (
        *_OF_ITEM,
        Column("guarantee_id", TEXT, "number of the guarantee", required=True),
        Column("guarantee_kind", TEXT, "deposit, bank guarantee, surety, …"),
        Column("amount", MONEY, "amount secured"),
        Column("currency", TEXT, "its currency, ISO 4217"),
    ),
)
FINDINGS: Final = TableSchema(
    "findings",
    "One row per control performed or outcome learned, violation or not. No row means not controlled.",
    ("finding_id",),
    (
        Column("finding_id", TEXT, "number of the finding", required=True),
        Column("subject", TEXT, "declaration, item, trader_period or consignment", required=True),
        Column("declaration_id", TEXT, "the declaration it concerns"),
        Column("item_no", WHOLE, "the item it concerns; null for the whole"),
        Column("control_form", TEXT, "documents, physical, post_release, …; null if learned without control"),
        Column("source", TEXT, "control, audit, system_event or voluntary", required=True),
        Column("in_random", FLAG, "the control came from the random share"),
        Column("closed_at", INSTANT, "when the control ended or the event happened", required=True),
        Column("known_at", INSTANT, "when the system learned it", required=True),
        Column("supersedes", TEXT, "finding_id that this one replaces"),
        Column("finality", TEXT, "provisional, final or annulled", required=True),
        Column("violation", FLAG, "whether a violation was found", required=True),
        Column("violation_type", TEXT, "undervaluation, misclassification, origin, quantity, concealment, …"),
        Column("assessed", MONEY, "additional payments assessed"),
        Column("collected", MONEY, "of these, collected"),
        Column("minutes", AMOUNT, "officers' time spent, minutes"),
        Column("officer_id", TEXT, "who controlled"),
    ),
)
TRUTH: Final = TableSchema(
    "truth",
    "What is really in each item; exists for pretend borders only.",
    ("declaration_id", "item_no"),
    (
        Column("declaration_id", TEXT, "number of the declaration", required=True),
        Column("item_no", WHOLE, "goods item", required=True),
        Column("violation", FLAG, "whether the item breaks the law", required=True),
        Column("violation_type", TEXT, "as in findings; null if clean"),
        Column("evaded", MONEY, "payments evaded", required=True),
        Column("harm", AMOUNT, "damage other than to revenue, in the pack's harm points", required=True),
        Column("detected_by", pa.list_(TEXT), "the control forms that would reveal it", required=True),
    ),
)
QUARANTINE: Final = TableSchema(
    "quarantine",
    "What could not be taken, and why; a broken declaration is kept out whole.",
    ("source", "position", "field"),
    (
        Column("source", TEXT, "file, and sheet or member within it", required=True),
        Column("position", TEXT, "line, row or path within the source", required=True),
        Column("declaration_id", TEXT, "the declaration kept out, if known"),
        Column("item_no", WHOLE, "the item where it broke, if known"),
        Column("field", TEXT, "the canonical column that is wrong, if one is"),
        Column("value", TEXT, "what was found there, shortened"),
        Column("code", TEXT, "stable code of the reason", required=True),
        Column("reason", TEXT, "what is wrong and what would be right, in English", required=True),
    ),
)
DIFFERENCES: Final = TableSchema(
    "differences",
    "What a document states of itself and its goods items do not bear out; no declaration stays out for it.",
    ("source", "position", "field"),
    (
        Column("source", TEXT, "file, and member within it", required=True),
        Column("position", TEXT, "which declaration within the source", required=True),
        Column("declaration_id", TEXT, "the declaration", required=True),
        Column("field", TEXT, "the column summed up, or ``items``, ``packages``", required=True),
        Column("stated", TEXT, "what the document states; null if it states nothing"),
        Column("found", TEXT, "what the goods items give, or what stands for it; null if they give nothing"),
        Column("reason", TEXT, "what differs, in English", required=True),
    ),
)

TABLES: Final[Mapping[str, TableSchema]] = MappingProxyType(
    {
        t.name: t
        for t in (
            DECLARATIONS, DOCUMENTS, CONTAINERS, TRANSPORT_MEANS, DUTY_LINES, PREVIOUS_DOCUMENTS,
            GUARANTEES, FINDINGS, TRUTH, QUARANTINE, DIFFERENCES,
        )
    }
)  # fmt: skip
"""Every canonical table by name."""
