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


_CELL: Final = ("hs10", "hs6", "hs4", "origin_country", "currency", "quantity_unit")


def _goods(relation: str) -> str:
    code = f"{relation}.hs_code"
    return (
        f"CASE WHEN length({code}) > 6 THEN {code} END AS hs10, {relation}.hs6, left({code}, 4) AS hs4, "
        f"{relation}.origin_country, {relation}.currency, {relation}.quantity_unit"
    )


def _rungs() -> str:
    """Number, for each usual value and level, the groups of cells that are weighed together."""
    columns = []
    for usual in USUALS:
        for level in LEVELS:
            key = _key(usual, level)
            known = " AND ".join(f"{column} IS NOT NULL" for column in key)
            columns.append(
                f"CASE WHEN {known} THEN dense_rank() OVER (ORDER BY {', '.join(key)}) END "
                f"AS {usual.name}_{level.name}"
            )
    return ", ".join(columns)


def _key(usual: Usual, level: Level) -> tuple[str, ...]:
    return (level.code, *(("origin_country",) if level.origin else ()), *usual.agree)


_SAME_CELL: Final = " AND ".join(f"x.{column} IS NOT DISTINCT FROM c.{column}" for column in _CELL)

OBSERVATION: Final = (
    f"""
CREATE TEMP TABLE cell AS
SELECT row_number() OVER () AS cell, {", ".join(_CELL)}, {_rungs()}
FROM (SELECT DISTINCT {_goods("i")} FROM entry i WHERE length(i.hs_code) >= 4 AND i.currency IS NOT NULL)""",
    f"""
CREATE TEMP TABLE observation AS
SELECT x.* EXCLUDE ({", ".join(_CELL)}), c.cell
FROM (
    SELECT {_goods("i")}, i.d, i.version, i.item_no, i.day AS since,
           least(i.event_day + 365, i.replaced_day) AS until, {finite(UNIT_VALUE)} AS unit_value,
           {finite(VALUE_PER_UNIT)} AS value_per_unit, {finite(MASS_PER_UNIT)} AS mass_per_unit
    FROM entry i
) x JOIN cell c ON {_SAME_CELL}""",
    """
CREATE TEMP TABLE barred AS
SELECT DISTINCT e.d, e.version, e.item_no, o.since, o.until
FROM outcome o JOIN entry e ON e.d = o.d AND e.version = o.version
AND (o.item_no IS NULL OR o.item_no = e.item_no)
WHERE o.violation AND o.since < o.until""",
    """
CREATE TEMP TABLE contested AS
SELECT o.* FROM observation o
SEMI JOIN barred b ON b.d = o.d AND b.version = o.version AND b.item_no = o.item_no""",
    """
CREATE TEMP TABLE uncontested AS
SELECT since, until, cell, unit_value, value_per_unit, mass_per_unit FROM observation o
ANTI JOIN barred b ON b.d = o.d AND b.version = o.version AND b.item_no = o.item_no""",
    "DROP TABLE observation",
)
"""Values that may become reference values: by cell of goods, and while which of them a violation bars."""

TABLES: Final = ("cell", "barred", "contested", "uncontested", "wanted", "accepted", "probe_cell")
"""What is left on the connection when the reference is made."""

WANTED: Final = (
    f"""
CREATE TEMP TABLE probe_cell AS
SELECT x.row, x.monday, c.cell FROM (
    SELECT {_goods("p")}, p.row, p.monday FROM probe_item p
    WHERE length(p.hs_code) >= 4 AND p.currency IS NOT NULL
) x JOIN cell c ON {_SAME_CELL}""",
    """
CREATE TEMP TABLE wanted AS
SELECT DISTINCT w.monday, c.* FROM probe_cell w JOIN cell c USING (cell)""",
)
"""The cells that the items asked belong to, week by week."""


def weeks(usuals: Sequence[Usual], mondays: Sequence[int], minimum: int) -> list[str]:
    """Return the statements that add some Mondays' usual values for the cells ``wanted`` in their weeks.

    Each goes to ``usual_<name>``: level, monday, cell, n, quantiles.
    """
    values = ", ".join(f"o.{usual.name}" for usual in USUALS)
    found = [
        f"SELECT {monday} AS monday, o.cell, {values} FROM {source} "
        f"WHERE o.since < {monday} AND o.until >= {monday}"
        for monday in mondays
        for source in (
            "uncontested o",
            (
                "contested o ANTI JOIN barred b ON b.d = o.d AND b.version = o.version "
                f"AND b.item_no = o.item_no AND b.since < {monday} AND b.until >= {monday}"
            ),
        )
    ]
    near = "SELECT cell FROM cell WHERE hs4 IN (SELECT hs4 FROM wanted)"
    return [
        (
            f"CREATE OR REPLACE TEMP TABLE accepted AS SELECT * FROM ({' UNION ALL '.join(found)}) a "
            f"SEMI JOIN ({near}) c ON c.cell = a.cell"
        ),
        *(_serve(usual, mondays, minimum) for usual in usuals),
    ]


def _serve(usual: Usual, mondays: Sequence[int], minimum: int) -> str:
    """Go down the levels: what one does not serve, the next one may."""
    known = " AND ".join(f"{column} IS NOT NULL" for column in usual.agree)
    quantiles = f"quantile_disc(s.{usual.name}, [{', '.join(at for _, at in usual.quantiles)}]) AS quantiles"
    values = "".join(f", s.quantiles[{i + 1}]" for i in range(len(usual.quantiles)))
    steps = [
        (
            f"unserved0 AS MATERIALIZED (SELECT * FROM wanted "
            f"WHERE monday IN ({', '.join(map(str, mondays))}) AND {known})"
        )
    ]
    answers = []
    for n, level in enumerate(LEVELS):
        rung = f"{usual.name}_{level.name}"
        same = f"u.monday = s.monday AND u.{rung} = s.rung"
        served = (
            f"SELECT s.monday, s.rung, count(*) AS n, {quantiles} FROM ("
            f"SELECT a.monday, a.{usual.name}, c.{rung} AS rung FROM accepted a JOIN cell c USING (cell) "
            f"WHERE a.{usual.name} IS NOT NULL) s SEMI JOIN unserved{n} u ON {same} "
            f"GROUP BY s.monday, s.rung HAVING count(*) >= {minimum}"
        )
        left = f"SELECT u.* FROM unserved{n} u ANTI JOIN served{n} s ON {same}"
        steps += [f"served{n} AS MATERIALIZED ({served})", f"unserved{n + 1} AS MATERIALIZED ({left})"]
        answers.append(
            f"SELECT '{level.name}', u.monday, u.cell, s.n{values} "
            f"FROM unserved{n} u JOIN served{n} s ON {same}"
        )
    return f"INSERT INTO usual_{usual.name} WITH {', '.join(steps)} {' UNION ALL '.join(answers)}"


def opened(usual: Usual) -> str:
    """Return the statement that makes the empty ``usual_<name>``."""
    columns = ["level VARCHAR", "monday BIGINT", "cell BIGINT", "n BIGINT"]
    columns += [f"{name} DOUBLE" for name, _ in usual.quantiles]
    return f"CREATE TEMP TABLE usual_{usual.name} ({', '.join(columns)})"


def facts(usual: Usual, names: Sequence[str]) -> str:
    """Return the statement that makes ``usual_<name>_facts`` (row, features) for the items asked."""
    columns = ", ".join(
        f'CAST(u.{FACTS[name][1]} AS {"VARCHAR" if FACTS[name][1] == "level" else "DOUBLE"}) AS "{name}"'
        for name in names
    )
    return (
        f"CREATE TEMP TABLE usual_{usual.name}_facts AS SELECT p.row, {columns} FROM probe_cell p "
        f"JOIN usual_{usual.name} u ON u.monday = p.monday AND u.cell = p.cell ORDER BY p.row"
    )
