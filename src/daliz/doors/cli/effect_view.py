"""The answer of ``daliz effect`` for people: what control achieved, and how sure each figure is."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from daliz.doors.cli import effect_words as words
from daliz.doors.cli.console import out
from daliz.doors.cli.voice import Voice
from daliz.engine.effect import By, Compliance, Effect, Figures, Gap, ProfileEffect
from daliz.engine.pack import Pack
from daliz.language import N_, translate
from daliz.language.numbers import format_number

_MOST: Final = 20
"""Offices and profiles that are shown."""
_WIDEST: Final = 200
"""Characters that a table may take, however narrow the screen: numbers are not broken or cut."""


def show(effect: Effect, pack: Pack, *, by: str, lang: str) -> None:
    """Print the answer.

    Args:
        effect: what was measured.
        pack: for names and currency.
        by: ``profile``, or the part that the last table is divided into.
        lang: language.
    """
    voice = Voice(lang, pack)
    wide = Console(width=_WIDEST)
    for line in _told(effect, voice):
        out.print(line, highlight=False, markup=False)
    if effect.first_day is None:
        return
    for table in _tables(effect, voice, by):
        out.print()
        wide.print(table)
    for line in _notes(effect, voice):
        out.print()
        out.print(line, highlight=False, markup=False)


def _told(effect: Effect, voice: Voice) -> Iterator[str]:
    if effect.first_day is None or effect.last_day is None:
        yield voice.say(N_("There is no declaration in these days."))
        return
    yield voice.say(
        N_("{n} declarations from {first} to {last}."), n=voice.number(effect.whole.declarations),
        first=voice.day(effect.first_day), last=voice.day(effect.last_day),
    )  # fmt: skip
    yield voice.say(
        N_("Controls with a known result: {n}; ordered and not yet known: {waiting}; not final: {open}."),
        n=voice.number(effect.whole.hits.controls), waiting=voice.number(effect.whole.waiting),
        open=voice.number(effect.whole.provisional),
    )  # fmt: skip
    measured = effect.compliance
    if measured.level.rate is not None:
        rate, ends = words.share(measured.level, voice.lang)
        yield voice.say(
            N_("Level of compliance: {rate} ({sure} interval {ends})."), rate=rate, ends=ends,
            sure=voice.percent(effect.level, 0),
        )  # fmt: skip
    yield words.verdict(measured, voice)


def _notes(effect: Effect, voice: Voice) -> Iterator[str]:
    measured = effect.compliance
    for stratum in measured.not_estimable:
        yield voice.say(
            N_("Not estimable: {stratum}, {n} declarations. Nothing known was drawn from it at random."),
            stratum=words.stratum(stratum.code, voice), n=voice.number(stratum.declarations),
        )  # fmt: skip
    if measured.out_of_reach:
        yield voice.say(
            N_("Declarations that had no chance of being drawn, of which nothing is said: {n}."),
            n=voice.number(measured.out_of_reach),
        )  # fmt: skip
    if measured.covered < measured.declarations and measured.level.rate is not None:
        yield voice.say(
            N_("Whatever is in them, the level of all declarations lies between {low} and {high}."),
            low=voice.percent(measured.bounds[0]), high=voice.percent(measured.bounds[1]),
        )  # fmt: skip
    if measured.sensitivity is None:
        yield voice.say(
            N_("The level is what {form} of every declaration would find; what it misses counts as right."),
            form=voice.form(measured.form),
        )  # fmt: skip
    else:
        yield voice.say(
            N_("Violations are corrected for those that {form} misses; it sees {share} of them."),
            form=voice.form(measured.form), share=voice.percent(measured.sensitivity, 0),
        )  # fmt: skip


def _tables(effect: Effect, voice: Voice, by: str) -> Iterator[Table]:
    yield _overview(effect.whole, voice)
    yield _levels(effect.compliance, voice)
    yield _gaps(effect, voice)
    if by == "profile":
        yield _profiles(effect.profiles, voice)
    for name, parts in effect.parts.items():
        if name == by:
            yield _parts(name, parts, voice)


def _overview(whole: Figures, voice: Voice) -> Table:
    table = _table([N_("What control achieved"), N_("estimate"), N_("interval")], voice)
    currency = voice.pack.currency
    lines = [
        (voice.say(N_("Hit rate")), words.share(whole.hits.interval, voice.lang)),
        (voice.say(N_("False alarms")), words.share(whole.false_alarms.interval, voice.lang)),
        (
            voice.say(N_("Assessed per officer hour, {currency}"), currency=currency),
            words.sum_of(whole.assessed_per_hour, voice),
        ),
        (
            voice.say(N_("Collected per officer hour, {currency}"), currency=currency),
            words.sum_of(whole.collected_per_hour, voice),
        ),
        (voice.say(N_("Harm found, points")), words.sum_of(whole.harm, voice)),
        (voice.say(N_("Hit rate of targeted over random")), words.times(whole.lift, voice)),
    ]
    for name, cells in lines:
        table.add_row(name, *cells)
    return table


def _levels(measured: Compliance, voice: Voice) -> Table:
    headings = [
        N_("Stratum"), N_("Declarations"), N_("Share drawn"), N_("Result known"), N_("In violation"),
        N_("Level of compliance"), N_("interval"),
    ]  # fmt: skip
    table = _table(headings, voice)
    for one in measured.strata:
        rate, ends = words.share(one.level, voice.lang)
        table.add_row(
            words.stratum(one.code, voice),
            voice.number(one.declarations),
            words.chance(one, voice),
            voice.number(one.known),
            voice.number(one.found),
            rate if one.estimable else voice.say(N_("not estimable")),
            ends,
        )
    return table


def _gaps(effect: Effect, voice: Voice) -> Table:
    headings = [
        N_("Revenue gap"), N_("estimate"), N_("interval"), N_("Found by controls"), N_("Of payments due"),
    ]  # fmt: skip
    table = _table(headings, voice)
    for one in effect.gaps:
        table.add_row(words.stratum(one.code, voice), *_gap(one, voice))
    table.add_row(voice.say(N_("All estimable strata")), *_gap(effect.gap, voice), style="bold")
    return table


def _gap(one: Gap, voice: Voice) -> tuple[str, ...]:
    return (
        *words.sum_of(one.gap, voice),
        voice.money(one.found),
        voice.percent(one.share_declared, 2),
    )


def _parts(by: By, parts: Sequence[Figures], voice: Voice) -> Table:
    headings = [
        words.BY[by], N_("Declarations"), N_("Controls"), N_("found"), N_("Hit rate"), N_("interval"),
        N_("Assessed per hour"), N_("interval"), N_("Random rate"), N_("interval"),
        N_("Targeted over random"), N_("interval"),
    ]  # fmt: skip
    table = _table(headings, voice)
    shown = sorted(parts, key=lambda one: -one.declarations)[:_MOST] if by == "office" else parts
    for one in shown:
        table.add_row(
            words.part(by, one.key, voice),
            voice.number(one.declarations),
            voice.number(one.hits.controls),
            voice.number(one.hits.found),
            *words.share(one.hits.interval, voice.lang),
            *words.sum_of(one.assessed_per_hour, voice),
            *words.share(one.random.interval, voice.lang),
            *words.times(one.lift, voice),
        )
    return table


def _profiles(profiles: Sequence[ProfileEffect], voice: Voice) -> Table:
    headings = [
        N_("Risk profile"), N_("Fired"), N_("Controls"), N_("found"), N_("Hit rate"), N_("interval"),
        N_("Lost without it"), N_("interval"), N_("Its share of finds"), N_("Violations where it fires"),
        N_("interval"), N_("Over random"),
    ]  # fmt: skip
    table = _table(headings, voice)
    for one in profiles[:_MOST]:
        table.add_row(
            one.profile_id,
            format_number(one.fired, voice.lang),
            format_number(one.hits.controls, voice.lang),
            format_number(one.hits.found, voice.lang),
            *words.share(one.hits.interval, voice.lang),
            *words.sum_of(one.marginal, voice),
            words.sum_of(one.shared, voice, 1)[0],
            *words.share(one.precision.interval, voice.lang),
            words.times(one.lift, voice)[0],
        )
    return table


def _table(headings: Sequence[str], voice: Voice) -> Table:
    table = Table(box=None, pad_edge=False)
    for at, heading in enumerate(headings):
        table.add_column(translate(heading, voice.lang), justify="right" if at else "left")
    return table
