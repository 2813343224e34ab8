"""The demonstration goes on in the background when its command has returned, and ends when it is told to."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daliz.engine.pack import load_pack
from daliz.engine.world import write_world
from daliz.ground.staff.actor import Role


def daliz(*arguments: str) -> str:
    settings = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    done = subprocess.run(
        [sys.executable, "-m", "daliz", *arguments],
        env=settings | {"COLUMNS": "200"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_live_border_runs_on_until_it_is_stopped(tmp_path: Path) -> None:
    last_month = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)
    world, home = tmp_path / "world", tmp_path / "home"
    write_world(
        world, pack=load_pack("kz"), seed=3, months=1, per_day=10, first_month=last_month.replace(day=1)
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = daliz(
        "demo", "start", "--world", str(world), "--home", str(home), "--port", str(port), "--every", "600"
    )
    try:
        assert f"Console: http://127.0.0.1:{port}/console/" in said
        logins = re.findall(r"^(\S+) .* (\S{16}) *$", said, re.MULTILINE)
        assert len(logins) == len(Role) + 3
        assert len({password for _, password in logins}) == len(logins)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=60) as reply:
            assert json.load(reply)["ready"] is True
        until = time.monotonic() + 120
        while released(home) < 2:  # of those that are there when the doors open
            assert time.monotonic() < until, (home / "log").read_text(encoding="utf-8")[-2000:]
            time.sleep(0.5)
    finally:
        assert daliz("demo", "stop", "--home", str(home)).strip() == "The demonstration is stopped."
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5)
    assert daliz("demo", "stop", "--home", str(home)).strip() == "No demonstration runs there."


def released(home: Path) -> int:
    """Return how many declarations were released."""
    with closing(sqlite3.connect(home / "daliz.sqlite3", timeout=20)) as database:
        said = "SELECT count(*) FROM intake_declaration WHERE state = 'released'"
        return int(database.execute(said).fetchone()[0])
