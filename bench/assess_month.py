"""How long the last month of a year takes to assess, from the command line, and how that grows.

For each size: a world of a year and a month with past controls, then ``daliz assess --month last`` as a
process of its own: features, rates from a year of findings, decisions, report; by profiles alone, and with
models that live through the year. Wall time and the peak memory of that process.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from bench.record import keep

PER_DAY: Final = (200, 2000)
MONTHS: Final = 13


def main() -> None:
    """Measure each size, each in processes of its own, and keep the figures."""
    figures = []
    for per_day in PER_DAY:
        with tempfile.TemporaryDirectory() as folder:
            world, out = Path(folder) / "world", Path(folder) / "out"
            shape = ("--seed", "1", "--months", str(MONTHS), "--per-day", str(per_day))
            past = ("--past-controls", "documents=16%,physical=4%")
            made, _ = run("world", "--pack", "kz", *shape, *past, "--out", str(world))
            files = (str(world / "declarations.parquet"), "--findings", str(world / "findings.parquet"))
            for models in (False, True):
                how = "--models" if models else "--no-models"
                took, peak = run("assess", *files, "--pack", "kz", "--month", "last", how, "--out", str(out))
                figures.append(
                    {
                        "per_day": per_day,
                        "models": models,
                        "items_of_history": pq.read_metadata(world / "declarations.parquet").num_rows,
                        "items_assessed": pq.read_metadata(out / "declarations.parquet").num_rows,
                        "declarations_assessed": pq.read_metadata(out / "decisions.parquet").num_rows,
                        "world_seconds": round(made, 1),
                        "assess_seconds": round(took, 1),
                        "peak_mib": round(peak),
                        "report_kib": (out / "report.html").stat().st_size // 1024,
                    }
                )
    keep(
        "assess_month",
        command="make bench NAME=assess_month",
        data=f"daliz world --seed 1 --months {MONTHS}, 200 and 2,000 a day; the last month assessed",
        figures=figures,
    )


def run(*arguments: str) -> tuple[float, float]:
    """Run a ``daliz`` command as a process; return its wall time in seconds and peak memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "daliz", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return time.perf_counter() - begun, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
