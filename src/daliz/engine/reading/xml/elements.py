"""Elements looked up by their local names."""

from collections.abc import Iterator

from lxml import etree


class Element:
    """An element whose children are found by local name; one that is not there has no children.

    Example:
        >>> root = etree.fromstring("<a xmlns='urn:x'><b> 1 </b><b>2</b><c><d>3</d></c></a>")
        >>> found = Element(root)
        >>> found.text("x", "b"), [e.own for e in found.all("b")], found.one("c").text("d")
        ('1', ['1', '2'], '3')
        >>> found.one("absent").one("further").text("d") is None
        True
    """

    __slots__ = ("_below", "raw")

    def __init__(self, raw: etree._Element | None) -> None:
        self.raw = raw
        self._below: dict[str, list[etree._Element]] = {}
        for child in raw if raw is not None else ():
            if isinstance(child.tag, str):
                self._below.setdefault(local_name(child), []).append(child)

    def __bool__(self) -> bool:
        return self.raw is not None

    @property
    def own(self) -> str | None:
        """The element's text without white space around it; None if it is empty."""
        text = self.raw.text if self.raw is not None else None
        return (text.strip() or None) if text else None

    def all(self, *names: str) -> Iterator["Element"]:
        """Give the children of these names, those of the first name first."""
        for name in names:
            for child in self._below.get(name, ()):
                yield Element(child)

    def one(self, *names: str) -> "Element":
        """Return the first child of these names."""
        return next(self.all(*names), NOTHING)

    def text(self, *names: str) -> str | None:
        """Return the text of the first child of these names that has one."""
        for name in names:
            for child in self._below.get(name, ()):
                text = (child.text or "").strip()
                if text:
                    return text
        return None


NOTHING = Element(None)


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
