"""``daliz pack``: what a person and a program are told."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from daliz.doors.cli.main import app
from daliz.doors.cli.pack_listing import listing
from daliz.engine.pack import load_pack
from tests.engine.pack.builders import a_pack

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
    assert result.stdout.splitlines()[-1].startswith("kz: right; profiles: 76, cases: 311, fingerprint ")


def test_a_wrong_pack_is_told_line_by_line(broken: Path) -> None:
    result = run("check", str(broken))
    assert result.exit_code == 1
    assert f"{broken}:3:9: 'Asia/Almatty' is not a time zone; write its IANA name" in result.stdout
    assert result.stdout.splitlines()[-1].startswith(f"{broken}: ")


def test_a_program_gets_stable_keys(broken: Path) -> None:
    result = run("check", str(broken), "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert set(answer) == {"path", "ok", "pack", "problems", "remarks"}
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
    assert run("list", "--lang", "ru").stdout.splitlines() == [
        "kg  2026.1  Кыргызстан",
        "kz  2026.1  Казахстан",
    ]
    assert [pack["code"] for pack in json.loads(run("list", "--json").stdout)] == ["kg", "kz"]


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


def test_an_area_without_a_profile_is_remarked_on_and_no_error() -> None:
    result = run("check", "kz")
    assert result.stdout.startswith(
        "remark: no active profile guards the risk area personal_use (Goods carried as for personal use)"
    )
    answer = json.loads(run("check", "kz", "--json").stdout)
    assert (answer["ok"], [remark["code"] for remark in answer["remarks"]]) == (
        True,
        ["register-area-uncovered"],
    )


@pytest.mark.parametrize(
    ("lang", "area"),
    [
        (
            "en",
            "Codes with a lower rate | Goods are declared under a code with a lower rate | likely | moderate",
        ),
        ("ru", "Коды с меньшей ставкой | Товар заявлен под кодом с меньшей ставкой | вероятно | умеренные"),
    ],
)
def test_the_register_shows_which_profiles_guard_an_area(lang: str, area: str) -> None:
    lines = run("show", "kz", "--register", "--lang", lang).stdout.splitlines()
    assert f"| {area} | KZ-CL-01, KZ-CL-02, KZ-UD-05 |" in lines


def test_the_register_contains_no_indicator() -> None:
    kz, shown = load_pack("kz"), run("show", "kz", "--register").stdout
    names = {name for profile in kz.profiles for name in profile.indicator.names}
    assert [name for name in names if name in shown] == []
    assert [code for code in kz.lists if code in shown] == []


def test_a_pack_without_a_register_says_so(tmp_path: Path) -> None:
    shown = run("show", str(a_pack(tmp_path)), "--register").stdout
    assert shown.splitlines()[-1] == "This pack keeps no risk register."


def test_a_pack_of_advice_says_who_decides() -> None:
    shown = run("show", "kg").stdout
    assert "The system advises and the officer in charge decides" in shown
    assert "| perishable | The goods would perish or suffer |" in shown
    assert "| Special simplified procedure for entrusted traders |" in shown


def test_a_new_pack_is_right_and_bears_its_country(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("new", "tj", "--out", str(folder)).exit_code == 0
    pack = load_pack(folder)
    assert (pack.code, pack.country, pack.zone, pack.currency) == ("tj", "TJ", "Asia/Dushanbe", "TJS")
    assert (pack.name.en, pack.name.ru) == ("Tajikistan", "Таджикистан")
    assert {profile.id[:3] for profile in pack.profiles} == {"TJ-"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tajikistan"], "'tajikistan' is not a country; write its two letters"),
        (["uz"], "UZ has 2 time zones; name one with --zone: Asia/Samarkand, Asia/Tashkent"),
    ],
)
def test_a_new_pack_asks_for_what_is_not_known(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = run("new", *arguments, "--out", str(tmp_path / "mine"))
    assert result.exit_code == 1
    assert said in str(result.exception)
    assert not (tmp_path / "mine").exists()


def test_a_new_pack_never_overwrites(tmp_path: Path) -> None:
    result = run("new", "tj", "--out", str(tmp_path))
    assert getattr(result.exception, "code", None) == "pack-new"
    assert list(tmp_path.iterdir()) == []


def test_the_zone_and_the_money_may_be_told(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    run("new", "UZ", "--out", str(folder), "--zone", "Asia/Tashkent", "--currency", "USD")
    pack = load_pack(folder)
    assert (pack.zone, pack.currency) == ("Asia/Tashkent", "USD")
