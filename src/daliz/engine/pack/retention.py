"""For how long the live system keeps what, by the pack."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from daliz.engine.pack.reader import Entry
from daliz.language import N_

_WITHIN: Final = (
    ("photographs", "controls"), ("answers", "controls"), ("photographs", "declarations"),
    ("answers", "declarations"), ("controls", "declarations"), ("decisions", "declarations"),
)  # fmt: skip
"""What goes with what at the latest."""


@dataclass(frozen=True, slots=True)
class Years:
    """For how many years what belongs to a declaration is kept, once all of its life is over.

    The years are counted from its release, refusal, seizure or withdrawal, or from what ended after that:
    control, audit, appeal, stop, obligation. What a pack does not state goes with what it belongs to: all
    of it with the declaration, and where none is stated for that, it is kept for good.

    Attributes:
        photographs: of findings.
        answers: what a declarant answered to requests for documents, with the files.
        decisions: what a decision saw of history and of the values that made profiles fire; what was decided
            stays.
        controls: controls with their findings, requests, appeals and obligations.
        declarations: the declaration with its versions, decisions, and all that is still there.
    """

    photographs: int | None = None
    answers: int | None = None
    decisions: int | None = None
    controls: int | None = None
    declarations: int | None = None

    def term(self, kind: str) -> int | None:
        """Return the years of a kind; None where it has none of its own."""
        found: int | None = getattr(self, kind)
        return found


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long what is kept; what a pack does not state is kept for good.

    Attributes:
        drafts: days that a declarant's drafts are kept when nobody changes them.
        notices: days of notifications in the portal.
        messages: days of messages outside that were delivered or given up.
        replies: days of replies that are given again to a request sent twice.
        journal: days of what entries of the journal hold; that they were there stays.
        years: of what belongs to declarations.
    """

    drafts: int | None = None
    notices: int | None = None
    messages: int | None = None
    replies: int | None = None
    journal: int | None = None
    years: Years = Years()


def read_retention(entry: Entry) -> Retention:
    """Return for how long what is kept."""
    stated = entry.entry("retention", optional=True)
    names = [one.name for one in fields(Retention) if one.name != "years"]
    days = {name: stated.whole(name, 1) for name in names if stated.has(name)}
    stated.asked |= {*names, "years"}
    years = _years(stated) if stated.has("years") else Years()
    stated.close()
    return Retention(**days, years=years)


def _years(entry: Entry) -> Years:
    stated = entry.entry("years")
    names = [one.name for one in fields(Years)]
    years = {name: stated.whole(name, 1) for name in names if stated.has(name)}
    stated.asked |= set(names)
    for part, whole in _WITHIN:
        if part in years and whole in years and years[part] > years[whole]:
            template = N_("{part} are kept for {years} years, longer than {whole}, with which they go")
            stated.problems.add(
                "pack-retention-years", stated.place(part), template,
                part=part, years=years[part], whole=whole,
            )  # fmt: skip
    stated.close()
    return Years(**years)


def years_before(now: datetime, years: int) -> datetime:
    """Return the same instant of an earlier year; the last day of February where that year has no 29th.

    Example:
        >>> from datetime import UTC
        >>> years_before(datetime(2028, 2, 29, 12, tzinfo=UTC), 5).isoformat()
        '2023-02-28T12:00:00+00:00'
    """
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - years, day=day)
