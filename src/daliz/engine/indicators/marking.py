"""Many conditions over one scan of facts: each row gets a bit for every condition that is true of it.

Only what is true counts, so most of the three-valued logic falls away: an HS code is compared as a range of
texts, a named list as its members, and costly searches in texts come last. Aggregates are grouped by
declaration and joined to its items instead of standing in a window, which would sort the whole scan.

Many conditions ask for HS codes, and there are few codes. Where several ask for the same column they are
answered once for each code that occurs, and each row looks its answers up. A text that several want in small
letters is changed once.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from daliz.engine.indicators.duckdb_sql import TWICE, DuckDBSql, balanced
from daliz.engine.indicators.nodes import (
    Aggregate,
    And,
    Call,
    HsPrefix,
    In,
    InList,
    IsTruth,
    Like,
    Matches,
    Name,
    Node,
    Or,
    names_of,
    walk,
)

BITS: Final = 64
"""Conditions in one word."""
_CODES: Final = frozenset({"item.hs_code", "item.hs_chapter", "item.hs_heading", "item.hs_subheading"})
"""Columns of which few different values occur however many rows there are."""
_PLAIN: Final = re.compile(r"[\w ,:;/\"'%&=@#!<>~`-]+")
"""What stands for itself in a pattern."""
_WORTH: Final = 4
"""From so many conditions on a column on, looking them up costs less than asking."""


@dataclass(frozen=True, slots=True)
class Marking:
    """A query that marks rows.

    Attributes:
        sql: SELECT of the columns kept and of ``words`` unsigned integers ``w0``, ``w1``, …; condition
            k is bit k mod 64 of word k div 64.
        words: how many there are.
        names: the features that the relation must have.
    """

    sql: str
    words: int
    names: frozenset[str]


def marking(
    roots: Sequence[Node], relation: str, *, keep: Sequence[str], lists: Mapping[str, Collection[str]]
) -> Marking:
    """Write the query that marks each row of ``relation`` with the conditions that are true of it.

    Args:
        roots: conditions.
        relation: a relation of facts, or a subquery in brackets; read again, in narrow columns, for
            aggregates and for codes.
        keep: columns, or SQL with an alias, that are handed on.
        lists: members of the named lists.
    """
    writer = _Marks(lists, _asked_of_codes(roots), _cased_often(roots))
    words = [_words([writer.true(root) for root in roots], "w")] if roots else []
    return Marking(
        sql=f"SELECT {', '.join([*keep, *words])} FROM {writer.source(relation)}",
        words=-(-len(roots) // BITS),
        names=frozenset[str]().union(*map(names_of, roots)),
    )


def values_where(value: Node, condition: Node, relation: str, lists: Mapping[str, Collection[str]]) -> str:
    """Write the query of one column, ``value``: of the rows where ``condition`` is true."""
    writer = _Marks(lists)
    what, where = writer.write(value), writer.true(condition)
    return f"SELECT {what} AS value FROM {writer.source(relation)} WHERE {where}"


class _Marks(DuckDBSql):
    """Writes conditions of which only their truth is asked."""

    over = ""

    def __init__(
        self,
        lists: Mapping[str, Collection[str]],
        of_codes: Mapping[str, Sequence[Node]] = MappingProxyType({}),
        cased: Sequence[Call] = (),
    ) -> None:
        self._lists = lists
        self._of_codes = of_codes
        self._cased = {node: f"cased_{at}" for at, node in enumerate(cased)}
        self.of_whole: dict[Node, tuple[str, str]] = {}

    def true(self, node: Node) -> str:
        """Return SQL that is true exactly where the condition is; elsewhere false or null."""
        for column, (name, asked) in enumerate(self._of_codes.items()):
            if _code_asked(node) == name:
                at = asked.index(node)
                return f"(code_{column}_{at // BITS} & {1 << at % BITS}::UBIGINT) <> 0"
        return self._asked(node)

    def _asked(self, node: Node) -> str:
        match node:
            case And(operands):
                return balanced("AND", [self.true(one) for one in sorted(operands, key=_cost)])
            case Or(operands):
                return balanced("OR", [self.true(one) for one in sorted(operands, key=_cost)])
            case IsTruth(operand, True):
                return self.true(operand)
            case HsPrefix(name, prefixes):
                code = self.column(name.name)
                return balanced("OR", [self._begins(code, prefix) for prefix in _fewest(prefixes)])
            case InList(operand, list_name):
                return self.in_list(self.write(operand), list_name)
            case _:
                return self.write(node)

    def source(self, relation: str) -> str:
        """Return the relation with the aggregates that have been written so far beside each item."""
        source = relation
        if self._cased:
            also = ", ".join(
                f"{super(_Marks, self).call(node)} AS {name}" for node, name in self._cased.items()
            )
            source = relation = f"(SELECT *, {also} FROM {relation})"
        if self.of_whole:
            columns = ", ".join(f"{sql} AS {name}" for name, sql in self.of_whole.values())
            whole = f"SELECT declaration_id, version, {columns} FROM {relation} GROUP BY ALL"
            source += f" JOIN ({whole}) USING (declaration_id, version)"
        for at, (name, asked) in enumerate(self._of_codes.items()):
            code = self.column(name)
            words = _words([self._asked(one) for one in asked], f"code_{at}_")
            codes = f"SELECT {code}, {words} FROM (SELECT DISTINCT {code} FROM {relation})"
            source += f" LEFT JOIN ({codes}) USING ({code})"
        return source

    def in_list(self, what: str, list_name: str) -> str:
        members = sorted(self._lists[list_name])
        return f"{what} IN ({', '.join(map(self.text, members))})" if members else "FALSE"

    def call(self, node: Call) -> str:
        return self._cased.get(node) or super().call(node)

    def aggregate(self, node: Aggregate) -> str:
        if node not in self.of_whole:
            self.of_whole[node] = (f"of_whole_{len(self.of_whole)}", super().aggregate(node))
        return self.of_whole[node][0]

    def matches(self, what: str, pattern: str) -> str:
        """Return whether a pattern is found; plain words, one or another, are looked for without one."""
        words = pattern.split("|")
        if not all(word and _PLAIN.fullmatch(word) for word in words) or len(what) > TWICE:
            return super().matches(what, pattern)
        return balanced("OR", [f"contains({what}, {self.text(word)})" for word in words])

    def _begins(self, code: str, prefix: str) -> str:
        """Return whether a text begins with digits: a range, because texts compare by code point."""
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return f"({code} >= {self.text(prefix)} AND {code} < {self.text(after)})"


def _words(conditions: Sequence[str], name: str) -> str:
    """Write the bits of conditions as words ``name0``, ``name1``, …"""
    bits = [
        f"CASE WHEN {condition} THEN {1 << at % BITS}::UBIGINT ELSE 0::UBIGINT END"
        for at, condition in enumerate(conditions)
    ]
    return ", ".join(
        f"({' | '.join(bits[at : at + BITS])}) AS {name}{at // BITS}" for at in range(0, len(bits), BITS)
    )


def _code_asked(node: Node) -> str | None:
    """Return the column of codes that a condition asks for, and nothing else; None if it is another."""
    match node:
        case HsPrefix(name, _) | In(Name() as name, _) | InList(Name() as name, _):
            return name.name if name.name in _CODES else None
        case _:
            return None


def _asked_of_codes(roots: Sequence[Node]) -> dict[str, list[Node]]:
    """Return, for each column of codes that enough conditions ask for, these conditions."""
    asked: dict[str, dict[Node, None]] = {}
    for root in roots:
        for part in walk(root):
            name = _code_asked(part)
            if name is not None:
                asked.setdefault(name, {})[part] = None
    return {name: list(parts) for name, parts in sorted(asked.items()) if len(parts) >= _WORTH}


def _cased_often(roots: Sequence[Node]) -> list[Call]:
    """Return the texts in capitals or small letters that several conditions want."""
    counted = Counter(
        part
        for root in roots
        for part in walk(root)
        if isinstance(part, Call)
        and part.function in ("lower", "upper")
        and isinstance(part.arguments[0], Name)
    )
    return [part for part, times in counted.items() if times > 1]


def _fewest(prefixes: Sequence[str]) -> list[str]:
    """Leave out a prefix that a shorter one includes."""
    return [
        one for one in dict.fromkeys(prefixes) if not any(one != p and one.startswith(p) for p in prefixes)
    ]


def _cost(node: Node) -> int:
    """Return a rank: what is cheap to ask, or looked up, is asked first, searches in texts last."""
    parts = list(walk(node))
    if any(isinstance(part, Matches) for part in parts):
        return 3
    if any(
        isinstance(part, Like) or (isinstance(part, Call) and part.function != "coalesce") for part in parts
    ):
        return 3
    if _code_asked(node) is not None:
        return 0
    return 2 if any(isinstance(part, HsPrefix | InList | In) for part in parts) else 1
