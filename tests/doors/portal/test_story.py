"""A declarant in Chromium, from a draft to the release, answering a request with a file on the way."""

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.system import chromium, system
from tests.browser.visitor import Visitor
from tests.conftest import ROOT
from tests.doors.portal.seed import PASSWORD

pytestmark = pytest.mark.slow

SHOTS: Final = ROOT / "scratch" / "portal"
PATIENCE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Site:
    """A system under test: its address, and tokens by whose program asks."""

    url: str
    tokens: dict[str, str]

    def ask(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as somebody's program."""
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.tokens[who]}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            told = reply.read()
        return json.loads(told) if told else None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with system(tmp_path_factory.mktemp("home"), seed="tests.doors.portal.seed") as running:
        yield Site(running.url, json.loads(running.printed))


class Declarant(Visitor):
    """A declarant before the browser, who agrees to what he is asked."""

    def __init__(self, page: Page, lang: str) -> None:
        super().__init__(page, SHOTS)
        self.lang = lang
        page.set_default_timeout(PATIENCE)
        page.on("dialog", lambda dialog: dialog.accept())

    def look(self, shot: str = "") -> None:
        """Have axe look at the page, and keep its picture under the language."""
        super().look(f"{self.lang}-{shot}")


LOOKS: Final = {"ru": ("light", 1366), "kk": ("dark", 1366), "en": ("light", 1920)}
"""In which theme and width each language is looked at."""


@pytest.mark.parametrize("lang", LOOKS)
def test_a_declarant_from_draft_to_release(browser: Browser, site: Site, tmp_path: Path, lang: str) -> None:
    theme, width = LOOKS[lang]
    context = browser.new_context(base_url=site.url, viewport={"width": width, "height": 900})
    visitor = Declarant(context.new_page(), lang)
    comes(visitor, theme)
    writes(visitor)
    key = registers(visitor)
    place, request = is_asked(visitor, site, key)
    answers(visitor, request, tmp_path)
    is_released(visitor, site, key, place, request)
    looks_around(visitor, key)
    assert visitor.complaints == [], "\n".join(visitor.complaints)
    context.close()


def comes(visitor: Declarant, theme: str) -> None:
    page = visitor.page
    page.goto("/accounts/login/")
    page.fill("#id_login", f"broker-{visitor.lang}")
    page.fill("#id_password", PASSWORD)
    page.click("form button.btn-primary")
    if theme == "dark":
        page.click("button[name=theme][value=dark]")
    page.goto("/portal/")
    assert page.locator("html").get_attribute("lang") == visitor.lang
    visitor.look("empty")


def writes(visitor: Declarant) -> None:
    """Written by form: what is wrong is said beside its field as it is typed."""
    page = visitor.page
    page.goto("/portal/drafts/new")
    chosen = {"procedure": "IM40", "office": "53901", "goods_location": "53901", "transport_mode": "31"}
    for name, code in chosen.items():
        page.select_option(f"#h-{name}", code)
    page.fill("#h-departure_country", "CN")
    typed = {
        "hs_code": "9303300000", "description": "ружья охотничьи", "origin_country": "CN",
        "gross_mass_kg": "520", "net_mass_kg": "500", "customs_value": "12,345",
    }  # fmt: skip
    for name, text in typed.items():
        page.fill(f"#items-0-{name}", text)
    page.press("#items-0-customs_value", "Tab")
    expect(page.locator("#items-0-customs_value-problems > div")).to_have_count(1, timeout=PATIENCE)
    visitor.look("form-problem")
    page.fill("#items-0-customs_value", "2 000 000,50")
    page.press("#items-0-customs_value", "Tab")
    expect(page.locator("#items-0-customs_value-problems > div")).to_have_count(0, timeout=PATIENCE)
    page.click("#add-items")
    expect(page.locator("#items-1-hs_code")).to_be_visible(timeout=PATIENCE)
    assert page.input_value("#items-0-description") == "ружья охотничьи"
    page.click("button[value='drop:items:1']")
    expect(page.locator("#items-1-hs_code")).to_have_count(0, timeout=PATIENCE)


def registers(visitor: Declarant) -> int:
    page = visitor.page
    page.fill("#reference", f"STORY-{visitor.lang}")
    page.click("button[data-key=s]")
    page.wait_for_url(re.compile(r"/portal/drafts/\d+$"))
    visitor.look("draft")
    page.goto("/portal/drafts")
    visitor.look("drafts")
    page.click("table a")
    page.click("button[value=register]")
    page.wait_for_url(re.compile(r"/portal/declarations/\d+$"))
    visitor.look("control")
    return int(page.url.rpartition("/")[2])


def is_asked(visitor: Declarant, site: Site, key: int) -> tuple[str, int]:
    """The officer asks for a document; the page says so by itself."""
    [control] = [one for one in site.ask("officer", "GET", "/controls") if one["declaration"] == key]
    place = f"/controls/{control['id']}"
    site.ask("officer", "POST", f"{place}/take")
    asked = site.ask("officer", "POST", f"{place}/requests", {"code": "contract", "text": "№ 17"})
    expect(visitor.page.locator(f"#request-{asked['id']}")).to_be_visible(timeout=PATIENCE)
    visitor.look("asked")
    visitor.page.goto("/portal/?asked=1")
    visitor.look("list")
    visitor.page.click("tbody a")
    return place, asked["id"]


def answers(visitor: Declarant, request: int, folder: Path) -> None:
    """A file answers, and can be had back."""
    page, paper = visitor.page, folder / "договор.pdf"
    paper.write_bytes(b"%PDF-1.7 contract\n%%EOF")
    page.set_input_files(f"#files-{request}", paper)
    page.click(f"#request-{request} button.btn-primary")
    expect(page.locator("#settled-title")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as saved:
        page.click("#asked a[download]")
    assert saved.value.suggested_filename == "договор.pdf"
    visitor.look("answered")


def is_released(visitor: Declarant, site: Site, key: int, place: str, request: int) -> None:
    """Accepted, found in order, confirmed by a second officer, conditions stand: released before the eyes."""
    site.ask("officer", "POST", f"/requests/{request}/accept")
    clean = {"item_no": 1, "violation": False, "minutes": 30, "extent": "full"}
    site.ask("officer", "POST", f"{place}/findings", clean)
    site.ask("officer", "POST", f"{place}/conclude", {"outcome": "passed"})
    site.ask("second", "POST", f"{place}/confirm", {"agreed": True})
    for code in ("payment", "permits", "presentation"):
        site.ask("treasury", "PUT", f"/declarations/{key}/conditions/{code}", {"holds": True})
    expect(visitor.page.locator("#status .mark-success")).to_be_visible(timeout=PATIENCE)
    visitor.look("released")


def looks_around(visitor: Declarant, key: int) -> None:
    for name in ("notices", "connections", "people", "tokens", "file", f"declarations/{key}/print"):
        visitor.page.goto(f"/portal/{name}")
        visitor.look(name.rpartition("/")[2])
    visitor.page.goto("/portal/notices")
    visitor.page.click("form button.btn-primary")
    expect(visitor.page.locator(".notices .unread")).to_have_count(0, timeout=PATIENCE)
