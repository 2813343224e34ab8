"""A PostgreSQL of one's own in a temporary folder, durable as in production; killed and started at will."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.on_postgresql import MISSING, programs

_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "recovery_init_sync_method": "syncfs",  # as safe, and does not open each file of the folder
}


class Cluster:
    """A server: a socket in its folder is the only way in."""

    def __init__(self, folder: Path, programs_in: Path) -> None:
        self._folder, self._programs = folder, programs_in
        self._owner = "postgres" if os.geteuid() == 0 else None
        if self._owner is not None:
            shutil.chown(folder, self._owner, self._owner)
        self._run("initdb", "-D", "data", "-U", "daliz", "-A", "trust", "-E", "UTF8", "--locale=C")
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    def address(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://daliz@{quote(str(self._folder), safe='')}/{name}"

    def create(self, name: str) -> str:
        """Make a database; return its address."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def start(self) -> None:
        """Start, and wait until it answers; it may have to recover first."""
        until = time.monotonic() + 120
        ready = [str(self._programs / "pg_isready"), "--quiet", "-h", str(self._folder)]
        self._server = self._launched()
        while subprocess.run(ready, check=False).returncode != 0:
            if time.monotonic() > until:
                raise RuntimeError((self._folder / "log").read_text()[-2000:])
            if self._server.poll() is not None:  # what is left of a killed one holds its memory yet
                (self._folder / "data" / "postmaster.pid").unlink(missing_ok=True)
                self._server = self._launched()
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill every process of the server at once, as when the machine goes dark."""
        if self._server is not None:
            for pid in (self._server.pid, *self.backends()):
                _kill(pid)
            self._server.wait()

    def backends(self) -> list[int]:
        """Return the processes that the server started."""
        if self._server is None:
            return []
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def kill_one(self, pid: int) -> None:
        """Kill one of its processes: it loses all connections and recovers by itself."""
        _kill(pid)

    def _launched(self) -> subprocess.Popen[bytes]:
        settings = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._programs / "postgres", "-D", "data", "-k", self._folder, *settings],
                cwd=self._folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                user=self._owner, group=self._owner,
            )  # fmt: skip

    def stop(self) -> None:
        """Stop in order."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(60)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments], cwd=self._folder, check=True, capture_output=True,
            stdin=subprocess.DEVNULL, user=self._owner, group=self._owner,
        )  # fmt: skip


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a server for as long as the block lasts."""
    found = programs()
    if found is None:
        raise SystemExit(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="daliz-bench-"))
    ours = Cluster(folder, found)
    try:
        yield ours
    finally:
        ours.stop()
        shutil.rmtree(folder, ignore_errors=True)
