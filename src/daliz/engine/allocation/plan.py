"""Whom to control today with the officer time there is.

Mandatory controls are carried out whatever they cost. The random share was drawn from everyone,
independently of any targeting, and its time is set aside next. Of the rest, a floor is kept for risks that
cost no revenue (bans, health, intellectual property); what remains goes to the greatest expected gain for
each minute.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum


class Claim(IntEnum):
    """Why a declaration asks for control, strongest first."""

    MANDATORY = 0
    RANDOM = 1
    WAIVABLE = 2


@dataclass(frozen=True, slots=True)
class Request:
    """One declaration asking one lane for one control.

    Attributes:
        declaration: index of the declaration in its day.
        claim: why it asks.
        cost: what the control takes, in the capacity's unit, above 0.
        minutes: officer minutes it takes, above 0.
        gain: expected damage averted, money, 0 or more.
        non_fiscal: the risk is one for which the floor is kept.
        draw: the random number as a share of its stratum's, 0 to 1; the least come first where not all fit.
        number: the declaration's number, the last tie-break.
    """

    declaration: int
    claim: Claim
    cost: float
    minutes: float
    gain: float
    non_fiscal: bool
    draw: float
    number: str

    @property
    def gain_per_cost(self) -> float:
        """Expected gain for each unit of capacity."""
        return self.gain / self.cost


@dataclass(slots=True)
class Lane:
    """One pool and form on one day: what there is and what was given.

    Attributes:
        available: capacity, in the capacity's unit.
        granted: declarations that are controlled here, with the strongest claim that each was granted for.
        waived: declarations whose waivable or random request found no time.
        price: what one more unit of capacity would have brought: the greatest gain per unit that was
            refused, 0 where nothing was.
        used: capacity given, by claim.
        minutes: officer minutes given.
    """

    available: float
    granted: dict[int, Claim] = field(default_factory=dict)
    waived: set[int] = field(default_factory=set)
    price: float = 0.0
    used: dict[Claim, float] = field(default_factory=lambda: dict.fromkeys(Claim, 0.0))
    minutes: float = 0.0

    @property
    def left(self) -> float:
        """Capacity not yet given; below 0 only where mandatory controls exceed it."""
        return self.available - sum(self.used.values())


def allocate(requests: Iterable[Request], *, available: float, floor_share: float) -> Lane:
    """Grant one lane's requests for one day.

    Args:
        requests: any number for each declaration; a declaration is controlled once however many it has.
        available: capacity of the lane, in its unit.
        floor_share: share of the capacity kept for non-fiscal risks, 0 to 1.

    Returns:
        The lane. Capacity is exceeded by mandatory controls only.

    Sources:
        RKC General Annex, Standards 6.3 and 6.4; DESIGN of Daliz, section 3.6.

    Example:
        >>> ask = lambda i, claim, gain: Request(i, claim, 1.0, 30.0, gain, False, 0.5, str(i))
        >>> lane = allocate([ask(0, Claim.WAIVABLE, 9.0), ask(1, Claim.WAIVABLE, 5.0),
        ...     ask(2, Claim.MANDATORY, 0.0)], available=2.0, floor_share=0.0)
        >>> sorted(lane.granted), sorted(lane.waived), lane.price
        ([0, 2], [1], 5.0)
    """
    lane = Lane(available)
    by_claim: dict[Claim, list[Request]] = {claim: [] for claim in Claim}
    for request in requests:
        by_claim[request.claim].append(request)
    for request in by_claim[Claim.MANDATORY]:
        _grant(lane, request)
    for request in sorted(by_claim[Claim.RANDOM], key=lambda r: (r.draw, r.number)):
        _grant_if_room(lane, request, lane.left)
    waivable = sorted(by_claim[Claim.WAIVABLE], key=lambda r: (-r.gain_per_cost, -r.gain, r.number))
    floor = min(floor_share * available, lane.left)
    for request in waivable:
        if request.non_fiscal and request.declaration not in lane.granted and request.cost <= floor:
            _grant(lane, request)
            floor -= request.cost
    refused = [r.gain_per_cost for r in waivable if not _grant_if_room(lane, r, lane.left)]
    lane.price = max(refused, default=0.0)
    lane.waived.difference_update(lane.granted)
    return lane


def _grant(lane: Lane, request: Request) -> None:
    """Control the declaration; a second claim on the same control costs nothing more."""
    if request.declaration not in lane.granted:
        lane.granted[request.declaration] = request.claim
        lane.used[request.claim] += request.cost
        lane.minutes += request.minutes


def _grant_if_room(lane: Lane, request: Request, room: float) -> bool:
    if request.declaration in lane.granted or request.cost <= room + 1e-9:
        _grant(lane, request)
        return True
    lane.waived.add(request.declaration)
    return False
