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
