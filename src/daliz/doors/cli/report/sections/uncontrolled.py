"""Profiles fired and no officer had time: never silently green."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

from daliz.doors.cli.report.sections.profiles import profile_of
from daliz.doors.cli.report.tables import Tables
from daliz.engine.pack import Profile

MOST_DECLARATIONS: Final = 10

_PRICES = """
CREATE OR REPLACE TEMP TABLE set_aside AS
WITH asked AS (
    SELECT DISTINCT m.declaration_id, m.profile_id, m.control_form AS form, m.waiver,
        CASE WHEN m.control_form = 'physical' THEN coalesce(g.goods_location, m.office)
            ELSE m.office END AS office
    FROM "order" AS m
    JOIN fired AS f USING (declaration_id, profile_id)
    LEFT JOIN (
        SELECT declaration_id, version, any_value(goods_location) AS goods_location
        FROM declarations GROUP BY declaration_id, version
    ) AS g USING (declaration_id, version)
    WHERE f.waived AND m.status = 'waived' AND m.control_form IS NOT NULL
),
priced AS (
    SELECT a.declaration_id, a.profile_id, a.form,
        arg_min(l.price, CASE WHEN l.pool = a.office THEN 0 WHEN l.pool = o.pool THEN 1 ELSE 2 END) AS price
    FROM asked AS a
    LEFT JOIN pack_office AS o USING (office)
    LEFT JOIN load AS l ON l.price_id = a.waiver AND l.control_form = a.form
        AND (l.pool = a.office OR l.pool = o.pool OR l.pool = '*')
    GROUP BY ALL
)
SELECT declaration_id, profile_id, max(price) AS price,
    declaration_id IN (SELECT declaration_id FROM control) AS controlled_otherwise
FROM priced GROUP BY declaration_id, profile_id
"""
_BY_PROFILE = """
SELECT profile_id, count(*) AS n, count(*) FILTER (WHERE NOT controlled_otherwise) AS free,
    sum(expected_damage), min(price), max(price)
FROM set_aside JOIN decision USING (declaration_id) GROUP BY profile_id ORDER BY n DESC, profile_id
"""
_BY_CORRIDOR = """
SELECT corridor, count(DISTINCT declaration_id) FROM set_aside JOIN decision USING (declaration_id)
WHERE NOT controlled_otherwise GROUP BY corridor ORDER BY corridor
"""
_WHOLE = """
SELECT count(*), sum(expected_damage) FROM decision
WHERE declaration_id IN (SELECT declaration_id FROM set_aside WHERE NOT controlled_otherwise)
"""
_WORST = """
SELECT declaration_id, day, office, probability, expected_damage,
    list(profile_id ORDER BY profile_id) AS profiles
FROM set_aside JOIN decision USING (declaration_id) WHERE NOT controlled_otherwise
GROUP BY ALL ORDER BY expected_damage DESC NULLS LAST, declaration_id LIMIT $most
"""


@dataclass(frozen=True, slots=True)
class SetAside:
    """One profile for which officers had no time.

    Attributes:
        profile_id: its name.
        profile: the pack's, None if the pack at hand has it no longer.
        declarations: for which it fired without being controlled.
        free: of these, controlled for nothing else either.
        expected_damage: of the declarations together, money.
        lowest_price: the least gain per unit that a control would have had to bring, money.
        highest_price: the most.
    """

    profile_id: str
    profile: Profile | None
    declarations: int
    free: int
    expected_damage: Decimal | None
    lowest_price: float | None
    highest_price: float | None


@dataclass(frozen=True, slots=True)
class Uncontrolled:
    """All that fired and was not controlled.

    Attributes:
        declarations: that fired and were controlled for nothing.
        expected_damage: of these together.
        by_profile: most first.
        by_corridor: corridor code and how many of them went there.
        worst: those with the greatest expected damage.
    """

    declarations: int
    expected_damage: Decimal | None
    by_profile: tuple[SetAside, ...]
    by_corridor: tuple[tuple[str, int], ...]
    worst: tuple[dict[str, object], ...]


def uncontrolled(tables: Tables) -> Uncontrolled:
    """Return what fired and found no officer time."""
    tables.connection.execute(_PRICES)
    count, damage = tables.rows(_WHOLE)[0]
    return Uncontrolled(
        declarations=cast("int", count),
        expected_damage=cast("Decimal | None", damage),
        by_profile=tuple(
            SetAside(name, profile_of(tables, name), n, free, expected, low, high)
            for name, n, free, expected, low, high in cast(
                "list[tuple[str, int, int, Decimal | None, float | None, float | None]]",
                tables.rows(_BY_PROFILE),
            )
        ),
        by_corridor=cast("tuple[tuple[str, int], ...]", tuple(tables.rows(_BY_CORRIDOR))),
        worst=tuple(tables.records(_WORST, {"most": MOST_DECLARATIONS})),
    )
