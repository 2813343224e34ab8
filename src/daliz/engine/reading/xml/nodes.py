"""Elements by their local names: whatever the namespace or its version, a name means the same."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from lxml import etree


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return _local(str(element.tag))


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class Node:
    r"""An element whose children are found by name.

    Args:
        element: of a parsed document.
        fold: makes names alike that mean the same, for documents whose writers spell them differently.

    Example:
        >>> root = Node(etree.fromstring('<a xmlns="x"><b c="1"> two\n words </b><b/></a>'))
        >>> root.text("b"), root.attribute("c", "b"), len(root.all("b")), root.text("b", "c")
        ('two words', '1', 2, None)
    """

    __slots__ = ("_below", "_fold", "element")

    def __init__(self, element: etree._Element, fold: Callable[[str], str] = str) -> None:
        self.element = element
        self._fold = fold
        self._below: dict[str, list[Node]] | None = None

    @property
    def name(self) -> str:
        """The local name, folded."""
        return self._fold(local_name(self.element))

    @property
    def children(self) -> dict[str, "list[Node]"]:
        """The elements right below, by name, in their order."""
        if self._below is None:
            below: dict[str, list[Node]] = {}
            self._below = below
            fold = self._fold
            for element in self.element.iterchildren(tag=etree.Element):
                name = fold(_local(str(element.tag)))
                node = Node(element, fold)
                if name in below:
                    below[name].append(node)
                else:
                    below[name] = [node]
        return self._below

    def all(self, *path: str) -> "list[Node]":
        """Return every element at a path of names below this one."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children.get(name, ())]
        return found

    def first(self, *path: str) -> "Node | None":
        """Return the first element at a path, ``None`` if there is none."""
        node = self
        for name in path:
            below = node.children.get(name)
            if not below:
                return None
            node = below[0]
        return node

    def text(self, *path: str) -> str | None:
        """Return the words of the first element at a path, parted by single spaces; ``None`` if none."""
        node = self.first(*path)
        text = node.element.text if node is not None else None
        return " ".join(text.split()) or None if text else None

    def lines(self, *path: str) -> list[str]:
        """Return the lines of the first element at a path that are not empty."""
        node = self.first(*path)
        text = node.element.text if node is not None else None
        return [line for line in (" ".join(part.split()) for part in (text or "").split("\n")) if line]

    def texts(self, *path: str) -> list[str]:
        """Return what the elements at a path say, but for the empty ones."""
        return [text for node in self.all(*path) if (text := node.text()) is not None]

    def attribute(self, name: str, *path: str) -> str | None:
        """Return an attribute of the first element at a path; ``None`` if it is empty or not there."""
        node = self.first(*path)
        found = node.element.get(name) if node is not None else None
        return (found or "").strip() or None

    def within(self, name: str) -> "Iterator[Node]":
        """Give every element of a name below this one and itself, in the document's order."""
        for element in self.element.iter(tag=etree.Element):
            if self._fold(local_name(element)) == name:
                yield Node(element, self._fold)
