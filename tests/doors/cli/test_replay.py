"""``daliz replay`` as an analyst runs it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

from daliz.engine.pack import load_pack
from daliz.engine.world import write_world
from tests.doors.cli.calling import daliz, refused

CAPACITY = "documents=16%,physical=4%"


def replayed(border: Path, out: Path, *more: object, strategy: str = "random", weeks: int = 2) -> Result:
    return daliz(
        "replay", "--declarations", border / "declarations.parquet", "--truth", border / "truth.parquet",
        "--capacity", CAPACITY, "--warmup-weeks", weeks, "--strategy", strategy, "--out", out, *more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def border(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months at 40 a day."""
    folder = tmp_path_factory.mktemp("border")
    write_world(folder, pack=load_pack("kz"), seed=5, months=2, per_day=40)
    return folder


@pytest.fixture(scope="module")
def answered(border: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Any]]:
    out = tmp_path_factory.mktemp("out")
    result = replayed(border, out, "--json")
    assert result.exit_code == 0, result.output
    return out, json.loads(result.stdout)


def test_the_answer_has_every_strategy_by_quarter_and_the_oracle(
    answered: tuple[Path, Mapping[str, Any]],
) -> None:
    out, data = answered
    assert json.loads((out / "replay.json").read_text("utf-8")) == data
    assert list(data["strategies"]) == ["random", "oracle"]
    assert data["days"] == {"first": "2025-01-01", "decided_from": "2025-01-15", "last": "2025-02-28"}
    assert data["seed"] == 5  # kept with the truth
    own = data["strategies"]["random"]
    assert [one["quarter"] for one in own["quarters"]] == ["2025-Q1"]
    assert own["all"]["forms"]["physical"]["controls"] > 0
    assert 0.15 < own["all"]["share_controlled"] < 0.2
    assert own["all"]["compliance"]["low"] <= own["all"]["compliance"]["truth"]
    assert data["strategies"]["oracle"]["all"]["of_oracle"] == {"money": 1.0, "harm": 1.0}


def test_quarters_and_decisions_are_tables(answered: tuple[Path, Mapping[str, Any]]) -> None:
    out, data = answered
    quarters = pq.read_table(out / "quarters.parquet").to_pylist()
    assert [(row["strategy"], row["quarter"]) for row in quarters] == [
        ("random", "2025-Q1"), ("random", "all"), ("oracle", "2025-Q1"), ("oracle", "all"),
    ]  # fmt: skip
    decided = pq.read_table(out / "decisions" / "random.parquet")
    assert decided.num_rows == data["strategies"]["random"]["all"]["declarations"]
    controlled = decided.filter(decided["control_form"].is_valid())
    assert controlled.num_rows == data["strategies"]["random"]["all"]["controls"]
    assert controlled["found"].null_count == 0
    assert decided.filter(decided["control_form"].is_null())["found"].null_count == (
        decided.num_rows - controlled.num_rows
    )


def test_the_page_speaks_three_languages_and_fetches_nothing(
    answered: tuple[Path, Mapping[str, Any]],
) -> None:
    page = (answered[0] / "report.html").read_text("utf-8")
    for title in ("Replay of strategies", "Проигрывание стратегий", "Стратегияларды қайта өткізу"):
        assert f"<h1>{title}</h1>" in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count("<svg") >= 3


def test_the_same_replay_gives_the_same_tables(
    border: Path, answered: tuple[Path, Mapping[str, Any]], tmp_path: Path
) -> None:
    assert replayed(border, tmp_path).exit_code == 0
    for name in ("quarters.parquet", "decisions/random.parquet", "decisions/oracle.parquet"):
        assert (tmp_path / name).read_bytes() == (answered[0] / name).read_bytes()


def test_people_read_one_line_a_strategy(border: Path, tmp_path: Path) -> None:
    result = replayed(border, tmp_path, "--lang", "ru")
    assert "Решения по дням с 15 янв. 2025" in result.stdout
    lines = [line.split()[0] for line in result.stdout.splitlines() if "%" in line]
    assert lines == ["random", "oracle"]


def test_a_failing_strategy_does_not_cost_the_others_their_result(border: Path, tmp_path: Path) -> None:
    result = replayed(border, tmp_path, "--json", strategy="nobody.there:Best,random")
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert list(data["strategies"]) == ["random", "oracle"]
    assert data["failures"]["nobody.there:Best"]["code"] == "replay-strategy"


def test_an_unknown_strategy_is_refused_before_anything_is_done(border: Path, tmp_path: Path) -> None:
    assert refused(replayed(border, tmp_path, strategy="best")).startswith(
        "--strategy best: there are daliz,"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_truth_without_its_seed_asks_for_it(border: Path, tmp_path: Path) -> None:
    table = pq.read_table(border / "truth.parquet")
    kept = {k: v for k, v in (table.schema.metadata or {}).items() if k != b"daliz.world_seed"}
    (tmp_path / "world").mkdir()
    for name in ("declarations", "transport_means"):
        (tmp_path / "world" / f"{name}.parquet").write_bytes((border / f"{name}.parquet").read_bytes())
    bare: pa.Table = table.replace_schema_metadata(kept)
    pq.write_table(bare, tmp_path / "world" / "truth.parquet")
    assert "give it with --seed" in refused(replayed(tmp_path / "world", tmp_path / "out"))
    assert replayed(tmp_path / "world", tmp_path / "out", "--seed", 5).exit_code == 0


def test_minutes_by_pool_are_a_capacity_too(border: Path, tmp_path: Path) -> None:
    minutes = tmp_path / "minutes.csv"
    minutes.write_text("pool,form,day,minutes\n*,documents,,90\n*,physical,,500\n", encoding="utf-8")
    result = daliz(
        "replay", "--declarations", border / "declarations.parquet", "--truth", border / "truth.parquet",
        "--capacity", minutes, "--warmup-weeks", 6, "--strategy", "random", "--json",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    forms = json.loads(result.stdout)["strategies"]["random"]["all"]["forms"]
    assert forms["documents"]["controls"] == 2 * 17  # 45 minutes each, on 17 days
    assert forms["physical"]["controls"] == 2 * 17  # 240 minutes each
