"""What a day's officers can do and what their time is worth, planned the night before; kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from daliz.engine.allocation import Candidate, Capacity, Claim, Day, Lane
from daliz.engine.allocation.live import Outlook
from daliz.engine.allocation.propensity import kept_by_pool
from daliz.engine.allocation.requests import ask
from daliz.engine.corridors import digest
from daliz.engine.pack import Pack


@dataclass(frozen=True, slots=True)
class LanePrice:
    """One pool and form: see ``allocation.live.Outlook`` for the numbers."""

    pool: str
    form: str
    capacity: float
    price: float
    floor_price: float
    floor: float
    random: float
    arrivals: float


@dataclass(frozen=True, slots=True)
class Prices:
    """The plan of a day.

    Attributes:
        day: the local day.
        unit: of capacity, ``minutes`` or ``declarations``.
        lanes: by pool and form, sorted.
        kept: for each pool, the share of random draws that is expected to find time.
        hours: the share of a day's declarations that have usually come by the end of each hour, 24 numbers.
    """

    day: date
    unit: str
    lanes: tuple[LanePrice, ...]
    kept: Mapping[str, float]
    hours: tuple[float, ...]

    @property
    def price_id(self) -> str:
        """The name of the plan."""
        return f"{self.day.isoformat()}-{digest(self.content)}"

    @property
    def content(self) -> dict[str, Any]:
        """The plan as JSON values; floats in hexadecimal, so that they come back as they were."""
        return {
            "day": self.day.isoformat(),
            "unit": self.unit,
            "lanes": [
                [lane.pool, lane.form, *(value.hex() for value in _numbers(lane))] for lane in self.lanes
            ],
            "kept": {pool: share.hex() for pool, share in sorted(self.kept.items())},
            "hours": [share.hex() for share in self.hours],
        }

    @classmethod
    def of_content(cls, content: Mapping[str, Any]) -> "Prices":
        """Return the plan whose ``content`` this is."""
        return cls(
            day=date.fromisoformat(content["day"]),
            unit=content["unit"],
            lanes=tuple(
                LanePrice(pool, form, *(float.fromhex(v) for v in values))
                for pool, form, *values in content["lanes"]
            ),
            kept={pool: float.fromhex(share) for pool, share in content["kept"].items()},
            hours=tuple(float.fromhex(share) for share in content["hours"]),
        )

    @property
    def outlook(self) -> Outlook:
        """The lanes as arrays."""
        columns = np.array([_numbers(lane) for lane in self.lanes], dtype=np.float64).reshape(-1, 6).T
        capacity, price, floor_price, floor, random, arrivals = columns
        return Outlook(capacity, price, floor_price, floor, random, arrivals)

    def elapsed(self, local: datetime) -> float:
        """Return the share of the day's declarations that have usually come by this time, 0 to 1."""
        before = self.hours[local.hour - 1] if local.hour else 0.0
        return before + (self.hours[local.hour] - before) * local.minute / 60


def prices_of(
    plan: Day,
    candidates: Sequence[Candidate],
    moments: Sequence[datetime],
    *,
    day: date,
    capacity: Capacity,
    pack: Pack,
) -> Prices:
    """Return the plan of ``day`` from a day like it that was planned whole.

    Args:
        plan: of the day that stands for it.
        candidates: that day's.
        moments: when each was registered.
        day: the day to come.
        capacity: what officers can do.
        pack: for offices, measures and the floor.
    """
    by_minutes = capacity.unit == "minutes"
    share = pack.measures[pack.policy.random.measure].minutes if by_minutes else 1.0
    least = _least_granted(plan, candidates, capacity, pack)
    pools = {(c.pool(form, capacity, pack), form) for c in candidates for form in pack.forms}
    pools |= {
        (capacity.pool_of(form, office=office.code, pool=office.pool), form)
        for office in pack.offices.values()
        for form in pack.forms
    }
    lanes = []
    for pool, form in sorted(pools):
        lane = plan.lanes.get((pool, form)) or Lane(0.0)
        reaching = [c for c in candidates if c.pool(form, capacity, pack) == pool]
        available = capacity.available(pool, form, day, declarations=len(candidates))
        drawn = sum(c.share for c in reaching) if form == pack.policy.random.form else 0.0
        lanes.append(
            LanePrice(
                pool=pool,
                form=form,
                capacity=available,
                price=lane.price if lane.price > 0 else least.get((pool, form), 0.0),
                floor_price=lane.floor_price,
                floor=pack.policy.reserved_floor * available,
                random=drawn * share,
                arrivals=float(len(reaching)),
            )
        )
    return Prices(
        day=day,
        unit=capacity.unit,
        lanes=tuple(lanes),
        kept={pool: 1.0 for pool, _ in pools} | kept_by_pool(candidates, plan.lanes, capacity, pack),
        hours=_hours(moments, pack.zone),
    )


def _least_granted(
    plan: Day, candidates: Sequence[Candidate], capacity: Capacity, pack: Pack
) -> dict[tuple[str, str], float]:
    """Return the least gain per unit that each lane granted to targeting where it had time over.

    A price of 0 could not answer to a day with more declarations than foreseen; where the lane sets nothing
    aside however many come, there is no price to answer with.
    """
    least: dict[tuple[str, str], float] = {}
    for candidate, given in zip(candidates, plan.controls, strict=True):
        wants = ask(pack, candidate.fired)
        for form, claim in given.items():
            lane = (candidate.pool(form, capacity, pack), form)
            if (
                claim is not Claim.WAIVABLE
                or form not in wants
                or plan.lanes[lane].left > plan.lanes[lane].available / 2
            ):
                continue
            cost = wants[form].minutes if capacity.unit == "minutes" else 1.0
            gain = (candidate.gain.get(form, 0.0) - wants[form].burden(pack.policy)) / cost
            least[lane] = min(least.get(lane, gain), gain)
    return least


def _hours(moments: Sequence[datetime], zone: str) -> tuple[float, ...]:
    counts = np.bincount([moment.astimezone(ZoneInfo(zone)).hour for moment in moments], minlength=24)
    share = np.cumsum(counts) / max(int(counts.sum()), 1)
    return tuple(float(value) for value in share)


def _numbers(lane: LanePrice) -> tuple[float, ...]:
    return (lane.capacity, lane.price, lane.floor_price, lane.floor, lane.random, lane.arrivals)
