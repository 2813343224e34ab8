"""What a person sees while a command works."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from daliz.doors.cli.console import err
from daliz.language import translate


@contextmanager
def telling(lang: str) -> Iterator["Tell"]:
    """Show on the error stream what is being done, how far it is and how long it took."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield Tell(bar, lang)


class Tell:
    """Told what is under way (a message to translate) and how much of it is done, 0 to 1."""

    def __init__(self, bar: Progress, lang: str) -> None:
        self._bar, self._lang = bar, lang
        self._task = bar.add_task("", total=1.0)

    def __call__(self, step: str, done: float) -> None:
        """Show both."""
        self._bar.update(self._task, description=translate(step, self._lang), completed=done)
