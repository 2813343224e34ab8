# ruff: noqa: E501 -- what is replaced stands on one line
"""The risk register: what it holds, what it names, and which area nobody guards."""

from pathlib import Path
from typing import Final

import pytest

from daliz.engine.pack import Pack, check_pack, load_pack, remarks
from tests.engine.pack.builders import PACK

REGISTER: Final = """
threats:
  smuggling: {name: {en: Smuggling, ru: Контрабанда, kk: Контрабанда}, source: [{law: code, articles: "7"}]}
risk_groups:
  licensed: {kind: goods, name: {en: Licensed, ru: Лицензируемые, kk: Лицензияланатын}, why: {en: Harm, ru: Вред, kk: Зиян}}
subjects:
  carrier: {en: carrier, ru: перевозчик, kk: тасымалдаушы}
objects:
  goods: {en: goods, ru: товары, kk: тауарлар}
higher_risk:
  weapons: {name: {en: weapons, ru: оружие, kk: қару}, consequence: severe}
risk_areas:
  arms:
    name: {en: Arms, ru: Оружие, kk: Қару}
    threat: smuggling
    higher: weapons
    groups: [licensed]
    subjects: [carrier]
    objects: [goods]
    risk_goods: {codes: ["93"], name: {en: arms, ru: оружие, kk: қару}}
    cover_goods: {codes: ["8205"], name: {en: tools, ru: инструменты, kk: құралдар}}
    countries: [NO]
    likelihood: {band: rare, note: {en: single cases, ru: редко, kk: сирек}}
    consequence: {band: severe, note: {en: safety, ru: безопасность, kk: қауіпсіздік}}
    owner: bans
    review_by: 2026-06-30
    source: [{law: code}]
  cheap:
    name: {en: Cheap goods, ru: Дешёвое, kk: Арзан}
    threat: smuggling
    subjects: [carrier]
    objects: [goods]
    risk_goods: {name: {en: any, ru: любые, kk: кез келген}}
    likelihood: {band: often, note: {en: often, ru: часто, kk: жиі}}
    consequence: {band: slight, note: {en: little, ru: мало, kk: аз}}
    owner: value
    review_by: 2026-06-30
    source: [{law: code}]
"""


def registered(text: str = REGISTER, *, second: str = "cheap") -> str:
    """The small pack with the register, its first profile in arms and the second in another area."""
    areas = {
        "direction: bans\n    stream": "arms",
        "direction: value\n    stream: import\n    points": second,
    }
    pack = PACK
    for key, area in areas.items():
        direction, rest = key.split("\n", 1)
        assert pack.count(key) == 1
        pack = pack.replace(key, f"{direction}\n    risk_area: {area}\n{rest}")
    return pack + text


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    path = tmp_path / "pack.yaml"
    path.write_text(registered(), encoding="utf-8")
    return load_pack(path)


def problems(folder: Path, text: str) -> list[tuple[str, str]]:
    path = folder / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    return [(problem.code, problem.message.text()) for problem in check_pack(path)]


def test_a_register_is_typed(pack: Pack) -> None:
    area = pack.register.areas["arms"]
    assert (area.threat, area.higher, area.countries) == ("smuggling", "weapons", ("NO",))
    assert area.risk_goods.codes == ("93",)
    assert area.cover_goods is not None
    assert area.cover_goods.codes == ("8205",)
    assert pack.register.areas["cheap"].cover_goods is None
    assert pack.register.threats["smuggling"].source.en == "Customs Code, art. 7"


def test_a_profile_names_its_area_and_a_random_one_none(pack: Pack) -> None:
    assert [profile.risk_area for profile in pack.profiles] == ["arms", "cheap", None]


def test_coverage_tells_who_guards_an_area(pack: Pack) -> None:
    found = pack.register.coverage(pack.profiles)
    assert {area: [p.id for p in profiles] for area, profiles in found.items()} == {
        "arms": ["XX-1"],
        "cheap": ["XX-2"],
    }
    assert remarks(pack) == []


def test_an_area_that_nobody_guards_is_remarked_on(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(registered(second="arms"), encoding="utf-8")
    said = [remark.text("en") for remark in remarks(load_pack(path))]
    assert said == ["no active profile guards the risk area cheap (Cheap goods) [register-area-uncovered]"]


def test_a_suspended_profile_guards_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    text = registered().replace(
        "  - id: XX-1\n    version: 1\n    kind: expert\n    status: active",
        "  - id: XX-1\n    version: 1\n    kind: expert\n    status: suspended",
    )
    path.write_text(text, encoding="utf-8")
    assert [remark.of for remark in remarks(load_pack(path))] == ["arms"]


def test_threats_and_groups_that_no_area_names_are_remarked_on(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    more = REGISTER.replace("    groups: [licensed]\n", "").replace(
        "risk_groups:",
        "  fraud: {name: {en: Fraud, ru: Обман, kk: Алаяқтық}, source: [{law: code}]}\nrisk_groups:",
    )
    path.write_text(registered(more), encoding="utf-8")
    assert [(remark.code, remark.of) for remark in remarks(load_pack(path))] == [
        ("register-threat-unused", "fraud"),
        ("register-group-unused", "licensed"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("threat: smuggling\n    higher", "threat: smugling\n    higher", "pack-unknown-threat",
         "threat 'smugling' is not declared; did you mean 'smuggling'?"),
        ("groups: [licensed]", "groups: [licenced]", "pack-unknown-risk-group",
         "risk group 'licenced' is not declared; did you mean 'licensed'?"),
        ("higher: weapons", "higher: drugs", "pack-unknown-higher-risk-class",
         "higher-risk class 'drugs' is not declared in this pack"),
        ("subjects: [carrier]\n    objects: [goods]\n    risk_goods: {codes", "subjects: [broker]\n    objects: [goods]\n    risk_goods: {codes",
         "pack-unknown-monitored-subject", "monitored subject 'broker' is not declared in this pack"),
        ("band: rare", "band: raree", "pack-unknown-likelihood-band",
         "likelihood band 'raree' is not declared; did you mean 'rare'?"),
        ("consequence: severe}", "consequence: grave}", "pack-unknown-consequence-band",
         "consequence band 'grave' is not declared in this pack"),
        ('codes: ["93"]', 'codes: ["9"]', "pack-hs-prefix",
         "'9' is not the beginning of an HS code; write 2 to 10 digits"),
        ("countries: [NO]\n    likelihood", "countries: [Norway]\n    likelihood", "pack-country",
         "'Norway' is not a country; write two capital letters, ISO 3166-1"),
    ],
)  # fmt: skip
def test_what_an_area_names_must_be_there(tmp_path: Path, old: str, new: str, code: str, said: str) -> None:
    assert REGISTER.count(old) == 1
    assert (code, said) in problems(tmp_path, registered(REGISTER.replace(old, new)))


def test_a_profile_must_name_an_area_where_there_is_a_register(tmp_path: Path) -> None:
    assert problems(tmp_path, PACK + REGISTER) == [("pack-missing", "risk_area is missing")] * 2


def test_a_profile_must_name_an_area_that_is_there(tmp_path: Path) -> None:
    assert problems(tmp_path, registered(second="chep")) == [
        ("pack-unknown-risk-area", "risk area 'chep' is not declared; did you mean 'cheap'?")
    ]


def test_a_pack_may_keep_no_register(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(PACK, encoding="utf-8")
    assert load_pack(path).register.areas == {}
