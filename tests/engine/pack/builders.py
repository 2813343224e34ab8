"""A pack small enough to read, and what becomes of it when one thing in it is changed."""

from pathlib import Path
from typing import Final

from daliz.engine.pack import Problem, check_pack

PACK: Final = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")


def a_pack(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the pack with each first text replaced by its second; each must stand in it exactly once."""
    text = PACK
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    path = folder / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, *changes: tuple[str, str]) -> list[Problem]:
    """What is wrong with the pack after these changes."""
    return check_pack(a_pack(folder, *changes))


def line_of(text: str, within: str = PACK) -> int:
    """The line, from 1, on which ``text`` stands."""
    return within[: within.index(text)].count("\n") + 1
