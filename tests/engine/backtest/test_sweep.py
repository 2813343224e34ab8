"""Thresholds: which numbers can be moved, what they are compared with, and where they are tried."""

from pathlib import Path

import pytest

from daliz.engine.backtest import SweepError, chosen, thresholds_of
from daliz.engine.backtest.sweep import sweeps
from daliz.engine.indicators.printer import print_text
from tests.engine.backtest.cast import a_store, a_version
from tests.engine.indicators.cast import read


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("item.net_mass_kg > 5", ["item.net_mass_kg"]),
        ("5 < item.net_mass_kg", ["item.net_mass_kg"]),
        ("item.unit_value < 0.7 * reference.unit_value_p10", ["item.unit_value / reference.unit_value_p10"]),
        ("item.unit_value / 2 < reference.unit_value_p10", ["item.unit_value / reference.unit_value_p10"]),
        ("item.net_mass_kg > item.gross_mass_kg - 3", ["item.gross_mass_kg - item.net_mass_kg"]),
        ("item.net_mass_kg BETWEEN 2 AND 5", ["item.net_mass_kg", "item.net_mass_kg"]),
        ("count(item.net_mass_kg > 5) >= 2", ["item.net_mass_kg", "count(item.net_mass_kg > 5)"]),
        ("NOT (item.duty_rate <= 0.1 OR item.first_code)", ["item.duty_rate"]),
        ("coalesce(trader.violations_365d, 0) >= 1", ["coalesce(trader.violations_365d, 0)"]),
        ("trader.violations_365d IN (1, 2) AND item.description = 'x'", []),
    ],
)
def test_a_comparison_is_solved_for_its_number(written: str, compared: list[str]) -> None:
    found = thresholds_of(read(written).root)
    assert sorted(print_text(one.compared) for one in found) == sorted(compared)
    assert sorted(one.number for one in found) == list(range(1, len(compared) + 1))


def test_only_the_number_moves() -> None:
    (threshold,) = thresholds_of(
        read("item.first_code AND item.unit_value < 0.7 * reference.unit_value_p10").root
    )
    assert (
        print_text(threshold.at(0.5))
        == "item.first_code AND item.unit_value < 0.5 * reference.unit_value_p10"
    )
    assert print_text(threshold.rest) == "item.first_code AND TRUE"


def test_an_amount_keeps_its_currency() -> None:
    root = read("item.customs_value > 1000", currency="KZT").root
    (threshold,) = thresholds_of(root)
    assert threshold.at(1000.0) == root
    assert threshold.at(5.0) == read("item.customs_value > 5", currency="KZT").root


def test_values_are_quantiles_where_the_rest_holds(tmp_path: Path) -> None:
    cars = [a_version(f"D{n}", float(n)) for n in range(1, 101)]
    shoes = [a_version(f"D{n}", 1e6, hs="6403") for n in range(101, 201)]
    store = a_store(tmp_path / "f.parquet", *cars, *shoes)
    (sweep,) = sweeps(
        store, thresholds_of(read("hs(item.hs_code, '8703') AND item.net_mass_kg > 33").root), lists={}
    )
    assert sweep.values == (1.0, 5.0, 10.0, 25.0, 33.0, 50.0, 75.0, 90.0, 95.0, 99.0)


def test_values_are_of_all_items_where_the_rest_never_holds(tmp_path: Path) -> None:
    store = a_store(tmp_path / "f.parquet", a_version("D1", 7.0), a_version("D2", 9.0))
    (sweep,) = sweeps(
        store, thresholds_of(read("hs(item.hs_code, '99') AND item.net_mass_kg > 8").root), lists={}
    )
    assert sweep.values == (7.0, 8.0, 9.0)


def test_a_threshold_is_chosen_by_its_place() -> None:
    thresholds = thresholds_of(read("item.net_mass_kg > 5 AND item.duty_rate > 0.1").root)
    assert [one.text for one in chosen(thresholds, 2)] == ["item.duty_rate > 0.1"]
    assert chosen(thresholds, None) == thresholds
    with pytest.raises(SweepError, match=r"no threshold 3; the expression has 2: item\.net_mass_kg > 5;"):
        chosen(thresholds, 3)
    with pytest.raises(SweepError, match="compares with no number"):
        chosen(thresholds_of(read("item.first_code").root), None)
