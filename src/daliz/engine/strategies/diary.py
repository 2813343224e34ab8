"""The days as a strategy lives them: facts of each day as of the night before, rows kept apart by call."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daliz.engine.features import VOCABULARY
from daliz.engine.features.daybook import Daybook
from daliz.engine.pack import Pack

_ORIGIN: Final = date(1970, 1, 1)


class Diary:
    """Turns the declarations of a call into facts, a day at a time.

    Args:
        pack: for zone, holidays, lists and its own names.
        names: facts wanted.
    """

    def __init__(self, pack: Pack, names: Collection[str]) -> None:
        self._zone = ZoneInfo(pack.zone)
        self._book = Daybook(
            zone=pack.zone,
            holidays=pack.holidays,
            names=sorted(set(names)),
            extra=[f for f in pack.vocabulary.values() if f.name not in VOCABULARY],
            official=pack.feature_tables,
        )

    def close(self) -> None:
        """Let go of the history."""
        self._book.close()

    def days(
        self, declarations: pa.Table, transport_means: pa.Table | None
    ) -> Iterator[tuple[int, pa.Table, Mapping[str, str]]]:
        """Yield the number of each day, its facts, and the vehicle of each version.

        A day's rows are added before its facts are asked, so that the facts of an hour know the hours before.

        Args:
            declarations: canonical rows, of one day or several.
            transport_means: canonical, of these declarations, or None.
        """
        numbers = self._numbers(declarations)
        vehicles = _vehicles(transport_means)
        for day in np.unique(numbers).tolist():
            rows = declarations.filter(pa.array(numbers == day))
            means = None
            if transport_means is not None:
                mine = pc.is_in(transport_means["declaration_id"], value_set=rows["declaration_id"].unique())
                means = transport_means.filter(mine)
            self._book.add_declarations(rows, transport_means=means)
            facts = self._book.facts(_ORIGIN + timedelta(days=day))
            mine = pc.is_in(facts["declaration_id"], value_set=rows["declaration_id"].unique())
            yield day, _latest(facts.filter(mine)), vehicles

    def learn(self, findings: pa.Table) -> None:
        """Take findings, for facts that rest on them."""
        self._book.add_findings(findings)

    def day_of(self, now: datetime) -> int:
        """Return the number of the local day of an instant."""
        return (now.astimezone(self._zone).date() - _ORIGIN).days

    def _numbers(self, declarations: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        instants = cast("list[datetime]", declarations["registered_at"].to_pylist())
        return np.array([self.day_of(instant) for instant in instants], dtype=np.int64)


def _vehicles(transport_means: pa.Table | None) -> Mapping[str, str]:
    """Return the first vehicle stated of each version of a declaration, by the names of ``versions_of``."""
    if transport_means is None or "transport_id" not in transport_means.column_names:
        return {}
    stated: dict[str, str] = {}
    columns = (transport_means[name].to_pylist() for name in ("declaration_id", "version", "transport_id"))
    for number, version, mark in zip(*columns, strict=True):
        if number is not None and mark is not None:
            stated.setdefault(f"{number}\n{version}", str(mark))
    return stated


def _latest(facts: pa.Table) -> pa.Table:
    """Keep the last version of each declaration of the day; items of one stay next to each other."""
    if not facts.num_rows:
        return facts
    last: dict[str, int] = {}
    numbers, versions = facts["declaration_id"].to_pylist(), facts["version"].to_pylist()
    for number, version in zip(numbers, versions, strict=True):
        last[str(number)] = max(last.get(str(number), 0), int(version or 0))
    kept = [last[str(n)] == v for n, v in zip(numbers, versions, strict=True)]
    return facts.filter(pa.array(kept))
