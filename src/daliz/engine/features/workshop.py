"""A connection with the common inputs on it; runs groups of SQL and leaves their facts as tables."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pyarrow as pa

from daliz.engine.features import identity, inputs, outright, running
from daliz.engine.features.clock import calendar, day_number, offsets
from daliz.engine.features.groups import listed, reference, stated, today
from daliz.engine.features.ledger import Ledger, Measure
from daliz.engine.features.official_tables import NO_TABLES, OfficialTables
from daliz.engine.features.standing import Standing
from daliz.engine.features.vocabulary import Feature
from daliz.engine.records.duck import Connection
from daliz.engine.records.files import Source, register
from daliz.engine.records.schema import TABLES

_EARLIEST: Final = date(1970, 1, 2)
_LATEST: Final = date(2199, 12, 31)
COMMON: Final = {
    "entry": inputs.entries(),
    "dated": inputs.DATED,
    "outcome": inputs.outcomes(),
    "outcome_item": inputs.outcome_items(),
    "learned": f"{identity.of_items()} UNION ALL {identity.OF_FINDINGS}",
    "cell": reference.CELL,
}
"""Common inputs, besides the versions, and the queries that give them."""

_RESTS_ON: Final = {
    "outcome": ("dated",), "outcome_item": ("entry", "outcome"), "cell": ("entry",),
}  # fmt: skip

_KEPT: Final = ("kept_", "standing_")
"""How the names of tables begin that outlive one asking."""

LASTING: Final = frozenset({"clock", "number", "version"})
"""What is made when a workshop is opened."""


@dataclass(slots=True)
class Workshop:
    """Holds one computation: the sources, the common inputs made so far, and the tables of facts.

    Attributes:
        connection: an in-memory DuckDB.
        tables: canonical tables given, by name; ``declarations`` always.
        zone: time zone whose days count.
        official: official lists of the administration.
        made: common inputs already there.
        facts: tables of facts already there: name to the column (``h`` or ``row``) that joins them.
        keeps: whether more will be asked: usual values of a week are kept for its other days.
        days: the first and last day asked.
        amended: whether any declaration asked was amended.
        monday: of the week whose usual values are kept.
        standing: answers of ledgers that are carried on from day to day, if they are.
        second: another connection to the same database, for work that goes on meanwhile, if there is one.
    """

    connection: Connection
    tables: Mapping[str, Source]
    zone: str
    official: OfficialTables = NO_TABLES
    made: set[str] = field(default_factory=set)
    facts: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    keeps: bool = False
    days: tuple[int, int] = (0, 0)
    amended: bool = False
    monday: int | None = None
    standing: Standing | None = None
    second: "Connection | None" = None

    def open(self, span: tuple[date, date] | None = None) -> None:
        """Register the sources and make the versions.

        Args:
            span: the first and last UTC day of any instant; None for those of the sources.
        """
        for name, source in self.tables.items():
            register(self.connection, name, source, TABLES[name])
        if "findings" not in self.tables:
            self.connection.register("findings", TABLES["findings"].arrow.empty_table())
        self._rows("clock", ("since", "until", "offset_us"), offsets(self.zone, *(span or self._span())))
        self.make("header", inputs.HEADER)
        self.make("number", inputs.NUMBER.format(last=0, unnumbered=""))
        self.make("version", inputs.VERSION)
        self.drop("header")

    @contextmanager
    def meanwhile(self, work: Callable[["Workshop"], None]) -> Iterator[None]:
        """Do ``work`` while the block runs, on the second connection; before it where there is none.

        Neither may make what the other needs, or set anything but ``made`` and ``facts``.
        """
        if self.second is None:
            work(self)
            yield
            return
        aside = replace(self, connection=self.second, second=None)
        with ThreadPoolExecutor(1) as threads:
            done = threads.submit(work, aside)
            yield
            done.result()

    def make(self, table: str, query: str) -> None:
        """Make a table of what a query gives."""
        self.run([f"CREATE TABLE {table} AS {query}"])

    def run(self, statements: Sequence[str]) -> None:
        """Run statements in order."""
        for statement in statements:
            self.connection.execute(statement)

    def number(self, sql: str) -> int | None:
        """Return the one number that a query gives."""
        ((value,),) = self.connection.execute(sql).fetchall()
        return None if value is None else int(value)

    def drop(self, *tables: str) -> None:
        """Drop tables that are no longer needed."""
        self.run([f"DROP TABLE IF EXISTS {table}" for table in tables])

    def clear(self) -> None:
        """Forget who asked and the facts made for them; common inputs and usual values that are kept stay."""
        tables = "SELECT table_name FROM duckdb_tables() ORDER BY table_name"
        made = [str(name) for (name,) in self.connection.execute(tables).fetchall()]
        self.made &= COMMON.keys()
        lasting = {*LASTING, *self.made, *reference.TABLES}
        gone = [name for name in made if name not in lasting and not name.startswith(_KEPT)]
        self.run(["; ".join(f"DROP TABLE {name}" for name in gone)] if gone else [])
        self.facts.clear()

    def need(self, name: str) -> None:
        """Make a common input unless it is there."""
        if name in self.made:
            return
        if name == "vehicle":
            self.run(today.VEHICLES)
        else:
            for other in _RESTS_ON.get(name, ()):
                self.need(other)
            self.make(name, COMMON[name])
        self.made.add(name)

    def ask(
        self, first: date, last: date, only: Collection[str] | None = None, all_from: date | None = None
    ) -> None:
        """Make the probes: versions of the days asked; those before ``all_from`` of declarations ``only``."""
        chosen = "true"
        if only is not None:
            self.connection.register(
                "chosen", pa.table({"declaration_id": pa.array(sorted(only), pa.string())})
            )
            chosen = "declaration_id IN (SELECT declaration_id FROM chosen)"
            if all_from is not None:
                chosen = f"(day >= {day_number(all_from)} OR {chosen})"
        days = {"first_day": day_number(first), "last_day": day_number(last)}
        self.days = (days["first_day"], days["last_day"])
        self.run([statement.format(**days, chosen=chosen) for statement in inputs.PROBE])
        self.amended = bool(self.number("SELECT count(*) FROM probe WHERE amended"))

    def name_snapshots(self, first: date, last: date, minimum: int) -> None:
        """Make ``snapshot``: the snapshot_id of each day."""
        self.need("learned")
        self.make("known", identity.KNOWN)
        self.run([identity.named(day_number(first), day_number(last), zone=self.zone, minimum=minimum)])

    def state(self, features: Sequence[Feature], first: date, last: date, holidays: Collection[date]) -> None:
        """Make the facts that the version itself states."""
        columns = ("day", "weekday", "month", "is_working_day", "days_to_rest")
        self._rows("calendar", columns, calendar(first, last, holidays))
        self.run(stated.totals(documents="documents" in self.tables, containers="containers" in self.tables))
        self._list([f.name for f in features])
        self.run([stated.item_facts(features)])
        self.facts["item_facts"] = ("row", tuple(f.name for f in features))

    def _list(self, names: Collection[str]) -> None:
        """Make what official lists say of the items asked."""
        tables = {
            "official_rate": self.official.rates,
            "official_edition": self.official.editions,
            "official_code": self.official.codes,
            "official_duty": self.official.duty,
        }
        for name, table in tables.items():
            self.connection.register(name, table)
        self.run(listed.statements(names, self.official))

    def consult(self, ledger: Ledger, names: Collection[str]) -> None:
        """Make the facts of one ledger for the probes, without what their own declaration contributes."""
        measures = ledger.needed(names)
        if not measures:
            return
        name, (first, last) = ledger.name, self.days
        if first == last:
            self._need_sources(measures)
            self.run([outright.asking(ledger)])
            if self.standing is not None and ledger.moment == "day":
                self.standing.carry(first, self.run, self.number)
                self.run(self.standing.answers(ledger, apart=self.amended))
            else:
                self.run([outright.answers(ledger, measures, first)])
            self.run([running.facts(ledger, names, measures, amended=False, apart=True)])
        else:
            known = f"FROM {ledger.probe} p WHERE {ledger.known_key('p')}"
            keys = f"SELECT DISTINCT {ledger.key_list}, {ledger.moment} AS moment {known}"
            self.make(f"{name}_asked", keys)
            self.answer(ledger, names)
            if self.amended:
                self.run(running.own(ledger, measures))
            self.run([running.facts(ledger, names, measures, amended=self.amended)])
        self.facts[f"{name}_facts"] = (ledger.answer, tuple(n for n in ledger.facts if n in names))
        if first != last:
            self.drop(f"{name}_at", f"{name}_asked", f"{name}_own", f"{name}_asking")
            for label in measures:
                self.drop(f"{name}_{label}", f"{name}_{label}_at", f"{name}_{label}_own")

    def answer(self, ledger: Ledger, names: Collection[str]) -> None:
        """Make ``<ledger>_at``: each measure for each key and moment in ``<ledger>_asked``."""
        measures = ledger.needed(names)
        self._need_sources(measures)
        lo = self.number(f"SELECT min(moment) FROM {ledger.name}_asked") or 0
        hi = self.number(f"SELECT max(moment) FROM {ledger.name}_asked") or 0
        self.run(running.answers(ledger, measures, lo, hi))
        self.drop(f"{ledger.name}_key", f"{ledger.name}_running")

    def _need_sources(self, measures: Mapping[str, Measure]) -> None:
        """Make the common inputs that measures look at."""
        words = {word for m in measures.values() for word in re.findall(r"\w+", m.source)}
        for source in ("entry", "outcome", "outcome_item", "vehicle"):
            if source in words:
                self.need(source)

    def _rows(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int | bool]]) -> None:
        arrow = pa.table({c: [row[i] for row in rows] for i, c in enumerate(columns)})
        self.connection.register(f"{name}_rows", arrow)
        self.run([f"CREATE TABLE {name} AS SELECT * FROM {name}_rows"])
        self.connection.unregister(f"{name}_rows")

    def _span(self) -> tuple[date, date]:
        """Return the first and last UTC day of any instant, within what a calendar of our time can hold."""
        ((low, high),) = self.connection.execute(
            "SELECT min(least(a, b)), max(greatest(a, b)) FROM ("
            "SELECT epoch_us(registered_at) AS a, epoch_us(registered_at) AS b FROM declarations UNION ALL "
            "SELECT epoch_us(known_at), epoch_us(closed_at) FROM findings)"
        ).fetchall()
        if low is None or high is None:
            return _EARLIEST, _EARLIEST
        ends = []
        for instant in (low, high):
            day = instant // inputs.DAY
            bounded = min(max(day, day_number(_EARLIEST)), day_number(_LATEST))
            ends.append((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=bounded)).date())
        return ends[0], ends[1]
