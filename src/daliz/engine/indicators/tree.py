"""The JSON tree of the visual constructor, both ways.

A group is ``{"combinator": "and" | "or", "not": bool, "rules": […]}``. A rule is ``{"field", "operator",
"value"}`` with ``"valueSource": "field"`` where the value is another name. What the constructor cannot show
is a formula leaf, ``{"formula": text}``. A tree is turned into text and parsed, so that it obeys exactly the
rules of written expressions.
"""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Final, TypeAlias

from daliz.engine.features.vocabulary import Kind, Vocabulary
from daliz.engine.indicators.errors import ExpressionError, Place, meant
from daliz.engine.indicators.expression import Expression, parse_indicator
from daliz.engine.indicators.nodes import (
    And,
    Between,
    Call,
    Compare,
    Day,
    HsPrefix,
    In,
    InList,
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
)  # fmt: skip
from daliz.engine.indicators.printer import print_number, print_text, quote
from daliz.engine.indicators.scanner import MAX_NESTING, scan
from daliz.language import N_, Message

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

COMPARISONS: Final = ("=", "<>", "<", "<=", ">", ">=")
OPERATORS: Final = (
    *COMPARISONS, "between", "notBetween", "in", "notIn", "like", "notLike", "inList", "notInList",
    "hs", "notHs", "startsWith", "endsWith", "contains", "doesNotContain", "matches", "isUnknown", "isKnown",
    "holds", "doesNotHold",
)  # fmt: skip
"""Every operator of a rule."""
_CALLED: Final = {"starts_with": "startsWith", "ends_with": "endsWith", "contains": "contains"}
_WRITTEN: Final[Mapping[str, str]] = {
    "inList": "in_list({field}, {value})",
    "notInList": "NOT in_list({field}, {value})",
    "like": "{field} LIKE {value}",
    "notLike": "{field} NOT LIKE {value}",
    "startsWith": "starts_with({field}, {value})",
    "endsWith": "ends_with({field}, {value})",
    "contains": "contains({field}, {value})",
    "doesNotContain": "NOT contains({field}, {value})",
    "matches": "matches({field}, {value})",
    "isUnknown": "{field} IS NULL",
    "isKnown": "{field} IS NOT NULL",
    "holds": "{field}",
    "doesNotHold": "NOT {field}",
}
_NONE: Final = ("isUnknown", "isKnown", "holds", "doesNotHold")


def to_tree(expression: Expression) -> dict[str, Json]:
    """Return the tree of a condition; its root is always a group, as the constructor wants."""
    root = expression.root
    if isinstance(root, And | Or):
        return _group(root, negated=False)
    if isinstance(root, Not) and isinstance(root.operand, And | Or):
        return _group(root.operand, negated=True)
    return {"combinator": "and", "not": False, "rules": [_rule(root)]}


def from_tree(
    tree: object, vocabulary: Vocabulary, *, lists: Mapping[str, Kind] | None = None, currency: str | None
) -> Expression:
    """Return the condition that a tree stands for; arguments as for ``parse``.

    Raises:
        ExpressionError: the tree is not one of ours, or what it says is not right.
    """
    return parse_indicator(tree_text(tree, vocabulary), vocabulary, lists=lists, currency=currency)


def tree_text(tree: object, vocabulary: Vocabulary) -> str:
    """Return the text that a tree stands for, brackets around every group."""
    return _text(tree, vocabulary, 0)


def _group(node: And | Or, *, negated: bool) -> dict[str, Json]:
    rules: list[Json] = []
    for operand in node.operands:
        inner = operand.operand if isinstance(operand, Not) else operand
        if isinstance(inner, And | Or):
            rules.append(_group(inner, negated=operand is not inner))
        else:
            rules.append(_rule(operand))
    return {"combinator": "and" if isinstance(node, And) else "or", "not": negated, "rules": rules}


def _rule(node: Node) -> dict[str, Json]:
    return _shown(node) or {"formula": print_text(node)}


def _shown(node: Node) -> dict[str, Json] | None:  # noqa: PLR0911, PLR0912 -- one case a form of rule
    negated = isinstance(node, Not)
    match node.operand if isinstance(node, Not) else node:
        case Name(name, Kind.FLAG):
            return {"field": name, "operator": "doesNotHold" if negated else "holds", "value": None}
        case IsUnknown(Name(name)):
            return {"field": name, "operator": "isKnown" if negated else "isUnknown", "value": None}
        case Compare(sign, Name(name), Name(other)) if not negated:
            return {"field": name, "operator": sign, "value": other, "valueSource": "field"}
        case Compare(sign, Name(name), right) if not negated and (value := _value(right)) is not None:
            return {"field": name, "operator": sign, "value": value}
        case Between(Name(name), low, high):
            bounds: list[Json] = [_value(low), _value(high)]
            if None in bounds:
                return None
            return {"field": name, "operator": "notBetween" if negated else "between", "value": bounds}
        case In(Name(name), members):
            values: list[Json] = [_json(member) for member in members]
            return {"field": name, "operator": "notIn" if negated else "in", "value": values}
        case HsPrefix(Name(name), prefixes):
            return {"field": name, "operator": "notHs" if negated else "hs", "value": list(prefixes)}
        case InList(Name(name), list_name):
            return {"field": name, "operator": "notInList" if negated else "inList", "value": list_name}
        case Like(Name(name), pattern):
            return {"field": name, "operator": "notLike" if negated else "like", "value": pattern}
        case Matches(Name(name), pattern) if not negated:
            return {"field": name, "operator": "matches", "value": pattern}
        case Call("contains", (Name(name), Word(part))):
            return {"field": name, "operator": "doesNotContain" if negated else "contains", "value": part}
        case Call("starts_with" | "ends_with" as function, (Name(name), Word(part))) if not negated:
            return {"field": name, "operator": _CALLED[function], "value": part}
        case _:
            return None


def _value(node: Node) -> Json:
    """Return the JSON of a literal, a negative number among them; None if the node is none."""
    match node:
        case Negate(Number(value)) if value:
            return -value
        case Number() | Word() | Truth() | Day():
            return _json(node)
        case _:
            return None


def _json(node: Literals) -> Json:
    match node:
        case Day(value):
            return value.isoformat()
        case Number(value):
            return int(value) if value.is_integer() and abs(value) < 1e15 else value
        case Word(value):
            return value
        case Truth(value):
            return value


def _wrong(part: object, reason: str) -> ExpressionError:
    shown = json.dumps(part, ensure_ascii=False, default=str)[:200]
    return ExpressionError(
        N_("The tree holds {found}: {reason}."), code="tree", place=Place(shown, 0, len(shown)),
        reason=Message(reason),
    )  # fmt: skip


def _text(part: object, vocabulary: Vocabulary, depth: int) -> str:
    if depth > MAX_NESTING:
        raise ExpressionError(
            N_("The expression is nested too deeply; {most} levels are the most."), code="too-deep",
            place=Place("", 0, 0), most=MAX_NESTING,
        )  # fmt: skip
    if not isinstance(part, dict):
        raise _wrong(part, N_("a group, a rule or a formula must stand here"))
    if "rules" in part:
        return _group_text(part, vocabulary, depth)
    if "formula" in part:
        formula = part["formula"]
        if not isinstance(formula, str):
            raise _wrong(part, N_("a formula must be a text"))
        scan(formula)  # its brackets must be closed within it, lest it reach into its neighbours
        return f"({formula})"
    return _rule_text(part, vocabulary)


def _group_text(part: dict[str, object], vocabulary: Vocabulary, depth: int) -> str:
    combinator, rules, negated = part.get("combinator"), part["rules"], part.get("not", False)
    if combinator not in ("and", "or") or not isinstance(negated, bool):
        raise _wrong(part, N_("a group's combinator is and or or, its not true or false"))
    if not isinstance(rules, list) or not rules:
        raise _wrong(part, N_("a group must have rules"))
    inner = f" {combinator.upper()} ".join(_text(rule, vocabulary, depth + 1) for rule in rules)
    return f"NOT ({inner})" if negated else f"({inner})" if depth else inner


def _rule_text(part: dict[str, object], vocabulary: Vocabulary) -> str:
    field, operator, value = part.get("field"), part.get("operator"), part.get("value")
    feature = vocabulary.get(field) if isinstance(field, str) else None
    if feature is None:
        raise ExpressionError(
            N_("There is no name {name} in the vocabulary."), code="unknown-name",
            place=Place(str(field)[:200], 0, len(str(field)[:200])), name=str(field)[:200],
            suggestion=meant(vocabulary.nearest(field) if isinstance(field, str) else None),
        )  # fmt: skip
    if operator in COMPARISONS:
        if part.get("valueSource") == "field":
            if not isinstance(value, str) or value not in vocabulary:
                raise _wrong(part, N_("the value must be a name of the vocabulary"))
            return f"{feature.name} {operator} {value}"
        return f"{feature.name} {operator} {_literal(value, feature.kind, part)}"
    match operator, value:
        case "between" | "notBetween", [low, high]:
            bounds = f"{_literal(low, feature.kind, part)} AND {_literal(high, feature.kind, part)}"
            return f"{feature.name} {'NOT ' if operator == 'notBetween' else ''}BETWEEN {bounds}"
        case "in" | "notIn", [_, *_] as members:
            written = ", ".join(_literal(member, feature.kind, part) for member in members)
            return f"{feature.name} {'NOT ' if operator == 'notIn' else ''}IN ({written})"
        case "hs" | "notHs", [_, *_] as members:
            written = ", ".join(_literal(member, Kind.TEXT, part) for member in members)
            return f"{'NOT ' if operator == 'notHs' else ''}hs({feature.name}, {written})"
        case str(), _ if operator in _WRITTEN:
            text = "" if operator in _NONE else _literal(value, Kind.TEXT, part)
            return _WRITTEN[operator].format(field=feature.name, value=text)
        case _:
            raise _wrong(part, N_("the operator is unknown, or its value has the wrong form"))


def _literal(value: object, kind: Kind, part: object) -> str:
    match kind, value:
        case Kind.FLAG, bool():
            return "TRUE" if value else "FALSE"
        case Kind.NUMBER, int() | float() if not isinstance(value, bool) and _finite(value):
            return print_number(float(value))
        case Kind.TEXT, str():
            return quote(value)
        case Kind.DATE, str() if _is_date(value):
            return f"DATE {quote(value)}"
        case _:
            raise _wrong(part, N_("the value is not of the kind of its field"))


def _finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
