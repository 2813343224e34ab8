"""The past as it was met: findings in the order in which they became known, declarations day by day."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from daliz.engine.estimators.intervals import LARGEST_WEIGHT
from daliz.engine.estimators.learner.columns import FACTS
from daliz.engine.estimators.learner.outlook import FORMS, Outlook
from daliz.engine.features import VOCABULARY
from daliz.engine.features.clock import day_number
from daliz.engine.features.compute import facts_reader
from daliz.engine.pack import Pack
from daliz.engine.records.columns import answer
from daliz.engine.records.duck import connect
from daliz.engine.records.files import Source, parquet_files, register
from daliz.engine.records.schema import FINDINGS, TRANSPORT_MEANS

_MEMORY_GB: Final = 0.7
"""What DuckDB may hold of a year of facts beside all that is remembered of it; the rest waits on the disk."""


@dataclass(slots=True, eq=False)
class Known:
    """Findings in the order in which they became known.

    Attributes:
        table, days: all of them, and the day on which each became known.
        at: how many were told.
        closed: when the last control of each declaration ended, as known before the first day foretold.
        hits: declarations then known to be in violation.
        drawn: declarations of which a control was drawn at random.
        met: declarations of which a version was registered already.
    """

    table: pa.Table
    days: NDArray[np.int64]
    at: int
    closed: Mapping[str, datetime]
    hits: frozenset[str]
    drawn: frozenset[str]
    met: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, findings: Source, pack: Pack, first_day: date) -> "Known":
        """Read findings; what is told of controls beforehand is what was known before ``first_day``."""
        folders = [] if isinstance(findings, pa.Table) else [file.parent for file in parquet_files(findings)]
        with connect(folders=folders) as connection:
            register(connection, "findings", findings, FINDINGS)
            table = answer(connection, "SELECT * FROM findings ORDER BY known_at, finding_id")
        instants = table["known_at"].cast(pa.timestamp("us", pack.zone))
        local = pc.local_timestamp(instants)  # type: ignore[arg-type]  # stubs want no zone where it is needed
        days = local.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
        past = table.slice(0, int(np.searchsorted(days, day_number(first_day), side="left")))
        closed: dict[str, datetime] = {}
        hits, drawn = set(), set()
        names = ("declaration_id", "closed_at", "source", "violation", "in_random")
        columns = (past[name].to_pylist() for name in names)
        for number, at, source, found, by_draw in zip(*columns, strict=True):
            if number is None or source not in ("control", "audit"):
                continue
            closed[str(number)] = max(cast("datetime", at), closed.get(str(number), cast("datetime", at)))
            if found:
                hits.add(str(number))
            if by_draw:
                drawn.add(str(number))
        return cls(table=table, days=days, at=0, closed=closed, hits=frozenset(hits), drawn=frozenset(drawn))

    def versions(self, facts: pa.Table) -> dict[str, int]:
        """Return, of each declaration of a day that was controlled, the version to learn from.

        The last registered before its control was closed, else the first, as in ``controlled_versions``: what
        a control led the declarant to correct is no sign that could have led to the control.
        """
        chosen: dict[str, int] = {}
        columns = (facts[name].to_pylist() for name in ("declaration_id", "version", "registered_at"))
        for number, version, at in zip(*columns, strict=True):
            if number in self.closed and (number not in self.met or at <= self.closed[number]):
                self.met.add(number)
                chosen[number] = version
        return chosen

    def before(self, day: int) -> pa.Table:
        """Return what became known before ``day`` and was not returned yet."""
        end = int(np.searchsorted(self.days, day, side="left"))
        part = self.table.slice(self.at, max(0, end - self.at))
        self.at = max(self.at, end)
        return part


@dataclass(slots=True, eq=False)
class Everyone:
    """All that was declared in the past, so that what was drawn at random can stand for it.

    Attributes:
        drawn: declarations of which a control was drawn at random.
        direction: of each of these that was controlled.
        unchosen: declarations that were not controlled for a reason, by direction.
    """

    drawn: frozenset[str]
    direction: dict[str, str] = field(default_factory=dict)
    unchosen: Counter[str] = field(default_factory=Counter)

    def count(self, facts: pa.Table, controlled: Collection[str]) -> None:
        """Take a day's facts and which of its declarations were controlled."""
        numbers = cast("list[str]", facts["declaration_id"].to_pylist())
        directions = cast("list[str]", facts["declaration.direction"].to_pylist())
        for number, direction in dict(zip(numbers, directions, strict=True)).items():
            if number not in controlled or number in self.drawn:
                self.unchosen[direction] += 1
            if number in controlled and number in self.drawn:
                self.direction[number] = direction

    def weights(self) -> dict[str, float]:
        """Return for how many declarations each one drawn stands: those of its direction not chosen.

        Weighing by the groups as they are instead of by the shares that were planned needs no record of
        what was planned, and varies less [holt1979].
        """
        of_direction = Counter(self.direction.values())
        return {
            number: min(self.unchosen[direction] / of_direction[direction], LARGEST_WEIGHT)
            for number, direction in self.direction.items()
        }


def facts_of_days(
    declarations: Source,
    findings: Source,
    *,
    transport_means: Source | None,
    pack: Pack,
    first_day: date,
    last_day: date,
) -> AbstractContextManager[pa.RecordBatchReader]:
    """Open the facts that models ask of the declarations of these days, in the order of registration."""
    return facts_reader(
        declarations, findings, zone=pack.zone, holidays=pack.holidays, first_day=first_day,
        last_day=last_day, names=FACTS, transport_means=transport_means, official=pack.feature_tables,
        extra=[f for name, f in pack.vocabulary.items() if name not in VOCABULARY], memory_gb=_MEMORY_GB,
    )  # fmt: skip


def by_day(reader: pa.RecordBatchReader) -> Iterator[tuple[int, pa.Table]]:
    """Yield the number and the facts of each day; rows arrive in the order of registration."""
    held: list[pa.Table] = []
    for batch in reader:
        table = pa.Table.from_batches([batch])
        days = table["day"].cast(pa.int32()).to_numpy(zero_copy_only=False)
        ends = [*(np.flatnonzero(np.diff(days)) + 1).tolist(), len(days)]
        start = 0
        for end in ends:
            piece = table.slice(start, end - start)
            if held and piece.num_rows and held[-1]["day"][0] != piece["day"][0]:
                whole = pa.concat_tables(held)
                yield _day(whole), whole
                held = []
            held.append(piece)
            start = end
    if held:
        whole = pa.concat_tables(held)
        yield _day(whole), whole


def _day(facts: pa.Table) -> int:
    return day_number(cast("date", facts["day"][0].as_py()))


def vehicles_of(transport_means: Source | None) -> Mapping[str, str]:
    """Return the first vehicle stated of each version of a declaration, by the names of ``versions_of``."""
    if transport_means is None:
        return {}
    files = [] if isinstance(transport_means, pa.Table) else parquet_files(transport_means)

    with connect(folders=[file.parent for file in files]) as connection:
        register(connection, "transport_means", transport_means, TRANSPORT_MEANS)
        table = answer(
            connection,
            "SELECT declaration_id || chr(10) || version AS key, min(transport_id) AS transport_id "
            "FROM transport_means WHERE transport_id IS NOT NULL GROUP BY ALL ORDER BY ALL",
        )
    return dict(
        zip(
            cast("list[str]", table["key"].to_pylist()),
            cast("list[str]", table["transport_id"].to_pylist()),
            strict=True,
        )
    )


def foretold_of(outlook: Outlook | None, versions: Mapping[str, int]) -> dict[str, dict[str, float]] | None:
    """Return what was foretold of the versions that were controlled."""
    if outlook is None:
        return None
    place = {key: at for at, key in enumerate(outlook.number)}
    return {
        number: dict(zip(FORMS, outlook.foretold[place[f"{number}\n{version}"]].tolist(), strict=True))
        for number, version in versions.items()
    }
