"""Days of a time zone as whole numbers, from the zone's own rules and not from a database's.

Every SQL of this room counts days from 1970-01-01 and instants in microseconds of UTC, both whole numbers,
so that DuckDB, Spark and Python agree on them. The offsets come from Python's ``zoneinfo``: a DuckDB
without its time zone extension, or with an older copy of the rules, gives the same days.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

FOREVER: Final = 2**62
"""Stands for "not replaced, not ended" in columns of days and instants."""

_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def day_number(day: date) -> int:
    """Return the number of days from 1970-01-01.

    Example:
        >>> day_number(date(2024, 3, 1))
        19783
    """
    return day.toordinal() - _EPOCH_DAY


def day_of(number: int) -> date:
    """Return the date of a day's number."""
    return date.fromordinal(number + _EPOCH_DAY)


def offsets(zone: str, first: date, last: date) -> list[tuple[int, int, int]]:
    """Return the stretches of constant offset from UTC that cover the UTC days ``first`` to ``last``.

    Returns:
        rows (from, until, offset), microseconds; from is inclusive, until exclusive; the first stretch
        begins and the last one ends beyond any instant.

    Example: the zone that Kazakhstan made one on 1 March 2024
        >>> [row[2] // 3_600_000_000 for row in offsets("Asia/Almaty", date(2024, 2, 1), date(2024, 4, 1))]
        [6, 5]
    """
    rules = ZoneInfo(zone)
    day = timedelta(days=1)
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - day
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + 2 * day
    changes: list[tuple[int, timedelta]] = [(-FOREVER, _offset(rules, at))]
    while at < end:
        if _offset(rules, at + day) != changes[-1][1]:
            moment = _change(rules, at, at + day)
            changes.append((_microseconds(moment - _EPOCH), _offset(rules, moment)))
        at += day
    untils = [*(since for since, _ in changes[1:]), FOREVER]
    return [(since, until, _microseconds(o)) for (since, o), until in zip(changes, untils, strict=True)]


def calendar(first: date, last: date, holidays: Collection[date]) -> list[tuple[int, int, int, bool, int]]:
    """Return (day, weekday, month, is a working day, days to the next non-working day) for each day.

    Saturdays, Sundays and ``holidays`` are not working days; on one of them it is 0 days to rest.
    """
    rows = []
    for number in range(day_number(first), day_number(last) + 1):
        rest = next(n for n in range(number, number + 7) if not _works(day_of(n), holidays))
        day = day_of(number)
        rows.append((number, day.isoweekday(), day.month, _works(day, holidays), rest - number))
    return rows


def _works(day: date, holidays: Collection[date]) -> bool:
    return day.isoweekday() <= 5 and day not in holidays


def _offset(rules: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(rules).utcoffset() or timedelta(0)


def _change(rules: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the second within a day at which the offset becomes another one."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (
            (middle, after) if _offset(rules, middle) == _offset(rules, before) else (before, middle)
        )
    return after


def _microseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
