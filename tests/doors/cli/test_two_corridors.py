"""Two corridors and advice, from a pretend border to the report, without a blue or a yellow corridor."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from daliz.doors.cli.main import app


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def border(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kg") / "border"
    run("world", "--pack", "kg", "--seed", "3", "--months", "3", "--per-day", "40",
        "--past-controls", "documents=16%,physical=6%,post_release=2%", "--out", str(folder))  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def assessed(border: Path) -> tuple[Path, str]:
    folder = border.parent / "assessed"
    said = run("assess", str(border / "declarations.parquet"), "--findings", str(border / "findings.parquet"),
               "--pack", "kg", "--month", "last", "--out", str(folder))  # fmt: skip
    return folder, said


def test_the_world_is_that_of_kyrgyzstan(border: Path) -> None:
    rows = pq.read_table(border / "declarations.parquet", columns=[
        "direction", "currency", "departure_country", "border_office", "customs_value",
    ]).to_pylist()  # fmt: skip
    assert {row["currency"] for row in rows} == {"KGS"}
    assert {row["departure_country"] for row in rows if row["direction"] == "export"} <= {"KG", None}
    assert {"41710511", "41710312", "41710311"} <= {row["border_office"] for row in rows}
    values = sorted(row["customs_value"] for row in rows if row["customs_value"] is not None)
    assert 50_000 < values[len(values) // 2] < 1_500_000


def test_every_declaration_is_green_or_red(assessed: tuple[Path, str]) -> None:
    decisions = pq.read_table(assessed[0] / "decisions.parquet")
    assert set(decisions["corridor"].to_pylist()) == {"green", "red"}


def test_a_post_entry_check_leaves_the_goods_in_the_green_corridor(assessed: tuple[Path, str]) -> None:
    measures = pq.read_table(assessed[0] / "measures.parquet").to_pylist()
    ordered: dict[str, set[str]] = {}
    for row in measures:
        if row["status"] == "ordered":
            ordered.setdefault(row["declaration_id"], set()).add(row["measure"])
    later = {number for number, found in ordered.items() if found == {"post_entry_check"}}
    decisions = pq.read_table(assessed[0] / "decisions.parquet").to_pylist()
    assert later
    assert {row["corridor"] for row in decisions if row["declaration_id"] in later} == {"green"}


def test_it_is_said_that_this_is_advice(assessed: tuple[Path, str]) -> None:
    folder, said = assessed
    assert "These are advice: the officer in charge decides." in said
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["policy"]["decides"] == "officer"
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "Corridors advised" in report
    assert "the officer in charge decides, and gives a reason where he departs from it" in report


def test_the_officer_is_told_that_he_decides_and_for_which_reasons(assessed: tuple[Path, str]) -> None:
    folder, _ = assessed
    decisions = pq.read_table(folder / "decisions.parquet").to_pylist()
    red = next(row["declaration_id"] for row in decisions if row["corridor"] == "red")
    green = next(row["declaration_id"] for row in decisions if row["corridor"] == "green")
    shown = run("explain", str(folder), red)
    assert "Corridor advised: red corridor" in shown
    assert "You decide. Reasons for departing from the advice" in shown
    assert "The goods would perish or suffer" in shown
    assert (
        "documents_suffice"
        in json.loads(run("explain", str(folder), green, "--json"))["deviations"][0]["code"]
    )


def test_where_the_system_decides_nothing_is_called_advice(tmp_path: Path) -> None:
    file = tmp_path / "declarations.csv"
    file.write_text(
        "declaration_id,item_no,registered_at,direction,office\nA,1,2026-03-02T05:00:00Z,import,57501\n",
        encoding="utf-8",
    )
    said = run("assess", str(file), "--pack", "kz", "--out", str(tmp_path / "out"))
    assert "advice" not in said
    assert "Corridors advised" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert json.loads(run("explain", str(tmp_path / "out"), "A", "--json"))["advice"] is False
