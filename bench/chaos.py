"""Kill workers, server and database at random while declarations come in, and look what was lost.

Clients submit under an Idempotency-Key and ask again until they have an answer, tell conditions of release,
and begin controls, two at a time. Whatever is killed when: what was acknowledged is there and decided once,
nothing is released twice, no control is begun twice, each notice is there once, and the journal verifies.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.cluster import Cluster, cluster
from bench.holding import broken
from bench.record import Figure, keep
from bench.served import Server, System, bodies, free_port, write_past
from bench.wire import Line, request_of

ROLES: Final = ("declarant", "officer", "adapter", "analyst")
CLIENTS: Final = 4
CONDITIONS: Final = ("payment", "permits", "presentation")


def main() -> None:
    """Kill on PostgreSQL and on SQLite, check, and keep the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200, help="on PostgreSQL")
    asked.add_argument("--embedded-kills", type=int, default=60, help="on SQLite: of all that hold it")
    asked.add_argument("--minutes", type=float, default=30, help="stop killing after so long, each time")
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    figures: list[Mapping[str, Figure]] = []
    with tempfile.TemporaryDirectory(prefix="daliz-chaos-") as folder:
        past = write_past(Path(folder) / "past", months=2, per_day=40)
        made = bodies(past, 300, controlled=4)
        if given.kills:
            with cluster() as server:
                home = Path(folder) / "pg"
                home.mkdir()
                address = server.create("chaos")
                system = System(home, past, address, roles=ROLES)
                figures.append(
                    _run(
                        system,
                        made,
                        given.kills,
                        server,
                        address=address,
                        seed=given.seed,
                        minutes=given.minutes,
                    )
                )
            _keep(figures[-1])
        if given.embedded_kills:
            home = Path(folder) / "sqlite"
            home.mkdir()
            system = System(home, past, None, roles=ROLES)
            figures.append(
                _run(system, made, given.embedded_kills, address="", seed=given.seed, minutes=given.minutes)
            )
            _keep(figures[-1])
    if any(one["wrong"] for one in figures):
        raise SystemExit("something was lost or doubled")


def _keep(figure: Mapping[str, Figure]) -> None:
    keep(
        f"chaos_{figure['case']}",
        command="make bench NAME=chaos",
        data="declarations of ten items under load of four clients; SIGKILL at random; databases "
        f"below {tempfile.gettempdir()} (TMPDIR), which outlives its processes wherever it is",
        figures=[figure],
    )


class Clients:
    """Those who submit, tell and control, and remember what was acknowledged."""

    def __init__(self, port: int, token: str, made: list[dict[str, Any]]) -> None:
        self.port, self.token, self.made = port, token, made
        self.acknowledged: dict[str, int] = {}
        self.retried = 0
        self.taken = 0
        self.over = threading.Event()
        self._threads = [threading.Thread(target=self._submit, args=(n,)) for n in range(CLIENTS)]
        self._threads += [threading.Thread(target=self._control) for _ in range(2)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each finish what it is at."""
        self.over.set()
        for thread in self._threads:
            thread.join()

    def ask(self, method: str, path: str, body: object, *, key: str = "") -> tuple[int, Any]:
        """Ask until there is an answer that is one."""
        head = f"Idempotency-Key: {key}\r\nX-Reference: {key}\r\n" if key else ""
        request = request_of(f"/api/v1{path}", json.dumps(body).encode(), self.token, head)
        request = request.replace(b"POST", method.encode(), 1)
        while True:
            with suppress(OSError, ValueError), closing(Line(self.port, timeout=30)) as line:
                status, told = line.ask(request)
                if status < 500:
                    return status, json.loads(told) if told else None
            self.retried += 1
            time.sleep(0.1)

    def _submit(self, client: int) -> None:
        chance, n = random.Random(client), 0
        while not self.over.is_set():
            n += 1
            key = f"{client}-{n}"
            status, told = self.ask("POST", "/declarations", chance.choice(self.made), key=key)
            if status != 201:
                raise RuntimeError(f"{status} {told}")
            self.acknowledged[key] = told["id"]
            if n % 3 == 0:
                for code in CONDITIONS:
                    self.ask("PUT", f"/declarations/{told['id']}/conditions/{code}", {"holds": True})

    def _control(self) -> None:
        while not self.over.is_set():
            _, work = self.ask("GET", "/controls", None)
            for one in [one for one in work if one["state"] == "assigned"][:5]:
                status, _ = self.ask("POST", f"/controls/{one['id']}/take", {})
                self.taken += status == 200
            time.sleep(0.2)


def _run(
    system: System,
    made: list[dict[str, Any]],
    kills: int,
    database: Cluster | None = None,
    *,
    address: str,
    seed: int,
    minutes: float,
) -> Mapping[str, Figure]:
    begun, chance = time.monotonic(), random.Random(seed)
    port = free_port()
    server = system.start(workers=2 if database else 1, threads=4, port=port)
    clients = Clients(port, system.token, made)
    killed: Counter[str] = Counter()
    until_all = begun + 60 * minutes
    while sum(killed.values()) < kills and time.monotonic() < until_all:
        seen, until = len(clients.acknowledged), time.monotonic() + 30
        while len(clients.acknowledged) < seen + 3 and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(chance.random() * 0.3)
        if server.process.poll() is not None:
            raise SystemExit("the server gave up; it should start anew what dies")
        what, server = _strike(chance, system, server, database)
        killed[what] += 1
        if sum(killed.values()) % 10 == 0:
            print(f"  {dict(killed)}, {len(clients.acknowledged)} acknowledged", flush=True)
    clients.stop()
    server.stop()
    system.daliz("journal", "seal")
    with closing(_connected(system, address)) as connection:
        wrong = checked(lambda said: connection.execute(said).fetchall(), clients.acknowledged)
    system.daliz("journal", "verify")  # fails if the journal does not
    for line in wrong:
        print("WRONG:", line)
    return {
        "case": "postgresql" if database else "sqlite",
        "kills": sum(killed.values()),
        **{f"killed: {what}": n for what, n in sorted(killed.items())},
        "acknowledged": len(clients.acknowledged),
        "controls_begun": clients.taken,
        "asked_again": clients.retried,
        "wrong": len(wrong),
        "journal": "verifies",
        "seconds": round(time.monotonic() - begun),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _strike(
    chance: random.Random, system: System, server: Server, database: Cluster | None
) -> tuple[str, Server]:
    """Kill something at random, and start again what does not by itself."""
    if database is None:
        if chance.random() < 0.25:
            return "the whole tree", _restarted(system, server)
        for child in _children(server.process.pid):  # all that have the database open, as when power fails
            _kill(child)
        return "all that hold the database", server
    kind = chance.choices(("backend", "database", "worker", "the whole tree"), (12, 5, 2, 1))[0]
    if kind == "backend":
        backends = database.backends()
        if backends:
            database.kill_one(chance.choice(backends))
    elif kind == "database":
        database.kill()
        database.start()
    elif kind == "worker":
        _kill(chance.choice(_children(server.process.pid)))
    else:
        server = _restarted(system, server)
    return kind, server


def _restarted(system: System, server: Server) -> Server:
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    return Server(system, server.workers, server.threads, server.port, migrate=False)


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in told] or [pid]


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _connected(system: System, address: str) -> Any:
    return psycopg.connect(address) if address else sqlite3.connect(system.home / "daliz.sqlite3")


def checked(ask: Callable[[str], list[tuple[Any, ...]]], acknowledged: Mapping[str, int]) -> list[str]:
    """Return what is wrong in the database, in words; nothing where all is well."""
    wrong: list[str] = []
    kept: dict[str, list[int]] = {}
    for key, reference in ask("SELECT id, reference FROM intake_declaration"):
        kept.setdefault(reference, []).append(key)
    for reference, key in acknowledged.items():
        if kept.get(reference) != [key]:
            wrong.append(f"{reference} was acknowledged as {key} and is kept as {kept.get(reference)}")
    wrong += [f"{reference} is there {len(keys)} times" for reference, keys in kept.items() if len(keys) > 1]
    return wrong + broken(ask)


if __name__ == "__main__":
    main()
