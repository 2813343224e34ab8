"""``daliz lists``: what an officer and a program are told of loads."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from daliz.doors.cli.main import app
from daliz.doors.cli.voice import Voice
from daliz.engine.pack import load_pack
from tests.engine.loads.builders import HS_2017, HS_2022, RATES, a_file, lists_of
from tests.engine.loads.builders import load as load_list


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["lists", *map(str, arguments)])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A directory with the edition of 2017."""
    folder = tmp_path / "own"
    result = run(
        "load", "hs", a_file(tmp_path, HS_2017), "--into", folder, "--valid-from", "2017-01-01",
        "--edition", "2017", "--source", "WCO",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder


def test_a_load_says_what_changes(own: Path, tmp_path: Path) -> None:
    file = a_file(tmp_path, HS_2022)
    result = run("load", "hs", file, "--into", own, "--valid-from", "2022-01-01", "--edition", "2022")
    assert result.stdout.splitlines() == [
        "edition of the Harmonized System: from 2022-01-01 to …, rows: 4",
        "It follows load 1, which held from 2017-01-01 on.",
        "added: 1, removed: 1, changed: 1",
        "+ 010130 | I | Asses",
        "- 010129 | I | Horses; other",
        "~ 010121",
        "    en: Horses; pure-bred → Horses; live, pure-bred",
        "Loaded as load 2.",
    ]


def test_a_dry_run_changes_nothing(own: Path, tmp_path: Path) -> None:
    before = sorted((f, f.read_bytes()) for f in own.rglob("*") if f.is_file())
    file = a_file(tmp_path, HS_2022)
    result = run("load", "hs", file, "--into", own, "--valid-from", "2022-01-01", "--dry-run", "--json")
    answer = json.loads(result.stdout)
    assert (answer["loaded"], answer["follows"], len(answer["diff"]["added"])) == (False, 1, 1)
    assert set(answer) == {"load", "follows", "sets_aside", "aside", "diff", "refused", "loaded"}
    assert answer["diff"]["changed"][0]["columns"] == ["en"]
    assert sorted((f, f.read_bytes()) for f in own.rglob("*") if f.is_file()) == before


def test_wrong_rows_end_with_exit_code_1_and_their_lines(own: Path, tmp_path: Path) -> None:
    file = a_file(tmp_path, HS_2022 + "I,0199x,Wrong,01,4\n")
    result = run("load", "hs", file, "--into", own, "--valid-from", "2022-01-01")
    assert result.exit_code == 1
    assert "  6:code: '0199x' is not a goods code: 2 or 4 to 12 digits" in result.stdout
    assert "Nothing was loaded." in result.stderr
    as_json = run("load", "hs", file, "--into", own, "--valid-from", "2022-01-01", "--json")
    assert json.loads(as_json.stdout)["refused"] == [
        {"line": 6, "column": "code", "reason": "'0199x' is not a goods code: 2 or 4 to 12 digits"}
    ]
    partly = run("load", "hs", file, "--into", own, "--valid-from", "2022-01-01", "--allow-partial")
    assert partly.exit_code == 0


def test_days_that_are_taken_are_an_error(own: Path, tmp_path: Path) -> None:
    result = run("load", "hs", a_file(tmp_path, HS_2022), "--into", own, "--valid-from", "2017-01-01")
    assert result.exit_code == 1
    assert getattr(result.exception, "code", None) == "lists-overlap"


def test_the_log_shows_loads_and_undos(own: Path) -> None:
    assert run("undo", "--in", own, "--reason", "wrong file").exit_code == 0
    lines = run("log", "--in", own).stdout.splitlines()
    assert "load 1, hs 2017, 2017-01-01 to …: rows 4, added 4, removed 0, changed 0. WCO (undone)" in lines[0]
    assert lines[1].endswith("load 1 undone. wrong file")
    entries = json.loads(run("log", "--in", own, "--json").stdout)
    assert [(entry.get("active"), entry.get("undoes")) for entry in entries] == [(False, None), (None, 1)]


def test_what_holds_on_a_day_is_shown(own: Path) -> None:
    result = run("show", "hs", "--in", own, "--on", "2020-01-01", "--code", "010121")
    assert result.stdout.splitlines() == ["code=010121  section=I  en=Horses; pure-bred", "1 row"]
    answer = json.loads(
        run("show", "hs", "--in", own, "--on", "2020-01-01", "--code", "010121", "--json").stdout
    )
    assert (answer["edition"], answer["parents"]) == ("2017", ["01", "0101"])
    assert run("show", "hs", "--in", own, "--on", "2016-12-31").stdout == "0 rows\n"


def test_two_days_are_compared(own: Path, tmp_path: Path) -> None:
    run("load", "hs", a_file(tmp_path, HS_2022), "--into", own, "--valid-from", "2022-01-01")
    result = run("diff", "hs", "--in", own, "--from", "2021-12-31", "--to", "2022-01-01")
    assert result.stdout.splitlines()[0] == "added: 1, removed: 1, changed: 1"
    same = json.loads(
        run("diff", "hs", "--in", own, "--from", "2023-01-01", "--to", "2024-01-01", "--json").stdout
    )
    assert same == {"added": [], "removed": [], "changed": []}


def test_rates_need_no_day_where_their_rows_have_one(tmp_path: Path) -> None:
    result = run("load", "rates", a_file(tmp_path, RATES), "--into", tmp_path / "own")
    assert result.exit_code == 0
    assert "official exchange rates: from 2025-03-03 to 2025-03-04, rows: 4" in result.stdout


def test_a_day_that_is_none_is_an_error(own: Path) -> None:
    assert (
        getattr(run("show", "hs", "--in", own, "--on", "31.12.2020").exception, "code", None) == "lists-day"
    )
    assert getattr(run("show", "cars", "--in", own).exception, "code", None) == "lists-kind"


def test_an_office_that_the_pack_does_not_know_is_named_by_the_official_list(tmp_path: Path) -> None:
    load_list(tmp_path, "offices", "code;name_ru\n77001;Пост Тест\n57505;Чужое имя\n")
    voice = Voice("ru", replace(load_pack("kz"), official=lists_of(tmp_path)))
    assert (voice.office("77001"), voice.office_name("77001")) == ("Пост Тест (77001)", "Пост Тест")
    assert voice.office("57505") == "Аэропорт Алматы (57505)"
    assert (voice.office("99999"), voice.office(None)) == ("99999", "–")
