"""Whatever is done to a pack's text, the answer is a list of problems or a pack, never a crash."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daliz.engine.pack import PackError, Problem, check_pack, load_pack
from tests.engine.pack.builders import PACK

LINES = PACK.splitlines()
SCRAPS = (
    "", "x", "[]", "{}", "~", "-", "-1", "nan", "1e999", "true", "'", '"', "{en: x}", "[[[[", "&a", "*a",
    "!!int", "item.hs_code", "2026-13-01", "|", "%TAG", "\u202e", "\x00", "9" * 20, "? a\n: b", "a: b: c",
)  # fmt: skip
STRANGE = st.sampled_from(SCRAPS)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The small pack with a few lines dropped, doubled, moved or with another value."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                lines[at] = lines[at].partition(":")[0] + ": " + draw(STRANGE)
            case 3:
                lines[at] = "  " + lines[at]
            case _:
                cut = draw(st.integers(0, max(0, len(lines[at]) - 1)))
                lines[at] = lines[at][:cut] + draw(STRANGE) + lines[at][cut:]
    return "\n".join(lines)


def both(path: Path) -> list[Problem]:
    """What checking finds, held against what loading does."""
    found = check_pack(path)
    if found:
        with pytest.raises(PackError) as caught:
            load_pack(path)
        assert list(caught.value.problems) == found
    else:
        load_pack(path)
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=damaged())
def test_a_damaged_pack_is_told_or_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    lines = text.count("\n") + 2
    for problem in both(path):
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.text("ru")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_bytes_that_are_no_pack_are_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pack.yaml"
    path.write_bytes(content)
    assert both(path)
