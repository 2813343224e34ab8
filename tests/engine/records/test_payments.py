"""Payments made anew from what was found."""

from decimal import Decimal

import pytest

from daliz.engine.records.declaration import Value
from daliz.engine.records.payments import Payments, recompute

ITEM: dict[str, Value] = {
    "item_no": 1, "customs_value": Decimal("1000.00"), "net_mass_kg": 100.0, "quantity": 50.0,
    "duty_rate": 0.1, "duty": Decimal("100.00"), "excise": Decimal("40.00"), "vat": Decimal("136.80"),
}  # fmt: skip


def money(duty: str, vat: str, excise: str) -> Payments:
    return Payments(Decimal(duty), Decimal(vat), Decimal(excise))


@pytest.mark.parametrize(
    ("found", "expected", "additional"),
    [
        ({"customs_value": Decimal("1500.00")}, money("150.00", "202.80", "40.00"), "116.00"),
        ({"duty_rate": 0.2}, money("200.00", "148.80", "40.00"), "112.00"),
        ({"quantity": 100.0}, money("100.00", "141.60", "80.00"), "44.80"),
        ({"customs_value": Decimal("500.00")}, money("50.00", "70.80", "40.00"), "0.00"),
        ({"description": "other"}, money("100.00", "136.80", "40.00"), "0.00"),
        ({}, money("100.00", "136.80", "40.00"), "0.00"),
    ],
)
def test_duty_follows_the_value_excise_the_quantity_and_vat_both(
    found: dict[str, Value], expected: Payments, additional: str
) -> None:
    made = recompute(ITEM, (), found)
    assert (made.found, made.additional) == (expected, Decimal(additional))


def line(kind: str, unit: str, amount: str = "100.00") -> dict[str, Value]:
    return {
        "item_no": 1,
        "payment_code": "2010",
        "rate_kind": kind,
        "base_unit": unit,
        "amount": Decimal(amount),
    }


@pytest.mark.parametrize(
    ("kind", "unit", "found", "duty"),
    [
        ("ad_valorem", "KZT", {"customs_value": Decimal("2000.00")}, "200.00"),
        ("specific", "kg", {"net_mass_kg": 130.0}, "130.00"),
        ("specific", "166", {"quantity": 75.0}, "150.00"),
        ("combined", "kg", {"customs_value": Decimal("1100.00"), "net_mass_kg": 150.0}, "150.00"),
    ],
)
def test_a_duty_line_grows_with_what_it_is_reckoned_from(
    kind: str, unit: str, found: dict[str, Value], duty: str
) -> None:
    item = ITEM | {"duty_rate": None}
    assert recompute(item, [line(kind, unit)], found).found.duty == Decimal(duty)


def test_duty_by_mass_is_scaled_where_no_rate_is_known() -> None:
    item: dict[str, Value] = {"item_no": 1, "net_mass_kg": 100.0, "duty": Decimal("30.00")}
    made = recompute(item, (), {"net_mass_kg": 150.0})
    assert (made.found.duty, made.unknown, made.additional) == (Decimal("45.00"), ("vat",), None)


@pytest.mark.parametrize(
    ("left_out", "found", "unknown"),
    [
        (("duty",), {"customs_value": Decimal("1500.00")}, ("duty", "vat")),
        (("duty", "duty_rate"), {"net_mass_kg": 200.0}, ("duty", "vat")),
        (("duty", "vat", "excise"), {"duty_rate": 0.2}, ("duty", "vat")),
        (("vat",), {"quantity": 100.0}, ("vat",)),
        (("customs_value",), {"duty_rate": 0.2}, ("duty", "vat")),
        (("duty", "vat"), {"description": "other"}, ()),
        (("excise",), {"customs_value": Decimal("1500.00")}, ()),
    ],
)
def test_a_payment_that_is_not_declared_is_unknown_and_not_nothing(
    left_out: tuple[str, ...], found: dict[str, Value], unknown: tuple[str, ...]
) -> None:
    item = {name: value for name, value in ITEM.items() if name not in left_out}
    made = recompute(item, (), found)
    assert (made.unknown, made.additional is None) == (unknown, bool(unknown))


def test_a_duty_that_the_found_rate_gives_is_known_though_what_was_paid_is_not() -> None:
    item = ITEM | {"duty": None}
    assert recompute(item, (), {"duty_rate": 0.2}).found.duty == Decimal("200.00")
