"""One process tree: granian's workers, and the process that tends."""

import subprocess
import sys

from granian import Granian
from granian.constants import Interfaces

_GRACE: int = 10


def run(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop; then finish what was begun and end what tends."""
    tending = subprocess.Popen([sys.executable, "-m", "daliz", "tend"])
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
        tending.terminate()
        try:
            tending.wait(_GRACE)
        except subprocess.TimeoutExpired:
            tending.kill()
