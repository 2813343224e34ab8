"""Which documents come from ASYCUDA World, and which of them are declarations."""

from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.xml.nodes import Node, local_name
from daliz.language import N_

NAME: Final = "asycuda-xml"
"""What ``--as`` calls the format."""

_ROOT: Final = "asycuda"
_OTHERS: Final = frozenset({"awmds", "awbolds"})
"""Cargo manifests and degroupages of the same system."""

_LOOKED_AT: Final = 20


@lru_cache(maxsize=4096)
def spelled(name: str) -> str:
    """Return a name as all its spellings are: in small letters, two p in supplementary.

    Example:
        >>> spelled("Suppplementary_unit_code"), spelled("item_Invoice"), spelled("Item_Invoice")
        ('supplementary_unit_code', 'item_invoice', 'item_invoice')
    """
    return name.lower().replace("suppplementary", "supplementary")


def recognises(root: etree._Element) -> bool:
    """Return whether a document is one of the system's, alone or in an envelope."""
    first = islice(root.iter(tag=etree.Element), _LOOKED_AT)
    return any(local_name(element).lower() in (_ROOT, *_OTHERS) for element in first)


def sad_documents(root: etree._Element) -> list[Node]:
    """Return the declarations in a document.

    Raises:
        ReadingError: there is none; ``kind`` says what the document is.
    """
    document = Node(root, spelled)
    found = [one for one in document.within(_ROOT) if one.first("identification") or one.first("item")]
    if found:
        return found
    raise ReadingError(
        N_("the document is no declaration but: {kind}"),
        code="not-a-declaration", kind=local_name(root)[:80],
    )  # fmt: skip
