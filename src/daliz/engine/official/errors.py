"""What stops a load, an undo or a look-up of official lists."""

from typing import ClassVar

from daliz.language import DalizError


class ListError(DalizError):
    """A value, a file or a directory of official lists is not right."""

    code: ClassVar[str] = "lists-wrong"
