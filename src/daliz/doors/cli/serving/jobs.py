"""The jobs of the night, in their order; each may be done again without harm."""

import os
import shutil
import socket
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

from daliz.customs.assessment.actions import forget_loads
from daliz.customs.reference.queries import pack
from daliz.doors.cli.serving.exporting import Exported, export
from daliz.doors.cli.serving.nightly import prepare_and_publish
from daliz.doors.cli.serving.retaining import let_go
from daliz.doors.cli.serving.trained import retrain
from daliz.engine.features.alone import Moment
from daliz.ground.journal.actions import seal
from daliz.ground.nights.actions import Job, do_next, leading, plan
from daliz.ground.nights.models import Run
from daliz.ground.nights.words import EXPORTED, NO_FOLDER, PREPARED, SEALED
from daliz.ground.outbox.sealing import seal_anew

_LOADS_KEPT: Final = timedelta(days=400)
_TABLES: Final = ("declarations", "findings", "documents", "containers", "transport_means")


def past_folder() -> Path:
    """Return where history from before the database began is kept."""
    return Path(settings.HOME) / "history" / "past"


def months_folder() -> Path:
    """Return where months are exported to unless a folder is named."""
    return settings.MONTHS or Path(settings.HOME) / "months"


def bring_out(folder: Path, *, until: date | None, progress: Callable[[str, float], None]) -> Exported:
    """Export what is not out yet, up to the end of yesterday at most, with what was known before."""
    rules = pack()
    today = Moment(datetime.now(UTC), rules.zone, rules.holidays).day
    past = past_folder()
    return export(
        folder,
        until=min(until or today, today),
        pack=rules,
        past=past if past.is_dir() else None,
        progress=progress,
    )


def keep_past(folder: Path) -> None:
    """Keep the files of history in the home, so that every later night finds them by itself."""
    kept = past_folder()
    if folder.resolve() == kept.resolve():
        return
    kept.mkdir(parents=True, exist_ok=True)
    for name in _TABLES:
        file = folder / f"{name}.parquet"
        if file.is_file():
            part = kept / f"{name}.part"
            shutil.copyfile(file, part)
            part.replace(kept / file.name)


def _prepare(day: date) -> str:
    """Features, usual prices, what controls taught, prices of officers' time; all of it in force."""
    kept = past_folder()
    policy, answers = prepare_and_publish(
        day, history=kept if kept.is_dir() else None, capacity=None, progress=lambda *_: None
    )
    return PREPARED.format(policy=policy, n=answers)


def _seal(_: date) -> str:
    """Chain the journal, and seal with the newest key what older ones sealed."""
    return SEALED.format(n=seal(limit=1_000_000), m=seal_anew())


def _export(day: date) -> str:
    """Months for the batch, where a folder is named for them, up to the end of the day before."""
    if settings.MONTHS is None:
        return NO_FOLDER
    done = bring_out(settings.MONTHS, until=day, progress=lambda *_: None)
    return EXPORTED.format(n=done.versions, m=done.findings, late=done.late)


def _retain(day: date) -> str:
    """Let go of what the pack no longer keeps, of the load of old days, and of sessions that are over."""
    gone = let_go(now=datetime.now(UTC), dry_run=False, progress=lambda *_: None)
    loads = forget_loads(before=day - _LOADS_KEPT)
    call_command("clearsessions")
    told = [f"{one.kind} {one.count}" + (f" ({one.files} files)" if one.files else "") for one in gone]
    return ", ".join([*told, f"loads {loads}"])


def _train(day: date) -> str:
    """Models grown anew from what is known, if they are due; they score from the next day on."""
    kept = past_folder()
    return retrain(day, history=kept if kept.is_dir() else None)


JOBS: Final = (
    Job("prepare", _prepare), Job("seal", _seal), Job("export", _export), Job("retention", _retain),
    Job("train", _train),
)  # fmt: skip
"""In the order in which a night does them; what can fail without harm to the day comes last."""


def done(day: date, message: str) -> None:
    """Note that a day was prepared by hand, so that it is not prepared again by itself."""
    now = datetime.now(UTC)
    Run.objects.update_or_create(
        job="prepare",
        day=day,
        defaults={"state": Run.DONE, "due_at": now, "started_at": now, "ended_at": now, "message": message},
    )


def once(*, stopped: Callable[[], bool] = lambda: False) -> int:
    """Plan the nights that have come and do what is due, one job after the other; return how many were done.

    Only the process that leads does; the others return at once.
    """
    close_old_connections()
    done = 0
    with leading("nights", holder=f"{socket.gethostname()}/{os.getpid()}") as leads:
        if not leads:
            return 0
        now = datetime.now(UTC)
        rules = pack()
        plan(JOBS, today=Moment(now, rules.zone, rules.holidays).day, now=now)
        while not stopped() and do_next(JOBS, now=datetime.now(UTC)) is not None:
            done += 1
    return done
