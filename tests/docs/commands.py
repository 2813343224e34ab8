"""What a person may type: every command of ``daliz`` with its own options."""

from typing import Final

from typer.core import TyperGroup
from typer.main import get_command

from daliz.doors.cli.main import app


def _commands() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    waiting = [("daliz", get_command(app))]
    while waiting:
        name, command = waiting.pop()
        options = [
            option for p in command.params for option in [*p.opts, *p.secondary_opts] if option[0] == "-"
        ]
        found[name] = frozenset(options)
        if isinstance(command, TyperGroup):
            waiting += [(f"{name} {child}", below) for child, below in command.commands.items()]
    return found


COMMANDS: Final = _commands()
