"""Declarations of the WCO Data Model, of HMRC's profile and of others, give what they state and no more."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.xml import wco
from daliz.engine.reading.xml.declared import Declared

COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
ANSWERS = ("Response", "DeclarationStatusResponse", "DeclarationFullResponse")


def parsed(data: bytes) -> etree._Element:
    """The root, comments aside: one published sample has a comment that is not well-formed."""
    return etree.fromstring(COMMENT.sub(b"", data))


def only(xml: str) -> Declared:
    (found,) = wco.declarations(etree.fromstring(xml))
    return found


def kind_of(xml: str) -> object:
    with pytest.raises(ReadingError) as caught:
        list(wco.declarations(etree.fromstring(xml)))
    assert caught.value.code == "not-a-declaration"
    return caught.value.message.values["kind"]


@pytest.fixture(scope="module")
def samples(shared_data: Path) -> dict[str, etree._Element]:
    return {path.name: parsed(path.read_bytes()) for path in sorted((shared_data / "wco").glob("*.xml"))}


@pytest.fixture(scope="module")
def taken(samples: dict[str, etree._Element]) -> dict[str, Declared]:
    found = {}
    for name, root in samples.items():
        if not any(next(root.iter("{*}" + answer), None) is not None for answer in ANSWERS):
            (found[name],) = wco.declarations(root)
    return found


def test_every_published_declaration_is_taken_and_what_is_none_is_named(
    samples: dict[str, etree._Element], taken: dict[str, Declared]
) -> None:
    others: Counter[str] = Counter()
    for name in samples.keys() - taken.keys():
        with pytest.raises(ReadingError) as caught:
            list(wco.declarations(samples[name]))
        others[str(caught.value.message.values["kind"])] += 1
    assert all(wco.recognises(root) for root in samples.values())
    assert (len(samples), len(taken), sum(len(d.items) for d in taken.values())) == (219, 210, 223)
    assert others == {"Response 07": 6, "DeclarationStatusResponse": 2, "DeclarationFullResponse": 1}
    assert [name for name, d in taken.items() if d.wrong] == []
    assert len({d.header["declaration_id"] for d in taken.values()}) == 210


@pytest.mark.parametrize(
    ("element", "columns"),
    [
        ("ItemChargeAmount", ["invoice_value", "invoice_value_theirs"]),
        ("StatisticalValueAmount", ["statistical_value", "statistical_value_theirs"]),
        ("GrossMassMeasure", ["gross_mass_kg", "gross_mass_kg_theirs"]),
        ("NetNetWeightMeasure", ["net_mass_kg", "net_mass_kg_theirs"]),
        ("TariffQuantity", ["quantity"]),
    ],
)
def test_every_amount_of_every_published_item_is_accounted_for(
    samples: dict[str, etree._Element], taken: dict[str, Declared], element: str, columns: list[str]
) -> None:
    for name, declared in taken.items():
        amounts = [Decimal(node.text or "") for node in samples[name].iter("{*}" + element)]
        read = [Decimal(item[c]) for item in declared.items for c in columns if c in item]
        assert (name, sum(read), len(read)) == (name, sum(amounts), len(amounts))


def test_values_for_customs_are_those_stated_for_it_and_never_mixed_with_other_currencies(
    samples: dict[str, etree._Element], taken: dict[str, Declared]
) -> None:
    for name, declared in taken.items():
        stated = {
            (Decimal(node.text or ""), str(node.get("currencyID")))
            for node in samples[name].iter("{*}CustomsValueAmount")
        }
        read = {
            (Decimal(item["customs_value"]), declared.header["currency"])
            for item in declared.items
            if item.get("customs_value_from") == "customs"
        } | {
            (Decimal(item["customs_value_theirs"]), item["customs_value_theirs_currency"])
            for item in declared.items
            if "customs_value_theirs" in item
        }
        assert (name, read) == (name, stated)
    assert {declared.header["currency"] for declared in taken.values()} == {"GBP"}


@pytest.mark.parametrize(
    ("table", "paths"),
    [
        ("documents", ["AdditionalDocument"]),
        ("previous_documents", ["PreviousDocument"]),
        ("containers", ["TransportEquipment[*[local-name()='ID']]"]),
        ("duty_lines", ["DutyTaxFee[*[local-name()='TypeCode']]"]),
        ("guarantees", ["ObligationGuarantee[*[local-name()='ID' or local-name()='ReferenceID']]"]),
        (
            "transport_means",
            [f"{n}[*[local-name()='ID']]" for n in (
                "ArrivalTransportMeans", "DepartureTransportMeans", "BorderTransportMeans"
            )],
        ),
    ],
)  # fmt: skip
def test_every_row_below_is_accounted_for(
    samples: dict[str, etree._Element], taken: dict[str, Declared], table: str, paths: list[str]
) -> None:
    for name, declared in taken.items():
        found = [samples[name].xpath(f"//*[local-name()='{p.partition('[')[0]}'][{q}]") for p in paths
                 for q in [p.partition("[")[2].removesuffix("]") or "true()"]]  # fmt: skip
        counted = sum(len(nodes) for nodes in found if isinstance(nodes, list))
        assert (name, len(declared.below.get(table, []))) == (name, counted)


def test_the_totals_of_the_published_declarations_stand_beside_their_items(
    samples: dict[str, etree._Element], taken: dict[str, Declared]
) -> None:
    differ = set()
    for name, declared in taken.items():
        packed = [
            Decimal(n.text or "") for n in samples[name].iterfind(".//{*}Packaging/{*}QuantityQuantity")
        ]
        read = sum(Decimal(item.get("packages", "0")) for item in declared.items)
        assert (name, read) == (name, sum(packed))
        if "packages" in declared.stated and Decimal(declared.stated["packages"]) != read:
            differ.add(name)
    assert all(d.stated["items"] == str(len(d.items)) for d in taken.values() if "items" in d.stated)
    assert len(differ) == 10


def test_an_aggregated_supplementary_declaration_is_taken_with_its_codes(taken: dict[str, Declared]) -> None:
    found = taken["IMZ_Aggregated_Supplementary_Declaration__IMZ_Aggregated_Supplementary_Declaration.xml"]
    assert {name: found.header[name] for name in (
        "declaration_id", "kind", "type_code", "direction", "procedure", "registered_at",
        "registered_at_from", "currency", "invoice_currency", "trader_id", "counterparty_name",
        "goods_location", "transport_mode",
        "departure_country", "delivery_terms",
    )} == {
        "declaration_id": "GB603202734852/Agg_Supp_Dec_Z", "kind": "supplementary", "type_code": "IMZ",
        "direction": "import", "procedure": "4071", "registered_at": "2025-07-31T13:39:31Z",
        "registered_at_from": "acceptance", "currency": "GBP", "invoice_currency": "GBP",
        "trader_id": "GB553202734852", "counterparty_name": "Chicago Cocoa Company",
        "goods_location": "GBBYCW1117770GB", "transport_mode": "10", "departure_country": "US",
        "delivery_terms": "CIF",
    }  # fmt: skip
    second = found.items[1]
    assert (second["item_no"], second["hs_code"], second["additional_codes"]) == (
        "2",
        "1804000000",
        "GN VATZ",
    )
    assert (second["item_procedure"], second["additional_procedures"]) == ("4071", "000")
    assert (second["preference"], second["valuation_method"], second["invoice_value"]) == ("100", "3", "1000")
    assert found.stated == {"items": "2", "packages": "55"}


def test_an_export_has_its_exporter_as_trader_and_the_office_of_exit_as_border_office(
    taken: dict[str, Declared],
) -> None:
    header = taken["TT_EX013b__TT_EX013b.xml"].header
    assert (header["direction"], header["trader_id"]) == ("export", "XI896458895015")
    assert (header["border_office"], header["registered_at"]) == ("GB000142", "2025-09-15T15:07:19.019+01:00")
    assert header["registered_at_from"] == "receipt"


def test_items_with_different_procedures_leave_that_of_the_whole_unknown(taken: dict[str, Declared]) -> None:
    found = taken["TT_EX039a__TT_EX039a.xml"]
    assert "procedure" not in found.header
    assert [item["item_procedure"] for item in found.items] == ["2300", "1040"]


def test_a_country_beyond_iso_stays_theirs(taken: dict[str, Declared]) -> None:
    found = taken["TT_IM095a__Step1_TT_IM095a.xml"]
    assert "departure_country" not in found.header
    assert found.header["departure_country_theirs"] == "ZN"


PLAIN = """
<Declaration xmlns="urn:wco:datamodel:WCO:DEC:3.10">
  <ID>2026KG000123</ID><VersionID>3</VersionID><FunctionCode>{function}</FunctionCode><TypeCode>{type}</TypeCode>
  <IssueDateTime><DateTimeString formatCode="102">20260115</DateTimeString></IssueDateTime>
  <TotalGrossMassMeasure unitCode="TNE">1.25</TotalGrossMassMeasure>
  <Declarant><ID>D-1</ID><Name>Broker</Name></Declarant>
  <GoodsShipment>
    <Consignee><ID>C-1</ID><Name>Buyer &amp; Co</Name></Consignee>
    <Consignor><Name>Seller</Name></Consignor>
    <GovernmentAgencyGoodsItem>
      <CustomsValueAmount currencyID="KGS">{value}</CustomsValueAmount>
      <Commodity>
        <Classification><ID>8471.30</ID></Classification>
        <DutyTaxFee>
          <TypeCode>VAT</TypeCode><AdValoremTaxBaseAmount currencyID="KGS">1000</AdValoremTaxBaseAmount>
          <TaxRateNumeric>12</TaxRateNumeric>
          <Payment><TaxAssessedAmount currencyID="KGS">120.00</TaxAssessedAmount></Payment>
        </DutyTaxFee>
        <GoodsMeasure><GrossMassMeasure unitCode="TNE">1.25</GrossMassMeasure>
          <NetNetWeightMeasure unitCode="LBR">9</NetNetWeightMeasure></GoodsMeasure>
        <InvoiceLine><ItemChargeAmount currencyID="USD">11.5</ItemChargeAmount></InvoiceLine>
      </Commodity>
      <GovernmentProcedure><CurrentCode>40</CurrentCode></GovernmentProcedure>
    </GovernmentAgencyGoodsItem>
  </GoodsShipment>
</Declaration>"""


def test_a_plain_declaration_of_another_administration_and_version_is_taken() -> None:
    found = only(PLAIN.format(function="9", type="929", value="1000"))
    assert found.header == {
        "declaration_id": "2026KG000123", "version": "3", "type_code": "929", "direction": "import",
        "procedure": "40", "registered_at": "2026-01-15", "registered_at_from": "issue", "currency": "KGS",
        "invoice_currency": "USD", "declarant_id": "D-1", "declarant_name": "Broker", "trader_id": "C-1",
        "trader_name": "Buyer & Co", "counterparty_name": "Seller",
    }  # fmt: skip
    assert found.items == [{
        "item_no": "1", "item_procedure": "40", "hs_code": "847130", "gross_mass_kg": "1250",
        "net_mass_kg_theirs": "9 LBR", "customs_value": "1000", "customs_value_from": "customs",
        "invoice_value": "11.5", "vat": "120.00",
    }]  # fmt: skip
    assert found.below["duty_lines"] == [{
        "payment_code": "VAT", "base": "1000", "base_unit": "KGS", "rate": "0.12", "rate_kind": "ad_valorem",
        "amount": "120.00", "currency": "KGS", "item_no": "1",
    }]  # fmt: skip
    assert found.stated == {"gross_mass_kg": "1250"}


def test_what_is_no_number_is_handed_on_as_it_stands() -> None:
    assert only(PLAIN.format(function="9", type="IM4", value="a lot")).items[0]["customs_value"] == "a lot"


@pytest.mark.parametrize(
    ("type_code", "direction"),
    [("IMA", "import"), ("EXZ", "export"), ("T1", "transit"), ("830", "export"), ("950", "transit"),
     ("COA", "import")],
)  # fmt: skip
def test_the_type_says_the_direction(type_code: str, direction: str) -> None:
    assert only(PLAIN.format(function="9", type=type_code, value="1")).header["direction"] == direction


def test_a_replacement_is_a_version_and_requests_are_named() -> None:
    assert only(PLAIN.format(function="5", type="IMA", value="1")).header["version"] == "3"
    assert (
        kind_of(PLAIN.format(function="13", type="COR", value="1")) == "Declaration amendment request (COR)"
    )
    assert (
        kind_of(PLAIN.format(function="13", type="INV", value="1"))
        == "Declaration cancellation request (INV)"
    )
    assert kind_of(PLAIN.format(function="1", type="IMA", value="1")) == "Declaration cancellation (IMA)"


def test_a_declaration_without_direction_is_wrong() -> None:
    found = only(
        '<Declaration xmlns="urn:wco:datamodel:WCO:DEC:2"><FunctionalReferenceID>L1</FunctionalReferenceID>'
        "<TypeCode>??</TypeCode></Declaration>"
    )
    assert found.header["declaration_id"] == "L1"
    assert [wrong.code for wrong in found.wrong] == ["direction-unknown"]


def test_other_families_are_not_recognised() -> None:
    for xml in ("<ASYCUDA/>", "<Declaration><Name/></Declaration>", "<MetaData><Title/></MetaData>"):
        assert not wco.recognises(etree.fromstring(xml))
    assert wco.recognises(etree.fromstring("<Declaration><GoodsShipment/></Declaration>"))
    soap = '<s:E xmlns:s="soap"><s:B><Declaration xmlns="urn:wco:datamodel:WCO:DEC:2"/></s:B></s:E>'
    assert wco.recognises(etree.fromstring(soap))
