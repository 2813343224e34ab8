"""One declaration as it is registered: the decision of ``assess``, from what is at hand in memory.

``prepare`` is the night's part: it learns from what was found and plans officers' time. ``Policy`` is what a
process then holds, and ``Policy.decide`` is the decision, a pure function.
"""

from daliz.engine.live.decision import Decision
from daliz.engine.live.foretelling import Foreteller
from daliz.engine.live.night import Night, policy_from, prepare
from daliz.engine.live.policy import Policy
from daliz.engine.live.prices import Prices

__all__ = ["Decision", "Foreteller", "Night", "Policy", "Prices", "policy_from", "prepare"]
