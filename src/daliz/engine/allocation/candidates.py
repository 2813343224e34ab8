"""Declarations of a day and what of the pack's policy concerns them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from daliz.engine.allocation.capacity import Capacity
from daliz.engine.allocation.planner import Claim
from daliz.engine.pack import Pack, Profile


@dataclass(frozen=True, slots=True)
class Candidate:
    """A declaration and what of the pack's policy concerns it.

    Attributes:
        number: the declaration's number.
        office: where documents are checked.
        goods_office: where the goods lie.
        gain: for each form of control, expected damage averted by it, money; officers' minutes and delay are
            not taken off yet.
        draw: its random number.
        share: share of its stratum that is drawn, 0 to 1.
        fired: profiles that fired, each with whether it did so by the random draw.
        could_fire: the same before a profile's own share thinned them; what propensities are made of.
    """

    number: str
    office: str | None
    goods_office: str | None
    gain: Mapping[str, float]
    draw: float
    share: float
    fired: tuple[tuple[Profile, bool], ...]
    could_fire: tuple[Profile, ...]

    def pool(self, form: str, capacity: Capacity, pack: Pack) -> str:
        """Return whose officers would do it: for physical control, those where the goods lie."""
        office = self.office
        if form == "physical":
            office = self.goods_office or office
        known = pack.offices.get(office) if office else None
        return capacity.pool_of(form, office=office, pool=known.pool if known else None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a declaration has already got through its earlier versions.

    Attributes:
        controls: forms of control granted, with the claim.
        propensity: probability of control by form.
    """

    controls: Mapping[str, Claim]
    propensity: Mapping[str, float]


@dataclass(slots=True)
class Lane:
    """One pool and form on one day: what there is and what was given.

    Attributes:
        available: capacity, in the capacity's unit.
        granted: declarations that are controlled here, with the strongest claim that each was granted for.
        waived: declarations whose waivable or random request found no time; one controlled in another form
            instead is not among them.
        price: what one more unit of capacity would have brought, money; 0 where nothing was set aside.
        floor_price: what one unit less of the floor would have brought, money.
        loss: what one unit less of capacity would have lost, money; infinite where targeting had no time.
        used: capacity given, by claim.
        minutes: officer minutes given.
        hour: what one more officer-hour would have brought, money.
    """

    available: float
    granted: dict[int, Claim] = field(default_factory=dict)
    waived: set[int] = field(default_factory=set)
    price: float = 0.0
    floor_price: float = 0.0
    loss: float = 0.0
    used: dict[Claim, float] = field(default_factory=lambda: dict.fromkeys(Claim, 0.0))
    minutes: float = 0.0
    hour: float = 0.0

    @property
    def left(self) -> float:
        """Capacity not yet given; below 0 only where mandatory controls exceed it."""
        return self.available - sum(self.used.values())
