"""How the albums write values, and how a canonical table does."""

import re
from decimal import Decimal, InvalidOperation
from functools import cache

import pycountry

_FRACTION = re.compile(r"(\.\d{6})\d+")
_DAY_AND_OFFSET = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})")


def currency(code: str | None) -> str | None:
    """Return a currency's letters where its digits are stated.

    Example:
        >>> currency("643"), currency("AMD"), currency("9999")
        ('RUB', 'AMD', '9999')
    """
    return _letters(code) if code is not None and code.isdigit() else code


@cache
def _letters(digits: str) -> str:
    found = pycountry.currencies.get(numeric=digits)
    return found.alpha_3 if found is not None else digits


def country(code: str | None) -> str | None:
    """Return a country's code; None for 00, by which the classifier says that there is none to be named.

    Example:
        >>> country("cn"), country("00") is None
        ('CN', True)
    """
    return None if code in (None, "00", "99") else code.upper()


def instant(text: str | None) -> str | None:
    """Return a date or instant as ISO writes it to the microsecond; an offset at a mere date says nothing.

    Example:
        >>> instant("2024-04-22T10:11:12.1234567+03:00"), instant("2024-04-22+03:00")
        ('2024-04-22T10:11:12.123456+03:00', '2024-04-22')
    """
    if text is None:
        return None
    day = _DAY_AND_OFFSET.fullmatch(text)
    return day[1] if day is not None else _FRACTION.sub(r"\1", text)


def amount(text: str | None) -> Decimal | None:
    """Return an exact amount; None if the text is none, which the conversion tells later.

    Example:
        >>> amount("16524.10"), amount("NaN") is None, amount("many") is None
        (Decimal('16524.10'), True, True)
    """
    try:
        value = Decimal(text) if text is not None and len(text) <= 40 else None
    except InvalidOperation:
        return None
    if value is None or not value.is_finite() or abs(value.adjusted()) > 40:
        return None
    return value


def written(value: Decimal) -> str:
    """Return an amount as a canonical file writes it.

    Example:
        >>> written(Decimal("2E+1")), written(Decimal("0.150"))
        ('20', '0.150')
    """
    return format(value, "f")


def said(**values: str | None) -> dict[str, str]:
    """Return the values that are stated.

    Example:
        >>> said(office="10013070", kind=None)
        {'office': '10013070'}
    """
    return {name: value for name, value in values.items() if value}


def yes(text: str | None) -> bool:
    """Return whether a sign is set."""
    return text is not None and text.lower() in ("1", "true")
