"""The Python back end: many indicators become one generated program that decides a declaration at once.

What is the same for all items is computed once a declaration. Indicators that ask for the beginning of an
HS code are only computed for items whose code can have it; for all others they are known not to hold.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from daliz.engine.features.vocabulary import Grain
from daliz.engine.indicators import texts
from daliz.engine.indicators.emitter import Emitter
from daliz.engine.indicators.expression import Expression
from daliz.engine.indicators.nodes import Aggregate, And, Call, HsPrefix, Name, Node, Or, grain_of, walk
from daliz.engine.indicators.texts import too_short

Row: TypeAlias = Sequence[object]
"""The values of one item, in the order of the program's names: numbers as float, flags as bool, texts as
str, dates as date, unknown as None."""
_OfItem: TypeAlias = Callable[[Row, Sequence[object]], object]
_KEPT_CODES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Dispatched:
    """An indicator that can only hold for HS codes with certain beginnings."""

    position: int
    prefixes: tuple[str, ...]
    short: frozenset[str]
    function: _OfItem

    def possible(self, code: str) -> bool:
        """Whether an item with this code could fire it, or be unknown to it."""
        return code.startswith(self.prefixes) or code in self.short


@dataclass(frozen=True, slots=True)
class Program:
    """Compiled expressions.

    Attributes:
        names: the names whose values a row holds, in this order.
        keys: the expressions' identifiers, in the order given.
        source: the generated code, to be read by people.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    source: str = field(repr=False)
    _shared: Callable[[Sequence[Row]], tuple[object, ...]] = field(repr=False)
    _of_declaration: tuple[tuple[int, int], ...] = field(repr=False)
    _general: Callable[[Row, Sequence[object]], tuple[object, ...]] = field(repr=False)
    _general_positions: tuple[int, ...] = field(repr=False)
    _dispatch: tuple[tuple[int, tuple[Dispatched, ...]], ...] = field(repr=False)
    _candidates: dict[tuple[int, str], tuple[Dispatched, ...]] = field(default_factory=dict, repr=False)

    def evaluate(self, items: Sequence[Row]) -> dict[str, tuple[bool | None, ...]]:
        """Return for each indicator whether it holds for each item; None is unknown.

        Args:
            items: the items of one version of one declaration, ordered by item_no.
        """
        return dict(zip(self.keys, self.values(items), strict=True))  # type: ignore[arg-type]  # indicators are flags

    def values(self, items: Sequence[Row]) -> list[tuple[object, ...]]:
        """Return for each expression, in the order of ``keys``, its value for each item."""
        if not items:
            return [() for _ in self.keys]
        shared = self._shared(items)
        count = len(items)
        results: list[tuple[object, ...]] = [(False,) * count] * len(self.keys)
        for position, slot in self._of_declaration:
            results[position] = (shared[slot],) * count
        if self._general_positions:
            general = self._general
            columns = zip(*[general(row, shared) for row in items], strict=True)
            for position, column in zip(self._general_positions, columns, strict=True):
                results[position] = column
        asked: dict[int, list[object]] = {}
        for slot, dispatched in self._dispatch:
            for at, row in enumerate(items):
                for one in self._possible(slot, row[slot], dispatched):
                    of_items = asked.setdefault(one.position, [False] * count)
                    of_items[at] = one.function(row, shared)
        for position, of_items in asked.items():
            results[position] = tuple(of_items)
        return results

    def _possible(self, slot: int, code: object, all_of: tuple[Dispatched, ...]) -> tuple[Dispatched, ...]:
        if not isinstance(code, str):
            return all_of
        found = self._candidates.get((slot, code))
        if found is None:
            found = tuple(one for one in all_of if one.possible(code))
            if len(self._candidates) >= _KEPT_CODES:
                self._candidates.clear()
            self._candidates[slot, code] = found
        return found


def compile_python(
    indicators: Mapping[str, Expression],
    *,
    lists: Mapping[str, Collection[str]] | None = None,
    names: Iterable[str] | None = None,
) -> Program:
    """Compile indicators into one program.

    Args:
        indicators: by identifier.
        lists: the members of the named lists; those that the indicators look up must be there.
        names: the slot order to use, which may hold further names; as needed, sorted, if None.

    Raises:
        KeyError: a list, or a name in ``names``, is missing.
    """
    return _Compiler(indicators, lists or {}, names).program()


def compile_value(
    expression: Expression,
    *,
    lists: Mapping[str, Collection[str]] | None = None,
    names: Iterable[str] | None = None,
) -> Callable[[Sequence[Row]], list[object]]:
    """Compile one expression of any kind into a function of a declaration's items, one value an item.

    A row holds the values of ``names``; of the expression's own names, sorted, if None.
    """
    program = compile_python({"value": expression}, lists=lists, names=names)

    def value(items: Sequence[Row]) -> list[object]:
        return list(program.values(items)[0])

    return value


class _Compiler:
    def __init__(
        self,
        indicators: Mapping[str, Expression],
        lists: Mapping[str, Collection[str]],
        names: Iterable[str] | None,
    ) -> None:
        needed = sorted(frozenset[str]().union(*(expression.names for expression in indicators.values())))
        self.names = tuple(needed if names is None else names)
        self.slots = {name: slot for slot, name in enumerate(self.names)}
        missing = [name for name in needed if name not in self.slots]
        missing += sorted({one for e in indicators.values() for one in e.lists if one not in lists})
        if missing:
            raise KeyError(f"not given: {', '.join(missing)}")
        self.indicators = indicators
        self.lists = lists
        self.constants: dict[str, object] = {}
        self.shared: list[Node] = []
        self.functions: list[str] = []

    def program(self) -> Program:
        of_declaration: list[tuple[int, int]] = []
        general: list[tuple[int, Node]] = []
        dispatched: list[tuple[int, HsPrefix, str]] = []
        for position, expression in enumerate(self.indicators.values()):
            hs = _dispatch_on(expression.root)
            if expression.grain is Grain.DECLARATION:
                of_declaration.append((position, self._share(expression.root)))
            elif hs is None:
                general.append((position, expression.root))
            else:
                dispatched.append((position, hs, self._of_item(f"indicator_{position}", [expression.root])))
        self._of_item("general", [root for _, root in general], as_tuple=True)
        self._of_declaration()
        source = "\n".join(self.functions)
        scope = self._scope()
        exec(compile(source, "<indicators>", "exec"), scope)  # noqa: S102 -- generated from the closed tree only; texts and lists are constants of the scope, never code
        by_slot: dict[int, list[Dispatched]] = {}
        for position, hs, name in dispatched:
            one = Dispatched(position, hs.prefixes, frozenset(too_short(hs.prefixes)), scope[name])  # type: ignore[arg-type]  # the function just generated
            by_slot.setdefault(self.slots[hs.name.name], []).append(one)
        return Program(
            names=self.names,
            keys=tuple(self.indicators),
            source=source,
            _shared=scope["of_declaration"],  # type: ignore[arg-type]  # the function just generated
            _of_declaration=tuple(of_declaration),
            _general=scope["general"],  # type: ignore[arg-type]  # the function just generated
            _general_positions=tuple(position for position, _ in general),
            _dispatch=tuple((slot, tuple(ones)) for slot, ones in sorted(by_slot.items())),
        )

    def _of_item(self, name: str, roots: Sequence[Node], *, as_tuple: bool = False) -> str:
        emitter = Emitter(self.slots, self._constant, share=self._share, aggregate=None)
        for node in _repeated(roots):
            emitter.emit(node)
        atoms = [emitter.emit(root) for root in roots]
        given = f"({''.join(f'{atom}, ' for atom in atoms)})" if as_tuple else atoms[0]
        self.functions.append(
            "\n".join([f"def {name}(row, shared):", *emitter.lines, f" return {given}", ""])
        )
        return name

    def _of_declaration(self) -> None:
        emitter = Emitter(self.slots, self._constant, share=None, aggregate=self._aggregate)
        atoms = [emitter.emit(node) for node in self.shared]
        given = f"({''.join(f'{atom}, ' for atom in atoms)})"
        lines = ["def of_declaration(rows):", " row = rows[0]", *emitter.lines, f" return {given}", ""]
        self.functions.append("\n".join(lines))

    def _aggregate(self, node: Aggregate) -> str:
        name = f"within_{len(self.functions)}"
        emitter = Emitter(self.slots, self._constant, share=None, aggregate=None)
        atom = emitter.emit(node.operand)
        self.functions.append("\n".join([f"def {name}(row):", *emitter.lines, f" return {atom}", ""]))
        return f"{node.function}_of([{name}(row) for row in rows])"

    def _share(self, node: Node) -> int:
        if node not in self.shared:
            self.shared.append(node)
        return self.shared.index(node)

    def _constant(self, value: object) -> str:
        match value:
            case ("list", str(list_name)):
                value = frozenset(self.lists[list_name])
            case ("like", str(pattern)):
                value = texts.liker(pattern)
            case ("matches", str(pattern)):
                value = texts.searcher(pattern)
            case ("short", tuple(prefixes)):
                value = frozenset(too_short(prefixes))
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def _scope(self) -> dict[str, object]:
        return {
            "__builtins__": {"abs": abs, "float": float, "len": len, "max": max, "min": min},
            "INF": math.inf, "lower": texts.lower, "upper": texts.upper, "any_of": any_of,
            "every_of": every_of, "count_of": count_of, "sum_of": sum_of, "min_of": min_of, "max_of": max_of,
            **self.constants,
        }  # fmt: skip


def _repeated(roots: Iterable[Node]) -> list[Node]:
    """Return the names, and their capitals and small letters, that are needed more than once."""
    counted = Counter(
        node
        for root in roots
        for node in walk(root)
        if isinstance(node, Name) or (isinstance(node, Call) and isinstance(node.arguments[0], Name))
        if not isinstance(node, Call) or node.function in ("lower", "upper")
    )
    return [node for node, times in counted.items() if times > 1 and grain_of(node) is Grain.ITEM]


def _dispatch_on(root: Node) -> HsPrefix | None:
    """Return a condition on the HS code without which the indicator cannot hold, or None."""
    match root:
        case HsPrefix():
            return root
        case And(operands):
            return next(filter(None, map(_dispatch_on, operands)), None)
        case Or(operands):
            ways = [way for way in map(_dispatch_on, operands) if way is not None]
            if len(ways) < len(operands) or len({way.name for way in ways}) > 1:
                return None
            return HsPrefix(ways[0].name, tuple(prefix for way in ways for prefix in way.prefixes))
        case _:
            return None


def any_of(values: list[bool | None]) -> bool | None:
    """Return whether it holds for at least one item."""
    return True if True in values else None if None in values else False


def every_of(values: list[bool | None]) -> bool | None:
    """Return whether it holds for all items."""
    return False if False in values else None if None in values else True


def count_of(values: list[bool | None]) -> float:
    """Return for how many items it is known to hold."""
    return float(values.count(True))


def sum_of(values: list[float | None]) -> float | None:
    """Return the sum, left to right; unknown if a value is, or the sum is not finite."""
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total if -math.inf < total < math.inf else None


def min_of(values: list[float | None]) -> float | None:
    """Return the least value; unknown if any is."""
    return None if None in values else min(values)  # type: ignore[type-var]  # None was excluded


def max_of(values: list[float | None]) -> float | None:
    """Return the greatest value; unknown if any is."""
    return None if None in values else max(values)  # type: ignore[type-var]  # None was excluded
