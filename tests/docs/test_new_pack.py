"""The walk-through of a new pack is followed step by step, as a reader would."""

import re
from collections.abc import Iterator
from pathlib import Path
from shlex import split

import pytest
from typer.testing import CliRunner

from daliz.doors.cli.main import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "handbook" / "new-pack.md"
BLOCK = re.compile(r"(?:^`([^`\n]+)`(?: \((add)\))?\n\n)?^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CHANGE = re.compile(r"^In `([^`]+)`, `([^`]+)` becomes `([^`]+)`\.$", re.MULTILINE)


def steps() -> Iterator[tuple[str, str]]:
    """The sections of the page: heading and text."""
    parts = re.split(r"^## (\d\. .+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    yield from zip(parts[1::2], parts[2::2], strict=True)


def follow(text: str) -> str:
    """Do what a section says; return everything that the commands answered."""
    for name, old, new in CHANGE.findall(text):
        file = Path(name)
        before = file.read_text(encoding="utf-8")
        assert before.count(old) == 1
        file.write_text(before.replace(old, new), encoding="utf-8")
    said = ""
    for name, add, language, content in BLOCK.findall(text):
        if language == "sh":
            for line in content.splitlines():
                result = CliRunner().invoke(app, split(line)[1:], env={"COLUMNS": "200"})
                said += result.stdout
        elif name:
            before = Path(name).read_text(encoding="utf-8") if add else ""
            Path(name).write_text(before + content, encoding="utf-8")
    return said


def test_the_page_is_followed_to_a_first_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    followed = []
    for heading, text in steps():
        said = follow(text)
        answers = "".join(content for _, _, language, content in BLOCK.findall(text) if language == "text")
        missing = [line for line in answers.splitlines() if line not in said]
        assert missing == [], f"{heading}: {said}"
        followed.append(heading)
    assert [heading[0] for heading in followed] == ["1", "2", "3", "4", "5", "6", "7"]
    assert "## And then" not in "".join(followed)
