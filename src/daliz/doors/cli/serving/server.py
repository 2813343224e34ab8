"""One process tree: granian's workers, and the process that tends."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

_GRACE: int = 10


def _gather_figures() -> None:
    """Have the processes keep their figures where each can read those of all; begin anew."""
    folder = Path(settings.HOME) / "figures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def run(*, host: str, port: int, workers: int, threads: int, tend: bool) -> None:
    """Serve until told to stop; then finish what was begun and end what tends."""
    _gather_figures()
    tending = subprocess.Popen([sys.executable, "-m", "daliz", "tend"]) if tend else None
    try:
        server = Granian(
            "daliz.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            backpressure=max(threads * 16, 64),
            respawn_failed_workers=True,
            workers_kill_timeout=_GRACE,
            websockets=False,
        )
        server.serve()
    finally:
        if tending is not None:
            tending.terminate()
            try:
                tending.wait(_GRACE)
            except subprocess.TimeoutExpired:
                tending.kill()
