"""``daliz report``: write the report of an assessment again, from its output folder."""

from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.adaptation import as_drawn
from daliz.doors.cli.console import out
from daliz.doors.cli.options import Language, Overlay
from daliz.doors.cli.report import read_manifest, write_report
from daliz.engine.pack import load_pack


def command(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Output folder of daliz assess.", exists=True, file_okay=False),
    ],
    pack: Annotated[
        str | None, typer.Option(help="Country pack: its code or folder; the one that decided unless told.")
    ] = None,
    overlay: Overlay = None,
    lang: Annotated[
        Language, typer.Option(help="The language that is open first; the file has all three.")
    ] = Language.EN,
) -> None:
    """Write report.html into the output folder of an assessment again.

    Exit code 0 when written, 1 when the folder is not one, 2 for wrong usage.
    """
    rules = load_pack(pack or read_manifest(folder).policy.pack.code, overlay=overlay)
    rules = as_drawn(folder, rules)
    out.print(str(write_report(folder, rules, lang=lang)), highlight=False, markup=False)
