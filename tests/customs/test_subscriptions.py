"""An organisation's people manage how it is told; each reads for himself."""

import pytest

from daliz.customs.intake.notice_words import NOTICES, notice_said
from daliz.customs.intake.notices import TOLD
from daliz.customs.intake.subscriptions import (
    SubscriptionError,
    carry_again,
    messages_of,
    ping,
    read_all,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from daliz.customs.reference.queries import pack
from daliz.ground.outbox.actions import notify
from daliz.ground.outbox.models import Message, Subscription
from daliz.ground.outbox.queries import notices_of, unread_count
from daliz.ground.outbox.webhook import AddressError
from daliz.ground.staff.actor import Actor, Role
from tests.customs.cast import TRADER
from tests.ground.cast import NOON, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


def test_a_webhook_is_made_tested_and_ended_by_whose_it_is(broker: Actor) -> None:
    made, secret = subscribe(url="https://erp.example/hook", actor=broker, now=NOON)
    assert len(secret) == 43
    assert list(subscriptions_of(broker)) == [made]
    with pytest.raises(SubscriptionError, match="subscribed already"):
        subscribe(url="https://erp.example/hook", actor=broker, now=NOON)
    with pytest.raises(AddressError):
        subscribe(url="https://10.0.0.1/", actor=broker, now=NOON)
    ping(subscription=made, actor=broker, now=NOON)
    [message] = messages_of(broker)
    assert (message.topic, message.state) == ("ping", "waiting")
    stranger = acting("stranger", Role.DECLARANT, organisation="other")
    assert list(subscriptions_of(stranger)) == []
    for act in (ping, unsubscribe):
        with pytest.raises(SubscriptionError, match="not yours"):
            act(subscription=made, actor=stranger, now=NOON)
    unsubscribe(subscription=made, actor=broker, now=NOON)
    assert Message.objects.get().state == "dead"
    assert Subscription.objects.get().ended_at == NOON


def test_what_was_given_up_is_tried_again_when_asked(broker: Actor) -> None:
    made, _ = subscribe(url="https://erp.example/hook", actor=broker, now=NOON)
    ping(subscription=made, actor=broker, now=NOON)
    Message.objects.update(state="dead", attempts=12)
    carry_again(message=Message.objects.get(), actor=broker, now=NOON)
    assert (Message.objects.get().state, Message.objects.get().attempts) == ("waiting", 0)


def test_each_person_of_an_organisation_reads_for_himself(broker: Actor) -> None:
    colleague = acting("colleague", Role.DECLARANT, organisation=TRADER)
    stranger = acting("stranger", Role.DECLARANT, organisation="other")
    for key in ("a", "b"):
        notify(key=key, topic="release", subject_id="1", values={}, organisation=TRADER, now=NOON)
    newest = notices_of(organisation=TRADER, user_id=broker.person)[0].pk
    read_all(up_to=newest, actor=broker, now=NOON)
    read_all(up_to=newest, actor=broker, now=NOON)
    unread = [unread_count(organisation=a.organisation, user_id=a.person) for a in (broker, colleague)]
    assert unread == [0, 2]
    assert list(notices_of(organisation=stranger.organisation, user_id=stranger.person)) == []


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_whatever_a_declarant_is_told_of_has_its_words(lang: str) -> None:
    assert TOLD - NOTICES.keys() == set()
    values = {"number": "N-1", "code": "contract", "deadline": "2026-03-20T19:00:00+00:00"}
    said = [notice_said(topic, values, pack(), lang) for topic in sorted(TOLD)]
    assert all("N-1" in sentence for sentence in said)
    assert not any("{" in sentence for sentence in said)
