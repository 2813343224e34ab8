"""Probability of a violation and damage, learned from what controls found."""

from daliz.engine.estimators.burdens import Burdens
from daliz.engine.estimators.folding import fold
from daliz.engine.estimators.losses import loss_shares
from daliz.engine.estimators.rates import Rates, hit_rates
from daliz.engine.estimators.rings import Rings
from daliz.engine.estimators.wording import Disagreement, Suggestions, WordingModel

__all__ = [
    "Burdens",
    "Disagreement",
    "Rates",
    "Rings",
    "Suggestions",
    "WordingModel",
    "fold",
    "hit_rates",
    "loss_shares",
]
