"""The desk of a process: what is in force is exchanged whole, and processes share the day's load."""

import queue
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import TestCase

from daliz.customs import flow
from daliz.customs.assessment.actions import publish
from daliz.customs.assessment.desk import Desk, NothingPublishedError
from daliz.customs.assessment.loads import Loads
from daliz.customs.assessment.models import LaneLoad, Publication
from daliz.engine.allocation import Claim
from daliz.engine.live import Night
from daliz.engine.pack import Pack
from daliz.ground.staff.actor import SYSTEM, NotAllowedError, Role
from tests.customs.cast import TRADER, a_weapon
from tests.customs.conftest import DAY
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]


def test_a_new_publication_takes_the_place_of_the_old_one(night: Night, pack: Pack) -> None:
    desk = Desk()
    before = desk.held().publication.pk
    newer = publish(night=night, pack=pack, actor=SYSTEM, now=NOON)
    desk.forget()
    assert (desk.held().publication.pk, newer.pk > before) == (newer.pk, True)
    assert desk.held().policy.policy_id == night.policy_id


def test_what_was_made_with_another_pack_is_not_used(night: Night) -> None:
    Publication.objects.update(pack_fingerprint="0" * 64)
    with pytest.raises(NothingPublishedError, match="another content of the pack kz"):
        Desk().held()


def test_a_declarant_publishes_nothing(night: Night, pack: Pack) -> None:
    with pytest.raises(NotAllowedError):
        publish(night=night, pack=pack, actor=acting("broker", Role.DECLARANT, organisation=TRADER), now=NOON)


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, Callable[[], None]]:
    """A desk that decided a declaration which takes officers' time; what counts that once it is committed."""
    desk = Desk()
    monkeypatch.setattr("daliz.customs.assessment.actions.DESK", desk)
    with TestCase.captureOnCommitCallbacks() as callbacks:
        flow.submit(
            declared=a_weapon(),
            reference="",
            actor=acting("broker", Role.DECLARANT, organisation=TRADER),
            now=NOON,
        )
    [counted] = [one for one in callbacks if getattr(one, "func", None) == desk.took]
    return desk, counted


def test_processes_see_what_the_others_gave(submitted: tuple[Desk, Callable[[], None]]) -> None:
    (one, counted), other = submitted, Desk()
    other.taken(other.held(), DAY)
    counted()
    one.exchange()
    lane = LaneLoad.objects.get(form="physical")
    assert (lane.mandatory, lane.seen) == (1.0, 1.0)
    other.exchange()
    seen = other.taken(other.held(), DAY)
    assert seen.used[:, Claim.MANDATORY].sum() == 1.0
    assert seen.used.tolist() == one.taken(one.held(), DAY).used.tolist()


def test_what_a_day_gave_goes_over_to_the_next_publication(
    night: Night, pack: Pack, submitted: tuple[Desk, Callable[[], None]]
) -> None:
    desk, counted = submitted
    before = desk.held()
    counted()
    publish(night=night, pack=pack, actor=SYSTEM, now=NOON)
    desk._looked = 0.0  # a second later
    newer = desk.held()
    assert newer.publication.pk > before.publication.pk
    assert desk.taken(newer, DAY).used[:, Claim.MANDATORY].sum() == 1.0
    counted()  # another that the one before began
    desk.exchange()
    assert LaneLoad.objects.get(form="physical").mandatory == 2.0


def test_what_was_decided_before_midnight_counts_for_its_day(
    submitted: tuple[Desk, Callable[[], None]],
) -> None:
    desk, counted = submitted
    tomorrow = DAY + timedelta(days=1)
    desk.taken(desk.held(), tomorrow)
    counted()
    assert [desk.taken(desk.held(), day).used.sum() for day in (DAY, tomorrow)] == [1.0, 0.0]


def test_on_a_server_the_publication_before_decides_until_the_next_is_compiled(
    night: Night, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: queue.SimpleQueue[int] = queue.SimpleQueue()
    monkeypatch.setattr(Desk, "_renew", lambda _, newest: begun.put(newest))
    desk = Desk(aside=True)
    before = desk.held()
    newer = publish(night=night, pack=pack, actor=SYSTEM, now=NOON)
    for _ in range(3):
        desk._looked = 0.0  # a second later, and the thread is still at it
        assert desk.held() is before
    assert begun.get(timeout=10) == newer.pk
    assert begun.empty()


def test_a_load_moves_to_other_lanes_by_their_names() -> None:
    loads = Loads.nothing(DAY, {("a", "documents"): 0, ("a", "physical"): 1})
    loads.own.used[1, Claim.RANDOM] = 3.0
    loads.others.seen[:] = [5.0, 7.0]
    moved = loads.moved({("b", "physical"): 0, ("a", "physical"): 1, ("a", "documents"): 2})
    assert moved.own.used[:, Claim.RANDOM].tolist() == [0.0, 3.0, 0.0]
    assert moved.together().seen.tolist() == [0.0, 7.0, 5.0]
