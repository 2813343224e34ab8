"""The closed, typed tree of an expression: what is not one of these nodes does not exist.

Every back end (canonical text, sentence, JSON tree, SQL, Python) is a function over this one tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from daliz.engine.features.vocabulary import PLAIN, Grain, Kind, Unit

CURRENCY = "declaration.currency"
"""The name that tells in which currency a row's money is."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the vocabulary."""

    name: str
    kind: Kind
    grain: Grain
    unit: Unit = PLAIN


@dataclass(frozen=True, slots=True)
class Number:
    """A number; with a currency it is an amount, unknown for a row whose money is in another one."""

    value: float
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A text literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A date literal."""

    value: date


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where the operand does not; unknown stays unknown."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more conditions; no operand is itself an And."""

    operands: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of two or more conditions; no operand is itself an Or."""

    operands: "tuple[Node, ...]"


Comparison: TypeAlias = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one kind and unit compared; texts by code point."""

    sign: Comparison
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Between:
    """``operand >= low AND operand <= high``."""

    operand: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """The operand equals one of the literals."""

    operand: "Node"
    members: "tuple[Literals, ...]"


@dataclass(frozen=True, slots=True)
class InList:
    """The operand is in the named list."""

    operand: "Node"
    list_name: str


@dataclass(frozen=True, slots=True)
class Like:
    """The text has the form of the pattern: ``%`` any characters, ``_`` exactly one."""

    operand: "Node"
    pattern: str


@dataclass(frozen=True, slots=True)
class Matches:
    """The RE2 pattern is found somewhere in the text."""

    operand: "Node"
    pattern: str


@dataclass(frozen=True, slots=True)
class HsPrefix:
    """The HS code begins with one of the prefixes; unknown where the code is too short to tell."""

    name: Name
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsUnknown:
    """Whether the operand is unknown; itself never unknown."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class IsTruth:
    """Whether the condition is known to hold (or known not to); itself never unknown."""

    operand: "Node"
    value: bool


@dataclass(frozen=True, slots=True)
class Negate:
    """Minus the operand."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers combined; unknown where the result is not a finite number."""

    sign: Literal["+", "-", "*", "/"]
    left: "Node"
    right: "Node"


Function: TypeAlias = Literal[
    "coalesce", "abs", "least", "greatest", "length", "lower", "upper", "starts_with", "ends_with",
    "contains", "days_between",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values; all but coalesce are unknown when an argument is."""

    function: Function
    arguments: "tuple[Node, ...]"


AggregateFunction: TypeAlias = Literal["any", "every", "count", "sum", "min", "max"]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One value for the declaration out of all its items."""

    function: AggregateFunction
    operand: "Node"


Literals: TypeAlias = Number | Word | Truth | Day
Node: TypeAlias = (
    Name | Literals | Not | And | Or | Compare | Between | In | InList | Like | Matches | HsPrefix | IsUnknown
    | IsTruth | Negate | Arithmetic | Call | Aggregate
)  # fmt: skip


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 -- one case a form of node
    """Return the nodes directly below, in the order they are written."""
    match node:
        case Name() | Number() | Word() | Truth() | Day():
            return ()
        case And(operands) | Or(operands):
            return operands
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return left, right
        case Between(operand, low, high):
            return operand, low, high
        case In(operand, members):
            return operand, *members
        case HsPrefix(name, _):
            return (name,)
        case Call(_, arguments):
            return arguments
        case (
            Not(operand) | InList(operand) | Like(operand) | Matches(operand) | IsUnknown(operand)
            | IsTruth(operand) | Negate(operand) | Aggregate(_, operand)
        ):  # fmt: skip
            return (operand,)


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything below it, left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def grain_of(node: Node) -> Grain:
    """Return ITEM if the value may differ between the items of one declaration."""
    if isinstance(node, Aggregate):
        return Grain.DECLARATION
    if isinstance(node, Name):
        return node.grain
    below = {grain_of(child) for child in children(node)}
    return Grain.ITEM if Grain.ITEM in below else Grain.DECLARATION


def names_of(node: Node) -> frozenset[str]:
    """Return the names whose values are needed, the currency of guarded amounts among them."""
    found = {part.name for part in walk(node) if isinstance(part, Name)}
    if any(isinstance(part, Number) and part.currency is not None for part in walk(node)):
        found.add(CURRENCY)
    return frozenset(found)


def lists_of(node: Node) -> frozenset[str]:
    """Return the named lists that are looked up."""
    return frozenset(part.list_name for part in walk(node) if isinstance(part, InList))


def currency_of(node: In) -> str | None:
    """Return the currency of the amounts in an IN list; in another one the whole test is unknown."""
    currencies = (member.currency for member in node.members if isinstance(member, Number))
    return next((currency for currency in currencies if currency is not None), None)
