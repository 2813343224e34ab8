"""What a set of candidates would have brought on days that took no part in the choice.

Officers' time is given as the planner of an assessment gives it, by what control was expected to bring before
anybody looked. What it brought is then estimated: expectation, plus what controls of the same form found
beyond it where the same declarations were controlled, each weighted by one over its propensity (the
model-assisted difference estimator), drawn towards the expectation where few were.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from daliz.engine.allocation.programme import Options, choose
from daliz.engine.pack import Pack
from daliz.engine.superposition.border import Found
from daliz.engine.superposition.claims import Claims
from daliz.engine.superposition.problem import Flags, Floats, Indices
from daliz.engine.superposition.resampling import Estimate, estimate
from daliz.engine.superposition.worth import PRIOR_CONTROLS, harm_of, weights_of

MEASURES: Final = ("recovery", "hits", "harm", "minutes")
"""Additional payments, violations found, other damage averted as money, officers' minutes."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a set brings over the days, by measure.

    Attributes:
        totals: of each measure, with its interval.
        controls: declarations controlled.
        known: of these, with a finding in the same form, on which the estimate leans.
    """

    totals: Mapping[str, Estimate]
    controls: int
    known: int


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Sums of one set by day, from which totals of any sample of days are made.

    Attributes:
        expected: by form and measure, shape (days,).
        seen: by form and measure: weighted findings, and what was expected of the same, shape (days,) each.
        weight: by form: sum of weights, and of their squares, shape (days,) each.
        minutes: officers' minutes, shape (days,).
        controls: declarations controlled.
        known: of these, with a finding.
    """

    expected: Mapping[tuple[str, str], Floats]
    seen: Mapping[tuple[str, str], tuple[Floats, Floats]]
    weight: Mapping[str, tuple[Floats, Floats]]
    minutes: Floats
    controls: int
    known: int

    def totals(self, samples: Floats) -> dict[str, Floats]:
        """Return the total of each measure over samples of days, shape (draws,)."""
        found = {measure: np.zeros(len(samples)) for measure in MEASURES}
        found["minutes"] = samples @ self.minutes
        for (form, measure), by_day in self.expected.items():
            weight, square = (samples @ sums for sums in self.weight[form])
            facts, beliefs = (samples @ sums for sums in self.seen[form, measure])
            usual = np.divide(beliefs, weight, out=np.zeros_like(weight), where=weight > 0)
            scale = np.divide(weight, square, out=np.zeros_like(weight), where=square > 0)
            prior = PRIOR_CONTROLS * usual
            over = np.divide(
                scale * facts + prior, scale * beliefs + prior, out=np.ones_like(weight), where=prior > 0
            )
            found[measure] += (samples @ by_day) * over
        return found


def controls_of(claims: Claims, active: Collection[int], pack: Pack) -> Flags:
    """Return who is controlled in which form under ``active``, as an assessment plans it day by day."""
    carried = claims.certain.copy()
    asked = claims.asked(active)
    non_fiscal = claims.asked([c for c in active if claims.non_fiscal[c]])
    cost = claims.cost
    day_of = np.array([claims.days.index(day) for *_, day in claims.lanes], dtype=np.intp)
    floor = np.clip(np.minimum(pack.policy.reserved_floor * claims.available, claims.left), 0.0, None)
    by_day = day_of[claims.lane]
    for day in range(len(claims.days)):
        own = np.flatnonzero(asked & (by_day == day))
        if not len(own):
            continue
        lanes = np.flatnonzero(day_of == day)
        choice = choose(
            Options(
                declaration=claims.declaration[own],
                lane=np.searchsorted(lanes, claims.lane[own]),
                gain=claims.gain[own],
                cost=cost[own],
                non_fiscal=non_fiscal[own],
            ),
            capacity=claims.left[lanes],
            floor=floor[lanes],
        )
        taken = own[choice.chosen]
        carried[claims.declaration[taken], claims.form[taken]] = True
    return carried


def by_day(claims: Claims, carried: Flags, found: Mapping[str, Found], pack: Pack) -> Days:
    """Sum up what controls bring, day by day.

    Args:
        claims: of the days.
        carried: who is controlled in which form.
        found: by declaration, all that is known by now.
        pack: what harm weighs.
    """
    border, worth, days = claims.border, claims.worth, claims.days
    place = {day: at for at, day in enumerate(days)}
    day_of = np.array([place[day] for day in border.days], dtype=np.intp)
    seen = np.array([i for i, number in enumerate(border.numbers) if number in found], dtype=np.intp)
    weights = weights_of(border, found, seen)
    rows, columns = np.nonzero(carried)

    def summed(at: Indices, values: Floats) -> Floats:
        return np.bincount(day_of[at], values, len(days)).astype(np.float64)

    expectations = {"recovery": worth.recovery, "hits": worth.hits, "harm": worth.harm}
    expected: dict[tuple[str, str], Floats] = {}
    facts: dict[tuple[str, str], tuple[Floats, Floats]] = {}
    weight: dict[str, tuple[Floats, Floats]] = {}
    known = 0
    for at, form in enumerate(claims.forms):
        same = np.array([found[border.numbers[i]].form == form for i in seen.tolist()], dtype=np.bool_)
        own = same & carried[seen, at]
        here, w = seen[own], weights[own]
        known += len(here)
        weight[form] = summed(here, w), summed(here, w * w)
        told = [found[border.numbers[i]] for i in here.tolist()]
        of_form = np.flatnonzero(carried[:, at])
        for name, values in (
            ("recovery", [one.assessed for one in told]),
            ("hits", [float(one.violation) for one in told]),
            ("harm", [harm_of(one, pack) for one in told]),
        ):
            expected[form, name] = summed(of_form, expectations[name][of_form, at])
            facts[form, name] = (
                summed(here, w * np.array(values, dtype=np.float64)),
                summed(here, w * expectations[name][here, at]),
            )
    return Days(
        expected=expected,
        seen=facts,
        weight=weight,
        minutes=summed(rows, claims.minutes[rows, columns]),
        controls=int(carried.any(axis=1).sum()),
        known=known,
    )


def outlook(days: Days, samples: Floats, *, level: float) -> Outlook:
    """Return totals with intervals over samples of days."""
    once = np.ones((1, samples.shape[1]))
    drawn, whole = days.totals(samples), days.totals(once)
    return Outlook(
        totals={m: estimate(float(whole[m][0]), drawn[m], level=level) for m in MEASURES},
        controls=days.controls,
        known=days.known,
    )


def differences(one: Days, other: Days, samples: Floats, *, level: float) -> Mapping[str, Estimate]:
    """Return ``one`` less ``other`` by measure; both are drawn over the same days."""
    once = np.ones((1, samples.shape[1]))
    (a, b), (whole_a, whole_b) = ([d.totals(drawn) for d in (one, other)] for drawn in (samples, once))
    return {m: estimate(float((whole_a[m] - whole_b[m])[0]), a[m] - b[m], level=level) for m in MEASURES}
