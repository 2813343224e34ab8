"""What clearance asks by law: clocks, conditions of release, when two officers are needed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from daliz.engine.pack.read_border import DIRECTIONS, read_source
from daliz.engine.pack.reader import Entry
from daliz.engine.pack.retention import Retention, read_retention
from daliz.engine.records.schema import DECLARATIONS
from daliz.language import N_, Text

SELECTIONS: Final = ("mandatory", "random")
"""Selections that a control is not made lighter out of, unless the pack says so."""


class Span(StrEnum):
    """What a clock counts."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"


class Reach(StrEnum):
    """Among whose officers a control is distributed."""

    POST = "post"
    REGIONAL = "regional"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Clock:
    """A statutory term.

    Attributes:
        code: ``registration``, ``release``, ``documents``, …
        name: what people call it.
        amount: how many of ``span``, above 0.
        span: what is counted; a term in days ends with its last day.
        source: the public law.
        extended_by: the code of the clock by whose term it may be extended, by one who asks and another who
            approves; empty where it may not.
        may_stop: it may stand still for a reason, and run on.
    """

    code: str
    name: Text
    amount: int
    span: Span
    source: Text
    extended_by: str = ""
    may_stop: bool = False


@dataclass(frozen=True, slots=True)
class Rerouting:
    """When a control may be changed from what the system ordered.

    Attributes:
        out_of: selections out of which a control may be made lighter besides targeted ones: ``mandatory``,
            ``random``.
        at_once: grounds on which it is changed at once and ratified later, by code with their names.
        shift_hours: within how many hours it must be ratified then, above 0.
    """

    out_of: tuple[str, ...] = ()
    at_once: Mapping[str, Text] = field(default_factory=dict)
    shift_hours: int = 12


class Expiry(StrEnum):
    """What follows when a document that was asked for is not handed in."""

    CONCLUDE_WITHOUT = "conclude_without"
    PROPOSE_REFUSAL = "propose_refusal"


@dataclass(frozen=True, slots=True)
class RequestTerms:
    """What holds for documents that are asked for.

    Attributes:
        remind: days before the deadline at which the declarant is reminded, each 1 or more.
        most_rounds: how often one document may be asked for in all.
        expiry: what follows when the term ends without an answer.
    """

    remind: tuple[int, ...] = ()
    most_rounds: int = 3
    expiry: Expiry = Expiry.CONCLUDE_WITHOUT


@dataclass(frozen=True, slots=True)
class Clearance:
    """What clearance asks.

    Attributes:
        opens: hour of local time at which a working day begins.
        closes: hour at which it ends.
        conditions: what release needs besides control, by code with its name: payment, permits, presentation.
        second_officer: forms of control whose conclusion needs a second officer.
        amend_after_notice: a declaration may be amended once control of it is notified.
        withdraw_after_notice: it may be withdrawn then.
        reach: among whose officers each form of control is distributed; regional where it does not say.
        clocks: by code.
        registered_with: columns without which no declaration is registered, by its direction.
        requests: catalogue of documents that may be asked for, by code with its name.
        stop_reasons: for which a clock may stand still, by code with the name that both sides read.
        rerouting: when a control may be changed from what was ordered.
        each_further_item: share of a measure's minutes that each goods item after the first adds to the load.
        request_terms: reminders, rounds, and what follows when a document is not handed in.
        retention: for how long what is kept.
    """

    opens: int = 0
    closes: int = 24
    conditions: Mapping[str, Text] = field(default_factory=dict)
    second_officer: tuple[str, ...] = ()
    amend_after_notice: bool = False
    withdraw_after_notice: bool = False
    reach: Mapping[str, Reach] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    registered_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requests: Mapping[str, Text] = field(default_factory=dict)
    stop_reasons: Mapping[str, Text] = field(default_factory=dict)
    rerouting: Rerouting = field(default_factory=Rerouting)
    each_further_item: float = 0.0
    request_terms: RequestTerms = RequestTerms()
    retention: Retention = field(default_factory=Retention)


def read_clearance(root: Entry, laws: Mapping[str, Text], forms: Sequence[str]) -> Clearance:
    """Return what the section ``clearance`` says; of a pack without one, that nothing more is asked."""
    entry = root.entry("clearance", optional=True)
    if not root.has("clearance"):
        return Clearance()
    opens, closes = entry.whole("opens"), entry.whole("closes")
    if not 0 <= opens < closes <= 24:
        template = N_("a working day opens before it closes, between 0 and 24 o'clock")
        entry.problems.add("pack-clearance-hours", entry.place("opens"), template)
    found = Clearance(
        opens=opens,
        closes=closes,
        conditions=entry.coded_words("conditions") if entry.has("conditions") else {},
        second_officer=entry.references("second_officer", N_("form"), forms, optional=True),
        amend_after_notice=entry.flag("amend_after_notice", default=False),
        withdraw_after_notice=entry.flag("withdraw_after_notice", default=False),
        reach=_reach(entry, forms),
        clocks=_clocks(entry, laws),
        registered_with=_registered_with(entry),
        requests=entry.coded_words("requests") if entry.has("requests") else {},
        stop_reasons=entry.coded_words("stop_reasons") if entry.has("stop_reasons") else {},
        rerouting=_rerouting(entry),
        each_further_item=entry.number("each_further_item", 0.0, 1.0)
        if entry.has("each_further_item")
        else 0.0,
        request_terms=_request_terms(entry),
        retention=read_retention(entry),
    )
    entry.asked |= {"conditions", "requests", "stop_reasons"}
    entry.close()
    return found


def _clocks(entry: Entry, laws: Mapping[str, Text]) -> dict[str, Clock]:
    """Return the clocks; one that is extended names the clock of the longer term."""
    clocks, extended = {}, []
    for code, clock in entry.coded("clocks", optional=True):
        clocks[code] = Clock(
            code=code,
            name=clock.words("name"),
            amount=clock.whole("amount", 1),
            span=clock.member("span", Span),
            source=read_source(clock, laws),
            extended_by=clock.text("extended_by", optional=True),
            may_stop=clock.flag("may_stop", default=False),
        )
        if clock.has("extended_by"):
            extended.append(clock)
        clock.close()
    for clock in extended:
        clock.reference("extended_by", N_("clock"), clocks)
    return clocks


def _registered_with(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Return what a declaration of each direction must say to be registered."""
    stated = entry.entry("registered_with", optional=True)
    found = {
        direction: stated.references(direction, N_("column"), DECLARATIONS.names)
        for direction in DIRECTIONS
        if stated.has(direction)
    }
    stated.asked |= set(DIRECTIONS)
    stated.close()
    return found


def _rerouting(entry: Entry) -> Rerouting:
    """Return when a control may be changed."""
    stated = entry.entry("rerouting", optional=True)
    if not entry.has("rerouting"):
        return Rerouting()
    found = Rerouting(
        out_of=stated.references("out_of", N_("selection"), SELECTIONS, optional=True),
        at_once=stated.coded_words("at_once") if stated.has("at_once") else {},
        shift_hours=stated.whole("shift_hours", 1),
    )
    stated.asked.add("at_once")
    stated.close()
    return found


def _request_terms(entry: Entry) -> RequestTerms:
    """Return what holds for documents that are asked for."""
    if not entry.has("request_terms"):
        entry.asked.add("request_terms")
        return RequestTerms()
    stated = entry.entry("request_terms")
    days = []
    for found in stated.scalars("remind", optional=True):
        if found.text.isdecimal() and 0 < int(found.text) < 1000:
            days.append(int(found.text))
        else:
            template = N_("a reminder comes a whole number of days before the deadline, 1 or more")
            stated.problems.add("pack-request-remind", found.place, template)
    terms = RequestTerms(
        remind=tuple(sorted(set(days), reverse=True)),
        most_rounds=stated.whole("most_rounds", 1),
        expiry=stated.member("expiry", Expiry),
    )
    stated.close()
    return terms


def _reach(entry: Entry, forms: Sequence[str]) -> dict[str, Reach]:
    """Return how far each form of control is distributed."""
    stated = entry.entry("reach", optional=True)
    reach = {form: stated.member(form, Reach) for form in forms if stated.has(form)}
    stated.asked |= set(forms)
    stated.close()
    return reach


def deadline(
    clock: Clock, begun: datetime, *, zone: str, holidays: frozenset[date], clearance: Clearance
) -> datetime:
    """Return the instant by which a term that begins at ``begun`` ends, UTC.

    A term in working hours runs while the office works; one in days ends with its last day, working days
    counted where the law counts them, and the day on which it begins not counted.

    Example:
        >>> hours = Clock("release", Text("", "", ""), 4, Span.WORKING_HOURS, Text("", "", ""))
        >>> friday = datetime(2026, 3, 13, 11, tzinfo=UTC)  # 16:00 in Almaty, two hours before closing
        >>> of = Clearance(opens=9, closes=18)
        >>> deadline(hours, friday, zone="Asia/Almaty", holidays=frozenset(), clearance=of).isoformat()
        '2026-03-16T06:00:00+00:00'
    """
    local = ZoneInfo(zone)
    start = begun.astimezone(local)
    if clock.span is Span.WORKING_HOURS:
        return after_hours(timedelta(hours=clock.amount), start, holidays, clearance).astimezone(UTC)
    day, left = start.date(), clock.amount
    while left:
        day += timedelta(days=1)
        left -= clock.span is Span.DAYS or works(day, holidays)
    return datetime.combine(day + timedelta(days=1), time(), local).astimezone(UTC)


def after_hours(
    left: timedelta, start: datetime, holidays: frozenset[date], clearance: Clearance
) -> datetime:
    """Return the instant at which ``left`` hours of work have passed since ``start``, in its time zone."""
    for opens, closes in openings(start, holidays, clearance):
        begin = max(opens, start)
        if begin + left <= closes:
            return begin + left
        left -= max(closes - begin, timedelta())
    raise AssertionError("offices open for ever")


def openings(
    start: datetime, holidays: frozenset[date], clearance: Clearance
) -> Iterator[tuple[datetime, datetime]]:
    """Give when offices open and close, from the day of ``start`` on, without end."""
    day = start.date()
    while True:
        if works(day, holidays):
            midnight = datetime.combine(day, time(), start.tzinfo)
            yield midnight + timedelta(hours=clearance.opens), midnight + timedelta(hours=clearance.closes)
        day += timedelta(days=1)


def works(day: date, holidays: frozenset[date]) -> bool:
    """Tell whether a day is a working day."""
    return day.isoweekday() <= 5 and day not in holidays
