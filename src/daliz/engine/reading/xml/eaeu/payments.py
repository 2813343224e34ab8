"""What is due: calculated for an item (box 47), in all (box B), and secured (box 52).

Kinds of payment begin with a digit: 1 fees, 2 import duties (2010 the customs duty, the others special,
anti-dumping and countervailing), 3 export duties, 4 excises, 5 value added tax.

Sources:
    Decision of the Commission of the Customs Union No 378 of 20 September 2010 (classifiers).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.eaeu.values import amount, currency, said, written
from daliz.engine.reading.xml.elements import Element

_COLUMNS: Final = {"1": "fees", "2": "duty", "3": "duty", "4": "excise", "5": "vat"}
_CONDITIONAL: Final = ("УН", "UN")
"""Way of payment: calculated on condition, not to be paid."""

_UNITS: Final = {"166": "kg"}


def calculated(item: Element) -> tuple[Values, list[Values]]:
    """Return an item's duty rate, duty, excise, tax and fees, and the rows of ``duty_lines``."""
    lines = list(item.all("ESADout_CUCustomsPaymentCalculation", "CustomsPaymentCalculation"))
    values = _sums(lines)
    rate = next((line for line in lines if (line.text("PaymentModeCode") or "")[:1] in ("2", "3")), None)
    if rate is not None and _kind(rate) == "ad_valorem":
        values |= said(duty_rate=_rate(rate))
    rows = [
        said(
            payment_code=line.text("PaymentModeCode"),
            base=line.text("TaxBase"),
            base_unit=currency(line.text("TaxBaseCurrencyCode")) or _unit(line.text("TaxBaseQualifierCode")),
            rate=_rate(line),
            rate_kind=_kind(line),
            amount=line.text("PaymentAmount"),
            currency=currency(line.text("PaymentCurrencyCode")),
        )
        for line in lines
    ]
    return values, [row for row in rows if row]


def totals(shipment: Element) -> Values:
    """Return the sums to be paid that box B states, by the column of the items that they sum up."""
    return _sums(shipment.one("ESADout_CUPayments").all("ESADout_CUCustomsPayment"))


def guarantees(shipment: Element) -> list[Values]:
    """Return the rows of ``guarantees``; one without a number is called by its place."""
    own = currency(shipment.text("CustCostCurrencyCode"))
    rows = []
    for place, security in enumerate(
        shipment.all("Guarantee", "TDGuarantee", "ESADout_CUGuarantee"), start=1
    ):
        details = security.one(
            "GuaranteeDocDetails", "GuaranteeCertificateIdDetails", "RegisterDocumentIdDetails"
        )
        number = security.text("DocumentNumber", "DocNumber") or details.text(
            "PrDocumentNumber", "GTDNumber", "DocId"
        )
        rows.append(
            said(
                guarantee_id=number or f"#{place}",
                guarantee_kind=security.text("PaymentWayCode", "MeasureCode"),
                amount=security.text("Amount", "GuaranteeAmount"),
                currency=own,
            )
        )
    return rows


def _sums(lines: Iterable[Element]) -> Values:
    """Return the sums by column of what is to be paid; none where an amount is not a number."""
    found: dict[str, Decimal | None] = {}
    for line in lines:
        name = _COLUMNS.get((line.text("PaymentModeCode") or "")[:1])
        text = line.text("PaymentAmount")
        if name is None or text is None or (line.text("PaymentCode") or "").upper() in _CONDITIONAL:
            continue
        value, before = amount(text), found.get(name, Decimal(0))
        found[name] = None if value is None or before is None else before + value
    return {name: written(total) for name, total in found.items() if total is not None}


def _kind(line: Element) -> str | None:
    sign = line.text("RateTypeCode")
    return {"%": "ad_valorem", "*": "specific"}.get(sign, "combined") if sign is not None else None


def _rate(line: Element) -> str | None:
    """Return the rate: percent as a fraction."""
    text = line.text("Rate")
    value = amount(text)
    if value is None or _kind(line) != "ad_valorem":
        return text
    return written(value / 100)


def _unit(code: str | None) -> str | None:
    return _UNITS.get(code, code) if code is not None else None
