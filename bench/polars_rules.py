"""An expression as Polars would have it written; only what the invented profiles of the benchmarks use."""

import functools
import operator
from typing import TYPE_CHECKING, Final

from daliz.engine.indicators.nodes import (
    And,
    Arithmetic,
    Call,
    Compare,
    HsPrefix,
    In,
    Matches,
    Name,
    Node,
    Number,
    Or,
    Word,
)

if TYPE_CHECKING:
    import polars as pl

_SIGNS: Final = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def to_polars(node: Node) -> "pl.Expr":  # noqa: PLR0911 -- one case a node
    """Return the expression; amounts are unknown in another currency, as in ours."""
    import polars as pl  # noqa: PLC0415 -- an extra

    match node:
        case Name(name):
            return pl.col(name)
        case Number(value, None):
            return pl.lit(value)
        case Number(value, currency):
            return pl.when(pl.col("declaration.currency") == currency).then(pl.lit(value))
        case And(operands):
            return functools.reduce(operator.and_, map(to_polars, operands))
        case Or(operands):
            return functools.reduce(operator.or_, map(to_polars, operands))
        case Compare(sign, left, right) | Arithmetic(sign, left, right):
            return _SIGNS[sign](to_polars(left), to_polars(right))
        case In(operand, members):
            return to_polars(operand).is_in([member.value for member in members if isinstance(member, Word)])
        case HsPrefix(name, prefixes):
            code = to_polars(name)
            return functools.reduce(operator.or_, [code.str.starts_with(prefix) for prefix in prefixes])
        case Matches(operand, pattern):
            return to_polars(operand).str.contains(pattern)
        case Call("lower", (argument,)):
            return to_polars(argument).str.to_lowercase()
        case _:
            raise TypeError(f"not among the invented rules: {type(node).__name__}")
