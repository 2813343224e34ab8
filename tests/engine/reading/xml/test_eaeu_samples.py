"""The public declarations of the EAEU go through whole: every item, and every amount to the last digit."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import pytest
from lxml import etree

from daliz.engine.reading import Form, ReadingResult, read

_DESCRIPTIVE: Final = "names of countries and units beside their codes, which are taken"
_GOODS: Final = "ESADout_CUGoodsShipment/ESADout_CUGoods"
_PARTIES: Final = tuple(
    f"ESADout_CUGoodsShipment/ESADout_CU{who}"
    for who in ("Consignor", "Consignee", "FinancialAdjustingResponsiblePerson", "Declarant")
)

TAKEN: Final = {
    "CustomsProcedure": "direction, procedure",
    "CustomsModeCode": "procedure",
    "ESADout_CUGoodsShipment/TotalGoodsNumber": "reconciled with the items",
    "ESADout_CUGoodsShipment/TotalPackageNumber": "reconciled with packages",
    "ESADout_CUGoodsShipment/ESADout_CUGoodsLocation/CustomsOffice": "goods_location",
    "ESADout_CUGoodsShipment/ESADout_CUConsigment/ContainerIndicator": "in_containers",
    "ESADout_CUGoodsShipment/ESADout_CUConsigment/DestinationCountryCode": "destination_country",
    "ESADout_CUGoodsShipment/ESADout_CUConsigment/ESADout_CUDepartureArrivalTransport/TransportModeCode":
        "transport_mode_inland",
    "ESADout_CUGoodsShipment/ESADout_CUConsigment/ESADout_CUBorderTransport/TransportModeCode":
        "transport_mode",
    "ESADout_CUGoodsShipment/ESADout_CUMainContractTerms/ContractCurrencyCode": "invoice_currency",
    "ESADout_CUGoodsShipment/ESADout_CUMainContractTerms/TotalInvoiceAmount": "reconciled with invoice_value",
    "ESADout_CUGoodsShipment/ESADout_CUMainContractTerms/TradeCountryCode": "trade_country",
    "ESADout_CUGoodsShipment/ESADout_CUMainContractTerms/CUESADDeliveryTerms/DeliveryTermsStringCode":
        "delivery_terms",
    **{f"{party}/OrganizationName": "names of the parties" for party in _PARTIES},
    **{f"{party}/RAOrganizationFeatures/UNN": "numbers of the parties" for party in _PARTIES[1:]},
    f"{_PARTIES[0]}/Address/CountryCode": "counterparty_country",
    f"{_GOODS}/GoodsNumeric": "item_no",
    f"{_GOODS}/GoodsDescription": "description",
    f"{_GOODS}/GrossWeightQuantity": "gross_mass_kg",
    f"{_GOODS}/NetWeightQuantity": "net_mass_kg",
    f"{_GOODS}/InvoicedCost": "invoice_value",
    f"{_GOODS}/GoodsTNVEDCode": "hs_code",
    f"{_GOODS}/OriginCountryCode": "origin_country",
    f"{_GOODS}/CustomsCostCorrectMethod": "valuation_method",
    f"{_GOODS}/Preferencii/CustomsTax": "preference_fees",
    f"{_GOODS}/Preferencii/CustomsDuty": "preference, preference_duty",
    f"{_GOODS}/Preferencii/Rate": "preference_vat",
    f"{_GOODS}/SupplementaryGoodsQuantity/GoodsQuantity": "quantity",
    f"{_GOODS}/SupplementaryGoodsQuantity/MeasureUnitQualifierCode": "quantity_unit",
    f"{_GOODS}/SupplementaryGoodsQuantity/MeasureUnitQualifierName": "quantity_unit_name",
    f"{_GOODS}/ESADGoodsPackaging/PakageQuantity": "packages",
    f"{_GOODS}/ESADGoodsPackaging/PakageTypeCode": "packages_kind",
    f"{_GOODS}/ESADGoodsPackaging/PackingInformation/PackingCode": "packing_code",
    f"{_GOODS}/ESADCustomsProcedure/MainCustomsModeCode": "procedure_requested",
    f"{_GOODS}/ESADCustomsProcedure/PrecedingCustomsModeCode": "procedure_previous",
    f"{_GOODS}/ESADCustomsProcedure/GoodsTransferFeature": "transfer_feature",
}  # fmt: skip
"""Every path of the samples that has a text, from which something is taken."""

LEFT: Final = {
    "ESADout_CUGoodsShipment/OriginCountryName": "the origin of each item is taken",
    "ESADout_CUGoodsShipment/SpecificationNumber": "counts of paper",
    "ESADout_CUGoodsShipment/SpecificationListNumber": "counts of paper",
    "ESADout_CUGoodsShipment/TotalSheetNumber": "counts of paper",
    "ESADout_CUGoodsShipment/ESADout_CUGoodsLocation/InformationTypeCode": "how the place is described",
    "ESADout_CUGoodsShipment/ESADout_CUGoodsLocation/CustomsCountryCode": "the office is taken",
    "ESADout_CUGoodsShipment/ESADout_CUConsigment/DestinationCountryName": _DESCRIPTIVE,
    **{f"{party}/Address/CounryName": _DESCRIPTIVE for party in _PARTIES},
    **{f"{party}/Address/CountryCode": "the domestic parties' own country" for party in _PARTIES[1:]},
    **{f"{party}/Address/StreetHouse": "addresses are no canonical column" for party in _PARTIES[1:]},
    f"{_GOODS}/OriginCountryName": _DESCRIPTIVE,
    f"{_GOODS}/ESADGoodsPackaging/PackingInformation/PakingQuantity": "parts of PakageQuantity",
    "FilledPerson/PersonSurname": "who filled the form in is no fact of the goods",
    "FilledPerson/PersonName": "who filled the form in is no fact of the goods",
}
"""Every other one, and why."""

AMOUNTS: Final = {
    "GrossWeightQuantity": "gross_mass_kg",
    "NetWeightQuantity": "net_mass_kg",
    "InvoicedCost": "invoice_value",
    "GoodsQuantity": "quantity",
    "PakageQuantity": "packages",
}


@pytest.fixture(scope="module")
def samples(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "eaeu").glob("*.xml"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("eaeu")


@pytest.fixture(scope="module")
def result(samples: list[Path], folder: Path) -> ReadingResult:
    return read(samples, form=Form.EAEU_XML, out=folder)


def _rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def _leaves(path: Path) -> list[tuple[str, str]]:
    """Return path by local names, and text, of every element without children."""
    found = []
    tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False))
    for element in tree.iter():
        text = (element.text or "").strip()
        if not len(element) and text:
            above = [str(a.tag).rpartition("}")[2] for a in reversed(list(element.iterancestors()))][1:]
            found.append(("/".join([*above, str(element.tag).rpartition("}")[2]]), text))
    return found


def test_every_document_is_taken_with_every_item(result: ReadingResult, folder: Path) -> None:
    assert result.declarations == 48
    assert result.tables == {"declarations": 1924}
    assert (result.quarantined_declarations, result.quarantine_entries) == (0, 0)
    assert [source.error for source in result.sources] == [None] * 48


def test_every_amount_is_there_to_the_last_digit(
    samples: list[Path], result: ReadingResult, folder: Path
) -> None:
    rows = _rows(folder, "declarations")
    for element, column in AMOUNTS.items():
        stated = Counter(
            Decimal(text).normalize()
            for path in samples
            for place, text in _leaves(path)
            if place.startswith(_GOODS) and place.rpartition("/")[2] == element
        )
        taken = Counter(Decimal(str(row[column])).normalize() for row in rows if row[column] is not None)
        assert taken == stated
        assert stated.total() == 1924


def test_every_code_and_description_is_there(
    samples: list[Path], result: ReadingResult, folder: Path
) -> None:
    rows = _rows(folder, "declarations")
    for element, column in (("GoodsTNVEDCode", "hs_code"), ("GoodsDescription", "description")):
        stated = Counter(
            text for path in samples for place, text in _leaves(path) if place == f"{_GOODS}/{element}"
        )
        assert Counter(row[column] for row in rows) == stated


def test_every_path_of_the_samples_is_taken_or_knowingly_left(samples: list[Path]) -> None:
    paths = {place for path in samples for place, _ in _leaves(path)}
    assert paths == set(TAKEN) | set(LEFT)
    assert not set(TAKEN) & set(LEFT)


def test_every_total_is_that_of_the_items_to_the_cent(
    samples: list[Path], result: ReadingResult, folder: Path
) -> None:
    differing = []
    for path in samples:
        leaves = _leaves(path)
        total = next(Decimal(t) for p, t in leaves if p.endswith("TotalInvoiceAmount"))
        items = sum(Decimal(t) for p, t in leaves if p == f"{_GOODS}/InvoicedCost")
        assert abs(total - items) < Decimal("0.000001")
        if total != items:
            differing.append((path.name, str(total)))
    assert len(differing) == 6
    assert differing[0] == ("case-013.xml", "210.35000000000002")
    assert result.differences == {"registered_at": 48}
    assert [row["stated"] for row in _rows(folder, "differences")] == [None] * 48


def test_armenian_codes_of_eleven_digits_stay_whole(result: ReadingResult, folder: Path) -> None:
    lengths = Counter(len(row["hs_code"]) for row in _rows(folder, "declarations"))
    assert lengths == {11: 1924}


def test_drafts_bear_the_names_of_their_files_and_say_whence_their_day_is(
    result: ReadingResult, folder: Path
) -> None:
    rows = _rows(folder, "declarations")
    assert {row["registered_at_from"] for row in rows} == {"file"}
    assert len({row["declaration_id"].rpartition("-")[0] for row in rows}) == 48
    assert {row["currency"] for row in rows} == {None}
    assert {row["invoice_currency"] for row in rows} == {"USD"}
