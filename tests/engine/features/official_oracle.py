"""The oracle of what official lists say of an item: told row by row from plain lists, without any SQL."""

from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from tests.engine.features.official import EDITIONS_KNOWN, HOLD_DAYS, LINES, NATIONAL, RATES_KNOWN, Line

Row = dict[str, object]


def rate(currency: object, day: date) -> float | None:
    """National money for one unit on ``day``, or on one of the days on which it still holds."""
    for back in range(HOLD_DAYS + 1):
        known = RATES_KNOWN.get((str(currency), day - timedelta(days=back)))
        if known is not None:
            return float(Decimal(known[1]) / Decimal(known[0]))
    return None


def told(row: Row, day: date) -> Row:
    """Every feature that rests on official lists."""
    per_unit = None
    if row["invoice_currency"] is not None and row["invoice_currency"] == row["currency"]:
        per_unit = 1.0
    elif row["currency"] == NATIONAL and row["invoice_currency"] is not None:
        per_unit = rate(row["invoice_currency"], day)
    price, value = _float(row["invoice_value"]), _float(row["customs_value"])
    invoice = None if price is None or per_unit is None else price * per_unit
    comparable = invoice is not None and invoice != 0 and value is not None
    edition = _edition("tnved", day)
    unit = edition.get(str(row["hs_code"])) if edition is not None else None
    return {
        "declaration.exchange_rate": per_unit,
        "declaration.carriage_in_price": _carriage(row["delivery_terms"]),
        "item.invoice_value_national": invoice,
        "item.value_over_invoice": cast(float, value) / cast(float, invoice) if comparable else None,
        "item.additions_share": (
            (cast(float, value) - cast(float, invoice)) / cast(float, invoice) if comparable else None
        ),
        "item.code_in_force": _in_force(row["hs_code"], day),
        "item.tariff_unit": unit,
        "item.unit_is_tariff_unit": (
            None if unit is None or row["quantity_unit"] is None else row["quantity_unit"] == unit
        ),
        "item.duty_expected": _duty(row, day),
    }


def _float(value: object) -> float | None:
    return None if value is None else float(cast(Decimal, value))


def _carriage(terms: object) -> bool | None:
    if terms is None:
        return None
    words = str(terms).replace(",", " ").split()
    first = words[0].upper() if words else ""
    if first in ("EXW", "FCA", "FAS", "FOB"):
        return False
    if first in ("CFR", "CIF", "CPT", "CIP", "DAF", "DES", "DEQ", "DDU", "DAT", "DAP", "DPU", "DDP"):
        return True
    return None


def _edition(kind: str, day: date) -> dict[str, str | None] | None:
    for one, since, until, codes in EDITIONS_KNOWN:
        if one == kind and since <= day <= until:
            return dict(codes)
    return None


def _in_force(code: object, day: date) -> bool | None:
    if code is None:
        return None
    tnved, hs = _edition("tnved", day), _edition("hs", day)
    if tnved is not None:
        return code in tnved
    if hs is not None and len(str(code)) >= 6:
        return str(code)[:6] in hs
    return None


def _duty(row: Row, day: date) -> float | None:
    if row["direction"] != "import" or row["currency"] != NATIONAL or row["hs_code"] is None:
        return None
    best: tuple[tuple[bool, bool, int], Line] | None = None
    for line in LINES:
        if not (line.since <= day <= line.until and str(row["hs_code"]).startswith(line.code)):
            continue
        if line.origin not in (None, row["origin_country"]) or line.preference not in (
            None,
            row["preference"],
        ):
            continue
        rank = (line.preference is not None, line.origin is not None, len(line.code))
        if best is None or rank > best[0]:
            best = (rank, line)
    return None if best is None else _due(best[1], row, day)


def _due(line: Line, row: Row, day: date) -> float | None:
    value = _float(row["customs_value"])
    by_value = None if line.percent is None or value is None else value * float(Decimal(line.percent) / 100)
    by_measure = None
    if line.amount is not None:
        measure = row["net_mass_kg"] if line.unit == "kg" else None
        if line.unit != "kg" and line.unit == row["quantity_unit"]:
            measure = row["quantity"]
        per_unit = 1.0 if line.currency == NATIONAL else rate(line.currency, day)
        if measure is not None and per_unit is not None:
            by_measure = float(line.amount) * float(cast(float, measure)) / float(line.per) * per_unit
    if line.method is None:
        return by_value if line.percent is not None else by_measure
    if by_value is None or by_measure is None:
        return None
    return by_value + by_measure if line.method == "plus" else max(by_value, by_measure)
