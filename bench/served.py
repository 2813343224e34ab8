"""A system of its own to be measured: a border's past, a night, a declarant, and ``daliz serve``."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from daliz.engine.pack import load_pack
from daliz.engine.records.declaration import HEADER, Declaration
from daliz.engine.records.schema import DECLARATIONS
from daliz.engine.world import write_world

TRADER: Final = "600400123456"
ITEMS: Final = 10
_ITEM: Final = tuple(c.name for c in DECLARATIONS.columns if not c.header)


def write_past(folder: Path, *, months: int = 3, per_day: int = 60) -> Path:
    """Write a border's past that ends before today."""
    today = datetime.now(UTC).date()
    first = date(today.year, today.month, 1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    write_world(
        folder, pack=load_pack("kz"), seed=11, months=months, per_day=per_day, first_month=first,
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return folder


def bodies(folder: Path, count: int, *, controlled: int, seed: int = 5) -> list[dict[str, Any]]:
    """Return declarations of ten items: a header of the world with items of other declarations of it.

    One in ``controlled`` has weapons among them, which are always opened: at night, when no officer's time is
    given yet, nothing else would be.
    """
    rows = pq.read_table(folder / "declarations.parquet").slice(0, 20_000).to_pylist()
    imports = [row for row in rows if row["direction"] == "import"]
    chance = random.Random(seed)
    made = []
    for number in range(count):
        of = imports if number % controlled == 0 else rows
        header = {k: v for k, v in chance.choice(of).items() if k in HEADER and v is not None}
        items = []
        for n in range(1, ITEMS + 1):
            item = {k: v for k, v in chance.choice(rows).items() if k in _ITEM and v is not None}
            items.append(item | {"item_no": n})
        if number % controlled == 0:
            items[0]["hs_code"] = "9303300000"
        made.append(Declaration(header=header, items=tuple(items), below={}).content)
    return made


class System:
    """A home with a policy in force and a declarant's token."""

    def __init__(self, home: Path, past: Path, database: str | None, *, roles: tuple[str, ...]) -> None:
        self.home = home
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.environment |= {"DALIZ_HOME": str(home), "COLUMNS": "200", "DALIZ_NIGHTS": "false"}
        if database is not None:
            self.environment["DATABASE_URL"] = database
        self.day = datetime.now(UTC).date()
        self.daliz("night", "--day", self.day.isoformat(), "--history", str(past))
        given = [part for role in roles for part in ("--role", role)]
        self.daliz(
            "staff", "admit", "program", "--name", "Program", *given, "--organisation", TRADER,
            "--forms", "documents,physical,post_release",
        )  # fmt: skip
        self.token = self.daliz("staff", "token", "program", "--name", "bench").strip()

    def daliz(self, *arguments: str) -> str:
        """Run a command; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "daliz", *arguments], env=self.environment, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"daliz {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def start(self, *, workers: int, threads: int, port: int | None = None) -> "Server":
        """Start a server and wait until it can decide."""
        return Server(self, workers, threads, port or free_port())

    @contextmanager
    def serving(self, *, workers: int, threads: int) -> Iterator[int]:
        """Serve for as long as the block lasts; yield the port."""
        server = self.start(workers=workers, threads=threads)
        try:
            yield server.port
        finally:
            server.stop()


class Server:
    """``daliz serve`` and all that it started."""

    def __init__(
        self, system: System, workers: int, threads: int, port: int, *, migrate: bool = True
    ) -> None:
        self.port, self.workers, self.threads = port, workers, threads
        self.process = subprocess.Popen(
            [sys.executable, "-m", "daliz", "serve", "--port", str(port), "--workers", str(workers),
             "--threads", str(threads), "--migrate" if migrate else "--no-migrate"],
            env=system.environment, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=(system.home / "server.log").open("ab"),
        )  # fmt: skip
        try:
            wait_ready(port, self.process)
        except RuntimeError as error:
            os.killpg(self.process.pid, signal.SIGKILL)
            log = (system.home / "server.log").read_text(errors="replace")
            raise RuntimeError(f"{error}: {log[-3000:]}") from None

    def stop(self) -> None:
        """Stop in order."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def wait_ready(port: int, process: subprocess.Popen[bytes], *, seconds: float = 300) -> None:
    """Wait until a server answers that it is ready."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=10) as reply:
                if json.load(reply)["ready"]:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the server does not get ready") from None
        time.sleep(0.1)


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
