"""An officer learns what to do and nothing of why; an analyst learns everything."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daliz.doors.cli import explain, report_command
from daliz.doors.cli.explanation import DeclarationNotFoundError
from daliz.doors.cli.main import app
from tests.doors.cli.report.builder import DECLARED, SECRETS, an_assessment
from tests.doors.cli.report.small_pack import a_pack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return an_assessment(tmp_path_factory.mktemp("decided"))


@pytest.fixture(autouse=True)
def the_pack_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "load_pack", lambda _code, overlay: a_pack())
    monkeypatch.setattr(report_command, "load_pack", lambda _code, overlay: a_pack())


def told(folder: Path, number: str, *options: str) -> str:
    result = CliRunner().invoke(app, ["explain", str(folder), number, *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_officer_sees_goods_measures_and_what_to_look_at(folder: Path) -> None:
    said = told(folder, "KZ-1")
    assert "women's leather boots" in said
    assert "Check documents · items 1" in said
    assert "Compare the invoice." in said
    assert "Take a sample" in said
    assert "Value of the goods" in said
    assert "Look: value of the goods" in said


@pytest.mark.parametrize("number", sorted({one.number for one in DECLARED}))
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_officer_sees_nothing_confidential(folder: Path, number: str, form: list[str]) -> None:
    said = told(folder, number, *form)
    assert [secret for secret in SECRETS if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", said)] == []


def test_a_drawn_and_a_targeted_control_look_the_same(folder: Path) -> None:
    targeted, drawn = (json.loads(told(folder, number, "--json")) for number in ("KZ-2", "KZ-3"))
    for shown in (targeted, drawn):
        for own in ("declaration_id", "items"):
            del shown[own]
    assert targeted == drawn


def test_what_was_set_aside_is_not_shown_to_an_officer(folder: Path) -> None:
    waived, clean = (told(folder, number) for number in ("KZ-4", "KZ-5"))
    assert "No control is ordered." in waived
    assert "No control is ordered." in clean
    assert "Check documents" not in waived


def test_json_for_an_officer_has_stable_keys(folder: Path) -> None:
    shown = json.loads(told(folder, "KZ-1", "--json"))
    assert list(shown) == [
        "declaration_id", "version", "day", "office", "direction", "procedure", "corridor", "currency",
        "items", "measures", "hints", "advice", "deviations",
    ]  # fmt: skip
    assert shown["items"] == [
        {
            "item_no": 1, "hs_code": "6403991100", "description": "women's leather boots",
            "origin_country": "CN", "net_mass_kg": 1200.5, "quantity": 40.0, "quantity_unit": "PA",
            "customs_value": "2050000.00", "under_control": True,
        }
    ]  # fmt: skip
    assert shown["measures"][0] == {
        "measure": "documents", "name": "Check documents", "extent": None, "items": [1],
        "instruction": "Compare the invoice.",
    }  # fmt: skip


def test_an_analyst_sees_why(folder: Path) -> None:
    said = told(folder, "KZ-1", "--as", "analyst")
    for fact in (
        "41.2%, where nothing fires 5.0%", "410,000", "high", "CHEAP · version 1",
        "adds 1.50 log odds (odds × 4.48), 100% of all that was added",
        "item.unit_value < 0.3 * reference.unit_value_p10", "0.173", "targeted", "policy-77", "snapshot-1",
        "price-2", "practice",
    ):  # fmt: skip
        assert fact in said.replace("\u00a0", " ")


def test_an_analyst_sees_the_price_that_left_no_time(folder: Path) -> None:
    shown = json.loads(told(folder, "KZ-4", "--as", "analyst", "--json"))
    asked = [(one["measure"], one["status"], one["waiver"], one["price"]) for one in shown["measures"]]
    assert asked == [("documents", "waived", "price-2", 250000.0), ("sample", "waived", "price-2", None)]


def test_an_analyst_sees_what_exception_lists_did(folder: Path) -> None:
    said = told(folder, "KZ-1", "--as", "analyst").replace("\u00a0", " ")
    assert "suppliers that we keep an eye on (under watch) · adds 0.70 log odds · level at least high" in said
    assert "DOUBTLESS (minimal risk) · level at most medium · spares waivable selection" in said
    assert "without them: probability 25.8%, level low" in said
    shown = json.loads(told(folder, "KZ-1", "--as", "analyst", "--json"))["exceptions"]
    assert shown["lists"][0] == {
        "list": "SHADOWED", "name": "suppliers that we keep an eye on", "kind": "watch", "log_odds": 0.7,
        "level": {"code": "high", "name": "high"}, "spares": False,
    }  # fmt: skip
    assert shown["probability_without"] == 0.258
    assert "Exception lists" not in told(folder, "KZ-2", "--as", "analyst")


def test_json_for_an_analyst_has_stable_keys(folder: Path) -> None:
    shown = json.loads(told(folder, "KZ-1", "--as", "analyst", "--json"))
    assert list(shown) == [
        "declaration_id", "version", "versions_assessed", "day", "direction", "procedure", "office",
        "corridor", "currency", "probability", "base_probability", "parts", "expected_damage", "level",
        "exceptions", "profiles",
        "unknown_profiles", "codes_beyond", "measures", "propensity", "random", "made_by",
    ]  # fmt: skip
    assert shown["profiles"][0] == {
        "profile_id": "CHEAP", "version": 1, "area": "goods at a fraction of their price",
        "sentence": shown["profiles"][0]["sentence"],
        "indicator": "item.unit_value < 0.3 * reference.unit_value_p10", "log_odds": 1.5, "share": 1.0,
        "seen": [{"item_no": 1, "values": {"item.unit_value": 0.173, "reference.unit_value_p10": 1234.0}}],
    }  # fmt: skip
    assert shown["random"] == {"in_random": False, "stratum": "import"}


def test_the_last_version_is_explained_unless_told(folder: Path) -> None:
    assert "version 2" in told(folder, "KZ-6")
    assert "version 1" in told(folder, "KZ-6", "--version", "1")
    assert "versions assessed: 1, 2" in told(folder, "KZ-6", "--as", "analyst")


def test_an_undecided_profile_is_named_to_an_analyst(folder: Path) -> None:
    said = told(folder, "KZ-5", "--as", "analyst")
    assert "Profiles left undecided" in said
    assert "CHEAP" in said


def test_an_unknown_number_suggests_the_nearest(folder: Path) -> None:
    with pytest.raises(DeclarationNotFoundError, match="KZ-11 was not assessed here; the nearest are KZ-1"):
        told(folder, "KZ-11")


def test_a_number_like_no_other_suggests_nothing(folder: Path) -> None:
    with pytest.raises(DeclarationNotFoundError, match="nothing is like it"):
        told(folder, "2027/000000001")


def test_an_unknown_version_names_those_there_are(folder: Path) -> None:
    with pytest.raises(DeclarationNotFoundError, match="has no version 9 here; there are 1, 2"):
        told(folder, "KZ-6", "--version", "9")


def test_hostile_text_is_shown_and_does_nothing(folder: Path) -> None:
    assert "<script>alert('owned')</script>" in told(folder, "KZ-2")
    assert "⟨202E⟩exe.eciovni" in told(folder, "KZ-4")


@pytest.mark.parametrize(("lang", "corridor"), [("ru", "жёлтый коридор"), ("kk", "сары дәліз")])
def test_it_speaks_the_languages_of_daliz(folder: Path, lang: str, corridor: str) -> None:
    assert corridor in told(folder, "KZ-1", "--lang", lang)


def test_the_report_can_be_written_again(folder: Path) -> None:
    result = CliRunner().invoke(app, ["report", str(folder), "--lang", "ru"], catch_exceptions=False)
    assert result.exit_code == 0
    assert '<html lang="ru">' in (folder / "report.html").read_text(encoding="utf-8")


def test_codes_beyond_the_pack_are_told_to_an_analyst_and_values_keep_their_currency(tmp_path: Path) -> None:
    strange = replace(DECLARED[0], currency="GBP", beyond=(("declaration.currency", "GBP"),))
    folder = an_assessment(tmp_path, declared=(strange,))
    shown = json.loads(told(folder, "KZ-1", "--as", "analyst", "--json"))
    assert shown["codes_beyond"] == [{"fact": "declaration.currency", "code": "GBP"}]
    assert "Codes that the pack does not know" in told(folder, "KZ-1", "--as", "analyst")
    officer = told(folder, "KZ-1")
    assert "2,050,000 GBP" in officer.replace("\u00a0", " ")
    assert "Codes that the pack" not in officer
