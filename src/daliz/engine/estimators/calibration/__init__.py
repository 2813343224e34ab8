"""Probabilities that come true: learned on time-forward folds, kept as a table, reported with intervals."""

from daliz.engine.estimators.calibration.folds import forward_folds
from daliz.engine.estimators.calibration.reliability import Bin, Reliability, reliability
from daliz.engine.estimators.calibration.table import Calibration, CalibrationError, Method

__all__ = ["Bin", "Calibration", "CalibrationError", "Method", "Reliability", "forward_folds", "reliability"]
