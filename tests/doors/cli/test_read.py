"""``daliz read`` prints what it took and what it kept out."""

import json
from pathlib import Path

from typer.testing import CliRunner

from daliz.doors.cli.main import app

HEADER = "declaration_id,item_no,registered_at,direction,net_mass_kg\n"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["read", *arguments])
    return result.exit_code, result.stdout


def test_counts_are_printed_as_json(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(HEADER + "A,1,2025-01-01,import,5\nB,1,2025-01-01,import,-5\n", encoding="utf-8")
    code, text = run(str(source), "--out", str(tmp_path / "out"), "--json")
    assert code == 0
    assert json.loads(text) == {
        "declarations": 1,
        "tables": {"declarations": 1},
        "quarantined_declarations": 1,
        "quarantine_entries": 1,
        "reasons": {"net-mass-negative": 1},
        "sources": [{"name": str(source), "rows": 2, "error": None}],
    }


def test_counts_are_told_in_words(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(HEADER + "A,1,2025-01-01,import,5\nB,1,2025-01-01,import,-5\n", encoding="utf-8")
    code, text = run(str(source), "--out", str(tmp_path / "out"))
    assert code == 0
    assert "1 declaration and 1 goods item taken into" in text
    assert "1 declaration kept out; see" in text
    assert "net-mass-negative: 1" in text


def test_nothing_readable_is_exit_code_one(tmp_path: Path) -> None:
    code, text = run(str(tmp_path / "absent.csv"), "--out", str(tmp_path / "out"), "--json")
    assert code == 1
    assert json.loads(text)["error"]["code"] == "nothing-read"
