"""Counting over a store: every figure of a few declarations, and the same figures however it is read."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daliz.engine.backtest import FactsStore, Labels, StoreError, tally
from daliz.engine.backtest.tally import Tally
from daliz.engine.indicators.nodes import Node
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.files import write_table
from tests.engine.backtest.cast import a_finding, a_store, a_version, a_violation, decisions, findings
from tests.engine.indicators.cast import read

HEAVY = read("item.net_mass_kg > 10").root
ALL_HEAVY = read("every(item.net_mass_kg > 10)").root
CARS = read("hs(item.hs_code, '8703')").root
FORMS = ("documents", "physical")

STORE = (
    a_version("D1", 20, 5, 30),
    a_version("D2", 3, hs="6403"),
    a_version("D3", 50, 60, day=3, office="51502"),
    a_version("D4", None, day=3),
    a_version("D5", 11, day=4, hs="6403"),
    a_version("D5", 2, day=6, version=2, hs="6403"),
)
KNOWN = (
    a_violation("1", "D1"),
    a_finding("2", "D2", control_form="documents", in_random=True),
    a_violation("3", "D3", "250", in_random=True),
)


def counted(
    store: FactsStore, conditions: dict[str, Node], *known: dict[str, object], **more: object
) -> Tally:
    labels = Labels(findings(*known), FORMS, "physical")
    return tally(store, conditions, labels, lists={}, **more)  # type: ignore[arg-type]  # options of tally


def test_items_and_declarations_are_counted_and_each_declaration_once(tmp_path: Path) -> None:
    got = counted(a_store(tmp_path / "f.parquet", *STORE), {"heavy": HEAVY, "all": ALL_HEAVY, "cars": CARS})
    assert got.items.tolist() == [4, 2, 6]
    assert got.sums["fired"].tolist() == [2, 1, 3]
    assert got.everything["fired"] == 5
    assert (got.first_day, got.last_day) == (date(2026, 3, 30), date(2026, 4, 5))


def test_what_controls_found_is_counted_where_it_fired(tmp_path: Path) -> None:
    got = counted(a_store(tmp_path / "f.parquet", *STORE), {"heavy": HEAVY, "cars": CARS}, *KNOWN).of("heavy")
    assert (got["controlled"], got["found"]) == (2, 2)
    assert (got["controlled_physical"], got["found_physical"], got["controlled_documents"]) == (2, 2, 0)
    assert (got["controlled_by_chance"], got["found_by_chance"]) == (1, 1)
    assert Decimal(got["assessed"]) / 100 == Decimal("1250.10")
    assert Decimal(got["collected"]) / 100 == Decimal("1000.00")
    assert got["minutes"] / 100 == 181.0


def test_a_finding_known_only_months_later_is_a_result_all_the_same(tmp_path: Path) -> None:
    got = counted(a_store(tmp_path / "f.parquet", *STORE), {"heavy": HEAVY}, a_violation("1", "D1"))
    assert got.of("heavy")["found"] == 1


def test_an_annulled_finding_is_no_control(tmp_path: Path) -> None:
    annulled = a_finding("2", "D1", supersedes="1", finality="annulled")
    got = counted(a_store(tmp_path / "f.parquet", *STORE), {"heavy": HEAVY}, a_violation("1", "D1"), annulled)
    assert got.of("heavy")["controlled"] == 0


def test_the_last_version_is_judged_if_there_was_no_control(tmp_path: Path) -> None:
    got = counted(a_store(tmp_path / "f.parquet", *STORE), {"heavy": HEAVY})
    assert got.of("heavy")["fired"] == 2, "the second version of D5 is light"


def test_the_version_that_was_controlled_is_judged_not_its_correction(tmp_path: Path) -> None:
    store = a_store(tmp_path / "f.parquet", *STORE)
    before = a_violation("1", "D5")  # closed between the two versions
    from_first = before | {"closed_at": store.edges[-1].replace(day=4)}
    assert counted(store, {"heavy": HEAVY}, from_first).of("heavy")["fired"] == 3


def test_overlap_is_counted_in_declarations(tmp_path: Path) -> None:
    got = counted(a_store(tmp_path / "f.parquet", *STORE), {"heavy": HEAVY, "cars": CARS}, *KNOWN)
    assert got.both.tolist() == [[2, 2], [2, 3]]
    assert got.both_found.tolist() == [[2, 2], [2, 2]]


def test_the_condition_in_focus_is_told_apart_by_month_and_office(tmp_path: Path) -> None:
    store = a_store(tmp_path / "f.parquet", *STORE)
    got = counted(store, {"cars": CARS, "all": ALL_HEAVY}, *KNOWN, focus="cars", peers=["all"])
    assert {name: part["fired"] for name, part in got.months.items()} == {"2026-03": 1, "2026-04": 2}
    assert {name: part["found"] for name, part in got.offices.items()} == {"51501": 1, "51502": 1}
    assert (got.alone["fired"], got.alone["found"]) == (2, 1)


def test_only_the_days_asked_count(tmp_path: Path) -> None:
    store = a_store(tmp_path / "f.parquet", *STORE)
    got = counted(store, {"cars": CARS}, days=(date(2026, 4, 1), date(2026, 4, 30)))
    assert got.of("cars")["fired"] == 2


@pytest.mark.parametrize(("group", "stretch"), [(1, 1), (2, 2), (3, 100)])
def test_however_the_store_is_divided_the_figures_are_the_same(
    tmp_path: Path, group: int, stretch: int
) -> None:
    conditions = {"heavy": HEAVY, "all": ALL_HEAVY, "cars": CARS}
    options = {"focus": "cars", "peers": ["heavy"]}
    whole = counted(a_store(tmp_path / "a.parquet", *STORE), conditions, *KNOWN, **options)
    divided = a_store(tmp_path / "b.parquet", *STORE, group=group, stretch=stretch)
    assert len(divided.edges) > 2 or stretch == 100
    parts = counted(divided, conditions, *KNOWN, **options)
    assert {name: values.tolist() for name, values in parts.sums.items()} == {
        name: values.tolist() for name, values in whole.sums.items()
    }
    assert parts.items.tolist() == whole.items.tolist()
    assert np.array_equal(parts.both, whole.both)
    assert (parts.months, parts.offices, parts.alone) == (whole.months, whole.offices, whole.alone)


def test_each_control_weighs_by_how_likely_it_was(tmp_path: Path) -> None:
    write_table(
        decisions({"D1": 1.0, "D3": 0.02, "D4": 0.02, "D2": 0.0}), tmp_path / "decisions.parquet", DECISIONS
    )
    labels = Labels(findings(*KNOWN), FORMS, "physical", (tmp_path / "decisions.parquet",))
    store = a_store(tmp_path / "f.parquet", *STORE)
    got = tally(store, {"cars": CARS}, labels, lists={}).of("cars")
    assert (got["decided"], got["certain"], got["drawable"], got["impossible"]) == (3, 1, 2, 0)
    assert (got["certain_controlled"], got["certain_found"], got["drawn"], got["drawn_found"]) == (1, 1, 1, 1)
    assert (got["weight"], got["weight_found"], got["square"]) == (50_000_000, 50_000_000, 2_500_000_000)
    assert got["weight_assessed"] == 50 * 250_00


def test_no_control_stands_for_more_than_two_hundred(tmp_path: Path) -> None:
    write_table(decisions({"D3": 0.001}), tmp_path / "decisions.parquet", DECISIONS)
    labels = Labels(findings(*KNOWN), FORMS, "physical", (tmp_path / "decisions.parquet",))
    got = tally(a_store(tmp_path / "f.parquet", *STORE), {"cars": CARS}, labels, lists={}).of("cars")
    assert (got["weight"], got["capped"]) == (200_000_000, 1)


def test_an_empty_store_gives_nothing(tmp_path: Path) -> None:
    got = counted(a_store(tmp_path / "f.parquet"), {"heavy": HEAVY}, focus="heavy")
    assert got.first_day is None
    assert got.of("heavy")["fired"] == 0


def test_a_store_without_a_feature_says_which(tmp_path: Path) -> None:
    store = a_store(tmp_path / "f.parquet", *STORE)
    with pytest.raises(StoreError, match=r"item\.duty"):
        counted(store, {"duty": read("item.duty > 1").root})


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(StoreError, match="not a store of facts"):
        FactsStore.open(tmp_path / "other.parquet")
