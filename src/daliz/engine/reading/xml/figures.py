"""Numbers and moments of an XML document as the text that a canonical CSV file writes."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

_FIGURE: Final = re.compile(r"[+-]?[0-9.,' \u00a0\u202f]*[0-9][0-9.,]*(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST: Final = 60
_SPACES: Final = str.maketrans("", "", " '\u00a0\u202f")
_MOMENT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}(?::?\d{2})?)?")


def figure(text: str) -> str:
    """Return a number as plain digits with a point; a text that is no number comes back as it is.

    A comma is the decimal sign unless a point or another comma stands beside it; of a point and a comma the
    last one is. Spaces and apostrophes part thousands. A binary number's writing (``1.2E7``) is written out.

    Example:
        >>> figure("2949620.0"), figure("1 234,50"), figure("1,234,567.8"), figure("1.2E7"), figure("ten")
        ('2949620.0', '1234.50', '1234567.8', '12000000', 'ten')
    """
    if len(text) > _LONGEST or not _FIGURE.fullmatch(text):
        return text
    bare = text.translate(_SPACES)
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma > point and (point >= 0 or bare.count(",") == 1):
        bare = bare.replace(".", "").replace(",", ".")
    else:
        bare = bare.replace(",", "")
    try:
        return f"{Decimal(bare):f}"
    except InvalidOperation:
        return text


def number(text: str | None) -> Decimal | None:
    """Return the number that a text is, ``None`` if it is none.

    Example:
        >>> number("12.50"), number("twelve"), number(None)
        (Decimal('12.50'), None, None)
    """
    if text is None:
        return None
    try:
        found = Decimal(figure(text))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def total(texts: Iterable[str | None]) -> str | None:
    """Return the exact sum of the numbers among the texts; ``None`` if there is none.

    Example:
        >>> total(["1.10", None, "2"]), total([])
        ('3.10', None)
    """
    found = [n for n in map(number, texts) if n is not None]
    return f"{sum(found, Decimal(0)):f}" if found else None


def moment(text: str) -> str:
    """Return a compact date or instant (UN/EDIFACT 2379: 102, 203, 204, 304) as ISO 8601 writes it.

    What is written otherwise, as ISO 8601 itself, comes back as it is.

    Example:
        >>> moment("20250731143931+01"), moment("20251111000000Z"), moment("20250715")
        ('2025-07-31T13:39:31Z', '2025-11-11T00:00:00Z', '2025-07-15')
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    year, month, day, hour, minute, second, zone = found.groups()
    date = f"{year}-{month}-{day}"
    if hour is None:
        return date
    local = f"{date}T{hour}:{minute}:{second or '00'}"
    if zone is None:
        return local
    offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
    try:
        instant = datetime.fromisoformat(local + offset).astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return f"{instant:%Y-%m-%dT%H:%M:%S}Z"
