"""The state of learning: the same trees of the same data, columns as they were, findings taken back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daliz.engine.estimators.learner import FORMS, NAMES, Learner, Lessons, Morning, grow
from daliz.engine.pack import HarmPoints
from daliz.engine.records.schema import FINDINGS

HARM = HarmPoints({"undervaluation": 2.0})
RATE = NAMES.index("rate.trader.trader_id.papers")


def findings(*rows: Mapping[str, object]) -> pa.Table:
    plain = {
        "subject": "declaration", "control_form": "physical", "source": "control", "finality": "final",
        "closed_at": datetime(2026, 2, 2, tzinfo=UTC), "known_at": datetime(2026, 2, 3, tzinfo=UTC),
        "violation": True, "violation_type": "undervaluation", "assessed": 100,
    }  # fmt: skip
    return pa.Table.from_pylist([plain | dict(row) for row in rows], schema=FINDINGS.arrow)


def of_day(facts: pa.Table, at: int) -> tuple[int, pa.Table]:
    days = facts["day"].unique().sort()
    return days[at].cast(pa.int32()).as_py(), facts.filter(pc.equal(facts["day"], days[at]))


@pytest.fixture
def learner() -> Learner:
    return Learner(harm=HARM, seed=3)


@pytest.fixture
def monday(learner: Learner, facts: pa.Table) -> Morning:
    day, rows = of_day(facts, 0)
    return learner.morning(rows, day)


def test_a_day_without_declarations_has_columns_and_no_rows(learner: Learner, facts: pa.Table) -> None:
    empty = learner.morning(facts.slice(0, 0), 20_000)
    assert empty.values.shape == (0, len(NAMES))
    learner.keep(empty, [])
    learner.evening(empty)
    assert learner.outlook(empty) is None
    assert learner.fit() is None


def test_a_finding_moves_rates_and_its_annulment_restores_them(
    learner: Learner, monday: Morning, facts: pa.Table
) -> None:
    number = monday.number[0]
    learner.keep(monday, [number])
    before = learner.morning(monday.facts, monday.day + 2).values
    learner.learn(findings({"finding_id": "F1", "declaration_id": number}), monday.day + 1)
    assert learner.morning(monday.facts, monday.day + 2).values[0, RATE] > before[0, RATE] + 0.01
    assert list(learner.everything_shown()) == [number]
    annulled = {"finding_id": "F2", "declaration_id": number, "supersedes": "F1", "finality": "annulled"}
    learner.learn(findings(annulled), monday.day + 2)
    after = learner.morning(monday.facts, monday.day + 2).values
    np.testing.assert_allclose(after, before, atol=1e-12)
    assert learner.everything_shown() == {}
    assert learner.lessons() is None


def test_columns_are_kept_as_they_were_at_the_decision(learner: Learner, monday: Morning) -> None:
    first, second = list(dict.fromkeys(monday.number))[:2]
    learner.keep(monday, [first, second])
    learner.evening(monday)
    told = [{"finding_id": f"F{n}", "declaration_id": n} for n in (first, second)]
    learner.learn(findings(*told), monday.day + 1)
    lessons = learner.lessons()
    assert lessons is not None
    rows = [row for number in sorted((first, second)) for row in range(len(monday.number))
            if monday.number[row] == number]  # fmt: skip
    np.testing.assert_array_equal(lessons.values, monday.values[rows].astype(np.float32))
    assert not np.array_equal(
        learner.morning(monday.facts, monday.day + 2).values[rows], monday.values[rows], equal_nan=True
    )


def test_what_a_control_stands_for_can_be_stated_when_all_are_known(
    learner: Learner, monday: Morning
) -> None:
    number = monday.number[0]
    learner.keep(monday, [number])
    learner.learn(findings({"finding_id": "F1", "declaration_id": number}), monday.day + 1)
    learner.weigh({number: 7.0, "of another border": 3.0})
    lessons = learner.lessons()
    assert lessons is not None
    assert lessons.weight.tolist() == [7.0] * monday.number.count(number)


def test_a_finding_that_is_known_before_its_declaration_is_kept_is_not_lost(
    learner: Learner, monday: Morning
) -> None:
    number = monday.number[0]
    learner.learn(findings({"finding_id": "F1", "declaration_id": number}), monday.day)
    assert learner.everything_shown() == {}
    learner.keep(monday, [number])
    assert list(learner.everything_shown()) == [number]


def test_a_declaration_that_is_kept_anew_is_learned_once(learner: Learner, monday: Morning) -> None:
    number = monday.number[0]
    learner.keep(monday, [number])
    learner.learn(findings({"finding_id": "F1", "declaration_id": number}), monday.day)
    once = learner.morning(monday.facts, monday.day).values
    learner.keep(monday, [number])
    np.testing.assert_allclose(learner.morning(monday.facts, monday.day).values, once, atol=1e-12)
    assert list(learner.everything_shown()) == [number]
    shown = learner.everything_shown()[number]
    assert shown.hit == {"physical"}


def test_findings_of_declarations_that_nobody_kept_teach_nothing(learner: Learner, monday: Morning) -> None:
    learner.learn(findings({"finding_id": "F1", "declaration_id": "of another border"}), monday.day)
    assert learner.lessons() is None
    assert learner.fit() is None


def lessons(seed: int, *, count: int = 1500, wrong: float = 0.2) -> Lessons:
    """Violations where the first column is high; payments a thousand times the second."""
    chance = np.random.default_rng(seed)
    values = chance.random((count, len(NAMES))).astype(np.float32)
    hit = (values[:, 0] > 1 - wrong).astype(np.float64)
    money = hit * 1000 * (1 + values[:, 1])
    return Lessons(
        parts=[values[: count // 3], values[count // 3 :]],
        found=np.column_stack([hit, np.zeros(count), np.full(count, np.nan)]),
        assessed=np.column_stack([money, np.zeros(count), np.zeros(count)]),
        harm=np.zeros(count),
        weight=np.ones(count),
    )


@pytest.fixture(scope="module")
def taught() -> Lessons:
    return lessons(1)


def test_the_same_lessons_and_seed_give_the_same_trees_and_another_seed_others(taught: Lessons) -> None:
    one, same, other = (grow(taught, seed=seed, threads=1) for seed in (5, 5, 6))
    assert sorted(one.trees) == ["papers.assessed", "papers.found"]
    assert one.kinds() == ["papers"]
    for name, trees in one.trees.items():
        assert trees.threshold.tobytes() == same.trees[name].threshold.tobytes()
        assert trees.leaf_value.tobytes() == same.trees[name].leaf_value.tobytes()
    assert one.trees["papers.found"].leaf_value.tobytes() != other.trees["papers.found"].leaf_value.tobytes()


def test_trees_find_what_was_taught_and_expect_what_it_brought(taught: Lessons) -> None:
    grown = grow(taught, seed=5, threads=1)
    asked = lessons(2, count=400)
    chance, money, harm = grown.estimate(asked.values.astype(np.float64))["papers"]
    hit = asked.found[:, 0] > 0
    assert chance[hit].mean() > 0.8
    assert chance[~hit].mean() < 0.1
    assert money[hit].mean() == pytest.approx(asked.assessed[hit, 0].mean(), rel=0.05)
    assert harm.tolist() == [0] * 400
    assert grown.positives == int((taught.found[:, 0] > 0).sum())


def test_amounts_grow_with_the_declared_value_beyond_what_was_seen() -> None:
    """A quarter of the value where the second column is high, a twentieth elsewhere; then values tenfold."""
    taught = lessons(3)
    chance = np.random.default_rng(3)
    part = np.where(taught.values[:, 1] > 0.5, 0.25, 0.05)
    value = chance.lognormal(13, 1, len(part))
    values = taught.values
    values[:, NAMES.index("item.customs_value")] = value
    taught = replace(taught, parts=[values])
    money = taught.assessed.copy()
    money[:, 0] = part * taught.values[:, NAMES.index("item.customs_value")] * (taught.found[:, 0] > 0)
    grown = grow(replace(taught, assessed=money), seed=5, threads=1)
    asked = taught.values.astype(np.float64)
    asked[:, NAMES.index("item.customs_value")] *= 10
    _, told, _ = grown.estimate(asked)["papers"]
    sure = (taught.found[:, 0] > 0) & (np.abs(taught.values[:, 1] - 0.5) > 0.05)
    assert np.median(told[sure] / (10 * value[sure] * part[sure])) == pytest.approx(1.0, abs=0.1)


def test_no_less_is_owed_the_further_the_price_is_below_the_usual_one() -> None:
    """A quarter of the value is owed far below the usual price, a twentieth elsewhere; by chance, the finds
    at a third of the price were small.
    """
    taught = lessons(4)
    ratio = NAMES.index("ratio.unit_value_to_usual")
    values = taught.values
    values[:, ratio] = np.random.default_rng(4).uniform(-2.0, 1.0, len(values))
    values[:, NAMES.index("item.customs_value")] = 1e6
    low, third = values[:, ratio] < -0.7, np.abs(values[:, ratio] + 1.1) < 0.1
    part = np.where(third, 0.01, np.where(low, 0.25, 0.05))
    found = taught.found[:, 0] > 0
    assert (found & third).sum() > 10
    money = taught.assessed.copy()
    money[:, 0] = part * 1e6 * found
    grown = grow(replace(taught, parts=[values], assessed=money), seed=5, threads=1)
    asked = np.repeat(values[found][:1].astype(np.float64), 61, axis=0)
    asked[:, ratio] = np.linspace(-2.0, 1.0, 61)
    _, told, _ = grown.estimate(asked)["papers"]
    assert (np.diff(told) <= 1e-6).all()
    assert told[0] > 3 * told[-1]


def test_no_model_is_grown_of_fewer_than_thirty_finds() -> None:
    few = lessons(1, count=400, wrong=0.05)
    assert (few.found[:, 0] > 0).sum() < 30
    grown = grow(few, seed=5, threads=1)
    assert dict(grown.trees) == {}
    assert grown.estimate(few.values.astype(np.float64)) == {}


def test_an_empty_day_is_estimated_as_empty(taught: Lessons) -> None:
    chance, money, harm = grow(taught, seed=5, threads=1).estimate(np.zeros((0, len(NAMES))))["papers"]
    assert (chance.shape, money.shape, harm.shape) == ((0,), (0,), (0,))


def test_forms_are_those_that_models_tell_apart() -> None:
    assert FORMS == ("documents", "physical", "post_release")
