"""Why a declaration went its way: all of it for an analyst, what to do and to look at for an officer."""

from daliz.doors.cli.explanation.analyst import AnalystView
from daliz.doors.cli.explanation.lookup import DeclarationNotFoundError, look_up
from daliz.doors.cli.explanation.officer import OfficerView, model_forms
from daliz.doors.cli.explanation.screen import show_to_analyst, show_to_officer

__all__ = [
    "AnalystView",
    "DeclarationNotFoundError",
    "OfficerView",
    "look_up",
    "model_forms",
    "show_to_analyst",
    "show_to_officer",
]
