"""The live system as it is run: a night, people, a server, a declaration, a journal that verifies."""

import io
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import psycopg
import pytest

from daliz.engine.pack import load_pack
from daliz.engine.world import write_world
from tests.conftest import ROOT
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.doors.cli.stored import Rows, files, rows

DAY = date(2026, 2, 10)


pytestmark = pytest.mark.both_databases

DATABASE = f"served_{os.getpid()}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environment(home: Path) -> Iterator[dict[str, str]]:
    """Settings of a system of its own: the embedded database, or one beside that of the tests."""
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    settings = {k: v for k, v in os.environ.items() if k not in ours}
    settings |= {"DALIZ_HOME": str(home), "COLUMNS": "200", "DALIZ_NIGHTS": "false"}
    server = os.environ.get("DATABASE_URL")
    if server is None:
        yield settings
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
        yield settings | {"DATABASE_URL": urlsplit(server)._replace(path=f"/{DATABASE}").geturl()}
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def daliz(environment: dict[str, str], *arguments: str) -> str:
    done = run(environment, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "daliz", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


@pytest.fixture(scope="module")
def token(home: Path, environment: dict[str, str]) -> str:
    """A home with a policy in force; the token of one who is a declarant, an officer and an analyst."""
    write_world(
        home / "past", pack=load_pack("kz"), seed=3, months=1, per_day=20, first_month=date(2026, 1, 1)
    )
    said = daliz(environment, "night", "--day", DAY.isoformat(), "--history", str(home / "past"))
    assert said.startswith(f"In force for {DAY.isoformat()}: policy-")
    roles = ("--role", "declarant", "--role", "officer", "--role", "analyst")
    places = ("--organisation", TRADER, "--office", "53901", "--forms", "documents,physical")
    daliz(environment, "staff", "admit", "everybody", "--name", "Everybody", *roles, *places)
    return daliz(environment, "staff", "token", "everybody", "--name", "test").strip()


@pytest.fixture(scope="module")
def port(environment: dict[str, str], token: str) -> Iterator[int]:
    """The port of a server that is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "daliz", "serve", "--port", str(port)],
        env=environment,
    )
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
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


class Line:
    """A connection that a program keeps open."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._token = token

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if key:
            headers |= {"Idempotency-Key": key, "X-Reference": key}
        # A server may end a connection on which a body is still to come when it has answered.
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/v1{path}", sent, headers)
        reply = self._connection.getresponse()
        return reply.status, json.loads(reply.read())

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def line(port: int, token: str) -> Iterator[Line]:
    with closing(Line(port, token)) as line:
        yield line


Asked: TypeAlias = tuple[str, object, str]
"""Path, body and key of what is posted."""


def at_once(port: int, token: str, asked: list[Asked]) -> list[tuple[int, Any]]:
    """Post over eight connections; return the answers in the order of ``asked``."""
    free: queue.SimpleQueue[Line] = queue.SimpleQueue()

    def ask(one: Asked) -> tuple[int, Any]:
        line = free.get()
        try:
            return line.ask("POST", *one)
        finally:
            free.put(line)

    with ExitStack() as lines, ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            free.put(lines.enter_context(closing(Line(port, token))))
        return list(pool.map(ask, asked))


def verified(environment: dict[str, str]) -> None:
    """Seal the journal and verify it twice, the second time with the head of the first."""
    daliz(environment, "journal", "seal")
    said = daliz(environment, "journal", "verify").splitlines()
    assert "0 to be sealed" in said[0]
    daliz(environment, "journal", "verify", "--head", said[1])


@pytest.mark.slow
def test_a_declaration_is_decided_over_the_wire_and_the_journal_verifies(
    environment: dict[str, str], line: Line
) -> None:
    status, told = line.ask("POST", "/declarations", a_weapon().content)
    assert (status, told["state"]) == (201, "control")
    verified(environment)


@pytest.mark.slow
def test_what_many_send_at_once_is_each_taken_and_decided_once(
    environment: dict[str, str], port: int, token: str, line: Line
) -> None:
    keys = [f"many-{n}" for n in range(40)]
    body = ten_items()
    # Each twice at the same time under one key, as by a client that got no answer.
    answers = at_once(port, token, [("/declarations", body, key) for key in keys for _ in range(2)])
    assert {status for status, _ in answers} == {201}
    assert [told["reference"] for _, told in answers[::2]] == keys
    assert answers[::2] == answers[1::2]
    _, page = line.ask("GET", "/declarations?limit=200")
    kept = {row["id"]: row["reference"] for row in page["declarations"] if row["reference"]}
    assert sorted(kept.values()) == sorted(keys)
    decided = [line.ask("GET", f"/declarations/{key}/decisions") for key in kept]
    assert [(status, len(told)) for status, told in decided] == [(200, 1)] * 40
    _, notices = line.ask("GET", "/notices?limit=200")
    registered = [int(one["declaration"]) for one in notices if one["topic"] == "registered"]
    assert sorted(key for key in registered if key in kept) == sorted(kept)
    verified(environment)


@pytest.mark.slow
def test_a_control_is_begun_once_however_many_begin_it_at_once(port: int, token: str, line: Line) -> None:
    assert line.ask("POST", "/declarations", a_weapon().content)[0] == 201
    _, work = line.ask("GET", "/controls")
    control = next(one for one in work if one["state"] == "assigned")
    answers = at_once(port, token, [(f"/controls/{control['id']}/take", None, "")] * 8)
    assert sorted(status for status, _ in answers) == [200] + [409] * 7


def test_the_secret_of_a_home_is_its_owners_alone(home: Path, token: str) -> None:
    assert (home / "secret-key").stat().st_mode & 0o077 == 0


def ten_items() -> dict[str, object]:
    """A declaration of ten goods items."""
    content = a_declaration().content
    [item] = content["items"]
    return content | {"items": [item | {"item_no": n} for n in range(1, 11)]}


@pytest.mark.slow
def test_a_backup_made_under_way_is_restored_row_for_row_and_goes_on(
    environment: dict[str, str], port: int, token: str, line: Line, tmp_path: Path
) -> None:
    handed_in(port, token, b"%PDF-1.7 contract")
    models = Path(environment["DALIZ_HOME"]) / "models" / "kz"
    models.mkdir(parents=True, exist_ok=True)
    (models / "notes.txt").write_text("kept with the models", encoding="utf-8")
    for _ in range(3):
        assert line.ask("POST", "/declarations", ten_items())[0] == 201
    taken = line.ask("POST", "/declarations", a_weapon().content)[1]
    said = under_way(environment, port, token, tmp_path / "under-way.tar")
    assert said.startswith(f"{tmp_path}/under-way.tar: ")
    assert "secret-key" in said
    head, before = quiet(environment, tmp_path / "kept.tar")
    assert set(before) > {"intake_declaration", "control_control", "journal_seal", "assessment_decision"}
    assert len(before["intake_declaration"]) >= 4
    with elsewhere(environment, tmp_path / "new") as new:
        restored = daliz(new, "restore", str(tmp_path / "kept.tar"))
        assert restored.splitlines()[-1] == f"The head of the journal is {head}."
        assert rows(new) == before
        assert files(new) == files(environment)
        assert {"models/kz/notes.txt", "history/past/declarations.parquet"} < set(files(new))
        assert daliz(new, "journal", "verify", "--head", head).splitlines()[1] == head
        again = run(new, "restore", str(tmp_path / "kept.tar"))
        assert (again.returncode, again.stderr.partition(":")[0]) == (1, "backup-taken")
        assert rows(new) == before
        # What is restored is gone on with: nights, and numbers that are not given twice.
        assert daliz(new, "night", "--day", "2026-02-11").startswith("In force for 2026-02-11: policy-")
        numbers = goes_on(new)
        assert len(numbers) == len(set(numbers)) == len(before["intake_declaration"]) + 1
        assert taken["number"] in numbers
        verified(new)
        assert not (tmp_path / "new" / "files" / "secret-key").exists()
    with elsewhere(environment, tmp_path / "other") as other:
        daliz(other, "restore", str(tmp_path / "under-way.tar"))
        verified(other)
        counts = {name: len(listed) for name, listed in rows(other).items()}
        assert counts["intake_declaration"] == counts["intake_version"] == counts["assessment_decision"]


def handed_in(port: int, token: str, content: bytes) -> None:
    """Hand a file in."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/files?name=contract.pdf", data=content, method="POST",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30) as reply:
        assert reply.status == 201


def under_way(environment: dict[str, str], port: int, token: str, path: Path) -> str:
    """Back up while declarations come in over and over; return what it says."""
    over = threading.Event()

    def flowing() -> int:
        with closing(Line(port, token)) as line:
            taken = 0
            while not over.is_set():
                taken += line.ask("POST", "/declarations", a_declaration().content)[0] == 201
            return taken

    with ThreadPoolExecutor(1) as pool:
        came = pool.submit(flowing)
        try:
            said = daliz(environment, "backup", "--to", str(path))
        finally:
            over.set()
        assert came.result() > 0
    return said


def quiet(environment: dict[str, str], path: Path) -> tuple[str, Rows]:
    """Back up between two equal looks at everything; return the journal's head, and what was seen."""
    until = time.monotonic() + 120
    while True:
        daliz(environment, "journal", "seal")
        head = daliz(environment, "journal", "verify").splitlines()[1]
        before = rows(environment)
        path.unlink(missing_ok=True)
        daliz(environment, "backup", "--to", str(path))
        if rows(environment) == before:
            return head, before
        assert time.monotonic() < until, "the system does not come to rest"


_GOES_ON = """
from datetime import UTC, datetime
from daliz.customs import flow
from daliz.customs.intake.models import Declaration
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import a_declaration
now = datetime(2026, 2, 11, 6, tzinfo=UTC)
broker = actor_of(User.objects.get(login="everybody"), now=datetime.now(UTC))
flow.submit(declared=a_declaration(), reference="after", actor=broker, now=now)
print(*Declaration.objects.values_list("number", flat=True))
"""


def goes_on(environment: dict[str, str]) -> list[str]:
    """Register one more declaration; return the numbers of all."""
    return in_django(environment, _GOES_ON).split()


def in_django(environment: dict[str, str], script: str, *arguments: str) -> str:
    """Run a script in a process of a system; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{script}", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=environment | {"DJANGO_SETTINGS_MODULE": "daliz.config.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_damaged_or_foreign_backup_is_refused_before_anything_is_touched(
    environment: dict[str, str], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.tar"
    with elsewhere(environment, tmp_path / "small") as small:
        daliz(small, "staff", "admit", "somebody", "--name", "Somebody", "--role", "analyst")
        daliz(small, "backup", "--to", str(kept))
    other = "postgresql" if "DATABASE_URL" not in environment else "sqlite"
    spoilt: dict[str, tuple[str, Callable[[Path], object]]] = {
        "cut off": ("backup", lambda path: path.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])),
        "no archive": ("backup", lambda path: path.write_bytes(b"not an archive")),
        "another's": ("backup", lambda path: written(path, {"readme.txt": b"hello"})),
        "changed": ("backup-damaged", lambda path: spoil(kept, path, lambda parts, _: flipped(parts))),
        "incomplete": ("backup-damaged", lambda path: spoil(kept, path, lambda parts, _: parts.popitem())),
        "added to": ("backup-damaged", lambda path: spoil(kept, path, lambda parts, _: parts.update(x=b""))),
        "of another database": (
            "backup-database",
            lambda path: spoil(kept, path, lambda _, told: told.update(database=other)),
        ),
        "of another format": (
            "backup-format",
            lambda path: spoil(kept, path, lambda _, told: told.update(format=99)),
        ),
        "of a newer release": (
            "backup-newer",
            lambda path: spoil(kept, path, lambda _, told: told["migrations"].update(intake="0999_later")),
        ),
    }  # fmt: skip
    paths = {name: tmp_path / f"{name}.tar" for name in spoilt}
    for name, (_, write) in spoilt.items():
        write(paths[name])
    with elsewhere(environment, tmp_path / "new") as new:
        first = run(new, "restore", str(paths["changed"]), "--lang", "ru")
        assert (first.returncode, first.stderr.partition(":")[0]) == (1, "backup-damaged")
        told = json.loads(in_django(new, _REFUSED, *map(str, paths.values())))
        assert [code for code, _ in told] == [code for code, _ in spoilt.values()]
        assert all(str(path) in text for path, (_, text) in zip(paths.values(), told, strict=True))
        assert {file.name for file in (tmp_path / "new").iterdir()} == {"secret-key"}
        assert "DATABASE_URL" not in new or rows(new) == {}
        assert daliz(new, "restore", str(kept)).startswith(f"{kept}: ")


_REFUSED = """
import json, sys
from pathlib import Path
from daliz.doors.cli.serving.restoring import restore
from daliz.language import DalizError
told = []
for path in sys.argv[1:]:
    try:
        restore(Path(path))
    except DalizError as error:
        told.append([error.code, error.text("en")])
print(json.dumps(told))
"""


Parts: TypeAlias = dict[str, bytes]


def written(path: Path, parts: Parts) -> None:
    """Write an archive of these parts."""
    with tarfile.open(path, "w") as archive:
        for name, content in parts.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))


def spoil(kept: Path, path: Path, how: Callable[[Parts, dict[str, Any]], object]) -> None:
    """Write a backup anew with something of its parts or of its manifest changed."""
    with tarfile.open(kept) as archive:
        parts = {one.name: file.read() for one in archive if (file := archive.extractfile(one)) is not None}
    told = json.loads(parts.pop("manifest.json"))
    how(parts, told)
    written(path, parts | {"manifest.json": json.dumps(told).encode()})


def flipped(parts: Parts) -> None:
    """Change one byte of the largest part."""
    name = max(parts, key=lambda part: len(parts[part]))
    parts[name] = bytes([parts[name][0] ^ 1]) + parts[name][1:]


@pytest.mark.slow
def test_what_is_no_longer_kept_is_told_before_it_goes(environment: dict[str, str], token: str) -> None:
    told = json.loads(daliz(environment, "retention", "--dry-run", "--json"))
    kinds = ["drafts", "notices", "messages", "journal", "photographs", "answers", "decisions", "controls",
             "declarations", "replies"]  # fmt: skip
    assert (told["dry_run"], [one["kind"] for one in told["gone"]]) == (True, kinds)
    lines = daliz(environment, "retention", "--dry-run").splitlines()
    assert lines[-1] == "Nothing was let go of."
    assert daliz(environment, "retention").splitlines()[-2].startswith("declarations that go whole, over")


@pytest.mark.slow
def test_the_doctor_says_what_is_not_well(environment: dict[str, str], token: str, tmp_path: Path) -> None:
    done = run(environment, "doctor", "--json")
    seen = {(one["what"], one["state"]): one["says"] for one in json.loads(done.stdout)}
    assert ("database", "well") in seen
    assert ("migrations", "well") in seen
    assert seen["policy", "warning"].startswith("the policy in force is of 2026-02-10")
    assert "practice key" in seen["keys", "warning"]
    assert done.returncode == int(any(state == "wrong" for _, state in seen))
    with elsewhere(environment, tmp_path / "empty") as new:
        done = run(new, "doctor", "--json")
        seen = {(one["what"], one["state"]): one["says"] for one in json.loads(done.stdout)}
        assert done.returncode == 1
        assert "migrations wait" in seen["migrations", "wrong"]


@pytest.mark.slow
def test_a_token_is_changed_while_the_old_one_holds_on(environment: dict[str, str], port: int) -> None:
    first = daliz(environment, "staff", "token", "everybody", "--name", "changed").strip()
    second = daliz(environment, "staff", "token", "everybody", "--name", "changed", "--rotate").strip()
    third = daliz(
        environment, "staff", "token", "everybody", "--name", "changed", "--rotate", "--grace", "0"
    ).strip()

    def status(token: str) -> int:
        with closing(Line(port, token)) as line:
            return line.ask("GET", "/declarations")[0]

    assert [status(one) for one in (first, second, third)] == [200, 401, 200]


@pytest.mark.slow
def test_figures_are_for_this_machine_and_name_nobody(port: int, line: Line) -> None:
    assert line.ask("GET", "/declarations")[0] == 200

    def read(**headers: str) -> tuple[int, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    status, text = read()
    assert status == 200
    assert 'daliz_requests_total{method="GET",route="api/v1/declarations",status="200"}' in text
    assert TRADER not in text
    assert read(**{"X-Forwarded-For": "203.0.113.7"})[0] == 404


@contextmanager
def elsewhere(environment: dict[str, str], home: Path) -> Iterator[dict[str, str]]:
    """Settings of another system, with a database of its own."""
    new = environment | {"DALIZ_HOME": str(home)}
    server = environment.get("DATABASE_URL")
    if server is None:
        yield new
        return
    name = f"{home.name}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield new | {"DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl()}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_another_night_comes_in_force_while_declarations_are_decided(
    home: Path, environment: dict[str, str], port: int, line: Line
) -> None:
    after = (DAY + timedelta(days=1)).isoformat()
    daliz(environment, "night", "--day", after, "--history", str(home / "past"))
    until = time.monotonic() + 60
    while True:
        assert line.ask("POST", "/declarations", ten_items())[0] == 201
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=30) as reply:
            if json.load(reply)["day"] == after:
                break
        assert time.monotonic() < until, "the server goes on by the night before"
    assert line.ask("POST", "/declarations", a_weapon().content)[0] == 201
