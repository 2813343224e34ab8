"""Who trades, declares, pays and carries (boxes 2, 8, 9, 14 and 50)."""

from dataclasses import dataclass
from typing import Final

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.eaeu.values import said, yes
from daliz.engine.reading.xml.elements import Element

_NUMBERS: Final = (
    ("RFOrganizationFeatures", ("INN", "OGRN")),
    ("RKOrganizationFeatures", ("BIN", "IIN")),
    ("RBOrganizationFeatures", ("UNP", "RBIdentificationNumber")),
    ("RAOrganizationFeatures", ("UNN", "SocialServiceNumber")),
    ("KGOrganizationFeatures", ("KGINN", "KGOKPO")),
)
"""Where each country of the Union writes a person's tax number; the second where there is no first."""

_ADDRESS: Final = ("SubjectAddressDetails", "Address")


@dataclass(frozen=True, slots=True)
class Party:
    """A person of the declaration."""

    id: str | None
    name: str | None
    country: str | None


def party(element: Element, declarant: "Party | None" = None) -> Party:
    """Return who stands in a box; the declarant where the box only says that it is the same person."""
    same = yes(element.text("EqualIndicator", "DeclarantEqualFlag"))
    number, name = _number(element), _name(element)
    if same and declarant is not None and number is None and name is None:
        return declarant
    address = element.one(*_ADDRESS)
    return Party(number, name, address.text("CountryCode") or element.text("CountryA2Code"))


def parties(shipment: Element, direction: str | None) -> Values:
    """Return the columns of the parties.

    The trader is the domestic party: the consignee of an import, the consignor of an export; in transit,
    where neither need be at home, the declarant, who answers for the goods.
    """
    declarant = party(shipment.one("ESADout_CUDeclarant"))
    consignor = party(shipment.one("ESADout_CUConsignor"), declarant)
    consignee = party(shipment.one("ESADout_CUConsignee"), declarant)
    payer = party(shipment.one("ESADout_CUFinancialAdjustingResponsiblePerson"), declarant)
    carrier = party(shipment.one("ESADout_CUCarrier"), declarant)
    trader, counterparty = {
        "export": (consignor, consignee),
        "transit": (declarant, consignor),
    }.get(direction or "", (consignee, consignor))
    return said(
        declarant_id=declarant.id,
        declarant_name=declarant.name,
        trader_id=trader.id,
        trader_name=trader.name,
        counterparty_id=counterparty.id,
        counterparty_name=counterparty.name,
        counterparty_country=counterparty.country,
        financial_party_id=payer.id,
        financial_party_name=payer.name,
        carrier_id=carrier.id,
        carrier_name=carrier.name,
        consignee_id=consignee.id if direction == "transit" else None,
        consignee_name=consignee.name if direction == "transit" else None,
    )


def _number(element: Element) -> str | None:
    for features, names in _NUMBERS:
        number = element.one(features).text(*names)
        if number is not None:
            return number
    registered = element.one("RKOrganizationFeatures").one("ITN").text("RNN", "ITNReserv")
    return registered or element.text("UITN", "IIN")


def _name(element: Element) -> str | None:
    whole = element.text("OrganizationName", "SubjectBriefName", "ShortName")
    if whole is not None:
        return whole
    names = (element.text(part) for part in ("PersonSurname", "PersonName", "PersonMiddleName"))
    return " ".join(name for name in names if name) or None
