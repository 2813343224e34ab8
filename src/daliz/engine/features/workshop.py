"""A connection with the common inputs on it; runs groups of SQL and leaves their facts as tables."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Final

import duckdb
import pyarrow as pa

from daliz.engine.features import identity, inputs, running
from daliz.engine.features.clock import calendar, day_number, offsets
from daliz.engine.features.groups import listed, reference, stated, today
from daliz.engine.features.groups.reference import Usual
from daliz.engine.features.ledger import Ledger
from daliz.engine.features.official_tables import NO_TABLES, OfficialTables
from daliz.engine.features.vocabulary import Feature
from daliz.engine.features.weighing import weigh
from daliz.engine.records.files import Source, register
from daliz.engine.records.schema import TABLES

_EARLIEST: Final = date(1970, 1, 2)
_LATEST: Final = date(2199, 12, 31)
_TOGETHER: Final = 5_000_000
"""Reference values that are weighed together: goods are taken some at a time to bound memory."""


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
    """

    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, Source]
    zone: str
    official: OfficialTables = NO_TABLES
    made: set[str] = field(default_factory=set)
    facts: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def open(self) -> None:
        """Register the sources and make the versions."""
        for name, source in self.tables.items():
            register(self.connection, name, source, TABLES[name])
        if "findings" not in self.tables:
            self.connection.register("findings", TABLES["findings"].arrow.empty_table())
        self._rows("clock", ("since", "until", "offset_us"), offsets(self.zone, *self._span()))
        self.run(inputs.VERSION)

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

    def need(self, name: str) -> None:
        """Make a common input unless it is there."""
        if name in self.made:
            return
        if name == "observation":
            self.need("entry")
            self.need("outcome")
        statements = {
            "entry": inputs.ENTRY,
            "outcome": inputs.OUTCOME,
            "observation": reference.OBSERVATION,
            "vehicle": today.VEHICLES,
        }[name]
        self.run(statements)
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
        self.run([statement.format(**days, chosen=chosen) for statement in inputs.PROBE])

    def name_snapshots(self, first: date, last: date, minimum: int) -> None:
        """Make ``snapshot``: the snapshot_id of each day."""
        self.run(
            [
                identity.KNOWN,
                identity.named(day_number(first), day_number(last), zone=self.zone, minimum=minimum),
            ]
        )

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
        name = ledger.name
        known = f"FROM {ledger.probe} p WHERE {ledger.known_key('p')}"
        self.run(
            [
                (
                    f"CREATE TEMP TABLE {name}_asked AS SELECT DISTINCT {ledger.key_list}, "
                    f"{ledger.moment} AS moment {known}"
                )
            ]
        )
        self.answer(ledger, names)
        amended = bool(self.number(f"SELECT count(*) {known} AND amended"))
        if amended:
            self.run(running.own(ledger, measures))
        self.run([running.facts(ledger, names, measures, amended=amended)])
        self.facts[f"{name}_facts"] = (ledger.answer, tuple(n for n in ledger.facts if n in names))
        self.drop(f"{name}_at", f"{name}_asked", f"{name}_own", f"{name}_asking")
        for label in measures:
            self.drop(f"{name}_{label}", f"{name}_{label}_at", f"{name}_{label}_own")

    def answer(self, ledger: Ledger, names: Collection[str]) -> None:
        """Make ``<ledger>_at``: each measure for each key and moment in ``<ledger>_asked``."""
        measures = ledger.needed(names)
        rows = " ".join(measure.rows for measure in measures.values())
        for source in ("entry", "outcome", "vehicle"):
            if f" {source} " in f"{rows} " or f" {source})" in rows:
                self.need(source)
        lo = self.number(f"SELECT min(moment) FROM {ledger.name}_asked") or 0
        hi = self.number(f"SELECT max(moment) FROM {ledger.name}_asked") or 0
        self.run(running.answers(ledger, measures, lo, hi))
        self.drop(f"{ledger.name}_key", f"{ledger.name}_running")

    def price(self, names: Collection[str], minimum: int) -> None:
        """Make the reference values for the items asked, Monday by Monday."""
        usuals = {
            u: [n for n, (of, _) in reference.FACTS.items() if of == u.name and n in names]
            for u in reference.USUALS
        }
        usuals = {usual: wanted for usual, wanted in usuals.items() if wanted}
        if not usuals:
            return
        self.need("observation")
        self.run(reference.WANTED)
        self.weigh(list(usuals), minimum)
        for usual, wanted in usuals.items():
            self.run([reference.facts(usual, wanted)])
            self.facts[f"usual_{usual.name}_facts"] = ("row", tuple(wanted))
            self.drop(f"usual_{usual.name}")
        self.drop(*reference.TABLES)
        self.made.discard("observation")

    def weigh(self, usuals: Sequence[Usual], minimum: int) -> None:
        """Make ``usual_<name>`` for the cells ``wanted``, going down the levels of goods."""
        self.run([reference.ADMITTED, *(reference.opened(usual) for usual in usuals)])
        stretches = self.connection.execute(reference.stretches(_TOGETHER)).fetchall()
        for (low, high), usual in product(stretches, usuals):
            self.run([reference.unserved(usual, low, high)])
            for level in reference.LEVELS:
                weeks = "SELECT DISTINCT monday FROM unserved ORDER BY monday"
                mondays = [monday for (monday,) in self.connection.execute(weeks).fetchall()]
                if not mondays:
                    break
                values = self.connection.sql(reference.values(usual, level)).to_arrow_table()
                self.connection.register("served", weigh(values, mondays, usual.quantiles, minimum))
                self.run(reference.serve(usual, level))

    def _rows(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int | bool]]) -> None:
        arrow = pa.table({c: [row[i] for row in rows] for i, c in enumerate(columns)})
        self.connection.register(f"{name}_rows", arrow)
        self.run([f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_rows"])
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
