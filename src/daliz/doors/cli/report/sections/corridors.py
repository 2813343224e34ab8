"""How the declarations went through the corridors, beside what the administration has published."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from daliz.doors.cli.report.tables import Tables
from daliz.engine.pack import Corridor

_SHARES = """
SELECT corridor, count(*), sum(expected_damage), sum(chance) / count(*)
FROM decision GROUP BY corridor ORDER BY corridor
"""
_DAYS = """
SELECT CAST(date_trunc($bucket, day) AS DATE) AS bucket, corridor, count(*), sum(expected_damage)
FROM decision GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class CorridorShare:
    """One corridor.

    Attributes:
        corridor: of the pack.
        declarations: how many went through it.
        share: of all declarations, 0 to 1.
        expected_damage: of these together, money; None if unknown for all.
        probability: their mean probability of a violation; None if there are none.
    """

    corridor: Corridor
    declarations: int
    share: float
    expected_damage: Decimal | None
    probability: float | None

    @property
    def difference(self) -> float | None:
        """Share less the published share."""
        published = self.corridor.published_share
        return None if published is None else self.share - published


@dataclass(frozen=True, slots=True)
class DayShares:
    """One day (or week, or month): declarations by corridor in the order of the pack."""

    day: date
    declarations: tuple[int, ...]
    expected_damage: Decimal | None

    @property
    def total(self) -> int:
        """All declarations of the day."""
        return sum(self.declarations)


def corridor_shares(tables: Tables) -> tuple[CorridorShare, ...]:
    """Return one entry for each corridor of the pack, from the freest."""
    found = {row[0]: row[1:] for row in tables.rows(_SHARES)}
    total = sum(cast("int", row[0]) for row in found.values())
    return tuple(
        CorridorShare(
            corridor=corridor,
            declarations=cast("int", count),
            share=cast("int", count) / total if total else 0.0,
            expected_damage=cast("Decimal | None", damage),
            probability=None if chance is None else float(cast("float", chance)),
        )
        for corridor in tables.pack.corridors
        for count, damage, chance in [found.get(corridor.code, (0, None, None))]
    )


def daily_shares(tables: Tables) -> tuple[DayShares, ...]:
    """Return one entry for each day, week or month, in order."""
    by_day: dict[date, dict[str, int]] = {}
    damage: dict[date, Decimal | None] = {}
    for day, corridor, count, expected in tables.rows(_DAYS, {"bucket": tables.bucket}):
        key = cast("date", day)
        by_day.setdefault(key, {})[cast("str", corridor)] = cast("int", count)
        if expected is not None:
            damage[key] = (damage.get(key) or Decimal()) + cast("Decimal", expected)
    return tuple(
        DayShares(day, tuple(counts.get(c.code, 0) for c in tables.pack.corridors), damage.get(day))
        for day, counts in sorted(by_day.items())
    )
