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

PAYMENTS: Final = ("duty", "vat", "excise")
"""What is paid for a goods item."""

_MEASURED: Final = frozenset({"customs_value", "net_mass_kg", "quantity", "duty_rate"})
_CENT: Final = Decimal("0.01")
_RATE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Payments:
    """What is paid for a goods item, money, 0 or more; None where it is unknown, which is not nothing."""

    duty: Decimal | None
    vat: Decimal | None
    excise: Decimal

    def of(self, name: str) -> Decimal | None:
        """Return one of ``PAYMENTS``."""
        return {"duty": self.duty, "vat": self.vat, "excise": self.excise}[name]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Payments as declared and as found.

    Attributes:
        declared: as they were declared.
        found: as they are by what was found.
        unknown: names of the payments of which it cannot be said what is to be paid besides.
    """

    declared: Payments
    found: Payments
    unknown: tuple[str, ...] = ()

    @property
    def additional(self) -> Decimal | None:
        """What is to be paid besides; 0 where more was paid than is owed, None where it is unknown."""
        if self.unknown:
            return None
        nothing = Decimal("0.00")
        differ = [(self.found.of(name), self.declared.of(name)) for name in PAYMENTS]
        return max(sum(((a or nothing) - (b or nothing) for a, b in differ), nothing), nothing)


def recompute(item: Values, lines: Sequence[Values], found: Mapping[str, Value]) -> Recomputed:
    """Return an item's payments as declared and as they are by what was found.

    Duty follows the item's duty lines where it has any: an ad valorem line the value, a specific one the mass
    in kilograms or the quantity, a combined one the greater growth of both. Without lines it follows the
    declared or the found ad valorem rate, else the mass. Excise grows with the quantity, or the mass where no
    quantity is known; goods that declare none have none. VAT keeps its declared share of value, duty and
    excise. A duty or VAT that is not declared, or that nothing tells how to reckon, is unknown.

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
        >>> made = recompute({"customs_value": Decimal("1000.00")}, (), {"customs_value": Decimal("1500.00")})
        >>> (made.unknown, made.additional)
        (('duty', 'vat'), None)
    """
    declared = Payments(_known(item.get("duty")), _known(item.get("vat")), _money(item.get("excise")))
    if not _MEASURED.intersection(found):
        return Recomputed(declared, declared)
    value, by_value = _pair(item, found, "customs_value")
    mass, quantity = _growth(item, found, "net_mass_kg"), _growth(item, found, "quantity")
    measured = quantity if quantity is not None else mass if mass is not None else Decimal(1)
    duty = _duty(item, lines, found, declared.duty, value=by_value, mass=mass, quantity=quantity)
    excise = _cents(declared.excise * measured)
    vat = _vat(declared, _known(item.get("customs_value")), _sum(value, duty, excise))
    made = Payments(duty, vat, excise)
    unknown = tuple(name for name in PAYMENTS if None in (declared.of(name), made.of(name)))
    return Recomputed(declared, made, unknown)


def _vat(declared: Payments, value: Decimal | None, stands: Decimal | None) -> Decimal | None:
    """Return the VAT of what stands, value with duty and excise, by the share that was declared."""
    base = _sum(value, declared.duty, declared.excise)
    if declared.vat is None or base is None or stands is None:
        return None
    if not base:
        return declared.vat
    return _cents(stands * (declared.vat / base).quantize(_RATE, ROUND_HALF_UP))


def _sum(*amounts: Decimal | None) -> Decimal | None:
    """Return the sum; None where one of the amounts is unknown."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal("0.00")) if len(known) == len(amounts) else None


def _duty(
    item: Values,
    lines: Sequence[Values],
    found: Mapping[str, Value],
    declared: Decimal | None,
    *,
    value: Decimal | None,
    mass: Decimal | None,
    quantity: Decimal | None,
) -> Decimal | None:
    stands = _pair(item, found, "customs_value")[0]
    rate = found.get("duty_rate")
    if rate is not None:
        return None if stands is None else _cents(stands * Decimal(str(rate)))
    duties = [line for line in lines if _money(line.get("amount")) and _is_duty(line, declared, lines)]
    if duties:
        grown = [_cents(_money(line["amount"]) * _grown(line, value, mass, quantity)) for line in duties]
        return sum(grown, Decimal("0.00"))
    if item.get("duty_rate") is not None:
        return None if stands is None else _cents(stands * Decimal(str(item["duty_rate"])))
    measured = mass if mass is not None else quantity
    if declared is None:
        return None
    return _cents(declared * (measured if measured is not None else value or Decimal(1)))


def _is_duty(line: Values, declared: Decimal | None, lines: Sequence[Values]) -> bool:
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


def _pair(item: Values, found: Mapping[str, Value], name: str) -> tuple[Decimal | None, Decimal | None]:
    """Return what holds, found or declared, and how many times what was declared it is."""
    stands = found.get(name)
    return _known(item.get(name) if stands is None else stands), _growth(item, found, name)


def _growth(item: Values, found: Mapping[str, Value], name: str) -> Decimal | None:
    declared, stands = item.get(name), found.get(name)
    if not declared:
        return None
    if stands is None:
        return Decimal(1)
    return Decimal(str(stands)) / Decimal(str(declared))


def _known(value: Value) -> Decimal | None:
    return None if value is None else _cents(Decimal(str(value)))


def _money(value: Value) -> Decimal:
    return Decimal("0.00") if value is None else _cents(Decimal(str(value)))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
