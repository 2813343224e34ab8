"""The answer of ``daliz backtest`` for people: what fired, what was found, and how far to trust it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from rich.console import Console
from rich.table import Table

from daliz.doors.cli.console import out
from daliz.doors.cli.words import FORMS
from daliz.engine.backtest import Backtest, Judgement, Part, Precision, Threshold, Tried
from daliz.engine.indicators.printer import print_number
from daliz.engine.pack import Pack
from daliz.language import N_, translate
from daliz.language.numbers import (
    format_date,
    format_duration_minutes,
    format_money,
    format_month,
    format_number,
    format_percent,
)

_MOST: Final = 12
"""Offices and profiles that are shown."""
_NOTHING: Final = "–"
_WIDEST: Final = 200
"""Characters that a table may take, however narrow the screen: numbers are not broken or cut."""


def show(answer: Backtest, *, title: str, text: str, said: str, pack: Pack, level: float, lang: str) -> None:
    """Print the answer.

    Args:
        answer: of the backtest.
        title: name of the profile, empty for an expression.
        text: canonical text of the indicator.
        said: the same as a sentence.
        pack: for names and currency.
        level: confidence of the intervals.
        lang: language.
    """
    j = answer.judgement
    if title:
        out.print(title, style="bold", highlight=False, markup=False)
    out.print(text, highlight=False, markup=False)
    out.print(said, style="dim", highlight=False, markup=False)
    out.print()
    for line in told(answer, pack, level=level, lang=lang):
        out.print(line, highlight=False, markup=False)
    if not j.whole.fired:
        return
    wide = Console(width=_WIDEST)
    for table in _tables(answer, pack, lang):
        out.print()
        wide.print(table)


def told(answer: Backtest, pack: Pack, *, level: float, lang: str) -> Iterator[str]:
    """Say the answer in sentences, one a line."""
    j = answer.judgement
    if answer.first_day is None or answer.last_day is None:
        yield translate(N_("There is no declaration in these days."), lang)
        return
    yield translate(
        N_("{n} declarations from {first} to {last}."), lang, n=format_number(j.everything.fired, lang),
        first=format_date(answer.first_day, lang), last=format_date(answer.last_day, lang),
    )  # fmt: skip
    if j.unknown:
        yield translate(
            N_("Undecided for {n} declarations: something that it asks for was unknown."), lang,
            n=format_number(j.unknown, lang),
        )  # fmt: skip
    if not j.whole.fired:
        yield translate(N_("It never fired."), lang)
        return
    yield translate(
        N_("It fired on {n} declarations ({share}), {items} items."), lang,
        n=format_number(j.whole.fired, lang), items=format_number(j.items, lang),
        share=format_percent(j.whole.fired / j.everything.fired, lang, decimals=2),
    )  # fmt: skip
    yield from _controls(j, pack, level, lang)


def _controls(j: Judgement, pack: Pack, level: float, lang: str) -> Iterator[str]:
    """Say what controls found, and what that is worth."""
    if not j.whole.controlled:
        yield translate(N_("None of them was controlled: nothing can be said of its precision."), lang)
    else:
        forms = "; ".join(
            translate(
                N_("{form}: {controlled}, found {found}"), lang, form=translate(FORMS.get(form, form), lang),
                controlled=format_number(controlled, lang), found=format_number(found, lang),
            )
            for form, (controlled, found) in j.forms.items()
            if controlled
        )  # fmt: skip
        yield translate(
            N_("Of these {controlled} were controlled and {found} found in violation ({forms})."), lang,
            controlled=format_number(j.whole.controlled, lang), found=format_number(j.whole.found, lang),
            forms=forms,
        )  # fmt: skip
        yield from _precisions(j, level, lang)
        if j.recall is not None:
            yield translate(
                N_("Of all violations that controls found it sees {share}, {found} of {known}."), lang,
                share=format_percent(j.recall, lang), found=format_number(j.whole.found, lang),
                known=format_number(j.everything.found, lang),
            )  # fmt: skip
        yield translate(
            N_("Assessed {assessed}, collected {collected}."), lang,
            assessed=format_money(j.whole.assessed, pack.currency, lang, decimals=0),
            collected=format_money(j.whole.collected, pack.currency, lang, decimals=0),
        )  # fmt: skip
        if j.assessed_per_firing is not None:
            per = N_("For each firing {money} can be expected, if all were controlled.")
            if j.precision.biased:
                per = N_(
                    "For each control {money} was assessed; of the firings not controlled nothing is known."
                )
            yield translate(
                per, lang, money=format_money(j.assessed_per_firing, pack.currency, lang, decimals=0)
            )
        yield translate(
            N_("Officers spent {minutes} on these controls."), lang,
            minutes=format_duration_minutes(j.whole.minutes, lang),
        )  # fmt: skip
    if j.needed_minutes is not None:
        basis = (
            N_("To control every firing takes {minutes}, by its measures.")
            if j.needed_by == "measures"
            else N_("To control every firing takes {minutes}, at the time that past controls took.")
        )
        yield translate(basis, lang, minutes=format_duration_minutes(j.needed_minutes, lang))
    if j.alone is not None:
        yield translate(
            N_("{n} of its firings no other profile of the pack sees; {found} violations were found there."),
            lang, n=format_number(j.alone.fired, lang), found=format_number(j.alone.found, lang),
        )  # fmt: skip


def _precisions(j: Judgement, level: float, lang: str) -> Iterator[str]:
    best, sure = j.precision, format_percent(level, lang, decimals=0 if level * 100 % 1 < 1e-9 else 1)
    if best.method == "weighted" and j.chances is not None:
        form = translate(FORMS.get(j.chances.form, j.chances.form), lang)
        if best.interval.rate is None:
            yield translate(
                N_("Precision: {low} to {high}; of firings that could have been drawn, none was."), lang,
                low=format_percent(best.interval.low, lang),
                high=format_percent(best.interval.high, lang),
            )  # fmt: skip
        else:
            yield translate(
                N_("Precision: {rate} ({sure} interval {low} to {high}), weighted by how likely {form} was."),
                lang, rate=format_percent(best.interval.rate, lang), sure=sure, form=form,
                low=format_percent(best.interval.low, lang), high=format_percent(best.interval.high, lang),
            )  # fmt: skip
        yield translate(
            N_(
                "It speaks for {covers} of the {fired} firings and rests on {controlled} controls, "
                "{drawn} of them drawn by chance."
            ),
            lang, covers=format_number(best.covers, lang), fired=format_number(j.whole.fired, lang),
            controlled=format_number(best.controlled, lang), drawn=format_number(j.chances.drawn, lang),
        )  # fmt: skip
        return
    yield translate(
        N_("Precision of what was controlled: {rate} ({sure} interval {low} to {high})."), lang, sure=sure,
        rate=format_percent(best.interval.rate or 0.0, lang), low=format_percent(best.interval.low, lang),
        high=format_percent(best.interval.high, lang),
    )  # fmt: skip
    yield translate(
        N_(
            "This is biased: officers chose whom to control, so it says nothing of firings that they would "
            "not have chosen. Give --decisions where propensities are known."
        ),
        lang,
    )
    if j.random.controlled:
        yield translate(
            N_("Of {controlled} controls drawn by chance {found} found one: {rate} ({low} to {high})."),
            lang, controlled=format_number(j.random.controlled, lang),
            found=format_number(j.random.found, lang),
            rate=format_percent(j.random.interval.rate or 0.0, lang),
            low=format_percent(j.random.interval.low, lang),
            high=format_percent(j.random.interval.high, lang),
        )  # fmt: skip


def _tables(answer: Backtest, pack: Pack, lang: str) -> Iterator[Table]:
    j = answer.judgement
    months = {format_month(date.fromisoformat(f"{name}-01"), lang): part for name, part in j.months.items()}
    yield _parts(N_("month"), months, pack, lang)
    offices = sorted(j.offices.items(), key=lambda one: (-one[1].fired, one[0]))[:_MOST]
    named = {_office(code, pack, lang): part for code, part in offices}
    yield _parts(N_("office"), named, pack, lang)
    if any(one.both for one in j.overlaps):
        yield _overlaps(j, pack, lang)
    for threshold, tried in answer.moved:
        yield _sweep(threshold, tried, pack, lang)


def _office(code: str, pack: Pack, lang: str) -> str:
    known = pack.offices.get(code)
    return known.name.in_(lang) if known else code or _NOTHING


def _table(headings: Sequence[str], lang: str, *, title: str | None = None) -> Table:
    table = Table(box=None, pad_edge=False, title=title, title_justify="left", title_style="bold")
    for at, heading in enumerate(headings):
        table.add_column(translate(heading, lang), justify="right" if at else "left", no_wrap=True)
    return table


def _parts(first: str, parts: Mapping[str, Part], pack: Pack, lang: str) -> Table:
    table = _table(
        [first, N_("fired"), N_("controlled"), N_("found"), N_("found of controlled"), N_("assessed")], lang
    )
    for name, part in parts.items():
        table.add_row(
            name,
            format_number(part.fired, lang),
            format_number(part.controlled, lang),
            format_number(part.found, lang),
            format_percent(part.found / part.controlled, lang) if part.controlled else _NOTHING,
            format_money(part.assessed, pack.currency, lang, decimals=0),
        )
    return table


def _overlaps(j: Judgement, pack: Pack, lang: str) -> Table:
    table = _table(
        [N_("also fires"), N_("both"), N_("of its firings"), N_("Jaccard"), N_("found by both")], lang
    )
    names = {profile.id: profile.area.name for profile in pack.profiles}
    for one in [one for one in j.overlaps if one.both][:_MOST]:
        table.add_row(
            f"{one.key} {names[one.key].in_(lang)}",
            format_number(one.both, lang),
            format_percent(one.share, lang),
            format_number(one.jaccard, lang, decimals=2),
            format_number(one.found, lang),
        )
    return table


def _sweep(threshold: Threshold, tried: Sequence[Tried], pack: Pack, lang: str) -> Table:
    title = translate(N_("Threshold {number}: {text}"), lang, number=threshold.number, text=threshold.text)
    headings = [
        N_("value"), N_("fired"), N_("controlled"), N_("found"), N_("precision"), N_("interval"),
        N_("of all found"), N_("officers’ time"), N_("assessed"),
    ]  # fmt: skip
    table = _table(headings, lang, title=title)
    for one in tried:
        table.add_row(
            f"{print_number(one.value)}{' ◀' if one.present else ''}",
            format_number(one.whole.fired, lang),
            format_number(one.whole.controlled, lang),
            format_number(one.whole.found, lang),
            *_range(one.precision, lang),
            format_percent(one.recall, lang) if one.recall is not None else _NOTHING,
            format_duration_minutes(one.needed_minutes, lang) if one.needed_minutes is not None else _NOTHING,
            format_money(one.whole.assessed, pack.currency, lang, decimals=0),
            style="bold" if one.present else None,
        )
    return table


def _range(precision: Precision, lang: str) -> tuple[str, str]:
    """Write the estimate and its ends."""
    if precision.method == "none":
        return _NOTHING, _NOTHING
    interval = precision.interval
    rate = format_percent(interval.rate, lang) if interval.rate is not None else _NOTHING
    return rate, f"{format_percent(interval.low, lang)}–{format_percent(interval.high, lang)}"
