"""What one declaration asks of officers' time now, and what it gets, by the day's prices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from daliz.engine.allocation import Candidate, Capacity, Claim, Standing
from daliz.engine.allocation.day import STRICTER
from daliz.engine.allocation.live import Ask, Outlook, Shift, Taken
from daliz.engine.allocation.requests import Asked, ask
from daliz.engine.live.decision import Take
from daliz.engine.live.prices import Prices
from daliz.engine.pack import Pack


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of the day.

    Attributes:
        place: index by pool and form.
        outlook: their capacity and prices.
    """

    place: Mapping[tuple[str, str], int]
    outlook: Outlook

    @classmethod
    def of(cls, prices: Prices) -> "Lanes":
        """Return the lanes of a plan."""
        return cls({(lane.pool, lane.form): at for at, lane in enumerate(prices.lanes)}, prices.outlook)


@dataclass(frozen=True, slots=True)
class Grants:
    """What a declaration gets: see ``Decision``."""

    controls: Mapping[str, Claim]
    takes: Sequence[Take]
    reached: Sequence[tuple[str, str]]
    prices: Mapping[str, float | None]


def grant(
    candidate: Candidate,
    *,
    lanes: Lanes,
    taken: Taken,
    elapsed: float,
    forms: Sequence[str],
    capacity: Capacity,
    pack: Pack,
    held: Standing | None,
) -> Grants:
    """Compare what each form of control would bring with what officers' time is worth now.

    Mandatory controls come whatever they cost, then the random draw if there is time, then the one waivable
    form whose gain exceeds its price by most. Opening the goods includes checking the documents.

    Args:
        candidate: the declaration.
        lanes: of the day.
        taken: what was taken before.
        elapsed: share of the day's declarations that have usually come, 0 to 1.
        forms: of control, the strictest first.
        capacity: finds the pool of an office.
        pack: measures, directions, what a minute and a delay cost.
        held: controls from an earlier version.
    """
    wants = ask(pack, candidate.fired)
    pool = {form: candidate.pool(form, capacity, pack) for form in forms}
    reached = [(pool[form], form) for form in forms if (pool[form], form) in lanes.place]
    shift = Shift(lanes.outlook, taken)
    if held is None:
        shift.arrive([lanes.place[lane] for lane in reached])
    asks = {
        (form, claim): Ask(
            lane=lanes.place[pool[form], form],
            claim=claim,
            gain=_gain(candidate, form, wants[form], forms, pack),
            cost=wants[form].minutes if capacity.unit == "minutes" else 1.0,
            non_fiscal=wants[form].non_fiscal,
        )
        for form in forms
        if form in wants and (pool[form], form) in lanes.place
        for claim in wants[form].claims
    }
    prices = {
        form: _finite(shift.price(one.lane, elapsed=elapsed, non_fiscal=one.non_fiscal))
        for (form, claim), one in asks.items()
        if claim is Claim.WAIVABLE
    }
    has: dict[str, Claim] = {}
    done = _covered(held.controls if held is not None else ())
    for claim in Claim:
        wanted = [form for form, of in asks if of is claim and form not in done]
        if claim is Claim.MANDATORY and "physical" in wanted:
            wanted = [form for form in wanted if form != "documents"]
        known = max((candidate.gain.get(form, 0.0) for form in done), default=0.0)
        told = [_less(asks[form, claim], known if claim is Claim.WAIVABLE else 0.0) for form in wanted]
        for place in shift.decide(told, elapsed=elapsed):
            has[wanted[place]] = claim
        done |= _covered(has)
    if "physical" in has:
        has.pop("documents", None)
    takes = [
        Take(pool[form], form, claim, asks[form, claim].cost, asks[form, claim].non_fiscal)
        for form, claim in has.items()
    ]
    return Grants(has, takes, reached, prices)


def _gain(candidate: Candidate, form: str, wanted: Asked, forms: Sequence[str], pack: Pack) -> float:
    net = candidate.gain.get(form, 0.0) - wanted.burden(pack.policy)
    return net * (1 + STRICTER * (len(forms) - forms.index(form)))


def _less(one: Ask, known: float) -> Ask:
    """Return an ask whose gain is what it adds to what is known by another control."""
    return Ask(one.lane, one.claim, one.gain - known, one.cost, one.non_fiscal)


def _covered(forms: Iterable[str]) -> set[str]:
    """Opening the goods includes checking the documents."""
    found = set(forms)
    return found | {"documents"} if "physical" in found else found


def _finite(price: float) -> float | None:
    return price if price != float("inf") else None
