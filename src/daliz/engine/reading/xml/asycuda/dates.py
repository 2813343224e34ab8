"""Dates as the computers of an administration happen to write them.

ASYCUDA World writes a date as the language of the computer does that exports it: ``11/19/25`` or
``19/11/2025``. One computer wrote the whole document, so that its dates are read together: one that can be
read in a single way (``11/19/25``) tells how the others are. Where none tells, two digits of a year go with
the month first, as the system's own short form has it, and four with the day first. Where dates contradict
each other, those that could be either are unknown. Dots always part the day first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from daliz.engine.reading.xml.figures import moment

_PARTS: Final = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AP]M))?)?",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CENTURY: Final = 70
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Dates:
    """How the dates of a document are written.

    Attributes:
        day_first: some date can only have the day first.
        month_first: some date can only have the month first.
    """

    day_first: bool
    month_first: bool

    def iso(self, text: str) -> str | None:
        """Return a date as ISO 8601; ``None`` if it could be two dates; no date comes back as it is.

        Example:
            >>> Dates(day_first=True, month_first=False).iso("04/05/2026")
            '2026-05-04'
            >>> Dates(day_first=False, month_first=False).iso("4/5/26")
            '2026-04-05'
            >>> Dates(day_first=True, month_first=True).iso("04/05/2026") is None
            True
        """
        named = _NAMED.fullmatch(text)
        if named is not None and named[2].lower() in _MONTHS:
            return _day(int(named[3]), _MONTHS.index(named[2].lower()) + 1, int(named[1])) or text
        found = _PARTS.fullmatch(text)
        if found is None:
            return moment(text)
        one, other, sign = int(found[1]), int(found[3]), found[2]
        year = int(found[4]) if len(found[4]) == 4 else _full(int(found[4]))
        day = self._read(one, other, year, sign=sign, short=len(found[4]) == 2)
        if day is None:
            return None
        return (day + _time(found)) if day else text

    def _read(self, one: int, other: int, year: int, *, sign: str, short: bool) -> str | None:
        """Return the day, empty if there is no such day, ``None`` if there are two."""
        day_first, month_first = _day(year, other, one), _day(year, one, other)
        if sign == "." or day_first is None or month_first is None or one == other:
            return (day_first or "") if sign == "." else day_first or month_first or ""
        if self.day_first and self.month_first:
            return None
        if self.day_first or self.month_first:
            return day_first if self.day_first else month_first
        return month_first if short else day_first


def dates_of(texts: Iterable[str]) -> Dates:
    """Return how the dates of a document are written, from all of them.

    Example:
        >>> dates_of(["4/5/26", "11/19/25", "?"])
        Dates(day_first=False, month_first=True)
    """
    day_first = month_first = False
    for text in texts:
        found = _PARTS.fullmatch(text)
        if found is None or found[2] == ".":
            continue
        day_first |= int(found[1]) > _NOON >= int(found[3])
        month_first |= int(found[3]) > _NOON >= int(found[1])
    return Dates(day_first=day_first, month_first=month_first)


def _full(year: int) -> int:
    return year + (2000 if year < _CENTURY else 1900)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _time(found: re.Match[str]) -> str:
    """Return the time of day after a date, empty if there is none."""
    if found[5] is None:
        return ""
    hour = int(found[5])
    if found[8] is not None:
        hour = hour % _NOON + (_NOON if found[8].upper() == "PM" else 0)
    return f"T{hour:02}:{found[6]}:{found[7] or '00'}"
