"""A system of its own that a real Chromium visits: night, seed, server; one for each module of stories."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

from daliz.engine.pack import load_pack
from daliz.engine.world import write_world
from tests.conftest import ROOT

CHROMIUM: Final = next(
    (found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None
)
_PATIENCE: Final = 180.0


@dataclass(frozen=True, slots=True)
class System:
    """A system that runs: its address, what its seed printed, its settings and its server."""

    url: str
    printed: str
    settings: Mapping[str, str]
    server: "subprocess.Popen[bytes]"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, gone before the next module: while it is there, no test may ask the database."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed, and CI may not go without it")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def system(
    home: Path, *, seed: str, given: Mapping[str, str] | None = None, words: tuple[str, ...] = ()
) -> Iterator[System]:
    """A system with the people and declarations that the module ``seed`` makes, while it is needed.

    ``given``: settings beside ours; ``words``: what the server is told.
    """
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    settings = {name: value for name, value in os.environ.items() if name not in ours}
    settings |= {"DALIZ_HOME": str(home), "DALIZ_LOGIN_FAILURES": "50", "DALIZ_NIGHTS": "false"}
    settings |= given or {}
    past = home / "past"
    write_world(past, pack=load_pack("kz"), seed=3, months=1, per_day=20, first_month=date(2026, 1, 1))

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *words],
            env=settings,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("daliz", "night", "--day", "2026-02-10", "--history", str(past))
    printed = run(seed)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "daliz", "serve", "--port", str(port), *words], env=settings, cwd=ROOT
    )
    try:
        _wait(f"http://127.0.0.1:{port}")
        yield System(f"http://127.0.0.1:{port}", printed, settings, server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def _wait(url: str) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=30) as reply:
                assert json.load(reply)["ready"] is True
            return
        except OSError:  # not there yet, or a long time in answering
            assert time.monotonic() < until, "the server did not get ready"
            time.sleep(0.3)
