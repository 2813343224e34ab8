"""Statutory terms over hours of work, days of rest, pauses and extension."""

from datetime import UTC, date, datetime, timedelta

import pytest

from daliz.engine.pack import Clearance, Clock, Span, Term, WorkingTime
from daliz.language import Text

BLANK = Text("", "", "")
NAURYZ = frozenset({date(2026, 3, 23), date(2026, 3, 24), date(2026, 3, 25)})
OFFICE = WorkingTime("Asia/Almaty", NAURYZ, Clearance(opens=9, closes=18))
FOUR_HOURS = Clock("release", BLANK, 4, Span.WORKING_HOURS, BLANK)
TEN_DAYS = Clock("release_extended", BLANK, 10, Span.WORKING_DAYS, BLANK)
THREE_DAYS = Clock("documents", BLANK, 3, Span.DAYS, BLANK)


def almaty(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=5)


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        (almaty(10, 9), almaty(10, 13)),
        (almaty(10, 16), almaty(11, 11)),
        (almaty(10, 3), almaty(10, 13)),
        (almaty(13, 17), almaty(16, 12)),  # over a weekend
        (almaty(20, 17), almaty(26, 12)),  # over a weekend and three holidays
    ],
)
def test_a_term_in_hours_runs_while_offices_work(begun: datetime, due: datetime) -> None:
    assert Term(FOUR_HOURS, begun).due(OFFICE) == due


def test_a_term_in_working_days_ends_with_its_last_day() -> None:
    assert Term(TEN_DAYS, almaty(10, 12)).due(OFFICE) == almaty(28, 0)


def test_a_term_that_stands_still_has_no_end_and_runs_on_with_what_is_left() -> None:
    stopped = Term(FOUR_HOURS, almaty(10, 9)).stop(almaty(10, 10, 30))
    assert stopped.due(OFFICE) is None
    assert stopped.used(almaty(12, 12), OFFICE) == timedelta(hours=1, minutes=30)
    again = stopped.resume(almaty(12, 12)).stop(almaty(12, 13)).resume(almaty(13, 9))
    assert again.due(OFFICE) == almaty(13, 10, 30)


def test_a_stop_of_days_is_not_counted() -> None:
    term = Term(THREE_DAYS, almaty(10, 12)).stop(almaty(11, 12)).resume(almaty(14, 12))
    assert term.due(OFFICE) == almaty(17, 0)


def test_an_extended_term_counts_from_its_beginning_without_the_time_it_stood_still() -> None:
    term = Term(FOUR_HOURS, almaty(10, 9)).stop(almaty(10, 10)).resume(almaty(12, 9))
    assert term.extended(TEN_DAYS).due(OFFICE) == datetime(2026, 3, 31, 19, tzinfo=UTC)


def test_stopping_twice_or_running_on_while_it_runs_changes_nothing() -> None:
    running = Term(FOUR_HOURS, almaty(10, 9))
    assert running.resume(almaty(10, 10)) == running
    stopped = running.stop(almaty(10, 10))
    assert stopped.stop(almaty(10, 11)) == stopped
