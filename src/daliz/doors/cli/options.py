"""Options that many commands share."""

from enum import StrEnum
from typing import Annotated, TypeAlias

import typer


class Language(StrEnum):
    """The languages of Daliz."""

    EN = "en"
    RU = "ru"
    KK = "kk"


Lang: TypeAlias = Annotated[Language, typer.Option("--lang", help="Language of the answer.")]
