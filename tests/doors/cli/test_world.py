"""``daliz world`` on the command line."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from daliz.doors.cli.main import app
from daliz.doors.cli.world import shares_of
from daliz.engine.world import WorldError

runner = CliRunner()


def test_a_world_is_written_and_summed_up_as_json(tmp_path: Path) -> None:
    result = runner.invoke(
        app,
        [
            "world", "--seed", "2", "--months", "2", "--per-day", "20", "--past-controls",
            "documents=20%,physical=0.1", "--until", "2025-01-20", "--out", str(tmp_path), "--json",
        ],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["seed"] == 2
    assert told["scenario"] == "stationary"
    assert (told["first_day"], told["last_day"], told["controlled_until"]) == (
        "2025-01-01",
        "2025-02-28",
        "2025-01-21",
    )
    assert told["items"] == pq.read_metadata(tmp_path / "declarations.parquet").num_rows
    assert told["findings"] == pq.read_metadata(tmp_path / "findings.parquet").num_rows


def test_without_past_controls_there_are_no_findings(tmp_path: Path) -> None:
    result = runner.invoke(
        app, ["world", "--months", "1", "--per-day", "10", "--scenario", "cold", "--out", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    assert "all firms, goods, violations are invented" in result.stdout.replace("\n", " ")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "declarations.parquet", "transport_means.parquet", "truth.parquet",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--past-controls", "documents=much"], "write it as documents=16%,physical=4%"),
        (["--until", "2025-01-10"], "say with --past-controls what they were"),
        (["--past-controls", "documents=1%", "--until", "2020-01-01"], "lasts from 2025-01-01 to 2025-01-3"),
        (["--past-controls", "documents=1%", "--until", "2025-02-01"], "past controls end on 2025-02-01"),
        (["--from", "January"], "January is not a day"),
        (["--per-day", "0"], "more than 0"),
    ],
)
def test_a_wrong_option_is_refused_with_a_sentence(tmp_path: Path, options: list[str], said: str) -> None:
    result = runner.invoke(app, ["world", "--months", "1", "--out", str(tmp_path), *options])
    assert isinstance(result.exception, WorldError)
    assert said in str(result.exception)


def test_shares_are_read_as_percent_or_fraction() -> None:
    assert shares_of("documents=16%, physical=0.04") == {"documents": 0.16, "physical": 0.04}
