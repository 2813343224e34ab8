"""Many conditions over one scan of facts: each row gets a bit for every condition that is true of it.

Only what is true counts, so most of the three-valued logic falls away: an HS code is compared as a range of
texts, a named list as its members, and costly searches in texts come last. Aggregates are grouped by
declaration and joined to its items instead of standing in a window, which would sort the whole scan.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daliz.engine.indicators.duckdb_sql import DuckDBSql, balanced
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
    Node,
    Or,
    names_of,
    walk,
)

BITS: Final = 64
"""Conditions in one word."""


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
        relation: a relation of facts, or a subquery in brackets; read twice if a condition aggregates.
        keep: columns, or SQL with an alias, that are handed on.
        lists: members of the named lists.
    """
    writer = _Marks(lists)
    bits = [
        f"CASE WHEN {writer.true(root)} THEN {1 << at % BITS}::UBIGINT ELSE 0::UBIGINT END"
        for at, root in enumerate(roots)
    ]
    words = (
        [f"({' | '.join(bits[at : at + BITS])}) AS w{at // BITS}" for at in range(0, max(len(bits), 1), BITS)]
        if bits
        else []
    )
    return Marking(
        sql=f"SELECT {', '.join([*keep, *words])} FROM {writer.source(relation)}",
        words=len(words),
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

    def __init__(self, lists: Mapping[str, Collection[str]]) -> None:
        self._lists = lists
        self.of_whole: dict[Node, tuple[str, str]] = {}

    def true(self, node: Node) -> str:
        """Return SQL that is true exactly where the condition is; elsewhere false or null."""
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
        if not self.of_whole:
            return relation
        columns = ", ".join(f"{sql} AS {name}" for name, sql in self.of_whole.values())
        whole = f"SELECT declaration_id, version, {columns} FROM {relation} GROUP BY ALL"
        return f"{relation} JOIN ({whole}) USING (declaration_id, version)"

    def in_list(self, what: str, list_name: str) -> str:
        members = sorted(self._lists[list_name])
        return f"{what} IN ({', '.join(map(self.text, members))})" if members else "FALSE"

    def aggregate(self, node: Aggregate) -> str:
        if node not in self.of_whole:
            self.of_whole[node] = (f"of_whole_{len(self.of_whole)}", super().aggregate(node))
        return self.of_whole[node][0]

    def _begins(self, code: str, prefix: str) -> str:
        """Return whether a text begins with digits: a range, because texts compare by code point."""
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return f"({code} >= {self.text(prefix)} AND {code} < {self.text(after)})"


def _fewest(prefixes: Sequence[str]) -> list[str]:
    """Leave out a prefix that a shorter one includes."""
    return [
        one for one in dict.fromkeys(prefixes) if not any(one != p and one.startswith(p) for p in prefixes)
    ]


def _cost(node: Node) -> int:
    """Return a rank: what is cheap to ask is asked first, searches in texts last."""
    parts = list(walk(node))
    if any(isinstance(part, Matches) for part in parts):
        return 3
    if any(
        isinstance(part, Like) or (isinstance(part, Call) and part.function != "coalesce") for part in parts
    ):
        return 2
    return 1 if any(isinstance(part, HsPrefix | InList | In) for part in parts) else 0
