"""The functions of the language: what each takes, what it gives, and nothing off this list."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, cast

import re2
from sqlglot import exp

from daliz.engine.features.vocabulary import PLAIN, Grain, Kind, Unit
from daliz.engine.indicators.errors import ExpressionError, meant
from daliz.engine.indicators.nodes import (
    Aggregate,
    AggregateFunction,
    Call,
    Day,
    Function,
    HsPrefix,
    InList,
    Matches,
    Name,
    Word,
    grain_of,
)  # fmt: skip
from daliz.engine.indicators.reader import Handler, Read, Reader
from daliz.engine.indicators.texts import compile_pattern
from daliz.engine.indicators.units import is_bare
from daliz.language import N_, Message

MAX_PATTERN: Final = 500
"""The longest pattern of ``matches``, characters."""
_HS: Final = re.compile("[0-9]{1,12}")
_TEXT: Final = N_("a text")
_Builder = Callable[[Reader, str, exp.Expr, list[Read]], Read]


def _call(reader: Reader, tree: exp.Expr) -> Read:
    """Read a call of one of the functions below."""
    this, arguments = reader.parts(tree, "this", "expressions")
    if not isinstance(this, str):
        raise reader.refused(tree)
    name, place = this.lower(), reader.place_of(tree)
    if name not in FUNCTIONS:
        near = difflib.get_close_matches(name, FUNCTIONS, n=1, cutoff=0.6)
        raise ExpressionError(
            N_("There is no function {name}."), code="unknown-function", place=place, name=this,
            suggestion=meant(f"{near[0]}(…)") if near
            else Message(N_("There are: {functions}."), {"functions": ", ".join(FUNCTIONS)}),
        )  # fmt: skip
    least, most, build = FUNCTIONS[name]
    given = cast(list[exp.Expr], arguments or [])
    if not least <= len(given) <= most:
        raise ExpressionError(
            N_("{name} is written {usage}; here it has {count} values."), code="arguments", place=place,
            name=name, usage=USAGE[name], count=len(given),
        )  # fmt: skip
    if name in _AGGREGATES:
        return build(reader, name, tree, _within(reader, name, tree, given))
    return build(reader, name, tree, [reader.read(argument) for argument in given])


def _within(reader: Reader, name: str, tree: exp.Expr, given: list[exp.Expr]) -> list[Read]:
    """Read the operand of an aggregate, in which no other aggregate may stand."""
    if reader.within is not None:
        raise ExpressionError(
            N_("{inner} cannot stand within {outer}: each looks at all items of the declaration."),
            code="nested-aggregate", place=reader.place_of(tree), inner=name, outer=reader.within,
        )  # fmt: skip
    reader.within = name
    try:
        return [reader.read(argument) for argument in given]
    finally:
        reader.within = None


def _aggregate(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
    (read,) = reads
    place = reader.place_of(tree)
    if name in ("any", "every", "count"):
        reader.flag(read)
    elif name == "sum":
        reader.expect(read, Kind.NUMBER, N_("a number"))
    else:
        _ordered(name, [read])
    if grain_of(read.node) is not Grain.ITEM:
        raise ExpressionError(
            N_("{name} looks at the items, but {found} is the same for all of them."), code="not-of-items",
            place=read.place, name=name,
        )  # fmt: skip
    kind = {"any": Kind.FLAG, "every": Kind.FLAG, "count": Kind.NUMBER}.get(name, read.kind)
    unit = read.unit if name in ("sum", "min", "max") else PLAIN
    return Read(Aggregate(cast(AggregateFunction, name), read.node), kind, place, unit)


def _ordered(name: str, reads: list[Read]) -> None:
    for read in reads:
        if read.kind not in (Kind.NUMBER, Kind.DATE):
            raise ExpressionError(
                N_("{name} takes numbers or dates; {found} is neither."),
                code="type",
                place=read.place,
                name=name,
            )


def _alike(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
    """Build coalesce, least and greatest: values of one kind and unit in, one of them out."""
    if name != "coalesce":
        _ordered(name, reads)
    reads = reader.together(reads)
    unit = next((read.unit for read in reads if not is_bare(read.node)), PLAIN)
    node = Call(cast(Function, name), tuple(read.node for read in reads))
    return Read(node, reads[0].kind, reader.place_of(tree), unit)


def _abs(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
    node = reader.expect(reads[0], Kind.NUMBER, N_("a number"))
    return Read(Call("abs", (node,)), Kind.NUMBER, reader.place_of(tree), reads[0].unit)


def _of_texts(gives: Kind) -> _Builder:
    def build(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
        nodes = tuple(reader.expect(read, Kind.TEXT, _TEXT) for read in reads)
        return Read(Call(cast(Function, name), nodes), gives, reader.place_of(tree))

    return build


def _days_between(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
    nodes = tuple(reader.expect(read, Kind.DATE, N_("a date")) for read in reads)
    return Read(Call("days_between", nodes), Kind.NUMBER, reader.place_of(tree), Unit.of("day"))


def _date(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
    written = _literal(reads[0])
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
            raise ValueError
        day = date.fromisoformat(written)
    except ValueError:
        raise ExpressionError(
            N_("{found} is not a day of the calendar."), code="date", place=reads[0].place,
            suggestion=Message(N_("A date is written DATE '2025-01-31'.")),
        ) from None  # fmt: skip
    return Read(Day(day), Kind.DATE, reader.place_of(tree))


def _literal(read: Read) -> str:
    if not isinstance(read.node, Word):
        raise ExpressionError(
            N_("Here a text must be written out; {found} is not one."), code="literal", place=read.place,
            suggestion=Message(N_("Texts stand in apostrophes: 'CN'.")),
        )  # fmt: skip
    return read.node.value


def _hs(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
    code, *others = reads
    node = reader.expect(code, Kind.TEXT, N_("a name that holds an HS code"))
    if not isinstance(node, Name):
        raise ExpressionError(
            N_("hs takes a name that holds an HS code first; {found} is none."),
            code="literal",
            place=code.place,
        )
    prefixes = []
    for other in others:
        prefix = _literal(other)
        if not _HS.fullmatch(prefix):
            raise ExpressionError(
                N_("{found} is not the beginning of an HS code: 1 to 12 digits."),
                code="hs",
                place=other.place,
            )
        prefixes.append(prefix)
    return Read(HsPrefix(node, tuple(prefixes)), Kind.FLAG, reader.place_of(tree))


def _in_list(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
    operand, called = reads
    wanted = _literal(called)
    kind = reader.around.lists.get(wanted)
    if kind is None:
        near = difflib.get_close_matches(wanted, reader.around.lists, n=1, cutoff=0.6)
        raise ExpressionError(
            N_("There is no list {found}."), code="unknown-list", place=called.place,
            suggestion=meant(f"'{near[0]}'" if near else None),
        )  # fmt: skip
    if kind is not Kind.TEXT:
        raise ExpressionError(
            N_("The list {found} does not hold texts; only texts are looked up in lists."), code="type",
            place=called.place,
        )  # fmt: skip
    node = reader.expect(operand, Kind.TEXT, _TEXT)
    return Read(InList(node, wanted), Kind.FLAG, reader.place_of(tree))


def _matches(reader: Reader, name: str, tree: exp.Expr, reads: list[Read]) -> Read:
    operand, written = reads
    node = reader.expect(operand, Kind.TEXT, _TEXT)
    pattern = _literal(written)
    if len(pattern) > MAX_PATTERN:
        raise ExpressionError(
            N_("The pattern has {length} characters; {most} are the most."), code="pattern",
            place=written.place, length=len(pattern), most=MAX_PATTERN,
        )  # fmt: skip
    try:
        compile_pattern(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        reason = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise ExpressionError(
            N_("{found} is not a pattern in RE2 syntax: {reason}"), code="pattern", place=written.place,
            reason=reason,
        ) from None  # fmt: skip
    return Read(Matches(node, pattern), Kind.FLAG, reader.place_of(tree))


_MANY: Final = 1_000
FUNCTIONS: Final[Mapping[str, tuple[int, int, _Builder]]] = {
    "hs": (2, _MANY, _hs),
    "in_list": (2, 2, _in_list),
    "coalesce": (2, 100, _alike),
    "abs": (1, 1, _abs),
    "least": (2, 100, _alike),
    "greatest": (2, 100, _alike),
    "length": (1, 1, _of_texts(Kind.NUMBER)),
    "lower": (1, 1, _of_texts(Kind.TEXT)),
    "upper": (1, 1, _of_texts(Kind.TEXT)),
    "starts_with": (2, 2, _of_texts(Kind.FLAG)),
    "ends_with": (2, 2, _of_texts(Kind.FLAG)),
    "contains": (2, 2, _of_texts(Kind.FLAG)),
    "matches": (2, 2, _matches),
    "date": (1, 1, _date),
    "days_between": (2, 2, _days_between),
    "any": (1, 1, _aggregate),
    "every": (1, 1, _aggregate),
    "count": (1, 1, _aggregate),
    "sum": (1, 1, _aggregate),
    "min": (1, 1, _aggregate),
    "max": (1, 1, _aggregate),
}
"""Every function: the least and most values it takes, and how it is built."""
_AGGREGATES: Final = frozenset({"any", "every", "count", "sum", "min", "max"})

USAGE: Final[Mapping[str, str]] = {
    "hs": "hs(item.hs_code, '8703', …)",
    "in_list": "in_list(x, 'name')",
    "coalesce": "coalesce(x, y, …)",
    "abs": "abs(x)",
    "least": "least(x, y, …)",
    "greatest": "greatest(x, y, …)",
    "length": "length(x)",
    "lower": "lower(x)",
    "upper": "upper(x)",
    "starts_with": "starts_with(x, 'beginning')",
    "ends_with": "ends_with(x, 'end')",
    "contains": "contains(x, 'part')",
    "matches": "matches(x, 'pattern')",
    "date": "DATE '2025-01-31'",
    "days_between": "days_between(from, to)",
    "any": "any(condition)",
    "every": "every(condition)",
    "count": "count(condition)",
    "sum": "sum(number)",
    "min": "min(number)",
    "max": "max(number)",
}
"""How each function is written."""

HANDLERS: Final[Mapping[type[exp.Expr], Handler]] = {exp.Anonymous: _call}
"""What reads a call."""
