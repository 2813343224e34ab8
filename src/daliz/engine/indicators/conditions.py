"""Reads conditions: connectives, comparisons and predicates."""

from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from daliz.engine.features.vocabulary import Kind
from daliz.engine.indicators.errors import ExpressionError
from daliz.engine.indicators.nodes import (
    And,
    Between,
    Compare,
    Comparison,
    Day,
    In,
    IsTruth,
    IsUnknown,
    Like,
    Literals,
    Negate,
    Node,
    Not,
    Number,
    Or,
    Truth,
    Word,
)  # fmt: skip
from daliz.engine.indicators.reader import Handler, Read, Reader
from daliz.language import N_, Message

_COMPARISONS: Final[Mapping[type[exp.Expr], Comparison]] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip


def _chain(reader: Reader, tree: exp.Expr) -> Read:
    """Read a chain of one connective, however long, as one node."""
    links: list[exp.Expr] = []
    current: exp.Expr = tree
    while type(current) is type(tree):
        left, right = reader.parts(current, "this", "expression")
        if not isinstance(left, exp.Expr) or not isinstance(right, exp.Expr):
            raise reader.refused(current)
        links.append(right)
        current = left
    reads = [reader.read(link) for link in (current, *reversed(links))]
    kind: type[And] | type[Or] = And if isinstance(tree, exp.And) else Or
    operands: list[Node] = []
    for read in reads:
        node = reader.flag(read)
        operands.extend(node.operands if isinstance(node, kind) else [node])
    return Read(kind(tuple(operands)), Kind.FLAG, reads[0].place.to(reads[-1].place))


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


HANDLERS: Final[Mapping[type[exp.Expr], Handler]] = {
    exp.And: _chain,
    exp.Or: _chain,
    exp.Not: _not,
    **dict.fromkeys(_COMPARISONS, _compare),
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.Is: _is,
}
"""What reads each of sqlglot's nodes for a condition."""
