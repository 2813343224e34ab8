"""Duties and taxes of a goods item of the WCO Data Model."""

from decimal import Decimal
from typing import Final

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.figures import figure, number, total
from daliz.engine.reading.xml.nodes import Node
from daliz.engine.reading.xml.stating import listed, stated
from daliz.engine.reading.xml.wco import codes

_HUNDRED: Final = Decimal(100)


def tax_values(commodity: Node, currency: str | None) -> Values:
    """Return preference, quota and the sums of duty, value added tax and excise in ``currency``."""
    taxes = commodity.all("DutyTaxFee")
    amounts: dict[str, list[str]] = {}
    for tax in taxes:
        text, own = _amount(tax)
        column = _column(tax.text("TypeCode"))
        if column is not None and text is not None and own in (None, currency):
            amounts.setdefault(column, []).append(text)
    return stated(
        preference=next((code for tax in taxes if (code := tax.text("DutyRegimeCode")) is not None), None),
        quota=listed(tax.text("QuotaOrderID") for tax in taxes),
        payment_methods=listed(method for tax in taxes for method in tax.texts("Payment", "MethodCode")),
    ) | stated(**{column: total(texts) for column, texts in amounts.items()})


def duty_lines(commodity: Node, item_no: str) -> list[Values]:
    """Return a row for each kind of payment that is named, with what of it is stated."""
    return [
        _line(tax, code) | {"item_no": item_no}
        for tax in commodity.all("DutyTaxFee")
        if (code := tax.text("TypeCode")) is not None
    ]


def _line(tax: Node, code: str) -> Values:
    amount, own = _amount(tax)
    quantity, value = tax.text("SpecificTaxBaseQuantity"), tax.text("AdValoremTaxBaseAmount")
    rate, percent = tax.text("TaxRateNumeric"), number(tax.text("TaxRateNumeric"))
    base = quantity if quantity is not None else value
    unit = (
        tax.attribute("unitCode", "SpecificTaxBaseQuantity") if quantity is not None
        else tax.attribute("currencyID", "AdValoremTaxBaseAmount")
    )  # fmt: skip
    specific = quantity is not None
    if rate is not None and percent is not None and not specific:
        rate = f"{percent / _HUNDRED:f}"
    return stated(
        payment_code=code,
        base=figure(base) if base is not None else None,
        base_unit=unit,
        rate=rate,
        rate_kind=None if rate is None else "specific" if specific else "ad_valorem",
        amount=amount,
        currency=own,
    )


def _amount(tax: Node) -> tuple[str | None, str | None]:
    """Return what is due, else what is to be paid, and its currency."""
    for name in ("TaxAssessedAmount", "PaymentAmount"):
        text = tax.text("Payment", name)
        if text is not None:
            return figure(text), tax.attribute("currencyID", "Payment", name)
    return None, None


def _column(code: str | None) -> str | None:
    """Return which of the sums a payment belongs to; a three-digit code of a country's own is excise."""
    if code is None:
        return None
    if code.isdigit() and len(code) == 3:
        return "excise"
    return codes.TAXES.get(code) or codes.TAXES.get(code[:1] if code[1:].isdigit() else "")
