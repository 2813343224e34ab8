"""ASYCUDA World documents made from values that are known: what the reader must find again.

The elements and their order are those of the system's exports; every place that the form has is there,
empty or with ``<null/>`` where nothing is said.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

CENT: Final = Decimal("0.01")
NAMES: Final = ("Алма Сауда ЖШС", "Ош-Импорт ОсОО", "Müller & Söhne <Export>", "Tirana Motors sh.p.k.")
GOODS: Final = (
    ("87032310", "00", "USED CAR", "C62"), ("61091000", "00", "T-SHIRTS, cotton", "C62"),
    ("22042100", "00", "Вино сухое", "LTR"), ("84713000", "00", "Laptop computers", "C62"),
)  # fmt: skip
FLOWS: Final = {"IM": ("I", "4", "4000"), "EX": ("E", "1", "1000"), "TR": ("I", "8", "8000")}


@dataclass(frozen=True, slots=True)
class Line:
    """A goods item: its values as canonical text."""

    hs_code: str
    description: str
    origin: str
    packages: int
    gross: Decimal
    net: Decimal
    quantity: Decimal
    unit: str
    price: Decimal
    customs_value: Decimal
    duty_rate: Decimal
    procedure: str
    document: str

    @property
    def duty(self) -> Decimal:
        return (self.customs_value * self.duty_rate).quantize(CENT)

    @property
    def vat(self) -> Decimal:
        return ((self.customs_value + self.duty) * Decimal("0.12")).quantize(CENT)


@dataclass(frozen=True, slots=True)
class Sad:
    """A declaration: its values, and its goods items."""

    kind: str
    office: str
    serial: str
    number: int
    registered: date
    trader_id: str
    trader_name: str
    foreign_name: str
    declarant_id: str
    country: str
    vehicle: str
    container: str
    lines: tuple[Line, ...]

    @property
    def declaration_id(self) -> str:
        return f"{self.office}/{self.registered.year}/{self.serial}/{self.number}"

    @property
    def price(self) -> Decimal:
        return sum((line.price for line in self.lines), Decimal(0))


def a_sad(seed: int, *, items: int | None = None) -> Sad:
    """Make a declaration from a seed, of 1 to 200 items."""
    rng = random.Random(seed)
    count = items if items is not None else min(200, int(rng.paretovariate(0.9)))
    kind = rng.choice(("IM", "IM", "EX", "TR"))
    lines = []
    for _ in range(count):
        code, precision, words, unit = rng.choice(GOODS)
        gross = Decimal(rng.randint(100, 900_000)) / 100
        value = Decimal(rng.randint(1_000, 90_000_000)) / 100
        lines.append(
            Line(
                code + precision, words, rng.choice(("CN", "DE", "TR")), rng.randint(1, 60), gross,
                (gross * Decimal("0.9")).quantize(CENT), Decimal(rng.randint(1, 500)), unit,
                (value / Decimal("87.45")).quantize(CENT), value,
                Decimal(rng.choice(("0.05", "0.10", "0.15"))),
                FLOWS[kind][2], f"INV-{rng.randint(1, 99_999)}",
            )
        )  # fmt: skip
    return Sad(
        kind, f"KG{rng.randint(10_000, 99_999)}", "C", 1 + seed,
        date(2025, rng.randint(1, 12), rng.randint(13, 28)),
        f"0{rng.randint(10**12, 10**13 - 1)}", rng.choice(NAMES), rng.choice(NAMES),
        f"D{rng.randint(100, 999)}",
        rng.choice(("CN", "DE")), f"01KG{rng.randint(100, 999)}ABC", f"MSKU{rng.randint(10**6, 10**7 - 1)}",
        tuple(lines),
    )  # fmt: skip


def xml_of(sad: Sad, *, encoding: str = "UTF-8") -> bytes:
    """Return the document as the system exports it."""
    flow, general, _ = FLOWS[sad.kind]
    export = sad.kind == "EX"
    exporter, consignee = (
        (sad.trader_name, sad.foreign_name) if export else (sad.foreign_name, sad.trader_name)
    )
    gross = sum((line.gross for line in sad.lines), Decimal(0))
    taxes = sum((line.duty + line.vat for line in sad.lines), Decimal(0)) if sad.kind == "IM" else None
    ours, theirs = ("KG", sad.country) if not export else (sad.country, "KG")
    body = _at("ASYCUDA", "".join((
        _at("Assessment_notice", _leaf("Total_item_taxes", taxes)),
        _at("Property", _leaf("Sad_flow", flow) + _at("Nbers", _leaves({
            "Number_of_loading_lists": None, "Total_number_of_items": len(sad.lines),
            "Total_number_of_packages": sum(line.packages for line in sad.lines),
        })) + _leaf("Date_of_declaration", None)),
        _at("Identification", "".join((
            _at("Office_segment", _leaf("Customs_clearance_office_code", sad.office)),
            _at("Type", _leaf("Type_of_declaration", sad.kind)
                + _leaf("Declaration_gen_procedure_code", general)),
            _leaf("Manifest_reference_number", None),
            _at("Registration", _leaves({
                "Serial_number": sad.serial, "Number": sad.number, "Date": _short(sad.registered),
            })),
            _at("Assessment", _leaves({"Serial_number": None, "Number": "", "Date": ""})),
        ))),
        _at("Traders", "".join((
            _at("Exporter", _leaf("Exporter_code", sad.trader_id if export else None)
                + _leaf("Exporter_name", exporter + "\n  STREET 1\n  TOWN")),
            _at("Consignee", _leaf("Consignee_code", None if export else sad.trader_id)
                + _leaf("Consignee_name", consignee + "\n  STREET 2")),
            _at("Financial", _leaf("Financial_code", None) + _leaf("Financial_name", None)),
        ))),
        _at("Declarant", _leaf("Declarant_code", sad.declarant_id) + _leaf("Declarant_name", "Broker")),
        _at("General_information", _at("Country", _at("Export", _leaf("Export_country_code", theirs))
            + _at("Destination", _leaf("Destination_country_code", ours)))),
        _at("Transport", "".join((
            _at("Means_of_transport", _at("Departure_arrival_information", _leaf("Identity", sad.vehicle)
                + _leaf("Nationality", "KG")) + _at("Border_information", _leaf("Identity", None)
                + _leaf("Nationality", None) + _leaf("Mode", "31"))),
            _leaf("Container_flag", "true"),
            _at("Delivery_terms", _leaf("Code", "DAP") + _leaf("Place", "OSH") + _leaf("Situation", None)),
            _at("Border_office", _leaf("Code", "KG55555") + _leaf("Name", None)),
            _leaf("Location_of_goods", "OSH01"),
        ))),
        _at("Financial", _at("Guarantee", _leaf("Name", None) + _leaf("Amount", "0.0") + _leaf("Date", ""))),
        _at("Valuation", "".join((
            _at("Weight", _leaf("Gross_weight", "")),
            _leaf("Total_CIF", sum((line.customs_value for line in sad.lines), Decimal(0))),
            _at("Gs_Invoice", _leaves({"Amount_foreign_currency": sad.price, "Currency_code": "USD",
                                       "Currency_rate": "87.45"})),
            _at("Total", _leaf("Total_invoice", sad.price) + _leaf("Total_weight", gross)),
        ))),
        *(_item(sad, line) for line in sad.lines),
        _at("Container", _leaves({"Item_Number": 1, "Container_identity": sad.container,
                                 "Container_type": "22G1"})),
    )))  # fmt: skip
    return f'<?xml version="1.0" encoding="{encoding}" standalone="no"?>\n{body}'.encode(encoding)


def _item(sad: Sad, line: Line) -> str:
    taxes = ""
    if sad.kind == "IM":
        for code, base, rate, amount in (
            ("DUT", line.customs_value, line.duty_rate * 100, line.duty),
            ("VAT", line.customs_value + line.duty, Decimal(12), line.vat),
        ):
            taxes += _at("Taxation_line", _leaves({
                "Duty_tax_code": code, "Duty_tax_Base": base, "Duty_tax_rate": rate,
                "Duty_tax_amount": amount, "Duty_tax_MP": 1, "Duty_tax_Type_of_calculation": None,
            }))  # fmt: skip
    empty = _leaves({"Duty_tax_code": None, "Duty_tax_Base": "", "Duty_tax_rate": "", "Duty_tax_amount": ""})
    units = _leaves({
        "Suppplementary_unit_code": line.unit, "Suppplementary_unit_name": "unit",
        "Suppplementary_unit_quantity": f"{line.quantity}.0",
    }), _leaves({
        "Suppplementary_unit_code": None, "Suppplementary_unit_name": "",
        "Suppplementary_unit_quantity": "0.000",
    })  # fmt: skip
    due = line.duty + line.vat if sad.kind == "IM" else ""
    return _at("Item", "".join((
        _at("Attached_documents", _leaves({
            "Attached_document_code": "380", "Attached_document_name": "Invoice",
            "Attached_document_reference": line.document, "Attached_document_date": _short(sad.registered),
        })),
        _at("Attached_documents", _leaves({"Attached_document_code": None, "Attached_document_name": ""})),
        _at("Packages", _leaves({"Number_of_packages": f"{line.packages}.0", "Marks1_of_packages": None,
                                 "Kind_of_packages_code": "CT"})),
        _at("Tarification", "".join((
            _at("HScode", _leaves({"Commodity_code": line.hs_code[:8], "Precision_1": line.hs_code[8:],
                                   "Precision_2": None, "Precision_3": None, "Precision_4": None})),
            _leaves({"Preference_code": None, "Extended_customs_procedure": line.procedure,
                     "National_customs_procedure": "000", "Quota_code": None}),
            *(_at("Supplementary_unit", unit) for unit in units),
            _leaf("Item_price", line.price), _leaf("Valuation_method_code", "1"),
        ))),
        _at("Goods_description", _leaves({"Country_of_origin_code": line.origin,
            "Description_of_goods": "- - Other", "Commercial_Description": line.description})),
        _at("Previous_doc", _leaf("Summary_declaration", "AWB 7") + _leaf("Previous_document_reference", "")),
        _leaf("Licence_number", None),
        _at("Taxation", _leaf("Item_taxes_amount", due) + taxes + _at("Taxation_line", empty)),
        _at("Valuation_item", "".join((
            _at("Weight_itm", _leaf("Gross_weight_itm", line.gross) + _leaf("Net_weight_itm", line.net)),
            _leaf("Total_CIF_itm", line.customs_value), _leaf("Rate_of_adjustement", 1),
            _leaf("Statistical_value", line.customs_value),
            _at("item_Invoice", _leaf("Amount_foreign_currency", line.price) + _leaf("Currency_code", "USD")),
        ))),
    )))  # fmt: skip


def _short(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year % 100:02}"


def _at(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>\n"


def _leaf(name: str, value: object) -> str:
    """One element: ``None`` is written as the system writes nothing, an empty text as an empty element."""
    return _at(name, "<null/>" if value is None else escape(str(value)))


def _leaves(values: Mapping[str, object]) -> str:
    return "".join(_leaf(name, value) for name, value in values.items())
