"""What this process holds to decide with: the policy in force and the day's load, exchanged as a whole.

Publications are looked for once a second at most. A new one is compiled beside the old one, which goes on
deciding meanwhile; then one assignment exchanges them. The load that other processes gave is read as
often, and one's own is written then: prices answer to it within seconds, and no row is fought over by every
declaration of the country. It is written after a decision is committed and never while the desk is held:
whoever waits for the desk may hold the database.
"""

import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final

import numpy as np
from django.db import DatabaseError, connection, transaction

from daliz.customs.assessment.models import LaneLoad, Publication
from daliz.customs.assessment.remembered import Remembered
from daliz.customs.reference.queries import draw_key, pack
from daliz.engine.allocation import Claim
from daliz.engine.allocation.live import Taken
from daliz.engine.live import Foreteller, Policy, policy_from
from daliz.engine.live.decision import Decision
from daliz.language import N_, DalizError

_LOG: Final = logging.getLogger(__name__)
_EVERY: Final = 1.0
"""Seconds between two looks at the database."""


class NothingPublishedError(DalizError):
    """No policy is in force, so nothing can be decided."""

    code: ClassVar[str] = "assessment-nothing-published"


@dataclass(frozen=True, slots=True)
class Held:
    """A publication ready to decide."""

    publication: Publication
    policy: Policy
    history: Remembered


@dataclass(slots=True)
class _Loads:
    """The day's load: what others gave, as last read, and what this process gave."""

    day: date
    lanes: dict[tuple[str, str], int]
    others: Taken
    own: Taken


@dataclass(slots=True)
class Desk:
    """One of a process.

    Attributes:
        worker: name of the process.
        after_exchange: called when another publication came in force.
    """

    worker: str = field(default_factory=lambda: f"{os.getpid()}-{uuid.uuid4().hex[:12]}")
    after_exchange: Callable[[], None] | None = None
    _held: Held | None = None
    _loads: _Loads | None = None
    _looked: float = 0.0
    _exchanged: float = 0.0
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _exchanging: threading.Lock = field(default_factory=threading.Lock)

    def held(self) -> Held:
        """Return what is in force.

        Raises:
            NothingPublishedError: nothing was ever published.
        """
        if self._held is not None and time.monotonic() - self._looked < _EVERY:
            return self._held
        with self._lock:
            self._look()
            if self._held is None:
                raise NothingPublishedError(N_("no policy is published yet; run the night's work first"))
            return self._held

    def taken(self, day: date) -> Taken:
        """Return what the day's decisions took, as far as this process knows."""
        with self._lock:
            loads = self._of(day)
            return Taken(
                loads.others.used + loads.own.used,
                loads.others.non_fiscal + loads.own.non_fiscal,
                loads.others.seen + loads.own.seen,
            )

    def took(self, decided: Decision) -> None:
        """Count a decision that is committed."""
        with self._lock:
            loads = self._of(decided.day)
            for take in decided.takes:
                lane = loads.lanes[take.pool, take.form]
                loads.own.used[lane, take.claim] += take.cost
                loads.own.non_fiscal[lane] += take.cost * take.non_fiscal
            if decided.version == 1:
                loads.own.seen[[loads.lanes[lane] for lane in decided.reached]] += 1
        if time.monotonic() - self._exchanged >= _EVERY:
            self.exchange()

    def exchange(self) -> None:
        """Write one's own load and read that of others, unless another thread is at it."""
        if not self._exchanging.acquire(blocking=False):
            return
        try:
            self._exchanged = time.monotonic()
            with self._lock:
                loads = self._loads
                rows = [] if loads is None else self._rows(loads)
            if loads is None:
                return
            _write(rows)
            others = self._read(loads)
            with self._lock:
                loads.others = others
        except DatabaseError:
            _LOG.warning("the load of the day could not be exchanged; it is tried again", exc_info=True)
        finally:
            self._exchanging.release()

    def forget(self) -> None:
        """Begin anew, as a process that has just started."""
        with self._lock:
            self._held, self._loads, self._looked = None, None, 0.0
            self.worker = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"

    def _look(self) -> None:
        self._looked = time.monotonic()
        newest = Publication.objects.order_by("-id").values_list("pk", flat=True).first()
        if newest is None:
            self._held = None
            return
        if self._held is None or self._held.publication.pk != newest:
            publication = Publication.objects.select_related("snapshot").get(pk=newest)
            history = Remembered(publication.snapshot_id)
            self._held, self._loads = Held(publication, _policy(publication), history), None
            if self.after_exchange is not None:
                self.after_exchange()

    def _of(self, day: date) -> _Loads:
        held = self.held()
        if self._loads is None or self._loads.day != day:
            lanes = {(lane.pool, lane.form): at for at, lane in enumerate(held.policy.prices.lanes)}
            self._loads = _Loads(day, lanes, Taken.nothing(len(lanes)), Taken.nothing(len(lanes)))
            self._loads.others = self._read(self._loads)
        return self._loads

    def _rows(self, loads: _Loads) -> list[LaneLoad]:
        """Return what this process gave, as rows."""
        return [
            LaneLoad(
                day=loads.day,
                worker=self.worker,
                pool=pool,
                form=form,
                mandatory=float(loads.own.used[at, Claim.MANDATORY]),
                random=float(loads.own.used[at, Claim.RANDOM]),
                waivable=float(loads.own.used[at, Claim.WAIVABLE]),
                non_fiscal=float(loads.own.non_fiscal[at]),
                seen=float(loads.own.seen[at]),
            )
            for (pool, form), at in loads.lanes.items()
            if loads.own.seen[at] or loads.own.used[at].any()
        ]

    def _read(self, loads: _Loads) -> Taken:
        """Return what the others gave."""
        others = Taken.nothing(len(loads.lanes))
        for row in LaneLoad.objects.filter(day=loads.day).exclude(worker=self.worker):
            at = loads.lanes.get((row.pool, row.form))
            if at is not None:
                others.used[at] += np.array([row.mandatory, row.random, row.waivable])
                others.non_fiscal[at] += row.non_fiscal
                others.seen[at] += row.seen
        return others


def _write(rows: list[LaneLoad]) -> None:
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


def _policy(publication: Publication) -> Policy:
    """Compile a publication.

    Raises:
        NothingPublishedError: it was made with another pack than this process reads.
    """
    rules = pack()
    if rules.fingerprint != publication.pack_fingerprint:
        raise NothingPublishedError(
            N_("the policy in force was made with another content of the pack {pack}; publish anew"),
            code="assessment-other-pack", pack=rules.code,
        )  # fmt: skip
    content = json.loads(publication.content)
    day = date.fromisoformat(content["manifest"]["profiles_of"] or content["day"])
    parts = list(publication.model_parts.order_by("place").values_list("content", flat=True))
    foreteller = Foreteller.of_content(b"".join(bytes(part) for part in parts)) if parts else None
    return policy_from(
        content, pack=rules, profiles=rules.profiles_on(day), key=draw_key(), foreteller=foreteller
    )


DESK: Final = Desk()
"""The desk of this process."""
