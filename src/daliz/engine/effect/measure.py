"""The effect of decisions as a whole, in one pass over what was decided and found."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from daliz.engine.effect.compliance import Compliance, compliance
from daliz.engine.effect.figures import By, Figures, figures, figures_by
from daliz.engine.effect.gap import Gap, revenue_gap
from daliz.engine.effect.ledger import Ledger
from daliz.engine.effect.profiles import ProfileEffect, profile_effects
from daliz.engine.estimators.intervals import ratio

PARTS: Final[tuple[By, ...]] = ("form", "direction", "month", "office")


@dataclass(frozen=True, slots=True)
class Effect:
    """What decisions brought, each figure with its interval.

    Attributes:
        level: confidence of the intervals.
        first_day: of the declarations; None if there are none.
        last_day: likewise.
        whole: over all declarations; its random rate is that of the estimable strata together.
        parts: by form of control, direction of movement, month and office.
        profiles: one by one.
        compliance: the level of compliance.
        gap: the revenue gap of all estimable strata.
        gaps: of each stratum.
    """

    level: float
    first_day: date | None
    last_day: date | None
    whole: Figures
    parts: dict[By, tuple[Figures, ...]]
    profiles: tuple[ProfileEffect, ...]
    compliance: Compliance
    gap: Gap
    gaps: tuple[Gap, ...]


def measure(ledger: Ledger, *, level: float = 0.9) -> Effect:
    """Measure the effect of what was decided.

    Args:
        ledger: declarations and controls.
        level: confidence of the intervals, between 0 and 1.
    """
    days = ledger.days
    measured = compliance(ledger, level=level)
    gap, gaps = revenue_gap(ledger, measured, level=level)
    everything = figures(ledger, level=level)
    everything = replace(
        everything,
        random=replace(everything.random, interval=measured.violations),
        lift=ratio(everything.targeted.interval, measured.violations),
    )
    return Effect(
        level=level,
        first_day=days[0] if days else None,
        last_day=days[1] if days else None,
        whole=everything,
        parts={by: figures_by(ledger, by, level=level) for by in PARTS},
        profiles=profile_effects(ledger, violations=measured.violations, level=level),
        compliance=measured,
        gap=gap,
        gaps=gaps,
    )
