"""The load of a day: officers' time given by this process and by others, lane by lane."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from django.db import connection, transaction

from daliz.customs.assessment.models import LaneLoad
from daliz.engine.allocation import Claim
from daliz.engine.allocation.live import Taken
from daliz.engine.live.decision import Decision

Lanes: TypeAlias = Mapping[tuple[str, str], int]
"""Index of each lane by its pool and form."""


@dataclass(slots=True)
class Loads:
    """What was given on a day.

    Attributes:
        day: local.
        lanes: that are counted.
        others: what other processes gave, as last read.
        own: what this process gave.
        untold: own has what the others were not told yet.
    """

    day: date
    lanes: Lanes
    others: Taken
    own: Taken
    untold: bool = False

    @classmethod
    def nothing(cls, day: date, lanes: Lanes) -> "Loads":
        """Return a day on which nothing was given."""
        return cls(day, lanes, Taken.nothing(len(lanes)), Taken.nothing(len(lanes)))

    def together(self) -> Taken:
        """Return what all gave."""
        return Taken(
            self.others.used + self.own.used,
            self.others.non_fiscal + self.own.non_fiscal,
            self.others.seen + self.own.seen,
        )

    def count(self, decided: Decision) -> None:
        """Count a decision of this process; what it takes of a lane that is there no more counts nowhere."""
        for take in decided.takes:
            lane = self.lanes.get((take.pool, take.form))
            if lane is not None:
                self.own.used[lane, take.claim] += take.cost
                self.own.non_fiscal[lane] += take.cost * take.non_fiscal
        if decided.version == 1:
            self.own.seen[[self.lanes[lane] for lane in decided.reached if lane in self.lanes]] += 1
        self.untold = True

    def moved(self, lanes: Lanes) -> "Loads":
        """Return the same load of other lanes: those that both have keep what was given of them."""
        moved = Loads.nothing(self.day, lanes)
        kept = [lane for lane in lanes if lane in self.lanes]
        old, new = [self.lanes[lane] for lane in kept], [lanes[lane] for lane in kept]
        for ours, theirs in ((self.others, moved.others), (self.own, moved.own)):
            theirs.used[new] = ours.used[old]
            theirs.non_fiscal[new] = ours.non_fiscal[old]
            theirs.seen[new] = ours.seen[old]
        moved.untold = self.untold
        return moved

    def rows(self, worker: str) -> list[LaneLoad]:
        """Return what this process gave, as rows."""
        return [
            LaneLoad(
                day=self.day,
                worker=worker,
                pool=pool,
                form=form,
                mandatory=float(self.own.used[at, Claim.MANDATORY]),
                random=float(self.own.used[at, Claim.RANDOM]),
                waivable=float(self.own.used[at, Claim.WAIVABLE]),
                non_fiscal=float(self.own.non_fiscal[at]),
                seen=float(self.own.seen[at]),
            )
            for (pool, form), at in self.lanes.items()
            if self.own.seen[at] or self.own.used[at].any()
        ]


def given_by_others(day: date, lanes: Lanes, *, worker: str) -> Taken:
    """Read what all processes but ``worker`` gave on a day."""
    others = Taken.nothing(len(lanes))
    for row in LaneLoad.objects.filter(day=day).exclude(worker=worker):
        at = lanes.get((row.pool, row.form))
        if at is not None:
            others.used[at] += np.array([row.mandatory, row.random, row.waivable])
            others.non_fiscal[at] += row.non_fiscal
            others.seen[at] += row.seen
    return others


def tell(rows: Iterable[LaneLoad]) -> None:
    """Write the load. Somebody's answer waits for it, and a second of it may be lost when the lights go out.

    So PostgreSQL commits it without waiting for the disk; decisions themselves do wait.
    """
    alone = not connection.in_atomic_block  # what belongs to another transaction is as durable as that one
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off")
        LaneLoad.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["day", "worker", "pool", "form"],
            update_fields=["mandatory", "random", "waivable", "non_fiscal", "seen"],
        )
