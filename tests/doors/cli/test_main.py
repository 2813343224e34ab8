"""The command as a shell runs it: what is refused, in which language, with which exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def daliz(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daliz", *arguments], capture_output=True, text=True, check=False
    )


def test_a_refusal_is_one_sentence_on_the_error_stream_and_exit_code_1() -> None:
    refused = daliz("pack", "show", "atlantis")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "atlantis" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_refusal_is_told_in_the_language_that_was_asked_for() -> None:
    russian, kazakh = (
        daliz("draw", "new-key", "/dev/null", "--id", "a", *option).stderr
        for option in (("--lang", "ru"), ("--lang=kk",))
    )
    assert any("а" <= letter <= "я" for letter in russian)
    assert russian != kazakh


def test_with_json_a_refusal_is_an_object_on_standard_output() -> None:
    refused = daliz("assess", "pyproject.toml", "--capacity", "xray=1%", "--out", "scratch", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "capacity"


@pytest.mark.parametrize(
    "arguments",
    [
        ["world", "--months", "1", "--per-day", "1", "--out"],
        ["read", "pyproject.toml", "--out"],
        ["assess", "pyproject.toml", "--out"],
        ["draw", "new-key", "--id", "a"],
    ],
)
def test_a_place_that_cannot_be_written_is_named_with_the_cause(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "file").write_text("")
    refused = daliz(*arguments, str(tmp_path / "file" / "below"))
    assert refused.returncode == 1
    assert "cannot be read or written" in refused.stderr
    assert "below" in refused.stderr.replace("\n", "")
    assert "Traceback" not in refused.stderr


def test_a_language_that_is_none_is_wrong_usage() -> None:
    assert daliz("check", "TRUE", "--lang", "de").returncode == 2
