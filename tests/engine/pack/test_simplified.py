"""Simplified procedures ease targeted control, and nothing else; advice comes with reasons for departing."""

from pathlib import Path
from typing import Final

import pytest

from daliz.engine.pack import CapacityRule, Case, Decider, Pack, check_pack, fires, load_pack
from tests.engine.pack.builders import PACK, a_pack, problems_of

SIMPLIFIED: Final = """
simplified_procedures:
  entrusted:
    name: {en: Entrusted, ru: Доверенные, kk: Сенімді}
    terms: {en: on application, ru: по заявлению, kk: өтініш бойынша}
    when: declaration.trader_id = '77'
    eases: [value]
    source: [{law: code}]
"""
CHEAP: Final = {
    "declaration.direction": "import",
    "declaration.office": "100",
    "trader.violations_365d": 1.0,
    "item.unit_value": 1.0,
    "reference.unit_value_p10": 4.0,
    "item.net_mass_kg": 20.0,
}


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    path = tmp_path / "pack.yaml"
    path.write_text(PACK + SIMPLIFIED, encoding="utf-8")
    return load_pack(path)


@pytest.mark.parametrize(("trader", "expected"), [("77", False), ("78", True), (None, True)])
def test_a_waivable_profile_of_an_eased_direction_spares_the_entrusted(
    pack: Pack, trader: str | None, expected: bool
) -> None:
    case = Case("cheap", expected, ({**CHEAP, "declaration.trader_id": trader},))
    assert fires(pack, pack.profiles[1], case) is expected


def test_the_profiles_own_exclusions_still_hold(pack: Pack) -> None:
    clean = {**CHEAP, "declaration.trader_id": "78", "trader.violations_365d": 0.0}
    assert fires(pack, pack.profiles[1], Case("clean", False, (clean,))) is False


def test_a_mandatory_profile_spares_nobody(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    text = PACK.replace("    exclusions: trader.violations_365d = 0\n", "", 1).replace(
        "    capacity: waivable\n    measures: [desk]", "    capacity: mandatory\n    measures: [desk]"
    )
    honest = text.index("      - name: an honest trader")
    cases = text[honest : text.index("  - id: XX-3")]
    text = text.replace(
        cases,
        """      - name: at the lowest price
        fires: false
        declaration: {declaration.direction: import, declaration.office: "100"}
        items: [{item.unit_value: 4, reference.unit_value_p10: 4, item.net_mass_kg: 20}]
""",
    )
    path.write_text(text + SIMPLIFIED, encoding="utf-8")
    pack = load_pack(path)
    assert pack.profiles[1].capacity is CapacityRule.MANDATORY
    assert pack.profiles[1].exclusions is None


def test_what_never_waits_is_never_eased(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(PACK + SIMPLIFIED.replace("eases: [value]", "eases: [bans]"), encoding="utf-8")
    assert [(p.code, p.message.text()) for p in check_pack(path)] == [
        ("pack-simplified", "control of bans never waits, so no simplified procedure eases it")
    ]


def test_a_simplified_procedure_speaks_of_the_whole_declaration(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    text = SIMPLIFIED.replace("declaration.trader_id = '77'", "item.net_mass_kg < 5")
    path.write_text(PACK + text, encoding="utf-8")
    assert [problem.code for problem in check_pack(path)] == ["pack-grain"]


def test_the_system_decides_unless_the_pack_says_otherwise(tmp_path: Path) -> None:
    policy = load_pack(a_pack(tmp_path)).policy
    assert (policy.decides, policy.advises) == (Decider.SYSTEM, False)


def test_advice_comes_with_reasons_for_departing_from_it(tmp_path: Path) -> None:
    advice = ("  default_capacity:", "  decides: officer\n  default_capacity:")
    assert [problem.code for problem in problems_of(tmp_path, advice)] == ["pack-deviations"]
    reasons = ("disclosure:", "deviations:\n  known: {en: known, ru: известно, kk: белгілі}\ndisclosure:")
    pack = load_pack(a_pack(tmp_path, advice, reasons))
    assert pack.policy.advises
    assert pack.deviations["known"].ru == "известно"


def test_where_the_system_decides_there_is_nothing_to_depart_from(tmp_path: Path) -> None:
    reasons = ("disclosure:", "deviations:\n  known: {en: known, ru: известно, kk: белгілі}\ndisclosure:")
    found = problems_of(tmp_path, reasons)
    assert [problem.message.text() for problem in found] == [
        "the system decides, so there is nothing to depart from; leave deviations out"
    ]
