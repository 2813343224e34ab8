"""The common inputs of every group: versions, items and outcomes, each with the days on which it counts.

A fact counts on day D when ``since < D <= until``: ``since`` is the day on which it became known, ``until``
the last day before which nothing replaced it. So nothing of a day counts on that day itself.
"""

from typing import Final

from daliz.engine.features.clock import FOREVER

KEYS: Final = (
    "trader_id",
    "declarant_id",
    "counterparty_id",
    "carrier_id",
    "departure_country",
    "transport_mode",
    "border_office",
    "office",
    "currency",
)
"""Header columns by which history is kept."""

DAY: Final = 86_400_000_000
"""Microseconds of a day."""

_LATER: Final = "OVER (PARTITION BY d ORDER BY version ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)"
_UP_TO_NOW: Final = "OVER (PARTITION BY d ORDER BY version ROWS UNBOUNDED PRECEDING)"

HEADER: Final = f"""
SELECT declaration_id, version, min(epoch_us(registered_at)) AS instant,
       {", ".join(f"min({key}) AS {key}" for key in KEYS)},
       sum(CAST(customs_value AS DECIMAL(38, 2))) AS customs_value
FROM declarations GROUP BY declaration_id, version"""
"""What each version of a declaration says of the whole."""

NUMBER: Final = """
SELECT declaration_id, {last} + row_number() OVER () AS d
FROM (SELECT DISTINCT declaration_id FROM header{unnumbered})"""
"""The numbers of declarations, counted on from ``last``."""

VERSION: Final = f"""
SELECT *, min(day) {_UP_TO_NOW} AS event_day,
       coalesce(min(day) {_LATER}, {FOREVER}) AS replaced_day,
       coalesce(min(instant) {_LATER}, {FOREVER}) AS replaced_at,
       count(*) OVER (PARTITION BY d) > 1 AS amended
FROM (
    SELECT number.d, header.*, (instant + clock.offset_us) // {DAY} AS day,
           (instant + clock.offset_us) % {DAY} // 3600000000 AS hour
    FROM header JOIN number USING (declaration_id)
    JOIN clock ON instant >= clock.since AND instant < clock.until
)"""
"""One row per version of a declaration. ``d`` numbers declarations within one run. ``event_day`` is the day
on which the declaration was first registered: an amendment changes what a declaration says, not when it came.
A higher version replaces a lower one from the day after it is registered."""

DATED: Final = f"""
SELECT f.finding_id, f.declaration_id, f.item_no, f.source, f.supersedes, f.finality, f.violation, f.assessed,
       (epoch_us(known_at) + k.offset_us) // {DAY} AS known_day,
       (epoch_us(closed_at) + c.offset_us) // {DAY} AS closed_day
FROM findings f
JOIN clock k ON epoch_us(known_at) >= k.since AND epoch_us(known_at) < k.until
JOIN clock c ON epoch_us(closed_at) >= c.since AND epoch_us(closed_at) < c.until"""
"""Findings with the days on which they were closed and became known."""


def entries(version: str = "version") -> str:
    """Return the query of one row per goods item of every version."""
    return f"""
SELECT v.d, v.version, i.item_no, i.hs_code, left(i.hs_code, 4) AS hs4,
       CASE WHEN length(i.hs_code) >= 6 THEN left(i.hs_code, 6) END AS hs6,
       i.origin_country, i.customs_value, i.net_mass_kg, i.quantity, i.quantity_unit,
       v.trader_id, v.currency, v.day, v.event_day, v.replaced_day, v.instant, v.replaced_at
FROM declarations i JOIN {version} v USING (declaration_id, version)"""


def outcomes(version: str = "version", *, concerned: str = "true") -> str:
    """Return the query of one row per finding and version of its declaration, while both hold.

    A finding belongs to whom the latest version says. A superseded finding ends with the day its successor
    becomes known; an annulled one is none.

    Args:
        version: relation of the versions.
        concerned: which of the findings ``f`` are wanted.
    """
    return f"""
WITH replaced AS (
    SELECT supersedes AS finding_id, min(known_day) AS until FROM dated
    WHERE supersedes IS NOT NULL GROUP BY supersedes
)
SELECT v.d, v.version, f.item_no, f.source IN ('control', 'audit') AS control, f.violation, f.closed_day,
       CAST(f.assessed AS DECIMAL(38, 2)) AS assessed,
       greatest(f.known_day, f.closed_day, v.day) AS since,
       least(coalesce(r.until, {FOREVER}), v.replaced_day) AS until,
       {", ".join(f"v.{key}" for key in KEYS)}
FROM (SELECT * FROM dated f WHERE f.finality <> 'annulled' AND {concerned}) f
JOIN {version} v USING (declaration_id)
LEFT JOIN replaced r USING (finding_id)"""


def outcome_items(outcome: str = "outcome", entry: str = "entry") -> str:
    """Return the query of the goods items that each outcome concerns: its own, or all of the version."""
    return f"""
SELECT o.d, o.version, e.item_no, o.control, o.violation, o.closed_day, o.since, o.until, e.hs6,
       e.origin_country
FROM {outcome} o JOIN {entry} e ON o.d = e.d AND o.version = e.version
AND (o.item_no IS NULL OR o.item_no = e.item_no)"""


PROBE: Final = (
    f"""
CREATE TABLE probe AS
SELECT row_number() OVER (ORDER BY instant, declaration_id, version) AS h, d, version, declaration_id,
       instant, day, hour, amended, day - (day + 3) % 7 AS monday, {", ".join(KEYS)}
FROM version WHERE day BETWEEN {{first_day}} AND {{last_day}} AND {{chosen}}
ORDER BY h""",
    """
CREATE TABLE probe_item AS
SELECT row_number() OVER (ORDER BY p.h, i.item_no) AS row, p.h, p.d, p.instant, p.day, p.monday, p.amended,
       p.trader_id, p.currency, i.item_no, i.hs_code, i.origin_country, i.quantity_unit,
       CASE WHEN length(i.hs_code) >= 6 THEN left(i.hs_code, 6) END AS hs6
FROM declarations i JOIN probe p USING (declaration_id, version)
ORDER BY row""",
)
"""What is asked: the versions registered in the days wanted, and their items, numbered in the final order.
``monday`` is the Monday of the day's week (day 0 was a Thursday)."""
