"""Explanations on a terminal: what outsiders wrote is shown as text, never read as markup."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from daliz.doors.cli.declared import visible
from daliz.doors.cli.explanation.analyst import AnalystView, AskedMeasure, FiredProfile, odds
from daliz.doors.cli.explanation.lookup import Decision
from daliz.doors.cli.explanation.officer import OfficerView
from daliz.doors.cli.voice import Voice
from daliz.language import N_

_HEADING: Final = "bold"
_WITHOUT_TERMINAL: Final = 160
"""Characters in a line where output goes to a file or another program."""


def show_to_officer(view: OfficerView, voice: Voice, console: Console) -> None:
    """Print what to do with the declaration and what to look at."""
    _title(console, view.declaration_id, view.version, voice)
    _line(console, voice.day(date.fromisoformat(view.day)), voice.stream(view.direction),
          voice.procedure(view.procedure), view.office.name if view.office else "")  # fmt: skip
    _pair(console, voice.say(N_("Corridor advised") if view.advice else N_("Corridor")), view.corridor.name)
    goods = _table([("", "left"), (N_("Item"), "right"), (N_("HS code"), "code"), (N_("Goods"), "left"),
                    (N_("Origin"), "left"), (N_("Net mass, kg"), "right"), (N_("Quantity"), "right"),
                    (N_("Customs value"), "right")], voice)  # fmt: skip
    for item in view.items:
        value = Decimal(item.customs_value) if item.customs_value else None
        amount = f"{voice.number(item.quantity)} {voice.unit(item.quantity_unit)}".strip()
        _row(goods, "►" if item.under_control else "", str(item.item_no), item.hs_code or "–",
             visible(item.description or "–"), voice.country(item.origin_country),
             voice.number(item.net_mass_kg), amount, voice.money(value, view.currency))  # fmt: skip
    _print(console, goods)
    if not view.measures:
        _line(
            console, voice.say(N_("No control is advised.") if view.advice else N_("No control is ordered."))
        )
        _show_deviations(console, view, voice)
        return
    _heading(console, voice.say(N_("What to do")))
    for duty in view.measures:
        where = voice.say(N_("whole declaration"))
        if duty.items is not None:
            where = voice.say(N_("items {n}"), n=", ".join(map(str, duty.items)))
        _line(console, "• " + duty.name, voice.extent(duty.extent), where)
        _line(console, "  " + duty.instruction)
    _heading(console, voice.say(N_("What to look at")))
    for hint in view.hints:
        _line(console, "• " + hint.hint)
        _line(console, "  " + hint.look_at)
    _show_deviations(console, view, voice)


def _show_deviations(console: Console, view: OfficerView, voice: Voice) -> None:
    """Print for which reasons the officer may depart from the advice, where it is advice."""
    if not view.advice:
        return
    _heading(console, voice.say(N_("You decide. Reasons for departing from the advice")))
    for deviation in view.deviations:
        _line(console, "• " + deviation.name, deviation.code)


def show_to_analyst(view: AnalystView, decision: Decision, voice: Voice, console: Console) -> None:
    """Print everything that is known of the decision."""
    _title(console, view.declaration_id, view.version, voice)
    if len(view.versions_assessed) > 1:
        _line(console, voice.say(N_("versions assessed: {n}"), n=", ".join(map(str, view.versions_assessed))))
    _line(console, voice.day(decision.day), voice.stream(view.direction),
          voice.procedure(view.procedure), view.office.name if view.office else "")  # fmt: skip
    _pair(console, voice.say(N_("Corridor")), view.corridor.name)
    _pair(console, voice.say(N_("Probability of a violation")),
          voice.say(N_("{p}, where nothing fires {base}"), p=voice.percent(view.probability),
                    base=voice.percent(view.base_probability)))  # fmt: skip
    _show_parts(console, view, voice)
    _pair(console, voice.say(N_("Expected damage")), voice.money(decision.expected_damage))
    _pair(console, voice.say(N_("Risk level")), view.level.name)
    _show_lists(console, view, voice)
    _heading(console, voice.say(N_("Profiles that fired")))
    if not view.profiles:
        _line(console, voice.say(N_("No profile fired.")))
    for profile in view.profiles:
        _show_profile(console, profile, voice)
    if view.unknown_profiles:
        _heading(console, voice.say(N_("Profiles left undecided")))
        for one in view.unknown_profiles:
            _line(console, f"• {one.name}", one.code)
    if view.codes_beyond:
        _heading(console, voice.say(N_("Codes that the pack does not know")))
        for strange in view.codes_beyond:
            _line(console, f"• {voice.label(strange.fact)}", visible(strange.code))
    if view.measures:
        _heading(console, voice.say(N_("Measures")))
        _print(console, _measures(view.measures, voice))
    _heading(console, voice.say(N_("Selection")))
    for form, chance in view.propensity.items():
        _pair(
            console, voice.form(form), voice.say(N_("probability of selection {p}"), p=voice.percent(chance))
        )
    _pair(console, voice.say(N_("Random share")), _random(view, voice))
    _heading(console, voice.say(N_("Versions")))
    _pair(console, voice.say(N_("Policy")), view.made_by.policy_id)
    _pair(console, voice.say(N_("History as of")), view.made_by.snapshot_id)
    _pair(console, voice.say(N_("Capacity and prices")), view.made_by.price_id)
    _pair(console, voice.say(N_("Key")), view.made_by.key_id)


_LISTS: Final = {"minimal_risk": N_("minimal risk"), "watch": N_("under watch")}


def _show_lists(console: Console, view: AnalystView, voice: Voice) -> None:
    """Print on which exception lists the declaration stands, and what they did."""
    told = view.exceptions
    if not told.lists:
        return
    _heading(console, voice.say(N_("Exception lists")))
    for one in told.lists:
        did = []
        if one.log_odds:
            did.append(voice.say(N_("adds {n} log odds"), n=voice.number(one.log_odds, 2)))
        if one.level:
            template = (
                N_("level at most {level}") if one.kind == "minimal_risk" else N_("level at least {level}")
            )
            did.append(voice.say(template, level=one.level.name))
        if one.spares:
            did.append(voice.say(N_("spares waivable selection")))
        _line(console, f"• {one.name} ({voice.say(_LISTS[one.kind])})", *did)
    if told.level_without is not None:
        said = voice.say(
            N_("without them: probability {p}, level {level}"),
            p=voice.percent(told.probability_without), level=told.level_without.name,
        )  # fmt: skip
        _line(console, "  " + said)


_KINDS: Final = {
    "papers": N_("seen in papers"),
    "hidden": N_("seen only in the goods"),
    "after": N_("seen after release"),
}
_TOLD_ITEMS: Final = 3
_TOLD_REASONS: Final = 4


def _show_parts(console: Console, view: AnalystView, voice: Voice) -> None:
    """Print what profiles and models made of it, and what moved the models most."""
    parts = view.parts
    if not parts.models:
        return
    _pair(console, voice.say(N_("By profiles alone")), voice.percent(parts.profiles))
    for form, chance in parts.models.items():
        _pair(
            console, voice.say(N_("By models, {form}"), form=voice.form(form)),
            voice.say(N_("would find something: {p}"), p=voice.percent(chance)),
        )  # fmt: skip
    _pair(console, voice.say(N_("Models count for")), voice.percent(parts.belief, 0))
    for item in parts.items[:_TOLD_ITEMS]:
        said = voice.say(
            N_("item {n}, {kind}: {p}"),
            n=item.item_no, kind=voice.say(_KINDS[item.kind]), p=voice.percent(item.chance),
        )  # fmt: skip
        _line(console, "• " + said)
        for reason in item.reasons[:_TOLD_REASONS]:
            _line(
                console,
                f"  {reason.label(voice.lang)}: {voice.number(reason.contribution, 2)}",
                "; ".join(parts.labels[name] for name, _ in reason.features[:3]),
            )


def _show_profile(console: Console, profile: FiredProfile, voice: Voice) -> None:
    console.print(Line(f"• {profile.area or profile.profile_id}", style=_HEADING), highlight=False)
    _line(
        console,
        "  " + profile.profile_id,
        voice.say(N_("version {n}"), n=profile.version) if profile.version else "",
    )
    if profile.log_odds is not None:
        _line(console, "  " + voice.say(
            N_("adds {log_odds} log odds (odds × {odds}), {share} of all that was added"),
            log_odds=voice.number(profile.log_odds, 2), odds=voice.number(odds(profile.log_odds), 2),
            share=voice.percent(profile.share, 0),
        ))  # fmt: skip
    if profile.sentence:
        _line(console, "  " + profile.sentence)
        _line(console, "  " + (profile.indicator or ""), style="dim")
    for items, values in _alike(profile):
        if items is not None and values:
            _line(console, "  " + voice.say(N_("Items {n}:"), n=items))
        for name, value in values.items():
            _line(console, f"    {voice.label(name)}: {voice.value(name, value)}")


def _alike(profile: FiredProfile) -> list[tuple[str | None, dict[str, object]]]:
    """Gather the items for which the profile saw the same values; None stands for the whole."""
    gathered: list[tuple[list[int | None], dict[str, object]]] = []
    for seen in profile.seen:
        same = next((items for items, values in gathered if values == seen.values), None)
        if same is None:
            gathered.append(([seen.item_no], seen.values))
        else:
            same.append(seen.item_no)
    return [(_numbers(items), values) for items, values in gathered]


def _numbers(items: list[int | None]) -> str | None:
    """Return the numbers of goods items; None for the whole declaration."""
    return None if None in items else ", ".join(map(str, items))


def _measures(measures: tuple[AskedMeasure, ...], voice: Voice) -> Table:
    table = _table([(N_("Measure"), "left"), (N_("Form of control"), "left"), (N_("Items"), "left"),
                    (N_("Risk profile"), "code"), (N_("Officers' time"), "left"), (N_("State"), "left"),
                    (N_("Price that was not reached"), "right")], voice)  # fmt: skip
    gathered: dict[AskedMeasure, list[int | None]] = {}
    for one in measures:
        gathered.setdefault(replace(one, item_no=None), []).append(one.item_no)
    for one, items in gathered.items():
        state = voice.say(N_("ordered")) if one.status == "ordered" else voice.say(N_("set aside"))
        if one.deferred:
            state = voice.say(N_("ordered after release, instead of documents before"))
        form = voice.form(one.form) if one.form else voice.say(N_("ensures control"))
        where = _numbers(items) or voice.say(N_("whole"))
        price = voice.money(one.price) if one.price is not None else ""
        _row(table, one.name, form, where, one.profile_id, voice.claim(one.capacity), state, price)
    return table


def _random(view: AnalystView, voice: Voice) -> str:
    strata = voice.pack.policy.random.strata
    stratum = next((s for s in strata if s.code == view.random.stratum), None)
    drawn = (
        voice.say(N_("drawn and controlled"))
        if view.random.in_random
        else voice.say(N_("not controlled for it"))
    )
    if stratum is None:
        return drawn
    return f"{drawn}; {voice.text(stratum.name)}, {voice.percent(stratum.share)}"


def _table(columns: list[tuple[str, str]], voice: Voice) -> Table:
    """Lay out columns: ``right`` for numbers, ``code`` for what is never broken, ``left`` for text."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, side in columns:
        table.add_column(
            voice.say(name) if name else "",
            justify="right" if side == "right" else "left",
            no_wrap=side == "code",
            overflow="fold",
        )
    return table


def _print(console: Console, table: Table) -> None:
    """Print a table as wide as the terminal; wide enough to read where there is none."""
    if console.is_terminal:
        console.print(table)
    else:
        Console(file=console.file, width=_WITHOUT_TERMINAL).print(table)


def _row(table: Table, *cells: str) -> None:
    table.add_row(*(Line(cell) for cell in cells))


def _title(console: Console, number: str, version: int, voice: Voice) -> None:
    said = voice.say(N_("Declaration {number}, version {n}"), number=visible(number), n=version)
    console.print(Line(said, style="bold underline"), highlight=False)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Line(text, style=_HEADING), highlight=False)


def _pair(console: Console, name: str, value: str) -> None:
    console.print(Line.assemble((f"{name}: ", "dim"), value), highlight=False)


def _line(console: Console, *parts: str, style: str = "") -> None:
    console.print(Line(" · ".join(part for part in parts if part), style=style), highlight=False)
