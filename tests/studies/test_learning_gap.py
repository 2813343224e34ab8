"""The summary of the study, from results that are counted by hand."""

from pathlib import Path

from daliz.engine.world import Scenario
from studies.learning_gap import CAPACITIES, World, summary

Row = dict[str, object]


def a_result(seed: int, money: tuple[float, float, float], hits: tuple[float, float, float]) -> Row:
    """What Daliz, the baseline and the oracle reached in one world."""
    names = ("daliz", "lightgbm", "oracle")
    return {
        "setting": {"seed": seed, "capacity": CAPACITIES[0], "scenario": "stationary"},
        "strategies": {
            name: {"money_share": m, "harm_share": m / 2, "hit_rate": h}
            for name, m, h in zip(names, money, hits, strict=True)
        },
    }


def test_the_gap_closed_is_a_ratio_of_means_with_a_paired_interval() -> None:
    results = [a_result(seed, (0.6, 0.5, 0.9), (0.3, 0.2, 1.0)) for seed in range(4)]
    results.append(a_result(4, (0.5, 0.5, 0.6), (0.2, 0.2, 1.0)))
    everything = summary(results, "daliz")[CAPACITIES[0]]
    assert isinstance(everything, dict)
    whole = everything["all"]
    assert whole["worlds"] == 5
    assert whole["gap_closed_money"]["value"] == 0.2353  # (4 x 0.1 + 0) / (4 x 0.4 + 0.1)
    assert 0.15 < whole["gap_closed_money"]["low"] < 0.2353 < whole["gap_closed_money"]["high"] <= 0.25
    assert whole["gap_closed_money"]["worlds_above_0"] == 4
    assert whole["difference_hit_rate"] == {"mean": 0.08, "low": 0.0374, "high": 0.1226}  # t of 4 degrees


def test_one_world_has_no_interval_of_differences() -> None:
    one = summary([a_result(1, (0.6, 0.5, 0.9), (0.3, 0.2, 1.0))], "daliz")[CAPACITIES[0]]
    assert isinstance(one, dict)
    assert one["all"]["difference_money_share"] == {"mean": 0.1, "low": None, "high": None}


def test_scenarios_take_turns_from_the_first_seed() -> None:
    worlds = [World(seed, 3, 40, "daliz", Path("results")) for seed in range(1101, 1105)]
    assert [world.scenario for world in worlds] == [
        Scenario.STATIONARY, Scenario.DRIFT, Scenario.COLD, Scenario.STATIONARY,
    ]  # fmt: skip
    assert worlds[0].path(CAPACITIES[0]).name == "1101-documents16-physical4.json"
