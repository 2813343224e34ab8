"""A pretend border whose whole truth is known: for demonstrations, tests and the replay of strategies.

``write_world`` writes declarations and truth month by month; ``findings_of`` says what a control would find.
"""

from daliz.engine.world.border import WORLD_SEED, WorldError, WorldSummary, write_world
from daliz.engine.world.findings import CONTROLS, FORMS, findings_of, revealed
from daliz.engine.world.parameters import Scenario
from daliz.engine.world.past_controls import PastControlsError

__all__ = [
    "CONTROLS",
    "FORMS",
    "WORLD_SEED",
    "PastControlsError",
    "Scenario",
    "WorldError",
    "WorldSummary",
    "findings_of",
    "revealed",
    "write_world",
]
