"""What counts as an answer, and what is told of one that is none."""

import pyarrow as pa
import pytest

from daliz.engine.strategies import STRATEGIES, Capacity, Strategy, StrategyError, answer, checked, load

ASKED = pa.table({"declaration_id": ["D1", "D1", "D2"]})
PAPERS = Capacity(declarations={"documents": 1})


def refused(given: object, capacity: Capacity = PAPERS) -> str:
    with pytest.raises(StrategyError) as error:
        checked(given, ASKED, capacity=capacity)  # type: ignore[arg-type]  # whatever a strategy may return
    return str(error.value)


def test_an_answer_has_one_row_for_each_declaration_in_the_order_given() -> None:
    given = checked(answer(["D2", "D1"], ["documents", None]), ASKED, capacity=PAPERS)
    assert given["declaration_id"].to_pylist() == ["D2", "D1"]
    assert given["propensity"].to_pylist() == [1.0, 0.0]
    assert given["in_random"].to_pylist() == [False, False]


def test_columns_may_come_in_any_order_and_further_ones_are_left_aside() -> None:
    table = answer(["D1", "D2"], [None, None])
    turned = table.select(list(reversed(table.column_names))).append_column("mine", pa.array([1, 2]))
    assert checked(turned, ASKED, capacity=PAPERS) == table


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("controls", "decide returned str, not a table"),
        (answer(["D1"], [None]), "the answer has 1 declarations; it was asked about 2, each needs its row"),
        (answer(["D1", "D1"], [None, None]), "the answer has a declaration twice"),
        (
            answer(["D1", "D3"], [None, None]),
            "the answer has 2 declarations; it was asked about 2, each needs",
        ),
        (
            answer(["D1", "D2"], ["physical", None]),
            "the answer has the form of control physical, for which there is no capacity",
        ),
        (
            answer(["D1", "D2"], [None, None], probability=[0.5, 1.5]),
            "probability: a value lies outside 0 to 1.0",
        ),
        (
            answer(["D1", "D2"], [None, None], expected_damage=[float("nan"), 1.0]),
            "expected_damage: a value lies outside 0 to inf",
        ),
        (
            answer(["D1", "D2"], ["documents", None], propensity=[0.0, 0.0]),
            "a control has the propensity 0, though it was chosen",
        ),
        (answer(["D1", "D2"], [None, None]).drop(["reason"]), "the answer lacks the columns reason"),
    ],
)
def test_a_bad_answer_is_refused_with_its_reason(given: object, told: str) -> None:
    assert refused(given).startswith(told)


def test_capacity_is_stated_in_one_way() -> None:
    with pytest.raises(StrategyError, match="in declarations or in minutes"):
        Capacity(declarations={"documents": 1}, minutes={("*", "documents"): 60.0})


def test_names_of_strategies_stand_in_their_order() -> None:
    assert list(STRATEGIES) == ["daliz", "rules", "rates", "lightgbm", "lightgbm+random", "random", "oracle"]


@pytest.mark.parametrize("name", ["random", "oracle", "lightgbm", "lightgbm+random"])
def test_a_strategy_is_loaded_by_name(name: str) -> None:
    assert isinstance(load(name, pack="kz", seed=1), Strategy)


def test_an_unknown_strategy_is_refused_with_those_there_are() -> None:
    with pytest.raises(StrategyError, match="best is not a strategy; there are daliz, rules"):
        load("best", pack="kz", seed=1)


def test_a_class_that_is_no_strategy_is_refused() -> None:
    with pytest.raises(StrategyError, match="lacks observe, learn or decide"):
        load("builtins:dict", pack="kz", seed=1)
