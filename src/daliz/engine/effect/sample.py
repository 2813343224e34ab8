"""The random share as a sample: each control counts for the declarations that it stands for."""

from typing import Final

from daliz.engine.effect.ledger import MILLIONTHS, Row, whole
from daliz.engine.estimators.intervals import Cell

RANDOM_SUMS: Final = """count(*) FILTER (share > 0) AS reachable,
    count(*) FILTER (drawn AND seen) AS drawn, count(*) FILTER (drawn AND hit) AS drawn_found,
    sum(weight) FILTER (drawn AND seen) AS weight, sum(weight) FILTER (drawn AND hit) AS weight_found,
    sum(weight::HUGEINT * weight) FILTER (drawn AND seen) AS square,
    sum(weight::HUGEINT * weight) FILTER (drawn AND hit) AS square_found"""
"""SQL over ``declaration``: what ``random_cell`` reads."""

NOBODY: Final[Row] = dict.fromkeys(
    ("reachable", "drawn", "drawn_found", "weight", "weight_found", "square", "square_found", "declarations"),
    0,
)
"""The sums over no declaration."""


def random_cell(row: Row) -> Cell:
    """Return the declarations of a row that could have been drawn, and those that were and are known."""
    return Cell(
        size=whole(row, "reachable"),
        controlled=whole(row, "drawn"),
        weight=whole(row, "weight") / MILLIONTHS,
        found=whole(row, "weight_found") / MILLIONTHS,
        square=whole(row, "square") / MILLIONTHS**2,
        found_square=whole(row, "square_found") / MILLIONTHS**2,
    )
