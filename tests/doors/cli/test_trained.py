"""The night's job that trains models anew: when they are due, by the pack's bounds, and what it says."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from daliz.doors.cli.serving.trained import in_force, retrain
from daliz.engine.pack import PublicationBounds, load_pack
from daliz.engine.world import write_world
from daliz.ground.nights.models import Run

DAY = date(2026, 3, 3)
LOOSE = PublicationBounds(
    valid_from=date(2024, 1, 1), held_out_days=14, calibration_error=1.0, auc=0.5, auc_loss=0.5, drift=99.0,
    leakage=0.0, violations=1.0, level=0.9, largest_weight=20.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    write_world(
        folder, pack=load_pack("kz"), seed=21, months=3, per_day=60, first_month=date(2026, 1, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return folder


@pytest.fixture
def registry(tmp_path: Path, settings: Settings, db: None) -> Path:
    settings.MODELS = tmp_path / "models"
    return tmp_path / "models"


def judged_by(monkeypatch: pytest.MonkeyPatch, *bounds: PublicationBounds) -> None:
    """The pack with other bounds."""
    kz = load_pack("kz")
    pack = replace(kz, models=replace(kz.models, publication=bounds))
    monkeypatch.setattr("daliz.doors.cli.serving.trained.pack", lambda: pack)


@pytest.mark.slow
@pytest.mark.usefixtures("registry")
def test_nothing_is_trained_without_bounds_or_findings(
    monkeypatch: pytest.MonkeyPatch, history: Path
) -> None:
    early = retrain(date(2026, 1, 6), history=history)
    assert early.startswith("nothing trained: before 2026-01-06 only ")
    judged_by(monkeypatch, replace(LOOSE, held_out_days=7))
    unjudged = retrain(date(2026, 3, 31), history=history)
    assert unjudged == "nothing trained: no control of the last 7 days to judge it by"
    judged_by(monkeypatch)
    assert retrain(DAY, history=history).startswith("not due: the pack states no bounds")


@pytest.mark.slow
def test_models_that_pass_score_from_the_next_day_and_are_due_again_a_month_later(
    monkeypatch: pytest.MonkeyPatch, history: Path, registry: Path
) -> None:
    judged_by(monkeypatch, LOOSE)
    assert in_force("kz")(DAY) is None
    said = retrain(DAY, history=history)
    [folder] = [path.name for path in (registry / "kz").iterdir() if path.is_dir()]
    assert folder.startswith("2026-03-03-")
    assert said.startswith(f"{folder} in force from the next day; learned from ")
    on = in_force("kz")
    assert on(DAY) is None
    found = on(date(2026, 3, 4))
    assert found is not None
    assert found.version == folder
    assert retrain(date(2026, 3, 4), history=history) == "not due before 2026-04-02"


@pytest.mark.slow
def test_models_that_fail_are_not_published_and_tried_again_a_week_later(
    monkeypatch: pytest.MonkeyPatch, history: Path, registry: Path
) -> None:
    judged_by(monkeypatch, replace(LOOSE, violations=1e6))
    said = retrain(DAY, history=history)
    assert said.startswith("not published: 1 of ")
    assert "(bound 1e+06)" in said
    assert not [path for path in (registry / "kz").glob("*") if path.is_dir()]
    now = datetime(2026, 3, 3, 1, tzinfo=UTC)
    Run.objects.create(job="train", day=DAY, state=Run.DONE, due_at=now, message=said)
    assert retrain(date(2026, 3, 5), history=history) == "not due before 2026-03-10"
