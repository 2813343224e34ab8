"""How long the facts of one more day take: a daybook beside ``build_facts``, at several sizes of history.

A world of 18 months at 400 a day, with 16 % of its documents and 4 % of its goods controlled. After 3, 9 and
17 months a daybook has learned everything before; then for eight days, a Monday among them, each day's
declarations and the findings that became known are added and the day's facts asked. ``build_facts`` tells
some of the same days from the whole history, and they must be equal. Names: all that rest on no finding, and
those that the pack's profiles use. Each size has a process of its own; processor seconds are of all threads,
and tell more than wall time on a busy machine.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.record import Figure, keep, measured
from daliz.engine.features import VOCABULARY
from daliz.engine.features.clock import day_number
from daliz.engine.features.compute import build_facts
from daliz.engine.features.daybook import Daybook
from daliz.engine.features.groups import history
from daliz.engine.pack import Pack, load_pack
from daliz.engine.scoring.firing import names_of
from daliz.engine.world import write_world

SEED: Final = 901
MONTHS: Final = 18
PER_DAY: Final = 400
FIRST: Final = date(2025, 1, 1)
AFTER_DAYS: Final = (90, 270, 516)
DAYS: Final = 8
COMPARED: Final = (0, 6)
"""Days of these that ``build_facts`` tells too."""

_HOURS_EAST: Final = 5
"""Kazakhstan's offset throughout the world's months."""


def main() -> None:
    """Measure each size in a process of its own and keep the figures."""
    with tempfile.TemporaryDirectory() as folder:
        write_world(
            Path(folder), pack=load_pack("kz"), seed=SEED, months=MONTHS, per_day=PER_DAY, first_month=FIRST,
            past_controls={"documents": 0.16, "physical": 0.04}, controlled_until=date(2026, 7, 1),
        )  # fmt: skip
        figures = []
        for days in AFTER_DAYS:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                figures.append(pool.apply(measure, (Path(folder), days)))
    keep(
        "daybook",
        command="make bench NAME=daybook",
        data=f"a world of seed {SEED}, {MONTHS} months, {PER_DAY} a day, 20 % of declarations controlled",
        figures=figures,
    )


def measure(folder: Path, days_before: int) -> Mapping[str, Figure]:
    """Let a daybook tell some days after so many days of history, and compare some of its days."""
    pack = load_pack("kz")
    names = wanted(pack)
    world = World(folder)
    begin = FIRST + timedelta(days=days_before)
    with Daybook(zone=pack.zone, holidays=pack.holidays, names=names) as book:
        with measured() as learned:
            world.tell(book, FIRST, begin)
        told, slowest, work = {}, 0.0, time.process_time()
        with measured() as spent:
            for number in range(DAYS):
                day = begin + timedelta(days=number)
                begun = time.perf_counter()
                world.tell(book, day, day + timedelta(days=1))
                told[day] = book.facts(day)
                slowest = max(slowest, time.perf_counter() - begun)
        work = time.process_time() - work
    again, work_again = 0.0, time.process_time()
    for number in COMPARED:
        day = begin + timedelta(days=number)
        declarations, findings, means = world.between(FIRST, day + timedelta(days=1))
        with measured() as whole:
            expected = build_facts(
                declarations, findings, zone=pack.zone, holidays=pack.holidays, first_day=day, last_day=day,
                names=names, transport_means=means,
            )  # fmt: skip
        again += whole.seconds
        if not expected.equals(told[day]):
            sys.exit(f"{day}: the daybook differs")
    return {
        "items_of_history": world.items(begin),
        "names": len(names),
        "daybook_seconds_a_day": round(spent.seconds / DAYS, 3),
        "daybook_slowest_day_seconds": round(slowest, 3),
        "daybook_processor_seconds_a_day": round(work / DAYS, 3),
        "build_facts_seconds_a_day": round(again / len(COMPARED), 3),
        "build_facts_processor_seconds_a_day": round((time.process_time() - work_again) / len(COMPARED), 3),
        "history_learned_at_once_seconds": learned.seconds,
        "daybook_peak_mib": spent.peak_mib,
    }


class World:
    """The files of a world, in parts by day."""

    def __init__(self, folder: Path) -> None:
        self._declared = pq.read_table(folder / "declarations.parquet")
        self._found = pq.read_table(folder / "findings.parquet")
        self._means = pq.read_table(folder / "transport_means.parquet")
        self._days = _days(self._declared, "registered_at")
        self._known = _days(self._found, "known_at")

    def between(self, first: date, before: date) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Return declarations, findings and transport means from ``first``, without ``before``."""
        declared = self._declared.filter(_within(self._days, first, before))
        means = self._means.filter(
            pc.is_in(self._means["declaration_id"], declared["declaration_id"].combine_chunks())
        )
        return declared, self._found.filter(_within(self._known, first, before)), means

    def tell(self, book: Daybook, first: date, before: date) -> None:
        """Add to a daybook what became known on the days from ``first``, without ``before``."""
        declarations, findings, means = self.between(first, before)
        book.add_declarations(declarations, transport_means=means)
        book.add_findings(findings)

    def items(self, before: date) -> int:
        """Return how many items were declared earlier."""
        return int((self._days < day_number(before)).sum())


def wanted(pack: Pack) -> list[str]:
    """Return the names that rest on no finding, and those that the pack's profiles use."""
    found = {
        name
        for ledger in history.LEDGERS
        for name in ledger.facts
        if any(measure.source.startswith("outcome") for measure in ledger.needed([name]).values())
    }
    return sorted((set(VOCABULARY) - found) | (names_of(pack.profiles) & set(VOCABULARY)))


def _days(table: pa.Table, column: str) -> np.ndarray:
    microseconds = table[column].cast(pa.int64()).to_numpy()
    return (microseconds + _HOURS_EAST * 3_600_000_000) // 86_400_000_000


def _within(days: np.ndarray, first: date, before: date) -> pa.BooleanArray:
    return pa.array((days >= day_number(first)) & (days < day_number(before)))


if __name__ == "__main__":
    main()
