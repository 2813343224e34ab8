"""What control achieves: hit rate, yield, false alarms, each profile's part, compliance and the revenue gap.

Beside ``assess``: it reads what was decided and what was found of it, decides nothing, and neither knows the
other. ``ledger`` lays both out; ``figures``, ``profiles``, ``compliance`` and ``gap`` ask it; ``measure`` is
the whole. Every figure has its interval, and what cannot be estimated says so.
"""

from daliz.engine.effect.compliance import Compliance, StratumLevel, Verdict, compliance, verdict_of
from daliz.engine.effect.figures import By, Figures, Rate
from daliz.engine.effect.gap import Gap
from daliz.engine.effect.ledger import EffectError, Ledger
from daliz.engine.effect.measure import PARTS, Effect, measure
from daliz.engine.effect.profiles import ProfileEffect

__all__ = [
    "PARTS", "By", "Compliance", "Effect", "EffectError", "Figures", "Gap", "Ledger", "ProfileEffect", "Rate",
    "StratumLevel", "Verdict", "compliance", "measure", "verdict_of",
]  # fmt: skip
