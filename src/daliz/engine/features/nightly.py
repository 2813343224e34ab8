"""The nightly snapshot: history of one day for every key known, for live assessment to look up.

It runs the same SQL as ``build_facts``; only who asks differs: every key instead of some declarations.
An amended declaration still has to take out what its earlier version contributes, as ``build_facts`` does.
"""

from datetime import date
from typing import Final

import pyarrow as pa

from daliz.engine.features import pricing, running
from daliz.engine.features.clock import day_number
from daliz.engine.features.compute import MINIMUM_OBSERVATIONS, folders_of
from daliz.engine.features.groups import history, reference
from daliz.engine.features.workshop import Workshop
from daliz.engine.records.duck import connect
from daliz.engine.records.files import Source

REFERENCE: Final = ("hs10", "hs6", "hs4", "origin_country", "currency", "quantity_unit")
"""Key of the table ``reference``; nulls in it are values like others."""


def snapshot(
    declarations: Source,
    findings: Source | None,
    *,
    zone: str,
    day: date,
    minimum_observations: int = MINIMUM_OBSERVATIONS,
    threads: int = 2,
    memory_gb: float = 3.0,
) -> tuple[str, dict[str, pa.Table]]:
    """Return the snapshot_id of ``day`` and a table for each ledger, ``reference``, and for each usual value.

    ``reference`` has the goods that were ever declared; the tables of usual values have every level of goods
    that can serve, so that goods never declared find theirs too.

    A table has the columns of its key, then the features that rest on it, sorted by key. A key that is
    not in it was never seen: counts are 0, rates and days unknown, novelty true.

    Args:
        declarations: all that is known; what was registered on ``day`` or later is not looked at.
        findings: likewise, by ``known_at``.
        zone: IANA name of the time zone whose midnight begins the day.
        day: the day that the snapshot serves.
        minimum_observations: values a reference level must have.
        threads: worker threads.
        memory_gb: bound on DuckDB's memory, GB.
    """
    tables = {"declarations": declarations} | ({} if findings is None else {"findings": findings})
    connection = connect(memory_gb=memory_gb, threads=threads, folders=folders_of(tables.values()))
    try:
        workshop = Workshop(connection, tables, zone)
        workshop.open()
        workshop.need("entry")
        workshop.name_snapshots(day, day, minimum_observations)
        identity = connection.execute("SELECT snapshot_id FROM snapshot").fetchall()[0][0]
        number = day_number(day)
        made = {}
        for ledger in history.LEDGERS:
            source = "version" if ledger.answer == "h" else "entry"
            workshop.run(
                [
                    (
                        f"CREATE TABLE {ledger.name}_asked AS SELECT DISTINCT {ledger.key_list}, "
                        f"CAST({number} AS BIGINT) AS moment FROM {source} s "
                        f"WHERE day < {number} AND {ledger.known_key('s')}"
                    )
                ]
            )
            workshop.answer(ledger, ledger.facts)
            made[ledger.name] = _table(workshop, running.by_key(ledger))
        made["reference"] = _reference(workshop, number, minimum_observations)
        made |= {
            usual.name: pricing.ladder(workshop, usual, minimum_observations) for usual in reference.USUALS
        }
        return str(identity), made
    finally:
        connection.close()


def _reference(workshop: Workshop, number: int, minimum: int) -> pa.Table:
    monday = number - (number + 3) % 7
    pricing.observe(workshop, reference.USUALS, f"SELECT CAST({monday} AS BIGINT) AS monday")
    workshop.run([f"CREATE TABLE wanted AS SELECT CAST({monday} AS BIGINT) AS monday, c.* FROM cell c"])
    pricing.fill(workshop, reference.USUALS, minimum)
    columns = ", ".join(f'{of}.{column} AS "{name}"' for name, (of, column) in reference.FACTS.items())
    joins = " ".join(f"LEFT JOIN usual_{u.name} {u.name} ON {u.name}.cell = c.cell" for u in reference.USUALS)
    key = ", ".join(f"c.{column}" for column in REFERENCE)
    found = " OR ".join(f"{usual.name}.n IS NOT NULL" for usual in reference.USUALS)
    return _table(workshop, f"SELECT {key}, {columns} FROM cell c {joins} WHERE {found} ORDER BY {key}")


def _table(workshop: Workshop, query: str) -> pa.Table:
    made: pa.Table = workshop.connection.sql(query).to_arrow_table()
    return made
