"""Duties and taxes of an ASYCUDA item: lines of code, base, rate and amount.

Whether a rate is a percentage, a fraction or money per unit the document does not say: it is what makes the
amount from the base. Codes are the country's own; those whose meaning is plain make duty, value added tax
and excise of the item, all others stand in their lines only.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.figures import figure, number, total
from daliz.engine.reading.xml.nodes import Node
from daliz.engine.reading.xml.stating import stated

_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {"VAT": "vat", "TVA": "vat", "IVA": "vat", "TVS": "vat", "TVSH": "vat", "EXC": "excise", "EXD": "excise",
     "CUD": "duty", "DUT": "duty", "DOG": "duty", "DDI": "duty", "DD": "duty", "IMD": "duty", "EXP": "duty"}
)  # fmt: skip
"""Names of taxes in English, French, Spanish and Albanian, short as codes are."""

_EAEU: Final[Mapping[str, str]] = MappingProxyType({"2": "duty", "3": "duty", "4": "excise", "5": "vat"})
"""Classifier of kinds of payments of the EAEU (decision 378 of 2010, annex 9), four digits, by the first."""

_EAEU_DIGITS: Final = 4
_HUNDRED: Final = Decimal(100)
_NEAR: Final = Decimal("0.005")
_ROUNDED: Final = Decimal(1)


def tax_values(item: Node) -> Values:
    """Return the sums of duty, value added tax and excise, the rate of duty and all that is due."""
    amounts: dict[str, list[str | None]] = {}
    rates: set[str] = set()
    for line in _lines(item):
        column = _column(line.text("duty_tax_code"))
        if column is None:
            continue
        amounts.setdefault(column, []).append(line.text("duty_tax_amount"))
        kind, rate = _rate(line, item)
        if column == "duty" and kind == "ad_valorem" and rate is not None:
            rates.add(rate)
    due = item.text("taxation", "item_taxes_amount")
    return stated(
        **{column: total(found) for column, found in amounts.items()},
        duty_rate=rates.pop() if len(rates) == 1 else None,
        item_taxes=figure(due) if due is not None else None,
    )


def duty_lines(item: Node, item_no: str, currency: str | None) -> list[Values]:
    """Return a row for each line that names its tax."""
    rows = []
    for line in _lines(item):
        kind, rate = _rate(line, item)
        base, amount = line.text("duty_tax_base"), line.text("duty_tax_amount")
        rows.append(
            stated(
                item_no=item_no, payment_code=line.text("duty_tax_code"),
                base=figure(base) if base is not None else None,
                base_unit=currency if kind == "ad_valorem" else None,
                rate=rate, rate_kind=kind,
                amount=figure(amount) if amount is not None else None,
                currency=currency if amount is not None else None,
            )
        )  # fmt: skip
    return rows


def _lines(item: Node) -> list[Node]:
    return [line for line in item.all("taxation", "taxation_line") if line.text("duty_tax_code") is not None]


def _column(code: str | None) -> str | None:
    if code is None:
        return None
    if code.isdigit() and len(code) == _EAEU_DIGITS:
        return _EAEU.get(code[0])
    return _CODES.get(code.upper())


def _rate(line: Node, item: Node) -> tuple[str | None, str | None]:
    """Return the kind of a rate and the rate: a fraction if ad valorem, else money per unit."""
    base, rate, amount = (number(line.text(f"duty_tax_{name}")) for name in ("base", "rate", "amount"))
    if rate is None or base is None:
        return None, None
    measured = base in _measures(item)
    if amount is not None and amount != 0:
        if not measured and _equal(base * rate / _HUNDRED, amount):
            return "ad_valorem", f"{rate / _HUNDRED:f}"
        if _equal(base * rate, amount):
            return ("specific", f"{rate:f}") if measured else ("ad_valorem", f"{rate:f}")
        if _equal(base * rate / _HUNDRED, amount):
            return "ad_valorem", f"{rate / _HUNDRED:f}"
        return None, None
    return ("ad_valorem", "0") if rate == 0 and not measured else (None, None)


def _equal(computed: Decimal, amount: Decimal) -> bool:
    """Return whether an amount is the computed one but for rounding."""
    return abs(computed - amount) <= max(_ROUNDED, _NEAR * abs(amount))


def _measures(item: Node) -> set[Decimal | None]:
    """Return the masses and quantities of an item, which specific rates apply to."""
    texts = [
        *item.texts("tarification", "supplementary_unit", "supplementary_unit_quantity"),
        *item.texts("valuation_item", "weight_itm", "net_weight_itm"),
        *item.texts("valuation_item", "weight_itm", "gross_weight_itm"),
    ]
    return {number(text) for text in texts} - {None}
