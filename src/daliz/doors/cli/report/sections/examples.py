"""A few declarations of each corridor, with the reasons: the costliest of those for which a profile fired,
and one taken blindly.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, cast

from daliz.doors.cli.report.sections.profiles import profile_of
from daliz.doors.cli.report.tables import Tables
from daliz.engine.pack import Profile

COSTLIEST: Final = 2
MOST_ITEMS: Final = 4
_SEVERAL: Final = 2

_CHOSEN = """
SELECT * FROM (
    SELECT *,
        row_number() OVER (
            PARTITION BY corridor
            ORDER BY len(contributions) > 0 DESC, expected_damage DESC NULLS LAST, declaration_id
        ) AS costly,
        row_number() OVER (PARTITION BY corridor ORDER BY md5(declaration_id), declaration_id) AS blind
    FROM decision
)
QUALIFY row_number() OVER (
    PARTITION BY corridor ORDER BY least(costly, $costliest + 1), blind
) <= $costliest + 1
ORDER BY corridor, costly
"""
_ITEMS = """
SELECT d.* FROM declarations AS d JOIN decision AS c USING (declaration_id, version)
WHERE list_contains($ids, d.declaration_id) ORDER BY d.declaration_id, d.item_no
"""
_ORDERS = """
SELECT * FROM "order" WHERE list_contains($ids, declaration_id)
ORDER BY declaration_id, profile_id, item_no NULLS FIRST, status, measure
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A goods item in the declarant's words; ``marked`` if a profile points at it."""

    number: int
    hs_code: str | None
    description: str | None
    origin: str | None
    customs_value: Decimal | None
    currency: str | None
    net_mass_kg: float | None
    marked: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A profile that fired, and the values that made it.

    Attributes:
        profile_id: its name.
        profile: the pack's, None if the pack at hand has it no longer.
        by_item: values for each item, item None for the whole.
    """

    profile_id: str
    profile: Profile | None
    by_item: tuple[tuple[int | None, dict[str, object]], ...]

    @property
    def common(self) -> dict[str, object]:
        """The values that are the same for every item, unless there is only one."""
        if len(self.by_item) < _SEVERAL:
            return {}
        first = self.by_item[0][1]
        return {k: v for k, v in first.items() if all(values.get(k) == v for _, values in self.by_item)}

    @property
    def apart(self) -> tuple[tuple[int | None, dict[str, object]], ...]:
        """The values that differ from item to item, by item."""
        shared = self.common
        return tuple(
            (item, {k: v for k, v in values.items() if k not in shared}) for item, values in self.by_item
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A declaration with its decision.

    Attributes:
        declaration_id: its number.
        version: its last version.
        day: local day of registration.
        corridor: code.
        office: code.
        direction: import, export, transit, passenger.
        probability: of a violation.
        expected_damage: money, None if unknown.
        level: code of the risk level.
        in_random: drawn for the random share and controlled.
        items: the first ones, marked items before others.
        more_items: how many are left out.
        ordered: codes of the measures ordered.
        waived: codes of the measures set aside and not ordered otherwise.
        reasons: profiles that fired.
    """

    declaration_id: str
    version: int
    day: date
    corridor: str
    office: str | None
    direction: str
    probability: float
    expected_damage: Decimal | None
    level: str
    in_random: bool
    items: tuple[Item, ...]
    more_items: int
    ordered: tuple[str, ...]
    waived: tuple[str, ...]
    reasons: tuple[Reason, ...]


def examples(tables: Tables) -> dict[str, tuple[Example, ...]]:
    """Return a few declarations by corridor, corridors in the order of the pack."""
    chosen = tables.records(_CHOSEN, {"costliest": COSTLIEST})
    ids = {"ids": [row["declaration_id"] for row in chosen]}
    items, orders = tables.records(_ITEMS, ids), tables.records(_ORDERS, ids)
    found: dict[str, list[Example]] = {corridor.code: [] for corridor in tables.pack.corridors}
    for row in chosen:
        mine = [order for order in orders if order["declaration_id"] == row["declaration_id"]]
        of_it = [item for item in items if item["declaration_id"] == row["declaration_id"]]
        found.setdefault(cast("str", row["corridor"]), []).append(_example(tables, row, of_it, mine))
    return {code: tuple(some) for code, some in found.items()}


def _example(
    tables: Tables,
    row: dict[str, object],
    items: list[dict[str, object]],
    orders: list[dict[str, object]],
) -> Example:
    pointed = {order["item_no"] for order in orders}
    shown = sorted(items, key=lambda item: item["item_no"] not in pointed)[:MOST_ITEMS]
    ordered = dict.fromkeys(str(order["measure"]) for order in orders if order["status"] == "ordered")
    waived = dict.fromkeys(str(order["measure"]) for order in orders if order["status"] == "waived")
    return Example(
        declaration_id=cast("str", row["declaration_id"]),
        version=cast("int", row["version"]),
        day=cast("date", row["day"]),
        corridor=cast("str", row["corridor"]),
        office=cast("str | None", row["office"]),
        direction=cast("str", row["direction"]),
        probability=cast("float", row["probability"]),
        expected_damage=cast("Decimal | None", row["expected_damage"]),
        level=cast("str", row["level"]),
        in_random=cast("bool", row["in_random"]),
        items=tuple(_item(item, marked=item["item_no"] in pointed) for item in shown),
        more_items=len(items) - len(shown),
        ordered=tuple(ordered),
        waived=tuple(code for code in waived if code not in ordered),
        reasons=_reasons(tables, row, orders),
    )


def _item(row: dict[str, object], *, marked: bool) -> Item:
    return Item(
        number=cast("int", row["item_no"]),
        hs_code=cast("str | None", row["hs_code"]),
        description=cast("str | None", row["description"]),
        origin=cast("str | None", row["origin_country"]),
        customs_value=cast("Decimal | None", row["customs_value"]),
        currency=cast("str | None", row["currency"]),
        net_mass_kg=cast("float | None", row["net_mass_kg"]),
        marked=marked,
    )


def _reasons(tables: Tables, row: dict[str, object], orders: list[dict[str, object]]) -> tuple[Reason, ...]:
    """Gather the profiles that fired: those that ordered something, and those that only raised the score."""
    scored = [str(added["profile_id"]) for added in cast("list[dict[str, object]]", row["contributions"])]
    names = dict.fromkeys([*(str(order["profile_id"]) for order in orders), *scored])
    reasons = []
    for name in names:
        mine = [order for order in orders if order["profile_id"] == name]
        values = {
            cast("int | None", order["item_no"]): _values(str(order["reasons"]), tables.pack.currency)
            for order in mine
        }
        reasons.append(
            Reason(
                name,
                profile_of(tables, name),
                tuple(values.items()),
            )
        )
    return tuple(reasons)


def _values(reasons: str, currency: str) -> dict[str, object]:
    """Read what made a profile fire, without the currency where it is the administration's own."""
    values = cast("dict[str, object]", json.loads(reasons))
    return {k: v for k, v in values.items() if not (k == "declaration.currency" and v == currency)}
