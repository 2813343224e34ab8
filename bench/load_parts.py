"""Where the time of one declaration goes, in a process of its own; for ``bench.load``."""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from daliz.doors.cli.serving.commands import awake

awake()

from django.db import connection  # noqa: E402 -- Django first
from django.test import Client  # noqa: E402

from daliz.customs import flow  # noqa: E402
from daliz.customs.assessment import actions as assessment  # noqa: E402
from daliz.customs.assessment.remembered import Remembered  # noqa: E402
from daliz.customs.control import opening  # noqa: E402
from daliz.customs.intake import entering  # noqa: E402
from daliz.doors.api import declarations as door  # noqa: E402
from daliz.engine.live import Policy  # noqa: E402

SPENT: dict[str, float] = defaultdict(float)


def timed(owner: Any, name: str, part: str) -> None:
    """Count the time of a function as that of a part."""
    real: Callable[..., Any] = getattr(owner, name)

    def counted(*arguments: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return real(*arguments, **named)
        finally:
            SPENT[part] += time.perf_counter() - begun

    setattr(owner, name, counted)


def main() -> None:
    """Submit what comes in, and print the parts."""
    token, made = sys.argv[1], json.load(sys.stdin)
    client = Client()

    def post(body: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {token}", "Host": "localhost"}
        reply = client.generic(
            "POST", "/api/v1/declarations", json.dumps(body), content_type="application/json", headers=headers
        )
        assert reply.status_code == 201, reply.content

    for body in made[:100]:
        post(body)
    timed(door, "declaration_of_json", "parse and check")
    timed(assessment, "same_day", "read the same day")
    timed(Remembered, "answers", "read history")
    timed(Policy, "facts", "facts")
    timed(Policy, "decide", "decide")
    timed(assessment, "seen_text", "say what was seen")
    timed(opening, "open_controls", "open controls")
    timed(entering, "entries_of", "journal entries")
    timed(flow, "write", "write rows")
    connection.ensure_connection()
    timed(connection, "_commit", "commit")
    begun, cpu = time.perf_counter(), time.process_time()
    for body in made[100:]:
        post(body)
    n = len(made) - 100
    whole, own = time.perf_counter() - begun, time.process_time() - cpu
    told = {part: round(1000 * seconds / n, 2) for part, seconds in SPENT.items()}
    told["all the rest"] = round(1000 * (whole - sum(SPENT.values())) / n, 2)
    json.dump({**told, "whole": round(1000 * whole / n, 2), "own_cpu": round(1000 * own / n, 2)}, sys.stdout)


if __name__ == "__main__":
    main()
