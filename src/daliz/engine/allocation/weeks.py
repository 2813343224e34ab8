"""Weeks of officers' time planned at once: whom to control on which day, and what an hour would bring."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from daliz.engine.allocation.candidates import Candidate
from daliz.engine.allocation.capacity import Capacity
from daliz.engine.allocation.day import forms_by_strictness
from daliz.engine.allocation.expected import pools_of, stream_of
from daliz.engine.allocation.horizon import Terms, capacity_table, plan_horizon
from daliz.engine.allocation.lane_days import LaneDay, lane_days
from daliz.engine.pack import Pack


@dataclass(frozen=True, slots=True)
class Weeks:
    """The plan of a horizon.

    Attributes:
        days: in order.
        declarations: how many are registered on these days.
        unit: what capacity counts, ``minutes`` or ``declarations``.
        wait_days: how many of these days a control after release may wait for officers.
        lanes: by form, pool and day.
        value: expected gain of the waivable controls, net of what they cost, money.
        bound: what no plan that keeps the floors can exceed, money.
        moved_value: expected gain if each pool's officers of each form could be moved between the days; not
            less than ``value``, since none need be moved.
        waiting: declarations controlled on a later day than theirs.
        deferred: document checks that are done after release instead.
    """

    days: tuple[date, ...]
    declarations: int
    unit: str
    wait_days: int
    lanes: tuple[LaneDay, ...]
    value: float
    bound: float
    moved_value: float
    waiting: int
    deferred: int

    @property
    def gap(self) -> float:
        """What the plan may lack to the best, as a share of the bound, 0 to 1."""
        return max(1 - self.value / self.bound, 0.0) if self.bound > 0 else 0.0


def plan_weeks(
    candidates: Sequence[Candidate],
    *,
    days: Sequence[date],
    capacity: Capacity,
    pack: Pack,
    wait_days: int,
) -> Weeks:
    """Plan all days at once.

    The days of the plan are those on which declarations are registered, and those between for which
    ``capacity`` has a line of its own: officers on them can do what waits.

    Args:
        candidates: every version of every declaration, also those for which nothing fired; of one declaration
            the earlier versions first; at least one.
        days: on which each is registered.
        capacity: what officers can do; shares are of each day's declarations.
        pack: measures, directions, offices, the reserved floor, what a minute and a delay cost.
        wait_days: how many days of the plan a control after release may wait for officers, 0 or more.
    """
    order = sorted(range(len(candidates)), key=lambda row: (days[row], candidates[row].number))
    candidates, days = [candidates[row] for row in order], [days[row] for row in order]
    numbers: defaultdict[date, set[str]] = defaultdict(set)
    for candidate, day in zip(candidates, days, strict=True):
        numbers[day].add(candidate.number)
    span = _days(sorted(numbers), capacity)
    forms = forms_by_strictness(pack)
    whose = pools_of(candidates, forms, capacity=capacity, pack=pack)
    stated = {(pool, form) for pool, form, _ in capacity.minutes}
    pools = sorted({pool for row in whose for pool in row} | {pool for pool, _ in stated})
    at, index = {pool: k for k, pool in enumerate(pools)}, {day: k for k, day in enumerate(span)}
    stream = stream_of(
        candidates,
        day=np.array([index[day] for day in days], dtype=np.intp),
        pool=np.array([[at[pool] for pool in row] for row in whose], dtype=np.intp).reshape(-1, len(forms)),
        forms=forms,
        pack=pack,
    )
    table = capacity_table(
        capacity, pools=pools, forms=forms, declarations={day: len(numbers[day]) for day in span}
    )
    terms = Terms(
        forms=tuple(forms),
        by_minutes=capacity.unit == "minutes",
        floor_share=pack.policy.reserved_floor,
        officer_minute=pack.policy.officer_minute,
        delay_hour=pack.policy.delay_hour,
        wait_days=wait_days,
    )
    made = plan_horizon(stream, table, terms)
    moved = plan_horizon(
        replace(stream, day=np.zeros_like(stream.day)),
        table.sum(axis=2, keepdims=True),
        replace(terms, wait_days=0),
    )
    lanes = lane_days(stream, made, moved, table, terms, days=span, pools=pools)
    return Weeks(
        days=tuple(span),
        declarations=len({candidate.number for candidate in candidates}),
        unit=capacity.unit,
        wait_days=wait_days,
        lanes=lanes,
        value=made.value,
        bound=max(made.bound, made.value),
        moved_value=max(moved.value, made.value),
        waiting=sum(lane.waiting for lane in lanes),
        deferred=int(made.deferred.sum()),
    )


def _days(registered: Sequence[date], capacity: Capacity) -> list[date]:
    """Return the days of the plan, see ``plan_weeks``."""
    own = {day for _, _, day in capacity.minutes if day and registered[0] <= day <= registered[-1]}
    return sorted({*registered, *own})
