"""What an overlay says stays with its holder: its canaries are looked for in all that is written."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import Result

from daliz.doors.cli.main import run
from daliz.engine.pack import load_pack
from daliz.engine.world import write_world
from tests.doors.cli.calling import daliz

CONFIDENTIAL = {
    "canarydir", "CANARY-77", "canaryarea", "canaryrisk", "canarygoods", "canaryowner", "canarylist",
    "CANARYMEMBER", "canarycolumn", "canarylabel", "canaryversion", "canarycase", "0.0173", "canaryrule",
}  # fmt: skip
"""What stands in the overlay and nowhere else."""

PACK = """\
pack: {version: canaryversion, retires: [KZ-UV-02]}
lists:
  canarylist:
    name: {en: canarylabel, ru: canarylabel, kk: canarylabel}
    members: [CANARYMEMBER, CN]
    source: [{law: eaeu_code}]
vocabulary:
  item.canarycolumn:
    label: {en: canarylabel, ru: canarylabel, kk: canarylabel}
    unknown: {en: canarylabel, ru: canarylabel, kk: canarylabel}
    kind: text
contracts:
  own_rule:
    field: origin_country
    rule: item.origin_country <> 'canaryrule'
    message: {en: own message, ru: своё сообщение, kk: өз хабарлама}
"""
PROFILE = """\
id: CANARY-77
version: 1
kind: expert
status: active
direction: undervaluation
risk_area: value_consumer_goods
stream: import
points: [registration, amendment]
scope: republican
area:
  name: {en: canaryarea, ru: canaryarea, kk: canaryarea}
  risk: {en: canaryrisk, ru: canaryrisk, kk: canaryrisk}
  risk_goods: {en: canarygoods, ru: canarygoods, kk: canarygoods}
indicator: |
  in_list(item.origin_country, 'canarylist') AND (item.value_share > 0.0173 OR item.canarycolumn = 'x')
capacity: waivable
measures: [price_check, request_documents]
hint: {en: approved hint, ru: утверждённая подсказка, kk: бекітілген нұсқау}
look_at: {en: the invoice, ru: счёт-фактуру, kk: шот-фактураны}
valid_from: 2024-07-01
valid_until: 2027-12-31
review_by: 2026-12-31
owner: canaryowner
source: [{law: eaeu_code, articles: "38"}]
cases:
  - name: canarycase
    fires: true
    declaration: {declaration.direction: import}
    items: [{item.origin_country: CN, item.value_share: 0.5}]
  - name: canarycase other
    fires: false
    declaration: {declaration.direction: import}
    items: [{item.origin_country: DE, item.value_share: 0.5, item.canarycolumn: y}]
"""


def canaries(text: str) -> set[str]:
    return {canary for canary in CONFIDENTIAL if canary in text}


@pytest.fixture(scope="module")
def overlay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("canarydir")
    (folder / "profiles").mkdir()
    (folder / "own.yaml").write_text(PACK, encoding="utf-8")
    (folder / "profiles" / "one.yaml").write_text(PROFILE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=load_pack("kz"), seed=5, months=1, per_day=12, first_month=date(2026, 2, 1),
        past_controls={"documents": 0.2, "physical": 0.05}, controlled_until=date(2026, 2, 20),
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def decided(
    world: Path, overlay: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Result, Result]:
    out = tmp_path_factory.mktemp("decided")
    asked = (
        "assess", world / "declarations.parquet", "--findings", world / "findings.parquet",
        "--from", "2026-02-20", "--overlay", overlay, "--out", out,
    )  # fmt: skip
    told, as_json = daliz(*asked), daliz(*asked, "--json")
    assert (told.exit_code, as_json.exit_code) == (0, 0), told.output
    return out, told, as_json


def test_the_overlay_decides(decided: tuple[Path, Result, Result]) -> None:
    fired = pq.read_table(decided[0] / "measures.parquet")["profile_id"].to_pylist()
    assert fired.count("CANARY-77") > 10
    assert "KZ-UV-02" not in fired


def test_neither_screen_nor_json_nor_manifest_says_what_the_overlay_holds(
    decided: tuple[Path, Result, Result],
) -> None:
    out, told, as_json = decided
    manifest = (out / "manifest.json").read_text(encoding="utf-8")
    for text in (told.stdout, told.stderr, as_json.stdout, as_json.stderr, manifest):
        assert canaries(text) == set()
    pack = json.loads(manifest)["policy"]["pack"]
    assert (pack["code"], pack["version"], len(pack["overlay"])) == ("kz", "2026.1", 64)
    assert json.loads(as_json.stdout)["policy"]["pack"] == pack


def test_the_manifest_tells_neither_what_was_retired_nor_own_shares(
    decided: tuple[Path, Result, Result],
) -> None:
    manifest = json.loads((decided[0] / "manifest.json").read_text(encoding="utf-8"))
    names = [name for name, _ in manifest["policy"]["profiles"]]
    assert [name for name in names if not name.startswith("own-")] == []
    assert [
        one["profile_id"] for one in manifest["experience"]["profiles"] if one["profile_id"] not in names
    ] == []
    assert manifest["capacity"]["shares"] == {}


def test_no_file_tells_where_the_overlay_lies(decided: tuple[Path, Result, Result], overlay: Path) -> None:
    for file in (f for f in decided[0].rglob("*") if f.is_file()):
        text = file.read_bytes()
        if file.suffix == ".parquet":
            text = str(pq.read_table(file).to_pylist()).encode()
        found = {c for c in ("canarydir", "canaryowner", "CANARYMEMBER", "canaryrule") if c.encode() in text}
        assert found == set(), file.name
        assert str(overlay).encode() not in text


def test_only_tables_and_report_for_analysts_bear_own_names(decided: tuple[Path, Result, Result]) -> None:
    bearing = set()
    for file in (f for f in decided[0].rglob("*") if f.is_file()):
        text = str(pq.read_table(file).to_pylist()) if file.suffix == ".parquet" else file.read_text("utf-8")
        if canaries(text):
            bearing.add(file.name)
    assert bearing == {"decisions.parquet", "measures.parquet", "report.html"}


def an_ordered_declaration(folder: Path) -> str:
    rows = pq.read_table(folder / "measures.parquet").to_pylist()
    return next(
        str(r["declaration_id"]) for r in rows if r["profile_id"] == "CANARY-77" and r["status"] == "ordered"
    )


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_officer_is_told_the_approved_hint_and_nothing_else(
    decided: tuple[Path, Result, Result], overlay: Path, form: tuple[str, ...]
) -> None:
    result = daliz("explain", decided[0], an_ordered_declaration(decided[0]), "--overlay", overlay, *form)
    assert result.exit_code == 0
    assert "approved hint" in result.stdout
    assert canaries(result.stdout + result.stderr) == set()


def test_an_analyst_with_the_overlay_sees_it_and_without_it_does_not(
    decided: tuple[Path, Result, Result], overlay: Path
) -> None:
    asked = ("explain", decided[0], an_ordered_declaration(decided[0]), "--as", "analyst", "--json")
    (own,) = [
        p for p in json.loads(daliz(*asked, "--overlay", overlay).stdout)["profiles"]
        if p["profile_id"] == "CANARY-77"
    ]  # fmt: skip
    assert (own["area"], "0.0173" in own["indicator"]) == ("canaryarea", True)
    assert canaries(daliz(*asked).stdout) == {"CANARY-77", "canarycolumn"}, (
        "what the tables for analysts bear"
    )


def test_the_report_is_written_again_with_the_overlay(
    decided: tuple[Path, Result, Result], overlay: Path
) -> None:
    before = (decided[0] / "report.html").read_bytes()
    again = daliz("report", decided[0], "--overlay", overlay)
    assert (again.exit_code, canaries(again.output)) == (0, set())
    assert (decided[0] / "report.html").read_bytes() == before


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_broken_overlay_is_told_by_place_only(
    world: Path, tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    broken = tmp_path / "canarydir"
    (broken / "profiles").mkdir(parents=True)
    wrong = PROFILE.replace("item.value_share > 0.0173", "item.value_shard > 0.0173").replace(
        "kind: expert", "kind: canaryrule"
    )
    (broken / "own.yaml").write_text(PACK, encoding="utf-8")
    (broken / "profiles" / "one.yaml").write_text(wrong, encoding="utf-8")
    for command in (
        ["assess", world / "declarations.parquet", "--out", tmp_path / "out"],
        ["read", world / "declarations.parquet", "--out", tmp_path / "out", "--pack", "kz"],
        ["check", "item.customs_value > 1", "--pack", "kz"],
        ["check", "item.customs_value > 1", "--pack", "kz", "--json"],
    ):
        monkeypatch.setattr(
            "sys.argv", ["daliz", *map(str, command), "--overlay", str(broken), "--lang", lang]
        )
        with pytest.raises(SystemExit) as ended:
            run()
        told = capsys.readouterr()
        assert ended.value.code == 1
        assert "profiles/one.yaml:15:" in told.out + told.err
        assert canaries(told.out + told.err) == set(), command[0]


def test_whoever_writes_the_overlay_is_told_everything(overlay: Path, tmp_path: Path) -> None:
    right = daliz("pack", "check", "kz", "--overlay", overlay)
    assert right.exit_code == 0
    assert right.stdout.splitlines()[-1].endswith("profiles added 1, replaced 0, retired 1")
    assert canaries(right.output) == set()
    answer = json.loads(daliz("pack", "check", "kz", "--overlay", overlay, "--json").stdout)
    assert {name: answer["pack"]["overlay"][name] for name in ("profiles_added", "profiles_retired")} == {
        "profiles_added": 1, "profiles_retired": 1,
    }  # fmt: skip
    (tmp_path / "own.yaml").write_text(PACK.replace("KZ-UV-02", "KZ-UV-2"), encoding="utf-8")
    wrong = daliz("pack", "check", "kz", "--overlay", tmp_path)
    assert wrong.exit_code == 1
    assert "profile 'KZ-UV-2' is not declared; did you mean 'KZ-UV-02'?" in wrong.stdout


def test_an_overlay_needs_its_pack(overlay: Path) -> None:
    assert daliz("check", "item.customs_value > 1", "--overlay", overlay).exit_code == 2
    assert (
        canaries(str(daliz("assess", overlay, "--out", overlay, "--overlay", overlay / "x").exception))
        == set()
    )
