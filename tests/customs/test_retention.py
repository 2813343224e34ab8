"""What the pack no longer keeps is let go of; what is not over stays, and the journal stays whole."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from daliz.customs import flow
from daliz.customs.intake.drafts import keep
from daliz.customs.intake.models import Declaration, Draft
from daliz.customs.retention import due, retain
from daliz.engine.pack import Pack, Retention, Years
from daliz.ground.journal.actions import seal
from daliz.ground.journal.models import Entry
from daliz.ground.journal.queries import verify
from daliz.ground.outbox.actions import mark_read, notify, post
from daliz.ground.outbox.models import Message, Notice
from daliz.ground.staff.actor import Actor, Role
from tests.customs.cast import TRADER, a_declaration
from tests.flow.cast import conditions_stand
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]

YEARS_LATER = NOON + timedelta(days=6 * 365)


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


def keeping(pack: Pack, **days: int) -> Pack:
    return replace(pack, clearance=replace(pack.clearance, retention=Retention(**days, years=Years())))


def gone(pack: Pack, now: datetime) -> dict[str, int]:
    """Let go of what is over; how much of each kind, told before and found to be so."""
    told = {one.kind: one.count for one in due(pack=pack, now=now)}
    went = {one.kind: one.count for one in retain(pack=pack, now=now)}
    assert told == went
    return went


def test_the_pack_says_for_how_long_what_is_kept(pack: Pack) -> None:
    assert pack.clearance.retention == Retention(
        drafts=365, notices=1095, messages=30, replies=30, journal=1826,
        years=Years(photographs=5, answers=5, decisions=5, controls=10, declarations=10),
    )  # fmt: skip


def test_a_draft_goes_once_nobody_has_changed_it_for_so_long(pack: Pack, broker: Actor) -> None:
    keep(content={}, reference="old", actor=broker, now=NOON)
    keep(content={}, reference="new", actor=broker, now=NOON + timedelta(days=2))
    now = NOON + timedelta(days=10, hours=1)
    assert gone(keeping(pack, drafts=10), now) == {"drafts": 1}
    assert [draft.reference for draft in Draft.objects.all()] == ["new"]
    assert Entry.objects.order_by("-id")[0].act == "draft.forgotten"
    assert gone(keeping(pack, drafts=10), now) == {"drafts": 0}


def test_notices_go_read_or_not_and_messages_only_when_nobody_carries_them_any_more(pack: Pack) -> None:
    for key, at in (("old", NOON), ("new", NOON + timedelta(days=5))):
        notify(key=key, topic="release", subject_id="1", values={}, organisation=TRADER, now=at)
        for state in (Message.WAITING, Message.DELIVERED, Message.DEAD):
            post(key=f"{key} {state}", channel="webhook", recipient="", topic="", payload={}, now=at)
            Message.objects.filter(key=f"{key} {state}").update(state=state)
    mark_read(notices=Notice.objects.all(), user_id=7, now=NOON)
    kept = keeping(pack, notices=7, messages=7)
    assert gone(kept, NOON + timedelta(days=8)) == {"notices": 1, "messages": 2}
    assert [notice.key for notice in Notice.objects.all()] == ["new"]
    assert sorted(Message.objects.values_list("key", flat=True)) == [
        "new dead", "new delivered", "new waiting", "old waiting",
    ]  # fmt: skip


def test_the_journal_forgets_what_is_over_and_still_verifies(pack: Pack, broker: Actor) -> None:
    over = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    conditions_stand(over)
    going_on = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    unsealed = Entry.objects.filter(subject_kind="declaration", payload__isnull=False).count()
    kept = keeping(pack, journal=1826)
    assert gone(kept, YEARS_LATER) == {"journal": 0}  # nothing is chained yet
    seal()
    erased = gone(kept, YEARS_LATER)["journal"]
    assert 0 < erased < unsealed + Entry.objects.exclude(subject_kind="declaration").count()
    told = Entry.objects.filter(subject_kind="declaration", payload__isnull=False)
    assert set(told.values_list("subject_id", flat=True)) == {str(going_on.pk)}
    assert Declaration.objects.filter(pk=over.pk).exists()
    noted = Entry.objects.get(act="journal.erased")
    assert noted.subject_kind == "entries"
    seal()
    verdict = verify(now=YEARS_LATER)
    assert (verdict.problems, verdict.erased) == ((), erased)


def test_what_a_pack_does_not_state_is_kept(pack: Pack, broker: Actor) -> None:
    keep(content={}, reference="old", actor=broker, now=NOON)
    seal()
    assert gone(keeping(pack), YEARS_LATER) == {}
    assert Draft.objects.count() == 1
