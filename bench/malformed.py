"""Send very many requests that are not right, in one process: no answer of 5xx, nothing stored by half."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.holding import broken
from bench.record import keep
from bench.served import System, write_past

ROLES = ("declarant", "officer", "adapter", "analyst", "supervisor")


def main() -> None:
    """Send them, check, and keep the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="daliz-malformed-") as folder:
        past = write_past(Path(folder) / "past", months=1, per_day=20)
        home = Path(folder) / "home"
        home.mkdir()
        system = System(home, past, None, roles=ROLES)
        _send(system, given.count, given.seed)


def _send(system: System, count: int, seed: int) -> None:

    os.environ.update({"DALIZ_HOME": str(system.home)})
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
    keep(
        "malformed",
        command=f"make bench NAME=malformed (--count {count} --seed {seed})",
        data="requests made from right ones by spoiling values, texts, encodings, paths and headers; SQLite",
        figures=[
            {
                "case": "malformed requests",
                "requests": sum(statuses.values()),
                **{f"status {status}": n for status, n in sorted(statuses.items())},
                "of_5xx": failed,
                "declarations_taken": Declaration.objects.count(),
                "half_stored": len(half),
                "seconds": round(time.monotonic() - begun),
            }
        ],
    )
    for line in half:
        print("WRONG:", line)
    if failed or half:
        raise SystemExit("something broke, or was stored by half")


def _asked(said: str) -> list[tuple[Any, ...]]:
    from django.db import connection  # noqa: PLC0415 -- Django is awake when this is called

    with connection.cursor() as cursor:
        cursor.execute(said)
        return cursor.fetchall()


if __name__ == "__main__":
    main()
