"""What a loaded pack holds, how an overlay changes it, and what its fingerprint stands for."""

import re
from datetime import date
from pathlib import Path

import pytest

from daliz.engine.loads import Request, commit, plan_load
from daliz.engine.pack import (
    EffectPolicy,
    HarmPoints,
    PackError,
    PackNotFoundError,
    ProfileKind,
    Tolerance,
    check_pack,
    load_pack,
)
from daliz.language import Text
from tests.engine.loads.builders import RATES, a_file
from tests.engine.pack.builders import PACK, a_pack


def test_a_pack_is_typed(tmp_path: Path) -> None:
    pack = load_pack(a_pack(tmp_path))
    assert pack.code == "xx"
    assert pack.offices["200"].neighbour == "NO"
    assert (pack.offices["100"].pool, pack.offices["200"].pool) == ("east", "gate")
    assert pack.holidays == {date(2026, 1, 1), date(2026, 1, 2)}
    assert [corridor.code for corridor in pack.corridors] == ["green", "blue", "red"]
    assert pack.measures["seal"].form is None
    assert pack.lists["arms"].members == ("9302", "9303")
    assert pack.forms == ("physical", "later")


def test_a_pack_states_what_effect_is_measured_against_or_nothing(tmp_path: Path) -> None:
    assert load_pack(a_pack(tmp_path)).policy.effect == EffectPolicy()
    effect = "effect: {tolerance: {low: 0.9, high: 0.95}, sensitivity: 0.8, harm: {prohibited: 50}}"
    stated = ("  money_per_harm: 1000", f"  money_per_harm: 1000\n  {effect}")
    found = load_pack(a_pack(tmp_path, stated)).policy.effect
    assert found == EffectPolicy(Tolerance(0.9, 0.95), 0.8, HarmPoints({"prohibited": 50.0}))


def test_a_violation_may_weigh_more_on_listed_goods(tmp_path: Path) -> None:
    effect = "effect: {harm: {prohibited: 5}, harm_on_goods: {prohibited: {arms: 80}}}"
    stated = ("  money_per_harm: 1000", f"  money_per_harm: 1000\n  {effect}")
    harm = load_pack(a_pack(tmp_path, stated)).policy.effect.harm
    assert (harm.of("prohibited", "9302001000"), harm.of("prohibited", "0207141000")) == (80, 5)
    assert (harm.of("prohibited", None), harm.of("documents", "9302001000")) == (5, 0)


def test_harm_on_a_list_that_is_not_there_is_noted(tmp_path: Path) -> None:
    effect = "effect: {harm: {prohibited: 5}, harm_on_goods: {prohibited: {armz: 80}}}"
    stated = ("  money_per_harm: 1000", f"  money_per_harm: 1000\n  {effect}")
    with pytest.raises(PackError, match="did you mean 'arms'"):
        load_pack(a_pack(tmp_path, stated))


def test_a_pack_states_what_a_find_is_worth_and_how_much_of_capacity_chance_may_take(tmp_path: Path) -> None:
    plain = load_pack(a_pack(tmp_path)).policy
    assert (plain.money_per_hit, plain.random.most_of_capacity) == (0.0, 1.0)
    worth = ("  money_per_harm: 1000", "  money_per_harm: 1000\n  money_per_hit: 250")
    most = ("    measure: open_goods\n", "    measure: open_goods\n    most_of_capacity: 0.05\n")
    stated = load_pack(a_pack(tmp_path, worth, most)).policy
    assert (stated.money_per_hit, stated.random.most_of_capacity) == (250.0, 0.05)


def test_a_source_is_a_sentence_in_three_languages(tmp_path: Path) -> None:
    pack = load_pack(a_pack(tmp_path))
    assert pack.profiles[0].source == Text(
        "Customs Code, art. 7", "Таможенный кодекс, ст. 7", "Кеден кодексі, 7-бап"
    )


def test_a_profile_applies_to_its_stream_and_offices(tmp_path: Path) -> None:
    everywhere, regional, random = load_pack(a_pack(tmp_path)).profiles
    assert everywhere.applies.text == "declaration.direction = 'import'"
    assert regional.applies.names == {"declaration.direction", "declaration.office"}
    assert random.kind is ProfileKind.RANDOM
    assert (random.share, random.indicator.text) == (0.01, "declaration.direction = 'import'")


def test_only_active_profiles_within_their_days_decide(tmp_path: Path) -> None:
    pack = load_pack(a_pack(tmp_path))
    assert [profile.id for profile in pack.profiles_on(date(2026, 12, 31))] == ["XX-1", "XX-2", "XX-3"]
    assert pack.profiles_on(date(2027, 1, 1)) == ()


@pytest.mark.parametrize(
    ("probability", "damage", "level"),
    [(0.0, 0.0, "low"), (0.49, 5000, "low"), (0.5, 999.99, "low"), (0.5, 1000, "high"), (1.0, 1e9, "high")],
)
def test_the_level_relates_frequency_to_consequence(
    tmp_path: Path, probability: float, damage: float, level: str
) -> None:
    assert load_pack(a_pack(tmp_path)).policy.levels.level(probability, damage) == level


def test_the_fingerprint_stands_for_the_content_and_not_the_layout(tmp_path: Path) -> None:
    one = load_pack(a_pack(tmp_path)).fingerprint
    path = tmp_path / "pack.yaml"
    path.write_text("# a remark\n" + PACK, encoding="utf-8")
    assert load_pack(path).fingerprint == one
    sections = PACK.split("holidays:\n")
    moved = tmp_path / "moved"
    moved.mkdir()
    (moved / "a.yaml").write_text(sections[0], encoding="utf-8")
    (moved / "b.yaml").write_text("holidays:\n" + sections[1], encoding="utf-8")
    assert load_pack(moved).fingerprint == one
    changed = a_pack(tmp_path, ("    minutes: 200", "    minutes: 201"))
    assert load_pack(changed).fingerprint != one


def test_a_section_in_two_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("regions: {}\n", encoding="utf-8")
    with pytest.raises(PackError, match="regions stands already in"):
        load_pack(tmp_path)


OVERLAY = """\
pack: {version: "1+own"}
measures:
  desk:
    name: {en: desk check, ru: камеральная проверка, kk: камералдық тексеру}
    form: later
    minutes: 75
    delay_hours: 0
    corridor: blue
    instruction: {en: Read, ru: Изучите, kk: Оқыңыз}
"""


def an_overlay(folder: Path, text: str) -> Path:
    over = folder / "own"
    over.mkdir()
    (over / "own.yaml").write_text(text, encoding="utf-8")
    return over


def test_an_overlay_replaces_what_it_names(tmp_path: Path) -> None:
    pack = load_pack(a_pack(tmp_path), overlay=an_overlay(tmp_path, OVERLAY))
    assert (pack.version, pack.code) == ("1+own", "xx")
    assert (pack.measures["desk"].minutes, pack.measures["seal"].minutes) == (75, 10)


def first_profile() -> str:
    return PACK[PACK.index("  - id: XX-1") : PACK.index("  - id: XX-2")]


def test_an_overlay_brings_a_later_version_of_a_profile(tmp_path: Path) -> None:
    later = "profiles:\n" + first_profile().replace("version: 1", "version: 2")
    pack = load_pack(a_pack(tmp_path), overlay=an_overlay(tmp_path, later))
    assert [(profile.id, profile.version) for profile in pack.profiles] == [
        ("XX-1", 2),
        ("XX-2", 1),
        ("XX-3", 1),
    ]


def test_an_overlay_may_not_change_a_version(tmp_path: Path) -> None:
    (problem,) = check_pack(a_pack(tmp_path), overlay=an_overlay(tmp_path, "profiles:\n" + first_profile()))
    assert problem.message.text() == "version 1 of XX-1 does not follow version 1 of the base; raise it"


def test_an_overlay_retires_a_profile_by_its_name(tmp_path: Path) -> None:
    pack = load_pack("kz", overlay=an_overlay(tmp_path, "pack: {retires: [KZ-UV-02]}\n"))
    assert {profile.id for profile in load_pack("kz").profiles} - {p.id for p in pack.profiles} == {
        "KZ-UV-02"
    }
    assert pack.overlay is not None
    assert (pack.overlay.added, pack.overlay.replaced, pack.overlay.retired) == (0, 0, 1)


def test_what_is_left_after_retiring_is_checked_whole(tmp_path: Path) -> None:
    (problem,) = check_pack(a_pack(tmp_path), overlay=an_overlay(tmp_path, "pack: {retires: [XX-2]}\n"))
    assert problem.message.text() == "no profile orders a measure of the form later"


def test_a_profile_that_is_not_there_cannot_be_retired(tmp_path: Path) -> None:
    (problem,) = check_pack(a_pack(tmp_path), overlay=an_overlay(tmp_path, "pack: {retires: [XX-22]}\n"))
    assert problem.code == "pack-unknown-profile"
    assert "did you mean 'XX-2'?" in problem.message.text()
    assert (problem.line, problem.column) == (1, 18)


def test_a_profile_is_not_retired_and_replaced_at_once(tmp_path: Path) -> None:
    own = "pack: {retires: [XX-1]}\nprofiles:\n" + first_profile().replace("version: 1", "version: 2")
    (problem,) = check_pack(a_pack(tmp_path), overlay=an_overlay(tmp_path, own))
    assert problem.code == "pack-overlay-retired"


def test_an_overlay_does_not_turn_the_pack_into_another(tmp_path: Path) -> None:
    (problem,) = check_pack(a_pack(tmp_path), overlay=an_overlay(tmp_path, "pack: {code: yy}\n"))
    assert (problem.code, problem.line) == ("pack-overlay-code", 1)


def test_the_fingerprint_covers_pack_and_overlay(tmp_path: Path) -> None:
    base = load_pack(a_pack(tmp_path))
    over = an_overlay(tmp_path, OVERLAY)
    one = load_pack(a_pack(tmp_path), overlay=over)
    (over / "own.yaml").write_text(OVERLAY.replace("minutes: 75", "minutes: 76"), encoding="utf-8")
    other = load_pack(a_pack(tmp_path), overlay=over)
    assert len({base.fingerprint, one.fingerprint, other.fingerprint}) == 3
    assert one.overlay is not None
    assert other.overlay is not None
    assert one.overlay.fingerprint != other.overlay.fingerprint
    assert one.overlay.alias("XX-1") != other.overlay.alias("XX-1")
    assert "key" not in repr(one.overlay)
    assert (one.version, one.told_version, base.told_version) == ("1+own", "1", "1")
    assert (base.told("XX-1"), one.told("XX-1") == "XX-1") == ("XX-1", False)


def test_what_is_wrong_in_an_overlay_is_told_by_place_only(tmp_path: Path) -> None:
    own = "profiles:\n" + first_profile().replace("version: 1", "version: 2").replace(
        "indicator:", "indicator: item.canary > 77\n    x_indicator:"
    )
    over = an_overlay(tmp_path, own)
    with pytest.raises(PackError) as told:
        load_pack(a_pack(tmp_path), overlay=over)
    text = str(told.value)
    assert "canary" not in text
    assert str(over) not in text
    assert re.search(r"^  own\.yaml:\d+:\d+: \[expression-unknown-name\]$", text, re.MULTILINE)
    assert any("canary" in problem.text() for problem in check_pack(a_pack(tmp_path), overlay=over))


def test_official_lists_of_a_pack_count_in_its_fingerprint_and_are_checked(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    base = load_pack(a_pack(folder), overlay=an_overlay(tmp_path, OVERLAY))
    file = a_file(tmp_path, RATES)
    taken = commit(plan_load(Request("rates", file, tmp_path / "own", None)))
    loaded = load_pack(a_pack(folder), overlay=tmp_path / "own")
    assert loaded.fingerprint != base.fingerprint
    assert loaded.official.shelf("rates").loads == (taken,)
    rows = tmp_path / "own" / "lists" / taken.file
    rows.write_bytes(rows.read_bytes() + b"x")
    (problem,) = check_pack(a_pack(folder), overlay=tmp_path / "own")
    assert (problem.code, Path(problem.file).name) == ("pack-list", "loads.jsonl")
    assert "is not what was loaded" in problem.text()


def test_an_overlay_may_drop_whole_sections(tmp_path: Path) -> None:
    own = "pack: {replaces: [profiles]}\n" + PACK[PACK.index("profiles:") :].replace("XX-", "YY-")
    pack = load_pack(a_pack(tmp_path), overlay=an_overlay(tmp_path, own))
    assert [profile.id for profile in pack.profiles] == ["YY-1", "YY-2", "YY-3"]


def test_an_overlay_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackNotFoundError, match="does not exist"):
        load_pack(a_pack(tmp_path), overlay=tmp_path / "nowhere")


def test_a_pack_that_is_not_there_is_told() -> None:
    with pytest.raises(PackNotFoundError, match="no pack 'atlantis': neither one of kg, kz"):
        load_pack("atlantis")
