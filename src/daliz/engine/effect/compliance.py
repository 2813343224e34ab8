"""How many declarations are right: the level of compliance, measured by the random share alone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daliz.engine.effect.ledger import Ledger, Row, whole
from daliz.engine.effect.sample import RANDOM_SUMS, random_cell
from daliz.engine.estimators.intervals import NOTHING_KNOWN, Interval, sampled, stratified, variance_of
from daliz.engine.pack import Tolerance

_STRATA: Final = f"""
SELECT stratum, {RANDOM_SUMS},
    count(*) AS declarations, min(share) AS least, max(share) AS most, count(*) FILTER (drawn) AS taken
FROM declaration GROUP BY stratum
"""


class Verdict(StrEnum):
    """How the level of compliance stands to the tolerance, as far as the interval tells."""

    ABOVE = "above"
    WITHIN = "within"
    BELOW = "below"
    OPEN = "open"
    NO_TOLERANCE = "no_tolerance"
    NOT_ESTIMABLE = "not_estimable"


@dataclass(frozen=True, slots=True)
class StratumLevel:
    """The level of compliance in one stratum.

    Attributes:
        code: of the stratum; None for declarations that belong to none.
        declarations: in it.
        reachable: of these, with a chance of being drawn; the level speaks of them.
        shares: the least and the greatest chance of being drawn that a declaration had, 0 to 1.
        drawn: declarations drawn and controlled.
        known: of these, with a known result.
        found: of these, with a violation.
        level: share without a violation; the rate is None where it is not estimable.
        variance: of the estimate; None where fewer than two results are known.
    """

    code: str | None
    declarations: int
    reachable: int
    shares: tuple[float, float]
    drawn: int
    known: int
    found: int
    level: Interval
    variance: float | None

    @property
    def estimable(self) -> bool:
        """Whether something was drawn from it and results are known."""
        return self.level.rate is not None


@dataclass(frozen=True, slots=True)
class Compliance:
    """The level of compliance: the share of declarations in which a control would find no violation.

    Attributes:
        form: the form of control that would look.
        level: over the strata that are estimable; the rate is None if none is.
        variance: of the estimate; None where it is not known for some stratum.
        declarations: in all.
        covered: of these, in estimable strata and with a chance of being drawn.
        bounds: the lowest and highest level of all declarations, whatever the strata that are not estimable
            hold; as ``level`` where all are.
        strata: one by one, in the order of the policy, declarations of no stratum last.
        sensitivity: for which the level was corrected; None where the pack states none.
        tolerance: of the pack.
        verdict: how the level stands to it.
    """

    form: str
    level: Interval
    variance: float | None
    declarations: int
    covered: int
    bounds: tuple[float, float]
    strata: tuple[StratumLevel, ...]
    sensitivity: float | None
    tolerance: Tolerance | None
    verdict: Verdict

    @property
    def violations(self) -> Interval:
        """Return the share of declarations in which a control would find a violation."""
        return complement(self.level)

    @property
    def not_estimable(self) -> tuple[StratumLevel, ...]:
        """Return the strata of which nothing can be said; they are never filled with others' figures."""
        return tuple(one for one in self.strata if not one.estimable)

    @property
    def out_of_reach(self) -> int:
        """Return the declarations of estimable strata that had no chance of being drawn."""
        return sum(one.declarations - one.reachable for one in self.strata if one.estimable)


def compliance(ledger: Ledger, *, level: float) -> Compliance:
    """Estimate the level of compliance from the random share.

    The random share is drawn from everyone, whatever else selects them, so what it finds in a stratum is what
    there is: sum over strata of (Nₕ / N) · pₕ. What is estimated is the share of declarations in which the
    random share's form of control, carried out on every one of them, would find no violation that stands.
    Violations that this form misses count as compliance unless the pack states its sensitivity; then shares
    of violations are divided by it. Of declarations with no chance of being drawn, such as those of days when
    officers had no time for the draw, nothing is said, though others of their stratum were drawn. Results
    that are not known yet are taken to be like those that are.

    Args:
        ledger: declarations and controls.
        level: confidence of intervals, between 0 and 1.

    Sources:
        [cochran1977] chapter 5; [hajek1971] for weights where the chance of being drawn varied; [yan2010] for
        the interval; [rogan1978] for sensitivity. DESIGN 3.7.
    """
    policy = ledger.pack.policy
    rows = {None if row["stratum"] is None else str(row["stratum"]): row for row in ledger.rows(_STRATA)}
    order = [stratum.code for stratum in policy.random.strata]
    named = sorted(
        rows, key=lambda code: (code is None, order.index(code) if code in order else len(order), code or "")
    )
    seen = policy.effect.sensitivity
    strata = tuple(_stratum(code, rows[code], sensitivity=seen, level=level) for code in named)
    known = [one for one in strata if one.estimable]
    everyone = sum(one.declarations for one in strata)
    covered = sum(one.reachable for one in known)
    estimate = complement(stratified([(one.reachable, complement(one.level)) for one in known]))
    share = covered / everyone if everyone else 0.0
    return Compliance(
        form=ledger.form,
        level=estimate,
        variance=_variance(known, covered),
        declarations=everyone,
        covered=covered,
        bounds=(share * estimate.low, share * estimate.high + 1 - share),
        strata=strata,
        sensitivity=seen,
        tolerance=policy.effect.tolerance,
        verdict=verdict_of(estimate, policy.effect.tolerance),
    )


def verdict_of(level: Interval, tolerance: Tolerance | None) -> Verdict:
    """Return how a level stands to the tolerance: only what its whole interval says is said.

    Example:
        >>> verdict_of(Interval(0.93, 0.91, 0.95), Tolerance(0.90, 0.95))
        <Verdict.WITHIN: 'within'>
        >>> verdict_of(Interval(0.91, 0.88, 0.94), Tolerance(0.90, 0.95))
        <Verdict.OPEN: 'open'>
    """
    if level.rate is None:
        return Verdict.NOT_ESTIMABLE
    if tolerance is None:
        return Verdict.NO_TOLERANCE
    if level.high < tolerance.low:
        return Verdict.BELOW
    if level.low >= tolerance.high:
        return Verdict.ABOVE
    return Verdict.WITHIN if level.low >= tolerance.low else Verdict.OPEN


def complement(share: Interval) -> Interval:
    """Return the interval of what is left of 1."""
    return Interval(None if share.rate is None else 1 - share.rate, 1 - share.high, 1 - share.low)


def _stratum(code: str | None, row: Row, *, sensitivity: float | None, level: float) -> StratumLevel:
    """Return the level of one stratum, of the part of it that could be drawn."""
    cell = random_cell(row)
    variance, estimable = variance_of(cell), cell.controlled > 0
    return StratumLevel(
        code=code,
        declarations=whole(row, "declarations"),
        reachable=cell.size,
        shares=(float(str(row["least"])), float(str(row["most"]))),
        drawn=whole(row, "taken"),
        known=cell.controlled,
        found=whole(row, "drawn_found"),
        level=complement(_seen(sampled(cell, level=level), sensitivity) if estimable else NOTHING_KNOWN),
        variance=variance / (sensitivity or 1.0) ** 2 if estimable and variance is not None else None,
    )


def _seen(share: Interval, sensitivity: float | None) -> Interval:
    """Return the share of violations there are, from that of those seen."""
    if sensitivity is None or share.rate is None:
        return share
    rate, low, high = (min(end / sensitivity, 1.0) for end in (share.rate, share.low, share.high))
    return Interval(rate, low, high)


def _variance(strata: list[StratumLevel], covered: int) -> float | None:
    parts = [(one.reachable / covered, one.variance) for one in strata]
    if not parts or any(variance is None for _, variance in parts):
        return None
    return sum(share**2 * variance for share, variance in parts if variance is not None)
