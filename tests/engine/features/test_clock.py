"""Local days, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from daliz.engine.features.clock import calendar, day_number, day_of, offsets

_ZONES = ("Asia/Almaty", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe", "UTC")


@pytest.mark.parametrize("zone", _ZONES)
def test_offsets_agree_with_the_zone_around_every_hour(zone: str) -> None:
    first, last = date(2017, 9, 1), date(2018, 4, 30)
    stretches = offsets(zone, first, last)
    at = datetime(2017, 9, 1, tzinfo=UTC)
    while at.date() <= last:
        instant = int(at.timestamp()) * 1_000_000
        (offset,) = [o for since, until, o in stretches if since <= instant < until]
        assert timedelta(microseconds=offset) == at.astimezone(ZoneInfo(zone)).utcoffset(), at
        at += timedelta(minutes=30)


def test_a_day_has_one_number() -> None:
    assert day_number(date(1970, 1, 1)) == 0
    assert day_of(day_number(date(2025, 3, 3))) == date(2025, 3, 3)


def test_holidays_and_weekends_are_days_of_rest() -> None:
    friday = date(2025, 3, 7)
    rows = calendar(date(2025, 3, 6), date(2025, 3, 10), {date(2025, 3, 10)})
    assert [(r[0] - day_number(friday), r[1], r[3], r[4]) for r in rows] == [
        (-1, 4, True, 2), (0, 5, True, 1), (1, 6, False, 0), (2, 7, False, 0), (3, 1, False, 0),
    ]  # fmt: skip
