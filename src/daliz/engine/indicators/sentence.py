"""An expression as a plain sentence in English, Russian or Kazakh, made from the tree."""

from collections.abc import Iterable, Mapping
from typing import Final

from babel.numbers import format_decimal

from daliz.engine.features.vocabulary import Kind, Vocabulary
from daliz.engine.indicators.expression import Expression
from daliz.engine.indicators.names import Names
from daliz.engine.indicators.nodes import (
    Aggregate,
    And,
    Arithmetic,
    Between,
    Call,
    Compare,
    Day,
    HsPrefix,
    In,
    InList,
    IsTruth,
    IsUnknown,
    Like,
    Matches,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Or,
    Truth,
    Word,
)  # fmt: skip
from daliz.language import N_, translate
from daliz.language.numbers import format_date

_COMPARED: Final = {
    "=": N_("{left} is {right}"),
    "<>": N_("{left} is not {right}"),
    "<": N_("{left} is less than {right}"),
    "<=": N_("{left} is at most {right}"),
    ">": N_("{left} is more than {right}"),
    ">=": N_("{left} is at least {right}"),
}
_CALLS: Final[Mapping[str, str]] = {
    "abs": N_("the absolute value of {value}"),
    "least": N_("the least of {values}"),
    "greatest": N_("the greatest of {values}"),
    "length": N_("the length of {value}"),
    "lower": N_("{value} in small letters"),
    "upper": N_("{value} in capitals"),
    "starts_with": N_("{value} begins with {other}"),
    "ends_with": N_("{value} ends with {other}"),
    "contains": N_("{value} contains {other}"),
    "days_between": N_("the days from {value} to {other}"),
}
_AGGREGATES: Final[Mapping[str, str]] = {
    "any": N_("for at least one item of the declaration: {value}"),
    "every": N_("for every item of the declaration: {value}"),
    "count": N_("the number of items for which {value}"),
    "sum": N_("the sum of {value} over all items"),
    "min": N_("the least {value} of all items"),
    "max": N_("the greatest {value} of all items"),
}
_SIGNS: Final = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def sentence(expression: Expression, vocabulary: Vocabulary, lang: str, names: Names | None = None) -> str:
    """Return what the expression says, in ``lang``, with the vocabulary's labels for its names.

    A word that a fact is compared with is a code where it has a name, and is called by it.

    Args:
        expression: what is to be said.
        vocabulary: labels of names.
        lang: ``en``, ``ru`` or ``kk``.
        names: what people call lists and codes; what has no name stands as it is written.
    """
    spoken = _Speaker(vocabulary, lang, names or Names()).say(expression.root)
    return f"{spoken[0].upper()}{spoken[1:]}."


class _Speaker:
    def __init__(self, vocabulary: Vocabulary, lang: str, names: Names) -> None:
        self.vocabulary = vocabulary
        self.lang = lang
        self.names = names

    def tell(self, message: str, **values: str) -> str:
        return translate(message, self.lang, **values)

    def say(self, node: Node) -> str:  # noqa: PLR0911, PLR0912 -- one case a node is the whole point
        match node:
            case Name(_, kind):
                return (
                    self.tell(N_("{name} holds"), name=self.label(node))
                    if kind is Kind.FLAG
                    else self.label(node)
                )
            case Number(value, currency):
                return f"{self.number(value)} {currency}" if currency else self.number(value)
            case Word(value):
                return self.tell(N_("“{text}”"), text=value)
            case Truth(value):
                return self.tell(N_("always true") if value else N_("never true"))
            case Day(value):
                return format_date(value, self.lang)
            case And(operands):
                return self.joined(N_("{left}, and {right}"), [self.inner(operand) for operand in operands])
            case Or(operands):
                return self.joined(N_("{left}, or {right}"), [self.inner(operand) for operand in operands])
            case Not(operand):
                return self.negated(operand)
            case Compare(sign, left, right):
                fact = _fact(left) or _fact(right)
                return self.tell(_COMPARED[sign], left=self.coded(left, fact), right=self.coded(right, fact))
            case Between(operand, low, high):
                return self.tell(
                    N_("{value} is between {low} and {high}, both included"),
                    value=self.value(operand), low=self.value(low), high=self.value(high),
                )  # fmt: skip
            case In(operand, members):
                return self.tell(
                    N_("{value} is one of {members}"),
                    value=self.coded(operand, _fact(operand)),
                    members=self.several(members, _fact(operand)),
                )
            case InList(operand, list_name):
                return self.tell(
                    N_("{value} is in the list {name}"), value=self.say(operand), name=self.named(list_name)
                )
            case Like(operand, pattern):
                return self.tell(
                    N_("{value} has the form {pattern}"),
                    value=self.say(operand),
                    pattern=self.say(Word(pattern)),
                )
            case Matches(operand, pattern):
                return self.tell(
                    N_("{value} matches the pattern {pattern}"),
                    value=self.say(operand),
                    pattern=self.say(Word(pattern)),
                )
            case HsPrefix(name, prefixes):
                either = self.joined(N_("{left} or {right}"), list(prefixes))
                return self.tell(N_("{value} begins with {other}"), value=self.say(name), other=either)
            case IsUnknown(operand):
                return self.tell(N_("{value} is unknown"), value=self.value(operand))
            case IsTruth(operand, value):
                holds = self.tell(N_("it is certain that {value}"), value=self.inner(operand))
                fails = self.tell(
                    N_("it is certain that it is not so that {value}"), value=self.inner(operand)
                )
                return holds if value else fails
            case Negate(operand):
                return f"−{self.factor(operand)}"
            case Arithmetic(sign, left, right):
                return f"{self.factor(left)} {_SIGNS[sign]} {self.factor(right)}"
            case Call():
                return self.call(node, _fact(node))
            case Aggregate(function, operand):
                flag = function in ("any", "every", "count")
                return self.tell(
                    _AGGREGATES[function], value=self.inner(operand) if flag else self.factor(operand)
                )

    def negated(self, operand: Node) -> str:
        match operand:
            case Name():
                return self.tell(N_("{name} does not hold"), name=self.label(operand))
            case IsUnknown(value):
                return self.tell(N_("{value} is known"), value=self.value(value))
            case In(value, members):
                return self.tell(
                    N_("{value} is none of {members}"),
                    value=self.coded(value, _fact(value)),
                    members=self.several(members, _fact(value)),
                )
            case InList(value, list_name):
                return self.tell(
                    N_("{value} is not in the list {name}"),
                    value=self.say(value),
                    name=self.named(list_name),
                )
            case _:
                return self.tell(N_("it is not so that {value}"), value=self.inner(operand))

    def call(self, node: Call, fact: str | None) -> str:
        if node.function == "coalesce":
            first, *others = (
                self.coded(argument, fact) if isinstance(argument, Word) else self.factor(argument)
                for argument in node.arguments
            )
            for other in others:
                first = self.tell(N_("{value} (if unknown, {other})"), value=first, other=other)
            return first
        if node.function in ("least", "greatest"):
            return self.tell(_CALLS[node.function], values=self.several(node.arguments))
        value, *others = (self.factor(argument) for argument in node.arguments)
        return self.tell(_CALLS[node.function], value=value, **({"other": others[0]} if others else {}))

    def inner(self, node: Node) -> str:
        """Say a condition within another; brackets keep apart what AND and OR join."""
        said = self.say(node)
        return f"({said})" if isinstance(node, And | Or) else said

    def value(self, node: Node) -> str:
        """Say what is compared; brackets around a condition that is itself compared."""
        if isinstance(node, Name):
            return self.label(node)
        said = self.say(node)
        compound = isinstance(
            node, And | Or | Not | Compare | Between | In | InList | Like | Matches | HsPrefix
        )
        return f"({said})" if compound or isinstance(node, IsUnknown | IsTruth) else said

    def factor(self, node: Node) -> str:
        said = self.value(node)
        return f"({said})" if isinstance(node, Arithmetic | Negate) else said

    def label(self, node: Name) -> str:
        feature = self.vocabulary.get(node.name)
        return self.tell(N_("“{text}”"), text=feature.label.in_(self.lang) if feature else node.name)

    def coded(self, node: Node, fact: str | None) -> str:
        """Say what is compared with ``fact``: a code of it by its name."""
        name = self.names.of_code(fact, node.value, self.lang) if fact and isinstance(node, Word) else None
        return self.tell(N_("“{text}”"), text=name) if name else self.value(node)

    def named(self, code: str) -> str:
        """Return a list's name in quotation marks; its code where it has none."""
        name = self.names.lists.get(code)
        return self.tell(N_("“{text}”"), text=name.in_(self.lang)) if name else code

    def several(self, nodes: Iterable[Node], fact: str | None = None) -> str:
        return ", ".join(self.coded(node, fact) for node in nodes)

    def joined(self, pair: str, parts: list[str]) -> str:
        said = parts[0]
        for part in parts[1:]:
            said = self.tell(pair, left=said, right=part)
        return said

    def number(self, value: float) -> str:
        if value and not 1e-6 <= abs(value) < 1e15:
            return repr(value)
        return str(format_decimal(repr(value), format="#,##0.####################", locale=self.lang))


def _fact(node: Node) -> str | None:
    """Return the fact whose codes a node may hold: a name, or a name with what stands in for it."""
    match node:
        case Name(name):
            return name
        case Call("coalesce", arguments):
            return next(filter(None, map(_fact, arguments)), None)
        case _:
            return None
