"""Units of numbers: what a bare number means where it stands."""

from dataclasses import replace
from typing import Final

from daliz.engine.features.vocabulary import Unit
from daliz.engine.indicators.nodes import Arithmetic, Call, Negate, Node, Number
from daliz.language import N_, Message

MONEY = "money"
_OF_ONE_UNIT: Final = ("coalesce", "abs", "least", "greatest")


def is_bare(node: Node) -> bool:
    """Whether the node is made of written numbers only, and so takes the unit of what it meets."""
    match node:
        case Number():
            return True
        case Negate(operand):
            return is_bare(operand)
        case Arithmetic(_, left, right):
            return is_bare(left) and is_bare(right)
        case Call(function, arguments) if function in _OF_ONE_UNIT:
            return all(map(is_bare, arguments))
        case _:
            return False


def adapt(node: Node, unit: Unit, currency: str | None) -> Node:  # noqa: PLR0911 -- one case a form
    """Return a bare number as one of ``unit``: an amount of money gets its currency.

    Zero stays zero in every currency. In a product or quotient the first factor carries the unit.

    Example:
        >>> adapt(Number(5.0), Unit.of("money"), "KZT")
        Number(value=5.0, currency='KZT')
    """
    if currency is None or not any(base == MONEY for base, _ in unit.powers):
        return node
    match node:
        case Number(value):
            return Number(value, currency) if value else node
        case Negate(operand):
            return Negate(adapt(operand, unit, currency))
        case Arithmetic("+" | "-", left, right):
            return replace(node, left=adapt(left, unit, currency), right=adapt(right, unit, currency))
        case Arithmetic(_, left):
            return replace(node, left=adapt(left, unit, currency))
        case Call(_, arguments):
            return replace(node, arguments=tuple(adapt(part, unit, currency) for part in arguments))
        case _:
            return node


def alike(unit: Unit) -> Message | str:
    """Return the unit as a person reads it."""
    return str(unit) if unit else Message(N_("plain numbers"))
