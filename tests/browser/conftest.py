"""A system of its own that a real Chromium visits: night, people, declarations, server."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from daliz.engine.pack import load_pack
from daliz.engine.world import write_world
from tests.browser.visitor import Visitor

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
SHOTS = Path(__file__).resolve().parents[2] / "scratch" / "pages"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, gone before the next module: while it is there, no test may ask the database."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed, and CI may not go without it")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a system with people and something to do."""
    home = tmp_path_factory.mktemp("home")
    past = home / "past"
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    settings = {name: value for name, value in os.environ.items() if name not in ours}
    settings |= {"DALIZ_HOME": str(home), "DALIZ_LOGIN_FAILURES": "50", "DALIZ_NIGHTS": "false"}
    write_world(past, pack=load_pack("kz"), seed=3, months=1, per_day=20, first_month=date(2026, 1, 1))
    for command in (
        ["daliz", "night", "--day", "2026-02-10", "--history", str(past)],
        ["tests.browser.seed"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command], env=settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "daliz", "serve", "--port", str(port)], env=settings)
    try:
        until = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=30) as reply:
                    assert json.load(reply)["ready"] is True
                break
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() < until, "the server did not get ready"
                time.sleep(0.3)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    """Somebody with a browser of his own; what the browser complains of fails the test."""
    context = browser.new_context(base_url=site, viewport={"width": 1366, "height": 768})
    visitor = Visitor(context.new_page(), SHOTS)
    yield visitor
    context.close()
    assert visitor.complaints == []
