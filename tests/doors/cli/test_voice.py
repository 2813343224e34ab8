"""Codes have names and values have units, in each language."""

from decimal import Decimal

import pytest

from daliz.doors.cli.voice import Voice
from daliz.engine.pack import load_pack
from tests.doors.cli.report.small_pack import a_pack


def spoken(lang: str, name: str, value: object) -> str:
    return Voice(lang, a_pack()).value(name, value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("lang", "name", "value", "said"),
    [
        ("en", "trader.days_since_first", 84.0, "84 days"),
        ("ru", "trader.days_since_first", 84.0, "84 дн."),
        ("kk", "trader.days_since_first", 84.0, "84 күн"),
        ("en", "item.customs_value", 2050000.0, "2,050,000 KZT"),
        ("en", "item.unit_value", 1481.83, "1,481.8 KZT/kg"),
        ("ru", "item.unit_value", 0.1734, "0,173 KZT/кг"),
        ("en", "item.origin_country", "CN", "China (CN)"),
        ("ru", "item.origin_country", "CN", "Китай (CN)"),
        ("kk", "item.origin_country", "CN", "Қытай (CN)"),
        ("kk", "declaration.office", "50601", "Қорғас (50601)"),
        ("en", "declaration.procedure", "IM40", "IM40 – Release"),
        ("ru", "trader.first_code", True, "да"),
        ("ru", "item.description", None, "неизвестно"),
        ("en", "item.item_no", [1, 2, 3, 4, 5, 6], "1; 2; 3; 4; 5 …"),
        ("en", "item.description", "tea\x1b[2J", "tea⟨1B⟩[2J"),
    ],
)  # fmt: skip
def test_a_value_is_said_with_its_unit_or_name(lang: str, name: str, value: object, said: str) -> None:
    assert spoken(lang, name, value) == said


def test_a_code_without_a_name_stands_for_itself() -> None:
    voice = Voice("en", a_pack())
    assert (voice.office("99999"), voice.country("XK"), voice.corridor("grey")) == (
        "99999",
        "Kosovo (XK)",
        "grey",
    )


def test_what_is_unknown_is_a_dash() -> None:
    voice = Voice("en", a_pack())
    assert {voice.number(None), voice.percent(None), voice.money(None), voice.office(None)} == {"–"}


def test_a_difference_in_points_has_its_sign() -> None:
    voice = Voice("en", a_pack())
    assert (voice.points(0.113), voice.points(-0.017), voice.points(0.0)) == ("+11.3", "-1.7", "0.0")


def test_a_headline_amount_is_short() -> None:
    assert Voice("ru", a_pack()).short_money(Decimal(365300000)).replace("\u00a0", " ") == "365,3 млн KZT"


def test_a_supplementary_unit_has_its_name_and_an_unknown_one_its_code() -> None:
    voice = Voice("ru", load_pack("kz"))
    assert (voice.unit("055"), voice.unit("999"), voice.unit(None)) == ("квадратный метр", "999", "")


@pytest.mark.parametrize(
    ("lang", "amount", "said"),
    [
        ("kk", 113_400, "113,4 мың KZT"),
        ("kk", 1_500_000, "1,5 млн KZT"),
        ("ru", 113_400, "113,4 тыс. KZT"),
        ("en", 113_400, "113.4K KZT"),
    ],
)
def test_a_headline_tells_thousands_from_millions(lang: str, amount: int, said: str) -> None:
    assert Voice(lang, a_pack()).short_money(amount).replace("\u00a0", " ") == said
