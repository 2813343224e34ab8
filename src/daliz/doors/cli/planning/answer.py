"""The plan of some weeks beside what it is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from daliz.doors.cli.days import Span
from daliz.engine.allocation import Capacity
from daliz.engine.allocation.lane_days import LaneDay
from daliz.engine.allocation.weeks import Weeks
from daliz.engine.pack import Pack

_LEAST: Final = 1e-9
"""A difference below this share of the whole is the arithmetic's."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One pool and form of control over the planned days."""

    pool: str
    form: str
    days: tuple[LaneDay, ...]

    def total(self, name: str) -> float:
        """Return the sum of one figure over the days, in their order."""
        return float(sum(getattr(day, name) for day in self.days))

    @property
    def usage(self) -> float | None:
        """Share of the capacity that is given; None without capacity."""
        available = self.total("available")
        return self.total("given") / available if available else None

    @property
    def hour(self) -> float:
        """What one more officer-hour a day would bring, money a day."""
        return self.total("hour_price") / len(self.days)

    @property
    def price(self) -> float:
        """What one more unit of capacity a day would bring, money a day."""
        return self.total("price") / len(self.days)

    @property
    def dearest(self) -> LaneDay:
        """The day on which one more hour would bring most, the first of them."""
        return max(self.days, key=lambda day: day.hour_price)

    @property
    def cheapest(self) -> LaneDay | None:
        """The day with officers on which an hour brings least, the first of them; None if none has any."""
        return min((day for day in self.days if day.available > 0), key=lambda d: d.hour_price, default=None)

    @property
    def spread(self) -> float:
        """What one officer-hour moved from the cheapest day to the dearest would bring at most, money."""
        return self.dearest.hour_price - self.cheapest.hour_price if self.cheapest else 0.0


@dataclass(frozen=True, slots=True)
class OtherCapacity:
    """The same weeks planned for another statement of capacity.

    Attributes:
        stated: as it was given; a file by its name.
        weeks: its plan.
    """

    stated: str
    weeks: Weeks


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``daliz plan`` found.

    Attributes:
        weeks: the plan.
        by_day: what the same days bring if each is planned by itself, as an assessment does, money.
        pack: that names the codes.
        capacity: officer time.
        stated: capacity as it was given, a file by its name; None for the pack's own.
        assessed: the days on which the declarations were registered.
        quarantined: declarations left out because they are broken.
        profiles_of: the day whose profiles judged all days; None if each was judged by its own.
        other: another capacity, if one was asked about.
        inputs: the files that it was made from: name, bytes, SHA-256.
    """

    weeks: Weeks
    by_day: float
    pack: Pack
    capacity: Capacity
    stated: str | None
    assessed: Span
    quarantined: int
    profiles_of: date | None
    other: OtherCapacity | None
    inputs: tuple[Mapping[str, object], ...]

    @property
    def planned(self) -> Span:
        """The first and the last day of the plan."""
        return Span(self.weeks.days[0], self.weeks.days[-1])

    @property
    def stands_for_others(self) -> bool:
        """Whether the days of the plan are others than those assessed."""
        return self.planned.first != self.assessed.first

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Pools and forms, in the order of the plan."""
        grouped = groupby(self.weeks.lanes, key=lambda lane: (lane.pool, lane.form))
        return tuple(Lane(pool, form, tuple(days)) for (pool, form), days in grouped)

    @property
    def gained(self) -> float:
        """What the plan brings more than planning day by day, money."""
        return self._beyond(self.weeks.value - self.by_day)

    @property
    def moved(self) -> float:
        """What moving officers between days would bring beyond the plan, money."""
        return self._beyond(self.weeks.moved_value - self.weeks.value)

    @property
    def otherwise(self) -> float:
        """What the other capacity would bring beyond the plan, money; 0 if none was asked about."""
        return self._beyond(self.other.weeks.value - self.weeks.value) if self.other else 0.0

    @property
    def best(self) -> Lane | None:
        """Where one more officer-hour a day would bring most; None where it would bring nothing."""
        first = max(self.lanes, key=lambda lane: lane.hour, default=None)
        return first if first is not None and first.hour > 0 else None

    @property
    def outside(self) -> int:
        """Lines of a capacity file for days that are not in the plan."""
        return sum(day is not None and day not in self.weeks.days for _, _, day in self.capacity.minutes)

    def _beyond(self, difference: float) -> float:
        return difference if abs(difference) > _LEAST * max(self.weeks.bound, 1.0) else 0.0
