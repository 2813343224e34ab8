"""Numbers, money, dates and spans as each language writes them (Unicode CLDR, by Babel).

Groups of three digits and units stand behind no-break spaces where the language wants spaces, so that a
number never breaks over two lines. Halves are rounded to the even neighbour.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as _format_date
from babel.numbers import format_decimal as _format_decimal
from babel.numbers import format_percent as _format_percent
from babel.units import format_unit as _format_unit

Number = int | float | Decimal

_LOCALES: Final = {"en": Locale("en", "GB"), "ru": Locale("ru"), "kk": Locale("kk")}
_NO_BREAK: Final = "\u00a0"


def format_number(value: Number, lang: str, *, decimals: int | None = None) -> str:
    """Write a number with the separators of ``lang``.

    Args:
        value: a finite number.
        lang: one of ``LANGUAGES``.
        decimals: so many digits after the separator; None for as many as it has, three at most.

    Example:
        >>> format_number(1234567.5, "en"), format_number(2, "en", decimals=1)
        ('1,234,567.5', '2.0')
    """
    return _format_decimal(value, format=_pattern(decimals), locale=locale_of(lang))


def format_money(amount: Number, currency: str, lang: str, *, decimals: int = 2) -> str:
    """Write an amount with its currency's ISO 4217 code, as declarations do.

    Example:
        >>> format_money(Decimal("1250000"), "KZT", "en", decimals=0).replace("\u00a0", " ")
        '1,250,000 KZT'
    """
    return f"{format_number(amount, lang, decimals=decimals)}{_NO_BREAK}{currency}"


def format_percent(share: Number, lang: str, *, decimals: int = 1) -> str:
    """Write a share (1 is the whole) in percent.

    Example:
        >>> format_percent(0.773, "en"), format_percent(0.04, "en", decimals=0)
        ('77.3%', '4%')
    """
    whole = locale_of(lang).percent_formats[None].pattern
    digits = f"0.{'0' * decimals}" if decimals else "0"
    return _format_percent(share, format=whole.replace("0", digits, 1), locale=locale_of(lang))


def format_date(day: date, lang: str) -> str:
    """Write a day with the month's short name, which no country reads another way.

    Example:
        >>> format_date(date(2025, 3, 1), "en")
        '1 Mar 2025'
    """
    return _format_date(day, "medium", locale=locale_of(lang))


def format_month(day: date, lang: str) -> str:
    """Write the month of ``day``.

    Example:
        >>> format_month(date(2025, 3, 1), "en")
        'March 2025'
    """
    return _format_date(day, "LLLL y", locale=locale_of(lang))


def format_datetime(instant: datetime, lang: str, *, zone: str) -> str:
    """Write an instant as the clock of ``zone`` shows it, to the minute, in 24 hours.

    Args:
        instant: with its zone; a naive one is refused, because nobody knows when it was.
        lang: one of ``LANGUAGES``.
        zone: IANA name, that of the pack.

    Raises:
        ValueError: ``instant`` has no zone.

    Example:
        >>> from datetime import UTC
        >>> format_datetime(datetime(2025, 3, 1, 20, 5, tzinfo=UTC), "en", zone="Asia/Almaty")
        '2 Mar 2025, 01:05'
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone cannot be shown on a clock")
    local = instant.astimezone(ZoneInfo(zone))
    return f"{format_date(local.date(), lang)}, {local:%H:%M}"


def format_duration_minutes(minutes: Number, lang: str) -> str:
    """Write a span of officer time in hours and whole minutes.

    Args:
        minutes: 0 or more, rounded to whole minutes.
        lang: one of ``LANGUAGES``.

    Example:
        >>> format_duration_minutes(95, "en").replace("\u00a0", " ")
        '1 hr 35 mins'
    """
    hours, rest = divmod(round(minutes), 60)
    parts = [_unit(hours, "duration-hour", lang)] if hours else []
    if rest or not hours:
        parts.append(_unit(rest, "duration-minute", lang))
    return " ".join(parts)


def _unit(value: int, unit: str, lang: str) -> str:
    """Write a counted unit, held together by a no-break space."""
    return _format_unit(value, unit, length="short", locale=locale_of(lang)).replace(" ", _NO_BREAK)


def _pattern(decimals: int | None) -> str:
    """Return the CLDR pattern with so many digits after the separator."""
    if decimals is None:
        return "#,##0.###"
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def locale_of(lang: str) -> Locale:
    """Return the locale that writes for ``lang``; British English, for its day before month and 24 hours."""
    if lang not in _LOCALES:
        raise ValueError(f"unknown language {lang!r}; Daliz speaks {', '.join(_LOCALES)}")
    return _LOCALES[lang]
