"""Plan the jobs of the days, do the next one, try again what failed; one leader at a time."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from daliz.ground.nights.models import Lease, Run

_LOG: Final = logging.getLogger(__name__)
_LEASE: Final = timedelta(minutes=2)
_RENEWED: Final = 30.0
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=1)

MOST_ATTEMPTS: Final = 8
"""Times that a job is tried by itself; a person can have it done again after that."""

MOST_MISSED: Final = 14
"""Days that are made up after a long absence; older ones are left."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something done for each day.

    Attributes:
        name: stable.
        run: does it and says in a few words what came of it; done twice, it must do no harm.
    """

    name: str
    run: Callable[[date], str]


def plan(jobs: Sequence[Job], *, today: date, now: datetime) -> int:
    """Make a row for each job of each day that has come since the last one planned; return how many.

    Where nothing was ever planned the nights begin with ``today``.
    """
    last = Run.objects.order_by("-day").values_list("day", flat=True).first()
    first = today if last is None else max(last, today - timedelta(days=MOST_MISSED))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    known = set(Run.objects.filter(day__gte=first).values_list("job", "day"))
    missing = [
        Run(job=job.name, day=day, due_at=now) for day in days for job in jobs if (job.name, day) not in known
    ]
    Run.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def do_next(jobs: Sequence[Job], *, now: datetime) -> Run | None:
    """Do the first job that is not done, in the order of days and of ``jobs``; None if nothing is due.

    A job that failed keeps those behind it waiting, as a night rests on the one before, until it is done or
    was tried ``MOST_ATTEMPTS`` times. One that was under way when its process ended is done again.
    """
    order = {job.name: place for place, job in enumerate(jobs)}
    given_up = Q(state=Run.FAILED, attempts__gte=MOST_ATTEMPTS)
    waiting = [run for run in Run.objects.exclude(state=Run.DONE).exclude(given_up) if run.job in order]
    if not waiting:
        return None
    run = min(waiting, key=lambda one: (one.day, order[one.job]))
    if run.due_at > now:
        return None
    run.state, run.started_at, run.ended_at, run.attempts = Run.RUNNING, now, None, run.attempts + 1
    run.save()
    try:
        run.message = jobs[order[run.job]].run(run.day)
    except Exception as error:
        _LOG.exception("the night's job %s of %s failed", run.job, run.day)
        run.state, run.message = Run.FAILED, f"{type(error).__name__}: {error}"[:2000]
        run.due_at = datetime.now(UTC) + min(_FIRST_WAIT * 2 ** (run.attempts - 1), _LONGEST_WAIT)
    else:
        run.state = Run.DONE
    run.ended_at = datetime.now(UTC)
    run.save()
    return run


@transaction.atomic
def again(*, run: Run, now: datetime) -> Run:
    """Have a job done again, at once."""
    held = Run.objects.select_for_update().get(pk=run.pk)
    held.state, held.due_at, held.attempts = Run.WAITING, now, 0
    held.save()
    return held


@contextmanager
def leading(name: str, *, holder: str) -> Iterator[bool]:
    """Lead for as long as the block lasts, if nobody else does; yields whether it is so.

    The lease is renewed beside the block; where its process dies it ends within two minutes.
    """
    if not _lease(name, holder):
        yield False
        return
    over = threading.Event()

    def renew() -> None:
        while not over.wait(_RENEWED):
            _lease(name, holder)
        connection.close()

    beside = threading.Thread(target=renew, daemon=True)
    beside.start()
    try:
        yield True
    finally:
        over.set()
        beside.join()
        Lease.objects.filter(name=name, holder=holder).delete()


def _lease(name: str, holder: str) -> bool:
    now = datetime.now(UTC)
    free = Q(holder=holder) | Q(until__lt=now)
    if Lease.objects.filter(free, name=name).update(holder=holder, until=now + _LEASE):
        return True
    _, made = Lease.objects.get_or_create(name=name, defaults={"holder": holder, "until": now + _LEASE})
    return made
