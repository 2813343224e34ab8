"""What arrives later is appended to the common inputs of a workshop, so that they need not be made anew.

The rows that arrived stand for a while as the relations ``declarations`` and ``findings`` that every query of
``daliz.engine.features.inputs`` reads; what the queries give is appended. Where an arrival changes what was
said before (an amendment, a finding on a declaration that has others), all that rests on that declaration is
taken out first and said again.
"""

from collections.abc import Collection, Mapping
from typing import Final

import pyarrow as pa

from daliz.engine.features import identity, inputs
from daliz.engine.features.groups import reference
from daliz.engine.features.workshop import COMMON, Workshop
from daliz.engine.records.duck import identifier
from daliz.engine.records.files import TableError, conform
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TABLES, TableSchema
from daliz.language import N_

_DAY: Final = "kept_day"
"""Column of ``kept_declarations``: the local day of the version."""


class Arrivals:
    """Keeps what arrived, as ``kept_<table>`` on a workshop's connection, and its common inputs current."""

    def __init__(self, workshop: Workshop, further: Collection[str]) -> None:
        """Begin with nothing known.

        Args:
            workshop: opened on empty tables.
            further: columns beyond the canonical ones that are kept where they arrive.
        """
        self._shop = workshop
        self._further = frozenset(further)
        self._columns: dict[str, dict[str, str]] = {}
        for name in COMMON:
            workshop.need(name)
        workshop.connection.unregister("declarations")
        workshop.connection.unregister("findings")
        empty = DECLARATIONS.arrow.empty_table()
        self._fit(DECLARATIONS, empty.append_column(_DAY, pa.array([], pa.int64())))

    def add_declarations(self, table: pa.Table, children: Mapping[str, pa.Table | None]) -> None:
        """Take declarations and what belongs to them."""
        shop = self._shop
        columns = [c for c in table.column_names if c in self._further or c in DECLARATIONS.names]
        arrived = conform(table.select(columns), DECLARATIONS)
        belonging = {
            name: conform(child, TABLES[name]).select(TABLES[name].names)
            for name, child in children.items()
            if child is not None
        }
        self._fit(DECLARATIONS, arrived)
        shop.connection.register("arrived", arrived)
        shop.make("concerned", "SELECT DISTINCT declaration_id FROM arrived")
        shop.make("declarations", "SELECT * EXCLUDE (kept_day) FROM kept_declarations LIMIT 0")
        if shop.number(f"SELECT count(*) FROM number {_CONCERNED}"):
            self._withdraw()
        self._append("declarations BY NAME", "SELECT * FROM arrived")
        self._say()
        self._outdate(
            "SELECT min(day) FROM arrived_version "
            "SEMI JOIN (SELECT DISTINCT declaration_id, version FROM arrived) USING (declaration_id, version)"
        )
        shop.connection.unregister("arrived")
        shop.clear()
        for name, child in belonging.items():
            self._fit(TABLES[name], child)
            shop.connection.register("arrived", child)
            self._append(f"kept_{name} BY NAME", "SELECT * FROM arrived")
            shop.connection.unregister("arrived")

    def add_findings(self, table: pa.Table) -> None:
        """Take findings; what they replace ends on the day they became known."""
        shop = self._shop
        shop.connection.register("findings", conform(table, FINDINGS))
        self._append("dated", inputs.DATED)
        shop.make("arrived_learned", identity.OF_FINDINGS)
        self._append("learned", "SELECT * FROM arrived_learned")
        shop.make(
            "concerned",
            "SELECT declaration_id FROM findings UNION SELECT declaration_id FROM dated "
            "WHERE finding_id IN (SELECT supersedes FROM findings)",
        )
        self._forget("outcome", "outcome_item")
        self._conclude("version", "entry")
        self._outdate("SELECT min(day) FROM arrived_learned")
        shop.connection.unregister("findings")
        shop.clear()

    def bring(self, first: int, last: int) -> None:
        """Make ``declarations`` and its children of the rows registered from day ``first`` to ``last``."""
        shop = self._shop
        within = f"BETWEEN {first} AND {last}"
        shop.make(
            "declarations", f"SELECT * EXCLUDE (kept_day) FROM kept_declarations WHERE kept_day {within}"
        )
        asked = f"SELECT declaration_id, version FROM version WHERE day {within}"
        for name in shop.tables:
            if name != "declarations":
                shop.make(
                    name, f"SELECT * FROM kept_{name} SEMI JOIN ({asked}) USING (declaration_id, version)"
                )

    def _withdraw(self) -> None:
        """Take out what was said of the declarations concerned, and leave their rows in ``declarations``."""
        shop = self._shop
        old = f"SELECT * EXCLUDE (kept_day) FROM kept_declarations {_CONCERNED}"
        self._append("declarations BY NAME", old)
        self._append("learned", f"SELECT day, -items, -item_digest, 0, 0 FROM ({identity.of_items()})")
        self._forget("version", "entry", "outcome", "outcome_item")
        shop.run(
            ["DELETE FROM kept_declarations WHERE declaration_id IN (SELECT declaration_id FROM concerned)"]
        )

    def _forget(self, *tables: str) -> None:
        numbers = f"SELECT d FROM number {_CONCERNED}"
        self._shop.run([f"DELETE FROM {table} WHERE d IN ({numbers})" for table in tables])

    def _say(self) -> None:
        """Append what ``declarations`` says to the common inputs, and keep its rows."""
        shop = self._shop
        shop.make("header", inputs.HEADER)
        last = shop.number("SELECT max(d) FROM number") or 0
        unnumbered = " ANTI JOIN number USING (declaration_id)"
        self._append("number", inputs.NUMBER.format(last=last, unnumbered=unnumbered))
        shop.make("arrived_version", inputs.VERSION)
        self._append("version", "SELECT * FROM arrived_version")
        shop.make("arrived_entry", inputs.entries("arrived_version"))
        self._append("entry", "SELECT * FROM arrived_entry")
        shop.run([reference.NEW_CELLS])
        self._append("learned", identity.of_items("arrived_version"))
        self._conclude("arrived_version", "arrived_entry")
        self._append(
            "kept_declarations BY NAME",
            "SELECT i.*, v.day AS kept_day FROM declarations i "
            "JOIN arrived_version v USING (declaration_id, version)",
        )

    def _conclude(self, version: str, entry: str) -> None:
        """Append the outcomes of the declarations concerned."""
        concerned = "f.declaration_id IN (SELECT declaration_id FROM concerned)"
        if not self._shop.number(f"SELECT count(*) FROM dated f WHERE {concerned}"):
            return
        self._shop.make("arrived_outcome", inputs.outcomes(version, concerned=concerned))
        self._append("outcome", "SELECT * FROM arrived_outcome")
        self._append("outcome_item", inputs.outcome_items("arrived_outcome", entry))

    def _append(self, table: str, query: str) -> None:
        self._shop.run([f"INSERT INTO {table} {query}"])

    def _fit(self, schema: TableSchema, arrived: pa.Table) -> None:
        """See that ``kept_<table>`` is there and has the columns of what arrived."""
        shop, kept = self._shop, f"kept_{schema.name}"
        shop.connection.register("arrived", arrived)
        columns = self._described("arrived")
        if schema.name not in self._columns:
            shop.make(kept, "SELECT * FROM arrived LIMIT 0")
            self._columns[schema.name] = dict(columns)
        shop.connection.unregister("arrived")
        has = self._columns[schema.name]
        for column, type_ in columns.items():
            if has.get(column, type_) != type_:
                raise TableError(
                    N_("{place}: column {column} is {found} and does not fit {expected} {detail}"),
                    code="table-type", place=schema.name, column=column, found=type_, expected=has[column],
                    detail="",
                )  # fmt: skip
        for column in columns.keys() - has.keys():
            shop.run([f"ALTER TABLE {kept} ADD COLUMN {identifier(column)} {columns[column]}"])
            has[column] = columns[column]

    def _described(self, table: str) -> dict[str, str]:
        """Return the columns of a table and their types in SQL."""
        found = self._shop.connection.execute(f"DESCRIBE {table}").fetchall()
        return {str(row[0]): str(row[1]) for row in found}

    def _outdate(self, earliest: str) -> None:
        """Forget the usual values and the answers that are kept for a day if something earlier arrived."""
        shop = self._shop
        day = shop.number(earliest)
        if day is None:
            return
        if shop.monday is not None and day < shop.monday:
            shop.monday = None
        if shop.standing is not None:
            shop.standing.outdate(day)


_CONCERNED: Final = "SEMI JOIN concerned USING (declaration_id)"
