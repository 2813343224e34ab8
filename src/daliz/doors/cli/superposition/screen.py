"""The answer of ``daliz superpose`` for people at a terminal."""

from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.table import Table

from daliz.doors.cli.console import out
from daliz.doors.cli.superposition.words import MEASURES, PROPOSALS, changed, named, proposed
from daliz.engine.pack import Pack
from daliz.engine.superposition import Estimate, Proposal, Superposition
from daliz.language import N_, translate
from daliz.language.numbers import (
    format_date,
    format_duration_minutes,
    format_money,
    format_number,
    format_percent,
)

_WIDEST: Final = 240
_WIDTH: Final = 44
"""Characters of a profile's number and name."""


def show(answer: Superposition, pack: Pack, lang: str) -> None:
    """Print the answer."""
    for line in told(answer, pack, lang):
        out.print(line, highlight=False, markup=False)
    wide = Console(width=_WIDEST)
    out.print()
    wide.print(_totals(answer, pack, lang))
    out.print()
    wide.print(_verdicts(answer, pack, lang))


def told(answer: Superposition, pack: Pack, lang: str) -> Iterator[str]:
    """Say the answer in sentences, one a line."""
    days, kept = answer.chosen_days, answer.kept_days
    yield translate(
        N_(
            "Today’s set are the profiles in force on {day}. Chosen from {n} candidates on {declarations} "
            "declarations, {first} to {last}; {kept} declarations, {begin} to {end}, took no part."
        ),
        lang, day=format_date(answer.profiles_of, lang), n=format_number(answer.candidates, lang),
        declarations=format_number(answer.declarations[0], lang),
        first=format_date(days[0], lang), last=format_date(days[1], lang),
        kept=format_number(answer.declarations[1], lang),
        begin=format_date(kept[0], lang), end=format_date(kept[1], lang),
    )  # fmt: skip
    yield translate(
        N_("Expected gain within capacity: today {today}, as proposed {proposed}."), lang,
        today=format_money(answer.today, pack.currency, lang, decimals=0),
        proposed=format_money(answer.proposed, pack.currency, lang, decimals=0),
    )  # fmt: skip
    yield translate(
        N_(
            "At most {share} of the best choice is lost: the proposed set, less an upkeep for each profile, "
            "is worth {worth}, and no set of these candidates can be worth more than {bound}."
        ),
        lang, share=format_percent(answer.lost, lang, decimals=2),
        worth=format_money(answer.worth, pack.currency, lang, decimals=0),
        bound=format_money(answer.bound.money, pack.currency, lang, decimals=0),
    )  # fmt: skip
    if not answer.bound.relaxed:
        yield translate(
            N_("Too many candidates for the relaxation: this bound is by prices, a little above it."),
            lang,
        )
    if answer.retired is not None:
        yield translate(
            N_(
                "All that are to be retired would bring {money} together beside the proposed set "
                "({low} … {high})."
            ),
            lang, money=format_money(answer.retired.value, pack.currency, lang, decimals=0),
            low=format_money(answer.retired.low, pack.currency, lang, decimals=0),
            high=format_money(answer.retired.high, pack.currency, lang, decimals=0),
        )  # fmt: skip
    untold = sum(verdict.proposal is Proposal.UNTOLD for verdict in answer.verdicts)
    if untold:
        yield translate(
            N_(
                "Profiles of models left out: {n}. No decision tells what models said of these declarations; "
                "give --decisions of assessments with models."
            ),
            lang, n=format_number(untold, lang),
        )  # fmt: skip
    if answer.weighted:
        yield translate(
            N_("Learned from {n} controls; the propensity of {share} of them is known and weighs them."),
            lang, n=format_number(answer.controls_known, lang),
            share=format_percent(answer.weighted_share, lang),
        )  # fmt: skip
    else:
        yield translate(
            N_(
                "Learned from {n} controls. Their propensities are unknown, so what they found is biased "
                "towards whom officers chose; give --decisions where they are known."
            ),
            lang, n=format_number(answer.controls_known, lang),
        )  # fmt: skip
    yield sure(answer, lang)
    yield translate(N_("These are proposals: nothing is changed until somebody approves it."), lang)


def sure(answer: Superposition, lang: str) -> str:
    """Say whether the days kept out bear the proposal out."""
    if not answer.kept_today.known + answer.kept_proposed.known:
        return translate(
            N_("No finding is known on the days kept out: the comparison rests on expectation alone."), lang
        )
    more = answer.kept_more["recovery"]
    if more.low > 0:
        return translate(
            N_("On the days kept out the proposed set recovers more; chance alone hardly explains it."), lang
        )
    if more.high < 0:
        return translate(
            N_("On the days kept out the proposed set recovers less: do not follow it as it is."), lang
        )
    return translate(N_("On the days kept out no difference in recovery beyond chance is seen."), lang)


def _totals(answer: Superposition, pack: Pack, lang: str) -> Table:
    table = _table(
        [N_("days kept out"), N_("today"), N_("as proposed"), N_("difference"), N_("interval")], lang
    )
    for name, label in MEASURES.items():
        today, proposed = answer.kept_today.totals[name], answer.kept_proposed.totals[name]
        more = answer.kept_more[name]
        table.add_row(
            translate(label, lang),
            amount(name, today.value, pack, lang),
            amount(name, proposed.value, pack, lang),
            amount(name, more.value, pack, lang),
            interval(name, more, pack, lang),
        )
    table.add_row(
        translate(N_("declarations controlled"), lang),
        format_number(answer.kept_today.controls, lang),
        format_number(answer.kept_proposed.controls, lang),
        format_number(answer.kept_proposed.controls - answer.kept_today.controls, lang),
        "",
    )
    return table


def _verdicts(answer: Superposition, pack: Pack, lang: str) -> Table:
    table = _table(
        [
            N_("profile or model"), N_("proposal"), N_("change brings"), N_("would be missed"),
            N_("interval"), N_("fires"), N_("covered by others"), N_("most by"),
        ],
        lang, left=(0, 1, 7),
    )  # fmt: skip
    for verdict in answer.verdicts:
        if not verdict.judged:
            continue
        missed, changes = verdict.missed, verdict.changes
        table.add_row(
            _short(f"{verdict.group} {named(verdict, pack, lang)}"),
            ", ".join(filter(None, (proposed(verdict, lang), changed(verdict.proposed, lang)))),
            format_money(changes.value, pack.currency, lang, decimals=0) if changes else "",
            format_money(missed.value, pack.currency, lang, decimals=0) if missed else "–",
            interval("recovery", missed, pack, lang) if missed else "–",
            format_number(verdict.fires, lang),
            format_percent(verdict.covered, lang, decimals=0),
            ", ".join(cover.key for cover in verdict.covers[:1]),
            style="yellow" if verdict.proposal is Proposal.RETIRE else None,
        )
    for proposal in (Proposal.STAYS, Proposal.SILENT, Proposal.FORMLESS, Proposal.UNTOLD):
        count = sum(verdict.proposal is proposal for verdict in answer.verdicts)
        if count:
            table.add_row(translate(PROPOSALS[proposal], lang), format_number(count, lang), style="dim")
    return table


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1].rstrip() + "…"


def amount(measure: str, value: float, pack: Pack, lang: str) -> str:
    """Write a figure in the unit of its measure."""
    if measure == "minutes":
        sign = "-" if value < 0 else ""
        return sign + format_duration_minutes(abs(value), lang)
    if measure == "hits":
        return format_number(round(value, 1), lang, decimals=1)
    return format_money(round(value), pack.currency, lang, decimals=0)


def interval(measure: str, estimate: Estimate, pack: Pack, lang: str) -> str:
    """Write the ends of an interval."""
    return f"{amount(measure, estimate.low, pack, lang)} … {amount(measure, estimate.high, pack, lang)}"


def _table(headings: list[str], lang: str, *, left: tuple[int, ...] = (0,)) -> Table:
    table = Table(box=None, pad_edge=False)
    for at, heading in enumerate(headings):
        table.add_column(translate(heading, lang), justify="left" if at in left else "right", no_wrap=True)
    return table
