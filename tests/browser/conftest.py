"""The console before a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.system import chromium, system
from tests.browser.visitor import Visitor
from tests.conftest import ROOT

SHOTS = ROOT / "scratch" / "pages"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a system with people and something to do."""
    with system(tmp_path_factory.mktemp("home"), seed="tests.browser.seed") as running:
        yield running.url


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    """Somebody with a browser of his own; what the browser complains of fails the test."""
    context = browser.new_context(base_url=site, viewport={"width": 1366, "height": 768})
    visitor = Visitor(context.new_page(), SHOTS)
    yield visitor
    context.close()
    assert visitor.complaints == []
