"""Reads names, literals and arithmetic."""

import math
from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from daliz.engine.features.vocabulary import Kind
from daliz.engine.indicators.errors import ExpressionError, meant
from daliz.engine.indicators.nodes import Arithmetic, Name, Negate, Number, Truth, Word
from daliz.engine.indicators.reader import Handler, Read, Reader
from daliz.engine.indicators.units import is_bare
from daliz.language import N_, Message


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


HANDLERS: Final[Mapping[type[exp.Expr], Handler]] = {
    exp.Column: _name,
    exp.Literal: _literal,
    exp.Boolean: _truth,
    exp.Null: _null,
    exp.Paren: _paren,
    exp.Neg: _negate,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: _product,
    exp.Div: _product,
}
"""What reads each of sqlglot's nodes for a value."""
