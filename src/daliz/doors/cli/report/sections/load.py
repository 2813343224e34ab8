"""Officers' time: what there was and what was given, by pool, form and day; and where the work falls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, cast

from daliz.doors.cli.report.tables import Row, Tables

EVERYWHERE: Final = "*"
MOST_CHARTS: Final = 12
MOST_OFFICES: Final = 20

_LANES = """
SELECT pool, control_form AS form, CAST(date_trunc($bucket, day) AS DATE) AS bucket,
    CAST(sum(CAST(available AS DECIMAL(18, 4))) AS DOUBLE),
    CAST(sum(CAST(mandatory AS DECIMAL(18, 4))) AS DOUBLE),
    CAST(sum(CAST(random AS DECIMAL(18, 4))) AS DOUBLE),
    CAST(sum(CAST(waivable AS DECIMAL(18, 4))) AS DOUBLE),
    sum(controls), sum(waived), CAST(sum(CAST(minutes AS DECIMAL(18, 4))) AS DOUBLE), max(price),
    CAST(sum(CAST(hour_price AS DECIMAL(18, 4))) AS DOUBLE), count(*)
FROM load GROUP BY ALL ORDER BY form, pool, bucket
"""
_OFFICES = """
WITH work AS (
    SELECT DISTINCT m.declaration_id, m.day, m.measure, hundredths,
        CASE WHEN m.control_form = 'physical' THEN coalesce(g.goods_location, m.office)
            ELSE m.office END AS office
    FROM "order" AS m
    JOIN pack_measure USING (measure)
    LEFT JOIN (
        SELECT declaration_id, version, any_value(goods_location) AS goods_location
        FROM declarations GROUP BY declaration_id, version
    ) AS g USING (declaration_id, version)
    WHERE m.status = 'ordered' AND m.control_form IS NOT NULL
)
SELECT office, CAST(date_trunc($bucket, day) AS DATE) AS bucket,
    sum(hundredths)
FROM work GROUP BY ALL ORDER BY office NULLS LAST, bucket
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """One day (week, month) of one lane, in the unit of capacity, with the claims that took it.

    ``hours_worth`` is what one more officer-hour would have brought on each of its ``days``, together, money.
    """

    day: date
    available: float
    mandatory: float
    random: float
    waivable: float
    controls: int
    waived: int
    minutes: float
    price: float
    hours_worth: float
    days: int

    @property
    def given(self) -> float:
        """Capacity given."""
        return self.mandatory + self.random + self.waivable


@dataclass(frozen=True, slots=True)
class Lane:
    """One pool and form over the assessed days."""

    pool: str
    form: str
    slots: tuple[Slot, ...]

    def total(self, name: str) -> float:
        """Return the sum of one figure over the days, in their order."""
        return float(sum(getattr(slot, name) for slot in self.slots))

    @property
    def usage(self) -> float | None:
        """Share of the capacity that was given; None without capacity."""
        available = self.total("available")
        return self.total("given") / available if available else None

    @property
    def price(self) -> float:
        """The highest price of a day."""
        return max(slot.price for slot in self.slots)

    @property
    def hour(self) -> float:
        """What one more officer-hour a day would bring, money a day."""
        return self.total("hours_worth") / self.total("days")


@dataclass(frozen=True, slots=True)
class OfficeLoad:
    """One office's ordered work, hours by day; ``office`` None where the declaration names none."""

    office: str | None
    hours: tuple[float, ...]

    @property
    def total(self) -> float:
        """Hours in all."""
        return sum(self.hours)


@dataclass(frozen=True, slots=True)
class Load:
    """Officers' time.

    Attributes:
        unit: what capacity counts, declarations or minutes.
        lanes: by form and pool.
        days: the days (weeks, months) of ``offices``.
        offices: the busiest first, ``MOST_OFFICES`` at most.
        others: what the remaining offices have together; None if there are none.
        other_offices: how many these are.
        busiest: the most hours of one office on one day.
    """

    unit: str
    lanes: tuple[Lane, ...]
    days: tuple[date, ...]
    offices: tuple[OfficeLoad, ...]
    others: OfficeLoad | None
    other_offices: int
    busiest: float

    @property
    def charted(self) -> tuple[Lane, ...]:
        """The lanes that are drawn: those with most given."""
        busiest = sorted(self.lanes, key=lambda lane: -lane.total("given"))[:MOST_CHARTS]
        return tuple(lane for lane in self.lanes if lane in busiest)

    def is_divided(self, form: str) -> bool:
        """Whether a form of control has officers of its own in some pool."""
        return any(lane.form == form and lane.pool != EVERYWHERE for lane in self.lanes)


def load(tables: Tables) -> Load:
    """Return officers' time by lane and by office."""
    lanes = _lanes(tables.rows(_LANES, {"bucket": tables.bucket}))
    days = _days(tables)
    offices = _offices(tables.rows(_OFFICES, {"bucket": tables.bucket}), days)
    shown, rest = offices[:MOST_OFFICES], offices[MOST_OFFICES:]
    others = OfficeLoad(
        None,
        tuple(sum(office.hours[k] for office in rest) for k in range(len(days))),
    )
    return Load(
        unit=tables.manifest.capacity.unit,
        lanes=lanes,
        days=days,
        offices=tuple(shown),
        others=others if rest else None,
        other_offices=len(rest),
        busiest=max((hours for office in shown for hours in office.hours), default=0.0),
    )


def _lanes(rows: Sequence[Row]) -> tuple[Lane, ...]:
    slots: dict[tuple[str, str], list[Slot]] = {}
    for row in rows:
        pool, form, slot = _slot(row)
        slots.setdefault((pool, form), []).append(slot)
    return tuple(Lane(pool, form, tuple(of_lane)) for (pool, form), of_lane in slots.items())


def _slot(row: Row) -> tuple[str, str, Slot]:
    pool, form, day, available, mandatory, random, waivable, controls, waived, minutes, price, worth, days = (
        row
    )
    return (
        cast("str", pool),
        cast("str", form),
        Slot(
            day=cast("date", day),
            available=cast("float", available),
            mandatory=cast("float", mandatory),
            random=cast("float", random),
            waivable=cast("float", waivable),
            controls=int(cast("int", controls)),
            waived=int(cast("int", waived)),
            minutes=cast("float", minutes),
            price=cast("float", price),
            hours_worth=cast("float", worth),
            days=int(cast("int", days)),
        ),
    )


def _days(tables: Tables) -> tuple[date, ...]:
    """Return each bucket of the assessed days once, also those without a declaration."""
    span = tables.manifest.days
    days = (span.first + timedelta(days=k) for k in range((span.last - span.first).days + 1))
    if tables.bucket == "week":
        days = (day - timedelta(days=day.weekday()) for day in days)
    elif tables.bucket == "month":
        days = (day.replace(day=1) for day in days)
    return tuple(dict.fromkeys(days))


def _offices(rows: Sequence[Row], days: Sequence[date]) -> list[OfficeLoad]:
    hundredths: dict[str | None, dict[date, int]] = {}
    for office, day, amount in cast("list[tuple[str | None, date, int]]", rows):
        hundredths.setdefault(office, {})[day] = int(amount)
    found = [
        OfficeLoad(office, tuple(by_day.get(day, 0) / 6000 for day in days))
        for office, by_day in hundredths.items()
    ]
    return sorted(found, key=lambda office: (-office.total, office.office or ""))
