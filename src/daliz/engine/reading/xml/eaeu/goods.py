"""The goods items (boxes 31 to 47), with their documents, containers and previous documents."""

from typing import Final

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.eaeu.payments import calculated
from daliz.engine.reading.xml.eaeu.registration import short_day
from daliz.engine.reading.xml.eaeu.values import country, instant, said
from daliz.engine.reading.xml.elements import Element

_CUT: Final = 250
"""Letters after which the albums cut a description into several elements, in the midst of a word."""

_NO_PREFERENCE: Final = frozenset({"OO", "ОО", "00", "-", "--"})
"""Box 36: none is claimed (the letters O, Latin or Cyrillic), or there is nothing to claim."""

_BELOW: Final = ("documents", "containers", "previous_documents", "duty_lines")


def goods(shipment: Element) -> tuple[list[Values], dict[str, list[Values]]]:
    """Return the items, and the rows of the tables below them."""
    below: dict[str, list[Values]] = {name: [] for name in _BELOW}
    items = []
    _add_below(below, shipment, {})
    for element in shipment.all("ESADout_CUGoods"):
        number = said(item_no=element.text("GoodsNumeric"))
        due, lines = calculated(element)
        items.append({**number, **_values(element), **due})
        _add_below(below, element, number)
        below["duty_lines"] += [{**number, **line} for line in lines]
    return items, below


def _values(item: Element) -> Values:
    quantity = item.one("SupplementaryGoodsQuantity", "SupplementaryQuantity")
    second = item.one("SupplementaryGoodsQuantity1")
    packing = item.one("ESADGoodsPackaging")
    procedure = item.one("ESADCustomsProcedure")
    claimed = item.one("Preferencii")
    preference = claimed.text("CustomsDuty")
    return said(
        hs_code=item.text("GoodsTNVEDCode"),
        hs_code_further=item.text("GoodsAddTNVEDCode", "AdditionalSign", "GoodsClassificationCode"),
        description=_description(item),
        description_of_groups=_groups(item),
        net_mass_kg=item.text("NetWeightQuantity"),
        net_mass_without_packing_kg=item.text("NetWeightQuantity2"),
        gross_mass_kg=item.text("GrossWeightQuantity"),
        quantity=quantity.text("GoodsQuantity"),
        quantity_unit=quantity.text("MeasureUnitQualifierCode") or quantity.text("MeasureUnitQualifierName"),
        quantity_unit_name=quantity.text("MeasureUnitQualifierName"),
        second_quantity=second.text("GoodsQuantity"),
        second_quantity_unit=second.text("MeasureUnitQualifierCode"),
        invoice_value=item.text("InvoicedCost"),
        customs_value=item.text("CustomsCost", "CustomsValueAmount"),
        statistical_value=item.text("StatisticalCost"),
        origin_country=country(item.text("OriginCountryCode")),
        valuation_method=item.text("CustomsCostCorrectMethod"),
        preference=None if preference in _NO_PREFERENCE else preference,
        preference_fees=claimed.text("CustomsTax"),
        preference_duty=preference,
        preference_excise=claimed.text("Excise"),
        preference_vat=claimed.text("Rate"),
        packages=packing.text("PakageQuantity", "PackageQuantity"),
        packages_kind=packing.text("PakageTypeCode", "PackageTypeCode"),
        packing_code=packing.one("PackingInformation").text("PackingCode")
        or packing.one("PackagePalleteInformation").text("PalleteCode"),
        procedure_requested=procedure.text("MainCustomsModeCode"),
        procedure_previous=procedure.text("PrecedingCustomsModeCode"),
        transfer_feature=procedure.text("GoodsTransferFeature"),
        intellectual_property=item.text("IntellectPropertySign"),
    )


def _description(item: Element) -> str | None:
    """Return the description in one piece."""
    text = ""
    last = ""
    for part in item.all("GoodsDescription"):
        own = part.raw.text if part.raw is not None and part.raw.text else ""
        text += own if not text or len(last) >= _CUT else f" {own.strip()}"
        last = own
    return text.strip() or None


def _groups(item: Element) -> str | None:
    """Return how the groups of goods within an item are described, with makers and marks."""
    parts = []
    for group in item.all("GoodsGroupDescription"):
        told = [group.text("GoodsDescription")]
        for information in group.all("GoodsGroupInformation"):
            told += [
                information.text(name)
                for name in ("Manufacturer", "TradeMark", "GoodsMark", "GoodsModel", "GoodsMarking")
            ]
        parts.append(", ".join(text for text in told if text))
    return "; ".join(part for part in parts if part) or None


def _add_below(below: dict[str, list[Values]], element: Element, number: Values) -> None:
    """Add the documents, containers and previous documents that stand in an item or in the whole."""
    for document in element.all("ESADout_CUPresentedDocument", "ESADout_CUPresentedDocuments"):
        row = said(
            document_code=document.text("PresentedDocumentModeCode"),
            document_number=document.text("PrDocumentNumber"),
            document_date=instant(document.text("PrDocumentDate")),
            document_name=document.text("PrDocumentName"),
        )
        below["documents"] += [{**number, **row}] if row else []
    for holder in element.all("ESADContainer", "ESADout_CUContainer", "Container"):
        for container in holder.all("ContainerNumber"):
            found = container.own or container.text(
                "ContainerIdentificaror", "ContainerIdentificator", "ContainerIdentifier"
            )
            below["containers"] += [{**number, "container_id": found}] if found else []
    for previous in element.all("ESADout_CUPrecedingDocument", "ESADout_CUPreviousDocument"):
        row = said(
            document_code=previous.text("PrecedingDocumentModeCode"),
            document_number=_previous(previous),
            previous_item_no=previous.text("PrecedingDocumentGoodsNumeric"),
        )
        below["previous_documents"] += [{**number, **row}] if row else []


def _previous(document: Element) -> str | None:
    """Return the number of a previous document; that of a declaration as office/ddmmyy/serial."""
    office, serial = (
        document.text("PrecedingDocumentCustomsCode"),
        document.text("PrecedingDocumentNumber"),
    )
    day = instant(document.text("PrecedingDocumentDate"))
    if office is not None and serial is not None and day is not None:
        return f"{office}/{short_day(day)}/{serial}"
    tir = document.one("TIRIdDetails")
    return (
        serial
        or document.text("OtherPrDocumentNumber", "PIDocumentNumber", "PrecedingDocumentID")
        or "".join(text for text in (tir.text("TIRSeries"), tir.text("TIRID")) if text)
        or document.text("PrecedingDocumentName")
    )
