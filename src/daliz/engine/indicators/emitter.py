"""Writes the body of one generated Python function: one short assignment a node, in three-valued logic.

Assignments instead of nested expressions keep the generated code flat, let equal parts be computed once,
and let a conjunction stop at the first condition that does not hold.
"""

from collections.abc import Callable, Mapping
from typing import Final

from daliz.engine.features.vocabulary import Grain
from daliz.engine.indicators.nodes import (
    CURRENCY,
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
    currency_of,
    grain_of,
    walk,
)  # fmt: skip

_SIGNS: Final = {"=": "==", "<>": "!="}


class Emitter:
    """Collects the lines of one function of ``row`` (values by slot) and ``shared`` (values by declaration).

    Args:
        slots: the position of each name in a row.
        constant: keeps an object for the generated code and returns the name it has there.
        share: keeps a node that is the same for all items and returns its position in ``shared``; None
            computes everything here.
        aggregate: compiles an aggregate and returns the code of its value; None where none may stand.
    """

    def __init__(
        self,
        slots: Mapping[str, int],
        constant: Callable[[object], str],
        *,
        share: Callable[[Node], int] | None,
        aggregate: Callable[[Aggregate], str] | None,
    ) -> None:
        self.lines: list[str] = []
        self._slots = slots
        self._constant = constant
        self._share = share
        self._aggregate = aggregate
        self._indent = 1
        self._known: list[dict[Node, str]] = [{}]
        self._count = 0

    def emit(self, node: Node) -> str:
        """Add the lines that compute ``node``; return the variable or constant that holds it."""
        for known in reversed(self._known):
            if node in known:
                return known[node]
        atom = self._emit(node)
        self._known[-1][node] = atom
        return atom

    def _assign(self, code: str) -> str:
        self._count += 1
        name = f"v{self._count}"
        self._line(f"{name} = {code}")
        return name

    def _line(self, code: str) -> None:
        self.lines.append(" " * self._indent + code)

    def _load(self, name: str) -> str:
        return self._assign(f"row[{self._slots[name]}]")

    def _emit(self, node: Node) -> str:  # noqa: PLR0911, PLR0912 -- one case a node is the whole point
        if self._share is not None and not _trivial(node) and grain_of(node) is Grain.DECLARATION:
            return self._assign(f"shared[{self._share(node)}]")
        match node:
            case Name(name):
                return self._load(name)
            case Number(value, None):
                return repr(value)
            case Number(value, currency):
                return self._assign(f"{value!r} if {self._currency()} == {currency!r} else None")
            case Word(value):
                return self._constant(value)
            case Truth(value):
                return repr(value)
            case Day(value):
                return self._constant(value)
            case Not(operand):
                what = self.emit(operand)
                return self._assign(f"None if {what} is None else not {what}")
            case And(operands):
                return self._chain(operands, stop="False")
            case Or(operands):
                return self._chain(operands, stop="True")
            case Between(operand, low, high):
                return self.emit(And((Compare(">=", operand, low), Compare("<=", operand, high))))
            case In():
                return self._in(node)
            case IsUnknown(operand):
                what = self.emit(operand)
                return self._assign(f"{what} is None") if what.startswith("v") else "False"
            case IsTruth(operand, value):
                return self._assign(f"{self.emit(operand)} is {value}")
            case Call("coalesce", arguments):
                return self._coalesce(arguments)
            case Call("least" | "greatest" as function, arguments):
                values = ", ".join(["{}"] * len(arguments))
                return self._strict(f"{'min' if function == 'least' else 'max'}({values})", arguments)
            case Call(function, arguments):
                return self._strict(_CALLS[function], arguments)
            case Compare(sign, left, right):
                return self._strict(f"{{}} {_SIGNS.get(sign, sign)} {{}}", (left, right))
            case Negate(operand):
                return self._strict("-{}", (operand,))
            case Arithmetic("/", left, right):
                return self._divide(left, right)
            case Arithmetic(sign, left, right):
                return self._strict(f"t if -INF < (t := {{}} {sign} {{}}) < INF else None", (left, right))
            case InList(operand, list_name):
                return self._strict(f"{{}} in {self._constant(('list', list_name))}", (operand,))
            case Like(operand, pattern):
                return self._strict(f"{self._constant(('like', pattern))}({{}})", (operand,))
            case Matches(operand, pattern):
                return self._strict(f"{self._constant(('matches', pattern))}({{}})", (operand,))
            case HsPrefix(name, prefixes):
                begins, short = self._constant(prefixes), self._constant(("short", prefixes))
                return self._strict(
                    f"True if {{0}}.startswith({begins}) else None if {{0}} in {short} else False", (name,)
                )
            case Aggregate():
                if self._aggregate is None:
                    raise ValueError("an aggregate within an aggregate")
                return self._assign(self._aggregate(node))

    def _currency(self) -> str:
        for known in reversed(self._known):
            for node, atom in known.items():
                if isinstance(node, Name) and node.name == CURRENCY:
                    return atom
        return self._load(CURRENCY)

    def _strict(self, code: str, arguments: tuple[Node, ...]) -> str:
        """Compute something that is unknown when an argument is."""
        atoms = [self.emit(argument) for argument in arguments]
        unknown = " or ".join(f"{atom} is None" for atom in dict.fromkeys(atoms) if atom.startswith("v"))
        computed = code.format(*atoms) if "{" in code else code
        return self._assign(f"None if {unknown} else {computed}" if unknown else computed)

    def _divide(self, left: Node, right: Node) -> str:
        above, below = self.emit(left), self.emit(right)
        unknown = [f"{atom} is None" for atom in (above, below) if atom.startswith("v")]
        unknown.append(f"{below} == 0.0")
        quotient = f"t if -INF < (t := {above} / {below}) < INF else None"
        return self._assign(f"None if {' or '.join(unknown)} else {quotient}")

    def _in(self, node: In) -> str:
        values = frozenset(member.value for member in node.members)
        held, what = self._constant(values), self.emit(node.operand)
        currency = currency_of(node)
        guard = f" or {self._currency()} != {currency!r}" if currency is not None else ""
        return self._assign(f"None if {what} is None{guard} else {what} in {held}")

    def _chain(self, operands: tuple[Node, ...], *, stop: str) -> str:
        """Compute a conjunction (stop at False) or disjunction (stop at True), what costs least first.

        In three-valued logic the order of the operands changes nothing.
        """
        first, *others = sorted(operands, key=self._effort)
        self._count += 1
        result = f"v{self._count}"
        self._line(f"{result} = {self.emit(first)}")
        onward = "True" if stop == "False" else "False"
        for operand in others:
            self._line(f"if {result} is not {stop}:")
            self._open()
            what = self.emit(operand)
            self._line(f"if {what} is not {onward}: {result} = {what}")
            self._close()
        return result

    def _effort(self, node: Node) -> int:
        """Return 0 for what was computed for the declaration already, 2 for a search in a text, else 1."""
        if self._share is not None and grain_of(node) is Grain.DECLARATION:
            return 0
        return 2 if any(isinstance(part, Like | Matches) for part in walk(node)) else 1

    def _coalesce(self, arguments: tuple[Node, ...]) -> str:
        self._count += 1
        result = f"v{self._count}"
        self._line(f"{result} = {self.emit(arguments[0])}")
        for argument in arguments[1:]:
            self._line(f"if {result} is None:")
            self._open()
            self._line(f"{result} = {self.emit(argument)}")
            self._close()
        return result

    def _open(self) -> None:
        self._indent += 1
        self._known.append({})

    def _close(self) -> None:
        self._indent -= 1
        self._known.pop()


_CALLS: Final[Mapping[str, str]] = {
    "abs": "abs({})",
    "length": "float(len({}))",
    "lower": "lower({})",
    "upper": "upper({})",
    "starts_with": "{}.startswith({})",
    "ends_with": "{}.endswith({})",
    "contains": "{1} in {0}",
    "days_between": "float(({1} - {0}).days)",
}


def _trivial(node: Node) -> bool:
    return isinstance(node, Name | Number | Word | Truth | Day)
