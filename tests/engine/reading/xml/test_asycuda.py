"""ASYCUDA documents give back the values that they were made from, and exports as the system writes them."""

from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest
from lxml import etree

from daliz.engine.reading import read
from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.walking import Form
from daliz.engine.reading.xml import asycuda
from daliz.engine.reading.xml.asycuda.dates import dates_of
from daliz.engine.reading.xml.declared import Declared
from tests.engine.reading.xml.asycuda_documents import Sad, a_sad, xml_of

DIRECTIONS = {"IM": "import", "EX": "export", "TR": "transit"}


def only(xml: str | bytes) -> Declared:
    (found,) = asycuda.declarations(etree.fromstring(xml))
    return found


def amounts(found: Declared, name: str) -> list[Decimal]:
    return [Decimal(item[name]) for item in found.items]


@pytest.mark.parametrize("seed", range(60))
def test_a_document_gives_back_every_value_that_it_was_made_from(seed: int) -> None:
    sad = a_sad(seed)
    found = only(xml_of(sad))
    assert found.wrong == []
    assert found.header["declaration_id"] == sad.declaration_id
    assert found.header["registered_at"] == sad.registered.isoformat()
    assert found.header["direction"] == DIRECTIONS[sad.kind]
    assert (found.header["trader_id"], found.header["trader_name"]) == (sad.trader_id, sad.trader_name)
    assert found.header["counterparty_name"] == sad.foreign_name
    assert [item["item_no"] for item in found.items] == [str(n) for n in range(1, len(sad.lines) + 1)]
    assert [item["hs_code"] for item in found.items] == [line.hs_code for line in sad.lines]
    assert [item["description"] for item in found.items] == [line.description for line in sad.lines]
    assert [item["origin_country"] for item in found.items] == [line.origin for line in sad.lines]
    assert [item["item_procedure"] for item in found.items] == [line.procedure for line in sad.lines]
    assert [item["quantity_unit"] for item in found.items] == [line.unit for line in sad.lines]
    assert amounts(found, "gross_mass_kg") == [line.gross for line in sad.lines]
    assert amounts(found, "net_mass_kg") == [line.net for line in sad.lines]
    assert amounts(found, "quantity") == [line.quantity for line in sad.lines]
    assert amounts(found, "packages") == [line.packages for line in sad.lines]
    assert amounts(found, "invoice_value") == [line.price for line in sad.lines]
    assert amounts(found, "customs_value") == [line.customs_value for line in sad.lines]


@pytest.mark.parametrize("seed", range(20))
def test_duties_and_totals_of_an_import_are_those_it_was_made_from(seed: int) -> None:
    made = a_sad(seed)
    sad = Sad(**{name: getattr(made, name) for name in Sad.__slots__} | {"kind": "IM"})
    found = only(xml_of(sad))
    assert amounts(found, "duty") == [line.duty for line in sad.lines]
    assert amounts(found, "vat") == [line.vat for line in sad.lines]
    assert amounts(found, "duty_rate") == [line.duty_rate for line in sad.lines]
    assert len(found.below["duty_lines"]) == 2 * len(sad.lines)
    assert {name: Decimal(text) for name, text in found.stated.items()} == {
        "items": len(sad.lines), "packages": sum(line.packages for line in sad.lines),
        "gross_mass_kg": sum(line.gross for line in sad.lines), "invoice_value": sad.price,
        "customs_value": sum(line.customs_value for line in sad.lines),
        "item_taxes": sum(line.duty + line.vat for line in sad.lines),
    }  # fmt: skip


def test_two_hundred_items_and_the_cyrillic_encoding_are_read() -> None:
    sad = a_sad(1, items=200)
    cyrillic = Sad(**{name: getattr(sad, name) for name in Sad.__slots__} | {
        "trader_name": "ОсОО Ош", "foreign_name": "Завод",
    })  # fmt: skip
    found = only(xml_of(cyrillic, encoding="windows-1251"))
    assert len(found.items) == 200
    assert found.header["trader_name"] == "ОсОО Ош"


IMPORT = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<ASYCUDA id="5893622">
<Property><Sad_flow>I</Sad_flow><Forms><Number_of_the_form>1</Number_of_the_form></Forms>
<Nbers><Total_number_of_items>1</Total_number_of_items>
<Total_number_of_packages>1</Total_number_of_packages></Nbers></Property>
<Identification>
<Office_segment><Customs_clearance_office_code>AL110000</Customs_clearance_office_code>
<Customs_Clearance_office_name>Tirana</Customs_Clearance_office_name></Office_segment>
<Type><Type_of_declaration>IM</Type_of_declaration><Declaration_gen_procedure_code>4</Declaration_gen_procedure_code>
<Type_of_transit_document><null/></Type_of_transit_document></Type>
<Registration><Serial_number>R</Serial_number><Number>902</Number><Date>11/5/16</Date></Registration>
<receipt><Serial_number><null/></Serial_number><Number/><Date/></receipt>
</Identification>
<Traders><Exporter><Exporter_code/><Exporter_name>GRAND LIMITED
   STROVOLOU 77
   CYPRUS</Exporter_name></Exporter>
<Consignee><Consignee_code>K1829010I</Consignee_code>
<Consignee_name>MOTOR COMPANY</Consignee_name></Consignee>
</Traders>
<Declarant><Declarant_code>J029</Declarant_code><Reference><Number/></Reference></Declarant>
<General_information><Country><Trading_country>CY</Trading_country>
<Export><Export_country_code>SI</Export_country_code></Export>
<Destination><Destination_country_code>AL</Destination_country_code></Destination></Country></General_information>
<Transport><Means_of_transport><Departure_arrival_information><Identity>PGEU559 / PG8411AA</Identity>
<Nationality>ME</Nationality></Departure_arrival_information><Border_information>
<Identity>PGEU559 / PG8411AA</Identity><Nationality>ME</Nationality><Mode>31</Mode></Border_information>
</Means_of_transport><Delivery_terms><Code>CIF</Code><Place>KOPER</Place></Delivery_terms>
<Border_office><Code>AL020000</Code></Border_office></Transport>
<Valuation><Total_CIF>2949620.0</Total_CIF><Gs_Invoice><Amount_national_currency>2896976.0</Amount_national_currency>
<Amount_foreign_currency>21095</Amount_foreign_currency><Currency_code>EUR</Currency_code>
<Currency_rate>137.33</Currency_rate></Gs_Invoice>
<Total><Total_invoice>21095.0</Total_invoice><Total_weight>1908.0</Total_weight></Total></Valuation>
<Item>
<Attached_documents><Attached_document_code>380</Attached_document_code>
<Attached_document_name>Invoice</Attached_document_name>
<Attached_document_reference>NR. IN1694</Attached_document_reference>
<Attached_document_date>10/25/16</Attached_document_date></Attached_documents>
<Packages><Number_of_packages>1.0</Number_of_packages><Marks1_of_packages><null/></Marks1_of_packages></Packages>
<Tarification><HScode><Commodity_code>87033219</Commodity_code><Precision_1>000</Precision_1>
<Precision_4>SKU-7</Precision_4></HScode><Extended_customs_procedure>4000</Extended_customs_procedure>
<National_customs_procedure>000</National_customs_procedure>
<Supplementary_unit><Suppplementary_unit_code>C62</Suppplementary_unit_code>
<Suppplementary_unit_quantity>1.0</Suppplementary_unit_quantity></Supplementary_unit>
<Supplementary_unit><Suppplementary_unit_code><null/></Suppplementary_unit_code></Supplementary_unit>
<Item_price>21095.0</Item_price><Value_item>52,644+0+0+0-0</Value_item></Tarification>
<Goods_description><Country_of_origin_code>ES</Country_of_origin_code>
<Description_of_goods>- - - - Other</Description_of_goods><Commercial_Description>NEW CAR: "FORD",
   1997CC</Commercial_Description></Goods_description>
<Previous_doc><Summary_declaration><null/></Summary_declaration>
<Previous_document_reference>EX 77</Previous_document_reference></Previous_doc>
<Taxation><Item_taxes_amount>481047.0</Item_taxes_amount>
<Taxation_line><Duty_tax_code>DOG</Duty_tax_code><Duty_tax_Base>2405243</Duty_tax_Base>
<Duty_tax_rate>0.0</Duty_tax_rate><Duty_tax_amount>0</Duty_tax_amount></Taxation_line>
<Taxation_line><Duty_tax_code>TVS</Duty_tax_code><Duty_tax_Base>2405236</Duty_tax_Base>
<Duty_tax_rate>0.2</Duty_tax_rate><Duty_tax_amount>481047</Duty_tax_amount></Taxation_line>
<Taxation_line><Duty_tax_code>SPC</Duty_tax_code><Duty_tax_Base>1908</Duty_tax_Base>
<Duty_tax_rate>2.5</Duty_tax_rate><Duty_tax_amount>4770</Duty_tax_amount></Taxation_line>
<Taxation_line><Duty_tax_code><null/></Duty_tax_code><Duty_tax_Base/></Taxation_line></Taxation>
<Valuation_item><Weight_itm><Gross_weight_itm>1908.0</Gross_weight_itm><Net_weight_itm>1908</Net_weight_itm>
</Weight_itm><Total_CIF_itm>2949620.0</Total_CIF_itm><Rate_of_adjustement>1</Rate_of_adjustement>
<Statistical_value>2949620.0</Statistical_value><Item_Invoice>
<Amount_national_currency>2896976.0</Amount_national_currency>
<Amount_foreign_currency>21095</Amount_foreign_currency><Currency_code>EUR</Currency_code></Item_Invoice>
<item_external_freight><Amount_national_currency>52644.0</Amount_national_currency></item_external_freight>
</Valuation_item>
</Item>
<Container><Item_Number>1</Item_Number><Container_identity>MSKU1234565</Container_identity></Container>
</ASYCUDA>"""


def test_an_import_as_the_system_exports_it() -> None:
    found = only(IMPORT.encode())
    assert found.header == {
        "declaration_id": "AL110000/2016/R/902", "version": "1", "registered_at": "2016-11-05",
        "registered_at_from": "registration", "type_code": "IM", "direction": "import", "procedure": "IM4",
        "office": "AL110000", "border_office": "AL020000", "declarant_id": "J029", "trader_id": "K1829010I",
        "trader_name": "MOTOR COMPANY", "counterparty_name": "GRAND LIMITED", "transport_mode": "31",
        "delivery_terms": "CIF", "delivery_place": "KOPER", "departure_country": "SI",
        "destination_country": "AL", "trading_country": "CY", "currency": "ALL", "currency_from": "country",
        "invoice_currency": "EUR",
    }  # fmt: skip
    assert found.items == [{
        "item_no": "1", "hs_code": "87033219000", "precision": "SKU-7",
        "description": 'NEW CAR: "FORD", 1997CC',
        "tariff_description": "- - - - Other", "origin_country": "ES", "item_procedure": "4000",
        "additional_procedures": "000", "packages": "1.0", "quantity": "1.0", "quantity_unit": "C62",
        "gross_mass_kg": "1908.0", "net_mass_kg": "1908", "customs_value": "2949620.0",
        "customs_value_from": "customs", "statistical_value": "2949620.0", "adjustment_rate": "1",
        "invoice_value": "21095", "invoice_value_national": "2896976.0", "external_freight": "52644.0",
        "duty": "0", "vat": "481047", "duty_rate": "0", "item_taxes": "481047.0",
    }]  # fmt: skip
    assert [
        (row["payment_code"], row.get("rate"), row.get("rate_kind"), row["amount"], row["currency"])
        for row in found.below["duty_lines"]
    ] == [
        ("DOG", "0", "ad_valorem", "0", "ALL"), ("TVS", "0.2", "ad_valorem", "481047", "ALL"),
        ("SPC", "2.5", "specific", "4770", "ALL"),
    ]  # fmt: skip
    assert found.below["documents"] == [{
        "item_no": "1", "document_code": "380", "document_number": "NR. IN1694", "document_name": "Invoice",
        "document_date": "2016-10-25",
    }]  # fmt: skip
    assert found.below["containers"] == [{"item_no": "1", "container_id": "MSKU1234565"}]
    assert found.below["previous_documents"] == [
        {"item_no": "1", "document_code": "Z", "document_number": "EX 77"}
    ]
    assert [row["stage"] for row in found.below["transport_means"]] == ["arrival", "border"]


def test_an_export_changes_the_sides() -> None:
    export = IMPORT.replace(">IM<", ">EX<").replace(">I<", ">E<").replace(
        "<Exporter_code/>", "<Exporter_code>E-1</Exporter_code>"
    ).replace(">SI<", ">KG<").replace(">AL<", ">DE<")  # fmt: skip
    header = only(export.encode()).header
    assert (header["direction"], header["procedure"], header["currency"]) == ("export", "EX4", "KGS")
    assert (header["trader_id"], header["counterparty_id"]) == ("E-1", "K1829010I")


def test_a_transit_has_its_principal_where_no_consignee_is_named() -> None:
    transit = IMPORT.replace(
        "<Declaration_gen_procedure_code>4<", "<Declaration_gen_procedure_code>8<"
    ).replace(">K1829010I<", "><null/><").replace(
        "<Valuation>", "<Transit><Principal><Code>P-9</Code></Principal><Destination><Office>AL3</Office>"
        "</Destination></Transit><Valuation>", 1,
    )  # fmt: skip
    header = only(transit.encode()).header
    assert (header["direction"], header["procedure"]) == ("transit", "IM8")
    assert (header["trader_id"], header["destination_office"]) == ("P-9", "AL3")


def test_the_national_currency_is_the_one_that_converts_at_one() -> None:
    national = IMPORT.replace(">EUR<", ">JMD<").replace(">137.33<", ">1<")
    header = only(national.encode()).header
    assert (header["currency"], header["currency_from"]) == ("JMD", "rate")


def test_a_declaration_not_yet_registered_has_the_number_of_its_declarant_else_of_its_document() -> None:
    draft = IMPORT.replace("<Number>902</Number><Date>11/5/16</Date>", "<Number/><Date/>")
    own = draft.replace(
        "<Reference><Number/></Reference>", "<Reference><Year>2016</Year><Number>77</Number></Reference>"
    )
    assert only(own.encode()).header["declaration_id"] == "J029/2016/77"
    assert only(draft.encode()).header["declaration_id"] == "draft/5893622"
    bare = only(draft.replace(' id="5893622"', "").encode()).header
    assert ("declaration_id" in bare, "registered_at" in bare) == (False, False)


def test_without_direction_the_declaration_is_wrong() -> None:
    found = only("<ASYCUDA><Identification><Type><Type_of_declaration>ZZ</Type_of_declaration></Type>"
                 "</Identification></ASYCUDA>")  # fmt: skip
    assert [wrong.code for wrong in found.wrong] == ["direction-unknown"]


def test_contradicting_dates_leave_a_registration_that_could_be_two_days_out() -> None:
    found = only(IMPORT.replace("<Type_of_transit_document>", "<Some_date>25/10/16</Some_date>"
                                "<Type_of_transit_document>").encode())  # fmt: skip
    assert [(wrong.field, wrong.value, wrong.code) for wrong in found.wrong] == [
        ("registered_at", "11/5/16", "date-ambiguous")
    ]


@pytest.mark.parametrize(
    ("others", "text", "iso"),
    [
        ([], "4/5/26", "2026-04-05"),
        ([], "04/05/2026", "2026-05-04"),
        ([], "4/25/26", "2026-04-25"),
        ([], "25.04.26", "2026-04-25"),
        (["19/11/2025"], "4/5/26", "2026-05-04"),
        (["11/19/25"], "04/05/2026", "2026-04-05"),
        (["11/19/25", "19/11/25"], "04/05/2026", None),
        (["11/19/25", "19/11/25"], "04/15/2026", "2026-04-15"),
        ([], "2026-05-04", "2026-05-04"),
        ([], "20260504", "2026-05-04"),
        ([], "04-May-2026", "2026-05-04"),
        ([], "4/5/26 2:07 PM", "2026-04-05T14:07:00"),
        ([], "31/31/2026", "31/31/2026"),
        ([], "yesterday", "yesterday"),
    ],
)
def test_a_date_is_read_with_the_others_of_its_document(
    others: list[str], text: str, iso: str | None
) -> None:
    assert dates_of([*others, text]).iso(text) == iso


def test_what_the_system_writes_besides_declarations_is_named() -> None:
    for xml, kind in (("<Awmds><General_segment/></Awmds>", "Awmds"), ("<ASYCUDA/>", "ASYCUDA")):
        root = etree.fromstring(xml)
        assert asycuda.recognises(root)
        with pytest.raises(ReadingError) as caught:
            list(asycuda.declarations(root))
        assert (caught.value.code, caught.value.message.values["kind"]) == ("not-a-declaration", kind)


def test_an_envelope_with_several_declarations_gives_each() -> None:
    both = "".join(xml_of(a_sad(seed)).decode().partition("?>")[2] for seed in (1, 2))
    found = list(asycuda.declarations(etree.fromstring(f"<Message><Body>{both}</Body></Message>")))
    assert [d.header["declaration_id"] for d in found] == [a_sad(seed).declaration_id for seed in (1, 2)]


def test_other_families_are_not_recognised() -> None:
    assert not asycuda.recognises(etree.fromstring("<Declaration><Item/></Declaration>"))


def test_documents_of_the_system_go_through_the_whole_of_reading(tmp_path: Path) -> None:
    sads = [a_sad(seed) for seed in range(5)]
    for sad in sads[:4]:
        (tmp_path / f"{sad.number}.xml").write_bytes(xml_of(sad))
    with ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("5.xml", xml_of(sads[4]))
    (tmp_path / "manifest.xml").write_text("<Awmds/>")
    result = read([tmp_path], form=Form.ASYCUDA_XML, out=tmp_path / "records")
    assert (result.declarations, dict(result.other_documents)) == (5, {"Awmds": 1})
    assert (dict(result.reasons), dict(result.differences)) == ({"not-a-declaration": 1}, {})
    rows = pq.read_table(tmp_path / "records" / "declarations.parquet").to_pylist()
    assert sum(row["customs_value"] for row in rows) == sum(
        line.customs_value for sad in sads for line in sad.lines
    )
    assert {row["declaration_id"]: row["registered_at"].date() for row in rows} == {
        sad.declaration_id: sad.registered for sad in sads
    }


def test_a_total_that_the_items_do_not_bear_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(IMPORT.replace(">1908.0</Total_weight>", ">1900.0</Total_weight>"))
    result = read([tmp_path / "one.xml"], out=tmp_path / "records")
    assert dict(result.differences) == {"gross_mass_kg": 1}
