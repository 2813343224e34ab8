"""Fired profiles to measures, measures to a corridor, and both as they will be kept."""

from daliz.engine.corridors.choose import choose_corridor
from daliz.engine.corridors.ledger import digest, load_table, measures_table, money, price_id
from daliz.engine.corridors.orders import ORDERED, WAIVED, Order, orders
from daliz.engine.corridors.reasons import Reasons

__all__ = [
    "ORDERED",
    "WAIVED",
    "Order",
    "Reasons",
    "choose_corridor",
    "digest",
    "load_table",
    "measures_table",
    "money",
    "orders",
    "price_id",
]
