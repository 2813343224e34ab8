"""A hundred profiles over 1, 10 and 50 million items: time and memory, beside Polars and plain DuckDB SQL.

    python -m bench.backtest_scale [--millions 1 10 50] [--longest SECONDS] [--folder DIR]

The store is a small world's facts over and over, each time half a year later and with prices shaken by a
seed, sorted as ``daliz backtest --keep-facts`` writes it. Every engine counts, for each profile, declarations
fired, controlled and found and the money assessed; the answers must be equal. Each runs in a process of its
own; seconds of the processor are of all its threads and tell more on a busy machine. An engine that is not
done after ``--longest`` seconds is stopped, and the figures say so. Figures of other sizes stay
as they were kept.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bench.live_decision import invented
from bench.polars_rules import to_polars
from bench.record import RESULTS, Figure, keep, peak_mib
from daliz.engine.backtest import FactsStore, Labels, tally, write_store
from daliz.engine.features import VOCABULARY
from daliz.engine.features.compute import build_facts
from daliz.engine.indicators import Expression, to_sql
from daliz.engine.pack import load_pack
from daliz.engine.records.columns import answer
from daliz.engine.records.duck import connect
from daliz.engine.records.files import write_table
from daliz.engine.records.schema import FINDINGS
from daliz.engine.world import write_world

PROFILES: Final = 100
MILLIONS: Final = (1, 10, 50)
_IDENTITY: Final = ("declaration_id", "version", "item_no", "registered_at", "day", "snapshot_id")
_SHAKEN: Final = ("item.unit_value", "item.customs_value")

Counts = dict[str, list[int]]
"""By profile: declarations fired, controlled, found, and hundredths of money assessed."""


def main() -> None:
    """Make the stores, compare the answers, measure."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--millions", type=int, nargs="+", default=MILLIONS)
    asked.add_argument("--longest", type=int, default=900)
    asked.add_argument("--folder", type=Path)
    asked.add_argument("--engine", choices=ENGINES)
    options = asked.parse_args()
    if options.engine:
        sys.stdout.write(json.dumps(_run(ENGINES[options.engine], options.folder)))
        return
    figures: list[dict[str, Figure]] = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for millions in options.millions:
            place = Path(folder, f"{millions}")
            items = make_store(place, millions * 1_000_000)
            figures += _measured(place, items, options.longest)
            (place / "facts.parquet").unlink()
    keep(
        "backtest_scale",
        command="make bench NAME=backtest_scale; a size alone: python -m bench.backtest_scale --millions 10",
        data=f"{PROFILES} invented profiles; facts of daliz world --seed 1 (6 months of 200 a day) over and "
        "over, prices shaken, sorted Parquet; controls of one declaration in six; two threads; load_1min is "
        "the load of the machine at the time; peers: " + _polars(),
        figures=sorted([*_kept(options.millions), *figures], key=lambda figure: int(str(figure["items"]))),
    )


def _kept(millions: Sequence[int]) -> list[dict[str, Figure]]:
    """Return the figures of other sizes than these, measured before."""
    path = RESULTS / "backtest_scale.json"
    figures: list[dict[str, Figure]] = json.loads(path.read_bytes())["figures"] if path.exists() else []
    return [figure for figure in figures if int(str(figure["items"])) // 1_000_000 not in millions]


def _polars() -> str:
    return f"polars {version('polars')}" if find_spec("polars") is not None else "polars is not installed"


def _measured(place: Path, items: int, longest: int) -> list[dict[str, Figure]]:
    figures: list[dict[str, Figure]] = []
    answers: dict[str, str] = {}
    for engine in ENGINES:
        if engine == "polars" and find_spec("polars") is None:
            sys.stdout.write("  polars is not installed: left out\n")
            continue
        command = [sys.executable, "-m", "bench.backtest_scale", "--engine", engine, "--folder", str(place)]
        figure: dict[str, Figure] = {
            "engine": engine,
            "items": items,
            "load_1min": round(os.getloadavg()[0], 1),
        }
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=longest)
        except subprocess.TimeoutExpired:
            figures.append(figure | {"failed": f"not done after {longest} seconds"})
            continue
        if done.returncode:
            figure["failed"] = done.stderr.strip().splitlines()[-1][:200] if done.stderr.strip() else "killed"
        else:
            result = json.loads(done.stdout)
            answers[engine] = result.pop("answer")
            figure |= result
        sys.stdout.write(f"  {figure}\n")
        figures.append(figure)
    if len(set(answers.values())) != 1:
        raise SystemExit(f"the answers differ: {answers}")
    return [figure | {"answers_equal": True} if "failed" not in figure else figure for figure in figures]


def _run(engine: Callable[[Path], Counts], place: Path) -> dict[str, Figure]:
    """Run one engine; return what it took and a digest of its answer."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.perf_counter()
    counts = engine(place)
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    text = json.dumps(sorted(counts.items()))
    if os.environ.get("SHOW"):
        Path(os.environ["SHOW"], f"{engine.__name__}.json").write_text(text, encoding="utf-8")
    return {
        "seconds": round(seconds, 2),
        "processor_seconds": round(used, 2),
        "peak_mib": round(peak_mib()),
        "fired": sum(of[0] for of in counts.values()),
        "answer": hashlib.sha256(text.encode()).hexdigest(),
    }


def profiles() -> dict[str, Expression]:
    """Return the hundred."""
    return invented(PROFILES, load_pack("kz"))


def with_daliz(place: Path) -> Counts:
    """Count with the code of ``daliz backtest``."""
    pack = load_pack("kz")
    lists = {code: named.members for code, named in pack.lists.items()}
    labels = Labels.of(pack, place / "findings.parquet")
    rules = {key: expression.root for key, expression in profiles().items()}
    counted = tally(FactsStore.open(place / "facts.parquet"), rules, labels, lists=lists)
    names = ("fired", "controlled", "found", "assessed")
    return {key: [counted.of(key)[name] for name in names] for key in counted.keys}


def with_plain_sql(place: Path) -> Counts:
    """Count with one query as a person would write it: a flag a profile, grouped by declaration."""
    rules = profiles()
    connection = duckdb.connect()
    spill = place / "spill"
    connection.execute(f"SET threads = 2; SET memory_limit = '3GB'; SET temp_directory = '{spill}'")
    flags = ", ".join(f'bool_or({to_sql(one)}) AS "{key}"' for key, one in rules.items())
    counts = ", ".join(
        f'count(*) FILTER ("{key}"), count(violation) FILTER ("{key}"), '
        f'count(*) FILTER ("{key}" AND violation), coalesce(sum(assessed) FILTER ("{key}" AND violation), 0)'
        for key in rules
    )
    row = connection.execute(
        f"WITH d AS (SELECT declaration_id, {flags} FROM '{place}/facts.parquet' GROUP BY declaration_id), "
        "r AS (SELECT declaration_id, bool_or(violation) AS violation, "
        "sum(assessed) FILTER (violation) AS assessed "
        f"FROM '{place}/findings.parquet' GROUP BY declaration_id) "
        f"SELECT {counts} FROM d LEFT JOIN r USING (declaration_id)"
    ).fetchone()
    assert row is not None
    four = [row[at : at + 4] for at in range(0, len(row), 4)]
    return {key: [*of[:3], int(of[3] * 100)] for key, of in zip(rules, four, strict=True)}


def with_polars(place: Path) -> Counts:
    """Count with Polars, lazily and streaming."""
    import polars as pl  # noqa: PLC0415 -- only this engine needs it

    rules = profiles()
    flags = [to_polars(one.root).fill_null(value=False).any().alias(key) for key, one in rules.items()]
    result = (
        pl.scan_parquet(place / "findings.parquet")
        .group_by("declaration_id")
        .agg(
            pl.col("violation").any(),
            (pl.col("assessed").filter(pl.col("violation")).sum() * 100).cast(pl.Int64).alias("assessed"),
        )
    )
    joined = (
        pl.scan_parquet(place / "facts.parquet")
        .group_by("declaration_id")
        .agg(flags)
        .join(result, on="declaration_id", how="left")
    )
    sums = []
    for key in rules:
        fired, hit = pl.col(key), pl.col(key) & pl.col("violation")
        sums += [
            fired.sum().alias(f"{key}.0"),
            (fired & pl.col("violation").is_not_null()).sum().alias(f"{key}.1"),
            hit.sum().alias(f"{key}.2"),
            pl.col("assessed").filter(hit).sum().alias(f"{key}.3"),
        ]
    row = joined.select(sums).collect(engine="streaming").row(0, named=True)
    return {key: [int(row[f"{key}.{at}"]) for at in range(4)] for key in rules}


ENGINES: Final[Mapping[str, Callable[[Path], Counts]]] = {
    "daliz": with_daliz,
    "plain_sql": with_plain_sql,
    "polars": with_polars,
}


def make_store(place: Path, items: int) -> int:
    """Write ``facts.parquet`` and ``findings.parquet``; return how many items there are."""
    pack = load_pack("kz")
    world = place / "world"
    write_world(
        world, pack=pack, seed=1, months=6, per_day=200, past_controls={"documents": 0.16, "physical": 0.04}
    )
    needed = frozenset[str]().union(*(one.names for one in profiles().values()))
    facts = build_facts(
        world / "declarations.parquet",
        world / "findings.parquet",
        zone=pack.zone,
        holidays=pack.holidays,
        first_day=date(2025, 1, 1),
        last_day=date(2025, 6, 30),
        names=needed,
        extra=[feature for name, feature in pack.vocabulary.items() if name not in VOCABULARY],
    )
    turns = -(-items // facts.num_rows)
    schema = facts.schema
    reader = pa.RecordBatchReader.from_batches(schema, _over_and_over(facts, turns))
    store = write_store(reader, place / "facts.parquet")
    findings = pq.read_table(world / "findings.parquet")
    once = _standing(findings)
    write_table(
        pa.concat_tables([_renamed(once, turn) for turn in range(turns)]),
        place / "findings.parquet",
        FINDINGS,
    )
    return store.rows


def _standing(findings: pa.Table) -> pa.Table:
    """Keep what counts, so that plain SQL need not know of annulled and superseded findings."""
    return _asked(
        findings,
        "SELECT * FROM given WHERE finding_id NOT IN "
        "(SELECT supersedes FROM given WHERE supersedes IS NOT NULL) "
        "AND finality <> 'annulled' AND source = 'control' ORDER BY finding_id",
    )


def _renamed(findings: pa.Table, turn: int) -> pa.Table:
    return _asked(
        findings,
        f"SELECT * REPLACE (declaration_id || '/{turn}' AS declaration_id, "
        f"finding_id || '/{turn}' AS finding_id, NULL::VARCHAR AS supersedes) FROM given",
    )


def _over_and_over(facts: pa.Table, turns: int) -> Iterator[pa.RecordBatch]:
    """Yield the facts ``turns`` times, half a year apart, prices shaken by up to a third."""
    present = [name for name in _SHAKEN if name in facts.column_names]
    for turn in range(turns):
        luck = f"(0.67 + 0.66 * (hash(declaration_id, item_no, {turn}) % 100000) / 100000.0)"
        shaken = ", ".join(f'"{name}" * {luck} AS "{name}"' for name in present)
        later = f"INTERVAL {turn * 181} DAY"
        table = _asked(
            facts,
            f"SELECT * REPLACE (declaration_id || '/{turn}' AS declaration_id, "
            f"registered_at + {later} AS registered_at, (day + {later})::DATE AS day, {shaken}) FROM given",
        )
        yield from table.combine_chunks().to_batches()


def _asked(table: pa.Table, query: str) -> pa.Table:
    with connect() as connection:
        connection.register("given", table)
        return answer(connection, query).cast(table.schema)


if __name__ == "__main__":
    main()
