"""What is said of an effect, on the screen and on the page: estimates with their ends, and the verdict."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Final

from daliz.doors.cli.voice import Voice
from daliz.engine.effect import By, Compliance, StratumLevel, Verdict
from daliz.engine.estimators.amounts import Amount
from daliz.engine.estimators.intervals import Interval
from daliz.language import N_
from daliz.language.numbers import format_percent

NOTHING: Final = "–"
UNBOUNDED: Final = "∞"

BY: Final[Mapping[str, str]] = {
    "form": N_("Form of control"),
    "office": N_("Office"),
    "direction": N_("Direction of movement"),
    "month": N_("Month"),
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.ABOVE: N_("The whole interval lies above the tolerance of {low} to {high}."),
    Verdict.WITHIN: N_("The whole interval lies above the lower end of the tolerance of {low} to {high}."),
    Verdict.BELOW: N_("The whole interval lies below the tolerance of {low} to {high}."),
    Verdict.OPEN: N_(
        "The interval reaches below the tolerance of {low} to {high}: a longer period or a larger random "
        "share would tell."
    ),
    Verdict.NO_TOLERANCE: N_("The pack states no tolerance."),
    Verdict.NOT_ESTIMABLE: N_("Nothing was drawn at random, so the level cannot be estimated."),
}


def verdict(measured: Compliance, voice: Voice) -> str:
    """Say how the level of compliance stands to the tolerance."""
    tolerance = measured.tolerance
    return voice.say(
        VERDICTS[measured.verdict],
        low=voice.percent(tolerance.low, 0) if tolerance else NOTHING,
        high=voice.percent(tolerance.high, 0) if tolerance else NOTHING,
    )


def part(by: By, key: str | None, voice: Voice) -> str:
    """Return what a part is called."""
    if key is None:
        return voice.say(N_("not stated"))
    if by == "office":
        return voice.office(key)
    if by == "form":
        return voice.form(key)
    return voice.stream(key) if by == "direction" else voice.month(date.fromisoformat(f"{key}-01"))


def stratum(code: str | None, voice: Voice) -> str:
    """Return what a stratum is called."""
    known = {one.code: one.name for one in voice.pack.policy.random.strata}
    if code is None:
        return voice.say(N_("outside all strata"))
    return voice.text(known[code]) if code in known else code


def chance(one: StratumLevel, voice: Voice) -> str:
    """Return the chance of being drawn, or its least and greatest where it varied."""
    low, high = (voice.percent(share) for share in one.shares)
    return low if low == high else f"{low}–{high}"


def share(interval: Interval, lang: str) -> tuple[str, str]:
    """Return a share and its ends."""
    rate = NOTHING if interval.rate is None else format_percent(interval.rate, lang)
    ends = f"{format_percent(interval.low, lang)}–{format_percent(interval.high, lang)}"
    return rate, NOTHING if interval.rate is None else ends


def times(interval: Interval, voice: Voice) -> tuple[str, str]:
    """Return how many times, and its ends."""
    if interval.rate is None:
        return NOTHING, NOTHING
    return voice.number(interval.rate, 1), _ends(interval.low, interval.high, voice, 1)


def sum_of(amount: Amount, voice: Voice, decimals: int = 0) -> tuple[str, str]:
    """Return a sum and its ends."""
    if amount.value is None:
        return NOTHING, NOTHING
    return voice.number(amount.value, decimals), _ends(amount.low, amount.high, voice, decimals)


def _ends(low: float, high: float, voice: Voice, decimals: int) -> str:
    end = voice.number(high, decimals) if math.isfinite(high) else UNBOUNDED
    return f"{voice.number(low, decimals)}–{end}"
