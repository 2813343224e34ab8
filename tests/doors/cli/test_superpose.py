"""``daliz superpose`` as an analyst runs it."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import Result

from daliz.engine.pack import PACKS, ProfileStatus, check_pack, load_pack
from daliz.engine.pack.document import plain, read_document
from daliz.engine.pack.problems import Problems
from daliz.engine.world import write_world
from tests.doors.cli.calling import daliz, refused


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=load_pack("kz"), seed=5, months=2, per_day=40, first_month=date(2026, 2, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return folder


def superpose(world: Path, *arguments: object) -> Result:
    return daliz(
        "superpose", world / "declarations.parquet", "--findings", world / "findings.parquet", *arguments
    )


@pytest.fixture(scope="module")
def answered(world: Path) -> Path:
    result = superpose(
        world, "--out", world / "answer", "--keep-facts", world / "facts.parquet", "--lang", "en"
    )
    assert result.exit_code == 0, result.output
    (world / "screen.txt").write_text(result.output, encoding="utf-8")
    return world / "answer"


def test_the_screen_says_what_is_proposed_and_how_far_to_trust_it(answered: Path) -> None:
    screen = (answered.parent / "screen.txt").read_text(encoding="utf-8")
    for said in (
        "Today’s set are the profiles in force on 31 Mar 2026.",
        "and no set of these candidates can be worth more than",
        "All that are to be retired would bring",
        "No decision tells what models said of these declarations",
        "what they found is biased towards whom officers chose",
        "No finding is known on the days kept out: the comparison rests on expectation alone.",
        "These are proposals: nothing is changed until somebody approves it.",
        "would be missed",
        "redundant, retire",
    ):
        assert said in " ".join(screen.split())


def test_json_has_stable_keys(answered: Path) -> None:
    answer = json.loads((answered / "superpose.json").read_text(encoding="utf-8"))
    assert list(answer) == [
        "pack", "currency", "profiles_of", "capacity", "chosen_from", "kept_out", "level", "candidates",
        "controls_known", "weighted_by_propensity", "biased", "gain", "out_of_sample", "retired_together",
        "verdicts", "lists",
    ]  # fmt: skip
    gain = answer["gain"]
    assert float(gain["proposed_less_upkeep"]) <= float(gain["bound"])
    assert answer["capacity"]["shares"] == {"documents": 0.164, "physical": 0.036, "post_release": 0.027}
    assert (answer["chosen_from"]["last"], answer["kept_out"]["first"]) == ("2026-03-19", "2026-03-20")
    assert answer["biased"] is True
    assert float(answer["gain"]["bound"]) > 0


def test_the_page_speaks_three_languages_without_scripts(answered: Path) -> None:
    page = (answered / "superpose.html").read_text(encoding="utf-8")
    assert [page.count(f'class="page page-{lang}"') for lang in ("en", "ru", "kk")] == [1, 1, 1]
    assert "What to have active" in page
    assert "Что держать действующим" in page
    assert "<script" not in page


def test_what_is_approved_becomes_an_overlay(answered: Path, tmp_path: Path) -> None:
    told = yaml.safe_load((answered / "proposals.yaml").read_text(encoding="utf-8"))
    document = read_document(answered / "proposals.yaml", "proposals.yaml", Problems())
    assert document is not None
    overlay = cast("dict[str, Any]", plain(document.entries["overlay"]))
    (tmp_path / "profiles").mkdir()
    (tmp_path / "pack.yaml").write_text(yaml.safe_dump({"pack": overlay["pack"]}), encoding="utf-8")
    for profile in overlay["profiles"]:
        text = yaml.safe_dump(profile, allow_unicode=True)
        (tmp_path / "profiles" / f"{profile['id']}.yaml").write_text(text, encoding="utf-8")
    assert {problem.code for problem in check_pack("kz", overlay=tmp_path)} <= {"pack-case"}
    changed = [one for one in told["proposals"] if one["proposal"] == "change"]
    assert changed
    assert {profile["id"] for profile in overlay["profiles"]} == {one["id"] for one in changed}
    assert all(profile["status"] == "draft" for profile in overlay["profiles"])
    retired = {one["id"] for one in told["proposals"] if one["proposal"] == "retire"}
    assert set(overlay["pack"]["retires"]) == retired


def test_nothing_changes_in_the_pack(answered: Path) -> None:
    assert {p.status for p in load_pack("kz").profiles if p.id == "KZ-UV-01" and p.version == 2} == {
        ProfileStatus.ACTIVE
    }


def test_kept_facts_give_the_same_bytes(answered: Path, world: Path, tmp_path: Path) -> None:
    result = superpose(world, "--facts", world / "facts.parquet", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    for name in ("superpose.json", "superpose.html", "proposals.yaml"):
        assert (tmp_path / name).read_bytes() == (answered / name).read_bytes()


def test_a_model_and_candidate_profiles_are_weighed_too(answered: Path, world: Path, tmp_path: Path) -> None:
    likely = tmp_path / "likely.csv"
    numbers = json.loads((answered / "superpose.json").read_text(encoding="utf-8"))["chosen_from"]
    assert numbers["declarations"] > 0
    with likely.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["declaration_id", "probability"])
        rows.writerows([number, 0.5] for number in some_numbers(world))
        rows.writerow(["of which nothing is known", ""])
    source = load_source("undervaluation-01-unit-value.yaml")
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.yaml").write_text(source.replace("KZ-UV-01", "MINE-01"), encoding="utf-8")
    result = superpose(
        world, "--facts", world / "facts.parquet", "--out", tmp_path / "out", "--steps", 0, "--json",
        "--model", f"night={likely}", "--candidates", tmp_path,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    groups = {one["group"] for one in json.loads(result.output)["verdicts"]}
    assert {"night", "MINE-01"} <= groups


def some_numbers(world: Path) -> list[str]:
    table = pq.read_table(world / "declarations.parquet", columns=["declaration_id"])
    return sorted({str(number) for number in table["declaration_id"].to_pylist()})


def load_source(name: str) -> str:
    return (PACKS / "kz" / "profiles" / name).read_text(encoding="utf-8")


def test_what_is_wrong_is_told(world: Path, tmp_path: Path) -> None:
    assert "write it as NAME=FILE" in refused(superpose(world, "--out", tmp_path, "--model", "night"))
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "a model needs declaration_id, probability" in refused(
        superpose(world, "--out", tmp_path, "--model", f"night={other}")
    )
    assert "takes 8 at least" in refused(
        superpose(world, "--out", tmp_path, "--from", "2026-03-01", "--until", "2026-03-03")
    )
    assert "holds no profiles" in refused(superpose(world, "--out", tmp_path, "--candidates", tmp_path))
