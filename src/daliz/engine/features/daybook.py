"""``Daybook``: facts of one day after another, without reading the history again for each.

What ``build_facts`` makes of the whole history on every call, a daybook makes once of each row, when it
arrives. It asks with the same SQL, so the answers are the same.
"""

from collections.abc import Collection, Sequence
from datetime import date
from types import TracebackType
from typing import Final, Self

import pyarrow as pa

from daliz.engine.features.arrivals import Arrivals
from daliz.engine.features.clock import day_number
from daliz.engine.features.compute import MINIMUM_OBSERVATIONS, check, read, silent, wanted
from daliz.engine.features.groups import history
from daliz.engine.features.official_tables import NO_TABLES, OfficialTables
from daliz.engine.features.standing import Standing
from daliz.engine.features.vocabulary import Feature
from daliz.engine.features.workshop import Workshop
from daliz.engine.records.duck import connect_twice
from daliz.engine.records.schema import DECLARATIONS

_SPAN: Final = (date(1970, 1, 2), date(2199, 12, 31))


class Daybook:
    """A history that grows, and the facts of its days.

    Example:
        >>> from datetime import UTC, datetime
        >>> row = {"declaration_id": "D1", "version": 1, "item_no": 1, "direction": "import",
        ...        "registered_at": datetime(2025, 3, 3, 9, tzinfo=UTC), "trader_id": "T1"}
        >>> with Daybook(zone="Asia/Almaty", holidays=(), names=["trader.declarations_365d"]) as book:
        ...     book.add_declarations(pa.Table.from_pylist([row]))
        ...     book.facts(date(2025, 3, 3))["trader.declarations_365d"].to_pylist()
        [0.0]
    """

    def __init__(
        self,
        *,
        zone: str,
        holidays: Collection[date],
        names: Collection[str] | None = None,
        extra: Sequence[Feature] = (),
        minimum_observations: int = MINIMUM_OBSERVATIONS,
        official: OfficialTables = NO_TABLES,
        memory_gb: float = 3.0,
    ) -> None:
        """Open an empty daybook; the arguments are those of ``build_facts``.

        A day is little work for DuckDB and much planning, which a statement does alone: so history is asked
        on one connection while all else is on another, each with a thread.

        Raises:
            FeatureError: unknown name or zone.
        """
        check(zone, *_SPAN)
        self._features = wanted(names, extra)
        self._holidays = holidays
        self._minimum = minimum_observations
        self._tables: dict[str, pa.Table] = {"declarations": DECLARATIONS.arrow.empty_table()}
        connection, second = connect_twice(memory_gb=memory_gb, threads=1)
        standing = Standing(history.LEDGERS, frozenset(f.name for f in self._features))
        self._workshop = Workshop(
            connection, self._tables, zone, official, keeps=True, standing=standing, second=second
        )
        self._workshop.open(_SPAN)
        further = [f.name.partition(".")[2] for f in extra]
        self._arrivals = Arrivals(self._workshop, further)

    def add_declarations(
        self,
        declarations: pa.Table,
        *,
        documents: pa.Table | None = None,
        containers: pa.Table | None = None,
        transport_means: pa.Table | None = None,
    ) -> None:
        """Take canonical declarations, of any days, and what belongs to them.

        A child table that was never given is one that the source does not have; its facts are unknown.

        Raises:
            TableError: a table is not the canonical one, or a further column has another type than before.
        """
        children = {"documents": documents, "containers": containers, "transport_means": transport_means}
        for name, table in children.items():
            if table is not None:
                self._tables[name] = table.slice(0, 0)
        self._arrivals.add_declarations(declarations, children)

    def add_findings(self, findings: pa.Table) -> None:
        """Take canonical findings that became known.

        Raises:
            TableError: not the canonical table.
        """
        self._arrivals.add_findings(findings)

    def facts(self, day_first: date, day_last: date | None = None) -> pa.Table:
        """Return what ``build_facts`` returns for these days of all that was added so far.

        Args:
            day_first: first local day asked.
            day_last: last local day asked, included; None for the first day alone.

        Raises:
            FeatureError: days in the wrong order, or a further column of another type than declared.
        """
        days = (day_first, day_first if day_last is None else day_last)
        shop = self._workshop
        check(shop.zone, *days)
        try:
            self._arrivals.bring(*(day_number(day) for day in days))
            shop.ask(*days)
            with read(
                shop, self._features, days=days, holidays=self._holidays, minimum=self._minimum, tell=silent
            ) as reader:  # fmt: skip
                return reader.read_all()
        finally:
            shop.clear()

    def close(self) -> None:
        """Let go of the history."""
        for connection in (self._workshop.second, self._workshop.connection):
            if connection is not None:
                connection.close()

    def __enter__(self) -> Self:
        """Return the daybook, to be closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()
