"""Reads sqlglot's tree into our own, checking every type and unit on the way.

A node of sqlglot's is taken only by name, and only if each of its arguments is one we understand; all else
is refused. So a part of the text can never be dropped in silence.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from sqlglot import exp

from daliz.engine.features.vocabulary import PLAIN, Kind, Unit, Vocabulary
from daliz.engine.indicators.errors import ExpressionError, Place, meant
from daliz.engine.indicators.nodes import (
    And,
    Arithmetic,
    Between,
    Compare,
    Comparison,
    Day,
    In,
    IsTruth,
    IsUnknown,
    Like,
    Literals,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Or,
    Truth,
    Word,
)  # fmt: skip
from daliz.engine.indicators.units import adapt, alike, is_bare
from daliz.language import N_, Message

MAX_DEPTH: Final = 48
"""How deep operations may stand within one another; a chain of AND or of OR is one level."""

_COMPARISONS: Final[Mapping[type[exp.Expr], Comparison]] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip


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


Handler = Callable[["Reader", exp.Expr], Read]


class Reader:
    """Reads one expression; ``within`` is the aggregate being read, since they do not nest."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.within: str | None = None
        self._last = Place(around.text, 0, 0)

    def read(self, tree: exp.Expr) -> Read:
        """Return what ``tree`` means.

        Raises:
            ExpressionError: it means nothing in our language, or mixes kinds or units.
        """
        handler = HANDLERS.get(type(tree))
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
        return Place(self.around.text, start, max(max(ends), self.around.calls.get(start, 0)))

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


def _name(reader: Reader, tree: exp.Expr) -> Read:
    parts = [part for part in tree.args.values() if part]
    if not all(isinstance(part, exp.Identifier) and not part.args.get("quoted") for part in parts):
        raise reader.refused(tree)
    place = reader.place_of(tree)
    *groups, last = (
        str(tree.args[key].this) for key in ("catalog", "db", "table", "this") if tree.args.get(key)
    )
    name = ".".join([*groups, last])
    feature = reader.around.vocabulary.get(name)
    if feature is None:
        raise ExpressionError(
            N_("There is no name {name} in the vocabulary."), code="unknown-name", place=place, name=name,
            suggestion=meant(reader.around.vocabulary.nearest(name.lower())),
        )  # fmt: skip
    return Read(
        Name(feature.name, feature.kind, feature.grain, feature.unit), feature.kind, place, feature.unit
    )


def _literal(reader: Reader, tree: exp.Expr) -> Read:
    text, is_string = reader.parts(tree, "this", "is_string")
    place = reader.place_of(tree)
    if is_string:
        return Read(Word(str(text)), Kind.TEXT, place)
    value = float(str(text))
    if not math.isfinite(value):
        raise ExpressionError(N_("The number {found} is too large."), code="number", place=place)
    return Read(Number(value), Kind.NUMBER, place)


def _truth(reader: Reader, tree: exp.Expr) -> Read:
    (value,) = reader.parts(tree, "this")
    return Read(Truth(bool(value)), Kind.FLAG, reader.place_of(tree))


def _null(reader: Reader, tree: exp.Expr) -> Read:
    raise ExpressionError(
        N_("{found} is not a value to compute with."), code="null", place=reader.place_of(tree),
        suggestion=Message(N_("Write … IS NULL to ask whether something is unknown.")),
    )  # fmt: skip


def _paren(reader: Reader, tree: exp.Expr) -> Read:
    (inner,) = reader.operands(tree, "this")
    return inner


def _chain(reader: Reader, tree: exp.Expr) -> Read:
    """Read a chain of one connective, however long, as one node."""
    links: list[Read] = []
    current: exp.Expr = tree
    while type(current) is type(tree):
        left, right = reader.parts(current, "this", "expression")
        if not isinstance(left, exp.Expr) or not isinstance(right, exp.Expr):
            raise reader.refused(current)
        links.append(reader.read(right))
        current = left
    links.append(reader.read(current))
    links.reverse()
    kind: type[And] | type[Or] = And if isinstance(tree, exp.And) else Or
    operands: list[Node] = []
    for link in links:
        node = reader.flag(link)
        operands.extend(node.operands if isinstance(node, kind) else [node])
    return Read(kind(tuple(operands)), Kind.FLAG, links[0].place.to(links[-1].place))


def _not(reader: Reader, tree: exp.Expr) -> Read:
    (operand,) = reader.operands(tree, "this")
    return Read(Not(reader.flag(operand)), Kind.FLAG, operand.place)


def _compare(reader: Reader, tree: exp.Expr) -> Read:
    left, right = reader.together(reader.operands(tree, "this", "expression"))
    sign, place = _COMPARISONS[type(tree)], left.place.to(right.place)
    if left.kind is Kind.FLAG and sign not in ("=", "<>"):
        raise ExpressionError(
            N_("Conditions have no order; {sign} cannot compare them."), code="type", place=place, sign=sign
        )
    return Read(Compare(sign, left.node, right.node), Kind.FLAG, place)


def _between(reader: Reader, tree: exp.Expr) -> Read:
    operand, low, high = reader.together(reader.operands(tree, "this", "low", "high"))
    place = operand.place.to(high.place)
    if operand.kind is Kind.FLAG:
        raise ExpressionError(
            N_("Conditions have no order; {sign} cannot compare them."),
            code="type",
            place=place,
            sign="BETWEEN",
        )
    return Read(Between(operand.node, low.node, high.node), Kind.FLAG, place)


def _in(reader: Reader, tree: exp.Expr) -> Read:
    this, members = reader.parts(tree, "this", "expressions")
    if not isinstance(this, exp.Expr) or not isinstance(members, list) or not members:
        raise reader.refused(tree)
    reads = reader.together([reader.read(this), *(reader.read(member) for member in members)])
    literals: list[Literals] = []
    for read in reads[1:]:
        match read.node:
            case Negate(Number(value, currency)):
                literals.append(Number(-value, currency))
            case Number() | Word() | Truth() | Day() as literal:
                literals.append(literal)
            case _:
                raise ExpressionError(
                    N_("Only numbers, texts and dates stand in an IN list; {found} is none."), code="member",
                    place=read.place, suggestion=Message(N_("Use = and OR for computed values.")),
                )  # fmt: skip
    return Read(In(reads[0].node, tuple(literals)), Kind.FLAG, reads[0].place.to(reads[-1].place))


def _like(reader: Reader, tree: exp.Expr) -> Read:
    this, pattern, negate = reader.parts(tree, "this", "expression", "negate")
    if not isinstance(this, exp.Expr) or not isinstance(pattern, exp.Expr):
        raise reader.refused(tree)
    operand, written = reader.read(this), reader.read(pattern)
    node = reader.expect(operand, Kind.TEXT, N_("a text"))
    if not isinstance(written.node, Word):
        raise ExpressionError(
            N_("The pattern of LIKE must be written out as a text; {found} is not."), code="pattern",
            place=written.place,
        )  # fmt: skip
    like: Node = Like(node, written.node.value)
    return Read(Not(like) if negate else like, Kind.FLAG, operand.place.to(written.place))


def _is(reader: Reader, tree: exp.Expr) -> Read:
    this, what = reader.parts(tree, "this", "expression")
    if not isinstance(this, exp.Expr):
        raise reader.refused(tree)
    operand = reader.read(this)
    if isinstance(what, exp.Null):
        return Read(IsUnknown(operand.node), Kind.FLAG, operand.place)
    if isinstance(what, exp.Boolean):
        return Read(IsTruth(reader.flag(operand), bool(what.this)), Kind.FLAG, operand.place)
    raise ExpressionError(
        N_("After IS stands NULL, TRUE or FALSE, not {found}."), code="is",
        place=reader.place_of(what) if isinstance(what, exp.Expr) else operand.place,
        suggestion=Message(N_("Write = to compare two values.")),
    )  # fmt: skip


def _negate(reader: Reader, tree: exp.Expr) -> Read:
    (operand,) = reader.operands(tree, "this")
    node = reader.expect(operand, Kind.NUMBER, N_("a number"))
    return Read(Negate(node), Kind.NUMBER, operand.place, operand.unit)


def _sum(reader: Reader, tree: exp.Expr) -> Read:
    reads = reader.operands(tree, "this", "expression")
    for read in reads:
        reader.expect(read, Kind.NUMBER, N_("a number"))
    left, right = reader.together(reads)
    unit = right.unit if is_bare(left.node) else left.unit
    sign = "+" if isinstance(tree, exp.Add) else "-"
    return Read(Arithmetic(sign, left.node, right.node), Kind.NUMBER, left.place.to(right.place), unit)  # type: ignore[arg-type]  # one of two literals


def _product(reader: Reader, tree: exp.Expr) -> Read:
    left, right = reader.operands(tree, "this", "expression")
    for read in (left, right):
        reader.expect(read, Kind.NUMBER, N_("a number"))
    place = left.place.to(right.place)
    if isinstance(tree, exp.Mul):
        return Read(Arithmetic("*", left.node, right.node), Kind.NUMBER, place, left.unit * right.unit)
    return Read(Arithmetic("/", left.node, right.node), Kind.NUMBER, place, left.unit / right.unit)


HANDLERS: Final[dict[type[exp.Expr], Handler]] = {
    exp.Column: _name,
    exp.Literal: _literal,
    exp.Boolean: _truth,
    exp.Null: _null,
    exp.Paren: _paren,
    exp.And: _chain,
    exp.Or: _chain,
    exp.Not: _not,
    **dict.fromkeys(_COMPARISONS, _compare),
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.Is: _is,
    exp.Neg: _negate,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: _product,
    exp.Div: _product,
}
