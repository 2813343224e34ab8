"""Learning from what controls found: columns, evidence by form of control, models, expectations."""

from daliz.engine.estimators.learner.columns import FACTS, NAMES, Memory, Morning, group_of
from daliz.engine.estimators.learner.evidence import Evidence, Shown
from daliz.engine.estimators.learner.foresight import Foresight, foresee, past_to_learn_from
from daliz.engine.estimators.learner.foretelling import foretell
from daliz.engine.estimators.learner.grown import Grown, Lessons, grow
from daliz.engine.estimators.learner.learner import Learner
from daliz.engine.estimators.learner.outlook import FORMS, Outlook
from daliz.engine.estimators.learner.scorer import LEARNED, Scorer

__all__ = [
    "FACTS",
    "FORMS",
    "LEARNED",
    "NAMES",
    "Evidence",
    "Foresight",
    "Grown",
    "Learner",
    "Lessons",
    "Memory",
    "Morning",
    "Outlook",
    "Scorer",
    "Shown",
    "foresee",
    "foretell",
    "group_of",
    "grow",
    "past_to_learn_from",
]
