"""``reference.*``: usual values of such goods, set each Monday for the week.

As of the local midnight that begins the Monday on or before the day: accepted values are those of items
first registered in the 365 days before that Monday, as their latest version known then says, without a
violation known then. Values of different currencies, and for the supplementary unit of different units,
are never mixed. The quantile q of n values is the least value with at least q·n of them at or below it.

The most specific level with enough values serves: full code and origin, full code, 6 digits and origin,
6 digits, 4 digits and origin, 4 digits. A full code has more than 6 digits. The values of a week are the
same for every declaration of that week; an amended declaration's own earlier version is one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daliz.engine.features.groups.stated import MASS_PER_UNIT, UNIT_VALUE, VALUE_PER_UNIT, finite
from daliz.engine.records.duck import text_literal


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
    """A usual value: which value, at which quantiles (in tenths), and what must agree besides the goods."""

    name: str
    quantiles: tuple[tuple[str, int], ...]
    agree: tuple[str, ...]


USUALS: Final = (
    Usual(
        "unit_value",
        (("unit_value_p10", 1), ("unit_value_p50", 5), ("unit_value_p90", 9)),
        ("currency",),
    ),
    Usual("value_per_unit", (("value_per_unit_p50", 5),), ("currency", "quantity_unit")),
    Usual("mass_per_unit", (("mass_per_unit_p50", 5),), ("currency", "quantity_unit")),
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


_CELL: Final = ("hs10", "hs6", "hs4", "origin_country", "currency", "quantity_unit")


def _goods(relation: str) -> str:
    code = f"{relation}.hs_code"
    return (
        f"CASE WHEN length({code}) > 6 THEN {code} END AS hs10, {relation}.hs6, left({code}, 4) AS hs4, "
        f"{relation}.origin_country, {relation}.currency, {relation}.quantity_unit"
    )


def _key(usual: Usual, level: Level) -> tuple[str, ...]:
    return (level.code, *(("origin_country",) if level.origin else ()), *usual.agree)


_SAME_CELL: Final = " AND ".join(f"x.{column} IS NOT DISTINCT FROM c.{column}" for column in _CELL)

CELL: Final = f"""
SELECT row_number() OVER () AS cell, {", ".join(_CELL)}
FROM (SELECT DISTINCT {_goods("i")} FROM entry i WHERE length(i.hs_code) >= 4 AND i.currency IS NOT NULL)"""
"""The cells of goods that were ever declared, numbered: within one, every level is the same."""

NEW_CELLS: Final = f"""
INSERT INTO cell SELECT (SELECT coalesce(max(cell), 0) FROM cell) + row_number() OVER (), x.* FROM (
    SELECT DISTINCT {_goods("i")} FROM arrived_entry i
    WHERE length(i.hs_code) >= 4 AND i.currency IS NOT NULL
) x ANTI JOIN cell c ON {_SAME_CELL}"""
"""Numbers the cells of ``arrived_entry`` that are not numbered yet."""


_UNTIL: Final = "least(i.event_day + 365, i.replaced_day)"

OBSERVED: Final = (
    f"""
CREATE TABLE observation AS
SELECT x.* EXCLUDE ({", ".join(_CELL)}), c.cell
FROM (
    SELECT {_goods("i")}, i.d, i.version, i.item_no, i.day AS since, {_UNTIL} AS until,
           {finite(UNIT_VALUE)} AS unit_value, {finite(VALUE_PER_UNIT)} AS value_per_unit,
           {finite(MASS_PER_UNIT)} AS mass_per_unit
    FROM entry i WHERE i.day < (SELECT max(monday) FROM week)
    AND {_UNTIL} >= (SELECT min(monday) FROM week)
) x JOIN cell c ON {_SAME_CELL}""",
    """
CREATE TABLE barred AS
SELECT DISTINCT d, version, item_no, since, until FROM outcome_item WHERE violation AND since < until""",
    """
CREATE TABLE contested AS
SELECT o.* FROM observation o
SEMI JOIN barred b ON b.d = o.d AND b.version = o.version AND b.item_no = o.item_no""",
    """
CREATE TABLE accepted AS
SELECT since, until, cell, unit_value, value_per_unit, mass_per_unit FROM observation o
ANTI JOIN barred b ON b.d = o.d AND b.version = o.version AND b.item_no = o.item_no""",
    """
INSERT INTO accepted
SELECT w.monday - 1, w.monday, o.cell, o.unit_value, o.value_per_unit, o.mass_per_unit
FROM contested o JOIN week w ON o.since < w.monday AND o.until >= w.monday
ANTI JOIN barred b ON b.d = o.d AND b.version = o.version AND b.item_no = o.item_no
AND b.since < w.monday AND b.until >= w.monday""",
    "DROP TABLE observation",
    "DROP TABLE contested",
    "DROP TABLE barred",
)
"""Makes ``accepted``: the values that may count on the Mondays of ``week``, by cell of goods. A contested
value, one that a violation bars at some time, is there for each Monday on which none bars it."""

TABLES: Final = ("week", "accepted", "weighed", *(f"usual_{usual.name}" for usual in USUALS))
"""What the usual values of some Mondays rest on, and they themselves."""

PROBED: Final = f"""
CREATE TABLE probe_cell AS
SELECT x.row, x.monday, c.cell FROM (
    SELECT {_goods("p")}, p.row, p.monday FROM probe_item p
    WHERE length(p.hs_code) >= 4 AND p.currency IS NOT NULL
) x JOIN cell c ON {_SAME_CELL}"""
"""The cells that the items asked belong to."""

WEIGHED: Final = "CREATE TABLE weighed (monday BIGINT, cell BIGINT)"
"""The cells whose usual values were sought already."""

WANTED: Final = """
CREATE TABLE wanted AS
SELECT w.monday, c.* FROM (SELECT DISTINCT monday, cell FROM probe_cell) w JOIN cell c USING (cell)
ANTI JOIN weighed d ON d.monday = w.monday AND d.cell = c.cell"""
"""The cells that the items asked belong to, week by week, unless they were weighed already."""


def stretches(together: int) -> str:
    """Return the query of stretches of 4-digit goods that have about ``together`` values: first and last."""
    return (
        "SELECT min(hs4), max(hs4) FROM ("
        f"SELECT hs4, sum(count(*)) OVER (ORDER BY hs4) // {together} AS stretch FROM accepted "
        "JOIN cell USING (cell) WHERE hs4 IN (SELECT hs4 FROM wanted) GROUP BY hs4"
        ") GROUP BY stretch ORDER BY stretch"
    )


def unserved(usual: Usual, low: str, high: str) -> str:
    """Return the statement that makes ``unserved``: the cells wanted of goods from ``low`` to ``high``."""
    known = " AND ".join(f"{column} IS NOT NULL" for column in usual.agree)
    return (
        "CREATE OR REPLACE TABLE unserved AS SELECT * FROM wanted "
        f"WHERE hs4 BETWEEN {text_literal(low)} AND {text_literal(high)} AND {known}"
    )


def rungs(usual: Usual, level: Level) -> str:
    """Return the statement that numbers the groups of one level with cells unserved."""
    key = _key(usual, level)
    known = " AND ".join(f"{column} IS NOT NULL" for column in key)
    return (
        f"CREATE OR REPLACE TABLE rung AS SELECT row_number() OVER () AS rung, * "
        f"FROM (SELECT DISTINCT {', '.join(key)} FROM unserved WHERE {known})"
    )


def values(usual: Usual, level: Level) -> str:
    """Return the query of the values of the groups in ``rung``, by group and value."""
    return (
        f"SELECT c.rung, a.{usual.name} AS value, a.since, a.until FROM accepted a "
        f"JOIN (SELECT cell, rung FROM cell JOIN rung USING ({', '.join(_key(usual, level))})) c "
        f"ON c.cell = a.cell WHERE a.{usual.name} IS NOT NULL ORDER BY c.rung, value"
    )


def serve(usual: Usual, level: Level) -> list[str]:
    """Return the statements that hand what ``served`` has to the cells unserved; the next level may do more.

    It goes to ``usual_<name>``: level, monday, cell, n, quantiles.
    """
    key = _key(usual, level)
    ranked = "(SELECT s.*, r.* EXCLUDE (rung) FROM served s JOIN rung r ON r.rung = s.rung)"
    same = " AND ".join(f"u.{column} = s.{column}" for column in ("monday", *key))
    found = "".join(f", s.{name}" for name, _ in usual.quantiles)
    return [
        (
            f"INSERT INTO usual_{usual.name} SELECT '{level.name}', u.monday, u.cell, s.n{found} "
            f"FROM unserved u JOIN {ranked} s ON {same}"
        ),
        f"DELETE FROM unserved u USING {ranked} s WHERE {same}",
    ]


def told_by_level(usual: Usual, level: Level, facts: Mapping[str, str]) -> str:
    """Return the query of what ``served`` has of one level, by goods; a part that is not asked is empty."""
    asked = _key(usual, level)
    keys = ["r." + level.code + " AS code"]
    keys += [
        f"{f'r.{column}' if column in asked else text_literal('')} AS {column}"
        for column in ("origin_country", "currency", "quantity_unit")
    ]
    told = {"level": text_literal(level.name)}
    columns = ", ".join(
        f'{told[column]} AS "{name}"' if column in told else f'CAST(s.{column} AS DOUBLE) AS "{name}"'
        for name, column in facts.items()
    )
    return (
        f"SELECT {told['level']} AS level, {', '.join(keys)}, {columns} "
        f"FROM served s JOIN rung r ON r.rung = s.rung ORDER BY ALL"
    )


def opened(usual: Usual) -> str:
    """Return the statement that makes the empty ``usual_<name>``."""
    columns = ["level VARCHAR", "monday BIGINT", "cell BIGINT", "n BIGINT"]
    columns += [f"{name} DOUBLE" for name, _ in usual.quantiles]
    return f"CREATE TABLE usual_{usual.name} ({', '.join(columns)})"


def facts(usual: Usual, names: Sequence[str]) -> str:
    """Return the statement that makes ``usual_<name>_facts`` (row, features) for the items asked."""
    columns = ", ".join(
        f'CAST(u.{FACTS[name][1]} AS {"VARCHAR" if FACTS[name][1] == "level" else "DOUBLE"}) AS "{name}"'
        for name in names
    )
    return (
        f"CREATE TABLE usual_{usual.name}_facts AS SELECT p.row, {columns} FROM probe_cell p "
        f"JOIN usual_{usual.name} u ON u.monday = p.monday AND u.cell = p.cell ORDER BY p.row"
    )
