"""A plugin of pytest under which tests run on PostgreSQL, in a cluster of their own (`make test`).

The cluster lies in a temporary folder, listens on a socket there alone, and goes when the tests end. Where
``DATABASE_URL`` is given, that server is used instead. Where PostgreSQL's programs are not found tests are
skipped, saying so; with ``CI=true`` that is a failure.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

_PLACES: Final = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin")
MISSING: Final = "PostgreSQL's programs (initdb, pg_ctl) are not found; on Debian: apt-get install postgresql"

_WATCHED: Final = """
"$1" -D "$2" -k "$3" -c listen_addresses= -c fsync=off -c full_page_writes=off >"$4" 2>&1 &
cat >/dev/null
kill -INT $!
wait
rm -rf "$3"
"""
"""Runs a server until whoever holds the other end of the input is gone."""


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs: of the path, else of the newest version."""
    known = shutil.which("initdb")
    if known is not None:
        return Path(known).resolve().parent
    found = [folder for place in _PLACES for folder in Path("/").glob(place) if (folder / "initdb").exists()]
    return max(found, key=lambda folder: [int(n) for n in folder.parts if n.isdigit()], default=None)


def start(bin_folder: Path) -> str:
    """Start a cluster that goes when this process does, however it ends; return its address.

    PostgreSQL does not run as root, so root starts it as the user that Debian's package makes.
    """
    folder = Path(tempfile.mkdtemp(prefix="daliz-pg-"))
    owner = "postgres" if os.geteuid() == 0 else None
    if owner is not None:
        shutil.chown(folder, owner, owner)
    data, log = folder / "data", folder / "log"
    made = subprocess.run(
        [bin_folder / "initdb", "-D", data, "-U", "daliz", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        user=owner, group=owner,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    server = subprocess.Popen(
        ["sh", "-c", _WATCHED, "sh", bin_folder / "postgres", data, folder, log],
        cwd=folder, stdin=subprocess.PIPE, start_new_session=True, user=owner, group=owner,
    )  # fmt: skip
    atexit.register(server.communicate)
    ready = [str(bin_folder / "pg_isready"), "--quiet", "-h", str(folder)]
    until = time.monotonic() + 60
    while subprocess.run(ready, check=False).returncode != 0:
        assert time.monotonic() < until, log.read_text(encoding="utf-8")
        time.sleep(0.1)
    return f"postgresql://daliz@{quote(str(folder), safe='')}/postgres"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, or fail, where there is no PostgreSQL."""
    if "DATABASE_URL" in os.environ:
        return
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.exit(MISSING, returncode=1)
    for item in items:
        item.add_marker(pytest.mark.skip(reason=MISSING))


# Before Django reads its settings; not where this module is merely looked through for examples.
if "tests.on_postgresql" in sys.argv and "DATABASE_URL" not in os.environ:
    _found = programs()
    if _found is not None:
        os.environ["DATABASE_URL"] = start(_found)
