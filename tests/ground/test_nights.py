"""Nights: in order, once, made up after an absence, tried again, by one leader."""

from datetime import UTC, date, datetime, timedelta

import pytest

from daliz.ground.nights.actions import Job, again, do_next, leading, plan
from daliz.ground.nights.models import Lease, Run
from daliz.ground.nights.queries import failed, runs

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def log_of(done: list[tuple[str, date]]) -> list[Job]:
    def job(name: str) -> Job:
        def run(day: date) -> str:
            done.append((name, day))
            return "well"

        return Job(name, run)

    return [job("prepare"), job("clean")]


def test_missed_nights_are_made_up_in_order() -> None:
    done: list[tuple[str, date]] = []
    jobs = log_of(done)
    assert plan(jobs, today=MONDAY, now=NOW) == 2
    while do_next(jobs, now=NOW):
        pass
    thursday = MONDAY + timedelta(days=3)
    assert plan(jobs, today=thursday, now=NOW) == 6
    while do_next(jobs, now=NOW):
        pass
    assert done == [
        (name, MONDAY + timedelta(days=n)) for n in range(4) for name in ("prepare", "clean")
    ]  # fmt: skip
    assert plan(jobs, today=thursday, now=NOW) == 0
    assert {run.state for run in runs()} == {"done"}


def test_a_failed_job_is_seen_tried_again_later_and_those_behind_it_wait() -> None:
    done: list[tuple[str, date]] = []
    broken = [True]

    def prepare(day: date) -> str:
        if broken[0]:
            raise OSError("the disk is full")
        return "well"

    jobs = [Job("prepare", prepare), log_of(done)[1]]
    plan(jobs, today=MONDAY, now=datetime.now(UTC))
    ran = do_next(jobs, now=datetime.now(UTC))
    assert ran is not None
    assert (ran.state, ran.message) == ("failed", "OSError: the disk is full")
    assert do_next(jobs, now=datetime.now(UTC)) is None
    assert [(run.job, run.attempts) for run in failed()] == [("prepare", 1)]
    assert done == []
    broken[0] = False
    later = datetime.now(UTC) + timedelta(minutes=2)
    ran = do_next(jobs, now=later)
    assert ran is not None
    assert (ran.state, ran.attempts) == ("done", 2)
    do_next(jobs, now=later)
    assert done == [("clean", MONDAY)]


def test_what_was_under_way_when_its_process_ended_is_done_again() -> None:
    done: list[tuple[str, date]] = []
    jobs = log_of(done)
    plan(jobs, today=MONDAY, now=NOW)
    Run.objects.filter(job="prepare").update(state="running", started_at=NOW, attempts=1)
    do_next(jobs, now=NOW)
    assert done == [("prepare", MONDAY)]


def test_a_job_is_done_again_when_asked() -> None:
    done: list[tuple[str, date]] = []
    jobs = log_of(done)
    plan(jobs, today=MONDAY, now=NOW)
    while do_next(jobs, now=NOW):
        pass
    again(run=Run.objects.get(job="clean"), now=NOW)
    do_next(jobs, now=NOW)
    assert done[2:] == [("clean", MONDAY)]


def test_one_leads_at_a_time_and_a_dead_leader_is_followed() -> None:
    Lease.objects.create(name="nights", holder="another", until=datetime.now(UTC) + timedelta(minutes=1))
    with leading("nights", holder="me") as leads:
        assert leads is False
    Lease.objects.update(until=datetime.now(UTC) - timedelta(seconds=1))
    with leading("nights", holder="me") as leads:
        assert leads is True
        assert Lease.objects.get().holder == "me"
    assert not Lease.objects.exists()
