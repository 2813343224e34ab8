"""``item.*``, ``declaration.*``, ``calendar.*``: what the version itself states, and what follows from it.

Over ``i`` (the item's row), ``t`` (totals of its declaration) and ``c`` (the calendar's row of its day).
"""

from collections.abc import Sequence
from typing import Final

from daliz.engine.features.groups import listed
from daliz.engine.features.vocabulary import Feature, Kind
from daliz.engine.records.duck import identifier
from daliz.engine.records.schema import DECLARATIONS

_TAXES: Final = (
    "CASE WHEN coalesce(i.duty, i.vat, i.excise) IS NOT NULL "
    "THEN coalesce(i.duty, 0) + coalesce(i.vat, 0) + coalesce(i.excise, 0) END"
)


def _ratio(over: str, under: str) -> str:
    return f"CAST({over} AS DOUBLE) / nullif(CAST({under} AS DOUBLE), 0)"


def _digits(count: int) -> str:
    return f"CASE WHEN length(i.hs_code) >= {count} THEN left(i.hs_code, {count}) END"


UNIT_VALUE: Final = _ratio("i.customs_value", "i.net_mass_kg")
VALUE_PER_UNIT: Final = _ratio("i.customs_value", "i.quantity")
MASS_PER_UNIT: Final = _ratio("i.net_mass_kg", "i.quantity")

_CALCULATED: Final = {
    "item.hs_chapter": _digits(2),
    "item.hs_heading": _digits(4),
    "item.hs_subheading": _digits(6),
    "item.description_length": "length(i.description)",
    "item.unit_value": UNIT_VALUE,
    "item.value_per_unit": VALUE_PER_UNIT,
    "item.mass_per_unit": MASS_PER_UNIT,
    "item.taxes": _TAXES,
    "item.packing_ratio": _ratio("i.gross_mass_kg", "i.net_mass_kg"),
    "item.value_share": _ratio("i.customs_value", "t.customs_value"),
    "item.origin_is_departure": "i.origin_country = i.departure_country",
    "declaration.trader_is_declarant": "i.trader_id = i.declarant_id",
    "calendar.weekday": "c.weekday",
    "calendar.month": "c.month",
    "calendar.hour": "p.hour",
    "calendar.is_working_day": "c.is_working_day",
    "calendar.days_to_rest": "c.days_to_rest",
    **{
        f"declaration.{name}": f"t.{name}"
        for name in (
            "item_count", "distinct_codes", "distinct_origins", "customs_value", "net_mass_kg",
            "gross_mass_kg", "taxes", "document_count", "container_count",
        )
    },
    **listed.FACTS,
}  # fmt: skip


_TYPES: Final = {Kind.TEXT: "VARCHAR", Kind.NUMBER: "DOUBLE", Kind.FLAG: "BOOLEAN", Kind.DATE: "DATE"}


def stated(feature: Feature) -> str:
    """Return the SQL of a stated feature; one not calculated is the column of its short name.

    A further column is often text, as files are read: what is no value of the declared kind is unknown.
    """
    name = feature.name.partition(".")[2]
    column = f"i.{identifier(name)}"
    if name not in DECLARATIONS.names:
        column = f"TRY_CAST({column} AS {_TYPES[feature.kind]})"
    return typed(_CALCULATED.get(feature.name, column), feature.kind)


def typed(sql: str, kind: Kind) -> str:
    """Return ``sql`` in the type of ``kind``; a number that is not finite is unknown, and -0 is 0."""
    match kind:
        case Kind.TEXT:
            return f"CAST({sql} AS VARCHAR)"
        case Kind.FLAG:
            return f"CAST({sql} AS BOOLEAN)"
        case Kind.DATE:
            return f"CAST({sql} AS DATE)"
        case Kind.NUMBER:
            return finite(f"CAST({sql} AS DOUBLE)")


def finite(sql: str) -> str:
    """Return ``sql`` where it is finite, without a negative zero."""
    return f"CASE WHEN isfinite({sql}) THEN {sql} + 0.0 END"


GROUPS: Final = frozenset({"item", "declaration", "calendar"})
"""Groups whose features are stated."""


def totals(*, documents: bool, containers: bool) -> list[str]:
    """Return the statements that make ``total``: one row per declaration asked, by ``h``.

    Sums of money are decimal; masses are added in the order of the items, so that the last bit is always
    the same. A total is unknown if the value of any item is.
    """
    counts = {
        "document_count": (
            documents,
            "count(DISTINCT coalesce(document_code, '') || chr(31) || coalesce(document_number, ''))",
            "documents",
        ),
        "container_count": (containers, "count(DISTINCT container_id)", "containers"),
    }
    statements, columns, joins = [], [], []
    for name, (given, count, table) in counts.items():
        if not given:
            columns.append(f"CAST(NULL AS BIGINT) AS {name}")
            continue
        statements.append(
            f"CREATE TABLE {name} AS SELECT p.h, {count} AS n "
            f"FROM {table} JOIN probe p USING (declaration_id, version) GROUP BY p.h"
        )
        columns.append(f"coalesce({name}.n, 0) AS {name}")
        joins.append(f"LEFT JOIN {name} ON {name}.h = t.h")
    statements.append(f"""
CREATE TABLE total AS
SELECT t.*, {", ".join(columns)} FROM (
    SELECT p.h, count(*) AS item_count, count(DISTINCT i.hs_code) AS distinct_codes,
           count(DISTINCT i.origin_country) AS distinct_origins,
           {_whole("CAST(i.customs_value AS DECIMAL(38, 2))", "customs_value")},
           {_whole(f"CAST({_TAXES} AS DECIMAL(38, 2))", "taxes")},
           {_in_order("net_mass_kg")}, {_in_order("gross_mass_kg")}
    FROM declarations i JOIN probe p USING (declaration_id, version) GROUP BY p.h
) t {" ".join(joins)} ORDER BY t.h""")
    return statements


def _whole(sql: str, name: str) -> str:
    return f"CASE WHEN count({sql}) = count(*) THEN sum({sql}) END AS {name}"


def _in_order(name: str) -> str:
    ordered = f"list(i.{name} ORDER BY i.item_no)"
    return (
        f"CASE WHEN count(i.{name}) = count(*) THEN list_reduce({ordered}, lambda a, b: a + b) END AS {name}"
    )


def item_facts(features: Sequence[Feature]) -> str:
    """Return the statement that makes ``item_facts`` (row, h, features)."""
    columns = "".join(f", {stated(f)} AS {identifier(f.name)}" for f in features)
    return (
        f"CREATE TABLE item_facts AS SELECT n.row, n.h{columns} "
        "FROM declarations i JOIN probe p USING (declaration_id, version) "
        "JOIN probe_item n ON n.h = p.h AND n.item_no = i.item_no "
        "JOIN total t ON t.h = p.h JOIN calendar c ON c.day = p.day "
        f"{listed.joins([f.name for f in features])} ORDER BY n.row"
    )
