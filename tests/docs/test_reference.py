"""The reference says what the code says, and leaves nothing out."""

import re
from pathlib import Path

import pytest

from daliz.engine.features import VOCABULARY
from daliz.engine.records.schema import TABLES
from scripts.reference import FOLDER, PAGES
from tests.docs.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


def sections(page: str) -> dict[str, str]:
    """The page's text by heading."""
    parts = re.split(r"^#+ (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    made = PAGES[name]()
    assert (FOLDER / name).read_text(encoding="utf-8") == made, "run `make reference`"


@pytest.mark.parametrize(("name", "options"), COMMANDS.items())
def test_every_command_and_option_is_described(name: str, options: frozenset[str]) -> None:
    described = sections((FOLDER / "cli.md").read_text(encoding="utf-8"))
    text = described["Command line" if name == "daliz" else f"`{name}`"]
    assert [option for option in sorted(options) if not re.search(rf"`[^`]*{option}\b", text)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    described = sections((FOLDER / "cli.md").read_text(encoding="utf-8"))
    text = described["Command line" if name == "daliz" else f"`{name}`"]
    entries = re.findall(r"^\* `([^`]+)`(.*)$", text, flags=re.MULTILINE)
    silent = [
        entry for entry, about in entries if not re.search(r"[a-z]{2}", re.sub(r"\[[^]]*\]", "", about))
    ]
    assert silent == []


def test_every_table_is_described() -> None:
    described = sections((FOLDER / "records.md").read_text(encoding="utf-8"))
    assert [name for name in TABLES if name not in described] == []


def test_every_name_of_the_vocabulary_is_described() -> None:
    page = (FOLDER / "vocabulary.md").read_text(encoding="utf-8")
    assert [name for name in VOCABULARY if f"| `{name}` |" not in page] == []


def test_every_source_that_the_code_cites_is_listed() -> None:
    listed = set(
        re.findall(r"^@\w+\{(\w+),", (ROOT / "docs" / "sources.bib").read_text("utf-8"), re.MULTILINE)
    )
    cited = {
        key
        for file in [*ROOT.glob("src/**/*.py"), *ROOT.glob("docs/**/*.md")]
        for key in re.findall(r"\[([a-z]+\d{4}[a-z]*)\]", file.read_text(encoding="utf-8"))
    }
    assert cited - listed == set()
