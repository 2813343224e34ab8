"""Single values of official lists: as a file writes them to the one way in which they are kept.

Everything is kept as text; an empty text is a value that is not stated.
"""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from daliz.engine.official.errors import ListError
from daliz.language import N_

_SPACES: Final = re.compile(r"[\s\u00a0\u202f.]+")
_DAYS: Final = (
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?"), (1, 2, 3)),
    (re.compile(r"(\d{2})[./](\d{2})[./](\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), (1, 2, 3)),
)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def word(text: str) -> str:
    """Return a text without spaces around and doubled spaces within."""
    return " ".join(text.split())


def goods_code(text: str) -> str:
    """Return a goods code of 2, 4 or more digits, written with or without spaces and points.

    Example:
        >>> goods_code("8703 23 198 1"), goods_code("0101.21")
        ('8703231981', '010121')
    """
    code = _SPACES.sub("", text)
    if not re.fullmatch(r"\d{2}|\d{4,12}", code, re.ASCII):
        raise ListError(N_("{found!r} is not a goods code: 2 or 4 to 12 digits"), found=text)
    return code


def hs_code(text: str) -> str:
    """Return a code of the Harmonized System: 2, 4 or 6 digits."""
    code = goods_code(text)
    if len(code) not in (2, 4, 6):
        raise ListError(N_("{found!r} is not a code of the Harmonized System: 2, 4 or 6 digits"), found=text)
    return code


def tnved_code(text: str) -> str:
    """Return a code of the commodity nomenclature of the EAEU, at most 10 digits."""
    code = goods_code(text)
    if len(code) > 10:
        raise ListError(N_("{found!r} has more than 10 digits"), found=text)
    return code


def country(text: str) -> str:
    """Return an ISO 3166-1 alpha-2 code."""
    return _letters(text, 2, N_("{found!r} is not a country's code of two letters"))


def currency(text: str) -> str:
    """Return an ISO 4217 code."""
    return _letters(text, 3, N_("{found!r} is not a currency's code of three letters"))


def code(text: str) -> str:
    """Return a code without spaces in it."""
    found = text.strip()
    if not re.fullmatch(r"\S{1,64}", found):
        raise ListError(N_("{found!r} is not a code"), found=text)
    return found


def day(text: str) -> str:
    """Return a day as YYYY-MM-DD; 31.01.2026 and 20260131 are read too.

    Example:
        >>> day("31.01.2026"), day("2026-01-31")
        ('2026-01-31', '2026-01-31')
    """
    for pattern, (year, month, of_month) in _DAYS:
        found = pattern.fullmatch(text.strip())
        if found:
            try:
                return date(int(found[year]), int(found[month]), int(found[of_month])).isoformat()
            except ValueError:
                break
    raise ListError(N_("{found!r} is not a day; write it as 2026-01-31"), found=text)


def amount(text: str) -> str:
    """Return an exact number, 0 or more; a comma or a point divides the fraction, spaces the thousands.

    Example:
        >>> amount("1 234,50"), amount("0.2"), amount("15 %")
        ('1234.5', '0.2', '15')
    """
    plain = re.sub(r"[\s\u00a0\u202f]+", "", text).removesuffix("%").replace(",", ".")
    try:
        number = Decimal(plain) if _NUMBER.fullmatch(plain) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise ListError(N_("{found!r} is not a number, 0 or more"), found=text)
    return plain_number(number)


def more_than_nothing(text: str) -> str:
    """Return an exact number above 0."""
    number = amount(text)
    if Decimal(number) == 0:
        raise ListError(N_("{found!r} is not above 0"), found=text)
    return number


def one_of(text: str, known: Collection[str]) -> str:
    """Return one of ``known``, whatever its capitals."""
    found = text.strip().lower()
    if found not in known:
        raise ListError(N_("{found!r} is none of: {known}"), found=text, known=", ".join(known))
    return found


def plain_number(number: Decimal) -> str:
    """Return a number without exponent and closing zeros."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _letters(text: str, count: int, template: str) -> str:
    found = text.strip().upper()
    if not re.fullmatch(rf"[A-Z]{{{count}}}", found):
        raise ListError(template, found=text)
    return found
