"""From a document of the albums to what its declarations state."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.xml.declared import Declared, Values, Wrong
from daliz.engine.reading.xml.eaeu.goods import goods
from daliz.engine.reading.xml.eaeu.parties import parties
from daliz.engine.reading.xml.eaeu.payments import guarantees, totals
from daliz.engine.reading.xml.eaeu.registration import DOCUMENT, notices_of, registration
from daliz.engine.reading.xml.eaeu.transport import transport_means
from daliz.engine.reading.xml.eaeu.values import country, currency, said
from daliz.engine.reading.xml.elements import Element, local_name
from daliz.language import N_

NAME: Final = "eaeu-xml"

_DIRECTIONS: Final = {
    "IM": ("IM", "import"), "ИМ": ("IM", "import"), "EK": ("EK", "export"), "ЭК": ("EK", "export"),
    "TT": ("TT", "transit"), "ТТ": ("TT", "transit"),
}  # fmt: skip
"""Box 1, in Latin and in Cyrillic letters."""

_KINDS: Final = {
    "ПТД": "preliminary", "ПДТ": "preliminary", "НТД": "incomplete", "НДТ": "incomplete",
    "ВТД": "periodic", "ВДТ": "periodic", "ПВД": "periodic", "ППД": "periodic", "ПЕД": "express",
}  # fmt: skip
"""Peculiarities of declaring (box 7); a declaration without one is ``normal``."""


def recognises(root: etree._Element) -> bool:
    """Return whether a document is of the albums, or an envelope of one."""
    return str(root.tag).startswith("{urn:customs.ru:") or next(root.iter("{*}" + DOCUMENT), None) is not None


def declarations(root: etree._Element) -> Iterator[Declared]:
    """Give the goods declarations of a document or of an envelope with several.

    Raises:
        ReadingError: there is none in it (``not-a-declaration``).
    """
    found = [e for e in root.iter("{*}" + DOCUMENT) if next(e.iterancestors("{*}" + DOCUMENT), None) is None]
    if not found:
        raise ReadingError(
            N_("the document is no declaration but: {kind}"),
            code="not-a-declaration", kind=_kind(root),
        )  # fmt: skip
    notices = notices_of(root) if found[0] is not root else []
    for element in found:
        yield _declared(Element(element), notices, alone=len(found) == 1)


def _kind(root: etree._Element) -> str:
    """Return what a document is; of an envelope, what it holds."""
    if local_name(root) == "ED_Container":
        for holder in root.iter("{*}Object", "{*}DocBody", "{*}ContainerDoc"):
            for child in holder:
                if local_name(child) not in ("Signature", "DocBody", "SignedInfo", "Object"):
                    return local_name(child)
    return local_name(root)


def _declared(document: Element, notices: list[Element], *, alone: bool) -> Declared:
    shipment = document.one("ESADout_CUGoodsShipment")
    stated = document.text("CustomsProcedure")
    letters, direction = _DIRECTIONS.get((stated or "").upper(), (stated, None))
    terms = shipment.one("ESADout_CUMainContractTerms")
    transport, means = transport_means(
        shipment.one("ESADout_CUConsigment", "ESADout_CUConsignment"), direction
    )
    places = list(shipment.all("ESADout_CUGoodsLocation"))
    location = places[0] if places else Element(None)
    delivery = terms.one("CUESADDeliveryTerms", "DeliveryTerms")
    special = document.text("DeclarationKind")
    mode = document.text("CustomsModeCode")
    header = {
        **registration(document, notices, alone=alone),
        **parties(shipment, direction),
        **transport,
        **said(
            kind=_KINDS.get(special or "", special or "normal"),
            direction=direction,
            procedure=f"{letters or ''}{mode or ''}" or None,
            goods_location=location.text("CustomsOffice"),
            goods_location_place=location.one("GoodsLocationPlace").text("NumberCustomsZone")
            or location.one("RegisterDocumentIdDetails").text("DocId", "RegistrationNumberId")
            or location.text("LocationName"),
            delivery_terms=delivery.text("DeliveryTermsStringCode", "DeliveryTermsRBCode"),
            delivery_place=delivery.text("DeliveryPlace"),
            currency=currency(shipment.text("CustCostCurrencyCode")),
            invoice_currency=currency(terms.text("ContractCurrencyCode")),
            invoice_currency_rate=terms.text("ContractCurrencyRate"),
            trade_country=country(terms.text("TradeCountryCode")),
            deal_nature=terms.text("DealNatureCode"),
            deal_feature=terms.text("DealFeatureCode"),
        ),
    }  # fmt: skip
    items, below = goods(shipment)
    below["transport_means"] = means
    below["guarantees"] = guarantees(shipment)
    wrong = []
    if direction is None and stated is not None:
        wrong = [
            Wrong("direction", stated, "value-unmapped", "The type of the declaration is not IM, EK or TT.")
        ]
    return Declared(header, items, {k: v for k, v in below.items() if v}, _stated(shipment, terms), wrong)


def _stated(shipment: Element, terms: Element) -> Values:
    return {
        **said(
            items=shipment.text("TotalGoodsNumber"),
            packages=shipment.text("TotalPackageNumber"),
            customs_value=shipment.text("TotalCustCost", "TotalCustomsValueAmount"),
            invoice_value=terms.text("TotalInvoiceAmount"),
        ),
        **totals(shipment),
    }
