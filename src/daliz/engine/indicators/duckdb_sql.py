"""DuckDB's SQL for each node of an expression."""

from typing import Final

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
    walk,
)  # fmt: skip

LISTS: Final = "lists"
"""The relation of named lists: ``list_name``, ``member``."""
WINDOW: Final = "OVER (PARTITION BY declaration_id, version)"
"""All items of a version of a declaration."""
_GUARDED: Final = 4_000
TWICE: Final = 600
"""The longest operand, characters, that may be written twice to be tested and used."""


class DuckDBSql:
    """Writes DuckDB's SQL; brackets stand around everything that is not an atom.

    Attributes:
        over: what follows an aggregate to make it a value of all items, beside each of them.
    """

    over: str = WINDOW

    def write(self, node: Node) -> str:  # noqa: PLR0911, PLR0912 -- one case a node is the whole point
        """Return the SQL of a node."""
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
                return self.guarded_by_hs(operands) or self.all_of(operands)
            case Or(operands):
                return balanced("OR", [self.write(operand) for operand in operands])
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
        """Return a literal."""
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
        """Return the column that bears a name."""
        return '"' + name.replace('"', '""') + '"'

    def text(self, value: str) -> str:
        """Return a text as a literal."""
        return "'" + value.replace("'", "''") + "'"

    def pattern(self, pattern: str) -> str:
        """Return the pattern of LIKE as a literal."""
        return self.text(pattern)

    def in_list(self, what: str, list_name: str) -> str:
        """Return whether a known text is in the named list."""
        return f"{what} IN (SELECT member FROM {LISTS} WHERE list_name = {self.text(list_name)})"

    def matches(self, what: str, pattern: str) -> str:
        """Return whether an RE2 pattern is found."""
        return f"regexp_matches({what}, {self.text(pattern)})"

    def starts_with(self, what: str, beginning: str) -> str:
        """Return whether a text begins with another."""
        return f"starts_with({what}, {beginning})"

    def hs(self, node: HsPrefix, then: str = "TRUE", unknown: str = "NULL") -> str:
        """Return whether an HS code begins with a prefix; null where it is too short to tell."""
        code = self.write(node.name)
        holds = balanced("OR", [self.starts_with(code, self.text(prefix)) for prefix in node.prefixes])
        short = [self.starts_with(self.text(prefix), code) for prefix in node.prefixes]
        unclear = balanced("OR", [f"{code} IS NULL", *short])
        return f"CASE WHEN {holds} THEN {then} WHEN {unclear} THEN {unknown} ELSE FALSE END"

    def all_of(self, operands: tuple[Node, ...]) -> str:
        """Return whether all conditions hold."""
        return balanced("AND", [self.write(operand) for operand in operands])

    def guarded_by_hs(self, operands: tuple[Node, ...]) -> str | None:
        """Return a conjunction that computes its costly part only for rows whose HS code can fire it.

        AND computes both sides for every row, CASE only what it comes to. None where there is no condition on
        the HS code, or nothing is gained: aggregates need all rows, and a long rest is not written twice.
        """
        code = next((operand for operand in operands if isinstance(operand, HsPrefix)), None)
        rest = tuple(operand for operand in operands if operand is not code)
        if code is None or any(isinstance(part, Aggregate) for one in rest for part in walk(one)):
            return None
        then = self.all_of(rest)
        if len(then) > _GUARDED:
            return None
        return self.hs(code, then=then, unknown=f"(NULL AND {then})")

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
        """Return a division of doubles; anything not finite, or null, where the divisor is 0."""
        return f"({left} / {right})"

    def finite(self, raw: str) -> str:
        """Write null instead of what is not finite; a long operand is written once, in a list of one."""
        if len(raw) <= TWICE:
            return f"CASE WHEN isfinite({raw}) THEN {raw} END"
        return f"list_extract(list_filter([{raw}], lambda x: isfinite(x)), 1)"

    def call(self, node: Call) -> str:
        """Return a call of a function."""
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
        """Return the dialect's name of a function."""
        return function

    def fold(self, values: list[str], better: str) -> str:
        """Return the best of several values, null if one is."""
        step = f"CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN {better} THEN y ELSE x END"
        return f"list_reduce([{', '.join(values)}], lambda x, y: {step})"

    def days_between(self, start: str, end: str) -> str:
        """Return the days from one date to another."""
        return f"CAST(date_diff('day', {start}, {end}) AS DOUBLE)"

    def aggregate(self, node: Aggregate) -> str:
        """Return a value of all items, beside each of them."""
        what = self.write(node.operand)
        match node.function:
            case "any" | "every":
                extreme = "max" if node.function == "any" else "min"
                code = f"{extreme}(coalesce(CAST({what} AS INT) * 2, 1)) {self.over}"
                return f"CASE {code} WHEN 2 THEN TRUE WHEN 0 THEN FALSE END"
            case "count":
                return f"CAST(sum(CASE WHEN {what} THEN 1 ELSE 0 END) {self.over} AS DOUBLE)"
            case "sum":
                return self.ordered_sum(what)
            case "min" | "max":
                known = f"count({what}) {self.over} = count(*) {self.over}"
                return f"CASE WHEN {known} THEN {node.function}({what}) {self.over} END"

    def ordered_sum(self, what: str) -> str:
        """Return a sum that is taken in the order of items, so that it is the same in every run."""
        total = f"list_reduce(list({what} ORDER BY item_no) {self.over}, lambda x, y: x + y)"
        return f"list_extract(list_filter([{total}], lambda x: isfinite(x)), 1)"


def _double(value: float) -> str:
    text = repr(value) if "e" in repr(value) else f"{value!r}e0"
    return f"({text})" if value < 0 else text


def balanced(connective: str, parts: list[str]) -> str:
    """Join conditions with brackets in halves, so that a long chain never makes a deep tree."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) <= 32:
        return "(" + f" {connective} ".join(parts) + ")"
    middle = len(parts) // 2
    left, right = balanced(connective, parts[:middle]), balanced(connective, parts[middle:])
    return f"({left} {connective} {right})"
