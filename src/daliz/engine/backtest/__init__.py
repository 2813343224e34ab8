"""What a profile or an expression would have done with past declarations, and what of it is known.

A room beside ``assess``: it fires and reads results as an assessment does, decides nothing, and neither knows
the other. The same code answers for one expression over a month and for a hundred profiles over a store of
years: ``store`` → ``labels`` → ``tally`` → ``judgement``; ``sweep`` moves thresholds, ``run`` is the whole.
"""

from daliz.engine.backtest.judgement import Judgement, Part, Precision
from daliz.engine.backtest.labels import DecisionsError, Labels
from daliz.engine.backtest.run import Backtest, Tried, backtest, names_needed
from daliz.engine.backtest.store import FactsStore, StoreError, write_store
from daliz.engine.backtest.subject import (
    ProfileError,
    Subject,
    named_profile,
    of_expression,
    of_profile,
    peers_of,
)
from daliz.engine.backtest.sweep import SweepError, Threshold, chosen, thresholds_of
from daliz.engine.backtest.tally import Tally, tally

__all__ = [
    "Backtest", "DecisionsError", "FactsStore", "Judgement", "Labels", "Part", "Precision", "ProfileError",
    "StoreError", "Subject", "SweepError", "Tally", "Threshold", "Tried", "backtest", "chosen",
    "named_profile", "names_needed", "of_expression", "of_profile", "peers_of", "tally", "thresholds_of",
    "write_store",
]  # fmt: skip
