"""Which days a command is about: what was asked with ``--month``, ``--from`` and ``--until``."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from daliz.engine.records.columns import answer, column_of
from daliz.engine.records.duck import connect
from daliz.engine.records.files import register
from daliz.engine.records.schema import DECLARATIONS
from daliz.language import N_, DalizError


class DaysError(DalizError):
    """The days asked for are not days, or hold no declaration."""

    code: ClassVar[str] = "days"


@dataclass(frozen=True, slots=True)
class Span:
    """The local days that the declarations cover."""

    first: date
    last: date

    @classmethod
    def of(cls, declarations: Path, zone: str) -> "Span | None":
        """Return the first and the last local day of canonical declarations; None if there are none."""
        with connect(folders=[declarations if declarations.is_dir() else declarations.parent]) as connection:
            register(connection, "declarations", declarations, DECLARATIONS)
            query = "SELECT min(registered_at) AS first, max(registered_at) AS last FROM declarations"
            ends = answer(connection, query)
        if ends["first"].null_count:
            return None
        first, last = (
            column_of(ends, name, datetime)[0].astimezone(ZoneInfo(zone)) for name in ends.column_names
        )
        return cls(first.date(), last.date())

    def within(self, asked: "AskedDays") -> "Span":
        """Return the days meant: what was asked, as far as there are declarations."""
        first, last = asked.since or self.first, asked.until or self.last
        if asked.length is not None:
            first = last - asked.length + timedelta(days=1)
        if asked.last_month:
            first, last = self.last.replace(day=1), self.last
        if first > last or first > self.last or last < self.first:
            raise DaysError(
                N_("no declaration was registered from {first} to {last}; the file has {begin} to {end}"),
                first=first, last=last, begin=self.first, end=self.last,
            )  # fmt: skip
        return Span(max(first, self.first), min(last, self.last))


@dataclass(frozen=True, slots=True)
class AskedDays:
    """The days asked for, before it is known which there are; with a ``length`` so many up to the last."""

    since: date | None
    until: date | None
    last_month: bool
    length: timedelta | None = None

    @classmethod
    def of(cls, month: str | None, since: str | None, until: str | None) -> "AskedDays":
        """Read the options."""
        if month is None:
            return cls(
                day_of(since, "--from", "2026-03-01") if since else None,
                day_of(until, "--until", "2026-03-31") if until else None,
                last_month=False,
            )
        if since or until:
            raise DaysError(N_("--month says which days; leave out --from and --until"))
        if month == "last":
            return cls(None, None, last_month=True)
        start = day_of(month, "--month", "2026-03", rest="-01")
        following = (start + timedelta(days=31)).replace(day=1)
        return cls(start, following - timedelta(days=1), last_month=False)

    @classmethod
    def of_weeks(
        cls, weeks: int | None, month: str | None, since: str | None, until: str | None, *, usual: int = 4
    ) -> "AskedDays":
        """Read the options where weeks are counted: from the first day on, or up to the last.

        Args:
            weeks: how many; None for ``usual``, or for all from the first day on.
            month: the option.
            since: the option.
            until: the option.
            usual: how many weeks up to the last day if nothing says when they begin.
        """
        asked = cls.of(month, since, until)
        if weeks and (month or (since and until)):
            raise DaysError(N_("--weeks says how many days; leave out --month, or one of --from and --until"))
        if asked.since and weeks:
            return replace(asked, until=asked.since + timedelta(weeks=weeks, days=-1))
        if asked.since or asked.last_month:
            return asked
        return replace(asked, length=timedelta(weeks=weeks or usual))


def day_of(text: str, option: str, example: str, *, rest: str = "") -> date:
    """Read a day; the error says how the option is written."""
    try:
        return date.fromisoformat(text + rest)
    except ValueError:
        raise DaysError(
            N_("{option} {found}: write it as {example}"), option=option, found=text, example=example
        ) from None
