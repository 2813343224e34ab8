"""Which profiles fire: their indicators over a table of facts, with stream, offices and exclusions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.indicators import Expression, register_lists, to_sql
from daliz.engine.pack import CapacityRule, Pack, Profile, UnknownRule
from daliz.engine.records.columns import answer
from daliz.engine.records.duck import connect

_TRUE, _FALSE, _UNKNOWN = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Firings:
    """Which profiles hold for which items, and for which declarations.

    Attributes:
        profiles: in the order of the columns.
        declaration: index of each row's declaration version, ascending, shape (rows,).
        first_row: the first row of each declaration version, shape (declarations,).
        held: rows × profiles, whether the profile holds for that item.
        fired: declarations × profiles, whether it holds for any item.
        unknown: declarations × profiles, whether it could not be decided: unknown for some item and true for
            none.
    """

    profiles: tuple[Profile, ...]
    declaration: NDArray[np.int64]
    first_row: NDArray[np.int64]
    held: NDArray[np.bool_]
    fired: NDArray[np.bool_]
    unknown: NDArray[np.bool_]

    def limited_to(self, in_force: NDArray[np.bool_]) -> "Firings":
        """Return the firings of profiles where they are in force (declarations × profiles)."""
        return replace(
            self,
            held=self.held & in_force[self.declaration],
            fired=self.fired & in_force,
            unknown=self.unknown & in_force,
        )


def fire(facts: pa.Table, pack: Pack, profiles: tuple[Profile, ...]) -> Firings:
    """Evaluate the indicators of ``profiles`` over ``facts``.

    A profile holds for an item where its stream and offices apply, its indicator is true and its exclusion
    is not. Unknown does not fire, except in a mandatory profile where the pack's policy says it does.

    Args:
        facts: one row per item, a column per feature, items of a declaration version next to each other.
        pack: for lists and policy.
        profiles: to evaluate, each version on its own.
    """
    return firings_of(facts, _answers(facts, expressions_of(profiles), pack), pack, profiles)


def firings_of(
    facts: pa.Table, answers: Mapping[str, NDArray[np.int8]], pack: Pack, profiles: tuple[Profile, ...]
) -> Firings:
    """Put the answers of ``expressions_of`` (1 true, 0 false, -1 unknown, by row) together by profile."""
    rows = facts.num_rows
    held = np.zeros((rows, len(profiles)), dtype=np.int8)
    for column, profile in enumerate(profiles):
        state = _and(answers[f"{column}.applies"], answers[f"{column}.indicator"])
        if profile.exclusions is not None:
            state = np.where(answers[f"{column}.exclusions"] == _TRUE, _FALSE, state)
        if (
            profile.capacity is CapacityRule.MANDATORY
            and pack.policy.unknown_in_mandatory is UnknownRule.FIRES
        ):
            state = np.where(state == _UNKNOWN, _TRUE, state)
        held[:, column] = state
    declaration, first_row = declarations_of(facts)
    fired = _any(held == _TRUE, first_row)
    return Firings(
        profiles=profiles,
        declaration=declaration,
        first_row=first_row,
        held=held == _TRUE,
        fired=fired,
        unknown=_any(held == _UNKNOWN, first_row) & ~fired,
    )


def holds(facts: pa.Table, expressions: Mapping[str, Expression], pack: Pack) -> dict[str, NDArray[np.bool_]]:
    """Return, for each expression, on which rows it is true."""
    return {name: state == _TRUE for name, state in _answers(facts, expressions, pack).items()}


def names_of(profiles: tuple[Profile, ...]) -> frozenset[str]:
    """Return every feature that the profiles ask for."""
    return frozenset[str]().union(*(e.names for e in expressions_of(profiles).values()))


def expressions_of(profiles: tuple[Profile, ...]) -> dict[str, Expression]:
    """Return what is evaluated of the profiles: where each applies, its indicator and its exclusions."""
    expressions: dict[str, Expression] = {}
    for column, profile in enumerate(profiles):
        expressions[f"{column}.applies"] = profile.applies
        expressions[f"{column}.indicator"] = profile.indicator
        if profile.exclusions is not None:
            expressions[f"{column}.exclusions"] = profile.exclusions
    return expressions


def _answers(
    facts: pa.Table, expressions: Mapping[str, Expression], pack: Pack
) -> dict[str, NDArray[np.int8]]:
    """Evaluate on DuckDB; three states, in the order of the rows."""
    if not expressions:
        return {}
    with connect() as connection:
        connection.register("facts", facts.append_column("row", pa.array(np.arange(facts.num_rows))))
        register_lists(connection, {code: named.members for code, named in pack.lists.items()})
        columns = "".join(f', {to_sql(e)} AS "{name}"' for name, e in expressions.items())
        answers = answer(connection, f"SELECT row{columns} FROM facts")
    order = np.argsort(answers["row"].to_numpy(), kind="stable")
    return {
        name: answers[name].cast(pa.int8()).fill_null(pa.scalar(_UNKNOWN, pa.int8())).to_numpy()[order]
        for name in expressions
    }


def _and(left: NDArray[np.int8], right: NDArray[np.int8]) -> NDArray[np.int8]:
    """Kleene's and: false wins over unknown, unknown over true."""
    false = (left == _FALSE) | (right == _FALSE)
    unknown = (left == _UNKNOWN) | (right == _UNKNOWN)
    return np.where(false, _FALSE, np.where(unknown, _UNKNOWN, _TRUE)).astype(np.int8)


def declarations_of(facts: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the declaration versions in the order of the rows."""
    if not facts.num_rows:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    ids = facts["declaration_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    versions = facts["version"].to_numpy()
    starts = np.ones(facts.num_rows, dtype=np.bool_)
    starts[1:] = (ids[1:] != ids[:-1]) | (versions[1:] != versions[:-1])
    return np.cumsum(starts) - 1, np.flatnonzero(starts)


def _any(rows: NDArray[np.bool_], first_row: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(first_row):
        return rows[:0]
    return np.logical_or.reduceat(rows, first_row, axis=0)
