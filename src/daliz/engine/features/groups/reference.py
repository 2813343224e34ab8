"""``reference.*``: usual values of such goods, set each Monday for the week.

As of the local midnight that begins the Monday on or before the day: accepted values are those of items
first registered in the 365 days before that Monday, as their latest version known then says, without a
violation known then. Values of different currencies, and for the supplementary unit of different units,
are never mixed. The quantile q of n values is the least value with at least q·n of them at or below it.

The most specific level with enough values serves: full code and origin, full code, 6 digits and origin,
6 digits, 4 digits and origin, 4 digits. A full code has more than 6 digits. The values of a week are the
same for every declaration of that week; an amended declaration's own earlier version is one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from daliz.engine.features.groups.stated import MASS_PER_UNIT, UNIT_VALUE, VALUE_PER_UNIT, finite

FULL: Final = "CASE WHEN length({0}.hs_code) > 6 THEN {0}.hs_code END"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of goods: ``code`` is the column of the goods, ``origin`` whether the origin must agree."""

    name: str
    code: str
    origin: bool


LEVELS: Final = (
    Level("hs10_origin", "hs10", True),
    Level("hs10", "hs10", False),
    Level("hs6_origin", "hs6", True),
    Level("hs6", "hs6", False),
    Level("hs4_origin", "hs4", True),
    Level("hs4", "hs4", False),
)


@dataclass(frozen=True, slots=True)
class Usual:
    """A usual value: which value, at which quantiles, and what must agree besides the goods."""

    name: str
    quantiles: tuple[tuple[str, str], ...]
    agree: tuple[str, ...]


USUALS: Final = (
    Usual(
        "unit_value",
        (("unit_value_p10", "0.1"), ("unit_value_p50", "0.5"), ("unit_value_p90", "0.9")),
        ("currency",),
    ),
    Usual("value_per_unit", (("value_per_unit_p50", "0.5"),), ("currency", "quantity_unit")),
    Usual("mass_per_unit", (("mass_per_unit_p50", "0.5"),), ("currency", "quantity_unit")),
)

FACTS: Final = {
    "reference.unit_value_p10": ("unit_value", "unit_value_p10"),
    "reference.unit_value_p50": ("unit_value", "unit_value_p50"),
    "reference.unit_value_p90": ("unit_value", "unit_value_p90"),
    "reference.observations": ("unit_value", "n"),
    "reference.level": ("unit_value", "level"),
    "reference.value_per_unit_p50": ("value_per_unit", "value_per_unit_p50"),
    "reference.mass_per_unit_p50": ("mass_per_unit", "mass_per_unit_p50"),
}
"""Feature name to the usual value and the column that give it."""


OBSERVATION: Final = (
    f"""
CREATE TEMP TABLE observation AS
SELECT i.d, i.version, i.item_no, {FULL.format("i")} AS hs10, i.hs6,
       CASE WHEN length(i.hs_code) >= 4 THEN i.hs4 END AS hs4, i.origin_country, i.currency, i.quantity_unit,
       i.day AS since, least(i.event_day + 365, i.replaced_day) AS until,
       {finite(UNIT_VALUE)} AS unit_value, {finite(VALUE_PER_UNIT)} AS value_per_unit,
       {finite(MASS_PER_UNIT)} AS mass_per_unit
FROM entry i WHERE length(i.hs_code) >= 4 AND i.currency IS NOT NULL""",
    """
CREATE TEMP TABLE barred AS
SELECT DISTINCT e.d, e.version, e.item_no, o.since, o.until
FROM outcome o JOIN entry e ON e.d = o.d AND e.version = o.version
AND (o.item_no IS NULL OR o.item_no = e.item_no)
WHERE o.violation AND o.since < o.until""",
)
"""Values that may become reference values, and while which of them are barred by a violation."""

WANTED: Final = f"""
CREATE TEMP TABLE wanted AS
SELECT DISTINCT monday, {FULL.format("p")} AS hs10, hs6, left(hs_code, 4) AS hs4, origin_country, currency,
       quantity_unit
FROM probe_item p WHERE length(hs_code) >= 4 AND currency IS NOT NULL"""


def weeks(usuals: Sequence[Usual], mondays: Sequence[int], minimum: int) -> list[str]:
    """Return the statements that add some Mondays' usual values for the goods ``wanted`` in their weeks.

    Each goes to ``usual_<name>``: monday, level, goods, origin, what must agree, n, quantiles.
    """
    listed = ", ".join(map(str, mondays))
    return [
        f"""
CREATE OR REPLACE TEMP TABLE accepted AS
SELECT o.*
FROM (SELECT m.monday, o.* FROM observation o
      JOIN (SELECT unnest([{listed}]) AS monday) m ON o.since < m.monday AND o.until >= m.monday) o
SEMI JOIN (SELECT DISTINCT monday, hs4 FROM wanted) w ON w.monday = o.monday AND w.hs4 = o.hs4
ANTI JOIN barred b ON b.d = o.d AND b.version = o.version AND b.item_no = o.item_no
    AND b.since < o.monday AND b.until >= o.monday""",
        *(_serve(usual, listed, minimum) for usual in usuals),
    ]


def _serve(usual: Usual, mondays: str, minimum: int) -> str:
    """Go down the levels: what one does not serve, the next one may."""
    agree = ", ".join(usual.agree)
    known = " AND ".join(f"{column} IS NOT NULL" for column in usual.agree)
    quantiles = f"quantile_disc({usual.name}, [{', '.join(at for _, at in usual.quantiles)}]) AS quantiles"
    steps = [
        f"unserved0 AS MATERIALIZED (SELECT DISTINCT monday, hs10, hs6, hs4, origin_country, {agree} "
        f"FROM wanted WHERE monday IN ({mondays}) AND {known})"
    ]
    answers = []
    for n, level in enumerate(LEVELS):
        key = ("monday", level.code, *(("origin_country",) if level.origin else ()), *usual.agree)
        same = " AND ".join(f"u.{column} = o.{column}" for column in key)
        listed = ", ".join(f"o.{column}" for column in key)
        steps += [
            f"served{n} AS MATERIALIZED (SELECT {listed}, count(*) AS n, {quantiles} "
            f"FROM accepted o SEMI JOIN unserved{n} u ON {same} WHERE o.{usual.name} IS NOT NULL "
            f"GROUP BY {listed} HAVING count(*) >= {minimum})",
            f"unserved{n + 1} AS MATERIALIZED (SELECT u.* FROM unserved{n} u ANTI JOIN served{n} o ON {same})",
        ]
        values = "".join(f", o.quantiles[{i + 1}]" for i in range(len(usual.quantiles)))
        answers.append(
            f"SELECT '{level.name}', u.*, o.n{values} FROM unserved{n} u JOIN served{n} o ON {same}"
        )
    return f"INSERT INTO usual_{usual.name} WITH {', '.join(steps)} {' UNION ALL '.join(answers)}"


def opened(usual: Usual) -> str:
    """Return the statement that makes the empty ``usual_<name>``."""
    columns = ["level VARCHAR", "monday BIGINT"]
    columns += [f"{c} VARCHAR" for c in ("hs10", "hs6", "hs4", "origin_country", *usual.agree)]
    columns += ["n BIGINT", *(f"{name} DOUBLE" for name, _ in usual.quantiles)]
    return f"CREATE TEMP TABLE usual_{usual.name} ({', '.join(columns)})"


def facts(usual: Usual, names: list[str]) -> str:
    """Return the statement that makes ``usual_<name>_facts`` (row, features) for the items asked."""
    columns = ", ".join(
        f'CAST(u.{FACTS[name][1]} AS {"VARCHAR" if FACTS[name][1] == "level" else "DOUBLE"}) AS "{name}"'
        for name in names
    )
    same = " AND ".join(
        ["u.monday = p.monday", "u.hs4 = left(p.hs_code, 4)", "u.hs6 IS NOT DISTINCT FROM p.hs6"]
        + [f"u.hs10 IS NOT DISTINCT FROM ({FULL.format('p')})"]
        + ["u.origin_country IS NOT DISTINCT FROM p.origin_country"]
        + [f"u.{column} = p.{column}" for column in usual.agree]
    )
    return (
        f"CREATE TEMP TABLE usual_{usual.name}_facts AS SELECT p.row, {columns} "
        f"FROM probe_item p LEFT JOIN usual_{usual.name} u ON {same} ORDER BY p.row"
    )
