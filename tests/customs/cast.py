"""Declarations of the tests, and what the people of the tests do with them."""

from decimal import Decimal
from typing import Any

from daliz.engine.records.declaration import Declaration, Value

TRADER = "600400123456"


def a_declaration(
    *, of: str = "6403990000", value: int = 20_000_000, trader: str = TRADER, **header: Any
) -> Declaration:
    """Five hundred kilograms of goods from China, dear enough to be believed."""
    stated = {
        "kind": "normal",
        "direction": "import",
        "procedure": "IM40",
        "office": "53901",
        "goods_location": "53901",
        "declarant_id": trader,
        "trader_id": trader,
        "departure_country": "CN",
        "transport_mode": "31",
        "currency": "KZT",
    }
    item: dict[str, Value] = {
        "item_no": 1,
        "hs_code": of,
        "origin_country": "CN",
        "description": "обувь женская кожаная, 36-40",
        "net_mass_kg": 500.0,
        "gross_mass_kg": 520.0,
        "customs_value": Decimal(value).quantize(Decimal("0.01")),
    }
    return Declaration(header=stated | header, items=(item,), below={})


def a_weapon(**header: Any) -> Declaration:
    """Goods that a mandatory profile always stops."""
    return a_declaration(of="9303300000", value=2_000_000, **header)
