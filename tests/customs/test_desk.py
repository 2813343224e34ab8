"""The desk of a process: what is in force is exchanged whole, and processes share the day's load."""

import pytest

from daliz.customs import flow
from daliz.customs.assessment.actions import publish
from daliz.customs.assessment.desk import Desk, NothingPublishedError
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


def test_processes_see_what_the_others_gave(
    django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = Desk(), Desk()
    monkeypatch.setattr("daliz.customs.assessment.actions.DESK", one)
    other.taken(DAY)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's
        flow.submit(
            declared=a_weapon(),
            reference="",
            actor=acting("broker", Role.DECLARANT, organisation=TRADER),
            now=NOON,
        )
    one.exchange()
    lane = LaneLoad.objects.get(form="physical")
    assert (lane.mandatory, lane.seen) == (1.0, 1.0)
    other.exchange()
    seen = other.taken(DAY)
    assert seen.used[:, Claim.MANDATORY].sum() == 1.0
    assert seen.used.tolist() == one.taken(DAY).used.tolist()
