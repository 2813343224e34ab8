"""An administrator sees when each of the nights' jobs ran and what came of it."""

from datetime import UTC, date, datetime

import pytest

from daliz.ground.nights.models import Run
from daliz.ground.staff.actor import Role
from tests.doors.console.cast import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

NIGHT = datetime(2026, 3, 9, 20, tzinfo=UTC)


def test_the_jobs_of_the_nights_are_shown_with_their_runs() -> None:
    Run.objects.create(
        job="retention", day=date(2026, 3, 10), state=Run.DONE, attempts=1, due_at=NIGHT, started_at=NIGHT,
        ended_at=NIGHT, message="4 drafts, 0 notices",
    )  # fmt: skip
    Run.objects.create(
        job="prepare", day=date(2026, 3, 11), state=Run.FAILED, attempts=3, due_at=NIGHT, started_at=NIGHT,
        ended_at=NIGHT, message="OSError: no room",
    )  # fmt: skip
    page = somebody("root", Role.ADMINISTRATOR).get("/console/health").content.decode()
    for said in ("let go of what is no longer kept", "4 drafts, 0 notices", "failed", "OSError: no room"):
        assert said in page


def test_before_the_first_night_the_page_says_who_plans_them() -> None:
    page = somebody("root", Role.ADMINISTRATOR).get("/console/health").content.decode()
    assert "None was planned yet" in page
