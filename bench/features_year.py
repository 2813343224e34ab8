"""How long a year's history and its facts take, and in how much memory.

    python -m bench.features_year

A random border of twelve months is made at each size: Zipfian traders, a few hundred brokers, three items a
declaration, one declaration in twenty amended, one in ten controlled. Each figure is measured in a process of
its own; processor seconds are of all threads, and tell more than wall time on a busy machine.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeVar

import duckdb
import pyarrow.parquet as pq

from bench.record import Figure, keep
from daliz.engine.features.compute import facts_reader
from daliz.engine.records.schema import DECLARATIONS, FINDINGS

T = TypeVar("T")
ZONE = "Asia/Almaty"
FIRST = date(2025, 1, 1)
PER_DAY: Final = (200, 2000)
MONTHS: Final = 12
SOME: Final = ["trader.violations_365d", "reference.unit_value_p10", "item.unit_value"]


def random_border(folder: Path, per_day: int, months: int) -> None:
    """Write a border that has the right sizes and nothing else."""
    days = 365 * months // 12
    count = per_day * days
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = true; SET threads = 1; SELECT setseed(0.25)")
    zipf = "CAST(floor(pow(random(), 4) * {}) AS INTEGER)"
    connection.execute(f"""
CREATE TABLE header AS
SELECT 'D' || n AS declaration_id, n,
       TIMESTAMPTZ '{FIRST} 00:00:00+05' + to_microseconds(
           CAST((n / {per_day} + random() / 4) * 86400e6 AS BIGINT)) AS registered_at,
       'import' AS direction, 'IM40' AS procedure, 'O' || {zipf.format(20)} AS office,
       'B' || {zipf.format(8)} AS border_office, 'T' || {zipf.format(max(200, count // 20))} AS trader_id,
       'R' || {zipf.format(300)} AS declarant_id,
       'C' || {zipf.format(max(500, count // 10))} AS counterparty_id,
       'K' || {zipf.format(800)} AS carrier_id, '31' AS transport_mode,
       chr(65 + {zipf.format(20)}) || 'X' AS departure_country, 'KZT' AS currency,
       1 + CAST(floor(random() * 5) AS INTEGER) AS items,
       random() < 0.05 AS amended, random() < 0.1 AS controlled
FROM range({count}) t(n)""")
    connection.execute(f"""
CREATE TABLE item AS
SELECT h.*, i AS item_no, CAST(10000000 + {zipf.format(3000)} * 29989 AS VARCHAR) || '00' AS hs_code,
       chr(65 + {zipf.format(20)}) || 'X' AS origin_country, 'goods of some kind ' || n AS description,
       round(exp(random() * 8), 1) + 0.1 AS net_mass_kg,
       CAST(exp(random() * 10) * 100 AS DECIMAL(20, 2)) AS customs_value,
       CASE WHEN random() < 0.5 THEN floor(random() * 100) + 1 END AS quantity
FROM header h, LATERAL (SELECT unnest(range(1, h.items + 1)) AS i)""")
    columns = {row[0] for row in connection.execute("DESCRIBE item").fetchall()}
    given = {
        "version": "v", "gross_mass_kg": "net_mass_kg * 1.1",
        "quantity_unit": "CASE WHEN quantity > 0 THEN '796' END",
        "vat": "CAST(customs_value * 0.12 AS DECIMAL(20, 2))",
        "registered_at": "registered_at + to_days(CAST(3 * (v - 1) AS INTEGER))",
    }  # fmt: skip
    listed = ", ".join(f"{given.get(c, c if c in columns else 'NULL')} AS {c}" for c in DECLARATIONS.names)
    table = connection.sql(
        f"SELECT {listed} FROM item, (VALUES (1), (2)) t(v) WHERE v = 1 OR amended ORDER BY n, v, item_no"
    ).to_arrow_table()
    pq.write_table(table.cast(DECLARATIONS.arrow), folder / "declarations.parquet")
    found = connection.sql("""
SELECT 'F' || n AS finding_id, 'declaration' AS subject, declaration_id, CAST(NULL AS INTEGER) AS item_no,
       'physical' AS control_form, 'control' AS source, false AS in_random,
       registered_at + to_hours(5) AS closed_at, registered_at + to_hours(30) AS known_at,
       CAST(NULL AS VARCHAR) AS supersedes, 'final' AS finality, n % 5 = 0 AS violation,
       CAST(NULL AS VARCHAR) AS violation_type, CAST(10 AS DECIMAL(20, 2)) AS assessed,
       CAST(10 AS DECIMAL(20, 2)) AS collected, 30.0 AS minutes, 'o' AS officer_id
FROM header WHERE controlled ORDER BY n""").to_arrow_table()
    pq.write_table(found.cast(FINDINGS.arrow), folder / "findings.parquet")


def measure(folder: Path, first: date, last: date, names: list[str] | None) -> dict[str, Figure]:
    """Build the facts part by part and say what it took."""
    begun, rows = time.perf_counter(), 0
    findings = folder / "findings.parquet"
    with facts_reader(
        folder / "declarations.parquet", findings if findings.exists() else None, zone=ZONE, holidays=(),
        first_day=first, last_day=last, names=names,
    ) as reader:  # fmt: skip
        for batch in reader:
            rows += batch.num_rows
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "items": rows,
        "seconds": round(time.perf_counter() - begun, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": round(used.ru_maxrss / 1024),
    }


def main() -> None:
    """Measure each size, each figure in a process of its own, and keep the figures."""
    results: list[dict[str, Figure]] = []
    for per_day in PER_DAY:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            alone(random_border, folder, per_day, MONTHS)
            first, last = span(folder)
            for what, begin, names in (
                ("last month, all names", last - timedelta(days=30), None),
                ("last month, three names", last - timedelta(days=30), SOME),
                ("whole year, all names", first, None),
            ):
                figures = alone(measure, folder, begin, last, names)
                results.append({"per_day": per_day, "what": what, **figures})
    keep(
        "features_year",
        command="make bench NAME=features_year",
        data="a random border of 12 months, 200 and 2,000 declarations a day of three items on average",
        figures=results,
    )


def span(folder: Path) -> tuple[date, date]:
    """Return the first and last day of the declarations."""
    ((first, last),) = (
        duckdb.connect()
        .execute(
            "SELECT CAST(min(registered_at) AS DATE), CAST(max(registered_at) AS DATE) "
            f"FROM '{folder}/declarations.parquet'"
        )
        .fetchall()
    )
    return first, last


def alone(function: Callable[..., T], *arguments: object) -> T:
    """Run in a fresh process, so that peak memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


if __name__ == "__main__":
    main()
