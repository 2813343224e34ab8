"""What a person sees while a command works."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from daliz.doors.cli.console import err
from daliz.language import translate


@contextmanager
def telling(lang: str) -> Iterator["Tell"]:
    """Show on the error stream what is being done, how far it is, the time it took and may take."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield Tell(bar, lang)


class Tell:
    """Told what is under way (a message to translate) and how much of it is done, 0 to 1."""

    def __init__(self, bar: Progress, lang: str) -> None:
        self._bar, self._lang = bar, lang
        self._task = bar.add_task("", total=1.0)
        self._step = ""

    def __call__(self, step: str, done: float) -> None:
        """Show both; each step has its own time."""
        if step != self._step:
            self._bar.reset(self._task)
            self._step = step
        self._bar.update(self._task, description=translate(step, self._lang), completed=done)
