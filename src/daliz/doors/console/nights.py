"""The jobs of the nights in words: what each does, how far it is, what came of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from daliz.customs.retention import KINDS
from daliz.doors.pages.codes import name_said
from daliz.doors.pages.language import language, said
from daliz.ground.nights.models import Run
from daliz.ground.nights.words import result_in
from daliz.language import N_
from daliz.language.numbers import format_number

_JOBS: Final = {
    "prepare": N_("learn, and plan officers' time"),
    "seal": N_("seal the journal"),
    "export": N_("bring months out for the batch"),
    "retention": N_("let go of what is no longer kept"),
    "train": N_("train models anew"),
}
_STATES: Final = {
    Run.WAITING: N_("waits"),
    Run.RUNNING: N_("under way"),
    Run.DONE: N_("done"),
    Run.FAILED: N_("went wrong"),
}
_WENT: Final = re.compile(r"(\w+) (\d+)(?: \((\d+) files\))?")


@dataclass(frozen=True, slots=True)
class Seen:
    """A run as it is shown.

    Attributes:
        run: the run.
        job: what it does.
        state: how far it is.
        result: what came of it; why it failed, in the words of the program.
    """

    run: Run
    job: str
    state: str
    result: str


def seen(runs: Iterable[Run]) -> list[Seen]:
    """Return runs as they are shown, in the language of the request."""
    return [Seen(run, name_said(_JOBS, run.job), said(_STATES[run.state]), _result(run)) for run in runs]


def _result(run: Run) -> str:
    parts = [_WENT.fullmatch(part) for part in run.message.split(", ")]
    if run.job != "retention" or run.state != Run.DONE or not all(parts):
        return result_in(run.message, language())
    went = [(part[1], int(part[2]), int(part[3] or 0)) for part in parts if part]
    told = [_went(kind, count, files) for kind, count, files in went if count]
    return "; ".join(told) or said(N_("nothing was over"))


def _went(kind: str, count: int, files: int) -> str:
    lang = language()
    told = f"{name_said(KINDS, kind)}: {format_number(count, lang)}"
    return f"{told} ({said(N_('files'))}: {format_number(files, lang)})" if files else told
