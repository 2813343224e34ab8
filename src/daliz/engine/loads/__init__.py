"""Takes official lists in: reads a file, shows what it would change, adds it to the lists of a directory.

A load is whole or not at all, is compared with what holds before, and can be taken back.
"""

from daliz.engine.loads.diff import Change, Diff, compare
from daliz.engine.loads.file_rows import Refusal, Taken, take_file
from daliz.engine.loads.load import Plan, Request, commit, plan_load, undo

__all__ = [
    "Change", "Diff", "Plan", "Refusal", "Request", "Taken", "commit", "compare", "plan_load", "take_file",
    "undo",
]  # fmt: skip
