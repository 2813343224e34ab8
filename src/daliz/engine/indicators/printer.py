"""The canonical text of an expression: the one way it is written, whose parsing gives the same tree back."""

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

_OR, _AND, _NOT, _PREDICATE, _SUM, _PRODUCT, _SIGN, _ATOM = range(1, 9)


def print_text(node: Node) -> str:
    """Return the canonical text of ``node``.

    Example:
        >>> print_text(Not(Like(Word("x"), "a%")))
        "'x' NOT LIKE 'a%'"
    """
    return _written(node)[0]


def print_number(value: float) -> str:
    """Return the shortest text that reads back as ``value``: ``1000000``, ``0.7``, ``1e+30``."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def quote(text: str) -> str:
    """Return the text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def _at(node: Node, level: int) -> str:
    text, own = _written(node)
    return text if own >= level else f"({text})"


def _written(node: Node) -> tuple[str, int]:  # noqa: PLR0911, PLR0912 -- one case a node is the whole point
    match node:
        case Name(name):
            return name, _ATOM
        case Number(value):
            return print_number(value), _ATOM
        case Word(value):
            return quote(value), _ATOM
        case Truth(value):
            return ("TRUE" if value else "FALSE"), _ATOM
        case Day(value):
            return f"DATE '{value.isoformat()}'", _ATOM
        case Or(operands):
            return " OR ".join(_at(operand, _AND) for operand in operands), _OR
        case And(operands):
            return " AND ".join(_at(operand, _NOT) for operand in operands), _AND
        case Not(operand):
            return _negated(operand)
        case Compare(sign, left, right):
            return f"{_at(left, _SUM)} {sign} {_at(right, _SUM)}", _PREDICATE
        case Between() | In() | Like() | IsUnknown() | IsTruth():
            return _predicate(node, ""), _PREDICATE
        case Negate(operand):
            return f"-{_at(operand, _ATOM)}", _SIGN
        case Arithmetic("+" | "-" as sign, left, right):
            return f"{_at(left, _SUM)} {sign} {_at(right, _PRODUCT)}", _SUM
        case Arithmetic(sign, left, right):
            return f"{_at(left, _PRODUCT)} {sign} {_at(right, _SIGN)}", _PRODUCT
        case InList(operand, list_name):
            return f"in_list({_at(operand, _OR)}, {quote(list_name)})", _ATOM
        case Matches(operand, pattern):
            return f"matches({_at(operand, _OR)}, {quote(pattern)})", _ATOM
        case HsPrefix(name, prefixes):
            return f"hs({name.name}, {', '.join(map(quote, prefixes))})", _ATOM
        case Call(function, arguments):
            return f"{function}({', '.join(_at(argument, _OR) for argument in arguments)})", _ATOM
        case Aggregate(function, operand):
            return f"{function}({_at(operand, _OR)})", _ATOM


def _negated(operand: Node) -> tuple[str, int]:
    if isinstance(operand, Between | In | Like | IsUnknown | IsTruth):
        return _predicate(operand, "NOT "), _PREDICATE
    return f"NOT {_at(operand, _PREDICATE)}", _NOT


def _predicate(node: Between | In | Like | IsUnknown | IsTruth, negation: str) -> str:
    operand = _at(node.operand, _SUM)
    match node:
        case Between(_, low, high):
            return f"{operand} {negation}BETWEEN {_at(low, _SUM)} AND {_at(high, _SUM)}"
        case In(_, members):
            return f"{operand} {negation}IN ({', '.join(_written(member)[0] for member in members)})"
        case Like(_, pattern):
            return f"{operand} {negation}LIKE {quote(pattern)}"
        case IsUnknown():
            return f"{operand} IS {negation}NULL"
        case IsTruth(_, value):
            return f"{operand} IS {negation}{'TRUE' if value else 'FALSE'}"
