"""Reads sqlglot's tree into our own, checking every type and unit on the way.

A node of sqlglot's is taken only by name, and only if each of its arguments is one we understand; all else
is refused. So a part of the text can never be dropped in silence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, cast

from sqlglot import exp

from daliz.engine.features.vocabulary import PLAIN, Kind, Unit, Vocabulary
from daliz.engine.indicators.errors import ExpressionError, Place
from daliz.engine.indicators.nodes import (
    Node,
)  # fmt: skip
from daliz.engine.indicators.units import adapt, alike, is_bare
from daliz.language import N_, Message

MAX_DEPTH: Final = 48
"""How deep operations may stand within one another; a chain of AND or of OR is one level."""


@dataclass(frozen=True, slots=True)
class Read:
    """A node that has been read: with its kind, its unit and where it stands."""

    node: Node
    kind: Kind
    place: Place
    unit: Unit = PLAIN


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression may speak of; ``calls`` tells for each call where it begins and ends in the text."""

    text: str
    calls: Mapping[int, int]
    vocabulary: Vocabulary
    lists: Mapping[str, Kind]
    currency: str | None


Handler: TypeAlias = Callable[["Reader", exp.Expr], Read]
"""Reads one kind of sqlglot's nodes."""


class Reader:
    """Reads one expression; ``within`` is the aggregate being read, since they do not nest."""

    def __init__(self, around: Surroundings, handlers: Mapping[type[exp.Expr], Handler]) -> None:
        self._handlers = handlers
        self.around = around
        self.within: str | None = None
        self._last = Place(around.text, 0, 0)

    def read(self, tree: exp.Expr) -> Read:
        """Return what ``tree`` means.

        Raises:
            ExpressionError: it means nothing in our language, or mixes kinds or units.
        """
        handler = self._handlers.get(type(tree))
        if handler is None:
            raise self.refused(tree)
        read = handler(self, tree)
        self._last = read.place
        return read

    def parts(self, tree: exp.Expr, *names: str) -> list[object]:
        """Return the named arguments; refuse the node if it carries any other."""
        for name, value in tree.args.items():
            if name not in names and value not in (None, False, []):
                raise self.refused(tree)
        return [tree.args.get(name) for name in names]

    def operands(self, tree: exp.Expr, *names: str) -> list[Read]:
        """Read the named arguments, all of which must be there."""
        found = self.parts(tree, *names)
        if not all(isinstance(part, exp.Expr) for part in found):
            raise self.refused(tree)
        return [self.read(cast(exp.Expr, part)) for part in found]

    def refused(self, tree: exp.Expr) -> ExpressionError:
        """Return the error for something that is not part of the language."""
        return ExpressionError(
            N_("{found} is not part of the expression language."), code="foreign", place=self.place_of(tree)
        )

    def place_of(self, tree: exp.Expr) -> Place:
        """Return the stretch of text that the tree came from; the last known one if it tells nothing."""
        starts = [part.meta["start"] for part in tree.walk() if "start" in part.meta]
        ends = [part.meta["end"] + 1 for part in tree.walk() if "end" in part.meta]
        if not starts:
            return self._last
        start = min(starts)
        return Place(self.around.text, start, max([*ends, self.around.calls.get(start, 0)]))

    def flag(self, read: Read) -> Node:
        """Return the node of what must be a condition."""
        return self.expect(read, Kind.FLAG, N_("a condition, such as a comparison"))

    def expect(self, read: Read, kind: Kind, wanted: str) -> Node:
        """Return the node if it is of that kind."""
        if read.kind is not kind:
            raise ExpressionError(
                N_("{found} is {kind}; {wanted} must stand here."), code="type", place=read.place,
                kind=Message(KINDS[read.kind]), wanted=Message(wanted),
            )  # fmt: skip
        return read.node

    def together(self, reads: Iterable[Read]) -> list[Read]:
        """Give values that meet one kind and one unit; a bare number takes the unit of what it meets."""
        first, *others = reads = list(reads)
        for other in others:
            if other.kind is not first.kind:
                raise ExpressionError(
                    N_("{left} is {left_kind}, {right} is {right_kind}; they cannot meet."), code="type",
                    place=first.place.to(other.place), left=first.place.found, right=other.place.found,
                    left_kind=Message(KINDS[first.kind]), right_kind=Message(KINDS[other.kind]),
                )  # fmt: skip
        fixed = [read for read in reads if not is_bare(read.node)]
        if first.kind is not Kind.NUMBER or not fixed:
            return reads
        model = fixed[0]
        for other in fixed[1:]:
            if other.unit != model.unit:
                raise ExpressionError(
                    N_("{left} is in {left_unit}, {right} in {right_unit}; they cannot meet."), code="unit",
                    place=model.place.to(other.place), left=model.place.found, right=other.place.found,
                    left_unit=alike(model.unit), right_unit=alike(other.unit),
                    suggestion=Message(N_("Multiply or divide until both sides are in one unit.")),
                )  # fmt: skip
        return [self.adapted(read, model.unit) for read in reads]

    def adapted(self, read: Read, unit: Unit) -> Read:
        """Give a bare number the unit, and with money the currency."""
        if not is_bare(read.node):
            return read
        return replace(read, node=adapt(read.node, unit, self.around.currency), unit=unit)


KINDS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: N_("a text"),
    Kind.NUMBER: N_("a number"),
    Kind.FLAG: N_("a condition"),
    Kind.DATE: N_("a date"),
}
