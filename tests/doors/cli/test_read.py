"""``daliz read`` prints what it took and what it kept out."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daliz.doors.cli import main
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
        "other_documents": {},
        "differences": {},
        "left_aside": [],
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


def test_nothing_readable_is_exit_code_one_and_told_as_json_in_the_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = str(tmp_path / "absent.csv")
    arguments = ["daliz", "read", absent, "--out", str(tmp_path / "out"), "--json", "--lang", "ru"]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as stopped:
        main.run()
    assert stopped.value.code == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "nothing-read"
    assert absent in error["message"]
    assert not error["message"].startswith("nothing could be read")


def test_a_pack_that_is_not_there_is_told_as_json_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["daliz", "read", "x.csv", "--pack", "atlantis", "--out", str(tmp_path / "out"), "--json"]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit):
        main.run()
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "pack-not-found"


def test_a_file_left_out_is_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    good, empty = tmp_path / "good.csv", tmp_path / "empty.csv"
    good.write_text(HEADER + "A,1,2025-01-01,import,5\n", encoding="utf-8")
    empty.write_bytes(b"")
    code, text = run(str(good), str(empty), "--as", "auto", "--out", str(tmp_path / "out"), "--json")
    assert code == 0
    assert [s["error"] for s in json.loads(text)["sources"]] == ["the file is empty", None]
    assert run(str(good), "--as", "table", "--out", str(tmp_path / "out"))[0] == 0
