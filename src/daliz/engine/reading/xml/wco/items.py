"""One goods item of the WCO Data Model."""

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.figures import figure, number, total
from daliz.engine.reading.xml.nodes import Node
from daliz.engine.reading.xml.stating import THEIRS, country, listed, stated
from daliz.engine.reading.xml.wco import codes
from daliz.engine.reading.xml.wco.duties import tax_values

_TARIFF = ("TSP", "HS", "SRX", "CC", None)
_MORE_DIGITS = ("TRC",)
_PREFERENTIAL = "2"


def item_values(item: Node, number_of: int, *, currency: str | None, invoice_currency: str | None) -> Values:
    """Return what an item states.

    Args:
        item: of the declaration.
        number_of: its place among the items, from 1, where it bears no number.
        currency: of the administration, which the canonical values are in.
        invoice_currency: of the declaration's invoice.
    """
    commodity = item.first("Commodity") or item
    values = stated(
        item_no=item.text("SequenceNumeric") or str(number_of),
        description=commodity.text("Description"),
        item_procedure=procedure_of(item),
        additional_procedures=listed(_additional_procedures(item)),
        packages=total(item.texts("Packaging", "QuantityQuantity")),
        package_kinds=listed(item.texts("Packaging", "TypeCode")),
        marks=listed(item.texts("Packaging", "MarksNumbersID")),
        valuation_method=item.text("CustomsValuation", "MethodCode"),
        charges=charges_of(item.first("CustomsValuation")),
        transaction_nature=item.text("TransactionNatureCode"),
        statements=listed(map(_statement, item.all("AdditionalInformation"))),
    )
    values |= _classification(commodity) | _measures(commodity) | _origin(item)
    return values | _money(item, commodity, currency, invoice_currency) | tax_values(commodity, currency)


def procedure_of(item: Node) -> str | None:
    """Return the procedure requested and the one before, as ``4071``."""
    for one in item.all("GovernmentProcedure"):
        current, previous = one.text("CurrentCode"), one.text("PreviousCode")
        if previous is not None:
            return (current or "") + previous
    only = item.texts("GovernmentProcedure", "CurrentCode")
    return only[0] if only and len(only[0]) in (2, 4) else None


def _additional_procedures(item: Node) -> list[str]:
    """Return the codes that stand beside the procedure, as ``000`` or ``1CS``."""
    alone = [one for one in item.all("GovernmentProcedure") if one.text("PreviousCode") is None]
    found = [code for one in alone if (code := one.text("CurrentCode")) is not None]
    return found[1:] if found and found[0] == procedure_of(item) else found


def _classification(commodity: Node) -> Values:
    """Return the commodity code, its further digits joined to it, and the codes beside it."""
    by_type: dict[str | None, list[str]] = {}
    for one in commodity.all("Classification"):
        code = one.text("ID")
        if code is not None:
            by_type.setdefault(one.text("IdentificationTypeCode"), []).append(code)
    first = next((by_type[kind] for kind in _TARIFF if kind in by_type), [])
    further = [code for kind in _MORE_DIGITS for code in by_type.get(kind, [])[:1]]
    beside = [
        f"{kind} {code}" if kind else code
        for kind, found in by_type.items() if kind not in (*_MORE_DIGITS, "CV")
        for code in (found[1:] if found is first else found)
    ]  # fmt: skip
    code = "".join([*first[:1], *further]) or None
    code = code.replace(".", "").replace(" ", "") if code is not None else None
    known = code is not None and code.isdigit()
    return stated(
        hs_code=code if known else None, hs_code_theirs=None if known else code,
        additional_codes=listed(beside), cus_code=listed(by_type.get("CV", [])),
    )  # fmt: skip


def _measures(commodity: Node) -> Values:
    measure = commodity.first("GoodsMeasure")
    if measure is None:
        return {}
    return (
        mass(measure, "GrossMassMeasure", "gross_mass_kg")
        | mass(measure, "NetWeightMeasure", "net_mass_kg")
        | mass(measure, "NetNetWeightMeasure", "net_mass_kg")
        | stated(
            quantity=_plain(measure.text("TariffQuantity")),
            quantity_unit=measure.attribute("unitCode", "TariffQuantity"),
        )
    )


def mass(measure: Node, name: str, column: str) -> Values:
    """Return a mass in kilograms; one in a unit that is none of mass stays theirs, with the unit."""
    text, unit = measure.text(name), measure.attribute("unitCode", name)
    if text is None:
        return {}
    found, shift = number(text), codes.mass_shift(unit)
    if shift is None:
        return {column + THEIRS: f"{figure(text)} {unit}"}
    return {column: f"{found.scaleb(shift):f}" if found is not None and shift else figure(text)}


def _origin(item: Node) -> Values:
    """Return the country of origin: the preferential one where preference is claimed with it alone."""
    origins = item.all("Origin")
    plain = [one for one in origins if one.text("TypeCode") != _PREFERENTIAL]
    preferential = [one for one in origins if one not in plain]
    chosen = (plain or preferential)[:1]
    code = chosen[0].text("CountryCode") if chosen else None
    claimed = preferential[0].text("CountryCode") if preferential else None
    return (
        country("origin_country", code)
        | stated(preferential_origin=claimed)
        | country("item_departure_country", item.text("ExportCountry", "ID"))
    )


def _money(item: Node, commodity: Node, currency: str | None, invoice_currency: str | None) -> Values:
    """Return values and price; what is in another currency than its column stands beside, with its own."""
    values: Values = {}
    for name, column, node in (
        ("CustomsValueAmount", "customs_value", item.first("CustomsValueAmount")),
        ("StatisticalValueAmount", "statistical_value", item.first("StatisticalValueAmount")),
        ("ItemChargeAmount", "invoice_value", commodity.first("InvoiceLine", "ItemChargeAmount")),
    ):
        text = node.text() if node is not None else None
        if node is None or text is None:
            continue
        own, wanted = (
            node.attribute("currencyID"),
            invoice_currency if name == "ItemChargeAmount" else currency,
        )
        if own is None or own == wanted:
            values[column] = figure(text)
        else:
            values |= {column + THEIRS: figure(text), f"{column}{THEIRS}_currency": own}
    if "customs_value" in values:
        values["customs_value_from"] = "customs"
    elif "statistical_value" in values and "customs_value" + THEIRS not in values:
        values |= {"customs_value": values["statistical_value"], "customs_value_from": "statistical"}
    return values


def charges_of(valuation: Node | None) -> str | None:
    """Return the additions and deductions of a valuation: code, amount and currency of each."""
    if valuation is None:
        return None
    told = (
        (one.text("ChargesTypeCode"), _plain(one.text("OtherChargeDeductionAmount")),
         one.attribute("currencyID", "OtherChargeDeductionAmount"))
        for one in valuation.all("ChargeDeduction")
    )  # fmt: skip
    return "; ".join(" ".join(filter(None, parts)) for parts in told) or None


def _plain(text: str | None) -> str | None:
    return figure(text) if text is not None else None


def _statement(one: Node) -> str | None:
    return " ".join(filter(None, (one.text("StatementCode"), one.text("StatementDescription")))) or None
