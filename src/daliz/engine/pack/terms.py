"""Statutory terms that stand still and run on: pure arithmetic over hours of work and days of rest."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from daliz.engine.pack.clearance import Clearance, Clock, Span, after_hours, deadline, openings, works

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When offices work.

    Attributes:
        zone: IANA time zone.
        holidays: days of rest other than weekends.
        clearance: for the hours.
    """

    zone: str
    holidays: frozenset[date]
    clearance: Clearance

    def due(self, clock: Clock, begun: datetime) -> datetime:
        """Return when a term that began at ``begun`` ends, UTC."""
        return deadline(clock, begun, zone=self.zone, holidays=self.holidays, clearance=self.clearance)

    def between(self, begun: datetime, until: datetime) -> timedelta:
        """Return the hours of work between two instants.

        Example:
            >>> office = WorkingTime("Asia/Almaty", frozenset(), Clearance(opens=9, closes=18))
            >>> friday = datetime(2026, 3, 13, 11, tzinfo=UTC)  # 16:00 in Almaty
            >>> office.between(friday, datetime(2026, 3, 16, 5, tzinfo=UTC))  # Monday 10:00
            datetime.timedelta(seconds=10800)
        """
        local = ZoneInfo(self.zone)
        start, end = begun.astimezone(local), until.astimezone(local)
        worked = timedelta()
        for opens, closes in openings(start, self.holidays, self.clearance):
            if opens >= end:
                return worked
            worked += max(min(closes, end) - max(opens, start), timedelta())
        raise AssertionError("offices open for ever")

    def days(self, span: Span, begun: datetime, until: datetime) -> int:
        """Return the days that a term in days has used: the day on which it begins is not counted."""
        local = ZoneInfo(self.zone)
        day, last, counted = begun.astimezone(local).date(), until.astimezone(local).date(), 0
        while day < last:
            day += _DAY
            counted += span is Span.DAYS or works(day, self.holidays)
        return counted


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it runs, or stands still.

    Attributes:
        clock: how long it is, of the pack.
        begun: when it began, UTC.
        pauses: when it stood still and ran on again, in order, UTC.
        stopped_at: since when it stands still now; None while it runs.
    """

    clock: Clock
    begun: datetime
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    stopped_at: datetime | None = None

    def used(self, now: datetime, office: WorkingTime) -> timedelta:
        """Return what it has used by ``now``: hours of work, or whole days."""
        until = now if self.stopped_at is None else self.stopped_at
        stops = [*(begin for begin, _ in self.pauses), until]
        starts = [self.begun, *(end for _, end in self.pauses)]
        return sum(
            (self._within(start, stop, office) for start, stop in zip(starts, stops, strict=True)),
            timedelta(),
        )

    def due(self, office: WorkingTime) -> datetime | None:
        """Return when it ends, UTC; None while it stands still.

        A term in days ends with its last day; the day on which it begins or runs on is not counted.

        Example:
            >>> from daliz.language import Text
            >>> four = Clock("release", Text("", "", ""), 4, Span.WORKING_HOURS, Text("", "", ""))
            >>> office = WorkingTime("Asia/Almaty", frozenset(), Clearance(opens=9, closes=18))
            >>> term = Term(four, datetime(2026, 3, 13, 11, tzinfo=UTC))  # Friday 16:00
            >>> stopped = term.stop(datetime(2026, 3, 13, 12, tzinfo=UTC))
            >>> stopped.due(office) is None
            True
            >>> resumed = stopped.resume(datetime(2026, 3, 17, 4, tzinfo=UTC))  # Tuesday 9:00
            >>> resumed.due(office).isoformat()  # an hour was used, three are left
            '2026-03-17T07:00:00+00:00'
        """
        if self.stopped_at is not None:
            return None
        since = self.pauses[-1][1] if self.pauses else self.begun
        whole = timedelta(hours=1) if self.clock.span is Span.WORKING_HOURS else _DAY
        left = self.clock.amount * whole - self.used(since, office)
        if left <= timedelta():
            return since
        if self.clock.span is Span.WORKING_HOURS:
            local = since.astimezone(ZoneInfo(office.zone))
            return after_hours(left, local, office.holidays, office.clearance).astimezone(UTC)
        return office.due(replace(self.clock, amount=left // whole), since)

    def stop(self, now: datetime) -> "Term":
        """Return it standing still from ``now`` on; one that stands still stays as it is."""
        return self if self.stopped_at is not None else replace(self, stopped_at=now)

    def resume(self, now: datetime) -> "Term":
        """Return it running on from ``now``; one that runs stays as it is."""
        if self.stopped_at is None:
            return self
        return replace(self, pauses=(*self.pauses, (self.stopped_at, now)), stopped_at=None)

    def extended(self, longer: Clock) -> "Term":
        """Return the longer term in its place, counted from its beginning without the time it stood still."""
        return replace(self, clock=longer)

    def _within(self, start: datetime, stop: datetime, office: WorkingTime) -> timedelta:
        if self.clock.span is Span.WORKING_HOURS:
            return office.between(start, stop)
        return _DAY * office.days(self.clock.span, start, stop)
