"""Strategies that tests watch: they remember what they were told, and do as they are bidden."""

from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from daliz.engine.pack import Pack
from daliz.engine.records.columns import column_of
from daliz.engine.strategies import Capacity, answer


@dataclass
class Watched:
    """Controls the first declarations of each day on paper and opens the next; remembers what it was told."""

    asks: dict[str, int]
    observed: list[tuple[datetime, list[str]]] = field(default_factory=list)
    asked: list[tuple[datetime, list[str], Capacity]] = field(default_factory=list)
    learned: list[tuple[datetime, dict[str, object]]] = field(default_factory=list)

    def observe(
        self, declarations: pa.Table, *, now: datetime, transport_means: pa.Table | None = None
    ) -> None:
        self.observed.append((now, column_of(declarations, "declaration_id", str)))

    def learn(self, findings: pa.Table, *, now: datetime) -> None:
        self.learned += [(now, row) for row in findings.to_pylist()]

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        ids: list[str] = column_of(declarations, "declaration_id", str)
        self.asked.append((now, ids, capacity))
        forms = [form for form, n in self.asks.items() for _ in range(n)]
        return answer(ids, [*forms, *[None] * (len(ids) - len(forms))], in_random=[False] * len(ids))


_NOW: list[Watched] = []


def watching(asks: dict[str, int]) -> Watched:
    """Have the next ``Modest`` be one that asks for so many controls of each form."""
    _NOW[:] = [Watched(asks)]
    return _NOW[0]


class Modest:
    """A strategy from elsewhere: the one that is watched."""

    def __new__(cls, *, pack: Pack, seed: int) -> "Watched":  # type: ignore[misc]  # hands over the watched one
        return _NOW[0]


class Raising(Watched):
    def __init__(self, *, pack: Pack, seed: int) -> None:
        super().__init__({})

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        raise RuntimeError("out of ideas")
