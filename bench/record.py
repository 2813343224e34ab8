"""Keeps what a benchmark measured: command, data, versions, machine and figures, one file a benchmark."""

import json
import os
import platform
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

RESULTS: Final = Path(__file__).resolve().parent / "results"
_NAMED: Final = ("daliz", "duckdb", "numpy", "pyarrow", "sqlglot")

Figure = int | float | str | bool | None


@dataclass(slots=True)
class Measured:
    """What one step took; filled in when the step is over.

    Attributes:
        seconds: wall time.
        peak_mib: the most memory that this process had held by the end of the step, MiB.
    """

    seconds: float = 0.0
    peak_mib: float = 0.0


def peak_mib() -> float:
    """Return the most memory that this process has held, MiB.

    Linux tells it of the process alone; the other count begins with what the process that started it held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def measured() -> Iterator[Measured]:
    """Measure the block: wall time, and the process's peak memory so far."""
    result = Measured()
    begun = time.perf_counter()
    yield result
    result.seconds = round(time.perf_counter() - begun, 3)
    result.peak_mib = round(peak_mib(), 1)


def keep(name: str, *, command: str, data: str, figures: Sequence[Mapping[str, Figure]]) -> Path:
    """Write ``bench/results/NAME.json`` and print the figures.

    Args:
        name: of the benchmark.
        command: what a person types to measure it again.
        data: what it ran on, in words: rows, months, where from.
        figures: one record a case, names with units (``seconds``, ``peak_mib``, ``rows``).
    """
    result = {
        "name": name,
        "command": command,
        "data": data,
        "figures": figures,
        "machine": {
            "cores": os.cpu_count(),
            "memory_gb": _memory_gb(),
            "processor": platform.machine(),
            "load_average": round(os.getloadavg()[2], 1),  # of 15 minutes: above the cores, others worked too
        },
        "versions": {"python": platform.python_version(), **{part: version(part) for part in _NAMED}},
    }
    path = RESULTS / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for record in figures:
        sys.stdout.write("  " + ", ".join(f"{key} {value}" for key, value in record.items()) + "\n")
    return path


def _memory_gb() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1)
