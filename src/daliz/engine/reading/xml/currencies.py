"""The currency of an administration that its documents do not name: that of its country."""

from datetime import date
from typing import Final

from babel.numbers import get_territory_currencies

_FIRST: Final = date(1900, 1, 1)
_LAST: Final = date(2999, 12, 31)


def national_currency(country: str | None, day: date | None = None) -> str | None:
    """Return the legal tender of a country on a day, ``None`` if it is not exactly one.

    Args:
        country: ISO 3166-1 alpha-2.
        day: without it, the tender that has no end.

    Source:
        Unicode CLDR, supplemental data, currencies of territories (by way of Babel).

    Example:
        >>> national_currency("GB"), national_currency("HR", date(2020, 5, 1)), national_currency("XX")
        ('GBP', 'HRK', None)
    """
    if country is None or len(country) != 2:
        return None
    told = get_territory_currencies(country.upper(), _FIRST, _LAST, include_details=True)
    held = [
        one["currency"]
        for one in told
        if (one["to"] is None if day is None else _holds(one["from"], one["to"], day))
    ]
    return held[0] if len(held) == 1 else None


def _holds(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day < last)
