"""How many declarations of ten items a second are decided durably, and how long each waits.

Everything is on this machine: PostgreSQL (``fsync`` on), ``daliz serve`` and the client, which asks over
eight connections. In the same run a bare FastAPI and asyncpg service, which decides nothing, writes the same
rows, behind the same server. Then the same once more with models in force. ``--stored 500000`` measures
beside 10,000 declarations that are there already, and beside so many.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from bench.cluster import cluster
from bench.record import Figure, keep
from bench.served import System, bodies, free_port, write_past
from bench.wire import Answered, Line, request_of, send

CONNECTIONS = 8
FEW_STORED = 10_000
BATCH = 50


def main() -> None:
    """Measure on PostgreSQL and on SQLite, and keep the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=3000, help="declarations of each case, at most 20,000")
    asked.add_argument("--stored", type=int, default=0, help="declarations stored beforehand in a last case")
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    count = min(given.count, 20_000)
    with tempfile.TemporaryDirectory(prefix="daliz-load-") as folder:
        past = write_past(Path(folder) / "past")
        made = bodies(past, 2000, controlled=20)
        figures: list[Mapping[str, Figure]] = []
        with cluster() as server:
            address = server.create("load")
            system = System(home(folder, "pg"), past, address, roles=("declarant", "analyst"))
            figures += on_postgresql(system, address, made, count, given.workers)
            figures += with_models(system, past, made, count, given.workers)
            if given.stored:
                figures += beside_stored(system, made, count, given.workers, given.stored)
        embedded = System(home(folder, "sqlite"), past, None, roles=("declarant", "analyst"))
        figures += on_sqlite(embedded, made, count)
    keep(
        "load",
        command=f"make bench NAME=load (--count {count} --stored {given.stored} --workers {given.workers})",
        data="declarations of ten items, headers and items of a world of 3 months of 60 a day; "
        "server, database and client on one machine, eight connections",
        figures=figures,
    )


def home(folder: str, name: str) -> Path:
    """Return a folder of a system's own."""
    made = Path(folder) / name
    made.mkdir()
    return made


def on_postgresql(
    system: System, address: str, made: Sequence[dict[str, Any]], count: int, workers: int
) -> list[Mapping[str, Figure]]:
    """Measure Daliz and the bare service, singly and in batches."""
    figures: list[Mapping[str, Figure]] = [single(system, made, count, workers, "daliz, singly")]
    with system.serving(workers=workers, threads=4) as port:
        warm(port, made, system.token)
        figures.append(told("daliz, batches of 50", send_batches(port, made, count, system.token), BATCH))
    with psycopg.connect(address) as connection:
        [row] = connection.execute(
            "SELECT max(id) FROM intake_declaration WHERE state = 'cleared'"
        ).fetchall()
    bare = bare_service(address, int(row[0]), workers)
    try:
        port = bare.port
        send(port, singles(made, 200, "", "/declarations"), connections=CONNECTIONS)
        figures.append(
            told(
                "bare, singly", send(port, singles(made, count, "", "/declarations"), connections=CONNECTIONS)
            )
        )
        answered = send(port, batches(made, count, "", "/declarations/batch"), connections=CONNECTIONS)
        figures.append(told("bare, batches of 50", answered, BATCH))
    finally:
        bare.stop()
    figures.append(
        {
            "case": "daliz to bare",
            "singly": ratio(figures, "daliz, singly", "bare, singly"),
            "batches": ratio(figures, "daliz, batches of 50", "bare, batches of 50"),
        }
    )
    figures.append(breakdown(system, made))
    return figures


def with_models(
    system: System, past: Path, made: Sequence[dict[str, Any]], count: int, workers: int
) -> list[Mapping[str, Figure]]:
    """Measure the same with models in force."""
    subprocess.run([sys.executable, "-m", "bench.modelled", past], check=True, env=system.environment)
    figures: list[Mapping[str, Figure]] = [single(system, made, count, workers, "daliz with models, singly")]
    with system.serving(workers=workers, threads=4) as port:
        warm(port, made, system.token)
        answered = send_batches(port, made, count, system.token)
        figures.append(told("daliz with models, batches of 50", answered, BATCH))
    return [*figures, {**breakdown(system, made), "case": "where the time goes with models, ms"}]


def beside_stored(
    system: System, made: Sequence[dict[str, Any]], count: int, workers: int, stored: int
) -> list[Mapping[str, Figure]]:
    """Measure beside few declarations of earlier days, and beside many."""
    address = system.environment["DATABASE_URL"]
    store_many(address, FEW_STORED, after=0)
    few = single(system, made, count, workers, f"daliz, {FEW_STORED} stored")
    store_many(address, stored - FEW_STORED, after=10 * FEW_STORED)
    many = single(system, made, count, workers, f"daliz, {stored} stored")
    p99 = [float(str(figure["p99_ms"])) for figure in (few, many)]
    return [few, many, {"case": f"{stored} stored to {FEW_STORED}", "p99": round(p99[1] / p99[0], 2)}]


def ratio(figures: Sequence[Mapping[str, Figure]], ours: str, theirs: str) -> float:
    """Return how many of theirs one of ours is."""
    rate = {str(one["case"]): float(one.get("per_second") or 0) for one in figures}
    return round(rate[ours] / rate[theirs], 3)


def single(
    system: System, made: Sequence[dict[str, Any]], count: int, workers: int, case: str
) -> Mapping[str, Figure]:
    """Measure declarations submitted singly."""
    with system.serving(workers=workers, threads=4) as port:
        warm(port, made, system.token)
        return told(case, send(port, singles(made, count, system.token), connections=CONNECTIONS))


def on_sqlite(system: System, made: Sequence[dict[str, Any]], count: int) -> list[Mapping[str, Figure]]:
    """Measure the embedded database with one process, as it is served by default."""
    with system.serving(workers=1, threads=4) as port:
        warm(port, made, system.token)
        one = told(
            "sqlite, singly", send(port, singles(made, count // 3, system.token), connections=CONNECTIONS)
        )
        many = told("sqlite, batches of 50", send_batches(port, made, count // 3, system.token), BATCH)
    return [one, many]


def warm(port: int, made: Sequence[dict[str, Any]], token: str) -> None:
    """Have every process compile what it decides by."""
    send(port, singles(made, 200, token), connections=CONNECTIONS)


def singles(
    made: Sequence[dict[str, Any]], count: int, token: str, path: str = "/api/v1/declarations"
) -> list[bytes]:
    """Return requests of one declaration each."""
    return [request_of(path, json.dumps(made[n % len(made)]).encode(), token) for n in range(count)]


def batches(
    made: Sequence[dict[str, Any]], count: int, token: str, path: str = "/api/v1/declarations/batch"
) -> list[bytes]:
    """Return requests of fifty declarations each."""
    parts = [[made[(n + k) % len(made)] for k in range(BATCH)] for n in range(0, count, BATCH)]
    return [request_of(path, json.dumps(part).encode(), token) for part in parts]


def send_batches(port: int, made: Sequence[dict[str, Any]], count: int, token: str) -> Answered:
    """Send in batches."""
    return send(port, batches(made, count, token), connections=CONNECTIONS)


def told(case: str, answered: Answered, each: int = 1) -> Mapping[str, Figure]:
    """Return the figures of a case; a wrong answer stops the run."""
    if answered.wrong:
        raise SystemExit(f"{case}: {len(answered.wrong)} wrong answers, such as {answered.wrong[0]}")
    done = len(answered.seconds) * each
    return {
        "case": case,
        "declarations": done,
        "per_second": round(done / answered.wall, 1),
        "p50_ms": answered.quantile_ms(0.5),
        "p99_ms": answered.quantile_ms(0.99),
        "load_average": round(os.getloadavg()[0], 1),
    }


class bare_service:  # noqa: N801 -- reads as a verb where it is used
    """The bare service, until it is stopped."""

    def __init__(self, address: str, declaration: int, workers: int) -> None:
        self.port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "granian", "bench.bare_service:app", "--interface", "asgi",
             "--port", str(self.port), "--workers", str(workers), "--log-level", "warning"],
            env={**os.environ, "BARE_DATABASE": address, "BARE_DECLARATION": str(declaration)},
        )  # fmt: skip
        until = time.monotonic() + 60
        while True:
            try:
                Line(self.port).close()
                return
            except ConnectionError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        """Stop in order."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)


def breakdown(system: System, made: Sequence[dict[str, Any]]) -> Mapping[str, Figure]:
    """Return where the time of one declaration goes, milliseconds, in one process without a wire."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load_parts", system.token],
        input=json.dumps(made[:300]), capture_output=True, text=True, check=True, env=system.environment,
    )  # fmt: skip
    parts: dict[str, Figure] = json.loads(done.stdout)
    return {"case": "where the time goes, ms", **parts}


def store_many(address: str, count: int, *, after: int) -> None:
    """Store declarations of earlier days beside those that are there, as copies of one that was decided.

    Foreign keys are right as they are made and need not be asked for one by one.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        [(key,)] = connection.execute(
            "SELECT max(id) FROM intake_declaration WHERE state = 'cleared' AND id < 10000000"
        ).fetchall()
        for table, said in _STORED.items():
            found = connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()
            names = [column.name for column in found]
            told = ", ".join(said.get(name, f't."{name}"') for name in names)
            columns = ", ".join(f'"{name}"' for name in names)
            connection.execute(
                f"INSERT INTO {table} ({columns}) SELECT {told} FROM {table} t, "
                f"generate_series({after + 1}, {after + count}) n WHERE {said['where']}".replace(
                    "$KEY", str(key)
                )
            )
        connection.execute(
            "INSERT INTO journal_seal (number, entry_id, chain) "
            "SELECT id, id, md5(id::text) FROM journal_entry WHERE id > %s AND id <= %s",
            [10_000_000 + (after + 1) * 8 - 1, 10_000_000 + (after + count + 1) * 8],
        )
        for table in _STORED:  # what comes then is newer
            connection.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
        connection.execute(
            "INSERT INTO journal_head (id, number, chain) SELECT 1, max(number), 'stored' FROM journal_seal "
            "ON CONFLICT (id) DO UPDATE SET number = excluded.number"
        )
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")  # what storing wrote is not to be waited for by what is measured


_STORED: Mapping[str, Mapping[str, str]] = {
    "intake_declaration": {
        "id": "10000000 + n", "number": "'stored/' || n", "where": "t.id = $KEY",
        "registered_at": "t.registered_at - (1 + n % 300) * interval '1 day'",
    },
    "intake_version": {
        "id": "10000000 + n", "declaration_id": "10000000 + n", "where": "t.declaration_id = $KEY",
        "registered_at": "t.registered_at - (1 + n % 300) * interval '1 day'",
        "first_day": "t.first_day - 1 - n % 300", "trader_id": "'trader' || (n::bigint * 7919 % 20000)",
    },
    "intake_timelineentry": {
        "id": "10000000 + n * 4 + t.id % 4", "declaration_id": "10000000 + n",
        "where": "t.declaration_id = $KEY",
    },
    "assessment_decision": {
        "id": "10000000 + n", "version_id": "10000000 + n", "day": "t.day - 1 - n % 300",
        "where": "t.version_id IN (SELECT id FROM intake_version WHERE declaration_id = $KEY)",
    },
    "assessment_measureorder": {
        "id": "10000000 + n * 64 + t.id % 64", "decision_id": "10000000 + n",
        "where": "t.decision_id IN (SELECT id FROM assessment_decision WHERE version_id IN "
        "(SELECT id FROM intake_version WHERE declaration_id = $KEY))",
    },
    "journal_entry": {
        "id": "10000000 + n * 8 + t.id % 8", "subject_id": "(10000000 + n)::text",
        "where": "t.subject_kind = 'declaration' AND t.subject_id = '$KEY'",
    },
    "outbox_notice": {
        "id": "10000000 + n", "subject_id": "(10000000 + n)::text", "key": "'stored/' || n",
        "where": "t.subject_id = '$KEY' AND t.topic = 'registered'",
    },
}  # fmt: skip
"""How a copy differs, table by table."""


if __name__ == "__main__":
    main()
