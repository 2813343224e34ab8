"""The formats of declarations that are known, and which of them a document is."""

from collections.abc import Iterator
from typing import Final, Protocol

from lxml import etree

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.xml import asycuda, eaeu, wco
from daliz.engine.reading.xml.declared import Declared
from daliz.engine.reading.xml.elements import local_name
from daliz.language import N_


class Format(Protocol):
    """What a module of a format offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 -- a constant of the module
        """What ``--as`` calls it."""

    def recognises(self, root: etree._Element) -> bool:
        """Return whether the document belongs to the family, declaration or not."""

    def declarations(self, root: etree._Element) -> Iterator[Declared]:
        """Give the declarations of a document.

        Raises:
            ReadingError: there is none in it (``not-a-declaration``).
        """


FORMATS: Final[tuple[Format, ...]] = (
    eaeu, wco, asycuda,
)  # fmt: skip
"""In the order in which they are asked."""


def format_of(root: etree._Element, asked: str | None) -> Format:
    """Return the format of a document.

    Args:
        root: of the document.
        asked: the format it must be; None for any.

    Raises:
        ReadingError: it is none of them, or another than was asked for.
    """
    found = next((form for form in FORMATS if form.recognises(root)), None)
    if found is not None and asked in (None, found.NAME):
        return found
    if asked is not None:
        raise ReadingError(
            N_("the document is {found}, not {asked}"), code="xml-other-format", asked=asked,
            found=found.NAME if found is not None else f"<{local_name(root)[:80]}>",
        )  # fmt: skip
    raise ReadingError(
        N_("no known format of declarations begins with the element {kind}"),
        code="xml-unknown-format", kind=local_name(root)[:80],
    )  # fmt: skip
