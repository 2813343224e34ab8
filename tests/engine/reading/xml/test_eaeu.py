"""What is taken from which element of a declaration of the EAEU."""

import pytest

from daliz.engine.reading import ReadingError
from daliz.engine.reading.xml.declared import Declared
from daliz.engine.reading.xml.formats import format_of
from daliz.engine.reading.xml.laying import reconciled
from daliz.engine.reading.xml.parsing import parse
from tests.engine.reading.xml.documents import a_notice, an_eaeu_declaration, in_an_envelope


def declared(text: str) -> list[Declared]:
    root = parse(text.encode())
    known = format_of(root, "eaeu-xml")
    return list(known.declarations(root))


def test_the_header_of_a_draft_is_taken() -> None:
    [found] = declared(an_eaeu_declaration())
    assert found.header == {
        "declaration_id": "5CC73D96-1F95-4073-BBD5-C12C23538175",
        "document_id": "5CC73D96-1F95-4073-BBD5-C12C23538175",
        "registered_at": "2025-03-01T10:11:12.123456+05:00",
        "registered_at_from": "document",
        "kind": "normal",
        "direction": "import",
        "procedure": "IM40",
        "goods_location": "55302",
        "border_office": "55301",
        "declarant_id": "123456789012",
        "declarant_name": 'ТОО "КӨКТЕМ"',
        "trader_id": "123456789012",
        "trader_name": 'ТОО "КӨКТЕМ"',
        "financial_party_id": "123456789012",
        "financial_party_name": 'ТОО "КӨКТЕМ"',
        "counterparty_name": "SHOES LTD",
        "counterparty_country": "CN",
        "transport_mode": "20",
        "transport_mode_inland": "31",
        "departure_country": "CN",
        "delivery_terms": "DAP",
        "currency": "KZT",
        "invoice_currency": "USD",
    }
    assert found.wrong == []


def test_every_amount_and_code_of_an_item_is_taken() -> None:
    [found] = declared(an_eaeu_declaration(1))
    assert found.items == [
        {
            "item_no": "1",
            "hs_code": "6403919300",
            "description": "ОБУВЬ ЖЕНСКАЯ КОЖАНАЯ",
            "net_mass_kg": "100.25",
            "gross_mass_kg": "110.5",
            "quantity": "50",
            "quantity_unit": "715",
            "quantity_unit_name": "ПАР",
            "invoice_value": "2000.10",
            "customs_value": "1000000.50",
            "statistical_value": "2100.00",
            "origin_country": "CN",
            "valuation_method": "1",
            "preference": "ПЛ",
            "preference_fees": "ОО",
            "preference_duty": "ПЛ",
            "preference_excise": "-",
            "preference_vat": "ОО",
            "packages": "5",
            "packages_kind": "1",
            "packing_code": "CT",
            "procedure_requested": "40",
            "procedure_previous": "00",
            "transfer_feature": "000",
            "fees": "20000",
            "duty": "100000.05",
            "vat": "132000.07",
            "duty_rate": "0.1",
        }
    ]


def test_the_tables_below_are_filled() -> None:
    [found] = declared(an_eaeu_declaration(1))
    assert found.below == {
        "documents": [
            {
                "item_no": "1",
                "document_code": "04021",
                "document_number": "INV-1",
                "document_date": "2025-02-20",
                "document_name": "ИНВОЙС",
            }
        ],
        "containers": [{"item_no": "1", "container_id": "MSKU1234565"}],
        "previous_documents": [
            {
                "item_no": "1",
                "document_code": "02013",
                "document_number": "55301/250225/0001234",
                "previous_item_no": "3",
            }
        ],
        "duty_lines": [
            {
                "item_no": "1",
                "payment_code": "1010",
                "rate": "20000",
                "rate_kind": "specific",
                "amount": "20000",
                "currency": "KZT",
            },
            {
                "item_no": "1",
                "payment_code": "2010",
                "base": "1000000.50",
                "base_unit": "KZT",
                "rate": "0.1",
                "rate_kind": "ad_valorem",
                "amount": "100000.05",
                "currency": "KZT",
            },
            {
                "item_no": "1",
                "payment_code": "5010",
                "base": "1100000.55",
                "base_unit": "KZT",
                "rate": "0.12",
                "rate_kind": "ad_valorem",
                "amount": "132000.07",
                "currency": "KZT",
            },
        ],
        "transport_means": [
            {"stage": "arrival", "transport_id": "123ABC02", "transport_mode": "31", "nationality": "KZ"}
        ],
        "guarantees": [
            {"guarantee_id": "G-77", "guarantee_kind": "02", "amount": "500000", "currency": "KZT"}
        ],
    }


@pytest.mark.parametrize(
    ("stated", "mode", "procedure", "direction", "parties"),
    [
        ("IM", "40", "IM40", "import", ('ТОО "КӨКТЕМ"', "SHOES LTD")),
        ("ЭК", "10", "EK10", "export", ("SHOES LTD", 'ТОО "КӨКТЕМ"')),
        ("EK", "10", "EK10", "export", ("SHOES LTD", 'ТОО "КӨКТЕМ"')),
        ("ТТ", "80", "TT80", "transit", ('ТОО "КӨКТЕМ"', "SHOES LTD")),
    ],
)
def test_the_domestic_party_follows_the_direction(
    stated: str, mode: str, procedure: str, direction: str, parties: tuple[str, str]
) -> None:
    [found] = declared(an_eaeu_declaration(1, procedure=stated, mode=mode))
    names = ("procedure", "direction", "trader_name", "counterparty_name")
    assert tuple(found.header[name] for name in names) == (procedure, direction, *parties)


def test_another_type_of_declaration_is_wrong() -> None:
    [found] = declared(an_eaeu_declaration(1, procedure="XX"))
    assert [(w.field, w.value, w.code) for w in found.wrong] == [("direction", "XX", "value-unmapped")]


@pytest.mark.parametrize("album", ["5.10.0", "5.13.3", "5.22.0", "5.24.0", "5.99.0"])
def test_versions_of_the_namespaces_make_no_difference(album: str) -> None:
    assert declared(an_eaeu_declaration(album=album)) == declared(an_eaeu_declaration())


def test_prefixes_make_no_difference() -> None:
    text = an_eaeu_declaration().replace("catESAD_cu:", "a:").replace("xmlns:catESAD_cu", "xmlns:a")
    assert declared(text) == declared(an_eaeu_declaration())


def test_names_written_right_are_understood_too() -> None:
    text = an_eaeu_declaration()
    for misspelt, right in (
        ("Pakage", "Package"),
        ("Consigment", "Consignment"),
        ("Identificaror", "Identificator"),
    ):
        text = text.replace(misspelt, right)
    assert declared(text) == declared(an_eaeu_declaration())


def test_each_country_writes_tax_numbers_in_its_own_place() -> None:
    text = an_eaeu_declaration(1)
    kazakh = (
        "<cat_ru:RKOrganizationFeatures><cat_ru:BIN>123456789012</cat_ru:BIN></cat_ru:RKOrganizationFeatures>"
    )
    for holder, name, number in (
        ("RF", "INN", "7726319569"), ("RB", "UNP", "190190190"), ("RA", "UNN", "39809727"),
        ("KG", "KGINN", "01234567890123"), ("RK", "IIN", "900101300123"),
    ):  # fmt: skip
        features = f"cat_ru:{holder}OrganizationFeatures"
        [found] = declared(
            text.replace(kazakh, f"<{features}><cat_ru:{name}>{number}</cat_ru:{name}></{features}>")
        )
        assert found.header["declarant_id"] == number


def test_an_envelope_gives_its_declarations_and_their_registration() -> None:
    envelope = in_an_envelope(
        an_eaeu_declaration(1, id="A"), an_eaeu_declaration(1, id="B"), notice=a_notice("B")
    )
    first, second = declared(envelope)
    names = ("declaration_id", "registered_at", "document_id", "registered_at_from")
    assert [first.header[n] for n in names] == ["A", "2025-03-01T10:11:12.123456+05:00", "A", "document"]
    assert [second.header[n] for n in names] == ["55302/020325/0004567", "2025-03-02", "B", "registration"]
    assert "office" not in first.header
    assert second.header["office"] == "55302"


def test_a_document_that_bears_its_number_is_registered() -> None:
    number = (
        "<cat_ru:GTDNumber><cat_ru:CustomsCode>10013070</cat_ru:CustomsCode>"
        "<cat_ru:RegistrationDate>2025-04-22+03:00</cat_ru:RegistrationDate>"
        "<cat_ru:GTDNumber>5012345</cat_ru:GTDNumber></cat_ru:GTDNumber>"
    )
    text = an_eaeu_declaration(1).replace("<ESADout_CU:EECE", number + "<ESADout_CU:EECE")
    [found] = declared(text)
    assert found.header["declaration_id"] == "10013070/220425/5012345"
    assert found.header["registered_at"] == "2025-04-22"


def test_other_documents_of_the_albums_are_told_by_their_kind() -> None:
    with pytest.raises(ReadingError, match="no declaration but: NotifGTDRegistration") as told:
        declared(in_an_envelope(notice=a_notice("B")))
    assert told.value.code == "not-a-declaration"
    with pytest.raises(ReadingError, match="no declaration but: DTSout_CU"):
        declared('<DTSout_CU xmlns="urn:customs.ru:Information:CustomsDocuments:DTSout_CU:5.24.0"/>')


def test_a_description_cut_into_pieces_is_put_together() -> None:
    whole = "ОБУВЬ ЖЕНСКАЯ КОЖАНАЯ"
    element = "catESAD_cu:GoodsDescription"
    pieces = f"{'А' * 250}</{element}><{element}>Б В</{element}><{element}>Г"
    [found] = declared(an_eaeu_declaration(1).replace(whole, pieces))
    assert found.items[0]["description"] == "А" * 250 + "Б В Г"


def test_a_payment_on_condition_is_in_no_sum() -> None:
    text = an_eaeu_declaration(1)
    place = text.index("ИУ")
    [found] = declared(text[:place] + "УН" + text[place + 2 :])
    assert "duty" not in found.items[0]
    assert found.items[0]["vat"] == "132000.07"
    assert found.below["duty_lines"][1]["amount"] == "100000.05"


def test_totals_that_agree_are_silent_and_others_are_told() -> None:
    [found] = declared(an_eaeu_declaration(3))
    assert found.stated == {
        "items": "3",
        "packages": "15",
        "customs_value": "3000001.50",
        "invoice_value": "6000.30",
        "duty": "300000.15",
    }
    assert list(reconciled(found)) == []
    [other] = declared(an_eaeu_declaration(3, invoice="6000.31"))
    assert list(reconciled(other)) == [
        ("invoice_value", "6000.31", "6000.30", "The total in the header is not that of the goods items.")
    ]


def test_money_is_compared_to_the_cent_and_masses_exactly() -> None:
    items = [{"item_no": "1", "invoice_value": "0.1", "net_mass_kg": "0.1"}] * 3
    found = Declared({}, items, stated={"invoice_value": "0.30000000000000004", "net_mass_kg": "0.301"})
    assert [told[:3] for told in reconciled(found)] == [("net_mass_kg", "0.301", "0.3")]


def test_a_total_that_no_item_states_or_that_is_no_number_is_told() -> None:
    nothing = Declared({}, [{"item_no": "1"}], stated={"customs_value": "5", "packages": "many"})
    assert list(reconciled(nothing)) == [
        ("customs_value", "5", None, "The header states a total that the goods items do not state."),
        ("packages", "many", None, "The total in the header is not a number."),
    ]
