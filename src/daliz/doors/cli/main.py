"""The command ``daliz``: one module a command, gathered here."""

import json
import sys
from itertools import pairwise
from typing import NoReturn

import typer

from daliz import __version__
from daliz.doors.cli import (
    assess,
    backtest,
    check,
    draw,
    effect,
    explain,
    lists,
    model,
    pack,
    plan,
    read,
    replay,
    report_command,
    superpose,
    train,
    world,
)
from daliz.doors.cli.console import err
from daliz.doors.cli.serving import commands, demonstration, keeping
from daliz.language import LANGUAGES, N_, DalizError

app = typer.Typer(
    name="daliz",
    help="Customs risk management: judge declarations, choose corridors, show why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("check")(check.check)
app.command("assess")(assess.command)
app.command("backtest")(backtest.command)
app.command("effect")(effect.command)
app.command("explain")(explain.command)
app.command("replay")(replay.command)
app.command("report")(report_command.command)
app.add_typer(draw.app, name="draw")
app.add_typer(lists.app, name="lists")
app.add_typer(model.app, name="model")
app.add_typer(pack.app, name="pack")
app.command("plan")(plan.command)
app.command("superpose")(superpose.command)
app.command("train")(train.command)
app.command("world")(world.command)
app.command()(read.read)
app.command("serve")(commands.serve)
app.command("tend")(commands.tend)
app.command("night")(commands.night)
app.command("backup")(keeping.backup)
app.command("restore")(keeping.restore)
app.command("export")(keeping.export)
app.command("retention")(keeping.retention)
app.command("doctor")(keeping.doctor)
app.add_typer(demonstration.app, name="demo")
app.add_typer(commands.staff, name="staff")
app.add_typer(commands.journal, name="journal")


@app.callback(invoke_without_command=True)
def main(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Customs risk management: judge declarations, choose corridors, show why."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


def run() -> None:
    """Run the command line; what Daliz refuses, or the disk, is told in a sentence, not in a traceback.

    The sentence is in the language of ``--lang``. Under ``--json`` it is printed to standard output as
    ``{"error": {"code": …, "message": …}}``, else to the error stream.

    Exit codes: 0 done; 1 the input is not right, and the sentence says why; 2 wrong usage.
    """
    try:
        app()
    except DalizError as error:
        _refuse(error)
    except OSError as error:
        if error.filename is None:
            raise
        place, cause = error.filename, error.strerror or type(error).__name__
        _refuse(
            DalizError(
                N_("{place} cannot be read or written: {cause}"), code="file", place=place, cause=cause
            )
        )


def _refuse(error: DalizError) -> NoReturn:
    message = error.text(_language(sys.argv[1:]))
    if "--json" in sys.argv[1:]:
        typer.echo(json.dumps({"error": {"code": error.code, "message": message}}, ensure_ascii=False))
    else:
        err.print(f"{error.code}: {message}", style="red", highlight=False, markup=False)
    sys.exit(1)


def _language(arguments: list[str]) -> str:
    """Return the language that the arguments ask for; English if none, or one that we do not speak."""
    asked = [after for before, after in pairwise(arguments) if before == "--lang"]
    asked += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    return next((lang for lang in asked if lang in LANGUAGES), "en")
