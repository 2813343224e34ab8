"""Thresholds moved: each number that an expression compares with, tried at quantiles of what it meets.

``item.unit_value < 0.7 * reference.unit_value_p50`` compares the ratio of the two with 0.7. The ratio is
found by solving the comparison for the number, its quantiles are taken where the rest of the expression
holds, and the expression is counted once for each of them, as it stands but for the number.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from daliz.engine.backtest.store import FactsStore
from daliz.engine.indicators.marking import values_where
from daliz.engine.indicators.nodes import (
    Aggregate,
    And,
    Arithmetic,
    Between,
    Call,
    Compare,
    IsTruth,
    IsUnknown,
    Negate,
    Node,
    Not,
    Number,
    Or,
    Truth,
    children,
    names_of,
)
from daliz.engine.indicators.printer import print_number, print_text
from daliz.engine.records.duck import connect
from daliz.language import N_, DalizError

QUANTILES: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
_DIGITS: Final = 3

Path = tuple[int, ...]


class SweepError(DalizError):
    """There is no such threshold to move."""

    code: ClassVar[str] = "backtest-sweep"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number of an expression that something is compared with.

    Attributes:
        number: its place among the thresholds, from 1, as written.
        value: as it stands.
        text: the comparison it stands in, canonical.
        compared: what the number is compared with, the comparison solved for it.
        root: the whole expression.
        path: where the number stands in it.
        comparison: where its comparison stands.
    """

    number: int
    value: float
    text: str
    compared: Node
    root: Node
    path: Path
    comparison: Path

    def at(self, value: float) -> Node:
        """Return the expression with another number."""
        return _put(self.root, self.path, value)

    @property
    def rest(self) -> Node:
        """The expression where the comparison is taken to hold."""
        return replaced(self.root, self.comparison, Truth(True))


@dataclass(frozen=True, slots=True)
class Sweep:
    """A threshold and the values at which it is tried, ascending, its own among them.

    Attributes:
        threshold: the number that is moved.
        values: what it is tried at.
    """

    threshold: Threshold
    values: tuple[float, ...]

    def conditions(self) -> dict[str, Node]:
        """Return a condition for each value, by a key of their own."""
        return {self.key(value): self.threshold.at(value) for value in self.values}

    def key(self, value: float) -> str:
        """Return the key of the condition with ``value``."""
        return f"sweep:{self.threshold.number}:{print_number(value)}"


def thresholds_of(root: Node) -> list[Threshold]:
    """Return the numbers of an expression that can be moved, in the order they are written.

    A number within a list, or one that stands in for an unknown value, is no threshold.
    """
    found: list[Threshold] = []
    for comparison, node in _comparisons(root, ()):
        if "declaration.version" in names_of(node):
            continue  # says at which point a profile is judged
        for path, number, compared in _solved(node):
            found.append(
                Threshold(
                    number=len(found) + 1,
                    value=number.value,
                    text=print_text(node),
                    compared=compared,
                    root=root,
                    path=comparison + path,
                    comparison=comparison,
                )
            )
    return found


def chosen(thresholds: Sequence[Threshold], number: int | None) -> list[Threshold]:
    """Return the threshold that a person asked for by its number; all of them for None.

    Raises:
        SweepError: there is none, or not so many.
    """
    if not thresholds:
        raise SweepError(N_("the expression compares with no number, so there is no threshold to move"))
    if number is None:
        return list(thresholds)
    if not 1 <= number <= len(thresholds):
        raise SweepError(
            N_("there is no threshold {number}; the expression has {count}: {texts}"),
            number=number, count=len(thresholds), texts="; ".join(t.text for t in thresholds),
        )  # fmt: skip
    return [thresholds[number - 1]]


def sweeps(
    store: FactsStore,
    thresholds: Sequence[Threshold],
    *,
    lists: Mapping[str, Collection[str]],
    threads: int = 2,
    memory_gb: float = 3.0,
) -> list[Sweep]:
    """Find the values at which thresholds are tried: quantiles of what they meet, to three digits.

    Quantiles are over the items for which the rest of the expression holds; over all items if it holds for
    none.
    """
    found = []
    with connect(memory_gb=memory_gb, threads=threads, folders=store.folders) as connection:
        for threshold in thresholds:
            store.must_have(names_of(threshold.compared) | names_of(threshold.root))
            values: list[float] = []
            for where in (threshold.rest, Truth(True)):
                query = values_where(threshold.compared, where, store.relation(), lists)
                quantiles = ", ".join(f"quantile_disc(value, {q})" for q in QUANTILES)
                row = connection.execute(
                    f"SELECT {quantiles} FROM ({query}) WHERE value IS NOT NULL"
                ).fetchone()
                values = [float(v) for v in row or () if v is not None]
                if values:
                    break
            rounded = {float(f"{value:.{_DIGITS}g}") for value in values}
            found.append(Sweep(threshold, tuple(sorted({*rounded, threshold.value}))))
    return found


def _comparisons(node: Node, path: Path) -> Iterator[tuple[Path, Compare | Between]]:
    if isinstance(node, Compare | Between):
        yield path, node
    for at, child in enumerate(children(node)):
        yield from _comparisons(child, (*path, at))


def _solved(node: Compare | Between) -> Iterator[tuple[Path, Number, Node]]:
    """Yield each number of a comparison, and what the comparison means it to be compared with."""
    match node:
        case Compare(_, left, right):
            for at, side, other in ((0, left, right), (1, right, left)):
                for path, number, compared in _isolated(side, other):
                    yield (at, *path), number, compared
        case Between(operand, low, high):
            for at, side in ((1, low), (2, high)):
                for path, number, compared in _isolated(side, operand):
                    yield (at, *path), number, compared


def _isolated(side: Node, other: Node) -> Iterator[tuple[Path, Number, Node]]:
    """Yield the numbers of ``side``, the equation ``side = other`` solved for each."""
    match side:
        case Number():
            if not isinstance(other, Number):
                yield (), side, other
        case Negate(operand):
            for path, number, compared in _isolated(operand, Negate(other)):
                yield (0, *path), number, compared
        case Arithmetic(sign, left, right):
            solved: dict[str, tuple[Node, Node]] = {
                "+": (Arithmetic("-", other, right), Arithmetic("-", other, left)),
                "-": (Arithmetic("+", other, right), Arithmetic("-", left, other)),
                "*": (Arithmetic("/", other, right), Arithmetic("/", other, left)),
                "/": (Arithmetic("*", other, right), Arithmetic("/", left, other)),
            }
            for at, (part, rest) in enumerate(zip((left, right), solved[sign], strict=True)):
                for path, number, compared in _isolated(part, rest):
                    yield (at, *path), number, compared
        case _:
            return


def _put(root: Node, path: Path, value: float) -> Node:
    number = _at(root, path)
    if not isinstance(number, Number):
        raise TypeError("the path of a threshold leads to a number")
    return replaced(root, path, replace(number, value=value))


def _at(node: Node, path: Path) -> Node:
    for at in path:
        node = children(node)[at]
    return node


def replaced(node: Node, path: Path, other: Node) -> Node:  # noqa: PLR0911, PLR0912 -- one case a form of node
    """Return the tree with the node at ``path`` replaced."""
    if not path:
        return other
    below = list(children(node))
    below[path[0]] = replaced(below[path[0]], path[1:], other)
    match node:
        case And():
            return And(tuple(below))
        case Or():
            return Or(tuple(below))
        case Compare(sign, _, _):
            return Compare(sign, *below)
        case Between():
            return Between(*below)
        case Not():
            return Not(*below)
        case IsTruth(_, value):
            return IsTruth(below[0], value)
        case IsUnknown():
            return IsUnknown(*below)
        case Aggregate(function, _):
            return Aggregate(function, *below)
        case Negate():
            return Negate(*below)
        case Arithmetic(sign, _, _):
            return Arithmetic(sign, *below)
        case Call(function, _):
            return Call(function, tuple(below))
        case _:
            raise TypeError(f"nothing is replaced below {type(node).__name__}")
