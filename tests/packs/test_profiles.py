"""Every case of every profile of every pack that comes with Daliz is a test."""

from itertools import chain

import pytest

from daliz.engine.features import VOCABULARY
from daliz.engine.indicators import sentence
from daliz.engine.pack import Case, Pack, Profile, ProfileKind, fires, load_pack, pack_codes
from daliz.language import LANGUAGES

PACKS = [load_pack(code) for code in pack_codes()]
PROFILES = [(pack, profile) for pack in PACKS for profile in pack.profiles]
CASES = [(pack, profile, case) for pack, profile in PROFILES for case in profile.cases]


@pytest.mark.parametrize(
    ("pack", "profile", "case"), CASES, ids=[f"{p.code} {r.id} {c.name}" for p, r, c in CASES]
)
def test_a_case_comes_out_as_it_says(pack: Pack, profile: Profile, case: Case) -> None:
    assert fires(pack, profile, case) is case.fires


@pytest.mark.parametrize(("pack", "profile"), PROFILES, ids=[f"{p.code} {r.id}" for p, r in PROFILES])
def test_a_profile_can_be_said_in_every_language(pack: Pack, profile: Profile) -> None:
    names = pack.names
    said = [sentence(profile.indicator, pack.vocabulary, lang, names) for lang in LANGUAGES]
    assert all(said)
    assert len(set(said)) == len(LANGUAGES)
    assert not any(code in text for text in said for code in profile.indicator.lists)


@pytest.mark.parametrize(
    ("number", "lang", "said"),
    [
        ("KZ-OR-03", "en", "“tariff preference claimed” is “developing country”"),
        ("KZ-OR-03", "kk", "«мәлімделген тарифтік преференция» – «дамушы ел»"),
        ("KZ-IP-03", "ru", "«вид транспорта» принимает одно из значений («воздушный (40)», «почтовый (50)»)"),
        ("KZ-IP-03", "ru", "«вид декларирования» равняется «на экспресс-грузы»"),
        ("KZ-IP-04", "kk", "«жөнелту елі» мына мәндердің бірі («Қытай», «Сянган АӘА»)"),
        ("KZ-PR-01", "en", "“processing in the customs territory (IM51)”, “temporary admission (IM53)”"),
    ],
)
def test_a_profile_calls_codes_by_the_words_of_its_pack(number: str, lang: str, said: str) -> None:
    pack, profile = next((pack, one) for pack, one in PROFILES if one.id == number)
    assert said in sentence(profile.indicator, pack.vocabulary, lang, pack.names)


@pytest.mark.parametrize(("pack", "profile"), PROFILES, ids=[f"{p.code} {r.id}" for p, r in PROFILES])
def test_a_hint_reveals_no_rule(pack: Pack, profile: Profile) -> None:
    hints = [getattr(profile.hint, lang) for lang in LANGUAGES]
    assert not any(character.isdigit() for hint in hints for character in hint)
    assert not any(name in hint for hint in hints for name in VOCABULARY)
    assert not any(code in hint for hint in hints for code in pack.lists)


@pytest.mark.parametrize(("pack", "profile"), PROFILES, ids=[f"{p.code} {r.id}" for p, r in PROFILES])
def test_a_profile_says_everything_in_three_languages(pack: Pack, profile: Profile) -> None:
    area = profile.area
    texts = [area.name, area.risk, area.risk_goods, profile.hint, profile.look_at, profile.source]
    texts += [text for text in (area.cover_goods, area.routes) if text is not None]
    assert all(text.en and text.ru and text.kk for text in texts)
    assert all(text.en != text.ru for text in texts)


@pytest.mark.parametrize("pack", PACKS, ids=[pack.code for pack in PACKS])
def test_every_list_is_asked_by_a_profile(pack: Pack) -> None:
    asked = set(chain.from_iterable(profile.indicator.lists for profile in pack.profiles))
    asked |= set(chain.from_iterable(p.exclusions.lists for p in pack.profiles if p.exclusions))
    assert asked == set(pack.lists)


@pytest.mark.parametrize("pack", PACKS, ids=[pack.code for pack in PACKS])
def test_experts_write_cases_of_both_kinds(pack: Pack) -> None:
    experts = [profile for profile in pack.profiles if profile.kind is ProfileKind.EXPERT]
    assert all({case.fires for case in profile.cases} == {True, False} for profile in experts)
    assert [profile.id for profile in experts if len(profile.cases) < 3] == []


@pytest.mark.parametrize("pack", PACKS, ids=[pack.code for pack in PACKS])
def test_every_targeting_profile_guards_an_area_of_the_register(pack: Pack) -> None:
    areas = {p.id: p.risk_area for p in pack.profiles if p.kind is not ProfileKind.RANDOM}
    assert [number for number, area in areas.items() if area not in pack.register.areas] == []


@pytest.mark.parametrize("pack", PACKS, ids=[pack.code for pack in PACKS])
def test_the_register_says_everything_in_three_languages(pack: Pack) -> None:
    register = pack.register
    texts = [*register.subjects.values(), *register.objects.values()]
    texts += [threat.name for threat in register.threats.values()]
    texts += [text for group in register.groups.values() for text in (group.name, group.why)]
    for area in register.areas.values():
        texts += [area.name, area.risk_goods.name, area.likelihood.note, area.consequence.note, area.source]
        texts += [text for text in (area.routes, area.cover_goods and area.cover_goods.name) if text]
    assert all(text.en and text.ru and text.kk for text in texts)
    assert all(text.en != text.ru for text in texts)


@pytest.mark.parametrize(("pack", "profile"), PROFILES, ids=[f"{p.code} {r.id}" for p, r in PROFILES])
def test_what_ensures_control_accompanies_the_opening_of_goods(pack: Pack, profile: Profile) -> None:
    """Sealing and sampling are done at the goods, so a profile that orders them has no document form."""
    measures = [pack.measures[code] for code in profile.measures]
    if any(measure.ensures for measure in measures):
        assert {measure.form for measure in measures} == {"physical", None}
