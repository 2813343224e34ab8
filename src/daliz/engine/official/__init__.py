"""Official lists as they are kept: editions of goods codes, their correlation, duty, offices, rates, units.

They are data of a pack or overlay, in its directory ``lists``: files of rows that never change, and a log of
loads that is only added to. ``daliz.engine.loads`` takes them in.
"""

from daliz.engine.official.classification import Classification
from daliz.engine.official.correlation import Correlated, correlated
from daliz.engine.official.errors import ListError
from daliz.engine.official.kinds import KINDS, ListKind
from daliz.engine.official.lists import OfficialLists
from daliz.engine.official.log import Load, Undo
from daliz.engine.official.names import name_of
from daliz.engine.official.rates import ExchangeRates, Rate
from daliz.engine.official.shelf import Row, Shelf
from daliz.engine.official.tariff import Due, Goods, duty

__all__ = [
    "KINDS", "Classification", "Correlated", "Due", "ExchangeRates", "Goods", "ListError", "ListKind", "Load",
    "OfficialLists", "Rate", "Row", "Shelf", "Undo", "correlated", "duty", "name_of",
]  # fmt: skip
