"""Checks before publication: calibration, ranking, drift, leakage, enough violations."""

from daliz.engine.estimators.checks.drift import population_shift
from daliz.engine.estimators.checks.leakage import future_leakage
from daliz.engine.estimators.checks.publication import Bounds, Check, HeldOut, check_model
from daliz.engine.estimators.checks.ranking import Figure, auc, auc_gain

__all__ = [
    "Bounds",
    "Check",
    "Figure",
    "HeldOut",
    "auc",
    "auc_gain",
    "check_model",
    "future_leakage",
    "population_shift",
]
