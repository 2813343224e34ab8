"""One day's officers against one day's declarations: every lane, strictest form of control first."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from daliz.engine.allocation.capacity import Capacity
from daliz.engine.allocation.plan import Claim, Lane, Request, allocate
from daliz.engine.allocation.requests import Asked, ask, requests
from daliz.engine.pack import Pack, Profile

_MANY: Final = 500.0
"""From so many expected draws on, their spread no longer matters."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A declaration and what of the pack's policy concerns it.

    Attributes:
        number: the declaration's number.
        office: where documents are checked.
        goods_office: where the goods lie.
        gain: expected damage averted by controlling it, money.
        draw: its random number.
        share: share of its stratum that is drawn, 0 to 1.
        fired: profiles that fired, each with whether it did so by the random draw.
        could_fire: the same before a profile's own share thinned them; what propensities are made of.
    """

    number: str
    office: str | None
    goods_office: str | None
    gain: float
    draw: float
    share: float
    fired: tuple[tuple[Profile, bool], ...]
    could_fire: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a declaration has already got through its earlier versions.

    Attributes:
        controls: forms of control granted, with the claim.
        propensity: probability of control by form.
    """

    controls: Mapping[str, Claim]
    propensity: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Day:
    """What officers do on one day.

    Attributes:
        lanes: by pool and form.
        controls: for each candidate, the forms of control it gets, with the claim it was granted for.
        propensity: for each candidate, the probability that the policy would have controlled it, by form.
    """

    lanes: Mapping[tuple[str, str], Lane]
    controls: Sequence[Mapping[str, Claim]]
    propensity: Sequence[Mapping[str, float]]


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

    Versions of one declaration share one control of each form, on one day and from day to day: an amendment
    inherits what an earlier version was chosen for and asks for nothing twice.

    Args:
        candidates: every version of every declaration of the day, earlier versions first, also those for
            which nothing fired.
        day: the local day.
        declarations: registered that day over all offices; capacity in shares is of these.
        capacity: what officers can do.
        pack: measures, directions, offices, the reserved floor.
        earlier: by number, what versions of earlier days have got.

    A document check is not asked for where goods are opened, because that includes the documents.
    """
    numbers = list(dict.fromkeys(candidate.number for candidate in candidates))
    place = {number: index for index, number in enumerate(numbers)}
    controls = [dict(earlier[n].controls) if n in earlier else {} for n in numbers]
    asked = [ask(pack, candidate.fired) for candidate in candidates]
    lanes: dict[tuple[str, str], Lane] = {}
    for form in forms_by_strictness(pack):
        wanted: defaultdict[str, list[Request]] = defaultdict(list)
        for candidate, wants in zip(candidates, asked, strict=True):
            queue = wanted[_pool(candidate, form, capacity, pack)]
            own = controls[place[candidate.number]]
            if form in wants and form not in own and not (form == "documents" and "physical" in own):
                queue.extend(_requests(candidate, place[candidate.number], wants[form], capacity))
        for pool, queue in sorted(wanted.items()):
            available = capacity.available(pool, form, day, declarations=declarations)
            lane = allocate(queue, available=available, floor_share=pack.policy.reserved_floor)
            lanes[pool, form] = lane
            for index, claim in lane.granted.items():
                controls[index][form] = claim
    kept = _share_kept(candidates, lanes, capacity, pack)
    chances = {number: dict(standing.propensity) for number, standing in earlier.items()}
    propensity = []
    for candidate in candidates:
        given = controls[place[candidate.number]]
        own_chances = _propensity(
            candidate, given=given, lanes=lanes, kept=kept, capacity=capacity, pack=pack
        )
        before = chances.get(candidate.number, {})
        stricter = {form: max(chance, before.get(form, 0.0)) for form, chance in own_chances.items()}
        chances[candidate.number] = stricter
        propensity.append(stricter)
    return Day(
        lanes=lanes,
        controls=[controls[place[candidate.number]] for candidate in candidates],
        propensity=propensity,
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


def _pool(candidate: Candidate, form: str, capacity: Capacity, pack: Pack) -> str:
    """Return whose officers would do it: for physical control, those where the goods lie."""
    office = candidate.office
    if form == "physical":
        office = candidate.goods_office or office
    known = pack.offices.get(office) if office else None
    return capacity.pool_of(form, office=office, pool=known.pool if known else None)


def _requests(candidate: Candidate, index: int, asked: Asked, capacity: Capacity) -> Sequence[Request]:
    return requests(
        asked,
        declaration=index,
        number=candidate.number,
        gain=candidate.gain,
        draw=candidate.draw / candidate.share if candidate.share else 1.0,
        by_minutes=capacity.unit == "minutes",
    )


def _propensity(
    candidate: Candidate,
    *,
    given: Mapping[str, Claim],
    lanes: Mapping[tuple[str, str], Lane],
    kept: Mapping[str, float],
    capacity: Capacity,
    pack: Pack,
) -> dict[str, float]:
    """Return the probability of each form of control under the policy and the day's prices.

    A mandatory profile controls for certain, a waivable one if its gain beats the price, each thinned by its
    own share; the random share adds its part wherever targeting left room. Opening the goods includes the
    documents.
    """
    missed = dict.fromkeys(pack.forms, 1.0)
    for profile in candidate.could_fire:
        for form, wants in ask(pack, [(profile, False)]).items():
            lane = lanes[_pool(candidate, form, capacity, pack), form]
            chosen = wants.mandatory or given.get(form) is Claim.WAIVABLE
            if chosen or _beats(candidate, wants, lane, capacity):
                missed[form] *= 1 - profile.share
    form = pack.policy.random.form
    missed[form] *= 1 - candidate.share * kept[_pool(candidate, form, capacity, pack)]
    if {"physical", "documents"} <= missed.keys():
        missed["documents"] *= missed["physical"]
    return {form: 1 - chance for form, chance in missed.items()}


def _share_kept(
    candidates: Sequence[Candidate],
    lanes: Mapping[tuple[str, str], Lane],
    capacity: Capacity,
    pack: Pack,
) -> dict[str, float]:
    """Return, for each pool, the share of random draws that is expected to find time, before the draw.

    How many are drawn is close to Poisson. Of X drawn min(room, X) are controlled, so the expected share is
    E[min(room, X)] / E[X]: what propensities need, whatever the draw then gave.
    """
    form = pack.policy.random.form
    minutes = pack.measures[pack.policy.random.measure].minutes
    drawn: defaultdict[str, float] = defaultdict(float)
    for candidate in candidates:
        drawn[_pool(candidate, form, capacity, pack)] += candidate.share
    kept = {}
    for pool, mean in drawn.items():
        lane = lanes[pool, form]
        free = lane.available - lane.used[Claim.MANDATORY]
        kept[pool] = _kept(mean, math.floor(free / (minutes if capacity.unit == "minutes" else 1.0) + 1e-9))
    return kept


def _kept(mean: float, room: int) -> float:
    """Return E[min(room, X)] / E[X] for X Poisson with ``mean``.

    Example:
        >>> _kept(2.0, 0), _kept(0.5, 100), round(_kept(1.0, 1), 4)
        (0.0, 1.0, 0.6321)
    """
    if mean <= 0 or room <= 0:
        return 0.0
    if mean > _MANY:
        return min(1.0, room / mean)
    chance, below, counted = math.exp(-mean), 0.0, 0.0
    for k in range(room):
        below += chance
        counted += k * chance
        chance *= mean / (k + 1)
    return min(1.0, (counted + room * (1 - below)) / mean)


def _beats(candidate: Candidate, wants: Asked, lane: Lane, capacity: Capacity) -> bool:
    request = _requests(candidate, 0, wants, capacity)[0]
    return request.cost <= lane.available and (lane.price == 0 or request.gain_per_cost > lane.price)
