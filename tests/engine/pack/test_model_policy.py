"""What a pack requires of models: dated bounds, each mistake told with its place."""

from datetime import date
from pathlib import Path

import pytest

from daliz.engine.pack import PublicationBounds, load_pack
from tests.engine.pack.builders import PACK, a_pack, problems_of

ONE = (
    "    - {valid_from: 2024-01-01, held_out_days: 42, calibration_error: 0.06, auc: 0.65, auc_loss: 0.02,\n"
    "       drift: 0.25, leakage: 0, violations: 100, level: 0.9, largest_weight: 20}\n"
)
LAWS = "\nlaws:\n"


def with_bounds(*stated: str) -> tuple[str, str]:
    assert PACK.count(LAWS) == 1
    return LAWS, "\nmodels:\n  publication:\n" + "".join(stated) + LAWS


def test_the_bounds_of_the_day_hold(tmp_path: Path) -> None:
    later = ONE.replace("2024-01-01", "2025-06-01").replace("auc: 0.65", "auc: 0.7")
    policy = load_pack(a_pack(tmp_path, with_bounds(ONE, later))).models
    assert policy.publication_on(date(2023, 12, 31)) is None
    assert policy.publication_on(date(2025, 5, 31)) == PublicationBounds(
        valid_from=date(2024, 1, 1), held_out_days=42, calibration_error=0.06, auc=0.65, auc_loss=0.02,
        drift=0.25, leakage=0.0, violations=100.0, level=0.9, largest_weight=20.0,
    )  # fmt: skip
    found = policy.publication_on(date(2025, 6, 1))
    assert found is not None
    assert found.auc == 0.7


def test_a_pack_may_say_nothing_of_models(tmp_path: Path) -> None:
    assert load_pack(a_pack(tmp_path)).models.publication == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("auc: 0.65", "auc: 0.4", "pack-range", "auc 0.4 is not within 0.5 to 1"),
        ("held_out_days: 42", "held_out_days: 3", "pack-number", "is not a whole number from 7 up"),
        ("largest_weight: 20", "largest_weight: 0.5", "pack-range", "largest_weight 0.5 is not within 1"),
        ("drift: 0.25, ", "", "pack-missing", "drift is missing"),
        ("leakage: 0,", "leakage: 0, leak: 1,", "pack-unknown-key", "leak"),
    ],
)
def test_each_mistake_is_told(tmp_path: Path, old: str, new: str, code: str, said: str) -> None:
    assert old in ONE
    (problem,) = problems_of(tmp_path, with_bounds(ONE.replace(old, new)))
    assert problem.code == code
    assert said in problem.message.text()


def test_bounds_follow_one_another(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, with_bounds(ONE, ONE))
    assert (problem.code, "follow one another" in problem.message.text()) == ("pack-order", True)


@pytest.mark.parametrize("code", ["kz", "kg", "template"])
def test_every_pack_that_comes_with_daliz_states_bounds(code: str) -> None:
    bounds = load_pack(code).models.publication_on(date(2026, 3, 1))
    assert bounds is not None
    assert bounds.leakage == 0.0


HINT = (
    "{hint: {en: a, ru: б, kk: в}, look_at: {en: a, ru: б, kk: в}, "
    "approved_by: Dana, approved_on: 2026-03-01}"
)


def with_hints(areas: str) -> tuple[str, str]:
    return LAWS, f"\nmodels:\n  officer_hints:\n    most: 2\n    areas:\n{areas}" + LAWS


def test_a_hint_is_shown_from_the_day_of_its_approval_and_never_without(tmp_path: Path) -> None:
    unapproved = HINT.replace(", approved_by: Dana, approved_on: 2026-03-01", "")
    areas = f"      value: {HINT}\n      mass: {unapproved}\n"
    hints = load_pack(a_pack(tmp_path, with_hints(areas))).models.hints
    assert hints.most == 2
    assert list(hints.areas) == ["value", "mass"]
    assert hints.approved_on(date(2026, 2, 28)) == {}
    assert list(hints.approved_on(date(2026, 3, 1))) == ["value"]


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        (f"      links: {HINT}\n", "officers read nothing of links; what may be hinted at is: value,"),
        (
            f"      value: {HINT.replace('approved_by: Dana, ', '')}\n",
            "who approved the words and from which day",
        ),
        (f"      value: {HINT.replace('ru: б, ', '', 1)}\n", "ru is missing"),
    ],
)
def test_each_mistake_in_a_hint_is_told(tmp_path: Path, areas: str, said: str) -> None:
    (problem,) = problems_of(tmp_path, with_hints(areas))
    assert said in problem.message.text()
