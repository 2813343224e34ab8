"""A hundred profiles over a million items on Spark on this machine, in our Spark SQL, beside DuckDB.

    python -m bench.backtest_spark [--millions 1] [--folder DIR]

One query of the same shape in both dialects counts, for each profile, declarations fired, controlled and
found and the money assessed; the counts must be equal. Without pyspark (the extra ``daliz[spark]``) or Java
nothing is measured, and it says so. The start of Spark is told apart.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from bench.backtest_scale import PROFILES, Counts, make_store, profiles, with_plain_sql
from bench.record import Figure, keep
from daliz.engine.indicators import firing_sql


def main() -> None:
    """Measure, or say what is missing."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--millions", type=int, default=1)
    asked.add_argument("--folder", type=Path, help="a store that bench.backtest_scale made; else one is made")
    options = asked.parse_args()
    missing = "pyspark" if find_spec("pyspark") is None else "Java" if shutil.which("java") is None else None
    if missing:
        sys.stdout.write(f"  {missing} is not here: Spark is left out\n")
        return
    with tempfile.TemporaryDirectory() as made:
        place = options.folder or Path(made)
        if options.folder is None:
            make_store(place, options.millions * 1_000_000)
        figures, counts = _spark(place)
        begun = time.perf_counter()
        ours = with_plain_sql(place)
        figures.append({"engine": "duckdb", "seconds": round(time.perf_counter() - begun, 2)})
    differ = [key for key in ours if ours[key] != counts[key]]
    if differ:
        raise SystemExit(f"the counts differ for {len(differ)} profiles, the first {differ[0]}")
    keep(
        "backtest_spark",
        command="make bench NAME=backtest_spark",
        data=f"{PROFILES} invented profiles over {options.millions} million items of bench.backtest_scale; "
        f"local[2]; counts of all profiles equal; pyspark {version('pyspark')}; "
        f"load of the machine {os.getloadavg()[0]:.1f}",
        figures=figures,
    )


def _spark(place: Path) -> tuple[list[dict[str, Figure]], Counts]:
    """Count on Spark."""
    from bench.spark_session import session  # noqa: PLC0415 -- an extra

    rules = profiles()
    begun = time.perf_counter()
    spark = session()
    started = time.perf_counter() - begun
    try:
        spark.read.parquet(str(place / "facts.parquet")).createOrReplaceTempView("facts")
        spark.read.parquet(str(place / "findings.parquet")).createOrReplaceTempView("findings")
        flags = ", ".join(f"bool_or(`{key}`) AS `{key}`" for key in rules)
        counts = ", ".join(
            f"count_if(`{key}`), count_if(`{key}` AND violation IS NOT NULL), "
            f"count_if(`{key}` AND violation), "
            f"coalesce(sum(CASE WHEN `{key}` AND violation THEN assessed END), 0)"
            for key in rules
        )
        begun = time.perf_counter()
        row = spark.sql(
            f"WITH marked AS ({firing_sql(rules, 'facts', 'spark')}), "
            f"d AS (SELECT declaration_id, {flags} FROM marked GROUP BY declaration_id), "
            "r AS (SELECT declaration_id, bool_or(violation) AS violation, "
            "sum(CASE WHEN violation THEN assessed END) AS assessed FROM findings GROUP BY declaration_id) "
            f"SELECT {counts} FROM d LEFT JOIN r USING (declaration_id)"
        ).collect()[0]
        seconds = time.perf_counter() - begun
    finally:
        spark.stop()
    four = [tuple(row)[at : at + 4] for at in range(0, len(row), 4)]
    figures: list[dict[str, Figure]] = [
        {"engine": "spark", "seconds": round(seconds, 2), "start_seconds": round(started, 2)}
    ]
    return figures, {key: [*of[:3], int(of[3] * 100)] for key, of in zip(rules, four, strict=True)}


if __name__ == "__main__":
    main()
