"""When consignments arrive: which line sends one, on which day, at which second."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from daliz.engine.world.goods import Catalogue, Flags, Floats, Whole
from daliz.engine.world.parameters import Parameters
from daliz.engine.world.places import Places
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import Supply

_WEEK: Final = (1.22, 1.22, 1.2, 1.18, 1.12, 0.66, 0.40)
_REST: Final = 0.35
_HOURS: Final = np.array(
    [2, 2, 2, 2, 2, 3, 4, 8, 25, 60, 75, 75, 55, 30, 60, 75, 75, 65, 35, 14, 8, 6, 4, 3], dtype=np.float64
)
SPLIT_INTO: Final = (4, 9)
"""A split consignment becomes 4 to 8 declarations of one day."""


@dataclass(frozen=True, slots=True, eq=False)
class Consignments:
    """The declarations of a month in the order of registration.

    Attributes:
        line: index of its supply line.
        day: day of the world.
        second: second of the local day.
        instant: microseconds since 1970 in UTC.
        event: consignments of one split share it; else each its own.
        violates: the scheme's method is applied to it.
    """

    line: Whole
    day: Whole
    second: Whole
    instant: Whole
    event: Whole
    violates: Flags

    def __len__(self) -> int:
        return len(self.line)


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """How much is expected: factor of every day of the world, mean 1, and the violating share of it."""

    day_factor: Floats
    month_of_day: Whole
    utc_offset: Whole

    @classmethod
    def of(cls, parameters: Parameters, places: Places) -> "Traffic":
        """Work out the calendar of a world."""
        days = [parameters.first_day + timedelta(days=i) for i in range(parameters.days)]
        zone = ZoneInfo(places.zone)
        raw = np.array([_weight(day, places) for day in days])
        offsets = [datetime.combine(day, time(12), zone).utcoffset() or timedelta() for day in days]
        return cls(
            day_factor=raw / raw.mean(),
            month_of_day=np.array([day.month for day in days], dtype=np.int64),
            utc_offset=np.array([int(offset.total_seconds()) for offset in offsets], dtype=np.int64),
        )


def arrivals(
    parameters: Parameters, traffic: Traffic, cat: Catalogue, supply: Supply, days: range
) -> Consignments:
    """Draw the consignments of a stretch of days.

    Honest lines share, within each direction, what the schemes leave of the expected traffic; the lines of
    schemes send what their actors decided.
    """
    chance = stream(parameters.seed, "arrivals", days.start)
    lead = supply.goods[:, 0]
    split = supply.scheme == supply.schemes.index("splitting")
    lines, on_day = [], []
    inward, outward = parameters.value["import_share"], parameters.value["export_share"]
    wanted = (inward, outward, 1 - inward - outward)
    schemed = float(np.sum(list(parameters.schemes.values())))
    carried = schemed - parameters.schemes["careless"] - parameters.schemes["unforeseen"]
    for day in days:
        alive = (supply.first_day <= day) & (day < supply.last_day)
        turn = np.cos(2 * np.pi * (traffic.month_of_day[day] - cat.peak[lead]) / 12)
        expected = supply.rate * alive * (1 + cat.swing[lead] * turn)
        for direction, share in enumerate(wanted):
            members = supply.honest & (supply.direction == direction)
            volume = expected[members].sum()
            if volume > 0:
                expected[members] *= share * parameters.per_day * (1 - 1.6 * carried) / volume
        expected *= traffic.day_factor[day]
        expected[split] /= (SPLIT_INTO[0] + SPLIT_INTO[1] - 1) / 2
        counts = chance.poisson(expected)
        lines.append(np.repeat(np.arange(len(counts)), counts))
        on_day.append(np.full(int(counts.sum()), day))
    line, day_of = np.concatenate(lines), np.concatenate(on_day)
    second = _seconds(len(line), chance)
    parts = np.where(split[line], chance.integers(*SPLIT_INTO, len(line)), 1)
    event = np.repeat(np.arange(len(line)), parts)
    line, day_of, second = line[event], day_of[event], second[event]
    later = chance.integers(60, 5400, len(line)) * split[line]
    second = np.minimum(second + later, 86_399)
    instant = _instants(parameters, traffic, day_of, second, chance)
    order = np.argsort(instant, kind="stable")
    violates = chance.random(len(line)) < supply.intensity[line]
    violates = np.where(split[line], violates[np.searchsorted(event, event)], violates)
    return Consignments(
        line=line[order],
        day=day_of[order],
        second=second[order],
        instant=instant[order],
        event=event[order],
        violates=violates[order],
    )


def _weight(day: date, places: Places) -> float:
    season = 1 + 0.08 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 300) / 365)
    rest = _REST if day in places.holidays else _WEEK[day.weekday()]
    return float(season * rest)


def _seconds(count: int, chance: np.random.Generator) -> Whole:
    """Draw seconds of the local day: mostly office hours, a little at night."""
    hours = np.searchsorted(np.cumsum(_HOURS) / _HOURS.sum(), chance.random(count), "right")
    seconds: Whole = np.minimum(hours, 23) * 3600 + chance.integers(0, 3600, count)
    return seconds


def _instants(
    parameters: Parameters, traffic: Traffic, day: Whole, second: Whole, chance: np.random.Generator
) -> Whole:
    midnight = (parameters.first_day - date(1970, 1, 1)).days + day
    seconds = midnight * 86_400 + second - traffic.utc_offset[day]
    instants: Whole = seconds * 1_000_000 + chance.integers(0, 1_000_000, len(day))
    return instants
