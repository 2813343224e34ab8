"""``daliz plan`` as a person runs it."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from daliz.doors.cli.assessment_task import stated_capacity
from daliz.doors.cli.days import AskedDays, Span
from daliz.engine.pack import load_pack
from daliz.engine.records.decisions import LOAD, PLAN
from daliz.engine.records.files import read_table
from daliz.engine.world import write_world
from tests.doors.cli.calling import daliz, refused

SCARCE = ("--capacity", "documents=8%,physical=8%,post_release=8%")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=load_pack("kz"), seed=5, months=2, per_day=15, first_month=date(2026, 2, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return folder


def plan(world: Path, *more: object) -> Result:
    return daliz(
        "plan", world / "declarations.parquet", "--findings", world / "findings.parquet", "--no-models", *more
    )


@pytest.fixture(scope="module")
def planned(world: Path) -> Path:
    result = plan(world, "--weeks", 2, *SCARCE, "--out", world / "planned", "--daily")
    assert result.exit_code == 0, result.output
    (world / "screen.txt").write_text(result.output, encoding="utf-8")
    return world / "planned"


@pytest.fixture(scope="module")
def told(planned: Path) -> dict[str, Any]:
    told = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def test_the_screen_says_what_the_plan_brings_and_where_an_hour_would_bring_most(planned: Path) -> None:
    screen = " ".join((planned.parent / "screen.txt").read_text(encoding="utf-8").split())
    for said in (
        "declarations from 18 Mar 2026 to 31 Mar 2026, 14 days planned at once.",
        "Each day planned by itself, as an assessment does:",
        "No plan can bring more than",
        "Controls after release may wait 5 days of the plan:",
        "If officers of each pool and form could be moved between these days,",
        "One more officer-hour a day would bring most in document check, all offices:",
        "An hour moved",
        "Of earlier days",
    ):
        assert said in screen


def test_json_has_stable_keys_and_sums_that_agree(told: dict[str, Any], planned: Path) -> None:
    assert list(told) == [
        "schema", "engine", "pack", "currency", "inputs", "assessed", "planned", "profiles_of",
        "declarations", "quarantined_declarations", "capacity", "wait_days", "gain", "waiting", "deferred",
        "other_capacity", "lanes",
    ]  # fmt: skip
    gain = {name: float(value) for name, value in told["gain"].items()}
    assert gain["more"] == pytest.approx(gain["plan"] - gain["day_by_day"], abs=0.02)
    assert 0 < gain["plan"] <= gain["bound"] < gain["if_officers_moved"]
    assert told["capacity"] == {
        "unit": "declarations", "stated": "documents=8%,physical=8%,post_release=8%", "lines_outside": 0,
    }  # fmt: skip
    rows = read_table(planned / "plan.parquet", PLAN).to_pylist()
    assert [lane["control_form"] for lane in told["lanes"]] == ["documents", "physical", "post_release"]
    for lane in told["lanes"]:
        of_lane = [row for row in rows if row["control_form"] == lane["control_form"]]
        assert len(of_lane) == 14
        assert sum(row["controls"] for row in of_lane) == lane["controls"]
        assert sum(row["waiting"] for row in of_lane) == sum(row["earlier"] for row in of_lane)
        assert lane["idle"] == sum(row["idle"] for row in of_lane)


def test_nothing_waits_unless_it_may_and_then_the_plan_is_what_an_assessment_does(
    world: Path, tmp_path: Path
) -> None:
    result = plan(world, "--weeks", 2, *SCARCE, "--wait", 0, "--out", tmp_path / "plan", "--json")
    told = json.loads(result.stdout)
    assert (told["gain"]["more"], told["waiting"]) == ("0.00", 0)
    assert told["gain"]["plan"] == told["gain"]["day_by_day"]
    assessed = daliz(
        "assess", world / "declarations.parquet", "--findings", world / "findings.parquet", "--no-models",
        "--from", "2026-03-18", *SCARCE, "--out", tmp_path / "assessed",
    )  # fmt: skip
    assert assessed.exit_code == 0, assessed.output
    planned = {
        (row["day"], row["pool"], row["control_form"]): row
        for row in read_table(tmp_path / "plan" / "plan.parquet", PLAN).to_pylist()
    }
    load = read_table(tmp_path / "assessed" / "load.parquet", LOAD).to_pylist()
    assert len(load) == len(planned) == 42
    for row in load:
        one = planned[row["day"], row["pool"], row["control_form"]]
        for name in ("available", "mandatory", "random", "waivable", "controls", "minutes"):
            assert one[name] == row[name]
        assert one["waived"] + one["costly"] == row["waived"]


def test_the_page_speaks_three_languages_without_scripts_and_names_no_place(planned: Path) -> None:
    page = (planned / "plan.html").read_text(encoding="utf-8")
    assert [page.count(f'class="page page-{lang}"') for lang in ("en", "ru", "kk")] == [1, 1, 1]
    assert "Officers’ time planned" in page
    assert "Время должностных лиц по плану" in page
    assert "<script" not in page
    assert str(planned.parent) not in page


def test_the_same_input_gives_the_same_bytes(world: Path, planned: Path, tmp_path: Path) -> None:
    assert plan(world, "--weeks", 2, *SCARCE, "--out", tmp_path).exit_code == 0
    for name in ("plan.parquet", "plan.json", "plan.html"):
        first, second = (
            hashlib.sha256((folder / name).read_bytes()).hexdigest() for folder in (planned, tmp_path)
        )
        assert first == second


def test_past_days_stand_for_the_same_weekdays_to_come(world: Path, tmp_path: Path) -> None:
    minutes = tmp_path / "minutes.csv"
    minutes.write_text(
        "pool,form,day,minutes\n*,documents,,240\n*,documents,2026-04-13,960\n*,documents,2026-03-23,9\n"
        "*,post_release,2026-04-10,4800\n*,post_release,2026-04-17,4800\n"
    )
    result = plan(
        world, "--from", "2026-03-16", "--weeks", 2, "--stand-for", "2026-04-06", "--capacity", minutes,
        "--out", tmp_path / "plan", "--json",
    )  # fmt: skip
    told = json.loads(result.stdout)
    assert told["assessed"] == {"first": "2026-03-16", "last": "2026-03-29"}
    assert told["planned"] == {"first": "2026-04-06", "last": "2026-04-19", "days": 14}
    assert told["profiles_of"] == "2026-04-06"
    assert told["capacity"] == {"unit": "minutes", "stated": "minutes.csv", "lines_outside": 1}
    available = {
        row["day"]: row["available"]
        for row in read_table(tmp_path / "plan" / "plan.parquet", PLAN).to_pylist()
        if row["control_form"] == "documents"
    }
    assert (available[date(2026, 4, 13)], available[date(2026, 4, 14)]) == (960.0, 240.0)
    assert told["waiting"] > 0
    assert float(told["gain"]["more"]) > 0
    assert [file["name"] for file in told["inputs"]] == [
        "declarations.parquet", "findings.parquet", "minutes.csv",
    ]  # fmt: skip


def test_another_capacity_is_held_against_the_plan(world: Path) -> None:
    told = json.loads(
        plan(world, "--weeks", 2, *SCARCE, "--other-capacity", "documents=12%", "--json").stdout
    )
    other = told["other_capacity"]
    assert (other["stated"], other["unit"]) == ("documents=12%", "declarations")
    assert float(other["more"]) == pytest.approx(float(other["plan"]) - float(told["gain"]["plan"]), abs=0.02)
    assert float(other["more"]) > 0


def test_without_officers_only_what_is_mandatory_is_controlled(world: Path) -> None:
    result = plan(world, "--weeks", 1, "--capacity", "documents=0%,physical=0%,post_release=0%")
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "There is no officer time on these days; only what is mandatory is controlled." in said
    assert "Expected gain of the plan: 0 KZT." in said


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ((None, None, None, None), date(2026, 3, 4), date(2026, 3, 31)),
        ((1, None, None, None), date(2026, 3, 25), date(2026, 3, 31)),
        ((None, None, "2026-03-20", None), date(2026, 3, 20), date(2026, 3, 31)),
        ((2, None, "2026-03-02", None), date(2026, 3, 2), date(2026, 3, 15)),
        ((1, None, None, "2026-03-15"), date(2026, 3, 9), date(2026, 3, 15)),
        ((None, "2026-02", None, None), date(2026, 2, 1), date(2026, 2, 28)),
        ((None, "last", None, None), date(2026, 3, 1), date(2026, 3, 31)),
        ((None, None, "2026-03-02", "2026-03-06"), date(2026, 3, 2), date(2026, 3, 6)),
        ((26, None, None, None), date(2026, 2, 1), date(2026, 3, 31)),
    ],
)
def test_the_weeks_are_those_asked_for_or_the_last(
    asked: tuple[int | None, str | None, str | None, str | None], first: date, last: date
) -> None:
    covered = Span(date(2026, 2, 1), date(2026, 3, 31))
    assert covered.within(AskedDays.of_weeks(*asked)) == Span(first, last)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--month", "last", "--weeks", 2), "--weeks says how many days"),
        (("--from", "2026-03-01", "--until", "2026-03-05", "--weeks", 2), "--weeks says how many days"),
        (("--stand-for", "April"), "--stand-for April: write it as 2026-04-06"),
        (("--from", "2027-01-01"), "no declaration was registered from"),
        (("--capacity", "papers=3%"), "papers is not a form of control"),
        (("--other-capacity", "documents=300%"), "write a share such as 16% or 0.16"),
    ],
)
def test_what_is_wrong_is_said(world: Path, wrong: tuple[object, ...], said: str) -> None:
    assert said in refused(plan(world, *wrong))


def test_another_capacity_keeps_the_shares_that_it_does_not_name() -> None:
    kz = load_pack("kz")
    stated = stated_capacity("documents=8%,physical=5%", kz)
    assert stated_capacity("documents=9%", kz, beside=stated).shares == {
        "documents": 0.09, "physical": 0.05, "post_release": 0.027,
    }  # fmt: skip
