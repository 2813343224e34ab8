"""What the pages promise is there: links lead somewhere, commands exist, decisions are complete."""

import re
from pathlib import Path

import pytest

from tests.docs.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *ROOT.glob("*.md"),
    *(page for page in ROOT.glob("docs/**/*.md") if "_build" not in page.parts),
]
ADRS = sorted(ROOT.glob("docs/adr/[0-9]*.md"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def shell_lines(page: Path) -> list[str]:
    blocks = re.findall(
        r"^```(?:sh|console)\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return [
        line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines() if line.strip()
    ]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(
        re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    spoken = {
        word for span in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")) for word in made(span)
    }
    typed = {word for line in shell_lines(page) for word in made(line)}
    assert (spoken | typed) - targets == set()


def made(line: str) -> list[str]:
    """The targets of a line that runs make, after settings of the environment."""
    found = re.match(r"(?:\w+=\S+ )*make((?: [a-z][a-z-]*\b(?!=))+)", line)
    return found[1].split() if found else []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_daliz_command_that_a_page_shows_exists(page: Path) -> None:
    lines = [line for line in shell_lines(page) if re.match(r"(\.venv/bin/)?daliz ", line)]
    shown = [line.split() for line in lines if "[OPTIONS]" not in line]
    assert [words for words in shown if not exists(words[1:])] == []


def exists(words: list[str]) -> bool:
    """Tell whether the words begin with a command and use only its options."""
    plain = [word for word in words if not word.startswith("-")]
    names = [" ".join(["daliz", *plain[:length]]) for length in (2, 1, 0)]
    command = next(name for name in names if name in COMMANDS)
    used = {word.partition("=")[0] for word in words if word.startswith("-")}
    return (command != "daliz" or not plain) and used <= COMMANDS[command] | {"--help"}


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("page", ADRS, ids=named)
def test_a_decision_says_its_status_context_and_consequences(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.match(rf"# {int(page.name[:4])}\. \w", text), "the title begins with the decision's number"
    assert re.search(r"^Status: (proposed|accepted|replaced by \[?\d+)", text, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert {"Context", "Decision", "Consequences"} <= set(headings)


def test_the_readme_fits_one_screen() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 50
