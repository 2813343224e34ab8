"""The vocabulary: named, typed, unit-bearing facts about declarations, and the SQL that computes them.

History is as of the night before: a fact of day D rests only on what was registered, and what findings
were known, before D began in the pack's time zone. See ``docs/adr/0002-history-as-of-the-night-before.md``.
"""

from daliz.engine.features.catalogue import VOCABULARY
from daliz.engine.features.vocabulary import PLAIN, Feature, Grain, Kind, Unit, Vocabulary

__all__ = ["PLAIN", "VOCABULARY", "Feature", "Grain", "Kind", "Unit", "Vocabulary"]
