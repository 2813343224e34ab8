"""Which profiles, thresholds, lists and models to have active, so that officers' time recovers most.

A room above ``backtest``, whose store, labels and thresholds it uses: ``question`` with ``candidates``,
``alternatives`` and ``probabilities``; ``firing`` over a ``border``; ``worth`` for what control would bring,
``claims`` for what is asked; ``search`` and ``bound``; then ``verdicts``, and ``outlook`` on days that took
no part. Everything it says is a proposal.
"""

from daliz.engine.superposition.answer import ListVerdict, Superposition
from daliz.engine.superposition.bound import Bound, bound
from daliz.engine.superposition.candidates import Candidate, Sort, SuperpositionError
from daliz.engine.superposition.outlook import Outlook
from daliz.engine.superposition.probabilities import Model
from daliz.engine.superposition.problem import Problem
from daliz.engine.superposition.question import Question, features_needed
from daliz.engine.superposition.resampling import Estimate
from daliz.engine.superposition.run import superpose
from daliz.engine.superposition.search import search
from daliz.engine.superposition.standing import Standing
from daliz.engine.superposition.verdicts import Cover, Proposal, Verdict

__all__ = [
    "Bound", "Candidate", "Cover", "Estimate", "ListVerdict", "Model", "Outlook", "Problem", "Proposal",
    "Question", "Sort", "Standing", "Superposition", "SuperpositionError", "Verdict", "bound",
    "features_needed", "search", "superpose",
]  # fmt: skip
