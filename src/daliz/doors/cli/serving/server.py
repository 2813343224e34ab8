"""One process tree: granian's workers, and the process that tends; what dies of it is started again."""

import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

_LOG: Final = logging.getLogger(__name__)
_GRACE: Final = 10
_PAUSE: Final = 1.0


def run(*, host: str, port: int, workers: int, threads: int, tend: bool) -> None:
    """Serve until told to stop; then finish what was begun and end what tends."""
    _gather_figures()
    tending = _Tending() if tend else None
    try:
        while not _served(host=host, port=port, workers=workers, threads=threads):
            _LOG.error("the workers died one after the other; they are started anew")
            time.sleep(_PAUSE)
    finally:
        if tending is not None:
            tending.stop()


def _served(*, host: str, port: int, workers: int, threads: int) -> bool:
    """Serve; return whether it ended because somebody said so, not because workers kept dying."""
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
    try:
        server.serve()
    except SystemExit:
        return bool(server.interrupt_signal)
    return True


class _Tending:
    """``daliz tend`` beside the server, for as long as that lives."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._process = self._started()
        self._beside = threading.Thread(target=self._watch, daemon=True)
        self._beside.start()

    def stop(self) -> None:
        """End it; what it is at is finished, if that does not take long."""
        self._over.set()
        self._process.terminate()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _watch(self) -> None:
        while not self._over.wait(_PAUSE):
            if self._process.poll() is not None:
                _LOG.error("what tends died; it is started anew")
                self._process = self._started()

    @staticmethod
    def _started() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "daliz", "tend"])


def _gather_figures() -> None:
    """Have the processes keep their figures where each can read those of all; begin anew."""
    folder = Path(settings.HOME) / "figures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
