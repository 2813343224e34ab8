"""What the same day's facts count: versions first registered on it that stood just before an instant."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from daliz.customs.intake.models import Vehicle, Version
from daliz.customs.intake.translate import vehicles_of
from daliz.engine.features.alone import Fact
from daliz.engine.features.lookup import TODAY
from daliz.engine.records.declaration import Declaration as Declared

_BY_TRADER: Final = frozenset(
    {"today.trader_declarations", "today.trader_customs_value", "today.same_code_declarations"}
)


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
        declarants: how many versions of which declaration, by declarant.
        vehicles: declarations by vehicle, one for each version.
    """

    wanted: Sequence[str]
    traders: Mapping[str, Sequence[_Other]]
    declarants: Mapping[str, Mapping[int, int]]
    vehicles: Mapping[str, Sequence[int]]

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
            counts = self.declarants.get(_id(declarant), {})
            known = float(sum(n for declaration, n in counts.items() if declaration != of))
            whole["today.declarant_declarations"] = None if declarant is None else known
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
        return float(max(sum(one != of for one in self.vehicles.get(vehicle, ())) for vehicle in vehicles))


def same_day(
    versions: Sequence[tuple[Version, Declared]], *, day: date, at: datetime, names: Collection[str]
) -> SameDay:
    """Read what the same day's facts of some declarations count: one query for each kind that is wanted.

    Args:
        versions: that ask, with what they state.
        day: the local day.
        at: the instant of registration.
        names: facts wanted.
    """
    wanted = [name for name in TODAY if name in names]
    declared = [one for _, one in versions]
    traders: dict[str, list[_Other]] = {}
    if not _BY_TRADER.isdisjoint(wanted) and (asked := _asked(declared, "trader_id")):
        found = _before(day, at).filter(trader_id__in=asked).annotate(said=Cast("codes", TextField()))
        for trader, *other in found.values_list(
            "trader_id", "declaration_id", "currency", "customs_value", "said"
        ):
            traders.setdefault(trader, []).append(_Other(*other))
    declarants: dict[str, dict[int, int]] = {}
    if "today.declarant_declarations" in wanted and (asked := _asked(declared, "declarant_id")):
        counted = _before(day, at).filter(declarant_id__in=asked).values("declarant_id", "declaration_id")
        for declarant, declaration, count in counted.annotate(n=Count("id")).values_list(
            "declarant_id", "declaration_id", "n"
        ):
            declarants.setdefault(declarant, {})[declaration] = count
    vehicles: dict[str, list[int]] = {}
    carried = {vehicle for one in declared for vehicle in vehicles_of(one)}
    if "today.vehicle_declarations" in wanted and carried:
        rows = Vehicle.objects.filter(transport_id__in=carried, first_day=day, version__in=_before(day, at))
        for vehicle, declaration in rows.values_list("transport_id", "version__declaration_id"):
            vehicles.setdefault(vehicle, []).append(declaration)
    return SameDay(wanted, traders, declarants, vehicles)


def _before(day: date, at: datetime) -> QuerySet[Version]:
    """Return the versions first registered on ``day`` that stood just before ``at``."""
    standing = Version.objects.filter(first_day=day, registered_at__lt=at)
    return standing.filter(Q(replaced_at=None) | Q(replaced_at__gte=at)).order_by()


def _asked(declared: Sequence[Declared], column: str) -> set[str]:
    return {_id(value) for one in declared if (value := one.of(column)) is not None}


def _id(value: object) -> str:
    return "" if value is None else str(value)[:64]


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
