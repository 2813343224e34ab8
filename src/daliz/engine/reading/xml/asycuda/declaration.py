"""One Single Administrative Document of ASYCUDA World: what it states of the whole, and its totals."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from lxml import etree

from daliz.engine.reading.xml.asycuda.below import rows_below
from daliz.engine.reading.xml.asycuda.dates import Dates, dates_of
from daliz.engine.reading.xml.asycuda.documents import sad_documents
from daliz.engine.reading.xml.asycuda.items import item_values
from daliz.engine.reading.xml.asycuda.procedures import direction_of, procedure_of
from daliz.engine.reading.xml.currencies import national_currency
from daliz.engine.reading.xml.declared import Declared, Values, Wrong
from daliz.engine.reading.xml.figures import figure, number
from daliz.engine.reading.xml.nodes import Node
from daliz.engine.reading.xml.stating import stated, the_one

_SEGMENTS: Final = ("gs_invoice", "gs_external_freight", "gs_internal_freight", "gs_insurance",
                    "gs_other_cost", "gs_deduction")  # fmt: skip
_ISO_DAY: Final = 10


def declarations(root: etree._Element) -> Iterator[Declared]:
    """Give the declarations of a document.

    Raises:
        ReadingError: there is none in it (``not-a-declaration``); ``kind`` says what it is.
    """
    for sad in sad_documents(root):
        yield _declared(sad)


def _declared(sad: Node) -> Declared:
    items = sad.all("item")
    dates = dates_of(_date_texts(sad))
    direction = direction_of(sad)
    registered, wrong = _registered(sad, dates)
    currency = _currency(sad, direction, registered.get("registered_at"))
    header = registered | _identity(sad, registered) | _parties(sad, direction) | _transport(sad, items)
    header |= (
        stated(direction=direction, procedure=procedure_of(sad)) | currency | _invoice_currency(sad, items)
    )
    money = currency.get("currency")
    if direction is None:
        wrong.append(
            Wrong(
                "direction", sad.text("identification", "type", "type_of_declaration"), "direction-unknown",
                "The type of the declaration does not say whether it is an import, an export or a transit.",
            )
        )  # fmt: skip
    return Declared(
        header=header,
        items=[item_values(item, place) for place, item in enumerate(items, start=1)],
        below=rows_below(sad, items, dates, money),
        stated=_totals(sad),
        wrong=wrong,
    )


def _date_texts(sad: Node) -> Iterator[str]:
    """Give every date of the document."""
    for element in sad.element.iter(tag=etree.Element):
        text = (element.text or "").strip()
        if text and "date" in str(element.tag).lower():
            yield text


def _registered(sad: Node, dates: Dates) -> tuple[Values, list[Wrong]]:
    """Return when the declaration was registered, else assessed, else made; and what is wrong with it."""
    for name, path in (
        ("registration", ("identification", "registration", "date")),
        ("assessment", ("identification", "assessment", "date")),
        ("declaration", ("property", "date_of_declaration")),
    ):
        text = sad.text(*path)
        if text is None:
            continue
        day = dates.iso(text)
        if day is not None:
            return {"registered_at": day, "registered_at_from": name}, []
        reason = "The date can be read with the day or the month first, and the document's dates contradict."
        return {}, [Wrong("registered_at", text, "date-ambiguous", reason)]
    return {}, []


def _identity(sad: Node, registered: Values) -> Values:
    """Return the number of registration; before there is one, the declarant's, else the document's."""
    office = sad.text("identification", "office_segment", "customs_clearance_office_code")
    registration = sad.first("identification", "registration")
    serial, number_of = (
        (registration.text("serial_number"), registration.text("number")) if registration else (None, None)
    )
    reference = sad.first("declarant", "reference")
    own = reference.text("number") if reference is not None else None
    year = reference.text("year") if reference is not None else None
    document = sad.attribute("id")
    parts: tuple[str | None, ...]
    if number_of is not None:
        parts = (office, registered.get("registered_at", "")[:4], serial, number_of)
    elif own is not None:
        parts = (sad.text("declarant", "declarant_code"), year, own)
    else:
        parts = ("draft", document) if document is not None else ()
    return stated(
        declaration_id="/".join(part for part in parts if part) or None, version="1", local_reference=own,
        office=office, manifest=sad.text("identification", "manifest_reference_number"),
        type_code=sad.text("identification", "type", "type_of_declaration"),
    )  # fmt: skip


def _parties(sad: Node, direction: str | None) -> Values:
    exporter, consignee = sad.first("traders", "exporter"), sad.first("traders", "consignee")
    domestic, foreign = ("exporter", "consignee") if direction == "export" else ("consignee", "exporter")
    held = {"exporter": exporter, "consignee": consignee}
    values = stated(
        declarant_id=sad.text("declarant", "declarant_code"),
        declarant_name=_name(sad.first("declarant"), "declarant"),
        trader_id=_code(held[domestic], domestic), trader_name=_name(held[domestic], domestic),
        counterparty_id=_code(held[foreign], foreign), counterparty_name=_name(held[foreign], foreign),
        financial_party_id=sad.text("traders", "financial", "financial_code"),
        principal_id=sad.text("transit", "principal", "code"),
        principal_name=sad.text("transit", "principal", "name"),
    )  # fmt: skip
    if direction == "transit" and "trader_id" not in values and "principal_id" in values:
        values["trader_id"] = values["principal_id"]
    return values


def _code(party: Node | None, name: str) -> str | None:
    return party.text(f"{name}_code") if party is not None else None


def _name(party: Node | None, name: str) -> str | None:
    """Return the first line of a name: the others are the address."""
    lines = party.lines(f"{name}_name") if party is not None else []
    return lines[0] if lines else None


def _transport(sad: Node, items: list[Node]) -> Values:
    mode = sad.text("transport", "means_of_transport", "border_information", "mode")
    country = sad.first("general_information", "country")
    return stated(
        border_office=sad.text("transport", "border_office", "code"),
        goods_location=sad.text("transport", "location_of_goods"),
        transport_mode=f"{mode}0" if mode is not None and len(mode) == 1 and mode.isdigit() else mode,
        delivery_terms=sad.text("transport", "delivery_terms", "code")
        or the_one(item.text("incoterms", "code") for item in items),
        delivery_place=sad.text("transport", "delivery_terms", "place"),
        place_of_loading=sad.text("transport", "place_of_loading", "code"),
        warehouse=sad.text("warehouse", "identification"),
        destination_office=sad.text("transit", "destination", "office"),
        departure_country=country.text("export", "export_country_code") if country else None,
        destination_country=country.text("destination", "destination_country_code") if country else None,
        trading_country=country.text("trading_country") if country else None,
        mode_of_payment=sad.text("financial", "mode_of_payment"),
        guarantee_amount=_figure(sad, "financial", "guarantee", "amount"),
    )


def _currency(sad: Node, direction: str | None, registered: str | None) -> Values:
    """Return the national currency: that which converts at 1, else that of the administration's country.

    The document does not name it. The country is that of destination of an import or a transit, that of
    export of an export.
    """
    for segment in _SEGMENTS:
        found = sad.first("valuation", segment)
        code = found.text("currency_code") if found is not None else None
        if found is not None and code is not None and number(found.text("currency_rate")) == 1:
            return {"currency": code, "currency_from": "rate"}
    country = sad.first("general_information", "country")
    if country is None:
        return {}
    path = ("export", "export_country_code") if direction == "export" else (
        "destination", "destination_country_code"
    )  # fmt: skip
    try:
        day = date.fromisoformat((registered or "")[:_ISO_DAY])
    except ValueError:
        day = None
    code = national_currency(country.text(*path), day)
    return {"currency": code, "currency_from": "country"} if code is not None else {}


def _invoice_currency(sad: Node, items: list[Node]) -> Values:
    own = (item.text("valuation_item", "item_invoice", "currency_code") for item in items)
    return stated(invoice_currency=sad.text("valuation", "gs_invoice", "currency_code") or the_one(own))


def _totals(sad: Node) -> Values:
    valuation = ("valuation", "total")
    return stated(
        items=_figure(sad, "property", "nbers", "total_number_of_items"),
        packages=_figure(sad, "property", "nbers", "total_number_of_packages"),
        gross_mass_kg=_figure(sad, *valuation, "total_weight")
        or _figure(sad, "valuation", "weight", "gross_weight"),
        invoice_value=_figure(sad, *valuation, "total_invoice")
        or _figure(sad, "valuation", "gs_invoice", "amount_foreign_currency"),
        customs_value=_figure(sad, "valuation", "total_cif"),
        item_taxes=_figure(sad, "assessment_notice", "total_item_taxes"),
    )


def _figure(node: Node, *path: str) -> str | None:
    text = node.text(*path)
    return figure(text) if text is not None else None
