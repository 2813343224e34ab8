"""``daliz backtest`` as an analyst runs it."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import Result

from daliz.engine.pack import load_pack
from daliz.engine.world import write_world
from tests.doors.cli.calling import daliz, refused

CHEAP = "item.unit_value < 0.8 * reference.unit_value_p50 AND item.value_share >= 0.05"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=load_pack("kz"), seed=5, months=2, per_day=30, first_month=date(2026, 2, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def facts(world: Path) -> Path:
    kept = world / "kept.parquet"
    result = daliz(
        "backtest", "--expression", CHEAP, "--declarations", world / "declarations.parquet",
        "--findings", world / "findings.parquet", "--keep-facts", kept,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return kept


def over(facts: Path, *arguments: object) -> Result:
    findings = facts.parent / "findings.parquet"
    return daliz("backtest", "--facts", facts, "--findings", findings, *arguments)


def test_the_answer_is_told_in_words_and_tables(facts: Path) -> None:
    result = over(facts, "--expression", CHEAP, "--sweep", "1")
    assert result.exit_code == 0, result.output
    assert "It fired on " in result.output
    assert "This is biased" in result.output
    assert "February 2026" in result.output
    assert "Threshold 1: item.unit_value < 0.8 * reference.unit_value_p50" in result.output
    assert "0.8 ◀" in result.output


def test_json_has_stable_keys(facts: Path) -> None:
    answer = json.loads(over(facts, "--expression", CHEAP, "--sweep", "all", "--json").output)
    assert list(answer) == [
        "subject", "pack", "days", "level", "population", "fired", "forms", "precision", "precision_plain",
        "precision_random", "propensities", "recall_of_known", "provisional", "assessed_per_firing",
        "needed_minutes", "months", "offices", "alone", "overlaps", "sweeps",
    ]  # fmt: skip
    assert answer["subject"]["indicator"] == CHEAP
    assert answer["precision"]["method"] == "plain"
    assert answer["precision"]["biased"] is True
    assert answer["propensities"] is None
    assert [one["number"] for one in answer["sweeps"]] == [1, 2]
    assert [one["value"] for one in answer["sweeps"][0]["tried"] if one["present"]] == [0.8]
    assert (
        sum(month["declarations"] for month in answer["months"].values()) == answer["fired"]["declarations"]
    )


def test_the_same_question_gives_the_same_bytes(facts: Path) -> None:
    first, again = (over(facts, "--expression", CHEAP, "--sweep", "all", "--json").output for _ in range(2))
    assert first == again


def test_kept_facts_and_declarations_give_the_same_answer(facts: Path) -> None:
    given = daliz(
        "backtest", "--expression", CHEAP, "--declarations", facts.parent / "declarations.parquet",
        "--findings", facts.parent / "findings.parquet", "--json",
    )  # fmt: skip
    assert given.output == over(facts, "--expression", CHEAP, "--json").output


def test_decisions_of_an_assessment_tell_how_likely_control_was(facts: Path, tmp_path: Path) -> None:
    made = daliz(
        "assess", facts.parent / "declarations.parquet", "--findings", facts.parent / "findings.parquet",
        "--month", "2026-02", "--out", tmp_path / "decided",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    options = ("--expression", CHEAP, "--month", "2026-02", "--decisions", tmp_path / "decided")
    answer = json.loads(over(facts, *options, "--json").output)
    assert answer["propensities"]["form"] == "physical"
    assert answer["propensities"]["decided"] == answer["fired"]["declarations"]
    assert answer["precision"]["method"] == "weighted"
    assert "It speaks for " in over(facts, *options).output


def test_what_never_fired_says_so_and_no_more(facts: Path) -> None:
    result = over(facts, "--expression", "item.unit_value < 0")
    assert result.exit_code == 0
    assert result.output.rstrip().endswith("It never fired.")


def test_what_was_never_controlled_says_so(facts: Path) -> None:
    result = over(facts, "--expression", CHEAP, "--month", "last")
    assert "None of them was controlled: nothing can be said of its precision." in result.output
    assert "biased" not in result.output


def test_without_findings_nothing_was_controlled(facts: Path) -> None:
    result = daliz("backtest", "--facts", facts, "--expression", CHEAP)
    assert "None of them was controlled" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name a profile or give --expression"),
        (("KZ-UV-01", "--expression", "TRUE"), "name a profile or give --expression"),
        (("KZ-UV-0",), "the nearest is KZ-UV-0"),
        (("--expression", CHEAP, "--sweep", "x"), "--sweep x: write all"),
        (("--expression", CHEAP, "--sweep", "3"), "there is no threshold 3"),
        (("--expression", CHEAP, "--level", "2"), "--level 2.0"),
        (("--expression", CHEAP, "--month", "2025-01"), "no declaration was registered"),
        (("--expression", "item.unit_valu < 1"), "item.unit_value"),
        (("--expression", "calendar.weekday < 1"), "the store of facts lacks calendar.weekday"),
        (("--expression", CHEAP, "--decisions", "."), "has no decisions.parquet"),
    ],
)
def test_what_is_wrong_is_said(facts: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(over(facts, *arguments))


def test_declarations_or_facts_not_both_nor_neither(facts: Path) -> None:
    both = over(facts, "--expression", CHEAP, "--declarations", facts.parent / "declarations.parquet")
    assert "give --declarations or --facts" in refused(both)
    assert "give --declarations or --facts" in refused(daliz("backtest", "KZ-UV-01"))
