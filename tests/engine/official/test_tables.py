"""Loaded lists become the tables of features, and a declaration is told what they say of it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daliz.engine.features import VOCABULARY
from daliz.engine.features.compute import build_facts
from daliz.engine.features.official_tables import NO_TABLES
from daliz.engine.official import OfficialLists
from daliz.engine.official.tables import feature_tables
from daliz.engine.records.schema import DECLARATIONS
from tests.engine.features.histories import Row, table
from tests.engine.features.test_facts import ALMATY, a_declaration, at
from tests.engine.loads.builders import DUTY, HS_2017, RATES, TNVED, lists_of, load

DAY = date(2025, 3, 3)
NAMES = (
    "declaration.exchange_rate", "declaration.carriage_in_price", "item.invoice_value_national",
    "item.value_over_invoice", "item.additions_share", "item.code_in_force", "item.tariff_unit",
    "item.unit_is_tariff_unit", "item.duty_expected",
)  # fmt: skip
CAR: Row = {
    "invoice_value": Decimal("2000.00"), "invoice_currency": "USD", "customs_value": Decimal("1100000.00"),
    "delivery_terms": "FCA Urumqi", "quantity": 1.0, "quantity_unit": "796", "net_mass_kg": 1200.0,
    "origin_country": "DE",
}  # fmt: skip


@pytest.fixture
def lists(tmp_path: Path) -> OfficialLists:
    load(tmp_path, "tnved", TNVED)
    load(tmp_path, "duty", DUTY)
    load(tmp_path, "rates", RATES, None)
    load(tmp_path, "units", "code,symbol\n796,шт\n112,л\n")
    return lists_of(tmp_path)


def told(lists: OfficialLists | None, day: date = DAY, hold_days: int = 0, **said: object) -> Row:
    official = NO_TABLES if lists is None else feature_tables(lists, national="KZT", hold_days=hold_days)
    declarations = table(DECLARATIONS, [a_declaration("D1", at(day), **{**CAR, **said})])
    (facts,) = build_facts(
        declarations, None, zone=ALMATY, holidays=(), first_day=day, last_day=day, names=NAMES,
        official=official,
    ).to_pylist()  # fmt: skip
    return {name: facts[name] for name in NAMES}


def test_an_import_is_told_what_the_lists_say(lists: OfficialLists) -> None:
    assert told(lists) == {
        "declaration.exchange_rate": 500.0,
        "declaration.carriage_in_price": False,
        "item.invoice_value_national": 1_000_000.0,
        "item.value_over_invoice": 1.1,
        "item.additions_share": 0.1,
        "item.code_in_force": True,
        "item.tariff_unit": "796",
        "item.unit_is_tariff_unit": True,
        "item.duty_expected": 0.5 * 1200 * 550.5,
    }


def test_without_lists_nothing_is_invented() -> None:
    facts = told(None)
    assert facts.pop("declaration.carriage_in_price") is False
    assert set(facts.values()) == {None}
    own = told(None, invoice_currency="KZT", invoice_value=Decimal("1000000.00"))
    assert (own["item.invoice_value_national"], own["item.additions_share"]) == (1_000_000.0, 0.1)


def test_a_declaration_of_another_administration_keeps_its_currency(lists: OfficialLists) -> None:
    other = told(lists, currency="KGS")
    assert (other["declaration.exchange_rate"], other["item.duty_expected"]) == (None, None)
    own = told(lists, currency="USD", customs_value=Decimal("2100.00"))
    assert (own["declaration.exchange_rate"], own["item.invoice_value_national"]) == (1.0, 2000.0)


def test_a_rate_holds_as_many_days_as_the_pack_declares(lists: OfficialLists) -> None:
    assert told(lists, date(2025, 3, 6))["declaration.exchange_rate"] is None
    assert told(lists, date(2025, 3, 6), hold_days=2)["declaration.exchange_rate"] == 501.25
    assert told(lists, date(2025, 3, 7), hold_days=2)["declaration.exchange_rate"] is None


def test_a_code_out_of_the_edition_and_another_unit_are_noticed(lists: OfficialLists) -> None:
    gone = told(lists, hs_code="8703231989")
    assert (gone["item.code_in_force"], gone["item.tariff_unit"], gone["item.unit_is_tariff_unit"]) == (
        False, None, None,
    )  # fmt: skip
    assert told(lists, quantity_unit="166")["item.unit_is_tariff_unit"] is False
    assert told(lists, date(2024, 12, 31))["item.code_in_force"] is None


def test_the_harmonized_system_serves_where_no_nomenclature_is_loaded(tmp_path: Path) -> None:
    load(tmp_path, "hs", HS_2017, "2017-01-01")
    lists = lists_of(tmp_path)
    assert told(lists, hs_code="0101210000")["item.code_in_force"] is True
    assert told(lists, hs_code="0101300000")["item.code_in_force"] is False
    assert told(lists, hs_code="0101")["item.code_in_force"] is None


def test_an_unnamed_unit_of_the_tariff_is_unknown_and_not_another_one(tmp_path: Path) -> None:
    load(tmp_path, "tnved", TNVED)
    facts = told(lists_of(tmp_path))
    assert (facts["item.tariff_unit"], facts["item.unit_is_tariff_unit"]) == (None, None)


def test_a_preference_and_an_export_are_told_apart(lists: OfficialLists) -> None:
    assert told(lists, preference="free_trade")["item.duty_expected"] == 0.0
    assert told(lists, direction="export")["item.duty_expected"] is None
    by_litre = told(lists, hs_code="2204210600", quantity=100.0, quantity_unit="112")
    assert by_litre["item.duty_expected"] == 0.04 * 100 * 550.5


def test_every_name_here_is_in_the_vocabulary() -> None:
    assert set(NAMES) <= set(VOCABULARY)
