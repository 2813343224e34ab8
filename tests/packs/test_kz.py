"""The Kazakh pack says what public sources say, and that the rest is made up."""

from datetime import date

import pycountry
import pytest

from daliz.engine.pack import CapacityRule, Pack, ProfileKind, Scope, Stream, load_pack, remarks

R11 = {
    "bans", "procedures", "undervaluation", "anti_dumping", "intellectual_property", "untruthful_declaration",
    "volume", "concealment", "origin_preference", "classification",
}  # fmt: skip
"""The directions of profiles that were published."""


@pytest.fixture(scope="module")
def kz() -> Pack:
    return load_pack("kz")


def test_it_says_that_it_is_synthetic(kz: Pack) -> None:
    assert kz.notice.en.startswith("Synthetic pack.")
    assert kz.notice.ru.startswith("Синтетический пакет.")
    assert kz.notice.kk.startswith("Синтетикалық пакет.")


def test_it_keeps_the_day_and_the_money_of_kazakhstan(kz: Pack) -> None:
    assert (kz.zone, kz.currency, kz.languages) == ("Asia/Almaty", "KZT", ("en", "ru", "kk"))


def test_its_four_corridors_have_the_published_shares(kz: Pack) -> None:
    assert [(c.code, c.published_share, c.releases_automatically) for c in kz.corridors] == [
        ("green", 0.773, True),
        ("blue", 0.027, True),
        ("yellow", 0.164, False),
        ("red", 0.036, False),
    ]
    assert kz.policy.default_capacity == {"documents": 0.164, "physical": 0.036, "post_release": 0.027}


def test_its_forms_lead_to_their_corridors(kz: Pack) -> None:
    led = {(measure.form, measure.corridor) for measure in kz.measures.values()}
    assert led == {("documents", "yellow"), ("physical", "red"), ("post_release", "blue"), (None, "red")}


def test_its_profiles_cover_the_published_directions(kz: Pack) -> None:
    assert {p.direction for p in kz.profiles} == R11 | {"delivery", "compliance"}


def test_it_has_profiles_of_every_sort(kz: Pack) -> None:
    experts = [p for p in kz.profiles if p.kind is ProfileKind.EXPERT]
    assert len(experts) >= 60
    assert {p.stream for p in experts} == set(Stream)
    assert {p.id for p in experts if p.capacity is CapacityRule.MANDATORY} == {
        "KZ-BN-01", "KZ-BN-02", "KZ-BN-05", "KZ-BN-11",
    }  # fmt: skip
    assert sum(p.scope is Scope.REGIONAL for p in experts) == 4
    assert sum(p.kind is ProfileKind.RANDOM for p in kz.profiles) == 3


@pytest.mark.parametrize("direction", sorted(R11))
def test_each_published_direction_has_several_profiles(kz: Pack, direction: str) -> None:
    assert sum(p.direction == direction for p in kz.profiles) >= 3


def test_every_area_of_the_register_but_one_is_guarded(kz: Pack) -> None:
    assert len(kz.register.areas) == 35
    assert [(remark.code, remark.of) for remark in remarks(kz)] == [
        ("register-area-uncovered", "personal_use")
    ]


def test_the_higher_risk_areas_are_those_of_the_concept(kz: Pack) -> None:
    assert set(kz.register.higher_risk) == {"life_health", "drugs", "weapons", "radioactive"}
    of_class = {
        c: {a.code for a in kz.register.areas.values() if a.higher == c} for c in kz.register.higher_risk
    }
    assert of_class["drugs"] == {"drugs"}
    assert of_class["weapons"] == {"weapons", "dual_use"}
    assert of_class["radioactive"] == {"radioactive"}
    assert "medicines" in of_class["life_health"]


def test_the_system_decides(kz: Pack) -> None:
    assert not kz.policy.advises
    assert kz.deviations == {}


def test_documents_are_checked_by_more_profiles_than_goods_are_opened(kz: Pack) -> None:
    first = [kz.measures[p.measures[0]].form for p in kz.profiles if p.kind is ProfileKind.EXPERT]
    assert first.count("documents") > first.count("physical") > first.count("post_release") > 0


def test_bans_and_intellectual_property_never_wait_until_after_release(kz: Pack) -> None:
    assert {code for code, d in kz.directions.items() if not d.deferrable} == {
        "bans",
        "intellectual_property",
    }
    assert {code for code, d in kz.directions.items() if d.non_fiscal} == {"bans", "intellectual_property"}


def test_a_declarant_may_be_told_two_reasons(kz: Pack) -> None:
    assert [reason.code for reason in kz.disclosure] == ["liability", "arrears"]


@pytest.mark.parametrize(
    ("day", "rest"),
    [
        (date(2025, 3, 8), True),  # Women's Day, a Saturday
        (date(2025, 3, 10), True),  # the day off that it gives
        (date(2026, 1, 7), True),  # Christmas
        (date(2026, 5, 27), True),  # Kurban Ait
        (date(2026, 10, 26), True),  # for Republic Day on a Sunday
        (date(2027, 1, 4), True),  # for the second day of the New Year on a Saturday
        (date(2026, 5, 8), False),
        (date(2027, 5, 17), False),  # Kurban Ait on a Sunday gives no other day
    ],
)
def test_it_rests_when_the_law_says(kz: Pack, day: date, rest: bool) -> None:
    assert (day in kz.holidays) is rest


def test_it_names_real_countries(kz: Pack) -> None:
    named = {country for profile in kz.profiles for country in profile.area.countries}
    named |= {office.neighbour for office in kz.offices.values() if office.neighbour}
    named |= set(kz.lists["preference_countries"].members) | set(kz.lists["transshipment_countries"].members)
    assert {code for code in named if pycountry.countries.get(alpha_2=code) is None} == set()


def test_it_has_offices_of_every_kind(kz: Pack) -> None:
    assert {office.kind for office in kz.offices.values()} == {"inland", "road", "rail", "port", "airport"}
    assert {office.region for office in kz.offices.values()} == set(kz.regions)
