"""The Korean study on a small made table, and on the files themselves where they are."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from studies.korea import model
from studies.korea.columns import Columns
from studies.korea.crossing import grouped, published
from studies.korea.goods import Goods, first_of_each, folds, goods_of, kept_apart, read_goods
from studies.korea.measures import auc, draws, figures, told
from studies.korea.plot import PLOT, RESULT, drawn
from studies.korea.replay import STRATEGIES, compared, replay

SHOES = {"hs_code": "640391", "departure_country": "VN", "origin_country": "VN", "preference": "A"}
TYRES = {"hs_code": "401110", "departure_country": "CN", "origin_country": "CN", "preference": "C"}


def canonical(rows: list[dict[str, object]]) -> tuple[pa.Table, pa.Table]:
    """Declarations and findings of one item each; what a row does not state is the same for all."""
    common: dict[str, object] = {
        "office": "30", "import_type": "11", "import_use": "21", "payment_type": "11", "transport_mode": "10",
        "declarant_id": "D1", "trader_id": "T1", "counterparty_id": None, "carrier_id": None,
        "origin_indicator": "G", "duty_rate": 0.08, "net_mass_kg": 10.0, "customs_value": 500.0,
        "day": 18262, "violation": False,
    }  # fmt: skip
    full = [common | row | {"declaration_id": f"K{number}"} for number, row in enumerate(rows)]
    found = pa.Table.from_pylist(
        [{name: row[name] for name in ("declaration_id", "violation")} for row in full]
    )
    midnight = [86_400_000_000 * int(str(row["day"])) - 9 * 3_600_000_000 for row in full]
    declared = pa.Table.from_pylist(full)
    declared = declared.append_column("registered_at", pa.array(midnight, pa.timestamp("us", tz="UTC")))
    return declared, found.take(list(range(len(full)))[::-1])


DAYS, A_DAY = 140, 12


def a_border() -> Goods:
    """Shoes and tyres in turn, twelve a day: shoes below 30 kg are wrong, tyres never.

    Shoes repeat: 300 steps of mass in 840 rows. No two tyres are the same.
    """
    rows: list[dict[str, object]] = []
    for number in range(DAYS * A_DAY):
        shoes = number % 2 == 1
        mass = (1 + number % 600) / 10 if shoes else 500.0 + number
        stated = {"net_mass_kg": mass, "customs_value": mass * 20, "trader_id": f"T{number % 7}"}
        outcome = {"day": 18262 + number // A_DAY, "violation": shoes and mass < 30}
        rows.append({**(SHOES if shoes else TYRES), **stated, **outcome})
    return goods_of(*canonical(rows))


@pytest.fixture(scope="module")
def border() -> Goods:
    return a_border()


@pytest.fixture(scope="module")
def columns(border: Goods) -> Columns:
    return Columns(border)


def test_rows_are_one_tuple_only_if_all_seven_agree() -> None:
    other: list[dict[str, object]] = [
        {},
        {"declarant_id": "D2", "trader_id": "T9", "office": "40", "day": 18300},  # not of the seven
        {"hs_code": "640399"},
        {"customs_value": 501.0},
        {"departure_country": "HK"},
        {"origin_country": "CN"},
        {"duty_rate": 0.05},
        {"duty_rate": None},
        {"preference": "C"},
        {"net_mass_kg": 11.0},
        {"net_mass_kg": 11.0, "customs_value": 550.0},  # the unit price of the first
        {"duty_rate": None},
    ]
    goods = goods_of(*canonical([{**SHOES, **row} for row in other]))
    assert goods.same.tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 6]


def test_without_mass_the_value_tells_no_tuples_apart() -> None:
    rows = [{"net_mass_kg": 0.0, "customs_value": value} for value in (1.0, 2.0)]
    assert goods_of(*canonical([{**SHOES, **row} for row in rows])).same.tolist() == [0, 0]


def test_days_are_those_of_seoul_and_outcomes_meet_their_declarations() -> None:
    goods = goods_of(*canonical([{**SHOES, "day": 18262}, {**TYRES, "day": 18263, "violation": True}]))
    assert goods.day.tolist() == [18262, 18263]
    assert goods.wrong.tolist() == [0.0, 1.0]


def test_no_tuple_lies_in_two_folds() -> None:
    same = np.array([0, 1, 2, 0, 3, 4, 1, 0, 5, 4])
    for seed in range(20):
        dealt = folds(same, 5, seed)
        learn = [set(same[dealt != fold].tolist()) for fold in range(5)]
        ask = [set(same[dealt == fold].tolist()) for fold in range(5)]
        assert [learned & asked for learned, asked in zip(learn, ask, strict=True)] == [set()] * 5
        assert sorted(tuple_ for asked in ask for tuple_ in asked) == [0, 1, 2, 3, 4, 5]
        assert dealt[[0, 3, 7]].tolist() == [dealt[0]] * 3


def test_a_fifth_of_the_tuples_is_kept_apart_as_a_whole(border: Goods) -> None:
    apart = kept_apart(border)
    assert set(border.same[apart].tolist()) & set(border.same[~apart].tolist()) == set()
    assert 0.1 < apart.mean() < 0.3


def test_one_row_of_each_tuple_is_drawn_in_order(border: Goods) -> None:
    rows = first_of_each(border, seed=1)
    assert len(rows) == len(set(border.same.tolist())) == 300 + 840
    assert (np.diff(rows) > 0).all()


def test_a_tuple_counts_once_however_often_it_was_declared(columns: Columns) -> None:
    learn = np.array([1, 601, 1201, 0])  # one pair of shoes three times, tyres once
    rows, weight = model.condensed(columns, learn, 1.0)
    assert rows.tolist() == [0, 1]
    assert weight.tolist() == [1.0, 1.0]
    assert model.condensed(columns, learn, 0.5)[1].round(3).tolist() == [1.0, 1.732]


def test_deviations_rest_on_the_rows_learned_from_alone(columns: Columns) -> None:
    shoes = np.arange(1, 21, 2)  # of 0.2, 0.4, … 2 kg, all at the same unit value
    told_of = columns.deviations(shoes)
    assert np.exp(told_of[[1, 11], 1]).round(6).tolist() == [round(0.2 / 1.2, 6), 1.0]
    assert told_of[[1, 11], 0].round(9).tolist() == [0.0, 0.0]
    assert np.isnan(told_of[0]).all()  # no tyres were learned from


@pytest.mark.parametrize("name", model.PARTS)
def test_every_part_learns_which_shoes_are_wrong(name: str, columns: Columns, border: Goods) -> None:
    dealt = folds(border.same, 2, seed=1)
    learn, ask = np.flatnonzero(dealt == 0), np.flatnonzero(dealt == 1)
    score = model.PARTS[name](columns, learn, ask, seed=1)
    assert auc(score, border.wrong[ask]) > 0.7


def test_nothing_of_the_asked_outcomes_is_looked_at(border: Goods) -> None:
    dealt = folds(border.same, 2, seed=1)
    learn, ask = np.flatnonzero(dealt == 0), np.flatnonzero(dealt == 1)
    turned = border.wrong.copy()
    turned[ask] = 1 - turned[ask]
    answers = []
    for goods in (border, replace(border, wrong=turned)):
        columns = Columns(goods)
        mix = model.chosen(columns, learn, seed=1)
        answers.append((mix, model.mixed(columns, learn, ask, seed=1, mix=mix).tolist()))
    assert answers[0] == answers[1]


def test_intervals_come_from_whole_tuples() -> None:
    counts = draws(2, seed=1, count=4)
    assert counts[0].tolist() == [1.0, 1.0]
    score, wrong = np.array([0.9, 0.5, 0.4, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    twice = figures(score, wrong, np.array([[2.0, 1.0, 1.0, 1.0]]), [0.4])
    assert twice.round(4).tolist() == [[0.8333, 1.0]]
    assert told(np.array([0.5, np.nan])) == {"value": 0.5, "low": None, "high": None}


def test_equal_scores_share_a_place() -> None:
    value = figures(np.zeros(4), np.array([1.0, 0.0, 0.0, 0.0]), np.ones((1, 4)), [0.25])
    assert value.tolist() == [[0.5, 0.25]]


def test_a_strategy_learns_of_its_own_controls_only(columns: Columns, border: Goods) -> None:
    learned: list[set[int]] = []

    def last_first(columns: Columns, learn: np.ndarray, ask: np.ndarray, *, seed: int) -> np.ndarray:
        learned.append(set(learn.tolist()))
        return ask.astype(np.float64)

    rows = np.arange(len(border))
    course = replay(columns, rows, way=last_first, random_share=0.0, share=0.05, seed=1)
    warm = set(range(91 * A_DAY))
    controlled = set(course.rows[course.controlled].tolist())
    assert learned[0] == warm
    assert len(learned) == 2  # once in four weeks
    assert learned[1] == warm | {row for row in controlled if row < (91 + 28) * A_DAY}
    assert sorted(controlled)[:8] == [1172, 1173, 1174, 1175, 1256, 1257, 1258, 1259]
    assert not course.drawn.any()


def test_the_random_share_is_drawn_from_everyone(columns: Columns, border: Goods) -> None:
    rows = np.arange(len(border))
    course = replay(columns, rows, way=model.rates, random_share=0.5, share=0.5, seed=1)
    assert (int(course.controlled.sum()), int(course.drawn.sum())) == (7 * 42, 7 * 21)
    assert course.controlled[course.drawn].all()


def test_the_whole_study_runs_on_the_made_border(columns: Columns, border: Goods) -> None:
    lines: list[str] = []
    crossed = grouped(columns, seeds=[1], tell=lines.append)
    assert len(lines) == 5
    assert crossed["tuples"] == 1140
    assert crossed["all_rows"]["daliz"]["auc"]["value"] > 0.9
    assert crossed["all_rows"]["random"]["auc"]["value"] < 0.7
    split = published(columns, first_day=18262 + 100, seed=1)
    assert (split["rows_learned"], split["rows_asked"]) == (1200, 480)
    assert split["rows_asked_whose_tuple_was_learned"] == 240  # the shoes; tyres are never the same again
    assert split["all_rows"]["look-up of the tuple"]["auc"]["value"] == 1.0
    answer = compared(columns, lambda _: np.arange(len(border)), share=0.2, seeds=[1, 2], tell=lines.append)
    assert {name: answer[name]["controlled"] for name in STRATEGIES} == dict.fromkeys(STRATEGIES, 2 * 7 * 17)
    assert answer["daliz"]["hit_rate"]["value"] > answer["random"]["hit_rate"]["value"]


def test_the_public_files_hold_so_many_tuples(shared_data: Path) -> None:
    goods = read_goods(shared_data / "korea")
    assert (len(goods), int(goods.wrong.sum())) == (45_519, 9_818)
    assert int(goods.same.max()) + 1 == 16_902
    assert int(kept_apart(goods).sum()) == 9_176
    dealt = folds(goods.same, 5, seed=11)
    assert sum(len(set(goods.same[dealt == fold].tolist())) for fold in range(5)) == 16_902


PAGE = PLOT.with_suffix(".md")


def table(heading: str) -> dict[str, list[str]]:
    """The cells of the page's table whose first heading this is, by way."""
    lines = PAGE.read_text(encoding="utf-8").split(f"| {heading} |")[1].split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in rows}


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(RESULT.read_text(encoding="utf-8"))
    return loaded


def near(cell: str, figure: Mapping[str, float]) -> bool:
    """Tell whether a cell says a kept figure and its ends, to three digits."""
    found = re.fullmatch(r"(-?[0-9.]+) \((-?[0-9.]+)–(-?[0-9.]+)\)", cell)
    assert found, cell
    told_of = [float(number) for number in found.groups()]
    kept_of = [figure[end] for end in ("value", "low", "high")]
    return bool(np.all(np.abs(np.subtract(told_of, kept_of)) < 0.00051))


CROSSED = ("auc", "precision_at_5", "precision_at_10")
REPLAYED = ("hit_rate", "share_of_violations_found", "hit_rate_of_fresh_tuples")


@pytest.mark.parametrize(
    ("heading", "part", "name", "measures"),
    [
        ("all rows", "grouped_cross_validation", "all_rows", CROSSED),
        ("tuples kept apart", "grouped_cross_validation", "rows_of_tuples_kept_apart", CROSSED),
        ("each tuple once", "replay", "each_tuple_once", REPLAYED),
        ("as published", "replay", "as_published", REPLAYED),
    ],
)
def test_the_page_tells_what_was_kept(
    heading: str, part: str, name: str, measures: tuple[str, ...], kept: dict[str, Any]
) -> None:
    rows = table(heading)
    assert len(rows) > 3
    for way, cells in rows.items():
        for cell, measure in zip(cells, measures, strict=False):
            assert near(cell, kept[part][name][way][measure]), (way, measure)


def test_the_page_tells_the_published_split_as_it_was_kept(kept: dict[str, Any]) -> None:
    parts = ("all_rows", "tuples_seen_in_training", "tuples_not_seen")
    for way, cells in table("published split").items():
        for cell, part in zip(cells, parts, strict=True):
            assert near(cell, kept["published_split"][part][way]["auc"]), (way, part)


def test_the_kept_study_is_above_a_plain_lightgbm_on_unseen_tuples(kept: dict[str, Any]) -> None:
    crossed = kept["grouped_cross_validation"]["all_rows"]
    assert crossed["daliz"]["auc"]["value"] > 0.62
    assert crossed["daliz"]["precision_at_10"]["value"] > 0.33
    assert crossed["daliz less lightgbm"]["auc"]["low"] > 0
    assert crossed["daliz less lightgbm"]["precision_at_10"]["low"] > 0


def test_the_plot_is_drawn_from_what_was_kept(kept: dict[str, Any]) -> None:
    svg = PLOT.read_text(encoding="utf-8")
    assert svg == drawn(kept["grouped_cross_validation"]["all_rows"])
    one = {"value": 0.58, "low": 0.53, "high": 0.63}
    small = drawn(
        {"daliz": {"auc": one, "precision_at_10": {"value": 0.29, "low": 0.18, "high": 0.4}}}, ["daliz"]
    )
    assert '<circle cx="315.0" cy="47" r="4" fill="#0b5cad"/>' in small
    assert '<line x1="480.0" x2="730.0" y1="47" y2="47" stroke="#0b5cad" stroke-width="2"/>' in small
