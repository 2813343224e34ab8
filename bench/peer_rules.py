"""An expression as other rule engines write it, every name guarded against null where it is used.

Theirs is two-valued logic, so a condition is written to be true exactly where ours is. Only what the invented
rules use is written, less searches in texts, which not all engines have alike.
"""

from dataclasses import dataclass
from typing import Final

from daliz.engine.indicators.nodes import (
    CURRENCY,
    And,
    Arithmetic,
    Compare,
    HsPrefix,
    In,
    Name,
    Node,
    Number,
    Or,
    Word,
    walk,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine writes.

    Attributes:
        both: conjunction.
        either: disjunction.
        equals: the sign of equality.
        known: that a name is not null.
        begins: that a text begins with another.
    """

    both: str
    either: str
    equals: str
    known: str
    begins: str


ZEN: Final = Dialect(" and ", " or ", "==", "{} != null", "startsWith({}, '{}')")
RULE_ENGINE: Final = Dialect(" and ", " or ", "==", "{} != null", "{}.starts_with('{}')")
CEL: Final = Dialect(" && ", " || ", "==", "{} != null", "{}.startsWith('{}')")


class TooRichError(Exception):
    """A rule that not every engine can express."""


def written(node: Node, dialect: Dialect) -> str:
    """Return the condition, true exactly where ours is.

    Raises:
        TooRichError: it uses what not all engines have.
    """
    match node:
        case And(operands):
            return "(" + dialect.both.join(written(one, dialect) for one in operands) + ")"
        case Or(operands):
            return "(" + dialect.either.join(written(one, dialect) for one in operands) + ")"
        case Name(name):
            return f"({dialect.known.format(name)}{dialect.both}{name} {dialect.equals} true)"
        case Compare(sign, left, right):
            sides = f"{_value(left)} {dialect.equals if sign == '=' else sign} {_value(right)}"
            return _guarded(node, sides, dialect)
        case In(Name(name), members):
            words = ", ".join(f"'{one.value}'" for one in members if isinstance(one, Word))
            return _guarded(node, f"{name} in [{words}]", dialect)
        case HsPrefix(name, prefixes):
            ways = dialect.either.join(dialect.begins.format(name.name, prefix) for prefix in prefixes)
            return _guarded(node, f"({ways})", dialect)
        case _:
            raise TooRichError(type(node).__name__)


def _guarded(node: Node, condition: str, dialect: Dialect) -> str:
    names = dict.fromkeys(part.name for part in walk(node) if isinstance(part, Name))
    guards = [dialect.known.format(name) for name in names]
    guards += [
        f"{CURRENCY} {dialect.equals} '{part.currency}'"
        for part in walk(node)
        if isinstance(part, Number) and part.currency
    ]
    return "(" + dialect.both.join([*guards, condition]) + ")"


def _value(node: Node) -> str:
    match node:
        case Name(name):
            return name
        case Number(value, _):
            return repr(value)
        case Word(value):
            return f"'{value}'"
        case Arithmetic(sign, left, right):
            return f"({_value(left)} {sign} {_value(right)})"
        case _:
            raise TooRichError(type(node).__name__)
