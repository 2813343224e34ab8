"""Probability of a violation and damage, learned from what controls found."""

from daliz.engine.estimators.burdens import Burdens
from daliz.engine.estimators.folding import fold
from daliz.engine.estimators.losses import loss_shares
from daliz.engine.estimators.rates import Rates, hit_rates
from daliz.engine.estimators.rings import Rings
from daliz.engine.estimators.wording import Disagreement, Suggestions, WordingModel
from daliz.engine.estimators.wording_price import WordingPrice
from daliz.engine.estimators.wording_reason import TypicalWordings, reason_of

__all__ = [
    "Burdens",
    "Disagreement",
    "Rates",
    "Rings",
    "Suggestions",
    "TypicalWordings",
    "WordingModel",
    "WordingPrice",
    "fold",
    "hit_rates",
    "loss_shares",
    "reason_of",
]
