# ruff: noqa: E501 -- expressions and their SQL stand on one line each
"""A slow, plain interpreter of the tree: says what the language means, and shares no code with the back ends."""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce

import re2

from daliz.engine.indicators import nodes as n
from tests.engine.indicators.cast import LISTS

Item = Mapping[str, object]
_ORDER: Mapping[str, Callable[..., bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def value(node: n.Node, item: Item, items: Sequence[Item]) -> object:  # noqa: PLR0911, PLR0912 -- one case a node
    def of(part: n.Node) -> object:
        return value(part, item, items)

    match node:
        case n.Name(name):
            return item[name]
        case n.Number(number, currency):
            return number if currency is None or item[n.CURRENCY] == currency else None
        case n.Word(plain) | n.Truth(plain) | n.Day(plain):
            return plain
        case n.Not(operand):
            return {True: False, False: True, None: None}[of(operand)]  # type: ignore[index]  # a flag
        case n.And(operands):
            return kleene([of(part) for part in operands], decides=False)
        case n.Or(operands):
            return kleene([of(part) for part in operands], decides=True)
        case n.Compare(sign, left, right):
            return strict(_ORDER[sign], of(left), of(right))
        case n.Between(operand, low, high):
            what = of(operand)
            bounds = [strict(operator.ge, what, of(low)), strict(operator.le, what, of(high))]
            return kleene(bounds, decides=False)
        case n.In(operand, members):
            amounts = [m.currency for m in members if isinstance(m, n.Number) and m.currency]
            if amounts and item[n.CURRENCY] != amounts[0]:
                return None
            return strict(lambda what: any(what == member.value for member in members), of(operand))
        case n.InList(operand, name):
            return strict(lambda what: what in LISTS[name], of(operand))
        case n.Like(operand, pattern):
            return strict(lambda what: like(what, pattern), of(operand))
        case n.Matches(operand, pattern):
            return strict(lambda what: re2.search(pattern, what) is not None, of(operand))
        case n.HsPrefix(code, prefixes):
            return strict(lambda what: hs(what, prefixes), of(code))
        case n.IsUnknown(operand):
            return of(operand) is None
        case n.IsTruth(operand, wanted):
            return of(operand) is wanted
        case n.Negate(operand):
            return strict(operator.neg, of(operand))
        case n.Arithmetic(sign, left, right):
            return strict(lambda a, b: compute(sign, a, b), of(left), of(right))
        case n.Call("coalesce", arguments):
            return next((found for found in map(of, arguments) if found is not None), None)
        case n.Call(function, arguments):
            return strict(_CALLS[function], *map(of, arguments))
        case n.Aggregate(function, operand):
            return aggregate(function, [value(operand, one, items) for one in items])


def strict(function: Callable[..., object], *given: object) -> object:
    return None if any(one is None for one in given) else function(*given)


def kleene(given: Sequence[object], *, decides: bool) -> object:
    if any(one is decides for one in given):
        return decides
    return None if any(one is None for one in given) else not decides


def compute(sign: str, a: float, b: float) -> float | None:
    if sign == "/" and b == 0:
        return None
    result = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[sign](a, b)
    return result if math.isfinite(result) else None


def like(text: str, pattern: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(like(text[at:], pattern[1:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("_", text[0]) and like(text[1:], pattern[1:])


def hs(code: str, prefixes: Sequence[str]) -> bool | None:
    if any(code[: len(prefix)] == prefix for prefix in prefixes):
        return True
    if any(len(code) < len(prefix) and prefix[: len(code)] == code for prefix in prefixes):
        return None
    return False


def days_between(start: date, end: date) -> float:
    return float((end - start).days)


_CALLS: Mapping[str, Callable[..., object]] = {
    "abs": abs,
    "least": min,
    "greatest": max,
    "length": lambda text: float(len(text)),
    "lower": lambda text: "".join(simple(letter, letter.lower()) for letter in text),
    "upper": lambda text: "".join(simple(letter, letter.upper()) for letter in text),
    "starts_with": lambda text, part: text[: len(part)] == part,
    "ends_with": lambda text, part: part == "" or text[-len(part) :] == part,
    "contains": lambda text, part: text.find(part) >= 0,
    "days_between": days_between,
}


def simple(letter: str, mapped: str) -> str:
    return mapped if len(mapped) == 1 else {"İ": "i", "ß": "ẞ"}.get(letter, letter)


def aggregate(function: str, given: Sequence[object]) -> object:
    match function:
        case "any":
            return kleene(given, decides=True)
        case "every":
            return kleene(given, decides=False)
        case "count":
            return float(sum(one is True for one in given))
        case "sum":
            total = strict(lambda *numbers: reduce(operator.add, numbers), *given)
            return total if total is None or math.isfinite(total) else None  # type: ignore[arg-type]  # a number
        case "min":
            return strict(min, list(given)) if None not in given else None
        case _:
            return strict(max, list(given)) if None not in given else None
