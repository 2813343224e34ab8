"""Import duty of an item by the tariff's lines: ad valorem, specific, or both combined.

The rates are those of the day on which the declaration is registered. Of the lines in force, one of the
preference that is claimed goes before one of none, then one for the country of origin before one for any,
then the one with the longest code.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from daliz.engine.official.duty_text import NOT_LESS
from daliz.engine.official.lists import OfficialLists
from daliz.engine.official.rates import ExchangeRates
from daliz.engine.official.shelf import Row
from daliz.engine.official.units import KILOGRAM, unit_codes, unit_of_duty

_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Goods:
    """What the duty on an item rests on; what is not known is None.

    Attributes:
        code: goods code, all of its digits.
        origin: country of origin.
        preference: the tariff preference claimed, None if none.
        customs_value: in the administration's currency.
        net_mass_kg: kilograms.
        quantity: in ``quantity_unit``.
        quantity_unit: code of the supplementary unit.
    """

    code: str
    origin: str | None = None
    preference: str | None = None
    customs_value: Decimal | None = None
    net_mass_kg: Decimal | None = None
    quantity: Decimal | None = None
    quantity_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The duty on an item.

    Attributes:
        amount: rounded half up to hundredths; None if something that the line needs is unknown.
        line: the line of the tariff that applied.
        by: ``ad_valorem`` or ``specific``, whichever decided; ``both`` where they are added; None if unknown.
    """

    amount: Decimal | None
    line: Row
    by: str | None


def duty_line(lists: OfficialLists, goods: Goods, day: date) -> Row | None:
    """Return the line of the tariff that applies to ``goods`` on ``day``; None if there is none."""
    lines = [
        row
        for row in lists.shelf("duty").on("duty", day).values()
        if goods.code.startswith(row["code"])
        and row["origin"] in ("", goods.origin)
        and row["preference"] in ("", goods.preference)
    ]
    return max(
        lines,
        key=lambda row: (bool(row["preference"]), bool(row["origin"]), len(row["code"]), row["valid_from"]),
        default=None,
    )


def duty(lists: OfficialLists, goods: Goods, day: date, *, rates: ExchangeRates) -> Due | None:
    """Return the import duty on ``goods`` declared on ``day``; None if the tariff has no line for them."""
    line = duty_line(lists, goods, day)
    if line is None:
        return None
    by_value, by_measure = _ad_valorem(line, goods), _specific(lists, line, goods, day, rates)
    if not line["method"]:
        amount, by = (by_value, "ad_valorem") if line["ad_valorem"] else (by_measure, "specific")
    elif by_value is None or by_measure is None:
        amount, by = None, "both"
    elif line["method"] == NOT_LESS:
        amount, by = (by_value, "ad_valorem") if by_value >= by_measure else (by_measure, "specific")
    else:
        amount, by = by_value + by_measure, "both"
    if amount is None:
        return Due(None, line, None)
    return Due(amount.quantize(_HUNDREDTH, ROUND_HALF_UP), line, by)


def _ad_valorem(line: Row, goods: Goods) -> Decimal | None:
    if not line["ad_valorem"] or goods.customs_value is None:
        return None
    return goods.customs_value * Decimal(line["ad_valorem"]) / 100


def _specific(
    lists: OfficialLists, line: Row, goods: Goods, day: date, rates: ExchangeRates
) -> Decimal | None:
    if not line["amount"]:
        return None
    unit = unit_of_duty(line["unit"], unit_codes(lists))
    measure = None
    if unit == KILOGRAM:
        measure = goods.net_mass_kg
    elif unit == goods.quantity_unit:
        measure = goods.quantity
    rate = rates.rate(line["currency"], day)
    if measure is None or rate is None:
        return None
    return Decimal(line["amount"]) * measure / Decimal(line["per"] or "1") * rate.per_unit
