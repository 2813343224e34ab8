"""The parties of a declaration of the WCO Data Model, by the side of the border that they are on."""

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.nodes import Node
from daliz.engine.reading.xml.stating import country, stated

_Parties = tuple[tuple[str, ...], ...]

_IMPORTER: _Parties = (
    ("GoodsShipment", "Importer"), ("Importer",), ("GoodsShipment", "Consignee"), ("GoodsShipment", "Buyer"),
    ("GoodsShipment", "Consignment", "Consignee"),
)  # fmt: skip
_EXPORTER: _Parties = (
    ("Exporter",), ("GoodsShipment", "Exporter"), ("GoodsShipment", "Consignor"),
    ("Consignment", "Consignor"), ("GoodsShipment", "Seller"),
    ("GoodsShipment", "Consignment", "Consignor"),
)  # fmt: skip
_PAYER: _Parties = (("Payer",), ("GoodsShipment", "Payer"))
_CONSIGNEE: _Parties = (
    ("GoodsShipment", "Consignee"), ("GoodsShipment", "Importer"),
    ("GoodsShipment", "Consignment", "Consignee"), ("GoodsShipment", "Buyer"),
)  # fmt: skip


def party_values(declaration: Node, direction: str | None) -> Values:
    """Return declarant, trader, counterparty and carrier.

    The trader of an export is the exporter, of an import or a transit the importer or consignee.
    """
    export = direction == "export"
    trader = _first(declaration, _EXPORTER if export else _IMPORTER)
    counterparty = _first(declaration, _CONSIGNEE if export else _EXPORTER)
    declarant = declaration.first("Declarant") or declaration.first("Agent")
    carrier = declaration.first("Consignment", "Carrier") or declaration.first(
        "GoodsShipment", "Consignment", "Carrier"
    )
    values = stated(
        declarant_id=_id(declarant), declarant_name=_name(declarant),
        trader_id=_id(trader), trader_name=_name(trader),
        counterparty_id=_id(counterparty), counterparty_name=_name(counterparty),
        carrier_id=_id(carrier), carrier_name=_name(carrier),
        agent_id=declaration.text("Agent", "ID"), representation=declaration.text("Agent", "FunctionCode"),
        financial_party_id=_id(_first(declaration, _PAYER)),
    )  # fmt: skip
    address = counterparty.text("Address", "CountryCode") if counterparty is not None else None
    return values | country("counterparty_country", address)


def _first(declaration: Node, places: _Parties) -> Node | None:
    """Return the first party that says who it is."""
    found = (declaration.first(*place) for place in places)
    return next((party for party in found if _id(party) or _name(party)), None)


def _id(party: Node | None) -> str | None:
    return party.text("ID") if party is not None else None


def _name(party: Node | None) -> str | None:
    return party.text("Name") if party is not None else None
