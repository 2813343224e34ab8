"""Which profiles fire, and one score from all that do."""

from daliz.engine.scoring.evidence import Score, fit_score, overlap_weights
from daliz.engine.scoring.experience import Experience, learn
from daliz.engine.scoring.firing import Firings, fire

__all__ = ["Experience", "Firings", "Score", "fire", "fit_score", "learn", "overlap_weights"]
