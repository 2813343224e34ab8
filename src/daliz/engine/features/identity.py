"""``snapshot_id``: one short name for everything that history of a day can see.

It is the day and a digest of what was known before it. The digest is a sum over rows, so neither the order
of rows nor the number of days computed together matters, and it changes if, and only if, a column that
history reads changes in a row known before the day, or the definitions do.
"""

from typing import Final

from daliz.engine.features.clock import day_of
from daliz.engine.features.inputs import DAY, KEYS

DEFINITION: Final = "1"
"""Raised whenever a definition of history changes its results."""

_ITEM: Final = (
    "declaration_id", "i.version", "item_no", "instant", *(f"v.{key}" for key in KEYS), "i.hs_code",
    "i.origin_country", "i.customs_value", "i.net_mass_kg", "i.quantity", "i.quantity_unit",
)  # fmt: skip
_FINDING: Final = (
    "finding_id", "declaration_id", "item_no", "source", "epoch_us(closed_at)", "epoch_us(known_at)",
    "supersedes", "finality", "violation", "assessed",
)  # fmt: skip


def _row(columns: tuple[str, ...]) -> str:
    texts = ", ".join(f"coalesce(CAST({column} AS VARCHAR), chr(30))" for column in columns)
    return f"CAST(md5_number_lower(concat_ws(chr(31), {texts})) AS HUGEINT)"


KNOWN: Final = """
SELECT day, sum(items) OVER w AS items, sum(item_digest) OVER w AS item_digest,
       sum(findings) OVER w AS findings, sum(finding_digest) OVER w AS finding_digest
FROM (
    SELECT day, sum(items) AS items, sum(item_digest) AS item_digest, sum(findings) AS findings,
           sum(finding_digest) AS finding_digest
    FROM learned GROUP BY day
) WINDOW w AS (ORDER BY day ROWS UNBOUNDED PRECEDING)"""
"""Count and digest of everything known up to and with each day on which anything became known."""


def of_items(version: str = "version") -> str:
    """Return the query of what became known of items on each day: count and digest."""
    return f"""
SELECT v.day, count(*) AS items, sum({_row(_ITEM)}) AS item_digest,
       CAST(0 AS BIGINT) AS findings, CAST(0 AS HUGEINT) AS finding_digest
FROM declarations i JOIN {version} v USING (declaration_id, version) GROUP BY v.day"""


OF_FINDINGS: Final = f"""
SELECT (epoch_us(known_at) + c.offset_us) // {DAY} AS day, CAST(0 AS BIGINT) AS items,
       CAST(0 AS HUGEINT) AS item_digest, count(*) AS findings, sum({_row(_FINDING)}) AS finding_digest
FROM findings JOIN clock c ON epoch_us(known_at) >= c.since AND epoch_us(known_at) < c.until GROUP BY day"""
"""What became known of findings on each day: count and digest."""


def named(first_day: int, last_day: int, *, zone: str, minimum: int) -> str:
    """Return the statement that makes ``snapshot`` (day, snapshot_id) for the days asked."""
    what = f"{DEFINITION}|{zone}|{minimum}".replace("'", "''")
    return f"""
CREATE TABLE snapshot AS
SELECT a.day, strftime(DATE '{day_of(0)}' + CAST(a.day AS INTEGER), '%Y-%m-%d') || '-' || left(md5(concat_ws(
    '|', '{what}', a.day, coalesce(k.items, 0), coalesce(k.item_digest, 0), coalesce(k.findings, 0),
    coalesce(k.finding_digest, 0))), 16) AS snapshot_id
FROM (SELECT unnest(range({first_day}, {last_day} + 1)) AS day) a ASOF LEFT JOIN known k ON a.day > k.day"""
