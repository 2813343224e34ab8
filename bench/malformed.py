"""Send very many requests that are not right, in one process: no answer of 5xx, nothing stored by half."""

import argparse
import logging
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.cluster import cluster
from bench.holding import broken
from bench.record import Figure, keep
from bench.served import System, write_past

ROLES = ("declarant", "officer", "adapter", "analyst", "supervisor")


def main() -> None:
    """Send them, check, and keep the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=100_000, help="on SQLite")
    asked.add_argument("--postgresql", type=int, default=20_000, help="so many more on PostgreSQL")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    figures: list[Mapping[str, Figure]] = []
    with tempfile.TemporaryDirectory(prefix="daliz-malformed-") as folder:
        past = write_past(Path(folder) / "past", months=1, per_day=20)
        if given.count:
            figures.append(sent_to(home(folder, "sqlite"), past, None, given.count, given.seed))
        if given.postgresql:
            with cluster() as server:
                address = server.create("malformed")
                figures.append(sent_to(home(folder, "pg"), past, address, given.postgresql, given.seed + 1))
    keep(
        "malformed",
        command=f"make bench NAME=malformed (--count {given.count} --postgresql {given.postgresql} "
        f"--seed {given.seed})",
        data="requests to every operation, made from right ones by spoiling values, texts, encodings, paths "
        "and headers",
        figures=figures,
    )
    if any(one["of_5xx"] or one["half_stored"] for one in figures):
        raise SystemExit("something broke, or was stored by half")


def home(folder: str, name: str) -> Path:
    """Return a folder of a system's own."""
    made = Path(folder) / name
    made.mkdir()
    return made


def sent_to(home: Path, past: Path, address: str | None, count: int, seed: int) -> Mapping[str, Figure]:
    """Send so many to a system of its own, in a process of its own; return what came of it."""
    system = System(home, past, address, roles=ROLES)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_send, (system, count, seed))


def _send(system: System, count: int, seed: int) -> Mapping[str, Figure]:
    os.environ.update(
        {"DALIZ_HOME": str(system.home)}
        | {name: value for name, value in system.environment.items() if name == "DATABASE_URL"}
    )
    logging.disable()
    from daliz.doors.cli.serving.commands import awake  # noqa: PLC0415 -- after the environment

    awake()
    from django.test import Client  # noqa: PLC0415 -- Django is awake now

    from daliz.customs.intake.models import Declaration  # noqa: PLC0415 -- as above
    from tests.doors.api.malformed import malformed  # noqa: PLC0415 -- as above

    client = Client(raise_request_exception=False)
    statuses: Counter[int] = Counter()
    begun = time.monotonic()
    for n, one in enumerate(malformed(count, seed=seed), 1):
        headers = {"Authorization": f"Bearer {system.token}", "Host": "localhost"} | one.headers
        reply = client.generic(
            one.method, f"/api/v1{one.path}", one.body, content_type=one.kind, headers=headers
        )
        statuses[reply.status_code] += 1
        if reply.status_code >= 500:
            print(
                "WRONG:",
                reply.status_code,
                one.method,
                one.path,
                one.kind,
                one.body[:300],
                reply.content[:300],
            )
        if n % 1000 == 0:
            sys.stdout.write(f"\r{n}")
            sys.stdout.flush()
    half = broken(_asked)
    failed = sum(n for status, n in statuses.items() if status >= 500)
    for line in half:
        print("WRONG:", line)
    return {
        "case": "malformed requests, " + ("postgresql" if "DATABASE_URL" in os.environ else "sqlite"),
        "requests": sum(statuses.values()),
        **{f"status {status}": n for status, n in sorted(statuses.items())},
        "of_5xx": failed,
        "declarations_taken": Declaration.objects.count(),
        "half_stored": len(half),
        "seconds": round(time.monotonic() - begun),
    }


def _asked(said: str) -> list[tuple[Any, ...]]:
    from django.db import connection  # noqa: PLC0415 -- Django is awake when this is called

    with connection.cursor() as cursor:
        cursor.execute(said)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


if __name__ == "__main__":
    main()
