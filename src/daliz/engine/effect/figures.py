"""What control achieved in a part: an office, a form of control, a direction of movement, a month, or all."""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from daliz.engine.effect.ledger import HUNDREDTHS, MILLIONTHS, Ledger, Row, whole
from daliz.engine.effect.sample import NOBODY, RANDOM_SUMS, random_cell
from daliz.engine.estimators.amounts import NO_AMOUNT, Amount, amount
from daliz.engine.estimators.intervals import Interval, ratio, sampled, wilson

By = Literal["office", "form", "direction", "month"]

_KEYS: Final = {"office": "office", "direction": "direction", "month": "month"}
_CONTROLS: Final = """
SELECT {key} AS key, count(*) FILTER (known) AS controls, count(*) FILTER (NOT known) AS waiting,
    count(*) FILTER (found) AS found, count(*) FILTER (provisional) AS provisional,
    count(*) FILTER (annulled) AS annulled,
    count(*) FILTER (known AND targeted AND form = $form) AS targeted,
    count(*) FILTER (found AND targeted AND form = $form) AS targeted_found,
    sum(minutes) AS minutes, count(*) FILTER (unsure) AS unsure,
    {sums}
FROM control JOIN declaration USING (declaration_id)
GROUP BY ALL
"""
_POPULATION: Final = f"""
SELECT {{key}} AS key, count(*) AS declarations, {RANDOM_SUMS}
FROM declaration GROUP BY ALL ORDER BY key NULLS LAST
"""
SUMMED: Final = ("assessed", "collected", "harm")
"""What a find is worth: money in hundredths, harm points in millionths."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Controls and what share of them found a violation."""

    controls: int
    found: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Figures:
    """What control achieved in a part.

    Attributes:
        key: of the part; None where the declarations state none, or for the whole.
        declarations: decided.
        hits: controls whose result is known, those that found a violation, and the hit rate.
        waiting: controls ordered whose result is not known.
        provisional: controls whose finding is not final.
        annulled: controls that found a violation which was annulled.
        assessed: additional payments assessed where a violation stands, money.
        collected: of these, collected.
        minutes: officers' time spent, minutes.
        assessed_per_hour: assessed for each officer hour, money.
        collected_per_hour: likewise collected.
        harm: damage other than to revenue found, harm points.
        harm_unknown: controls with a type of violation for which the pack states no harm.
        targeted: controls in the revealing form that some profile chose.
        random: controls in that form that chance chose; the rate weighs each by what it stands for.
        reachable: declarations that chance could have chosen.
        lift: hit rate of the targeted over that of the random.
    """

    key: str | None
    declarations: int
    hits: Rate
    waiting: int
    provisional: int
    annulled: int
    assessed: Decimal
    collected: Decimal
    minutes: float
    assessed_per_hour: Amount
    collected_per_hour: Amount
    harm: Amount
    harm_unknown: int
    targeted: Rate
    random: Rate
    reachable: int
    lift: Interval

    @property
    def false_alarms(self) -> Rate:
        """Controls that found nothing, as a share of those whose result is known."""
        hit = self.hits.interval
        rate = None if hit.rate is None else 1 - hit.rate
        none = self.hits.controls - self.hits.found
        return Rate(self.hits.controls, none, Interval(rate, 1 - hit.high, 1 - hit.low))


def figures(ledger: Ledger, *, level: float) -> Figures:
    """Return what control achieved over all declarations.

    Args:
        ledger: declarations and controls.
        level: confidence of intervals, between 0 and 1.
    """
    return _parts(ledger, "NULL::VARCHAR", "NULL::VARCHAR", level)[0]


def figures_by(ledger: Ledger, by: By, *, level: float) -> tuple[Figures, ...]:
    """Return what control achieved in each part, in the order of the parts' keys.

    By form of control a part's declarations are all there are, and only the revealing form has random
    controls to compare with.
    """
    if by == "form":
        return _parts(ledger, "form", "NULL::VARCHAR", level)
    return _parts(ledger, _KEYS[by], _KEYS[by], level)


def _parts(ledger: Ledger, key: str, of_population: str, level: float) -> tuple[Figures, ...]:
    query = _CONTROLS.format(key=key, sums=sums_of(SUMMED))
    controls = {row["key"]: row for row in ledger.rows(query, {"form": ledger.form})}
    population = {row["key"]: row for row in ledger.rows(_POPULATION.format(key=of_population))}
    everyone = population.get(None, NOBODY)
    if key == "form":
        others = NOBODY | {"declarations": everyone["declarations"]}
        return tuple(
            _figures(form, controls[form], everyone if form == ledger.form else others, level)
            for form in ledger.pack.forms
            if form in controls
        )
    if not population:
        population = {None: NOBODY}
    return tuple(_figures(name, controls.get(name, {}), row, level) for name, row in population.items())


def _figures(key: object, row: Row, population: Row, level: float) -> Figures:
    row = row or dict.fromkeys(_COLUMNS, 0)
    controls, found = whole(row, "controls"), whole(row, "found")
    minutes = whole(row, "minutes") / HUNDREDTHS
    targeted = whole(row, "targeted")
    aimed = wilson(whole(row, "targeted_found"), targeted, level=level)
    drawn = random_cell(population)
    chance = sampled(drawn, level=level)
    return Figures(
        key=None if key is None else str(key),
        declarations=whole(population, "declarations"),
        hits=Rate(controls, found, wilson(found, controls, level=level)),
        waiting=whole(row, "waiting"),
        provisional=whole(row, "provisional"),
        annulled=whole(row, "annulled"),
        assessed=Decimal(whole(row, "assessed")) / HUNDREDTHS,
        collected=Decimal(whole(row, "collected")) / HUNDREDTHS,
        minutes=minutes,
        assessed_per_hour=_per_hour(row, "assessed", minutes, level),
        collected_per_hour=_per_hour(row, "collected", minutes, level),
        harm=amount_of(row, "harm", MILLIONTHS, level=level),
        harm_unknown=whole(row, "unsure"),
        targeted=Rate(targeted, whole(row, "targeted_found"), aimed),
        random=Rate(drawn.controlled, whole(population, "drawn_found"), chance),
        reachable=drawn.size,
        lift=ratio(aimed, chance),
    )


def sums_of(names: tuple[str, ...], share: str = "") -> str:
    """Write SQL of the sufficient sums of an interval: of each name its total, square and greatest find."""
    return ",\n    ".join(
        f"sum({name}{share}) AS {name}, sum(({name}{share})::HUGEINT * ({name}{share})) AS {name}_square, "
        f"max({name}{share}) AS {name}_most"
        for name in names
    )


def amount_of(row: Row, name: str, unit: int, *, level: float, most: float = 0.0) -> Amount:
    """Return a sum that ``sums_of`` made, with its interval.

    Args:
        row: of the answer.
        name: of the sum.
        unit: in which it was counted.
        level: confidence, between 0 and 1.
        most: the largest find known elsewhere that must be reckoned with, in whole units.
    """
    total, square = whole(row, name) / unit, whole(row, f"{name}_square") / unit**2
    return amount(total, square, max(whole(row, f"{name}_most") / unit, most), level=level)


def _per_hour(row: Row, name: str, minutes: float, level: float) -> Amount:
    """Return money for each officer hour; the hours are known, the finds are what comes by chance."""
    if minutes <= 0 or not math.isfinite(minutes):
        return NO_AMOUNT
    return amount_of(row, name, HUNDREDTHS, level=level).times(60 / minutes)


_COLUMNS: Final = (
    "controls", "waiting", "found", "provisional", "annulled", "targeted", "targeted_found", "minutes",
    "unsure",
    *(f"{name}{part}" for name in SUMMED for part in ("", "_square", "_most")),
)  # fmt: skip
