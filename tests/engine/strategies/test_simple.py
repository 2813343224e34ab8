"""Chance, the oracle and the baseline, on declarations few enough to count."""

from datetime import timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from daliz.engine.pack import Pack, load_pack
from daliz.engine.strategies import Capacity, StrategyError, checked, load
from daliz.engine.strategies.boosted import Boosted
from daliz.engine.strategies.outcome import outcomes
from tests.engine.strategies.declared import NOON, Row, an_item, declarations, findings

TWENTY = declarations([an_item(f"D{n:02}") for n in range(20)])
DAY = Capacity(declarations={"documents": 4, "physical": 1})


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


def truth(*rows: Row) -> pa.Table:
    base: Row = {"item_no": 1, "violation": True, "evaded": Decimal(0), "harm": 0.0}
    return pa.Table.from_pylist([base | row for row in rows])


def controlled(given: pa.Table) -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for row in given.to_pylist():
        if row["control_form"]:
            forms.setdefault(row["control_form"], []).append(row["declaration_id"])
    return forms


def test_chance_fills_the_capacity_and_says_how_likely_it_was(pack: Pack) -> None:
    given = checked(
        load("random", pack=pack, seed=1).decide(TWENTY, capacity=DAY, now=NOON), TWENTY, capacity=DAY
    )
    assert {form: len(ids) for form, ids in controlled(given).items()} == {"physical": 1, "documents": 4}
    rows = given.to_pylist()
    assert {row["propensity"] for row in rows if row["control_form"] == "physical"} == {0.05}
    assert {row["propensity"] for row in rows if row["control_form"] == "documents"} == {0.2}
    assert {row["propensity"] for row in rows if row["control_form"] is None} == {0.25}
    assert all(row["in_random"] == (row["control_form"] is not None) for row in rows)


def test_chance_falls_otherwise_on_another_day_but_the_same_again(pack: Pack) -> None:
    strategy = load("random", pack=pack, seed=1)
    first, again = (strategy.decide(TWENTY, capacity=DAY, now=NOON) for _ in range(2))
    assert first == again
    assert controlled(first) != controlled(
        strategy.decide(TWENTY, capacity=DAY, now=NOON + timedelta(days=1))
    )


def test_minutes_are_filled_in_the_pool_of_each_office(pack: Pack) -> None:
    office = next(name for name, known in pack.offices.items() if known.pool)
    there = declarations(
        [
            an_item("HERE", office=office),
            an_item("ELSEWHERE", office=next(o for o in pack.offices if o != office)),
        ]
    )
    minutes = Capacity(minutes={(office, "documents"): 100.0})
    given = load("random", pack=pack, seed=1).decide(there, capacity=minutes, now=NOON)
    assert controlled(given) == {"documents": ["HERE"]}


def test_the_oracle_gives_each_form_where_it_brings_most(pack: Pack) -> None:
    oracle = load("oracle", pack=pack, seed=1)
    oracle.know(  # type: ignore[attr-defined]  # the oracle's own
        truth(
            {"declaration_id": "D03", "evaded": Decimal(900), "detected_by": ["documents"]},
            {"declaration_id": "D07", "evaded": Decimal(800), "detected_by": ["physical"]},
            {"declaration_id": "D09", "evaded": Decimal(700), "detected_by": ["physical"]},
            {"declaration_id": "D11", "detected_by": ["post_release"], "evaded": Decimal(9999)},
        )
    )
    given = checked(oracle.decide(TWENTY, capacity=DAY, now=NOON), TWENTY, capacity=DAY)
    assert controlled(given) == {"documents": ["D03"], "physical": ["D07"]}
    assert given["expected_damage"].to_pylist()[:2] == [900.0, 800.0]


def test_the_oracle_weighs_harm_as_the_pack_says(pack: Pack) -> None:
    oracle = load("oracle", pack=pack, seed=1)
    oracle.know(  # type: ignore[attr-defined]  # the oracle's own
        truth(
            {"declaration_id": "D03", "evaded": Decimal(100_000), "detected_by": ["physical"]},
            {"declaration_id": "D07", "harm": 24.0, "detected_by": ["physical"]},
        )
    )
    given = oracle.decide(TWENTY, capacity=Capacity(declarations={"physical": 1}), now=NOON)
    assert controlled(given) == {"physical": ["D07"]}  # 24 points of 5,000 tenge each


def test_an_oracle_that_was_told_nothing_says_so(pack: Pack) -> None:
    with pytest.raises(StrategyError, match="must be told the truth first"):
        load("oracle", pack=pack, seed=1).decide(TWENTY, capacity=DAY, now=NOON)


def test_outcomes_count_what_stands_in_the_end() -> None:
    first = a_finding("D1/1", assessed=Decimal(100), finality="provisional", item_no=2, minutes=40.0)
    settled = a_finding("D1/2", assessed=Decimal(70), item_no=2, supersedes="D1/1", minutes=0.0)
    gone = a_finding("D2/2", declaration_id="D2", violation=False, finality="annulled", supersedes="D2/1")
    table = outcomes(
        truth(
            {"declaration_id": "D1", "item_no": 1, "harm": 5.0, "detected_by": ["physical"]},
            {"declaration_id": "D1", "item_no": 2, "harm": 3.0, "detected_by": ["documents"]},
            {"declaration_id": "D2", "harm": 1.0, "detected_by": ["documents"]},
        ),
        findings([first, settled, a_finding("D2/1", declaration_id="D2"), gone]),
    )
    assert table.to_pylist() == [
        {"declaration_id": "D1", "control_form": "documents", "found": True, "assessed": Decimal("70.00"),
         "harm": 3.0, "minutes": 40.0},
        {"declaration_id": "D2", "control_form": "documents", "found": False, "assessed": Decimal("0.00"),
         "harm": 0.0, "minutes": 60.0},
    ]  # fmt: skip


def a_finding(finding_id: str, **more: object) -> Row:
    return {
        "finding_id": finding_id,
        "subject": "declaration",
        "declaration_id": "D1",
        "control_form": "documents",
        "source": "control",
        "in_random": False,
        "closed_at": NOON,
        "known_at": NOON,
        "finality": "final",
        "violation": True,
        "assessed": Decimal(50),
        "minutes": 30.0,
    } | more


def taught(strategy: Boosted, *, days: int = 12) -> Boosted:
    """Show it a border on which every third trader, T0, undervalues, and every declaration is controlled."""
    for day in range(days):
        rows = [
            an_item(f"H{day:02}{n}", day=day, trader_id=f"T{n % 3}", hs_code="6403990000",
                    customs_value=Decimal(1000 + n), net_mass_kg=100.0)
            for n in range(15)
        ]  # fmt: skip
        strategy.observe(declarations(rows), now=NOON + timedelta(days=day))
        strategy.learn(
            findings(
                [
                    a_finding(f"{row['declaration_id']}/1", declaration_id=row["declaration_id"],
                              violation=row["trader_id"] == "T0",
                              assessed=Decimal(500) if row["trader_id"] == "T0" else None)
                    for row in rows
                ]
            ),
            now=NOON + timedelta(days=day),
        )  # fmt: skip
    return strategy


def of_traders(day: int) -> pa.Table:
    return declarations(
        [
            an_item(f"N{n}", day=day, trader_id=f"T{n % 3}", hs_code="6403990000",
                    customs_value=Decimal(1000), net_mass_kg=100.0)
            for n in range(12)
        ]
    )  # fmt: skip


def test_the_baseline_learns_whom_to_control_and_opens_the_best(pack: Pack) -> None:
    strategy = taught(Boosted(pack=pack, seed=1, rounds=40))
    asked, two = of_traders(12), Capacity(declarations={"documents": 2, "physical": 2})
    given = checked(strategy.decide(asked, capacity=two, now=NOON + timedelta(days=12)), asked, capacity=two)
    chosen = controlled(given)
    assert {name for ids in chosen.values() for name in ids} == {"N0", "N3", "N6", "N9"}  # all of T0
    assert given["control_form"].to_pylist()[:4] == ["physical", "physical", "documents", "documents"]
    stated = given["probability"].to_numpy()
    assert stated[0] > 0.5 > stated[-1]


def test_an_annulled_finding_is_unlearned(pack: Pack) -> None:
    strategy = taught(Boosted(pack=pack, seed=1, rounds=40))
    strategy.learn(
        findings(
            [
                a_finding(f"H{day:02}{n}/2", declaration_id=f"H{day:02}{n}", finality="annulled",
                          violation=False, supersedes=f"H{day:02}{n}/1", assessed=None)
                for day in range(12) for n in range(0, 15, 3)
            ]
        ),
        now=NOON + timedelta(days=12),
    )  # fmt: skip
    given = strategy.decide(of_traders(12), capacity=DAY, now=NOON + timedelta(days=12))
    assert given["probability"].null_count == 12  # nothing is left to learn from


def test_the_baseline_is_retrained_after_two_weeks(pack: Pack) -> None:
    strategy = Boosted(pack=pack, seed=1, rounds=40)
    before = strategy.decide(of_traders(0), capacity=DAY, now=NOON)
    taught(strategy)
    soon = strategy.decide(of_traders(13), capacity=DAY, now=NOON + timedelta(days=13))
    later = strategy.decide(of_traders(14), capacity=DAY, now=NOON + timedelta(days=14))
    assert before["probability"].null_count == soon["probability"].null_count == 12
    assert later["probability"].null_count == 0


def test_a_tenth_by_chance_is_a_tenth_over_many_days(pack: Pack) -> None:
    strategy = load("lightgbm+random", pack=pack, seed=1)
    drawn = {"documents": 0, "physical": 0}
    for day in range(200):
        given = strategy.decide(TWENTY, capacity=DAY, now=NOON + timedelta(hours=day))
        assert {form: len(ids) for form, ids in controlled(given).items()} == {"physical": 1, "documents": 4}
        for row in given.to_pylist():
            if row["in_random"]:
                drawn[row["control_form"]] += 1
    assert 60 <= drawn["documents"] <= 100  # of 800, 80 expected
    assert 10 <= drawn["physical"] <= 32  # of 200, 20 expected
