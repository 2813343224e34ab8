"""``daliz demo``: a live system on a pretend border, in the background, until it is stopped."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final
from urllib.error import URLError
from urllib.request import urlopen

import typer
from rich.table import Table

from daliz.doors.cli.console import out
from daliz.doors.cli.options import Lang, Language
from daliz.doors.cli.serving.commands import awake, migrated
from daliz.doors.cli.waiting import telling
from daliz.engine.features.alone import Moment
from daliz.language import N_, DalizError, translate

app = typer.Typer(help="A live demonstration on a pretend border: start it, stop it.", no_args_is_help=True)

_PATIENCE = 120.0

_CAPACITY: Final = "documents=100%,physical=50%"
"""Of the declarations of a usual day of the little world: its declarations come faster than on its days, and
officers' queues are to fill at whatever hour the demonstration begins."""
_FIRST: Final = 40
"""Declarations that are there when the doors open."""

Home = Annotated[Path, typer.Option(help="Folder of the demonstration; what is in it is thrown away.")]


@app.command("start")
def start(
    world: Annotated[
        Path, typer.Option(help="Folder that daliz world wrote; its last month flows in.", exists=True)
    ],
    home: Home = Path("demo/home"),
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    every: Annotated[float, typer.Option(help="Seconds between two declarations.", min=0.01)] = 15.0,
    lang: Lang = Language.EN,
) -> None:
    """Set a database up, admit people of every role, serve, and have declarations come in; then return.

    The passwords are made anew each time and hold in this demonstration alone. One that runs from before is
    stopped first.
    """
    _stop(home)
    shutil.rmtree(home, ignore_errors=True)
    os.environ["DALIZ_HOME"] = str(home.resolve())
    os.environ.pop("DATABASE_URL", None)
    migrated()
    from daliz.customs.reference.queries import pack
    from daliz.doors.cli.serving import demo, jobs
    from daliz.doors.cli.serving.nightly import prepare_and_publish

    rules = pack()
    day = Moment(datetime.now(UTC), rules.zone, rules.holidays).day
    jobs.keep_past(world)
    with telling(lang) as tell:
        policy, _ = prepare_and_publish(day, history=jobs.past_folder(), capacity=_CAPACITY, progress=tell)
    jobs.done(day, policy)
    admitted = demo.people()
    kept = demo.tokens_file()
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(demo.tokens()), encoding="utf-8")
    server = _beside(home, "serve", "--port", str(port), "--no-migrate")
    _wait(port, server, home)
    feeder = _beside(
        home, "demo", "feed", "--world", str(world), "--address", f"http://127.0.0.1:{port}",
        "--first", str(_FIRST), "--every", str(every),
    )  # fmt: skip
    (home / "pids").write_text(f"{feeder.pid}\n{server.pid}\n", encoding="utf-8")
    table = Table(box=None, pad_edge=False)
    for head in (N_("login"), N_("role"), N_("password (of this demonstration alone)")):
        table.add_column(translate(head, lang))
    for person in admitted:
        table.add_row(person.login, person.role.label.in_(lang), person.password)
    out.print(table, highlight=False)
    for said, place in ((N_("Console: {address}"), "console"), (N_("Portal: {address}"), "portal")):
        address = f"http://127.0.0.1:{port}/{place}/"
        out.print(translate(said, lang, address=address), highlight=False)
    stop_it = f"daliz demo stop --home {home}"
    out.print(translate(N_("It runs on in the background. To stop it: {command}"), lang, command=stop_it))


@app.command("stop")
def stop(home: Home = Path("demo/home"), lang: Lang = Language.EN) -> None:
    """Stop the demonstration that runs; its folder stays until the next one."""
    said = N_("The demonstration is stopped.") if _stop(home) else N_("No demonstration runs there.")
    out.print(translate(said, lang))


@app.command("feed")
def feed(
    world: Annotated[Path, typer.Option(help="Folder that daliz world wrote.", exists=True)],
    first: Annotated[int, typer.Option(help="Declarations that come at once, before the pace.", min=0)] = 0,
    address: Annotated[str, typer.Option(help="Of the server.")] = "http://127.0.0.1:8000",
    every: Annotated[float, typer.Option(help="Seconds between two declarations.", min=0.0)] = 15.0,
    count: Annotated[int | None, typer.Option(help="Stop after so many; without it, never.")] = None,
) -> None:
    """Submit the declarations of the world's last month at a pace; ``daliz demo start`` does it by itself."""
    awake()
    from daliz.doors.cli.serving import demo

    given = json.loads(demo.tokens_file().read_text(encoding="utf-8"))
    taken, told = demo.feed(address=address, world=world, given=given, first=first, every=every, count=count)
    typer.echo(json.dumps({"declarations": taken, "conditions": told}))


def _beside(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command that goes on when this one returns."""
    with (home / "log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-m", "daliz", *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def _wait(port: int, server: subprocess.Popen[bytes], home: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}/ready", timeout=10):
            return
        if server.poll() is not None or time.monotonic() > until:
            raise DalizError(
                N_("the server does not start; see {log}, and whether port {port} is free"),
                code="demo-server", log=home / "log", port=port,
            )  # fmt: skip
        time.sleep(0.3)


def _stop(home: Path) -> bool:
    """End what a demonstration started, if it is still that; tell whether something was ended."""
    pids = home / "pids"
    if not pids.is_file():
        return False
    ours = [int(line) for line in pids.read_text(encoding="utf-8").split() if _is_ours(int(line))]
    for pid in ours:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + 30
    while any(_is_ours(pid) for pid in ours) and time.monotonic() < until:
        time.sleep(0.1)
    pids.unlink()
    return bool(ours)


def _is_ours(pid: int) -> bool:
    """Tell whether a process is one of Daliz: numbers of ended ones are given to others."""
    told = subprocess.run(  # noqa: S603 -- no input of others
        ["ps", "-o", "args=", "-p", str(pid)],  # noqa: S607 -- wherever the system has it
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "-m daliz" in told.stdout
