"""A border whose truth is known, lived through again day by day under one strategy after another.

``replay`` is the whole. ``border`` lays declarations out by day, ``known`` holds the truth and carries out
controls, ``letters`` brings findings when they become known, ``course`` leads one strategy through,
``figures`` says what it achieved.
"""

from daliz.engine.replay.border import Border, ReplayError
from daliz.engine.replay.course import Course, Setting
from daliz.engine.replay.figures import ALL, Bin, Figures, FormFigures, quarter
from daliz.engine.replay.run import BASELINES, ORACLE, Failure, Gap, Replay, closed, replay

__all__ = [
    "ALL", "BASELINES", "ORACLE", "Bin", "Border", "Course", "Failure", "Figures", "FormFigures", "Gap",
    "Replay", "ReplayError", "Setting", "closed", "quarter", "replay",
]  # fmt: skip
