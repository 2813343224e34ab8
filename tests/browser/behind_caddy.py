"""Behind Caddy as ``deploy/`` sets it, over HTTPS with a CA of Caddy's own: ``make proxy``.

The Caddyfile is the kept one; only name, ports and where the server listens are other.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from tests.browser.seed import PASSWORD
from tests.browser.system import System, chromium, system
from tests.conftest import ROOT
from tests.customs.cast import a_declaration

TOKEN: Final = "prometheus"
EMPTY: Final[Mapping[str, str]] = MappingProxyType({})
_WRAPPED: Final = """
{
	admin off
	skip_install_trust
	storage file_system %(storage)s
	http_port %(plain)d
	https_port %(tls)d
}
import %(kept)s
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered."""

    status: int
    headers: Message
    body: bytes

    @classmethod
    def of(cls, told: http.client.HTTPResponse) -> "Reply":
        return cls(told.status, told.headers, told.read())

    @property
    def text(self) -> str:
        return self.body.decode()

    def cookie(self, name: str) -> str:
        """Return the line that sets a cookie."""
        [line] = [one for one in self.headers.get_all("Set-Cookie", []) if one.startswith(f"{name}=")]
        return str(line)


@dataclass(frozen=True, slots=True)
class Site:
    """What people reach: ``localhost`` over TLS, and the server behind it."""

    plain: int
    tls: int
    authority: Path
    behind: System

    @property
    def url(self) -> str:
        return f"https://localhost:{self.tls}"

    @property
    def inside(self) -> int:
        return int(self.behind.url.rpartition(":")[2])

    @contextmanager
    def line(self) -> Iterator[http.client.HTTPSConnection]:
        context = ssl.create_default_context(cafile=str(self.authority))
        with closing(http.client.HTTPSConnection("localhost", self.tls, context=context, timeout=60)) as line:
            yield line

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = EMPTY) -> Reply:
        """Ask over TLS."""
        with self.line() as line:
            line.request(method, path, body or None, headers)
            return Reply.of(line.getresponse())

    def daliz(self, *words: str) -> str:
        return self.run("daliz", *words)

    def asked_of_the_database(self, code: str) -> str:
        return self.run("django", "shell", "-v0", "-c", code)

    def run(self, *words: str) -> str:
        """Run a module in the settings of the server; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *words], capture_output=True, text=True, check=True, cwd=ROOT,
            env={**self.behind.settings, "DJANGO_SETTINGS_MODULE": "daliz.config.settings"},
        )  # fmt: skip
        return done.stdout.strip()


def plainly(port: int, path: str, headers: Mapping[str, str] = EMPTY) -> Reply:
    """Ask a port of this machine without TLS."""
    with closing(http.client.HTTPConnection("localhost", port, timeout=60)) as line:
        line.request("GET", path, headers=headers)
        return Reply.of(line.getresponse())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.fail("caddy is not installed: apt-get install caddy")
    kept = dict(
        line.split("=", 1)
        for line in (ROOT / "deploy" / "env.example").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    given = {
        "DALIZ_HTTPS": "true", "DALIZ_PROXIES": "1", "DALIZ_HOSTS": kept["DALIZ_HOSTS"],
        "DALIZ_METRICS_TOKEN": TOKEN, "DALIZ_LOGIN_FAILURES": "3",
    }  # fmt: skip
    words = ("--workers", "2", "--no-tend")
    folder = tmp_path_factory.mktemp("caddy")
    home = tmp_path_factory.mktemp("home")
    with system(home, seed="tests.browser.seed", given=given, words=words) as behind:
        plain, tls = _free(), _free()
        told = {"storage": folder / "store", "plain": plain, "tls": tls, "kept": ROOT / "deploy/Caddyfile"}
        (folder / "Caddyfile").write_text(_WRAPPED % told)
        with (folder / "log").open("wb") as log:
            proxy = subprocess.Popen(
                [caddy, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
                env=os.environ | {"SITE": "localhost", "WEB": behind.url.removeprefix("http://")},
                stderr=log,
            )
        authority = folder / "store/pki/authorities/local/root.crt"
        made = Site(plain, tls, authority, behind)
        try:
            until = time.monotonic() + 60
            while not _answers(made):
                assert time.monotonic() < until, (folder / "log").read_text()
                time.sleep(0.2)
            yield made
        finally:
            proxy.terminate()
            proxy.wait(30)


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _answers(site: Site) -> bool:
    try:
        return site.authority.exists() and site.ask("GET", "/accounts/login/").status == 200
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with cookies."""

    site: Site
    cookies: dict[str, str]

    def get(self, path: str) -> Reply:
        return self._asked("GET", path, b"", {})

    def post(self, path: str, said: Mapping[str, str] = EMPTY, headers: Mapping[str, str] = EMPTY) -> Reply:
        """Post a form from our own page, unless the headers say otherwise."""
        body = urlencode({**said, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}).encode()
        form = {"Origin": self.site.url, "Content-Type": "application/x-www-form-urlencoded"}
        return self._asked("POST", path, body, form | dict(headers))

    def _asked(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reply = self.site.ask(method, path, body, {**headers, "Cookie": cookie})
        for line in reply.headers.get_all("Set-Cookie", []):
            name, value = line.partition(";")[0].split("=", 1)
            self.cookies[name] = value
        return reply


@pytest.fixture
def visitor(site: Site) -> Visitor:
    made = Visitor(site, {})
    made.get("/accounts/login/")
    return made


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_whoever_comes_without_tls_is_led_to_it(site: Site) -> None:
    reply = plainly(site.plain, "/console/work?page=2")
    assert (reply.status, reply.headers["Location"]) == (308, "https://localhost/console/work?page=2")


def test_every_page_says_what_browsers_are_to_keep_to(site: Site) -> None:
    reply = site.ask("GET", "/accounts/login/")
    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Frame-Options"] == "DENY"
    cookie = reply.cookie("csrftoken")
    assert ("Secure" in cookie, "SameSite=Lax" in cookie) == (True, True)


def test_somebody_signs_in_reads_and_leaves(visitor: Visitor) -> None:
    reply = visitor.get("/portal/")
    assert (reply.status, reply.headers["Location"]) == (302, "/accounts/login/?next=/portal/")
    reply = visitor.post("/accounts/login/", {"login": "broker", "password": PASSWORD})
    assert (reply.status, reply.headers["Location"]) == (302, "/portal/")
    cookie = reply.cookie("sessionid")
    assert ("Secure" in cookie, "HttpOnly" in cookie, "SameSite=Lax" in cookie) == (True, True, True)
    reply = visitor.get("/portal/")
    assert (reply.status, "SHOES-1" in reply.text) == (200, True)
    assert reply.headers["Cache-Control"] == "private, no-store"
    visitor.post("/accounts/logout/")
    assert visitor.get("/portal/").status == 302


def test_a_form_of_another_site_is_refused(visitor: Visitor) -> None:
    said = {"login": "broker", "password": PASSWORD}
    for origin in ("https://evil.example", f"http://localhost:{visitor.site.tls}", "null"):
        assert visitor.post("/accounts/login/", said, {"Origin": origin}).status == 403
    del visitor.cookies["csrftoken"]
    assert visitor.post("/accounts/login/", said).status == 403


def test_a_made_up_address_does_not_evade_the_lock(site: Site, visitor: Visitor) -> None:
    statuses = [
        visitor.post(
            "/accounts/login/",
            {"login": "supervisor", "password": "wrong"},
            {"X-Forwarded-For": f"10.9.9.{number}"},
        ).status
        for number in range(4)
    ]
    assert statuses == [200, 200, 429, 429]
    kept = site.asked_of_the_database(
        "from axes.models import AccessAttempt as A; print(*A.objects.values_list('username', 'ip_address'))"
    )
    assert kept in {"('supervisor', '127.0.0.1')", "('supervisor', '::')"}


@pytest.mark.parametrize(
    "path", ["/metrics", "/health", "/ready", "/METRICS", "/%6detrics", "//metrics", "/ready/"]
)
def test_what_is_for_the_inside_is_not_there_outside(site: Site, path: str) -> None:
    assert site.ask("GET", path, headers=bearing(TOKEN)).status == 404


def test_those_who_watch_ask_the_server_itself(site: Site) -> None:
    assert plainly(site.inside, "/health").status == 200
    assert plainly(site.inside, "/ready").status == 200
    assert plainly(site.inside, "/metrics", {"Host": "web:8000"} | bearing(TOKEN)).status == 200
    assert plainly(site.inside, "/metrics", {"Host": "web:8000", "Via": "1.1 proxy"}).status == 404
    assert plainly(site.inside, "/metrics", {"Host": "evil.example"} | bearing(TOKEN)).status == 400


def test_files_come_in_and_what_is_too_large_does_not(site: Site) -> None:
    sent = bearing(site.daliz("staff", "token", "broker", "--name", "files"))
    reply = site.ask("POST", "/api/v1/files?name=a.pdf", b"%PDF-1.7 " + os.urandom(19_000_000), sent)
    assert (reply.status, json.loads(reply.body)["size"]) == (201, 19_000_009)
    reply = site.ask("POST", "/api/v1/files?name=a.pdf", bytes(30_000_000), sent)
    assert (reply.status, json.loads(reply.body)["code"]) == (422, "file-large")
    with site.line() as line:
        line.putrequest("POST", "/api/v1/files?name=a.pdf")
        line.putheader("Content-Length", "64000001")
        line.endheaders()
        assert Reply.of(line.getresponse()).status == 413


def test_styles_are_sent_packed_and_pages_are_not(site: Site) -> None:
    packed = site.ask("GET", "/static/daliz/vendor/tabler.min.css", headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["Content-Encoding"], len(packed.body) < 200_000) == ("gzip", True)
    page = site.ask("GET", "/accounts/login/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] is None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_chromium_signs_in_and_files_without_a_complaint(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(ignore_https_errors=True, locale="en-GB")  # the CA is Caddy's own
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{site.url}/portal/file")
    page.fill("input[name=login]", "broker")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/portal/file")
    declared = tmp_path / "declaration.json"
    declared.write_text(json.dumps(a_declaration().content))
    page.set_input_files("input[type=file]", declared)
    page.click(
        "form:has(input[type=file]) button[type=submit], form:has(input[type=file]) button:not([type])"
    )
    page.wait_for_selector("input[name=draft]")
    cookies = {cookie["name"]: cookie["secure"] for cookie in context.cookies()}
    assert (cookies["sessionid"], cookies["csrftoken"]) == (True, True)
    assert complaints == []
    context.close()


def test_what_was_begun_is_answered_when_the_server_is_told_to_stop(site: Site) -> None:
    sent = bearing(site.daliz("staff", "token", "broker", "--name", "load"))
    sent |= {"Content-Type": "application/json"}
    body = json.dumps(a_declaration().content).encode()
    statuses: list[int] = []
    acknowledged: set[str] = set()
    over = threading.Event()

    def submit(client: int) -> None:
        number = 0
        while not over.is_set():
            number += 1
            key = f"STOP-{client}-{number}"
            named = {"X-Reference": key, "Idempotency-Key": key}
            reply = site.ask("POST", "/api/v1/declarations", body, sent | named)
            statuses.append(reply.status)
            if reply.status == 201:
                acknowledged.add(key)

    clients = [threading.Thread(target=submit, args=(n,)) for n in range(4)]
    for client in clients:
        client.start()
    while len(acknowledged) < 8:
        time.sleep(0.05)
    site.behind.server.send_signal(signal.SIGTERM)
    stopped = site.behind.server.wait(30)
    over.set()
    for client in clients:
        client.join()
    assert stopped == 0
    assert set(statuses) <= {201, 502}  # done, or not begun
    kept = site.asked_of_the_database(
        "from daliz.customs.intake.models import Declaration as D; "
        "print(*D.objects.filter(reference__startswith='STOP-').values_list('reference', flat=True))"
    )
    assert set(kept.split()) == acknowledged
