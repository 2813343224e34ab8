"""What a plan asks of each pool, form and day, what it gives, and what an hour more would bring there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from daliz.engine.allocation.day import rounded_price
from daliz.engine.allocation.horizon import HorizonPlan, Stream, Terms
from daliz.engine.allocation.planner import Claim
from daliz.engine.allocation.programme import Flags, Floats


@dataclass(frozen=True, slots=True)
class LaneDay:
    """One pool and form of control on one day.

    Attributes:
        day: of the plan.
        pool: an office, a pool of the pack, or ``*``.
        form: of control.
        available: capacity, in its unit.
        asked: declarations registered that day that ask for it; those that may only come instead of a
            document check are not among them.
        mandatory: capacity given to mandatory profiles.
        random: to the random share.
        waivable: by expected gain.
        controls: declarations controlled that day.
        earlier: of these, registered on an earlier day.
        waiting: declarations registered that day that are controlled on a later one.
        waived: declarations registered that day that find no time, and nothing instead.
        costly: declarations registered that day that are not controlled because it would not bring what it
            costs, even if officers are idle.
        minutes: officer minutes given.
        price: what one more unit of capacity would bring, money.
        hour_price: what one more officer-hour would bring, money.
        floor_price: what one unit less of the floor would bring, money.
        moved: capacity that the day would take if the pool's officers of this form could be moved between
            days.
    """

    day: date
    pool: str
    form: str
    available: float
    asked: int
    mandatory: float
    random: float
    waivable: float
    controls: int
    earlier: int
    waiting: int
    waived: int
    costly: int
    minutes: float
    price: float
    hour_price: float
    floor_price: float
    moved: float

    @property
    def given(self) -> float:
        """Capacity given."""
        return self.mandatory + self.random + self.waivable

    @property
    def idle(self) -> float:
        """Capacity left over."""
        return max(self.available - self.given, 0.0)


def lane_days(
    stream: Stream,
    made: HorizonPlan,
    moved: HorizonPlan,
    capacity: Floats,
    terms: Terms,
    *,
    days: Sequence[date],
    pools: Sequence[str],
) -> tuple[LaneDay, ...]:
    """Return the pools and forms that have officers or are asked, on all days, by form, pool and day.

    Args:
        stream: the declarations.
        made: the plan.
        moved: the plan if officers could be moved between days.
        capacity: by pool, form and day, shape (pools, f, days).
        terms: of the plan.
        days: of the plan.
        pools: their names.
    """
    cost = stream.minutes if terms.by_minutes else np.ones(stream.minutes.shape)
    granted, later = made.claim >= 0, made.day > stream.day[:, None]
    hour = made.price * 60 / (1.0 if terms.by_minutes else _usual(stream, terms, capacity))
    by_claim = [_summed(stream, made.claim == claim, cost, capacity, on=made) for claim in Claim]
    asked = _counted(stream, stream.permitted | stream.mandatory | stream.random, capacity)
    controls = _summed(stream, granted, None, capacity, on=made)
    earlier = _summed(stream, granted & later, None, capacity, on=made)
    waiting = _summed(stream, granted & later, None, capacity)
    burden = stream.minutes * terms.officer_minute + stream.delay_hours * terms.delay_hour
    worthless = made.waived & ~stream.random & (stream.gain <= burden)
    waived = _counted(stream, made.waived & ~worthless, capacity)
    costly = _counted(stream, worthless, capacity)
    minutes = _summed(stream, granted, stream.minutes, capacity, on=made)
    taken = _summed(stream, moved.claim >= 0, cost, capacity)
    shown = (capacity + asked + controls).sum(axis=2) > 0
    cells = [
        (pool, form, day)
        for form in sorted(range(len(terms.forms)), key=lambda k: terms.forms[k])
        for pool in range(len(pools))
        if shown[pool, form]
        for day in range(len(days))
    ]
    return tuple(
        LaneDay(
            day=days[cell[2]],
            pool=pools[cell[0]],
            form=terms.forms[cell[1]],
            available=float(capacity[cell]),
            asked=int(asked[cell]),
            mandatory=float(by_claim[Claim.MANDATORY][cell]),
            random=float(by_claim[Claim.RANDOM][cell]),
            waivable=float(by_claim[Claim.WAIVABLE][cell]),
            controls=int(controls[cell]),
            earlier=int(earlier[cell]),
            waiting=int(waiting[cell]),
            waived=int(waived[cell]),
            costly=int(costly[cell]),
            minutes=float(minutes[cell]),
            price=rounded_price(float(made.price[cell])),
            hour_price=rounded_price(float(hour[cell])),
            floor_price=rounded_price(float(made.floor_price[cell])),
            moved=float(taken[cell]),
        )
        for cell in cells
    )


def _summed(
    stream: Stream, chosen: Flags, amount: Floats | None, table: Floats, *, on: HorizonPlan | None = None
) -> Floats:
    """Sum over ``chosen`` controls, on the day of registration, or on that of a plan; counts by default."""
    row, form = np.nonzero(chosen)
    day = stream.day[row] if on is None else on.day[row, form]
    total = np.zeros(table.shape)
    np.add.at(total, (stream.pool[row, form], form, day), 1.0 if amount is None else amount[row, form])
    return total


def _counted(stream: Stream, chosen: Flags, table: Floats) -> Floats:
    """Count declarations on the day of registration; versions of one count once."""
    row, form = np.nonzero(chosen)
    keys = np.column_stack([stream.pool[row, form], form, stream.day[row], stream.declaration[row]])
    pool, form, day, _ = np.unique(keys, axis=0).T
    total = np.zeros(table.shape)
    np.add.at(total, (pool, form, day), 1.0)
    return total


def _usual(stream: Stream, terms: Terms, table: Floats) -> Floats:
    """Return the minutes of a usual waivable control by pool and form, for each day; 60 if nobody asks."""
    asked = stream.permitted.copy()
    if "post_release" in terms.forms:
        asked[:, terms.forms.index("post_release")] |= stream.deferrable
    row, form = np.nonzero(asked)
    minutes, count = np.zeros(table.shape[:2]), np.zeros(table.shape[:2])
    np.add.at(minutes, (stream.pool[row, form], form), stream.minutes[row, form])
    np.add.at(count, (stream.pool[row, form], form), 1.0)
    usual = np.divide(minutes, count, out=np.full(minutes.shape, 60.0), where=count > 0)
    return np.broadcast_to(usual[:, :, None], table.shape)
