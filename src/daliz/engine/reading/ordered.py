"""A large answer in order, one range of its rows after another, so that memory does not grow with the rows.

A sort of everything holds, or spills, everything. Here a sample of the order's first two columns says where
to cut, and each range between two cuts is sorted for itself. Where the cuts fall changes nothing in the
answer, so the sample need not be the same each time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import pyarrow as pa

from daliz.engine.records.columns import answer
from daliz.engine.records.duck import Connection, identifier
from daliz.engine.records.files import ROW_GROUP

_SAMPLED: Final = 64
"""Rows sampled for each range."""

_BATCH: Final = 10_240
"""Rows that come from DuckDB at once: a whole range as one batch would be held twice."""

_Cut: TypeAlias = tuple[str | int, str | int]


@dataclass(frozen=True, slots=True)
class Answer:
    """A query without null in the first two columns of its order.

    Attributes:
        query: SQL of the rows.
        order: the columns to sort by; the first two need not tell two rows apart, all of them must.
        distinct: equal rows are given once.
        columns: the columns to give, if not all.
    """

    query: str
    order: tuple[str, ...]
    distinct: bool = False
    columns: tuple[str, ...] = ()

    def schema(self, connection: Connection) -> pa.Schema:
        """Return the Arrow schema of the rows."""
        return answer(connection, f"SELECT {self._given} FROM ({self.query}) LIMIT 0").schema

    @property
    def _given(self) -> str:
        return ", ".join(map(identifier, self.columns)) or "*"

    def batches(
        self, connection: Connection, *, rows_at_once: int = ROW_GROUP // 2 // 2
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows in order; about ``rows_at_once`` of them are sorted at a time.

        The connection is in use until the last batch is taken.
        """
        whole = answer(connection, f"SELECT * FROM ({self.query}) LIMIT 0").schema
        instants = [pa.types.is_timestamp(whole.field(name).type) for name in self.order[:2]]
        cuts = self._cuts(connection, instants, rows_at_once)
        order = ", ".join(map(identifier, self.order))
        for low, high in pairwise([None, *cuts, None]):
            conditions = [_from(self.order, low, instants)] if low is not None else []
            conditions += [f"NOT ({_from(self.order, high, instants)})"] if high is not None else []
            values = [value for cut in (low, high) if cut is not None for value in (cut[0], cut[0], cut[1])]
            where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
            rows = f"SELECT {'DISTINCT ' if self.distinct else ''}* FROM ({self.query}) {where}"
            query = f"SELECT {self._given} FROM ({rows}) ORDER BY {order}"
            yield from connection.sql(query, params=values).to_arrow_reader(_BATCH)

    def _cuts(self, connection: Connection, instants: Sequence[bool], rows_at_once: int) -> list[_Cut]:
        """Return where one range ends and the next begins."""
        [(rows,)] = connection.execute(f"SELECT count(*) FROM ({self.query})").fetchall()
        ranges = -(-rows // rows_at_once)
        if ranges < 2:
            return []
        first, second = (
            f"epoch_us({identifier(name)})" if instant else identifier(name)
            for name, instant in zip(self.order, instants, strict=False)
        )
        sample = connection.execute(
            f"SELECT * FROM (SELECT {first} AS first, {second} AS second FROM ({self.query})) "
            f"USING SAMPLE reservoir({_SAMPLED * ranges} ROWS)"
        ).fetchall()
        return sorted(set(sorted(sample)[_SAMPLED::_SAMPLED]))


def _from(order: Sequence[str], cut: _Cut, instants: Sequence[bool]) -> str:
    """Return the condition, with three places for values, of not coming before a cut."""
    first, second = map(identifier, order[:2])
    place, next_place = ("make_timestamptz(?)" if instant else "?" for instant in instants)
    return f"{first} >= {place} AND ({first} > {place} OR {second} >= {next_place})"
