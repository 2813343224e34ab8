"""The answer of ``daliz plan`` for people at a terminal."""

from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.table import Table

from daliz.doors.cli.console import out
from daliz.doors.cli.planning.answer import Answer
from daliz.doors.cli.voice import Voice
from daliz.language import N_

_WIDEST: Final = 200

_LEAST: Final = 8
"""Characters that a column takes at least; headings are broken over lines."""


def show(answer: Answer, lang: str, *, daily: bool) -> None:
    """Print the answer; with ``daily`` each day too."""
    for line in told(answer, lang):
        out.print(line, highlight=False, markup=False)
    if not answer.weeks.lanes:
        return
    wide, voice = Console(width=_WIDEST), Voice(lang, answer.pack)
    out.print()
    out.print(voice.say(N_("Money in {currency}."), currency=answer.pack.currency), highlight=False)
    wide.print(_pools(answer, voice))
    if daily:
        out.print()
        wide.print(_days(answer, voice))


def told(answer: Answer, lang: str) -> Iterator[str]:
    """Say the answer in sentences, one a line."""
    weeks, voice = answer.weeks, Voice(lang, answer.pack)
    yield voice.say(
        N_("{n} declarations from {first} to {last}, {days} days planned at once."),
        n=voice.number(weeks.declarations), days=voice.number(len(weeks.days)),
        first=voice.day(answer.assessed.first), last=voice.day(answer.assessed.last),
    )  # fmt: skip
    if answer.stands_for_others:
        yield voice.say(
            N_("They stand for those expected from {first} to {last}."),
            first=voice.day(answer.planned.first), last=voice.day(answer.planned.last),
        )  # fmt: skip
    if answer.profiles_of is not None:
        yield voice.say(
            N_("Judged by the profiles in force on {day}, as if they had been in force on these days."),
            day=voice.day(answer.profiles_of),
        )  # fmt: skip
    if not any(lane.asked for lane in weeks.lanes):
        yield voice.say(N_("Nothing asks for control on these days."))
    if not any(lane.available for lane in weeks.lanes):
        yield voice.say(N_("There is no officer time on these days; only what is mandatory is controlled."))
    yield from _worth(answer, voice)
    if answer.outside:
        yield voice.say(
            N_("Lines of the capacity file for other days: {n}. They count for nothing here."),
            n=voice.number(answer.outside),
        )  # fmt: skip
    if answer.quarantined:
        yield voice.say(
            N_("Left out because they are broken: {n} declarations; daliz read names the reasons."),
            n=voice.number(answer.quarantined),
        )  # fmt: skip


def _worth(answer: Answer, voice: Voice) -> Iterator[str]:
    """Say what the plan brings and what else could be had."""
    weeks = answer.weeks
    yield voice.say(
        N_(
            "Expected gain of the plan: {plan}. Each day planned by itself, as an assessment does: {by_day}. "
            "Difference: {more}."
        ),
        plan=voice.money(weeks.value), by_day=voice.money(answer.by_day), more=voice.money(answer.gained),
    )  # fmt: skip
    yield voice.say(
        N_("No plan can bring more than {bound}: at most {gap} of it is lacking."),
        bound=voice.money(weeks.bound), gap=voice.percent(weeks.gap, 2),
    )  # fmt: skip
    yield voice.say(
        N_(
            "Controls after release may wait {days} days of the plan: {waiting} do. Document checks done "
            "after release instead: {deferred}."
        ),
        days=voice.number(weeks.wait_days), waiting=voice.number(weeks.waiting),
        deferred=voice.number(weeks.deferred),
    )  # fmt: skip
    yield voice.say(
        N_("If officers of each pool and form could be moved between these days, {more} more."),
        more=voice.money(answer.moved),
    )  # fmt: skip
    if answer.best is not None:
        yield voice.say(
            N_("One more officer-hour a day would bring most in {form}, {pool}: {money} a day."),
            form=voice.form(answer.best.form), pool=voice.pool(answer.best.pool),
            money=voice.money(answer.best.hour),
        )  # fmt: skip
    if answer.other is not None:
        yield voice.say(
            N_("With the capacity {stated} the plan would bring {plan}. Difference: {more}."),
            stated=answer.other.stated, plan=voice.money(answer.other.weeks.value),
            more=voice.money(answer.otherwise),
        )  # fmt: skip


def time_of(amount: float, unit: str, voice: Voice) -> str:
    """Write capacity: minutes as hours, controls as their number."""
    if unit == "minutes":
        return voice.say(N_("{hours} h"), hours=voice.number(amount / 60, 1))
    return voice.number(amount, 0)


def _pools(answer: Answer, voice: Voice) -> Table:
    """Return one row for each form and pool."""
    unit = answer.weeks.unit
    by_controls = unit != "minutes"
    table = _table(
        [
            N_("Form of control"), N_("Pool"), N_("Capacity"), N_("Given"), N_("Left over"), N_("Asked for"),
            N_("Controlled"), N_("Wait for a later day"), N_("Found no time"), N_("Not worth the cost"),
            N_("One more officer-hour a day would bring"),
            *([N_("One more control a day would bring")] if by_controls else []),
            N_("Dearest day"), N_("Cheapest day"), N_("An hour moved between them would bring at most"),
        ],
        voice,
    )  # fmt: skip
    for lane in answer.lanes:
        cheapest = lane.cheapest
        table.add_row(
            voice.form(lane.form),
            voice.pool(lane.pool),
            *(time_of(lane.total(name), unit, voice) for name in ("available", "given", "idle")),
            *(
                voice.number(lane.total(name), 0)
                for name in ("asked", "controls", "waiting", "waived", "costly")
            ),
            voice.number(lane.hour, 0),
            *([voice.number(lane.price, 0)] if by_controls else []),
            voice.day(lane.dearest.day) if lane.spread else "–",
            voice.day(cheapest.day) if cheapest and lane.spread else "–",
            voice.number(lane.spread, 0),
        )
    return table


def _days(answer: Answer, voice: Voice) -> Table:
    """Return one row for each form, pool and day."""
    unit = answer.weeks.unit
    table = _table(
        [
            N_("Form of control"), N_("Pool"), N_("Day"), N_("Capacity"), N_("Given"), N_("Left over"),
            N_("If officers were moved"), N_("Asked for"), N_("Controlled"), N_("Of earlier days"),
            N_("Wait for a later day"), N_("Found no time"), N_("Not worth the cost"),
            N_("One more officer-hour would bring"),
        ],
        voice, left=3,
    )  # fmt: skip
    for lane in answer.weeks.lanes:
        table.add_row(
            voice.form(lane.form),
            voice.pool(lane.pool),
            voice.day(lane.day),
            *(time_of(amount, unit, voice) for amount in (lane.available, lane.given, lane.idle, lane.moved)),
            *(
                voice.number(count)
                for count in (lane.asked, lane.controls, lane.earlier, lane.waiting, lane.waived, lane.costly)
            ),
            voice.number(lane.hour_price, 0),
        )
    return table


def _table(headings: list[str], voice: Voice, *, left: int = 2) -> Table:
    table = Table(box=None, pad_edge=False)
    for at, heading in enumerate(headings):
        name = voice.say(heading)
        table.add_column(name, justify="left" if at < left else "right", min_width=_LEAST)
    return table
