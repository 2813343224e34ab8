"""What this process holds to decide with: the policy in force and the day's load, exchanged as a whole.

Publications are looked for once a second at most. A new one is compiled beside the old one, which goes on
deciding meanwhile, on a server in a thread of its own; then one assignment exchanges them, and what the day
gave so far goes over to the lanes of the new one. The load that other processes gave is read as
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

from django.db import DatabaseError, connection

from daliz.customs.assessment.loads import Lanes, Loads, given_by_others, tell
from daliz.customs.assessment.models import Publication
from daliz.customs.assessment.remembered import Remembered
from daliz.customs.reference.queries import draw_key, pack
from daliz.engine.allocation.live import Taken
from daliz.engine.live import Foreteller, Policy, policy_from
from daliz.engine.live.decision import Decision
from daliz.language import N_, DalizError

_LOG: Final = logging.getLogger(__name__)
_EVERY: Final = 1.0
"""Seconds between two looks at the database."""
_DAYS: Final = 2
"""Days whose load is kept: what is decided before midnight may be committed after it."""


def _named() -> str:
    return f"{os.getpid()}-{uuid.uuid4().hex[:12]}"


class NothingPublishedError(DalizError):
    """No policy is in force, so nothing can be decided."""

    code: ClassVar[str] = "assessment-nothing-published"


@dataclass(frozen=True, slots=True)
class Held:
    """A publication ready to decide."""

    publication: Publication
    policy: Policy
    history: Remembered
    lanes: Lanes


@dataclass(slots=True)
class Desk:
    """One of a process.

    Attributes:
        worker: name of the process.
        aside: compile what takes the place of another publication in a thread of its own.
        after_exchange: called when another publication came in force.
    """

    worker: str = field(default_factory=_named)
    aside: bool = False
    after_exchange: Callable[[], None] | None = None
    _held: Held | None = None
    _loads: dict[date, Loads] = field(default_factory=dict)
    _looked: float = 0.0
    _told: float = 0.0
    _refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _telling: threading.Lock = field(default_factory=threading.Lock)

    def held(self) -> Held:
        """Return what is in force.

        Raises:
            NothingPublishedError: nothing was ever published.
        """
        held = self._held
        if held is not None and time.monotonic() - self._looked < _EVERY:
            return held
        if self._looking.acquire(blocking=held is None):
            self._look()
        if self._held is None:
            raise NothingPublishedError(N_("no policy is published yet; run the night's work first"))
        return self._held

    def taken(self, held: Held, day: date) -> Taken:
        """Return what the day's decisions took of the lanes of ``held``, as far as this process knows."""
        with self._lock:
            loads = self._of(day, held)
            # One that was exchanged meanwhile still decides what it began.
            return (loads if loads.lanes is held.lanes else loads.moved(held.lanes)).together()

    def took(self, held: Held, decided: Decision) -> None:
        """Count a decision of ``held`` that is committed."""
        with self._lock:
            self._of(decided.day, held).count(decided)
        if time.monotonic() - self._told >= _EVERY:
            self.exchange()

    def exchange(self) -> None:
        """Write one's own load and read that of others, unless another thread is at it."""
        if not self._telling.acquire(blocking=False):
            return
        own: list[Loads] = []
        try:
            self._told = time.monotonic()
            with self._lock:
                own = list(self._loads.values())
                rows = [row for loads in own if loads.untold for row in loads.rows(self.worker)]
                for loads in own:
                    loads.untold = False
            if rows:
                tell(rows)
            for loads in own:
                others = given_by_others(loads.day, loads.lanes, worker=self.worker)
                with self._lock:
                    loads.others = others
        except DatabaseError:
            for loads in own:
                loads.untold = True
            _LOG.warning("the load of the day could not be exchanged; it is tried again", exc_info=True)
        finally:
            self._telling.release()

    def forget(self) -> None:
        """Begin anew, as a process that has just started."""
        with self._looking, self._lock:
            self._held, self._loads, self._looked, self._refused = None, {}, 0.0, 0
            self.worker = _named()

    def _look(self) -> None:
        """Have the newest publication in force; let go of ``_looking``, which is held, once it is."""
        here = True
        try:
            self._looked = time.monotonic()
            newest = Publication.objects.order_by("-id").values_list("pk", flat=True).first()
            if newest is None:
                self._held = None
            elif self._held is None or (self._held.publication.pk != newest and not self.aside):
                self._put_in_force(newest)
            elif newest not in (self._held.publication.pk, self._refused):
                threading.Thread(target=self._renew, args=(newest,), daemon=True).start()
                here = False
        finally:
            if here:
                self._looking.release()

    def _renew(self, newest: int) -> None:
        """Put a publication in force while the one before goes on deciding."""
        try:
            self._put_in_force(newest)
        except DatabaseError:
            _LOG.warning("the publication could not be read; it is tried again", exc_info=True)
        except Exception:
            self._refused = newest
            _LOG.exception("publication %d cannot be put in force; the one before goes on", newest)
        finally:
            connection.close()
            self._looking.release()

    def _put_in_force(self, newest: int) -> None:
        publication = Publication.objects.select_related("snapshot").get(pk=newest)
        policy = _policy(publication)
        lanes = {(lane.pool, lane.form): at for at, lane in enumerate(policy.prices.lanes)}
        with self._lock:
            self._held = Held(publication, policy, Remembered(publication.snapshot_id), lanes)
            self._loads = {day: loads.moved(lanes) for day, loads in self._loads.items()}
        if self.after_exchange is not None:
            self.after_exchange()

    def _of(self, day: date, held: Held) -> Loads:
        """Return the load of a day, by the lanes of what is in force now."""
        loads = self._loads.pop(day, None)
        if loads is None:
            lanes = (self._held or held).lanes
            loads = Loads.nothing(day, lanes)
            loads.others = given_by_others(day, lanes, worker=self.worker)
        self._loads[day] = loads
        if len(self._loads) > _DAYS:
            del self._loads[next(iter(self._loads))]
        return loads


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
