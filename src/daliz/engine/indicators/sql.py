"""The SQL back end: an expression as one scalar over a relation whose columns bear the features' names.

DuckDB serves batch and backtest; Spark a cluster. Every number is a double; every arithmetic result that is
not finite becomes null at once, so that all back ends agree.
"""

from collections.abc import Collection, Mapping
from typing import Final, Literal, TypeAlias

import duckdb
import pyarrow as pa

from daliz.engine.indicators.expression import Expression
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
    Literals,
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
)  # fmt: skip

Dialect: TypeAlias = Literal["duckdb", "spark"]
LISTS: Final = "lists"
"""The relation of named lists: ``list_name``, ``member``."""
_WINDOW: Final = "OVER (PARTITION BY declaration_id, version)"
_TWICE: Final = 600
_LARGEST: Final = "1.7976931348623157e308"


def to_sql(expression: Expression, dialect: Dialect = "duckdb") -> str:
    """Return the expression as a scalar.

    The relation has a column for each of ``expression.names``, and ``declaration_id``, ``version`` and
    ``item_no`` if it aggregates. Named lists are looked up in the relation ``lists``.
    """
    return _DIALECTS[dialect].write(expression.root)


def firing_sql(indicators: Mapping[str, Expression], relation: str, dialect: Dialect = "duckdb") -> str:
    """Return a query of ``declaration_id, version, item_no`` and one column per indicator.

    Args:
        indicators: by identifier, which names the column.
        relation: name of the relation of facts, or a subquery in brackets.
        dialect: whose SQL.
    """
    writer = _DIALECTS[dialect]
    columns = ["declaration_id", "version", "item_no"]
    columns += [f"{writer.write(e.root)} AS {writer.column(key)}" for key, e in indicators.items()]
    return f"SELECT {', '.join(columns)} FROM {relation}"


def register_lists(connection: duckdb.DuckDBPyConnection, lists: Mapping[str, Collection[str]]) -> None:
    """Give the connection the relation ``lists`` that compiled look-ups read."""
    rows = [(name, member) for name in sorted(lists) for member in sorted(lists[name])]
    columns = list(zip(*rows, strict=True)) or [(), ()]
    text = pa.string()
    table = pa.table({"list_name": pa.array(columns[0], text), "member": pa.array(columns[1], text)})
    connection.register(LISTS, table)


class _DuckDB:
    """Writes DuckDB's SQL; brackets stand around everything that is not an atom."""

    def write(self, node: Node) -> str:  # noqa: PLR0911, PLR0912 -- one case a node is the whole point
        match node:
            case Name(name):
                return self.column(name)
            case Number(_, currency):
                return self.guarded(self.literal(node), currency)
            case Word() | Truth() | Day():
                return self.literal(node)
            case Not(operand):
                return f"(NOT {self.write(operand)})"
            case And(operands):
                return _balanced("AND", [self.write(operand) for operand in operands])
            case Or(operands):
                return _balanced("OR", [self.write(operand) for operand in operands])
            case Compare(sign, left, right):
                return f"({self.write(left)} {sign} {self.write(right)})"
            case Between(operand, low, high):
                what = self.write(operand)
                return f"({what} >= {self.write(low)} AND {what} <= {self.write(high)})"
            case In(operand, members):
                values = ", ".join(self.literal(member) for member in members)
                return self.guarded(f"({self.write(operand)} IN ({values}))", currency_of(node))
            case InList(operand, list_name):
                what = self.write(operand)
                return f"CASE WHEN {what} IS NOT NULL THEN {self.in_list(what, list_name)} END"
            case Like(operand, pattern):
                return f"({self.write(operand)} LIKE {self.pattern(pattern)})"
            case Matches(operand, pattern):
                return self.matches(self.write(operand), pattern)
            case HsPrefix():
                return self.hs(node)
            case IsUnknown(operand):
                return f"({self.write(operand)} IS NULL)"
            case IsTruth(operand, value):
                return f"coalesce({'' if value else 'NOT '}{self.write(operand)}, FALSE)"
            case Negate() | Arithmetic():
                return self.finite(self.raw(node))
            case Call():
                return self.call(node)
            case Aggregate():
                return self.aggregate(node)

    def literal(self, node: Literals) -> str:
        match node:
            case Number(value):
                return _double(value)
            case Word(value):
                return self.text(value)
            case Truth(value):
                return "TRUE" if value else "FALSE"
            case Day(value):
                return f"DATE '{value.isoformat()}'"

    def guarded(self, what: str, currency: str | None) -> str:
        """Write null where the row's money is in another currency."""
        if currency is None:
            return what
        return f"CASE WHEN {self.column(CURRENCY)} = {self.text(currency)} THEN {what} END"

    def column(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def text(self, value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    def pattern(self, pattern: str) -> str:
        return self.text(pattern)

    def in_list(self, what: str, list_name: str) -> str:
        return f"{what} IN (SELECT member FROM {LISTS} WHERE list_name = {self.text(list_name)})"

    def matches(self, what: str, pattern: str) -> str:
        return f"regexp_matches({what}, {self.text(pattern)})"

    def starts_with(self, what: str, beginning: str) -> str:
        return f"starts_with({what}, {beginning})"

    def hs(self, node: HsPrefix) -> str:
        code = self.write(node.name)
        holds = _balanced("OR", [self.starts_with(code, self.text(prefix)) for prefix in node.prefixes])
        short = ", ".join(self.text(part) for part in too_short(node.prefixes))
        return (
            f"CASE WHEN {holds} THEN TRUE WHEN {code} IS NULL OR {code} IN ({short}) THEN NULL ELSE FALSE END"
        )

    def raw(self, node: Node) -> str:
        """Write arithmetic without asking whether its result is finite.

        Sums, differences and products hand on infinity and NaN, so one question at the top is enough; only
        a divisor could hide them, and is asked for itself.
        """
        match node:
            case Negate(operand):
                return f"(-{self.raw(operand)})"
            case Arithmetic("/", left, right):
                return self.quotient(self.raw(left), self.write(right))
            case Arithmetic(sign, left, right):
                return f"({self.raw(left)} {sign} {self.raw(right)})"
            case _:
                return self.write(node)

    def quotient(self, left: str, right: str) -> str:
        return f"({left} / {right})"

    def finite(self, raw: str) -> str:
        """Write null instead of what is not finite; a long operand is written once, in a list of one."""
        if len(raw) <= _TWICE:
            return f"CASE WHEN isfinite({raw}) THEN {raw} END"
        return f"list_extract(list_filter([{raw}], lambda x: isfinite(x)), 1)"

    def call(self, node: Call) -> str:
        values = [self.write(argument) for argument in node.arguments]
        match node.function:
            case "least":
                return self.fold(values, "y < x")
            case "greatest":
                return self.fold(values, "y > x")
            case "length":
                return f"CAST(length({values[0]}) AS DOUBLE)"
            case "days_between":
                return self.days_between(*values)
            case "starts_with":
                return self.starts_with(*values)
            case _:
                return f"{self.named(node.function)}({', '.join(values)})"

    def named(self, function: str) -> str:
        return function

    def fold(self, values: list[str], better: str) -> str:
        step = f"CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN {better} THEN y ELSE x END"
        return f"list_reduce([{', '.join(values)}], lambda x, y: {step})"

    def days_between(self, start: str, end: str) -> str:
        return f"CAST(date_diff('day', {start}, {end}) AS DOUBLE)"

    def aggregate(self, node: Aggregate) -> str:
        what = self.write(node.operand)
        match node.function:
            case "any" | "every":
                extreme = "max" if node.function == "any" else "min"
                code = f"{extreme}(coalesce(CAST({what} AS INT) * 2, 1)) {_WINDOW}"
                return f"CASE {code} WHEN 2 THEN TRUE WHEN 0 THEN FALSE END"
            case "count":
                return f"CAST(sum(CASE WHEN {what} THEN 1 ELSE 0 END) {_WINDOW} AS DOUBLE)"
            case "sum":
                return self.ordered_sum(what)
            case "min" | "max":
                known = f"count({what}) {_WINDOW} = count(*) {_WINDOW}"
                return f"CASE WHEN {known} THEN {node.function}({what}) {_WINDOW} END"

    def ordered_sum(self, what: str) -> str:
        total = f"list_reduce(list({what} ORDER BY item_no) {_WINDOW}, lambda x, y: x + y)"
        return f"list_extract(list_filter([{total}], lambda x: isfinite(x)), 1)"


class _Spark(_DuckDB):
    """Writes Spark's SQL (3.5 and later), also where ANSI mode forbids division by zero."""

    def column(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def text(self, value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def pattern(self, pattern: str) -> str:
        return self.text(pattern.replace("\\", "\\\\"))

    def in_list(self, what: str, list_name: str) -> str:
        members = f"SELECT collect_set(member) FROM {LISTS} WHERE list_name = {self.text(list_name)}"
        return f"array_contains(({members}), {what})"

    def matches(self, what: str, pattern: str) -> str:
        return f"({what} RLIKE {self.text(pattern)})"

    def starts_with(self, what: str, beginning: str) -> str:
        return f"startswith({what}, {beginning})"

    def quotient(self, left: str, right: str) -> str:
        return f"try_divide({left}, {right})"

    def finite(self, raw: str) -> str:
        if len(raw) <= _TWICE:
            return f"CASE WHEN abs({raw}) <= {_LARGEST} THEN {raw} END"
        return self._finite_once(raw)

    def _finite_once(self, raw: str) -> str:
        return f"get(filter(array({raw}), x -> abs(x) <= {_LARGEST}), 0)"

    def named(self, function: str) -> str:
        return "endswith" if function == "ends_with" else function

    def fold(self, values: list[str], better: str) -> str:
        step = f"CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN {better} THEN y ELSE x END"
        return f"aggregate(array({', '.join(values[1:])}), {values[0]}, (x, y) -> {step})"

    def days_between(self, start: str, end: str) -> str:
        return f"CAST(datediff({end}, {start}) AS DOUBLE)"

    def ordered_sum(self, what: str) -> str:
        rows = f"sort_array(collect_list(named_struct('n', item_no, 'v', {what})) {_WINDOW})"
        return self._finite_once(f"aggregate({rows}, CAST(0 AS DOUBLE), (x, y) -> x + y.v)")


_DIALECTS: Final[Mapping[Dialect, _DuckDB]] = {"duckdb": _DuckDB(), "spark": _Spark()}


def too_short(prefixes: Collection[str]) -> list[str]:
    """Return every code that is too short to say whether it begins with one of the prefixes.

    Example:
        >>> too_short(["8703", "87"])
        ['', '8', '87', '870']
    """
    return sorted({prefix[:length] for prefix in prefixes for length in range(len(prefix))})


def _double(value: float) -> str:
    text = repr(value) if "e" in repr(value) else f"{value!r}e0"
    return f"({text})" if value < 0 else text


def _balanced(connective: str, parts: list[str]) -> str:
    """Join with brackets in halves, so that a long chain never makes a deep tree."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) <= 32:
        return "(" + f" {connective} ".join(parts) + ")"
    middle = len(parts) // 2
    left, right = _balanced(connective, parts[:middle]), _balanced(connective, parts[middle:])
    return f"({left} {connective} {right})"
