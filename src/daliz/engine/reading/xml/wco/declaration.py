"""One declaration of the WCO Data Model: what it states of the whole, its totals and what keeps it out."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from lxml import etree

from daliz.engine.reading.xml.currencies import national_currency
from daliz.engine.reading.xml.declared import Declared, Values, Wrong
from daliz.engine.reading.xml.figures import figure, moment
from daliz.engine.reading.xml.nodes import Node, local_name
from daliz.engine.reading.xml.stating import country, listed, stated, the_one
from daliz.engine.reading.xml.wco import codes
from daliz.engine.reading.xml.wco.below import rows_below
from daliz.engine.reading.xml.wco.documents import goods_declarations
from daliz.engine.reading.xml.wco.items import charges_of, item_values, mass, procedure_of
from daliz.engine.reading.xml.wco.parties import party_values

_ITEM: Final = ("GoodsShipment", "GovernmentAgencyGoodsItem")
_CONSIGNMENT: Final = ("GoodsShipment", "Consignment")
_ISO_DAY: Final = 10


def declarations(root: etree._Element) -> Iterator[Declared]:
    """Give the declarations of a document.

    Raises:
        ReadingError: there is none in it (``not-a-declaration``); ``kind`` says what it is.
    """
    for declaration in goods_declarations(root):
        yield _declared(declaration)


def _declared(declaration: Node) -> Declared:
    items = declaration.all(*_ITEM)
    registered = _registered(declaration)
    currency = _currency(declaration, items, registered.get("registered_at"))
    invoice_currency = the_one(
        [amount.attribute("currencyID") for amount in _invoice_amounts(declaration, items)]
    )
    procedures = [procedure_of(item) for item in items]
    direction = codes.direction(declaration, next((p for p in procedures if p is not None), None))
    header = _header(declaration, items) | registered | party_values(declaration, direction)
    header |= stated(
        direction=direction, procedure=the_one(procedures), currency=currency,
        invoice_currency=invoice_currency,
    )  # fmt: skip
    return Declared(
        header=header,
        items=[
            item_values(item, number, currency=currency, invoice_currency=invoice_currency)
            for number, item in enumerate(items, start=1)
        ],
        below=rows_below(declaration, items),
        stated=_totals(declaration, invoice_currency),
        wrong=_wrong(header),
    )


def _header(declaration: Node, items: list[Node]) -> Values:
    """Return what holds for every item, but for parties, dates, direction and currencies."""
    type_code = declaration.text("TypeCode")
    shipment = declaration.first("GoodsShipment") or declaration
    consignment = declaration.first(*_CONSIGNMENT) or declaration
    terms = shipment.first("TradeTerms") or shipment
    border = declaration.first("BorderTransportMeans") or consignment.first("BorderTransportMeans")
    departure = the_one([_sent_from(shipment), *(_sent_from(item) for item in items)])
    destinations = [shipment.text("Destination", "CountryCode")]
    destinations += [item.text("Destination", "CountryCode") for item in items]
    charges = shipment.first("CustomsValuation")
    values = stated(
        declaration_id=_number(declaration),
        version=declaration.text("VersionID") or ("1" if _original(declaration) else "2"),
        kind=codes.kind(type_code),
        type_code=type_code,
        local_reference=declaration.text("FunctionalReferenceID"),
        office=declaration.text("DeclarationOfficeID") or declaration.text("DeclarationOffice", "ID"),
        border_office=declaration.text("ExitOffice", "ID") or declaration.text("EntryOffice", "ID"),
        supervising_office=declaration.text("SupervisingOffice", "ID"),
        goods_location=_location(consignment.first("GoodsLocation") or shipment.first("GoodsLocation")),
        transport_mode=codes.transport_mode(border.text("ModeCode") if border is not None else None),
        delivery_terms=terms.text("ConditionCode"),
        delivery_place=terms.text("LocationID") or terms.text("LocationName"),
        nature_of_transaction=shipment.text("TransactionNatureCode"),
        warehouse=shipment.text("Warehouse", "ID"),
        ucr=shipment.text("UCR", "TraderAssignedReferenceID"),
        authorisations=listed(
            " ".join(filter(None, (holder.text("CategoryCode"), holder.text("ID"))))
            for holder in declaration.all("AuthorisationHolder")
        ),
        route=listed(declaration.texts("Consignment", "Itinerary", "RoutingCountryCode")),
        freight_charge=_figure(charges, "FreightChargeAmount"),
        freight_charge_currency=charges.attribute("currencyID", "FreightChargeAmount") if charges else None,
        charges=charges_of(charges),
    )
    places = country("departure_country", departure) | country("destination_country", the_one(destinations))
    return values | places


def _original(declaration: Node) -> bool:
    return (declaration.text("FunctionCode") or "9").lstrip("0") == "9"


def _number(declaration: Node) -> str | None:
    """Return the number of registration (MRN); before there is one, the declarant and their own number."""
    mrn, local = declaration.text("ID"), declaration.text("FunctionalReferenceID")
    if mrn is not None or local is None:
        return mrn
    declarant = declaration.text("Declarant", "ID") or declaration.text("Agent", "ID")
    return f"{declarant}/{local}" if declarant is not None else local


def _registered(declaration: Node) -> Values:
    """Return when the declaration was accepted, else issued, else received, and which of these it is."""
    receipt = next(
        (node.text("receiptDate") for above in declaration.element.iterancestors()
         if local_name(above) == "submitDeclarationRequest" for node in Node(above).all("requestCommon")),
        None,
    )  # fmt: skip
    for name, text in (
        ("acceptance", _instant(declaration, "AcceptanceDateTime")),
        ("issue", _instant(declaration, "IssueDateTime")),
        ("receipt", receipt),
    ):
        if text is not None:
            return {"registered_at": moment(text), "registered_at_from": name}
    return {}


def _instant(declaration: Node, name: str) -> str | None:
    return (
        declaration.text(name, "DateTimeString")
        or declaration.text(name, "DateTime")
        or declaration.text(name)
    )


def _currency(declaration: Node, items: list[Node], registered: str | None) -> str | None:
    """Return the administration's currency: that of its country, else the one of all values for customs."""
    wrapper = declaration.element.getparent()
    responsible = Node(wrapper).text("ResponsibleCountryCode") if wrapper is not None else None
    try:
        day = date.fromisoformat((registered or "")[:_ISO_DAY])
    except ValueError:
        day = None
    return national_currency(responsible, day) or the_one(
        node.attribute("currencyID")
        for item in items
        for name in ("CustomsValueAmount", "StatisticalValueAmount")
        for node in item.all(name)
    )


def _invoice_amounts(declaration: Node, items: list[Node]) -> list[Node]:
    found = [node for item in items for node in item.all("Commodity", "InvoiceLine", "ItemChargeAmount")]
    return found or declaration.all("InvoiceAmount")


def _totals(declaration: Node, invoice_currency: str | None) -> Values:
    """Return what the header states in sum; an invoice in another currency than the items is not theirs."""
    invoice = declaration.first("InvoiceAmount")
    same = invoice is not None and invoice.attribute("currencyID") == invoice_currency
    return stated(
        items=_figure(declaration, "GoodsItemQuantity"),
        packages=_figure(declaration, "TotalPackageQuantity"),
        invoice_value=_figure(declaration, "InvoiceAmount") if same else None,
        gross_mass_kg=mass(declaration, "TotalGrossMassMeasure", "total").get("total"),
    )


def _figure(node: Node | None, name: str) -> str | None:
    text = node.text(name) if node is not None else None
    return figure(text) if text is not None else None


def _sent_from(node: Node) -> str | None:
    return node.text("ExportCountry", "ID") or node.text("ExportCountry", "CountryCode")


def _location(place: Node | None) -> str | None:
    """Return the place of the goods as the code of DE 5/23: country, type, qualifier and identifier."""
    if place is None:
        return None
    parts = (
        place.text("Address", "CountryCode"), place.text("TypeCode"), place.text("Address", "TypeCode"),
        place.text("ID") or place.text("Name"),
    )  # fmt: skip
    return "".join(part for part in parts if part is not None) or None


def _wrong(header: Values) -> list[Wrong]:
    if "direction" in header:
        return []
    reason = "The type of the declaration does not say whether it is an import, an export or a transit."
    return [Wrong("direction", header.get("type_code"), "direction-unknown", reason)]
