"""What an organisation's people do about how it is told: webhooks, e-mail, what they have read."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, Final

from django.db import transaction
from django.db.models import QuerySet

from daliz.customs.intake.notices import TOLD
from daliz.ground.journal.actions import note
from daliz.ground.outbox.actions import mark_read, post, retry
from daliz.ground.outbox.models import MailChoice, Message, Subscription
from daliz.ground.outbox.queries import unread_of
from daliz.ground.outbox.sealing import sealed
from daliz.ground.outbox.webhook import address_of
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_, DalizError

_MOST: Final = 10


class SubscriptionError(DalizError):
    """What is asked about how an organisation is told cannot be done."""

    code: ClassVar[str] = "subscription"


def subscriptions_of(actor: Actor) -> QuerySet[Subscription]:
    """Return the standing webhooks of the actor's organisation."""
    if not actor.organisation or not actor.has(Role.DECLARANT):
        return Subscription.objects.none()
    return Subscription.objects.filter(
        organisation=actor.organisation, channel="webhook", ended_at=None
    ).order_by("id")


def messages_of(actor: Actor) -> QuerySet[Message]:
    """Return what was or is to be carried to the webhooks of the actor's organisation, newest first."""
    rows = Message.objects.filter(subscription__in=subscriptions_of(actor))
    return rows.select_related("subscription").order_by("-created_at", "id")


@transaction.atomic
def subscribe(*, url: str, actor: Actor, now: datetime) -> tuple[Subscription, str]:
    """Have the organisation's notifications carried to ``url``; return the secret too, shown only once.

    Raises:
        AddressError: no webhook may go there.
        SubscriptionError: there are too many already, or this one is there.
    """
    _speaks(actor)
    address_of(url)
    standing = list(subscriptions_of(actor))
    if any(one.recipient == url for one in standing):
        raise SubscriptionError(N_("this address is subscribed already"), code="subscription-twice")
    if len(standing) >= _MOST:
        raise SubscriptionError(
            N_("an organisation has at most {n} webhooks"), code="subscription-many", n=_MOST
        )
    secret = secrets.token_urlsafe(32)
    made = Subscription.objects.create(
        organisation=actor.organisation, channel="webhook", recipient=url, secret=sealed(secret), since=now
    )
    _note("subscription.made", made, actor, now)
    return made, secret


@transaction.atomic
def unsubscribe(*, subscription: Subscription, actor: Actor, now: datetime) -> None:
    """End a webhook; what was still to be carried to it is given up."""
    _own(subscription, actor)
    Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=now)
    Message.objects.filter(subscription=subscription, state=Message.WAITING).update(
        state=Message.DEAD, error="the subscription has ended"
    )
    _note("subscription.ended", subscription, actor, now)


@transaction.atomic
def ping(*, subscription: Subscription, actor: Actor, now: datetime) -> None:
    """Send a test to a webhook."""
    _own(subscription, actor)
    key = f"ping/{subscription.pk}/{now.isoformat()}"
    post(
        key=key, channel="webhook", recipient=subscription.recipient, topic="ping", payload={},
        subscription=subscription, now=now,
    )  # fmt: skip
    _note("subscription.tested", subscription, actor, now)


@transaction.atomic
def carry_again(*, message: Message, actor: Actor, now: datetime) -> None:
    """Try a message again that was given up."""
    if message.subscription is None:
        raise SubscriptionError(N_("this message goes to no webhook"), code="subscription-none")
    _own(message.subscription, actor)
    retry(message=message, now=now)
    _note("subscription.retried", message.subscription, actor, now)


@transaction.atomic
def choose_mail(*, topics: Collection[str], actor: Actor, now: datetime) -> None:
    """Say of which topics the actor wants to be told by e-mail."""
    MailChoice.objects.update_or_create(
        user_id=actor.person, defaults={"topics": sorted(TOLD.intersection(topics))}
    )
    note(
        act="mail.chosen",
        subject=("user", str(actor.person)),
        actor=actor,
        now=now,
        payload={"topics": sorted(TOLD.intersection(topics))},
    )


def read_all(*, up_to: int, actor: Actor, now: datetime) -> None:
    """Note that the actor has read his notices up to one; reading is no act that the journal keeps."""
    unread = unread_of(organisation=actor.organisation, user_id=actor.person).filter(pk__lte=up_to)
    mark_read(notices=unread[:5000], user_id=actor.person, now=now)


def _speaks(actor: Actor) -> None:
    actor.must(Role.DECLARANT)
    if not actor.organisation:
        raise SubscriptionError(
            N_("whoever subscribes speaks for an organisation"), code="subscription-nobody"
        )


def _own(subscription: Subscription, actor: Actor) -> None:
    _speaks(actor)
    if subscription.organisation != actor.organisation or subscription.ended_at is not None:
        raise SubscriptionError(N_("this webhook is not yours, or has ended"), code="subscription-not-yours")


def _note(act: str, subscription: Subscription, actor: Actor, now: datetime) -> None:
    note(
        act=act,
        subject=("subscription", str(subscription.pk)),
        actor=actor,
        now=now,
        payload={"url": subscription.recipient},
    )
