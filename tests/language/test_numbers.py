"""Figures look as the reader's language writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from daliz.language.numbers import (
    format_date,
    format_datetime,
    format_duration_minutes,
    format_money,
    format_month,
    format_number,
    format_percent,
)


@pytest.mark.parametrize(
    ("lang", "written"),
    [("en", "1,234,567.891"), ("ru", "1\u00a0234\u00a0567,891"), ("kk", "1\u00a0234\u00a0567,891")],
)
def test_thousands_are_grouped_as_the_language_groups_them(lang: str, written: str) -> None:
    assert format_number(1234567.891, lang) == written


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, None, "0"),
        (0, 2, "0,00"),
        (-12.345, 1, "-12,3"),
        (1000, 0, "1\u00a0000"),
        (Decimal("0.5"), 0, "0"),
    ],
)
def test_decimals_are_as_many_as_asked_for(value: float, decimals: int | None, written: str) -> None:
    assert format_number(value, "ru", decimals=decimals) == written


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("en", "1,250,000.50\u00a0KZT"),
        ("ru", "1\u00a0250\u00a0000,50\u00a0KZT"),
        ("kk", "1\u00a0250\u00a0000,50\u00a0KZT"),
    ],
)
def test_money_carries_its_currency_and_never_breaks_over_lines(lang: str, written: str) -> None:
    assert format_money(Decimal("1250000.50"), "KZT", lang) == written


def test_money_of_twenty_digits_keeps_every_digit() -> None:
    assert (
        format_money(Decimal("123456789012345678.99"), "KZT", "en") == "123,456,789,012,345,678.99\u00a0KZT"
    )


@pytest.mark.parametrize(("lang", "written"), [("en", "16.3%"), ("ru", "16,3\u00a0%"), ("kk", "16,3%")])
def test_a_share_is_written_in_percent(lang: str, written: str) -> None:
    assert format_percent(0.1634, lang) == written


@pytest.mark.parametrize(("decimals", "written"), [(0, "4\u00a0%"), (1, "3,6\u00a0%"), (2, "3,60\u00a0%")])
def test_a_percentage_has_as_many_decimals_as_asked_for(decimals: int, written: str) -> None:
    assert format_percent(Decimal("0.036"), "ru", decimals=decimals) == written


@pytest.mark.parametrize(
    ("lang", "written"),
    [("en", "3 Nov 2026"), ("ru", "3 нояб. 2026\u202fг."), ("kk", "2026\u202fж. 03 қар.")],
)
def test_a_day_names_its_month(lang: str, written: str) -> None:
    assert format_date(date(2026, 11, 3), lang) == written


@pytest.mark.parametrize(("lang", "written"), [("en", "May 2025"), ("ru", "май 2025"), ("kk", "Мамыр 2025")])
def test_a_month_stands_in_its_plain_form(lang: str, written: str) -> None:
    assert format_month(date(2025, 5, 31), lang) == written


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("en", "4 Nov 2026, 01:05"),
        ("ru", "4 нояб. 2026\u202fг., 01:05"),
        ("kk", "2026\u202fж. 04 қар., 01:05"),
    ],
)
def test_an_instant_is_shown_on_the_clock_of_the_pack(lang: str, written: str) -> None:
    assert format_datetime(datetime(2026, 11, 3, 20, 5, tzinfo=UTC), lang, zone="Asia/Almaty") == written


def test_the_clock_follows_the_change_of_zone_of_1_march_2024() -> None:
    before = datetime(2024, 2, 29, 17, 30, tzinfo=UTC)
    after = datetime(2024, 2, 29, 19, 30, tzinfo=UTC)
    assert format_datetime(before, "en", zone="Asia/Almaty") == "29 Feb 2024, 23:30"
    assert format_datetime(after, "en", zone="Asia/Almaty") == "1 Mar 2024, 00:30"


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 3, 20, 5)  # noqa: DTZ001 -- the fault under test
    with pytest.raises(ValueError, match="without a zone"):
        format_datetime(naive, "en", zone="Asia/Almaty")


@pytest.mark.parametrize(
    ("minutes", "lang", "written"),
    [
        (0, "en", "0\u00a0mins"),
        (59.6, "en", "1\u00a0hr"),
        (95, "en", "1\u00a0hr 35\u00a0mins"),
        (95, "ru", "1\u00a0ч 35\u00a0мин"),
        (95, "kk", "1\u00a0сағ 35\u00a0мин"),
        (6000, "ru", "100\u00a0ч"),
    ],
)
def test_a_span_is_told_in_hours_and_minutes(minutes: float, lang: str, written: str) -> None:
    assert format_duration_minutes(minutes, lang) == written


def test_a_language_that_daliz_does_not_speak_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown language 'de'"):
        format_number(1, "de")
