"""What each profile brought: its hits, what would be lost without it, and how sure its aim is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from daliz.engine.effect.figures import Rate, amount_of, sums_of
from daliz.engine.effect.ledger import HUNDREDTHS, MILLIONTHS, Ledger, Row, whole
from daliz.engine.estimators.amounts import Amount
from daliz.engine.estimators.intervals import CERTAIN, NOTHING_KNOWN, Cell, Interval, combined, ratio, wilson

_CLAIMED: Final = """
SELECT profile_id, count(*) FILTER (known) AS controls, count(*) FILTER (NOT known) AS waiting,
    count(*) FILTER (found) AS found, sum(assessed) AS assessed,
    count(*) FILTER (claims = 1 AND known) AS alone, count(*) FILTER (claims = 1 AND found) AS alone_found,
    sum(assessed) FILTER (claims = 1) AS alone_assessed,
    count(*) FILTER (claims = 1 AND found) AS lost,
    {sums}
FROM (
    SELECT *, CASE WHEN found THEN $one // claims ELSE 0 END AS hits,
        assessed // claims AS money
    FROM claim JOIN control USING (declaration_id, form)
) GROUP BY profile_id
"""
_FIRED: Final = """
SELECT profile_id, count(*) AS fired,
    count(*) FILTER (sure) AS certain, count(*) FILTER (sure AND seen) AS certain_seen,
    count(*) FILTER (sure AND hit) AS certain_hit,
    count(*) FILTER (NOT sure AND propensity > 0) AS drawable,
    count(*) FILTER (NOT sure AND propensity > 0 AND seen) AS drawn,
    count(*) FILTER (NOT sure AND propensity > 0 AND hit) AS drawn_hit,
    count(*) FILTER (capped AND NOT sure AND seen) AS capped,
    sum(stands_for) FILTER (NOT sure AND seen) AS weight,
    sum(stands_for) FILTER (NOT sure AND hit) AS weight_hit,
    sum(stands_for::HUGEINT * stands_for) FILTER (NOT sure AND seen) AS square,
    sum(stands_for::HUGEINT * stands_for) FILTER (NOT sure AND hit) AS square_hit
FROM fired JOIN (SELECT *, propensity >= $certain AS sure FROM declaration) USING (declaration_id)
GROUP BY profile_id ORDER BY profile_id
"""


@dataclass(frozen=True, slots=True)
class ProfileEffect:
    """What one profile brought. A control is one form of control of one declaration.

    Attributes:
        profile_id: the profile, whatever its versions.
        fired: declarations.
        hits: controls that it ordered, alone or with others, and that found a violation.
        waiting: controls that it ordered and whose result is not known.
        assessed: assessed in these controls, money.
        alone: controls that nothing else ordered: their finds would be lost without it.
        alone_assessed: assessed in them, money.
        marginal: finds that would be lost without it, with the interval of what a period like this brings.
        shared: its finds when each is divided equally among the profiles that ordered the control.
        shared_assessed: likewise the money.
        precision: share of violations among all declarations on which it fired, controlled or not, as the
            revealing form would see them; each control counts for those it stands for.
        covers: declarations that the precision speaks for.
        capped: controls whose weight was cut to the largest.
        lift: the precision over the share of violations among all declarations.
    """

    profile_id: str
    fired: int
    hits: Rate
    waiting: int
    assessed: Decimal
    alone: Rate
    alone_assessed: Decimal
    marginal: Amount
    shared: Amount
    shared_assessed: Amount
    precision: Rate
    covers: int
    capped: int
    lift: Interval


def profile_effects(ledger: Ledger, *, violations: Interval, level: float) -> tuple[ProfileEffect, ...]:
    """Return what each profile brought, that with most shared finds first.

    Nothing is put in a profile's place: the time that its controls took would be free for others. Equal
    shares are the Shapley value of who found it, where each of those who ordered a control is enough.

    Args:
        ledger: declarations and controls.
        violations: share of violations among all declarations, from the random share.
        level: confidence of intervals, between 0 and 1.

    Sources:
        [shapley1953]; [hajek1971] for the weights.
    """
    query = _CLAIMED.format(sums=sums_of(("hits", "money")))
    claimed = {row["profile_id"]: row for row in ledger.rows(query, {"one": MILLIONTHS})}
    fired = ledger.rows(_FIRED, {"certain": CERTAIN})
    found = [_effect(row, claimed.get(row["profile_id"], {}), violations, level) for row in fired]
    return tuple(
        sorted(found, key=lambda one: (-(one.shared.value or 0.0), -one.hits.controls, one.profile_id))
    )


def _effect(fired: Row, claimed: Row, violations: Interval, level: float) -> ProfileEffect:
    row = claimed or dict.fromkeys(_COLUMNS, 0)
    controls, found = whole(row, "controls"), whole(row, "found")
    alone, lost = whole(row, "alone"), whole(row, "alone_found")
    precision, covers = _precision(fired, level)
    return ProfileEffect(
        profile_id=str(fired["profile_id"]),
        fired=whole(fired, "fired"),
        hits=Rate(controls, found, wilson(found, controls, level=level)),
        waiting=whole(row, "waiting"),
        assessed=Decimal(whole(row, "assessed")) / HUNDREDTHS,
        alone=Rate(alone, lost, wilson(lost, alone, level=level)),
        alone_assessed=Decimal(whole(row, "alone_assessed")) / HUNDREDTHS,
        marginal=amount_of(row | {"lost_square": lost, "lost_most": 1}, "lost", 1, level=level),
        shared=amount_of(row, "hits", MILLIONTHS, level=level, most=1.0),
        shared_assessed=amount_of(row, "money", HUNDREDTHS, level=level),
        precision=precision,
        covers=covers,
        capped=whole(fired, "capped"),
        lift=ratio(precision.interval, violations),
    )


def _precision(row: Row, level: float) -> tuple[Rate, int]:
    """Return the precision by propensities: certain controls and the others are two cells."""
    certain, drawable = whole(row, "certain"), whole(row, "drawable")
    sure = Cell(
        size=certain,
        controlled=whole(row, "certain_seen"),
        weight=float(whole(row, "certain_seen")),
        found=float(whole(row, "certain_hit")),
        square=float(whole(row, "certain_seen")),
        found_square=float(whole(row, "certain_hit")),
    )
    drawn = Cell(
        size=drawable,
        controlled=whole(row, "drawn"),
        weight=whole(row, "weight") / MILLIONTHS,
        found=whole(row, "weight_hit") / MILLIONTHS,
        square=whole(row, "square") / MILLIONTHS**2,
        found_square=whole(row, "square_hit") / MILLIONTHS**2,
    )
    controlled = sure.controlled + drawn.controlled
    interval = combined([sure, drawn], level=level) if controlled else NOTHING_KNOWN
    return Rate(controlled, whole(row, "certain_hit") + whole(row, "drawn_hit"), interval), certain + drawable


_COLUMNS: Final = (
    "controls", "waiting", "found", "assessed", "alone", "alone_found", "alone_assessed", "lost",
    *(f"{name}{part}" for name in ("hits", "money") for part in ("", "_square", "_most")),
)  # fmt: skip
