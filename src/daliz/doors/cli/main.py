"""The command ``daliz``: one module a command, gathered here."""

import sys

import typer

from daliz import __version__
from daliz.doors.cli import assess, check, draw, explain, pack, read, report_command, world
from daliz.doors.cli.console import err
from daliz.language import DalizError

app = typer.Typer(
    name="daliz",
    help="Customs risk management: judge declarations, choose corridors, show why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("check")(check.check)
app.command("assess")(assess.command)
app.command("explain")(explain.command)
app.command("report")(report_command.command)
app.add_typer(draw.app, name="draw")
app.add_typer(pack.app, name="pack")
app.command("world")(world.command)
app.command()(read.read)


@app.callback(invoke_without_command=True)
def main(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Customs risk management: judge declarations, choose corridors, show why."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


def run() -> None:
    """Run the command line; what Daliz refuses is told in a sentence, not in a traceback.

    Exit codes: 0 done; 1 the input is not right, and the error stream says why; 2 wrong usage.
    """
    try:
        app()
    except DalizError as error:
        err.print(f"{error.code}: {error}", style="red", highlight=False, markup=False)
        sys.exit(1)
