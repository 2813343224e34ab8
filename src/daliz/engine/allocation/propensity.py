"""How likely each control was under the policy: what every estimate from controls is weighted by."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daliz.engine.allocation.candidates import Candidate, Lane
from daliz.engine.allocation.capacity import Capacity
from daliz.engine.allocation.planner import Claim
from daliz.engine.allocation.requests import Asked, ask
from daliz.engine.pack import CapacityRule, Pack, Profile

Lanes = Mapping[tuple[str, str], Lane]

_MANY: Final = 500.0
"""From so many expected draws on, their spread no longer matters."""
_CLOSE: Final = 1e-6
"""As a share of the gain: prices have six digits, so what is nearer to its price does not beat it."""


@dataclass(frozen=True, slots=True)
class Chance:
    """What one profile asks, and how often it does where its indicator holds.

    Attributes:
        profile: its name.
        forms: the forms of control that it asks for.
        share: the share of cases on which it fires, 0 to 1.
    """

    profile: str
    forms: frozenset[str]
    share: float


def targeted(chances: Collection[Chance], best_first: Collection[str]) -> dict[str, float]:
    """Return the probability that targeting controls a declaration in each form.

    A declaration is controlled in the best of the forms that those of its profiles ask for which fire. Each
    fires on its share, independently.

    Args:
        chances: the waivable profiles whose indicators hold.
        best_first: the forms that would be granted if asked for alone, the best for the day first.

    Example:
        >>> rare = Chance("rare", frozenset({"physical"}), 0.25)
        >>> targeted([rare, Chance("usual", frozenset({"documents"}), 1.0)], ["physical", "documents"])
        {'physical': 0.25, 'documents': 0.75}
    """
    found: dict[str, float] = {}
    none_better, counted = 1.0, set[str]()
    for form in best_first:
        asking = [c for c in chances if form in c.forms and c.profile not in counted]
        silent = math.prod(1 - c.share for c in asking)
        found[form] = none_better * (1 - silent)
        none_better *= silent
        counted |= {c.profile for c in asking}
    return found


def combined(*parts: Mapping[str, float], forms: Collection[str]) -> dict[str, float]:
    """Return the probability that a declaration is controlled in each form, by parts that are independent.

    Within a part the forms exclude one another. Opening the goods includes checking the documents.

    Args:
        parts: mandatory profiles, targeting, the random share: probability by form.
        forms: the pack's forms of control.

    Example:
        >>> targeting = {"documents": 0.25, "physical": 0.25}
        >>> combined({"physical": 0.5}, targeting, forms=["documents", "physical"])
        {'documents': 0.75, 'physical': 0.625}
    """
    found = {}
    for form in forms:
        serving = {"documents", "physical"} if form == "documents" else {form}
        found[form] = 1 - math.prod(1 - sum(part.get(f, 0.0) for f in sorted(serving)) for part in parts)
    return found


def share_kept(mean: float, room: int) -> float:
    """Return the share of random draws that is expected to find time, before the draw.

    How many are drawn is close to Poisson. Of X drawn min(room, X) are controlled, so the expected share is
    E[min(room, X)] / E[X]: what propensities need, whatever the draw then gave.

    Args:
        mean: how many are expected to be drawn.
        room: for how many there is time.

    Example:
        >>> share_kept(2.0, 0), share_kept(0.5, 100), round(share_kept(1.0, 1), 4)
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


def propensity(
    candidate: Candidate,
    *,
    given: Mapping[str, Claim],
    lanes: Lanes,
    kept: Mapping[str, float],
    capacity: Capacity,
    pack: Pack,
) -> dict[str, float]:
    """Return the probability of each form of control under the policy and the day's prices.

    A mandatory profile controls for certain, the waivable ones in the form that beats its price by most, each
    thinned by its own share; the random share adds its part wherever targeting left room. Where no share
    thins anything and no draw came first, what targeting did was certain, whatever the prices. What was left
    out would have had to displace another, so it is compared with what a unit less would lose.

    Args:
        candidate: the declaration version.
        given: the controls that its declaration gets.
        lanes: the day's, with their prices.
        kept: for each pool, the share of random draws that is expected to find time.
        capacity: for the pool of each form.
        pack: measures, directions, the random share's form.
    """
    profiles = [(profile, False) for profile in candidate.could_fire]
    wants = ask(pack, profiles)
    chances = [
        Chance(profile.id, _forms(pack, profile, wants), profile.share) for profile in candidate.could_fire
    ]
    must = {p.id for p in candidate.could_fire if p.capacity is CapacityRule.MANDATORY}
    mandatory = [
        {form: c.share for form in c.forms if not (form == "documents" and "physical" in c.forms)}
        for c in chances
        if c.profile in must
    ]
    waivable = [c for c in chances if c.profile not in must]
    chosen = [form for form, claim in given.items() if claim is Claim.WAIVABLE]
    if all(chance.share >= 1 for chance in waivable) and Claim.RANDOM not in given.values():
        targeting = [targeted(waivable, [form]) for form in chosen]
    else:
        ranked = _best_first(candidate, wants, chosen, lanes=lanes, capacity=capacity, pack=pack)
        targeting = [targeted(waivable, ranked)]
    form = pack.policy.random.form
    return combined(
        *mandatory,
        *targeting,
        {form: candidate.share * kept[candidate.pool(form, capacity, pack)]},
        forms=pack.forms,
    )


def _forms(pack: Pack, profile: Profile, wants: Mapping[str, Asked]) -> frozenset[str]:
    """Return the forms that a profile asks for; after release for documents only if all let them wait."""
    own = {pack.measures[code].form for code in profile.measures}
    if profile.deferrable and "post_release" in wants and wants["post_release"].deferred:
        own.add("post_release")
    return frozenset(form for form in own if form is not None)


def _best_first(
    candidate: Candidate,
    wants: Mapping[str, Asked],
    chosen: Collection[str],
    *,
    lanes: Lanes,
    capacity: Capacity,
    pack: Pack,
) -> list[str]:
    """Return the forms that would be granted at the day's prices, and those that were, the best first."""
    known = max((candidate.gain.get(form, 0.0) for form in wants if wants[form].mandatory), default=0.0)
    merit = {}
    for form, wanted in wants.items():
        lane = lanes[candidate.pool(form, capacity, pack), form]
        cost = wanted.minutes if capacity.unit == "minutes" else 1.0
        gain = candidate.gain.get(form, 0.0) - wanted.burden(pack.policy) - known
        price = lane.loss - (lane.floor_price if wanted.non_fiscal else 0.0)
        beats = cost <= lane.available and gain - price * cost > _CLOSE * abs(gain)
        if wanted.waivable and (beats or form in chosen):
            merit[form] = gain - price * cost
    return sorted(merit, key=lambda form: -merit[form])


def kept_by_pool(
    candidates: Sequence[Candidate], lanes: Lanes, capacity: Capacity, pack: Pack
) -> dict[str, float]:
    """Return, for each pool, the share of random draws that is expected to find time, before the draw."""
    form = pack.policy.random.form
    minutes = pack.measures[pack.policy.random.measure].minutes
    drawn: defaultdict[str, float] = defaultdict(float)
    for candidate in candidates:
        drawn[candidate.pool(form, capacity, pack)] += candidate.share
    kept = {}
    for pool, mean in drawn.items():
        lane = lanes[pool, form]
        free = lane.available - lane.used[Claim.MANDATORY]
        room = math.floor(free / (minutes if capacity.unit == "minutes" else 1.0) + 1e-9)
        kept[pool] = share_kept(mean, room)
    return kept
