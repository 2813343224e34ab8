"""The sample rates of the Kazakh pack are invented, and those of the demonstration's pretend border."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import pyarrow.parquet as pq

from daliz.engine.features.compute import build_facts
from daliz.engine.official import ExchangeRates
from daliz.engine.official.tables import feature_tables
from daliz.engine.pack import load_pack
from daliz.engine.world import write_world


def test_they_say_that_they_are_invented() -> None:
    (load,) = load_pack("kz").official.shelf("rates").loads
    assert load.source.startswith("Synthetic:")
    assert "exchange rates are invented" in load_pack("kz").notice.en
    assert (load.valid_from, load.valid_until, load.rows) == (date(2025, 1, 1), date(2025, 6, 30), 724)


def test_they_hold_three_days_and_no_longer() -> None:
    kz = load_pack("kz")
    rates = ExchangeRates.of(kz.official, national="KZT", hold_days=kz.rates_hold_days)
    held = rates.rate("USD", date(2025, 7, 3))
    assert held is not None
    assert held.day == date(2025, 6, 30)
    assert Decimal(400) < held.per_unit < Decimal(650)
    assert rates.rate("USD", date(2025, 7, 4)) is None


def test_they_are_the_rates_of_the_demonstrations_border(tmp_path: Path) -> None:
    kz = load_pack("kz")
    write_world(tmp_path, pack=kz, seed=7, months=1, per_day=10, first_month=date(2025, 1, 1))
    facts = build_facts(
        pq.read_table(tmp_path / "declarations.parquet"), None, zone=kz.zone, holidays=kz.holidays,
        first_day=date(2025, 1, 1), last_day=date(2025, 1, 31),
        names=["item.additions_share", "declaration.carriage_in_price", "declaration.invoice_currency"],
        official=feature_tables(kz.official, national=kz.currency, hold_days=kz.rates_hold_days),
    ).to_pylist()  # fmt: skip
    by_carriage: dict[object, list[float]] = {True: [], False: [], None: []}
    for row in facts:
        if row["item.additions_share"] is not None:
            by_carriage[row["declaration.carriage_in_price"]].append(row["item.additions_share"])
    assert len(by_carriage[True]) > 50
    assert len(by_carriage[False]) > 50
    assert abs(median(by_carriage[True])) < 0.0005
    assert median(by_carriage[False]) > 0.01
