"""Payments of a goods item made anew from what was found: exact decimals, by its duty lines or rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from daliz.engine.records.declaration import Value, Values

FOUND: Final = (
    "customs_value", "hs_code", "origin_country", "net_mass_kg", "gross_mass_kg", "quantity", "duty_rate",
    "description", "preference",
)  # fmt: skip
"""Columns of a goods item that a control may find other than declared."""

_CENT: Final = Decimal("0.01")
_RATE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Payments:
    """What is paid for a goods item, money, 0 or more."""

    duty: Decimal
    vat: Decimal
    excise: Decimal

    @property
    def total(self) -> Decimal:
        """All together."""
        return self.duty + self.vat + self.excise


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Payments as declared and as found."""

    declared: Payments
    found: Payments

    @property
    def additional(self) -> Decimal:
        """What is to be paid besides; 0 where more was paid than is owed."""
        return max(self.found.total - self.declared.total, Decimal("0.00"))


def recompute(item: Values, lines: Sequence[Values], found: Mapping[str, Value]) -> Recomputed:
    """Return an item's payments as declared and as they are by what was found.

    Duty follows the item's duty lines where it has any: an ad valorem line the value, a specific one the mass
    in kilograms or the quantity, a combined one the greater growth of both. Without lines it follows the
    declared or the found ad valorem rate, else the mass. Excise grows with the quantity, or the mass where no
    quantity is known. VAT keeps its declared share of value, duty and excise.

    Args:
        item: the item as declared.
        lines: its rows of ``duty_lines``.
        found: columns of ``FOUND`` with what was found.

    Example:
        >>> item = {"customs_value": Decimal("1000.00"), "duty_rate": 0.1, "duty": Decimal("100.00"),
        ...         "vat": Decimal("176.00")}
        >>> made = recompute(item, (), {"customs_value": Decimal("1500.00")})
        >>> (made.found.duty, made.found.vat, made.additional)
        (Decimal('150.00'), Decimal('264.00'), Decimal('138.00'))
    """
    declared = Payments(*(_money(item.get(name)) for name in ("duty", "vat", "excise")))
    if not found:
        return Recomputed(declared, declared)
    value, by_value = _pair(item, found, "customs_value")
    mass, quantity = _growth(item, found, "net_mass_kg"), _growth(item, found, "quantity")
    measured = quantity if quantity is not None else mass if mass is not None else Decimal(1)
    duty = _duty(item, lines, found, declared.duty, value=by_value, mass=mass, quantity=quantity)
    excise = _cents(declared.excise * measured)
    base = _money(item.get("customs_value")) + declared.duty + declared.excise
    rate = (declared.vat / base).quantize(_RATE, ROUND_HALF_UP) if base else Decimal(0)
    vat = _cents((value + duty + excise) * rate) if base else declared.vat
    return Recomputed(declared, Payments(duty, vat, excise))


def _duty(
    item: Values,
    lines: Sequence[Values],
    found: Mapping[str, Value],
    declared: Decimal,
    *,
    value: Decimal | None,
    mass: Decimal | None,
    quantity: Decimal | None,
) -> Decimal:
    rate = found.get("duty_rate")
    if rate is not None:
        return _cents(_pair(item, found, "customs_value")[0] * Decimal(str(rate)))
    duties = [line for line in lines if _money(line.get("amount")) and _is_duty(line, declared, lines)]
    if duties:
        grown = [_cents(_money(line["amount"]) * _grown(line, value, mass, quantity)) for line in duties]
        return sum(grown, Decimal("0.00"))
    if item.get("duty_rate") is not None:
        return _cents(_pair(item, found, "customs_value")[0] * Decimal(str(item["duty_rate"])))
    measured = mass if mass is not None else quantity
    return _cents(declared * (measured if measured is not None else value or Decimal(1)))


def _is_duty(line: Values, declared: Decimal, lines: Sequence[Values]) -> bool:
    """Tell whether a line is of the duty: those whose amounts, taken alone or together, give it."""
    amount = _money(line.get("amount"))
    same = [one for one in lines if one.get("payment_code") == line.get("payment_code")]
    return amount == declared or sum((_money(one.get("amount")) for one in same), Decimal(0)) == declared


def _grown(line: Values, value: Decimal | None, mass: Decimal | None, quantity: Decimal | None) -> Decimal:
    one = Decimal(1)
    kind, unit = line.get("rate_kind"), str(line.get("base_unit") or "").lower()
    measured = (mass if unit == "kg" else quantity) or one
    if kind == "specific":
        return measured
    if kind == "combined":
        return max(value or one, measured)
    return value or one


def _pair(item: Values, found: Mapping[str, Value], name: str) -> tuple[Decimal, Decimal | None]:
    """Return what holds, found or declared, and how many times what was declared it is."""
    stands = found.get(name)
    value = _money(item.get(name) if stands is None else stands)
    return value, _growth(item, found, name)


def _growth(item: Values, found: Mapping[str, Value], name: str) -> Decimal | None:
    declared, stands = item.get(name), found.get(name)
    if not declared:
        return None
    if stands is None:
        return Decimal(1)
    return Decimal(str(stands)) / Decimal(str(declared))


def _money(value: Value) -> Decimal:
    return Decimal("0.00") if value is None else _cents(Decimal(str(value)))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
