"""What the same day's facts count: versions first registered on it that stood just before an instant."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django.db import connection

from daliz.customs.intake.models import Version
from daliz.customs.intake.translate import vehicles_of
from daliz.engine.features.alone import Fact
from daliz.engine.features.lookup import TODAY
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.asking import among, listed, rows_of

_BY_TRADER: Final = frozenset(
    {"today.trader_declarations", "today.trader_customs_value", "today.same_code_declarations"}
)


_Counts: TypeAlias = Mapping[int | None, int]


@dataclass(frozen=True, slots=True)
class _Other:
    """A version that stood, as far as it is counted; ``codes`` is the text of a JSON list."""

    declaration: int
    currency: str
    value: Decimal | None
    codes: str


@dataclass(frozen=True, slots=True)
class SameDay:
    """What stood before an instant, of the traders, declarants and vehicles of some declarations.

    Attributes:
        wanted: facts that are asked for.
        traders: versions by trader.
        declarants: by declarant, how many versions of each declaration that asks, and under None of others.
        vehicles: the same by vehicle.
    """

    wanted: Sequence[str]
    traders: Mapping[str, Sequence[_Other]]
    declarants: Mapping[str, _Counts]
    vehicles: Mapping[str, _Counts]

    def facts(self, declared: Declared, *, of: int | None) -> list[dict[str, Fact]]:
        """Return the facts of each goods item.

        Args:
            declared: that asks.
            of: its own row, whose versions do not count; None if it has none.
        """
        whole: dict[str, Fact] = {}
        trader, declarant = declared.of("trader_id"), declared.of("declarant_id")
        others = [one for one in self.traders.get(_id(trader), ()) if one.declaration != of]
        if "today.trader_declarations" in self.wanted:
            whole["today.trader_declarations"] = None if trader is None else float(len(others))
        if "today.trader_customs_value" in self.wanted:
            whole["today.trader_customs_value"] = _value(others, declared)
        if "today.declarant_declarations" in self.wanted:
            known = _without(of, self.declarants.get(_id(declarant), {}))
            whole["today.declarant_declarations"] = None if declarant is None else float(known)
        if "today.vehicle_declarations" in self.wanted:
            whole["today.vehicle_declarations"] = self._busiest(declared, of)
        if "today.same_code_declarations" not in self.wanted:
            return [whole for _ in declared.items]
        return [
            whole | {"today.same_code_declarations": _same_code(others, item, known=trader is not None)}
            for item in declared.items
        ]

    def _busiest(self, declared: Declared, of: int | None) -> Fact:
        vehicles = vehicles_of(declared)
        if not vehicles:
            return None
        return float(max(_without(of, self.vehicles.get(vehicle, {})) for vehicle in vehicles))


def same_day(
    versions: Sequence[tuple[Version, Declared]], *, day: date, at: datetime, names: Collection[str]
) -> SameDay:
    """Read what the same day's facts of some declarations count, all of it in one query.

    Args:
        versions: that ask, with what they state.
        day: the local day.
        at: the instant of registration.
        names: facts wanted.
    """
    wanted = [name for name in TODAY if name in names]
    declared = [one for _, one in versions]
    asked = {
        "traders": set() if _BY_TRADER.isdisjoint(wanted) else _asked(declared, "trader_id"),
        "declarants": (
            _asked(declared, "declarant_id") if "today.declarant_declarations" in wanted else set()
        ),
        "vehicles": (
            {vehicle for one in declared for vehicle in vehicles_of(one)}
            if "today.vehicle_declarations" in wanted
            else set()
        ),
    }
    traders: dict[str, list[_Other]] = {}
    counts: dict[str, dict[str, dict[int | None, int]]] = {"declarants": {}, "vehicles": {}}
    for kind, name, declaration, count, currency, value, codes in _read(asked, versions, day=day, at=at):
        if kind == "traders":
            other = _Other(declaration, currency, None if value is None else Decimal(value), codes)
            traders.setdefault(name, []).append(other)
        else:
            counts[kind].setdefault(name, {})[declaration] = count
    return SameDay(wanted, traders, **counts)


def _read(
    asked: Mapping[str, Collection[str]],
    versions: Iterable[tuple[Version, Declared]],
    *,
    day: date,
    at: datetime,
) -> list[tuple[Any, ...]]:
    """Return the rows of ``_PARTS`` for the traders, declarants and vehicles that are asked after."""
    kinds = [kind for kind, names in asked.items() if names]
    if not kinds:
        return []
    given = {
        **{kind: listed(sorted(asked[kind])) for kind in kinds},
        "own": listed(sorted({version.declaration_id for version, _ in versions})),
        "day": connection.ops.adapt_datefield_value(day),
        "at": connection.ops.adapt_datetimefield_value(at),
    }
    return rows_of(" UNION ALL ".join(_part(kind) for kind in kinds), given)


def _part(kind: str) -> str:
    own = f"CASE WHEN v.declaration_id {among('own')} THEN v.declaration_id END"
    return _PARTS[kind].format(among=among(kind), own=own, standing=_STANDING)


_STANDING: Final = (
    "v.first_day = %(day)s AND v.registered_at < %(at)s "
    "AND (v.replaced_at IS NULL OR v.replaced_at >= %(at)s)"
)
"""Versions first registered on the day that stood just before the instant."""

_PARTS: Final = {
    "traders": (
        "SELECT 'traders', v.trader_id, v.declaration_id, 1, v.currency, CAST(v.customs_value AS TEXT), "
        "CAST(v.codes AS TEXT) FROM intake_version v "
        "WHERE v.trader_id {among} AND NOT (v.trader_id = '') AND {standing}"
    ),
    "declarants": (
        "SELECT 'declarants', v.declarant_id, {own}, count(*), '', NULL, '' FROM intake_version v "
        "WHERE v.declarant_id {among} AND NOT (v.declarant_id = '') AND {standing} GROUP BY 2, 3"
    ),
    "vehicles": (
        "SELECT 'vehicles', c.transport_id, {own}, count(*), '', NULL, '' FROM intake_vehicle c "
        "JOIN intake_version v ON v.id = c.version_id "
        "WHERE c.transport_id {among} AND c.first_day = %(day)s AND {standing} GROUP BY 2, 3"
    ),
}
"""Kind, name, declaration, how many, and of a trader's version what its facts ask; all parts alike.

A busy declarant has thousands of versions a day, so the database counts them. That a name is not empty is
said as in the index by which it is found.
"""


def _asked(declared: Sequence[Declared], column: str) -> set[str]:
    return {_id(value) for one in declared if (value := one.of(column)) is not None}


def _id(value: object) -> str:
    return "" if value is None else str(value)[:64]


def _without(of: int | None, counts: _Counts) -> int:
    """Return how many versions there are, but for those of one declaration."""
    return sum(n for declaration, n in counts.items() if declaration is None or declaration != of)


def _value(others: Sequence[_Other], declared: Declared) -> Fact:
    currency = declared.of("currency")
    if declared.of("trader_id") is None or currency is None:
        return None
    values = [one.value for one in others if one.currency == currency and one.value is not None]
    return float(sum(values, Decimal(0)))


def _same_code(others: Sequence[_Other], item: Mapping[str, object], *, known: bool) -> Fact:
    code = str(item.get("hs_code") or "")
    if not known or len(code) < 6:
        return None
    asked = f'"{code[:6]}"'
    return float(sum(asked in one.codes for one in others))
