"""The live system as it is run: a night, people, a server, a declaration, a journal that verifies."""

import json
import os
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

from daliz.engine.pack import load_pack
from daliz.engine.world import write_world
from tests.customs.cast import a_weapon

DAY = date(2026, 2, 10)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


OURS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")


def daliz(home: Path, *arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in OURS}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "daliz", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"DALIZ_HOME": str(home), "COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prepared(home: Path) -> str:
    """A home with a policy in force and a broker; returns his token."""
    write_world(
        home / "past", pack=load_pack("kz"), seed=3, months=1, per_day=20, first_month=date(2026, 1, 1)
    )
    said = daliz(home, "night", "--day", DAY.isoformat(), "--history", str(home / "past"))
    assert said.startswith(f"In force for {DAY.isoformat()}: policy-")
    daliz(
        home,
        "staff",
        "admit",
        "broker",
        "--name",
        "Broker",
        "--role",
        "declarant",
        "--organisation",
        "600400123456",
    )
    return daliz(home, "staff", "token", "broker", "--name", "test").strip()


@pytest.fixture
def served(home: Path, prepared: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k not in OURS}
    server = subprocess.Popen(
        [sys.executable, "-m", "daliz", "serve", "--port", str(port)],
        env=environment | {"DALIZ_HOME": str(home)},
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"{address}/ready", timeout=30) as reply:
                    assert json.load(reply)["ready"] is True
                break
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() < until, "the server did not get ready"
                time.sleep(0.3)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


@pytest.mark.slow
def test_a_declaration_is_decided_over_the_wire_and_the_journal_verifies(
    home: Path, prepared: str, served: str
) -> None:
    request = urllib.request.Request(
        f"{served}/api/v1/declarations", data=json.dumps(a_weapon().content).encode(),
        headers={"Authorization": f"Bearer {prepared}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=60) as reply:
        assert (reply.status, json.load(reply)["state"]) == (201, "control")
    daliz(home, "journal", "seal")
    said = daliz(home, "journal", "verify").splitlines()
    assert "0 to be sealed" in said[0]
    daliz(home, "journal", "verify", "--head", said[1])


def test_the_secret_of_a_home_is_its_owners_alone(home: Path, prepared: str) -> None:
    assert (home / "secret-key").stat().st_mode & 0o077 == 0
