"""Whom to control within officer time; the random share."""

from daliz.engine.allocation.assignment import Assignment, assign
from daliz.engine.allocation.candidates import Candidate, Lane, Standing
from daliz.engine.allocation.capacity import Capacity, CapacityError
from daliz.engine.allocation.day import Day, plan_day
from daliz.engine.allocation.draw import PRACTICE_KEY, DrawKey, DrawKeyError, new_key
from daliz.engine.allocation.planner import Claim
from daliz.engine.allocation.verify import DrawReport, verify_draw

__all__ = [
    "PRACTICE_KEY",
    "Assignment",
    "Candidate",
    "Capacity",
    "CapacityError",
    "Claim",
    "Day",
    "DrawKey",
    "DrawKeyError",
    "DrawReport",
    "Lane",
    "Standing",
    "assign",
    "new_key",
    "plan_day",
    "verify_draw",
]
