"""What one declaration states, in Python: the same facts as ``groups.stated`` computes in SQL for many.

For live assessment and for checking what is submitted, where a declaration stands alone and its answer is
awaited. A test holds both equal, bit for bit.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from daliz.engine.features.catalogue import VOCABULARY
from daliz.engine.features.clock import day_number
from daliz.engine.features.groups import listed
from daliz.engine.features.vocabulary import Feature, Grain, Kind
from daliz.engine.records.declaration import Declaration, Value, Values

Fact: TypeAlias = str | float | bool | date | None
"""A value as compiled indicators take it: numbers as float."""

LISTED: Final = frozenset(listed.FACTS) - {"declaration.carriage_in_price"}
"""Stated facts that rest on official lists: ``official_alone`` tells them."""


@dataclass(frozen=True)
class Moment:
    """When a version is registered, in the days of a zone.

    Attributes:
        registered_at: UTC.
        zone: IANA name.
        holidays: days not worked, besides Saturdays and Sundays.
    """

    registered_at: datetime
    zone: str
    holidays: Collection[date] = field(repr=False)

    @cached_property
    def local(self) -> datetime:
        """The time on the wall."""
        return self.registered_at.astimezone(ZoneInfo(self.zone))

    @property
    def day(self) -> date:
        """The local day."""
        return self.local.date()

    @property
    def monday(self) -> date:
        """The Monday of its week."""
        return self.day - timedelta(days=self.day.weekday())

    @property
    def days_to_rest(self) -> int:
        """Days to the next day not worked; 0 on one of them."""
        return next(n for n in range(7) if not self._works(self.day + timedelta(days=n)))

    def _works(self, day: date) -> bool:
        return day.isoweekday() <= 5 and day not in self.holidays


@dataclass(frozen=True)
class Stating:
    """A version of a declaration that states facts."""

    declaration: Declaration
    version: int
    moment: Moment

    def whole(self, column: str) -> Decimal | None:
        """Return the sum of a money column; None if any item lacks it."""
        values = [item.get(column) for item in self.declaration.items]
        if any(value is None for value in values):
            return None
        return sum((Decimal(str(value)) for value in values), Decimal(0))

    @cached_property
    def customs_value(self) -> Decimal | None:
        """Customs value of the whole."""
        return self.whole("customs_value")

    def mass(self, column: str) -> float | None:
        """Return masses added in the order of the items; None if any item lacks it."""
        total: float | None = None
        for item in self.declaration.items:
            value = item.get(column)
            if value is None:
                return None
            total = _number(value) if total is None else total + _number(value)
        return total

    @property
    def taxes(self) -> Decimal | None:
        """Payments of the whole; None if those of any item are unknown."""
        values = [_taxes(item) for item in self.declaration.items]
        return (
            None if any(v is None for v in values) else sum((v for v in values if v is not None), Decimal(0))
        )

    def different(self, column: str) -> float:
        """Return how many different values a column of the items has."""
        return float(len({item[column] for item in self.declaration.items if item.get(column) is not None}))


def stated_facts(
    stating: Stating, names: Collection[str], further: Sequence[Feature] = ()
) -> list[dict[str, Fact]]:
    """Return the stated facts ``names`` of each goods item; those not stated here are left out.

    Args:
        stating: the version.
        names: features wanted, of any group.
        further: a pack's own features over further columns.
    """
    own = {feature.name: feature for feature in further if feature.name in names}
    of_whole = {name: finite(give(stating)) for name, give in _WHOLE.items() if name in names}
    of_item = [(name, give) for name, give in _ITEM.items() if name in names]
    rows = []
    for item in stating.declaration.items:
        row = dict(of_whole)
        row.update({name: finite(give(item, stating)) for name, give in of_item})
        row.update({name: _further(feature, item, stating) for name, feature in own.items()})
        rows.append(row)
    return rows


def _number(value: object) -> float:
    return float(value)  # type: ignore[arg-type]  # columns of amounts hold numbers


def finite(value: object) -> Fact:
    """Return a fact as SQL gives it: no infinity, no negative zero, numbers as float."""
    if value is None or isinstance(value, str | bool | date):
        return value
    number = _number(value)
    return number + 0.0 if math.isfinite(number) else None


def _ratio(over: object, under: object) -> float | None:
    if over is None or under is None:
        return None
    below = _number(under)
    return _number(over) / below if below != 0 else None


def _taxes(item: Values) -> Decimal | None:
    parts = [item.get(name) for name in ("duty", "vat", "excise")]
    known = [Decimal(str(part)) for part in parts if part is not None]
    return sum(known, Decimal(0)) if known else None


def _digits(count: int) -> Callable[[Values, Stating], Value]:
    def of(item: Values, _: Stating) -> Value:
        code = item.get("hs_code")
        return code[:count] if isinstance(code, str) and len(code) >= count else None

    return of


def _same(left: Value, right: Value) -> bool | None:
    return None if left is None or right is None else left == right


def _carriage(stating: Stating) -> bool | None:
    term = str(stating.declaration.of("delivery_terms") or "").lstrip(" ")
    code, after = term[:3], term[3:4]
    if len(code) < 3 or not (code.isascii() and code.isalpha()) or (after.isascii() and after.isalpha()):
        return None
    if code.upper() in listed.CARRIAGE_PAID:
        return True
    return False if code.upper() in listed.CARRIAGE_UNPAID else None


def _documents(stating: Stating) -> float:
    rows = stating.declaration.below.get("documents", ())
    return float(len({(r.get("document_code") or "", r.get("document_number") or "") for r in rows}))


def _containers(stating: Stating) -> float:
    return float(len({r["container_id"] for r in stating.declaration.below.get("containers", ())}))


def _header(column: str) -> Callable[[Stating], object]:
    return lambda stating: stating.declaration.of(column)


def _column(column: str) -> Callable[[Values, Stating], object]:
    return lambda item, _: item.get(column)


_WHOLE_CALCULATED: Final[Mapping[str, Callable[[Stating], object]]] = {
    "declaration.version": lambda s: float(s.version),
    "declaration.item_count": lambda s: float(len(s.declaration.items)),
    "declaration.distinct_codes": lambda s: s.different("hs_code"),
    "declaration.distinct_origins": lambda s: s.different("origin_country"),
    "declaration.customs_value": lambda s: s.customs_value,
    "declaration.net_mass_kg": lambda s: s.mass("net_mass_kg"),
    "declaration.gross_mass_kg": lambda s: s.mass("gross_mass_kg"),
    "declaration.taxes": lambda s: s.taxes,
    "declaration.trader_is_declarant": lambda s: _same(
        s.declaration.of("trader_id"), s.declaration.of("declarant_id")
    ),
    "declaration.document_count": _documents,
    "declaration.container_count": _containers,
    "declaration.carriage_in_price": _carriage,
    "calendar.weekday": lambda s: float(s.moment.day.isoweekday()),
    "calendar.hour": lambda s: float(s.moment.local.hour),
    "calendar.month": lambda s: float(s.moment.day.month),
    "calendar.is_working_day": lambda s: s.moment.days_to_rest > 0,
    "calendar.days_to_rest": lambda s: float(s.moment.days_to_rest),
}

_ITEM_CALCULATED: Final[Mapping[str, Callable[[Values, Stating], object]]] = {
    "item.hs_chapter": _digits(2),
    "item.hs_heading": _digits(4),
    "item.hs_subheading": _digits(6),
    "item.description_length": lambda i, _: (
        None if i.get("description") is None else float(len(str(i["description"])))
    ),
    "item.unit_value": lambda i, _: _ratio(i.get("customs_value"), i.get("net_mass_kg")),
    "item.value_per_unit": lambda i, _: _ratio(i.get("customs_value"), i.get("quantity")),
    "item.mass_per_unit": lambda i, _: _ratio(i.get("net_mass_kg"), i.get("quantity")),
    "item.taxes": lambda i, _: _taxes(i),
    "item.packing_ratio": lambda i, _: _ratio(i.get("gross_mass_kg"), i.get("net_mass_kg")),
    "item.value_share": lambda i, s: _ratio(i.get("customs_value"), s.customs_value),
    "item.origin_is_departure": lambda i, s: _same(
        i.get("origin_country"), s.declaration.of("departure_country")
    ),
}

_STATED: Final = ("item", "declaration", "calendar")
_WHOLE: Final[Mapping[str, Callable[[Stating], object]]] = {
    f.name: _WHOLE_CALCULATED.get(f.name) or _header(f.name.partition(".")[2])
    for f in VOCABULARY.values()
    if f.group in _STATED and f.grain is Grain.DECLARATION and f.name not in LISTED
}
_ITEM: Final[Mapping[str, Callable[[Values, Stating], object]]] = {
    f.name: _ITEM_CALCULATED.get(f.name) or _column(f.name.partition(".")[2])
    for f in VOCABULARY.values()
    if f.group in _STATED and f.grain is Grain.ITEM and f.name not in LISTED
}


def _further(feature: Feature, item: Values, stating: Stating) -> Fact:
    """Return a further column in the declared kind; what is no value of it is unknown."""
    group, _, short = feature.name.partition(".")
    value = item.get(short) if group == "item" else stating.declaration.of(short)
    if value is None or feature.kind is Kind.TEXT:
        return None if value is None else str(value)
    text = str(value).strip()
    try:
        if feature.kind is Kind.NUMBER:
            return finite(float(text))
        if feature.kind is Kind.DATE:
            return date.fromisoformat(text)
    except ValueError:
        return None
    return {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}.get(text.lower())


def week_number(moment: Moment) -> int:
    """Return the number of the Monday of the moment's week, as histories count days."""
    return day_number(moment.monday)
