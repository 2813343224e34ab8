"""Somebody with a browser: logs in, looks, is told of what the browser complains of and what axe finds."""

from pathlib import Path
from typing import Final

from playwright.sync_api import ConsoleMessage, Page

from tests.browser.seed import PASSWORD

_AXE: Final = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_ASK: Final = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")
    + " " + (node.any[0]?.message ?? "")).slice(0, 3).join(" | ")}`);
}"""


class Visitor:
    """A browser's page and what was seen through it.

    Attributes:
        page: the page.
        complaints: errors of the console and of scripts.
    """

    def __init__(self, page: Page, shots: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._shots = shots
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def log_in(self, login: str, lang: str) -> None:
        """Log in and choose the language."""
        self.page.goto("/accounts/login/")
        self.page.fill("#id_login", login)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("form button.btn-primary")
        self.choose("lang", lang)

    def choose(self, name: str, value: str) -> None:
        """Choose a language or a theme; a theme that is chosen already stays."""
        button = self.page.locator(f"button[name={name}][value={value}]")
        if button.count():
            button.click()

    def go(self, path: str, *, shot: str = "") -> None:
        """Open a page, have axe look at it, keep a picture of it."""
        self.page.goto(path)
        self.look(shot)

    def look(self, shot: str = "") -> None:
        """Have axe look at the page as it stands, and keep a picture."""
        # By the debugger, as a person's own tools would: the page's policy lets no other script in.
        self.page.evaluate(f"() => {{ {_AXE} }}")
        found = self.page.evaluate(_ASK, _RULES)
        if shot:
            self._shots.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self._shots / f"{shot}.png", full_page=True, caret="initial")
        assert not found, f"{self.page.url}: {found}"

    @property
    def heading(self) -> str:
        """The first heading."""
        return self.page.locator("h1").first.inner_text()
