"""One day's officers against one day's declarations, in every lane at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import numpy as np

from daliz.engine.allocation.candidates import Candidate, Lane, Standing
from daliz.engine.allocation.capacity import Capacity
from daliz.engine.allocation.planner import Claim, Plan, Requests, Staff, plan
from daliz.engine.allocation.programme import Flags, Floats
from daliz.engine.allocation.propensity import kept_by_pool, propensity
from daliz.engine.allocation.requests import ask
from daliz.engine.pack import Pack

STRICTER: Final = 1e-7
"""Of two forms that bring the same the stricter one is chosen: it counts for so much more."""
_DIGITS: Final = 6
"""Significant digits of a price; further ones are the solver's."""


@dataclass(frozen=True, slots=True)
class Day:
    """What officers do on one day.

    Attributes:
        lanes: by pool and form.
        controls: for each candidate, the forms of control it gets, with the claim it was granted for.
        propensity: for each candidate, the probability that the policy would have controlled it, by form.
        value: expected gain of the waivable controls, money.
        bound: what no plan of the day can exceed, money.
    """

    lanes: Mapping[tuple[str, str], Lane]
    controls: Sequence[Mapping[str, Claim]]
    propensity: Sequence[Mapping[str, float]]
    value: float
    bound: float


@dataclass(frozen=True, slots=True)
class _Ask:
    """One request, before it becomes a row of ``Requests``; ``net`` is the gain without preference."""

    declaration: int
    form: int
    lane: int
    claim: Claim
    net: float
    gain: float
    cost: float
    non_fiscal: bool
    draw: float
    minutes: float
    instead: bool


def plan_day(
    candidates: Sequence[Candidate],
    *,
    day: date,
    declarations: int,
    capacity: Capacity,
    pack: Pack,
    earlier: Mapping[str, Standing] = MappingProxyType({}),
) -> Day:
    """Give one day's officer time to those that ask for it.

    Versions of one declaration share their controls, on one day and from day to day: an amendment inherits
    what an earlier version was chosen for and asks for nothing twice.

    Args:
        candidates: every version of every declaration of the day, earlier versions first, also those for
            which nothing fired.
        day: the local day.
        declarations: registered that day over all offices; capacity in shares is of these.
        capacity: what officers can do.
        pack: measures, directions, offices, the reserved floor, what a minute and a delay cost.
        earlier: by number, what versions of earlier days have got.
    """
    forms = forms_by_strictness(pack)
    numbers = sorted({candidate.number for candidate in candidates})
    place = {number: index for index, number in enumerate(numbers)}
    lanes = {
        (pool, form): Lane(capacity.available(pool, form, day, declarations=declarations))
        for pool, form in sorted({(c.pool(f, capacity, pack), f) for c in candidates for f in forms})
    }
    asked = _asked(candidates, place, lanes=list(lanes), forms=forms, capacity=capacity, pack=pack)
    held, worth = _standing(candidates, place, forms, earlier)
    made = plan(_as_rows(asked), _staff(lanes, forms, pack), held=held, worth=worth, with_loss=True)
    _fill(list(lanes.values()), asked, made, by_minutes=capacity.unit == "minutes")
    controls = [dict(earlier[n].controls) if n in earlier else {} for n in numbers]
    for request, granted in zip(asked, made.granted, strict=True):
        if granted:
            controls[request.declaration][forms[request.form]] = request.claim
    given = [controls[place[candidate.number]] for candidate in candidates]
    preferred = [
        request.gain - request.net
        for request, granted in zip(asked, made.granted, strict=True)
        if granted and request.claim is Claim.WAIVABLE
    ]
    return Day(
        lanes=lanes,
        controls=given,
        propensity=_propensities(candidates, given, earlier, lanes=lanes, capacity=capacity, pack=pack),
        value=made.value - sum(preferred),
        bound=made.bound,
    )


def forms_by_strictness(pack: Pack) -> list[str]:
    """Return the pack's forms of control, the one that leads to the strictest corridor first."""
    strictness = {corridor.code: corridor.strictness for corridor in pack.corridors}
    reach = {
        form: max(
            (strictness[m.corridor] for m in pack.measures.values() if m.form == form),
            default=0,
        )
        for form in pack.forms
    }
    return sorted(reach, key=lambda form: (-reach[form], form))


def _asked(
    candidates: Sequence[Candidate],
    place: Mapping[str, int],
    *,
    lanes: Sequence[tuple[str, str]],
    forms: Sequence[str],
    capacity: Capacity,
    pack: Pack,
) -> list[_Ask]:
    """Return what every version asks, by number, so that the order of arrival decides no tie."""
    lane_of = {key: index for index, key in enumerate(lanes)}
    asked = []
    for candidate in sorted(candidates, key=lambda c: c.number):
        wants = ask(pack, candidate.fired)
        for rank, form in enumerate(forms):
            if form not in wants:
                continue
            wanted = wants[form]
            net = candidate.gain.get(form, 0.0) - wanted.burden(pack.policy)
            asked += [
                _Ask(
                    declaration=place[candidate.number],
                    form=rank,
                    lane=lane_of[candidate.pool(form, capacity, pack), form],
                    claim=claim,
                    net=net,
                    gain=net * (1 + STRICTER * (len(forms) - rank)),
                    cost=wanted.minutes if capacity.unit == "minutes" else 1.0,
                    non_fiscal=wanted.non_fiscal,
                    draw=candidate.draw / candidate.share if candidate.share else 1.0,
                    minutes=wanted.minutes,
                    instead=wanted.instead,
                )
                for claim in wanted.claims
            ]
    return asked


def _as_rows(asked: Sequence[_Ask]) -> Requests:
    return Requests(
        declaration=np.array([a.declaration for a in asked], dtype=np.intp),
        form=np.array([a.form for a in asked], dtype=np.intp),
        lane=np.array([a.lane for a in asked], dtype=np.intp),
        claim=np.array([a.claim for a in asked], dtype=np.intp),
        gain=np.array([a.gain for a in asked], dtype=np.float64),
        cost=np.array([a.cost for a in asked], dtype=np.float64),
        non_fiscal=np.array([a.non_fiscal for a in asked], dtype=np.bool_),
        draw=np.array([a.draw for a in asked], dtype=np.float64),
    )


def _staff(lanes: Mapping[tuple[str, str], Lane], forms: Sequence[str], pack: Pack) -> Staff:
    """Return the lanes' officers; who opens the goods has checked the documents."""
    includes = np.zeros((len(forms), len(forms)), dtype=np.bool_)
    if "physical" in forms and "documents" in forms:
        includes[forms.index("physical"), forms.index("documents")] = True
    available = np.array([lane.available for lane in lanes.values()], dtype=np.float64)
    return Staff(available, pack.policy.reserved_floor, includes)


def _standing(
    candidates: Sequence[Candidate],
    place: Mapping[str, int],
    forms: Sequence[str],
    earlier: Mapping[str, Standing],
) -> tuple[Flags, Floats]:
    """Return which forms each declaration has from before, and what each form is worth to it."""
    held, worth = np.zeros((len(place), len(forms)), dtype=np.bool_), np.zeros((len(place), len(forms)))
    for candidate in candidates:
        at = place[candidate.number]
        worth[at] = np.maximum(worth[at], [candidate.gain.get(form, 0.0) for form in forms])
        if candidate.number in earlier:
            held[at] = [form in earlier[candidate.number].controls for form in forms]
    return held, worth


def _fill(lanes: Sequence[Lane], asked: Sequence[_Ask], made: Plan, *, by_minutes: bool) -> None:
    """Write into the lanes what the plan gives and sets aside, and what more time would have brought."""
    minutes: defaultdict[int, list[float]] = defaultdict(list)
    elsewhere = {
        request.declaration
        for request, granted in zip(asked, made.granted, strict=True)
        if granted and request.claim is Claim.WAIVABLE
    }
    for request, granted, covered in zip(asked, made.granted, made.covered, strict=True):
        lane = lanes[request.lane]
        if granted:
            lane.granted[request.declaration] = request.claim
            lane.used[request.claim] += request.cost
            lane.minutes += request.minutes
        elif (
            not covered
            and not request.instead
            and not (request.claim is Claim.WAIVABLE and request.declaration in elsewhere)
        ):
            lane.waived.add(request.declaration)
        if request.claim is Claim.WAIVABLE:
            minutes[request.lane].append(request.minutes)
    for index, lane in enumerate(lanes):
        lane.price = rounded_price(made.price[index])
        lane.floor_price = rounded_price(made.floor_price[index])
        lane.loss = rounded_price(made.loss[index])
        usual = sum(minutes[index]) / len(minutes[index]) if minutes[index] else 0.0
        lane.hour = rounded_price(lane.price * 60 / (1.0 if by_minutes else usual)) if usual else 0.0


def rounded_price(money: float) -> float:
    """Return a price to the digits that are not the solver's."""
    return float(f"{money:.{_DIGITS}g}")


def _propensities(
    candidates: Sequence[Candidate],
    given: Sequence[Mapping[str, Claim]],
    earlier: Mapping[str, Standing],
    *,
    lanes: Mapping[tuple[str, str], Lane],
    capacity: Capacity,
    pack: Pack,
) -> list[Mapping[str, float]]:
    """Return each candidate's propensities; for versions of one, the greatest so far."""
    kept = kept_by_pool(candidates, lanes, capacity, pack)
    chances = {number: dict(standing.propensity) for number, standing in earlier.items()}
    greater: list[Mapping[str, float]] = []
    for candidate, controls in zip(candidates, given, strict=True):
        own = propensity(candidate, given=controls, lanes=lanes, kept=kept, capacity=capacity, pack=pack)
        before = chances.get(candidate.number, {})
        chances[candidate.number] = {form: max(p, before.get(form, 0.0)) for form, p in own.items()}
        greater.append(chances[candidate.number])
    return greater
