"""YAML with places: every key and value knows its file, line and column.

Only plain data is taken: no tags, no anchors or aliases, no second document, bounded in size, depth and
number of values. A value stays the text that was written; the reader that knows what is wanted gives it
its type. So the country ``NO`` is Norway and the code ``0101`` keeps its zero.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn, Protocol

import yaml

from daliz.engine.pack.problems import Place, Problems
from daliz.language import N_

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 24
MAX_VALUES: Final = 200_000

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written.

    Attributes:
        place: where it begins.
        text: the characters, without quotes and indentation.
        null: written as ``~``, ``null`` or nothing, without quotes.
        origin: where the first character of ``text`` stands, so that a position inside can be told.
    """

    place: Place
    text: str
    null: bool
    origin: Place

    def inside(self, line: int, column: int) -> Place:
        """Return the place of the character at ``line`` and ``column`` (from 1) of this text."""
        first = self.origin.column if line == 1 or self.origin.line != self.place.line else 1
        return Place(self.place.file, self.origin.line + line - 1, first + column - 1)


@dataclass(frozen=True, slots=True)
class Listing:
    """Values in order."""

    place: Place
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Mapped:
    """Values by key; ``keys`` holds the places of the keys."""

    place: Place
    entries: "Mapping[str, Node]"
    keys: Mapping[str, Place]


Node = Scalar | Listing | Mapped


def read_document(path: Path, name: str, problems: Problems) -> Mapped | None:
    """Read one YAML file whose top is a mapping; None if that is not possible, with the reason noted.

    Args:
        path: the file.
        name: how the file is called in places.
        problems: takes what is wrong.
    """
    text = _text(path, name, problems)
    if text is None:
        return None
    node: Node | None = None
    try:
        node = _Builder(name, text, problems).build() or Mapped(Place(name), {}, {})
    except yaml.YAMLError as error:
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        place = _marked(name, getattr(error, "problem_mark", None))
        problems.add("pack-syntax", place, N_("not YAML: {reason}"), reason=reason)
    except _RefusedError:
        pass  # the builder noted why
    if node is None or isinstance(node, Mapped):
        return node
    problems.add("pack-shape", node.place, N_("a pack's file is a mapping of key to value"))
    return None


def _text(path: Path, name: str, problems: Problems) -> str | None:
    """Return the file's text; None if it cannot be read, is too large or is not UTF-8."""
    start = Place(name)
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.add("pack-unreadable", start, N_("cannot be read: {reason}"), reason=error.strerror or "")
        return None
    if len(content) > MAX_BYTES:
        template = N_("{size} bytes are more than {bound}; split the file")
        problems.add("pack-too-large", start, template, size=len(content), bound=MAX_BYTES)
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(
            "pack-encoding", start, N_("byte {at} is not UTF-8; save the file as UTF-8"), at=error.start
        )
        return None


def plain(node: Node) -> object:
    """Return the node as plain lists, mappings and texts; null is None."""
    match node:
        case Scalar():
            return None if node.null else node.text
        case Listing():
            return [plain(item) for item in node.items]
        case Mapped():
            return {key: plain(value) for key, value in node.entries.items()}


def canonical(node: Node) -> bytes:
    """Return the content without comments, order of keys and layout, to be hashed."""
    return json.dumps(plain(node), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class _Mark(Protocol):
    """A position of either of PyYAML's parsers, from 0."""

    line: int
    column: int


def _marked(name: str, mark: _Mark | None) -> Place:
    return Place(name) if mark is None else Place(name, mark.line + 1, mark.column + 1)


class _RefusedError(Exception):
    """The document asks for what packs do not take; the problem is noted."""


class _Builder:
    """Turns the parser's events into nodes, refusing what plain data has no need of."""

    def __init__(self, name: str, text: str, problems: Problems) -> None:
        self._name = name
        self._lines = text.splitlines()
        self._problems = problems
        self._events = self._checked(text)

    def build(self) -> Node | None:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._refuse(event, "pack-two-documents", N_("a second document; keep one to a file"))
                root = self._node(next(self._events))
        return root

    def _checked(self, text: str) -> Iterator[yaml.Event]:
        depth = 0
        for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
            if isinstance(event, yaml.AliasEvent) or (isinstance(event, yaml.NodeEvent) and event.anchor):
                self._refuse(
                    event, "pack-alias", N_("anchors and aliases are not taken; write the value out")
                )
            if isinstance(event, yaml.CollectionStartEvent | yaml.ScalarEvent) and event.tag not in (
                None,
                "!",
            ):
                self._refuse(event, "pack-tag", N_("tags such as {tag!r} are not taken"), tag=event.tag)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                self._refuse(event, "pack-too-deep", N_("nested deeper than {bound}"), bound=MAX_DEPTH)
            if count >= MAX_VALUES:
                self._refuse(event, "pack-too-large", N_("more than {bound} values"), bound=MAX_VALUES)
            yield event

    def _node(self, event: yaml.Event) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(inner))
            return Listing(place, tuple(items))
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(inner := next(self._events), yaml.MappingEndEvent):
            if not isinstance(inner, yaml.ScalarEvent):
                self._refuse(inner, "pack-shape", N_("a key is a plain text"))
            key, at, value = inner.value, self._place(inner), self._node(next(self._events))
            if key in entries:
                self._problems.add(
                    "pack-duplicate-key", at, N_("key {key!r} stands already on line {line}"),
                    key=key, line=keys[key].line,
                )  # fmt: skip
                continue
            entries[key], keys[key] = value, at
        return Mapped(place, entries, keys)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Scalar:
        quoted = event.style in ("'", '"', "|", ">")
        null = not quoted and event.value in ("", "~", "null")
        origin = place
        if event.style in ("'", '"'):
            origin = Place(self._name, place.line, place.column + 1)
        elif event.style in ("|", ">"):
            row = place.line  # the line after the sign, counted from 0
            while row < len(self._lines) and not self._lines[row].strip():
                row += 1
            indent = len(self._lines[row]) - len(self._lines[row].lstrip()) if row < len(self._lines) else 0
            origin = Place(self._name, row + 1, indent + 1)
        return Scalar(place, event.value, null, origin)

    def _place(self, event: yaml.Event) -> Place:
        return _marked(self._name, event.start_mark)

    def _refuse(self, event: yaml.Event, code: str, template: str, **values: object) -> NoReturn:
        self._problems.add(code, self._place(event), template, **values)
        raise _RefusedError
