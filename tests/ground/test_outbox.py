"""What leaves: once in the portal, at least once outside, given up where it can be seen."""

from datetime import timedelta

import pytest

from daliz.ground.outbox.actions import Carried, carry, notify, post, retry
from daliz.ground.outbox.models import Message, Notice
from tests.ground.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_message(key: str = "d1/registered") -> None:
    post(key=key, channel="webhook", recipient="https://erp", topic="registered", payload={"n": 1}, now=NOON)


def test_a_notice_is_there_once_however_often_it_is_told() -> None:
    told = [
        notify(
            key="d1/released", topic="released", subject_id="d1", values={}, organisation="600400", now=NOON
        )
        for _ in range(3)
    ]
    assert told == [True, False, False]
    assert Notice.objects.count() == 1


def test_a_message_is_carried_once_and_keeps_its_id() -> None:
    a_message()
    a_message()
    seen: list[str] = []
    carriers = {"webhook": lambda message: seen.append(str(message.id))}
    assert carry(carriers=carriers, now=NOON) == Carried(1, 0, 0)
    assert carry(carriers=carriers, now=NOON + timedelta(days=1)) == Carried(0, 0, 0)
    assert seen == [str(Message.objects.get().id)]


def test_what_cannot_be_carried_waits_longer_each_time_and_dies_in_sight() -> None:
    a_message()

    def refuse(_: Message) -> None:
        raise OSError("no route")

    now, waits = NOON, []
    for _ in range(12):
        carry(carriers={"webhook": refuse}, now=now)
        due = Message.objects.get().due_at
        waits.append((due - now).total_seconds())
        now = due
    message = Message.objects.get()
    assert waits[:4] == [30.0, 60.0, 120.0, 240.0]
    assert max(waits) == 6 * 3600
    assert (message.state, message.error) == ("dead", "OSError: no route")
    retry(message=message, now=now)
    assert carry(carriers={"webhook": lambda _: None}, now=now) == Carried(1, 0, 0)


def test_a_message_that_a_worker_claimed_is_not_carried_by_another_meanwhile() -> None:
    a_message()
    others: list[Carried] = []

    def slow(_: Message) -> None:
        others.append(carry(carriers={"webhook": lambda _: None}, now=NOON))

    carry(carriers={"webhook": slow}, now=NOON)
    assert others == [Carried(0, 0, 0)]


def test_channels_without_a_carrier_wait() -> None:
    a_message()
    assert carry(carriers={"email": lambda _: None}, now=NOON) == Carried(0, 0, 0)
    assert Message.objects.get().attempts == 0
