"""The Kyrgyz pack: two corridors, the inspector decides on advice, a post-entry department follows up."""

from datetime import date

import pytest

from daliz.engine.pack import CapacityRule, Case, Pack, ProfileKind, fires, load_pack, remarks


@pytest.fixture(scope="module")
def kg() -> Pack:
    return load_pack("kg")


def test_it_says_that_it_is_synthetic_and_which_language_it_lacks(kg: Pack) -> None:
    assert kg.notice.en.startswith("Synthetic pack.")
    assert "no Kyrgyz yet" in kg.notice.en
    assert kg.languages == ("en", "ru", "kk")


def test_it_keeps_the_day_and_the_money_of_kyrgyzstan(kg: Pack) -> None:
    assert (kg.country, kg.zone, kg.currency) == ("KG", "Asia/Bishkek", "KGS")


def test_it_has_a_green_and_a_red_corridor(kg: Pack) -> None:
    assert [(c.code, c.releases_automatically, c.published_share) for c in kg.corridors] == [
        ("green", True, None),
        ("red", False, None),
    ]


def test_what_happens_before_release_is_red_and_what_comes_after_is_green(kg: Pack) -> None:
    led = {(measure.form, measure.corridor) for measure in kg.measures.values()}
    assert led == {("documents", "red"), ("physical", "red"), (None, "red"), ("post_release", "green")}


def test_the_inspector_decides_and_departs_with_a_reason(kg: Pack) -> None:
    assert kg.policy.advises
    assert set(kg.deviations) == {
        "documents_suffice", "checked_before", "other_information", "officers_observation", "perishable",
        "no_means", "order_of_superior",
    }  # fmt: skip


def test_it_has_some_fifteen_profiles_and_a_random_one_for_each_stream(kg: Pack) -> None:
    experts = [p for p in kg.profiles if p.kind is ProfileKind.EXPERT]
    assert 15 <= len(experts) <= 20
    assert sum(p.capacity is CapacityRule.MANDATORY for p in experts) == 2
    assert sum(p.kind is ProfileKind.RANDOM for p in kg.profiles) == 3


def test_the_post_entry_department_has_profiles_of_its_own(kg: Pack) -> None:
    assert {p.id for p in kg.profiles if "post_entry_check" in p.measures} == {"KG-UV-03", "KG-PR-01"}


def test_every_area_of_its_register_is_guarded(kg: Pack) -> None:
    assert remarks(kg) == []


def test_simplified_procedures_ease_no_ban(kg: Pack) -> None:
    assert set(kg.simplified) == {"entrusted_traders", "perishables"}
    never = {code for code, direction in kg.directions.items() if not direction.deferrable}
    assert all(not never & set(procedure.eases) for procedure in kg.simplified.values())


def test_an_entrusted_trader_is_not_spared_where_life_is_at_stake(kg: Pack) -> None:
    meat = next(p for p in kg.profiles if p.id == "KG-BN-03")
    facts = {
        "declaration.direction": "import",
        "declaration.trader_id": "01001199910001",
        "trader.violations_365d": 0.0,
        "trader.first_counterparty": True,
        "item.hs_heading": "0207",
    }
    assert fires(kg, meat, Case("meat", True, (facts,)))


def test_the_border_with_kazakhstan_has_no_office(kg: Pack) -> None:
    assert {office.neighbour for office in kg.offices.values()} == {None, "CN", "UZ", "TJ"}


@pytest.mark.parametrize(
    ("day", "rest"),
    [
        (date(2026, 3, 21), True),  # Nooruz, a Saturday
        (date(2026, 3, 23), True),  # the day off that it gives
        (date(2026, 8, 31), True),  # Independence Day
        (date(2026, 11, 7), True),  # Days of History, a Saturday
        (date(2026, 5, 27), True),  # Kurman Ait
        (date(2026, 12, 16), False),  # a holiday of the neighbour
    ],
)
def test_it_rests_when_the_law_says(kg: Pack, day: date, rest: bool) -> None:
    assert (day in kg.holidays) is rest
