"""``daliz pack``: what a person and a program are told."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from daliz.doors.cli.main import app
from daliz.doors.cli.pack_listing import listing
from daliz.engine.pack import load_pack

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "pack-kz.md"
MADE = "% Made by `make reference`; a change here is lost.\n\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["pack", *arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "pack.yaml"
    path.write_text("pack:\n  code: xx\n  zone: Asia/Almatty\n", encoding="utf-8")
    return path


def test_a_right_pack_is_called_right() -> None:
    result = run("check", "kz")
    assert result.exit_code == 0
    assert result.stdout.startswith("kz: right; profiles: 27, cases: 81, fingerprint ")


def test_a_wrong_pack_is_told_line_by_line(broken: Path) -> None:
    result = run("check", str(broken))
    assert result.exit_code == 1
    assert f"{broken}:3:9: 'Asia/Almatty' is not a time zone; write its IANA name" in result.stdout
    assert result.stdout.splitlines()[-1].startswith(f"{broken}: ")


def test_a_program_gets_stable_keys(broken: Path) -> None:
    result = run("check", str(broken), "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert set(answer) == {"path", "ok", "pack", "problems"}
    assert answer["ok"] is False
    assert set(answer["problems"][0]) == {"file", "line", "column", "code", "message"}
    found = next(problem for problem in answer["problems"] if problem["code"] == "pack-zone")
    assert (found["file"], found["line"], found["column"]) == (str(broken), 3, 9)


def test_a_program_learns_the_fingerprint() -> None:
    answer = json.loads(run("check", "kz", "--json").stdout)
    assert answer["problems"] == []
    assert answer["pack"]["fingerprint"] == load_pack("kz").fingerprint


def test_a_pack_that_is_not_there_is_an_error() -> None:
    result = run("check", "atlantis")
    assert result.exit_code == 1
    assert getattr(result.exception, "code", None) == "pack-not-found"


def test_the_packs_are_listed() -> None:
    assert run("list", "--lang", "ru").stdout.splitlines() == ["kz  2026.1  Казахстан"]
    assert [pack["code"] for pack in json.loads(run("list", "--json").stdout)] == ["kz"]


@pytest.mark.parametrize(
    ("lang", "corridor"), [("en", "green corridor"), ("ru", "зелёный коридор"), ("kk", "жасыл дәліз")]
)
def test_a_pack_is_shown_in_every_language(lang: str, corridor: str) -> None:
    assert corridor in run("show", "kz", "--lang", lang).stdout


def test_what_is_shown_contains_no_indicator() -> None:
    kz, shown = load_pack("kz"), run("show", "kz").stdout
    names = {name for profile in kz.profiles for name in profile.indicator.names}
    assert [name for name in names if name in shown] == []
    assert [code for code in kz.lists if code in shown] == []


def test_the_page_of_the_kazakh_pack_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == MADE + listing(load_pack("kz"))
