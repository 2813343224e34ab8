"""Exception lists of a pack: who, by what, on which days, to what effect; each mistake told."""

from datetime import date
from pathlib import Path

import pytest

from daliz.engine.pack import Listed, ListKind, check_pack, load_pack

PACKS = {"kz": 2, "kg": 1}
ONE = """
exception_lists:
  trusted:
    kind: minimal_risk
    name: {en: a, ru: б, kk: в}
    by: declaration.trader_id
    level: medium
    spares: [undervaluation]
    members: [{id: "1", valid_from: 2025-01-01, valid_until: 2025-12-31}]
    source: [{law: kz_code}]
"""


def overlaid(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """Return what is wrong with the Kazakh pack under an overlay of one list with these changes."""
    text = ONE
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "lists.yaml").write_text(text, encoding="utf-8")
    return [problem.message.text() for problem in check_pack("kz", overlay=folder)]


def test_a_list_is_read_as_it_stands(tmp_path: Path) -> None:
    assert overlaid(tmp_path) == []
    one = load_pack("kz", overlay=tmp_path).exception_lists["trusted"]
    assert (one.kind, one.by, one.level, one.spares) == (
        ListKind.MINIMAL_RISK, "declaration.trader_id", "medium", frozenset({"undervaluation"}),
    )  # fmt: skip
    assert one.members == (Listed("1", date(2025, 1, 1), date(2025, 12, 31)),)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[undervaluation]", "[bans]", "control of bans never waits, so no list spares it"),
        (
            "    level: medium\n    spares: [undervaluation]\n",
            "",
            "trusted does nothing; state a level, spares",
        ),
        ("2025-12-31", "2024-12-31", "valid_until lies before valid_from"),
        ("declaration.trader_id", "item.hs_code", "item.hs_code"),
        ("level: medium", "level: dire", "level 'dire' is none of: low, medium, high, critical"),
        ("    level: medium", "    level: medium\n    log_odds: 1", "log_odds"),
        ("    level: medium", "    level: medium\n    list: consumer_headings", "states either list"),
    ],
)
def test_each_mistake_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    (problem,) = overlaid(tmp_path, (old, new))
    assert said in problem


@pytest.mark.parametrize(("code", "n"), sorted(PACKS.items()))
def test_the_packs_have_invented_lists(code: str, n: int) -> None:
    assert len(load_pack(code).exception_lists) == n


def test_a_named_list_serves_with_days_common_to_all() -> None:
    members = load_pack("kg").exception_lists["entrusted"].members
    assert members[0] == Listed("01001199910001", date(2024, 1, 1), date(2027, 12, 31))
    assert len(members) == 3
