"""From text to a checked expression: scan, parse, read, and prove that nothing was lost on the way."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from daliz.engine.features.vocabulary import PLAIN, Grain, Kind, Unit, Vocabulary
from daliz.engine.indicators import conditions, functions, values
from daliz.engine.indicators.errors import ExpressionError, Place
from daliz.engine.indicators.grammar import parse_tokens
from daliz.engine.indicators.nodes import CURRENCY, Node, grain_of, lists_of, names_of
from daliz.engine.indicators.printer import print_text
from daliz.engine.indicators.reader import MAX_DEPTH, Reader, Surroundings
from daliz.engine.indicators.scanner import Sort, Token, calls, scan
from daliz.language import N_

_NO_LISTS: Final[Mapping[str, Kind]] = {}
_HANDLERS: Final = {**values.HANDLERS, **conditions.HANDLERS, **functions.HANDLERS}


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that has been parsed and checked.

    Attributes:
        root: the tree.
        kind: what kind of value it gives; an indicator gives a FLAG.
        unit: the unit of a number.
    """

    root: Node
    kind: Kind
    unit: Unit = PLAIN

    @property
    def text(self) -> str:
        """The canonical text."""
        return print_text(self.root)

    @property
    def grain(self) -> Grain:
        """ITEM if it may hold for one item of a declaration and not for another."""
        return grain_of(self.root)

    @property
    def names(self) -> frozenset[str]:
        """The names of the vocabulary whose values it needs."""
        return names_of(self.root)

    @property
    def lists(self) -> frozenset[str]:
        """The named lists that it looks up."""
        return lists_of(self.root)


def parse(
    text: str, vocabulary: Vocabulary, *, lists: Mapping[str, Kind] | None = None, currency: str | None
) -> Expression:
    """Parse and check an expression of any kind.

    Args:
        text: the expression.
        vocabulary: the names it may use.
        lists: the named lists it may look up, and what they hold.
        currency: the currency (ISO 4217) that a bare amount is in. For a declaration in another one such an
            amount is unknown. None: amounts are taken as they are.

    Raises:
        ExpressionError: the text is not right; says what, where, and what would be.

    Example:
        >>> from daliz.engine.features.vocabulary import Feature
        >>> from daliz.language import Text
        >>> mass = Feature("item.net_mass_kg", Text("net mass", "масса нетто", "таза салмағы"), Kind.NUMBER,
        ...                Grain.ITEM, Text("unknown", "неизвестно", "белгісіз"), "item", Unit.of("kg"))
        >>> parse("item.net_mass_kg>1e3", Vocabulary([mass]), currency=None).text
        'item.net_mass_kg > 1000'
    """
    if currency is not None and CURRENCY not in vocabulary:
        raise ValueError(f"amounts in {currency} need the name {CURRENCY} in the vocabulary")
    tokens = scan(text)
    tree = parse_tokens(tokens, text)
    reader = Reader(Surroundings(text, calls(tokens), vocabulary, lists or _NO_LISTS, currency), _HANDLERS)
    _bound(tree, reader)
    read = reader.read(tree)
    expression = Expression(read.node, read.kind, read.unit)
    _prove(tokens, expression.text)
    return expression


def parse_indicator(
    text: str, vocabulary: Vocabulary, *, lists: Mapping[str, Kind] | None = None, currency: str | None
) -> Expression:
    """Parse and check an indicator, which must be a condition; else as ``parse``."""
    expression = parse(text, vocabulary, lists=lists, currency=currency)
    if expression.kind is not Kind.FLAG:
        raise ExpressionError(
            N_("An indicator must be a condition that holds or not; this gives another kind of value."),
            code="not-a-condition", place=Place(text, 0, len(text)),
        )  # fmt: skip
    return expression


def _bound(tree: exp.Expr, reader: Reader) -> None:
    """Refuse a tree that is too deep, without descending into it by recursion."""
    waiting: list[tuple[exp.Expr, int]] = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise ExpressionError(
                N_("The expression is nested too deeply; {most} levels are the most."), code="too-deep",
                place=reader.place_of(node), most=MAX_DEPTH,
            )  # fmt: skip
        for child in node.iter_expressions():
            chained = type(child) is type(node) and isinstance(node, exp.And | exp.Or)
            free = chained or isinstance(node, exp.Paren)
            waiting.append((child, depth if free else depth + 1))


def _prove(tokens: list[Token], canonical: str) -> None:
    """Check that each token of the text is in the canonical text too: nothing dropped, nothing invented."""
    left = Counter(map(_meaning, scan(canonical)))
    for token in tokens:
        left[_meaning(token)] -= 1
        if left[_meaning(token)] < 0 and _meaning(token) not in _BRACKETS:
            raise ExpressionError(
                N_("{found} has no meaning in this place."), code="syntax", place=token.place
            )
    for (_, meaning), count in left.items():
        if count > 0 and meaning not in ("(", ")"):
            raise ExpressionError(
                N_("{missing} is missing somewhere in the expression."), code="syntax",
                place=tokens[0].place.to(tokens[-1].place), missing=meaning,
            )  # fmt: skip


_BRACKETS: Final = frozenset({(Sort.SIGN, "("), (Sort.SIGN, ")")})


def _meaning(token: Token) -> tuple[Sort, str]:
    match token.sort:
        case Sort.NUMBER:
            return token.sort, repr(float(token.value))
        case Sort.NAME:
            return token.sort, token.value.lower()
        case _:
            return token.sort, token.value
