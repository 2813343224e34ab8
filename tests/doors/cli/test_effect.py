"""``daliz effect`` as an analyst runs it."""

import json
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

from daliz.engine.pack import load_pack
from daliz.engine.records.files import write_table
from daliz.engine.records.schema import FINDINGS
from daliz.engine.world import CONTROLS, findings_of, write_world
from tests.doors.cli.calling import daliz, refused


@pytest.fixture(scope="module")
def border(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month that was decided, and what the controls that were ordered found."""
    folder = tmp_path_factory.mktemp("border")
    write_world(folder, pack=load_pack("kz"), seed=5, months=1, per_day=20)
    made = daliz(
        "assess", folder / "declarations.parquet", "--profiles-of", "2026-06-01", "--pack", "kz",
        "--capacity", "documents=20%,physical=20%", "--out", folder / "decided",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    measures = pq.read_table(folder / "decided" / "measures.parquet").to_pylist()
    at = {
        row["declaration_id"]: (row["registered_at"], row["in_random"])
        for row in pq.read_table(folder / "decided" / "decisions.parquet").to_pylist()
    }
    chosen = [m for m in measures if m["status"] == "ordered" and m["control_form"] is not None]
    ordered = sorted({(m["declaration_id"], m["control_form"]) for m in chosen})
    controls = [
        {
            "declaration_id": number,
            "control_form": form,
            "in_random": form == "physical" and at[number][1],
            "decided_at": at[number][0] + timedelta(minutes=20),
        }
        for number, form in ordered
    ]
    found = findings_of(
        pa.Table.from_pylist(controls, schema=CONTROLS),
        pq.read_table(folder / "declarations.parquet"),
        pq.read_table(folder / "truth.parquet"),
        seed=5,
    )
    write_table(found, folder / "findings.parquet", FINDINGS)
    return folder


def effect(border: Path, *arguments: object) -> Result:
    return daliz("effect", border / "decided", "--findings", border / "findings.parquet", *arguments)


def test_the_answer_is_told_in_words_and_tables(border: Path) -> None:
    result = effect(border)
    assert result.exit_code == 0, result.output
    for told in ("Level of compliance", "Hit rate of targeted over random", "Revenue gap", "document check"):
        assert told in result.output


@pytest.mark.parametrize(
    ("by", "heading"),
    [("office", "Office"), ("direction", "Direction of movement"), ("month", "January 2025"),
     ("profile", "Lost without it")],
)  # fmt: skip
def test_the_table_is_divided_as_asked(border: Path, by: str, heading: str) -> None:
    assert heading in effect(border, "--by", by).output


def test_json_has_stable_keys_and_every_figure_its_ends(border: Path) -> None:
    answer = json.loads(effect(border, "--json").output)
    assert list(answer) == [
        "schema", "pack", "days", "level", "largest_weight", "inputs", "whole", "parts", "profiles",
        "compliance", "revenue_gap",
    ]  # fmt: skip
    assert list(answer["parts"]) == ["form", "direction", "month", "office"]
    assert answer["largest_weight"] == 200
    level = answer["compliance"]
    assert level["form"] == "physical"
    assert level["tolerance"] == {"low": 0.9, "high": 0.95}
    assert {one["code"] for one in level["strata"]} == {"import", "export", "transit"}
    hits = answer["whole"]["hits"]
    assert 0 < hits["low"] < hits["rate"] < hits["high"] < 1
    assert answer["revenue_gap"]["whole"]["declared"] is not None


def test_the_same_question_gives_the_same_bytes(border: Path, tmp_path: Path) -> None:
    for turn in ("first", "again"):
        assert effect(border, "--out", tmp_path / turn).exit_code == 0
    for name in ("effect.json", "effect.html"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_the_page_has_all_languages_and_says_that_it_is_confidential(border: Path, tmp_path: Path) -> None:
    result = effect(border, "--out", tmp_path / "out", "--lang", "ru")
    assert "effect.html" in result.output
    page = (tmp_path / "out" / "effect.html").read_text(encoding="utf-8")
    for said in ("Confidential.", "Level of compliance", "Уровень соблюдения", "Сақтау деңгейі", "<svg"):
        assert said in page
    assert "<script" not in page


def test_what_was_known_after_the_day_is_left_out(border: Path) -> None:
    whole = json.loads(effect(border, "--json").output)["whole"]
    early = json.loads(effect(border, "--until", "2025-01-15", "--json").output)
    assert early["days"]["last"] <= "2025-01-15"
    assert early["whole"]["hits"]["controls"] < whole["hits"]["controls"]
    assert early["whole"]["waiting"] > 0


def test_what_is_wrong_is_told(border: Path, tmp_path: Path) -> None:
    assert "decided more than once" in refused(effect(border, border / "decided"))
    assert "--level 2" in refused(effect(border, "--level", "2"))
    assert "write it as 2026-03-31" in refused(effect(border, "--until", "yesterday"))
    nothing = daliz("effect", tmp_path, "--findings", border / "findings.parquet", "--pack", "kz")
    assert "has no decisions.parquet" in refused(nothing)
