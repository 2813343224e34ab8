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

_CHILDREN: Final = ("documents", "containers", "transport_means")


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
        for schema in (DECLARATIONS, FINDINGS):
            self._keep(schema, schema.arrow.empty_table())
        workshop.run(["CREATE TEMP VIEW findings AS SELECT * FROM kept_findings"])

    def add_declarations(self, table: pa.Table, children: Mapping[str, pa.Table | None]) -> None:
        """Take declarations and what belongs to them."""
        shop = self._shop
        further = [c for c in table.column_names if c in self._further or c in DECLARATIONS.names]
        arrived = conform(table.select(further), DECLARATIONS)
        shop.connection.register("arrived", arrived)
        shop.make("concerned", "SELECT DISTINCT declaration_id FROM arrived")
        known = shop.number("SELECT count(*) FROM concerned SEMI JOIN number USING (declaration_id)")
        if known:
            self._withdraw()
        self._keep(DECLARATIONS, arrived)
        shop.make(
            "declarations", f"SELECT * FROM kept_declarations {_OF}" if known else "SELECT * FROM arrived"
        )
        shop.make("header", inputs.HEADER)
        last = shop.number("SELECT max(d) FROM number") or 0
        unnumbered = " ANTI JOIN number USING (declaration_id)"
        self._append("number", inputs.NUMBER.format(last=last, unnumbered=unnumbered))
        self._append("version", inputs.VERSION)
        shop.make("arrived_entry", inputs.ENTRY)
        self._append("entry", "SELECT * FROM arrived_entry")
        shop.run([reference.NEW_CELLS])
        self._append("learned", identity.OF_ITEMS)
        self._append("outcome", inputs.OUTCOME.format(concerned=_CONCERNED))
        self._outdate(
            "SELECT min(day) FROM version v JOIN (SELECT DISTINCT declaration_id, version FROM arrived) a "
            "USING (declaration_id, version)"
        )
        shop.drop("declarations", "header", "arrived_entry", "concerned")
        shop.connection.unregister("arrived")
        for name in _CHILDREN:
            child = children.get(name)
            if child is not None:
                self._keep(TABLES[name], conform(child, TABLES[name]).select(TABLES[name].names))

    def add_findings(self, table: pa.Table) -> None:
        """Take findings; what they replace ends on the day they became known."""
        shop = self._shop
        arrived = conform(table, FINDINGS).select(FINDINGS.names)
        shop.connection.register("arrived", arrived)
        shop.make(
            "concerned",
            "SELECT declaration_id FROM arrived UNION SELECT declaration_id FROM kept_findings "
            "WHERE finding_id IN (SELECT supersedes FROM arrived)",
        )
        self._keep(FINDINGS, arrived)
        shop.run([f"DELETE FROM outcome WHERE d IN ({_NUMBERS})"])
        self._append("outcome", inputs.OUTCOME.format(concerned=_CONCERNED))
        shop.make("arrived_learned", identity.of_findings("arrived"))
        self._append("learned", "SELECT * FROM arrived_learned")
        self._outdate("SELECT min(day) FROM arrived_learned")
        shop.drop("arrived_learned", "concerned")
        shop.connection.unregister("arrived")

    def bring(self, first: int, last: int) -> None:
        """Make ``declarations`` and its children of the rows registered from day ``first`` to ``last``."""
        shop = self._shop
        asked = f"SELECT declaration_id, version FROM version WHERE day BETWEEN {first} AND {last}"
        for name in shop.tables:
            shop.make(name, f"SELECT * FROM kept_{name} SEMI JOIN ({asked}) USING (declaration_id, version)")

    def _withdraw(self) -> None:
        """Take out what was said of the declarations concerned."""
        shop = self._shop
        shop.make("declarations", f"SELECT * FROM kept_declarations {_OF}")
        self._append("learned", f"SELECT day, -items, -item_digest, 0, 0 FROM ({identity.OF_ITEMS})")
        shop.run([f"DELETE FROM {name} WHERE d IN ({_NUMBERS})" for name in ("version", "entry", "outcome")])
        shop.drop("declarations")

    def _append(self, table: str, query: str) -> None:
        self._shop.run([f"INSERT INTO {table} {query}"])

    def _keep(self, schema: TableSchema, arrived: pa.Table) -> None:
        """Append to ``kept_<table>``, which gains the further columns that it lacks."""
        shop, kept = self._shop, f"kept_{schema.name}"
        shop.connection.register("keeping", arrived)
        if schema.name not in self._columns:
            shop.make(kept, "SELECT * FROM keeping LIMIT 0")
            self._columns[schema.name] = self._described(kept)
        has = self._columns[schema.name]
        for column, type_ in self._described("keeping").items():
            if has.setdefault(column, type_) != type_:
                raise TableError(
                    N_("{place}: column {column} is {found} and does not fit {expected} {detail}"),
                    code="table-type", place=schema.name, column=column, found=type_, expected=has[column],
                    detail="",
                )  # fmt: skip
        for column in has.keys() - self._described(kept).keys():
            shop.run([f"ALTER TABLE {kept} ADD COLUMN {identifier(column)} {has[column]}"])
        self._append(f"{kept} BY NAME", "SELECT * FROM keeping")
        shop.connection.unregister("keeping")

    def _described(self, table: str) -> dict[str, str]:
        """Return the columns of a table and their types in SQL."""
        found = self._shop.connection.execute(f"DESCRIBE {table}").fetchall()
        return {str(row[0]): str(row[1]) for row in found}

    def _outdate(self, earliest: str) -> None:
        """Forget usual values kept if something earlier than their Monday arrived."""
        shop = self._shop
        day = shop.number(earliest)
        if shop.monday is not None and day is not None and day < shop.monday:
            shop.monday = None


_OF: Final = "SEMI JOIN concerned USING (declaration_id)"
_CONCERNED: Final = " AND declaration_id IN (SELECT declaration_id FROM concerned)"
_NUMBERS: Final = f"SELECT d FROM number {_OF}"
