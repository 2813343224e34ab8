"""How much money is evaded in all declarations: the revenue gap, from what the random share found."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from daliz.engine.effect.compliance import Compliance
from daliz.engine.effect.ledger import HUNDREDTHS, Ledger, Row, whole
from daliz.engine.estimators.amounts import NO_AMOUNT, Amount, amount
from daliz.engine.pack import Pack

_STRATA: Final = """
SELECT stratum, count(*) FILTER (share > 0) AS declarations, count(*) FILTER (drawn AND seen) AS known,
    sum(weight // $coarse) FILTER (drawn AND seen) AS weight,
    sum((weight // $coarse)::HUGEINT * hit_assessed) FILTER (drawn AND hit) AS total,
    sum((weight // $coarse)::HUGEINT * hit_assessed * (weight // $coarse) * hit_assessed)
        FILTER (drawn AND hit) AS square
FROM declaration GROUP BY stratum
"""
"""Weights in thousandths, so that squares of any money stay whole numbers."""
_COARSE: Final = 1000
_FOUND: Final = """
SELECT stratum, sum(control.assessed) AS found, max(control.assessed) AS most,
    sum(control.assessed) FILTER (list_contains($forms, form)) AS surely
FROM control JOIN declaration USING (declaration_id) GROUP BY stratum
"""
_DECLARED: Final = """
SELECT stratum, sum(declared) AS declared
FROM declaration JOIN payment USING (declaration_id) GROUP BY stratum
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """The revenue gap of a stratum, or of all that are estimable.

    Attributes:
        code: of the stratum; None for declarations of none, or for the whole.
        gap: payments evaded in all declarations, as the revealing form would assess them, money; the value is
            None where it is not estimable.
        found: assessed by all controls of these declarations, money.
        declared: payments declared for them, money; None where no declarations were given.
        largest: the largest assessment of any control here, money; no interval knows of larger ones.
    """

    code: str | None
    gap: Amount
    found: Decimal
    declared: Decimal | None
    largest: Decimal

    @property
    def share_found(self) -> float | None:
        """Return what controls found as a share of the gap; None where it is not estimable, or nothing."""
        return min(float(self.found) / self.gap.value, 1.0) if self.gap.value else None

    @property
    def share_declared(self) -> float | None:
        """Return the gap as a share of the payments that are due: declared and evaded."""
        if self.gap.value is None or not self.declared:
            return None
        return self.gap.value / (self.gap.value + float(self.declared))


def revenue_gap(ledger: Ledger, measured: Compliance, *, level: float) -> tuple[Gap, tuple[Gap, ...]]:
    """Estimate the revenue gap of all estimable strata, and of each.

    Each find of the random share counts for the declarations that it stands for. A few large finds make up
    most of the sum, so the ends are those of a sum of rare finds of unequal size, the upper one with one more
    find added: the largest that any control of the stratum, targeted ones too, assessed, counting as often as
    a random one does. What is rarer and larger than anything found no interval can tell. No gap is smaller
    than what controls before release found of it: opening the goods includes the documents.

    Args:
        ledger: declarations and controls.
        measured: the level of compliance, for the strata that are estimable.
        level: confidence of intervals, between 0 and 1.

    Sources:
        [fay1997]; DESIGN 3.7.
    """
    drawn = {row["stratum"]: row for row in ledger.rows(_STRATA, {"coarse": _COARSE})}
    found = {row["stratum"]: row for row in ledger.rows(_FOUND, {"forms": _before_release(ledger.pack)})}
    rows = ledger.rows(_DECLARED) if ledger.has_payments else []
    declared = {row["stratum"]: whole(row, "declared") for row in rows}
    strata, sums = [], []
    for one in measured.strata:
        here = found.get(one.code, _NOTHING)
        sums_here = _sums(drawn[one.code], whole(here, "most")) if one.estimable else None
        surely = whole(here, "surely") / HUNDREDTHS
        sums += [(*sums_here, surely)] if sums_here else []
        strata.append(
            Gap(
                code=one.code,
                gap=_gap(sums_here, surely, level) if sums_here else NO_AMOUNT,
                found=Decimal(whole(here, "found")) / HUNDREDTHS,
                declared=Decimal(declared.get(one.code, 0)) / HUNDREDTHS if ledger.has_payments else None,
                largest=Decimal(whole(here, "most")) / HUNDREDTHS,
            )
        )
    known = [gap for gap in strata if gap.gap.value is not None]
    total, square, surely = (sum(one[place] for one in sums) for place in (0, 1, 3))
    largest = max((one[2] for one in sums), default=0.0)
    over = Gap(
        code=None,
        gap=_gap((total, square, largest), surely, level) if sums else NO_AMOUNT,
        found=sum((gap.found for gap in known), Decimal()),
        declared=sum((gap.declared or Decimal() for gap in known), Decimal())
        if ledger.has_payments
        else None,
        largest=max((gap.largest for gap in known), default=Decimal()),
    )
    return over, tuple(strata)


_NOTHING: Final[Row] = {"found": 0, "most": 0, "surely": 0}


def _before_release(pack: Pack) -> list[str]:
    """Return the forms of control that stop a declaration."""
    stops = {corridor.code for corridor in pack.corridors if not corridor.releases_automatically}
    return sorted({m.form for m in pack.measures.values() if m.form is not None and m.corridor in stops})


def _gap(sums: tuple[float, float, float], surely: float, level: float) -> Amount:
    """Return the gap of these sums, which is at least what was surely found."""
    estimate = amount(*sums, level=level)
    return Amount(max(estimate.value or 0.0, surely), max(estimate.low, surely), max(estimate.high, surely))


def _sums(row: Row, most: int) -> tuple[float, float, float]:
    """Return total, square and the largest find to reckon with of a stratum, in money."""
    each = whole(row, "declarations") / whole(row, "weight") / HUNDREDTHS
    usual = whole(row, "declarations") / whole(row, "known") / HUNDREDTHS
    return whole(row, "total") * each, whole(row, "square") * each**2, most * usual
