"""Reads CSV files of 100,000, 300,000 and 1,000,000 rows: how long, how much memory, and how both grow.

Beside it, in the same run, plain DuckDB reads the same file with ``read_csv`` and writes it as Parquet: it is
told delimiter, decimal sign and types, checks nothing of what the values mean, and so is the floor.

The files are made from a seed, with Russian text, decimal commas and one broken row in ten thousand.
Run ``.venv/bin/python -m bench.read_million``; figures go to ``bench/results/read_million.json``.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import record

SIZES = (100_000, 300_000, 1_000_000)
_HEADER = (
    "declaration_id;version;item_no;registered_at;direction;procedure;office;declarant_id;trader_id;trader_name;"
    "counterparty_id;transport_mode;departure_country;origin_country;hs_code;description;net_mass_kg;gross_mass_kg;"
    "customs_value;currency;duty_rate;duty;vat\n"
)
_COUNTRIES = ("CN", "RU", "DE", "TR", "UZ", "KR", "US", "IT", "XK", "KG")
_GOODS = ("обувь кожаная", "ноутбук", "части к автомобилям, новые", "ткань хлопковая", "чай чёрный")


def write_csv(path: Path, rows: int) -> None:
    """Write ``rows`` goods items in declarations of one to nine items."""
    chance = random.Random(2024)
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        written = declaration = 0
        while written < rows:
            declaration += 1
            day = f"2025-{1 + declaration % 12:02}-{1 + declaration % 28:02} {declaration % 24:02}:30:00"
            trader = declaration % 20_000
            head = (
                f"D{declaration:08};1;{{}};{day};import;IM40;{50000 + declaration % 40};"
                f"B{declaration % 300:05};T{trader:06};ТОО «Сауда {trader}»;"
                f"C{declaration % 9000:06};31;{_COUNTRIES[declaration % 8]}"
            )
            for item in range(1, min(1 + declaration % 9, rows - written) + 1):
                mass = chance.randint(1, 5_000_000) / 100
                value = chance.randint(100, 900_000_000)
                origin = "JJ" if written % 10_000 == 9_999 else _COUNTRIES[chance.randrange(10)]
                net, gross, money = (f"{x:.2f}".replace(".", ",") for x in (mass, mass * 1.1, value / 100))
                file.write(
                    f"{head.format(item)};{origin};{chance.randint(10**9, 97 * 10**8):010};"
                    f"{_GOODS[written % 5]};{net};{gross};{money};KZT;0,05;"
                    f"{value // 2000},50;{value // 800},25\n"
                )
                written += 1


def main() -> None:
    """Make the files, read each in a process of its own, keep the figures."""
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in SIZES:
            source, out = Path(folder, f"{rows}.csv"), Path(folder, f"out-{rows}")
            write_csv(source, rows)
            begun = time.perf_counter()
            command = [sys.executable, "-m", "daliz", "read", str(source), "--out", str(out), "--json"]
            done = subprocess.run(
                [sys.executable, "-c", _WATCHED, *command], check=True, stdout=subprocess.PIPE, text=True
            )
            seconds = round(time.perf_counter() - begun, 1)
            told, peak = done.stdout.rsplit("\n", 1)
            result = json.loads(told)
            plain, plain_peak = plain_duckdb(source, Path(folder, "plain.parquet"))
            figures.append(
                {
                    "rows": rows,
                    "source_mib": round(source.stat().st_size / 1024**2, 1),
                    "seconds": seconds,
                    "peak_mib": round(int(peak) / 1024, 1),
                    "items_taken": result["tables"]["declarations"],
                    "declarations_kept_out": result["quarantined_declarations"],
                    "plain_duckdb_seconds": plain,
                    "plain_duckdb_peak_mib": plain_peak,
                    "times_the_floor": round(seconds / plain, 1),
                }
            )
            source.unlink()
    record.keep(
        "read_million",
        command="python bench/read_million.py",
        data="CSV made from a seed: 23 columns, declarations of 1 to 9 items, one broken row in 10,000",
        figures=figures,
    )


def plain_duckdb(source: Path, target: Path) -> tuple[float, float]:
    """Return the seconds and MiB that DuckDB takes alone, in a process of its own."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, sys.executable, "-c", _PLAIN, str(source), str(target)],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seconds = round(time.perf_counter() - begun, 1)
    return seconds, round(int(done.stdout.rsplit("\n", 1)[1]) / 1024, 1)


_PLAIN = (
    "import duckdb, sys\n"
    "connection = duckdb.connect()\n"
    "connection.execute('SET threads = 2')\n"
    "connection.execute(f\"COPY (SELECT * FROM read_csv('{sys.argv[1]}', delim = ';', "
    "decimal_separator = ',')) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)\")\n"
)

_WATCHED = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True, check=True)\n"
    "sys.stdout.write(done.stdout.strip() + '\\n')\n"
    "sys.stdout.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\n"
)


if __name__ == "__main__":
    main()
