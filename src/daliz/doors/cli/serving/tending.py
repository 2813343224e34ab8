"""What runs beside the web server: it seals, carries, distributes; what fails is tried in the next round."""

import logging
import signal
import threading
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.db import close_old_connections, connection

from daliz.customs import tending
from daliz.doors.cli.serving import jobs
from daliz.doors.cli.serving.carriers import carriers
from daliz.ground.files.actions import sweep
from daliz.ground.journal.actions import seal
from daliz.ground.outbox.actions import carry

_LOG: Final = logging.getLogger(__name__)
_WHOLE_EVERY: Final = 600
"""Rounds after which the whole journal is looked through for what is not chained."""
_BEHIND: Final = 20_000
"""Entries that the other rounds look back; few are written so long after their number was drawn."""
_NIGHTS_EVERY: Final = 30.0
"""Seconds between two looks at whether a night's job is due."""


def tend_for(*, every: float, rounds: int | None) -> None:
    """Go round until told to stop.

    Args:
        every: seconds between two rounds.
        rounds: stop after so many; None: never.
    """
    stopped = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stopped.set())
    done = 0
    nights = threading.Thread(target=_nights, args=(stopped,), daemon=True)
    if rounds is None and settings.NIGHTS:
        nights.start()
    while not stopped.is_set() and done != rounds:
        once(whole=done % _WHOLE_EVERY == 0)
        done += 1
        if done != rounds:
            stopped.wait(every)
    connection.close()


def _nights(stopped: threading.Event) -> None:
    """Do the nights' jobs beside the rounds, which must not wait for them."""
    while not stopped.is_set():
        try:
            jobs.once(stopped=stopped.is_set)
        except Exception:
            _LOG.exception("the nights' jobs could not be looked after")
        connection.close()
        stopped.wait(_NIGHTS_EVERY)


def once(*, whole: bool) -> None:
    """Go round once; look through the ``whole`` journal, or its end alone."""
    close_old_connections()
    now = datetime.now(UTC)
    for what in (
        lambda: seal(behind=None if whole else _BEHIND),
        lambda: carry(carriers=carriers(), now=now),
        lambda: tending.tend(now=now),
        lambda: sweep(now=now),
    ):
        try:
            what()
        except Exception:
            _LOG.exception("a round of tending failed")
