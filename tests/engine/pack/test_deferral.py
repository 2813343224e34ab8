"""What may wait until after release: only what policy, profile, direction and measures all permit."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from daliz.engine.pack import PACKS, check_pack, load_pack


@dataclass(frozen=True)
class Change:
    """A profile of the Kazakh pack with other words, as an overlay."""

    profile: str
    old: str
    new: str


WAITS = "capacity: waivable\ndeferrable: true"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change("bans-03-permits", "capacity: waivable", WAITS), "control of bans never waits"),
        (Change("bans-01-weapons", "capacity: mandatory", "capacity: mandatory\ndeferrable: true"),
         "only control by a waivable profile may wait"),
        (Change("concealment-01-cover", "capacity: waivable", WAITS), "only document checks wait"),
        (Change("ipr-01-protected-marks", "capacity: waivable", WAITS),
         "control of intellectual_property never waits"),
    ],
)  # fmt: skip
def test_each_mistake_is_told(tmp_path: Path, change: Change, said: str) -> None:
    text = (PACKS / "kz" / "profiles" / f"{change.profile}.yaml").read_text(encoding="utf-8")
    assert text.count(change.old) == 1
    (tmp_path / "profiles").mkdir()
    changed = text.replace(change.old, change.new).replace("version: 1\n", "version: 9\n", 1)
    (tmp_path / "profiles" / "own.yaml").write_text(changed, encoding="utf-8")
    problems = [problem for problem in check_pack("kz", overlay=tmp_path) if problem.code == "pack-deferral"]
    assert any(said in problem.message.text() for problem in problems)


def test_the_policy_names_a_measure_after_release(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("policy: {deferred_as: price_check}\n", encoding="utf-8")
    (problem,) = check_pack("kz", overlay=tmp_path)
    assert (
        problem.message.text()
        == "what waits is done after release; price_check is not of the form post_release"
    )
    (tmp_path / "policy.yaml").write_text("policy: {deferred_as: null}\n", encoding="utf-8")
    assert {problem.code for problem in check_pack("kz", overlay=tmp_path)} == {"pack-deferral"}


def test_three_profiles_of_the_kazakh_pack_let_documents_wait() -> None:
    assert [p.id for p in load_pack("kz").profiles if p.deferrable] == ["KZ-CL-02", "KZ-OR-04", "KZ-UV-09"]
