"""Probability of a violation and damage, learned from what controls found."""

from daliz.engine.estimators.losses import loss_shares
from daliz.engine.estimators.rates import Rates, hit_rates

__all__ = ["Rates", "hit_rates", "loss_shares"]
