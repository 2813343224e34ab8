"""One goods item of an ASYCUDA declaration."""

from typing import Final

from daliz.engine.reading.xml.asycuda.duties import tax_values
from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.figures import figure, number, total
from daliz.engine.reading.xml.nodes import Node
from daliz.engine.reading.xml.stating import listed, stated

_COSTS: Final = (
    ("external_freight", ("item_external_freight",)),
    ("internal_freight", ("item_internal_freight",)),
    ("insurance", ("item_insurance",)),
    ("other_costs", ("item_other_cost", "item_other_costs")),
    ("deductions", ("item_deduction", "item_deductions")),
)
_MOST_DIGITS: Final = 12
_MAIN_UNITS: Final = 3


def item_values(item: Node, place: int) -> Values:
    """Return what an item states; ``place`` is its number, counted from 1."""
    tariff, goods = item.first("tarification") or item, item.first("goods_description") or item
    return (
        stated(
            item_no=str(place),
            description=goods.text("commercial_description") or goods.text("description_of_goods"),
            tariff_description=goods.text("description_of_goods"),
            origin_country=goods.text("country_of_origin_code"),
            item_procedure=tariff.text("extended_customs_procedure"),
            additional_procedures=tariff.text("national_customs_procedure"),
            preference=tariff.text("preference_code"),
            quota=tariff.text("quota_code") or tariff.text("quota", "quotacode"),
            valuation_method=tariff.text("valuation_method_code"),
            additional_information=tariff.text("a.i._code"),
            packages=total(item.texts("packages", "number_of_packages")),
            package_kinds=listed(item.texts("packages", "kind_of_packages_code")),
            marks=listed(
                [*item.texts("packages", "marks1_of_packages"), *item.texts("packages", "marks2_of_packages")]
            ),
            licence=item.text("licence_number") or item.text("licence_number", "licence_number"),
            free_text=listed([item.text("free_text_1"), item.text("free_text_2")]),
        )
        | _commodity(tariff)
        | _quantities(tariff)
        | _values(item, tariff)
        | tax_values(item)
    )


def _commodity(tariff: Node) -> Values:
    """Return the commodity code with the national digits that follow it, and the rest of its precision."""
    code = tariff.text("hscode", "commodity_code")
    precision = tariff.text("hscode", "precision_1")
    joined = "".join((code or "").replace(".", "").split())
    if joined and precision is not None and precision.isdigit() and len(joined + precision) <= _MOST_DIGITS:
        joined, precision = joined + precision, None
    return stated(
        hs_code=joined or None,
        precision=listed([precision, *(tariff.text("hscode", f"precision_{n}") for n in (2, 3, 4))]),
    )


def _quantities(tariff: Node) -> Values:
    """Return the supplementary quantities: the first is the quantity, the others stand beside it."""
    values: Values = {}
    place = 0
    for unit in tariff.all("supplementary_unit"):
        code, text = unit.text("supplementary_unit_code"), unit.text("supplementary_unit_quantity")
        if text is None or (code is None and not number(text)):
            continue
        place += 1
        suffix = f"_{place}" if place > 1 else ""
        if place <= _MAIN_UNITS:
            unit_name = code or unit.text("supplementary_unit_name")
            values |= stated(**{f"quantity{suffix}": figure(text), f"quantity_unit{suffix}": unit_name})
    return values


def _values(item: Node, tariff: Node) -> Values:
    valuation = item.first("valuation_item") or item
    customs, statistical = _figure(valuation, "total_cif_itm"), _figure(valuation, "statistical_value")
    values = stated(
        gross_mass_kg=_figure(valuation, "weight_itm", "gross_weight_itm"),
        net_mass_kg=_figure(valuation, "weight_itm", "net_weight_itm"),
        customs_value=customs or statistical,
        customs_value_from="customs" if customs else "statistical" if statistical else None,
        statistical_value=statistical,
        adjustment_rate=_figure(valuation, "rate_of_adjustement") or _figure(valuation, "rate_of_adjustment"),
        invoice_value=_figure(valuation, "item_invoice", "amount_foreign_currency")
        or _figure(tariff, "item_price"),
        invoice_value_national=_figure(valuation, "item_invoice", "amount_national_currency"),
    )
    for column, names in _COSTS:
        found = (_figure(valuation, name, "amount_national_currency") for name in names)
        values |= stated(**{column: next((text for text in found if text is not None), None)})
    return values


def _figure(node: Node, *path: str) -> str | None:
    text = node.text(*path)
    return figure(text) if text is not None else None
