"""Options that many commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Language(StrEnum):
    """The languages of Daliz."""

    EN = "en"
    RU = "ru"
    KK = "kk"


Lang: TypeAlias = Annotated[Language, typer.Option("--lang", help="Language of the answer.")]

Overlay: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--overlay", help="An administration's own directory, laid over the pack; its content is not told."
    ),
]

Month: TypeAlias = Annotated[str | None, typer.Option("--month", help="One month: 2026-03, or last.")]

Since: TypeAlias = Annotated[str | None, typer.Option("--from", help="First day, 2026-03-01.")]

Until: TypeAlias = Annotated[str | None, typer.Option("--until", help="Last day, 2026-03-31.")]

Propensities: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--decisions",
        help="Output folder of daliz assess for the same declarations: how likely control of each was. "
        "May be repeated.",
        exists=True,
    ),
]

KeptFacts: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--facts",
        help="Features computed earlier with --keep-facts, of the same declarations where these are given.",
        exists=True,
    ),
]

KeepFacts: TypeAlias = Annotated[
    Path | None, typer.Option("--keep-facts", help="Keep the computed features in this file.")
]
