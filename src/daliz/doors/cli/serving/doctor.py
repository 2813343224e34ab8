"""Look the live system over: what is well, what is not, and what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from daliz.customs.assessment.models import Publication
from daliz.customs.reference.queries import draw_key, pack
from daliz.engine.allocation import PRACTICE_KEY
from daliz.engine.features.alone import Moment
from daliz.ground.journal.models import Entry
from daliz.ground.nights.queries import failed
from daliz.ground.outbox.models import Message as Sent
from daliz.language import N_, DalizError, Message

_LEAST_FREE: Final = 0.1
_CLOCK: Final = timedelta(seconds=5)
_SEALED_WITHIN: Final = timedelta(minutes=10)
_CARRIED_WITHIN: Final = timedelta(hours=1)
_BACKED_UP_WITHIN: Final = timedelta(days=2)


class State(StrEnum):
    """How something is."""

    WELL = "well"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at.

    Attributes:
        what: its name, stable.
        state: how it is.
        says: what was found, and what to do where it is not well.
    """

    what: str
    state: State
    says: Message


def look_over(*, now: datetime) -> list[Seen]:
    """Return what every part of the system looks like; one that cannot be looked at is wrong."""
    seen: list[Seen] = []
    for what, look in _LOOKS.items():
        try:
            seen += [Seen(what, state, says) for state, says in look(now)]
        except DalizError as error:
            seen.append(Seen(what, State.WRONG, error.message))
        except (DatabaseError, OSError) as error:
            said = Message(N_("cannot be looked at: {why}"), {"why": str(error).strip().splitlines()[0]})
            seen.append(Seen(what, State.WRONG, said))
    return seen


_Found = Iterator[tuple[State, Message]]


def _settings(_: datetime) -> _Found:
    if settings.DEBUG:
        yield State.WRONG, Message(N_("DALIZ_DEBUG is on: errors are shown in full; set it to false"))
    if not settings.HTTPS:
        yield (
            State.WARNING,
            Message(N_("DALIZ_HTTPS is off: set it to true where others reach the site over HTTPS")),
        )
    yield State.WELL, Message(N_("the home is {home}"), {"home": settings.HOME})


def _database(_: datetime) -> _Found:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield State.WELL, Message(N_("{kind} answers"), {"kind": connection.display_name})


def _migrations(_: datetime) -> _Found:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        said = N_("{n} migrations wait: stop the server, back up, and start it again, which applies them")
        yield State.WRONG, Message(said, {"n": waiting})
    else:
        yield State.WELL, Message(N_("the tables are those of this release"))


def _policy(now: datetime) -> _Found:
    rules = pack()
    yield State.WELL, Message(N_("the pack is {pack}"), {"pack": rules.code})
    day = Moment(now, rules.zone, rules.holidays).day
    found = Publication.objects.order_by("-id").only("day", "pack_fingerprint").first()
    if found is None:
        yield State.WRONG, Message(N_("no policy is in force: run daliz night --day {day}"), {"day": day})
    elif found.pack_fingerprint != rules.fingerprint:
        said = N_(
            "the policy in force was made with another content of the pack: run daliz night --day {day}"
        )
        yield State.WRONG, Message(said, {"day": day})
    elif found.day < day:
        said = N_("the policy in force is of {found}, today is {day}: look at the nights' jobs")
        yield State.WARNING, Message(said, {"found": found.day, "day": day})
    else:
        yield State.WELL, Message(N_("the policy in force is of {found}"), {"found": found.day})


def _keys(_: datetime) -> _Found:
    if draw_key().key_id == PRACTICE_KEY.key_id:
        said = N_(
            "the draw uses the practice key, which anybody knows: make one and name it in DALIZ_DRAW_KEY"
        )
        yield State.WARNING, Message(said)
    else:
        yield State.WELL, Message(N_("the key of the draw is {key}"), {"key": draw_key().key_id})
    path = settings.HOME / "secret-key"
    if path.is_file() and path.stat().st_mode & 0o077:
        yield State.WRONG, Message(N_("others can read {path}: chmod 600"), {"path": path})


def _disk(_: datetime) -> _Found:
    whole, _used, free = shutil.disk_usage(settings.HOME)
    told = {"free": round(free / 2**30, 1), "home": settings.HOME}
    if free < _LEAST_FREE * whole:
        yield State.WARNING, Message(N_("only {free} GiB are free at {home}: make room"), told)
    else:
        yield State.WELL, Message(N_("{free} GiB are free at {home}"), told)


def _clock(_: datetime) -> _Found:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [theirs] = cursor.fetchone()
    apart = abs(datetime.now(UTC) - theirs)
    told = {"seconds": round(apart.total_seconds(), 1)}
    if apart > _CLOCK:
        said = N_("the clocks of server and database are {seconds} s apart: have both set by NTP")
        yield State.WRONG, Message(said, told)
    else:
        yield State.WELL, Message(N_("the clocks of server and database are {seconds} s apart"), told)


def _outbox(now: datetime) -> _Found:
    dead = Sent.objects.filter(state=Sent.DEAD).count()
    if dead:
        yield State.WARNING, Message(N_("{n} messages could not be carried and were given up"), {"n": dead})
    late = Sent.objects.filter(state=Sent.WAITING, created_at__lt=now - _CARRIED_WITHIN).count()
    if late:
        yield State.WARNING, Message(N_("{n} messages have waited for more than an hour"), {"n": late})
    if not dead and not late:
        yield State.WELL, Message(N_("every message is carried"))


def _journal(now: datetime) -> _Found:
    late = Entry.objects.filter(seal=None, at__lt=now - _SEALED_WITHIN).count()
    if late:
        said = N_("{n} entries of the journal are not sealed: is daliz tend running?")
        yield State.WRONG, Message(said, {"n": late})
    else:
        yield State.WELL, Message(N_("the journal is sealed; daliz journal verify checks it whole"))


def _nights(_: datetime) -> _Found:
    runs = list(failed())
    for run in runs:
        told = {"job": run.job, "day": run.day, "why": run.message, "n": run.attempts}
        said = N_("the night's job {job} of {day} failed {n} times: {why}")
        yield State.WRONG, Message(said, told)
    if not runs:
        yield State.WELL, Message(N_("no night's job has failed"))


def _backups(now: datetime) -> _Found:
    folder = Path(settings.HOME) / "backups"
    times = [path.stat().st_mtime for path in folder.glob("*.tar")] if folder.is_dir() else []
    if not times:
        said = N_("there is no backup in {folder}: run daliz backup")
        yield State.WARNING, Message(said, {"folder": folder})
        return
    last = datetime.fromtimestamp(max(times), UTC)
    state = State.WARNING if now - last > _BACKED_UP_WITHIN else State.WELL
    yield state, Message(N_("the last backup is of {at}"), {"at": f"{last:%Y-%m-%d %H:%M} UTC"})


_LOOKS: Final[dict[str, Callable[[datetime], _Found]]] = {
    "settings": _settings,
    "database": _database,
    "migrations": _migrations,
    "policy": _policy,
    "keys": _keys,
    "disk": _disk,
    "clock": _clock,
    "journal": _journal,
    "outbox": _outbox,
    "nights": _nights,
    "backups": _backups,
}
