"""An administrator sees when each of the nights' jobs ran and what came of it."""

from datetime import UTC, date, datetime

import pytest

from daliz.ground.nights.models import Run
from daliz.ground.outbox.models import Message
from daliz.ground.staff.actor import Role
from tests.doors.console.cast import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

NIGHT = datetime(2026, 3, 9, 20, tzinfo=UTC)


def test_the_jobs_of_the_nights_are_shown_with_their_runs() -> None:
    Run.objects.create(
        job="retention", day=date(2026, 3, 10), state=Run.DONE, attempts=1, due_at=NIGHT, started_at=NIGHT,
        ended_at=NIGHT, message="drafts 4, notices 0, answers 3 (5 files), loads 0",
    )  # fmt: skip
    Run.objects.create(
        job="prepare", day=date(2026, 3, 11), state=Run.FAILED, attempts=3, due_at=NIGHT, started_at=NIGHT,
        ended_at=NIGHT, message="OSError: no room",
    )  # fmt: skip
    page = somebody("root", Role.ADMINISTRATOR).get("/console/health").content.decode()
    for said in (
        "let go of what is no longer kept",
        "drafts that nobody changed: 4; declarations whose answers to requests go, with their files: 3 (",
        "went wrong",
        "OSError: no room",
    ):
        assert said in page
    assert "notifications in the portal: 0" not in page


@pytest.mark.parametrize(
    ("job", "message", "lang", "said"),
    [
        ("retention", "drafts 0, loads 0", "ru", "ничего с истёкшим сроком"),
        ("seal", "7 entries, 0 secrets sealed anew", "kk", "мөрленген жазбалар: 7"),
        ("export", "DALIZ_MONTHS names no folder", "ru", "папка не указана"),
        ("train", "not due before 2026-04-02", "kk", "2026-04-02 дейін қажет емес"),
        ("prepare", "policy-67, 0 keys", "ru", "policy-67, ключей: 0"),
    ],
)
def test_what_came_of_a_job_is_said_in_the_language_of_the_page(
    job: str, message: str, lang: str, said: str
) -> None:
    Run.objects.create(job=job, day=date(2026, 3, 10), state=Run.DONE, due_at=NIGHT, message=message)
    page = somebody("root", Role.ADMINISTRATOR)
    page.post("/choose", {"lang": lang, "next": "/console/health"})
    told = page.get("/console/health").content.decode()
    assert said in told
    assert message not in told


def test_before_the_first_night_the_page_says_who_plans_them() -> None:
    page = somebody("root", Role.ADMINISTRATOR).get("/console/health").content.decode()
    assert "None was planned yet" in page


def test_what_was_given_up_is_named_in_words() -> None:
    Message.objects.create(
        key="m-1", channel="email", recipient="desk@erp.example", topic="request_again", state=Message.DEAD,
        created_at=NIGHT, due_at=NIGHT, error="user unknown",
    )  # fmt: skip
    told = somebody("root", Role.ADMINISTRATOR).get("/console/health").content.decode()
    assert ("<td>e-mail</td>" in told, "a document is asked for again" in told) == (True, True)
    assert "request_again" not in told
