"""Notifications, and the webhooks to which they are carried."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from daliz.customs.intake.notice_words import notice_said
from daliz.customs.intake.subscriptions import (
    carry_again,
    messages_of,
    ping,
    read_all,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from daliz.customs.reference.queries import pack
from daliz.doors.api.access import READ, WRITE, acting
from daliz.doors.api.problems import language_of
from daliz.doors.api.seen import NoticeSeen
from daliz.doors.api.words import Code, Whole, Words
from daliz.ground.outbox.models import Message, Subscription
from daliz.ground.outbox.queries import notices_of, read_among
from daliz.ground.staff.actor import Actor, Role

router = Router(tags=["notifications"])


class Read(Schema):
    """Up to which notification you have read."""

    up_to: Whole = Field(ge=0, lt=2**62)


class Address(Schema):
    """Where notifications are carried."""

    url: Words = Field(max_length=400)


class SubscriptionSeen(Schema):
    """A webhook; its secret is shown once, when it is made."""

    id: int
    url: str
    since: datetime
    secret: str | None = None

    @classmethod
    def of(cls, row: Subscription, secret: str | None = None) -> "SubscriptionSeen":
        """Return a webhook."""
        return cls(id=row.pk, url=row.recipient, since=row.since, secret=secret)


class MessageSeen(Schema):
    """A message to a webhook: waiting, delivered, or dead after it could not be carried."""

    id: str
    subscription: int | None
    topic: str
    state: str
    attempts: int
    created_at: datetime
    delivered_at: datetime | None
    error: str

    @classmethod
    def of(cls, row: Message) -> "MessageSeen":
        """Return a message."""
        return cls(
            id=str(row.id), subscription=row.subscription_id, topic=row.topic, state=row.state,
            attempts=row.attempts, created_at=row.created_at, delivered_at=row.delivered_at, error=row.error,
        )  # fmt: skip


@router.get("/notices", response=list[NoticeSeen], summary="Notifications")
def notices(request: HttpRequest, after: int = 0, limit: int = 50) -> list[NoticeSeen]:
    """Return what you were notified of, oldest first, after the id ``after``."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    rows = notices_of(organisation=actor.organisation, user_id=actor.person)
    rows = rows.filter(pk__gt=after if -(2**62) < after < 2**62 else 0).order_by("id")
    page, lang = list(rows[: min(max(limit, 1), 200)]), language_of(request)
    seen = read_among(page, user_id=actor.person)
    return [
        NoticeSeen.of(row, notice_said(row.topic, row.values, pack(), lang), read=row.pk in seen)
        for row in page
    ]


@router.post("/notices/read", response={204: None}, summary="Say what you have read")
def read(request: HttpRequest, body: Read) -> HttpResponse:
    """Note that you have read your notifications up to one."""
    actor, now = acting(request, Role.DECLARANT, scope=READ)
    read_all(up_to=body.up_to, actor=actor, now=now)
    return HttpResponse(status=204)


@router.get("/subscriptions", response=list[SubscriptionSeen], summary="Webhooks")
def listed(request: HttpRequest) -> list[SubscriptionSeen]:
    """Return the webhooks of your organisation."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    return [SubscriptionSeen.of(row) for row in subscriptions_of(actor)]


@router.post("/subscriptions", response={201: SubscriptionSeen}, summary="Add a webhook")
def create(request: HttpRequest, body: Address) -> Status[SubscriptionSeen]:
    """Have notifications carried to an address; the reply holds the secret of the signature, once.

    Each message has ``Daliz-Message-Id`` and ``Daliz-Signature: t=TIME,v1=SIGNATURE``, HMAC-SHA256 with the
    secret over ``TIME.`` and the body.
    """
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    made, secret = subscribe(url=body.url, actor=actor, now=now)
    return Status(201, SubscriptionSeen.of(made, secret))


@router.delete("/subscriptions/{key}", response={204: None}, summary="End a webhook")
def delete(request: HttpRequest, key: int) -> HttpResponse:
    """End a webhook; what was still to be carried to it is given up."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    unsubscribe(subscription=_mine(actor, key), actor=actor, now=now)
    return HttpResponse(status=204)


@router.post("/subscriptions/{key}/ping", response={202: None}, summary="Test a webhook")
def test(request: HttpRequest, key: int) -> HttpResponse:
    """Send a test; see under ``messages`` what became of it."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    ping(subscription=_mine(actor, key), actor=actor, now=now)
    return HttpResponse(status=202)


@router.get("/subscriptions/{key}/messages", response=list[MessageSeen], summary="Messages to a webhook")
def messages(request: HttpRequest, key: int, state: Code = "", limit: int = 50) -> list[MessageSeen]:
    """Return what was or is to be carried to a webhook, newest first; ``state=dead``: what was given up."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    rows = messages_of(actor).filter(subscription=_mine(actor, key))
    if state:
        rows = rows.filter(state=state)
    return [MessageSeen.of(row) for row in rows[: min(max(limit, 1), 200)]]


@router.post("/subscriptions/{key}/retry", response={204: None}, summary="Try again what was given up")
def retry(request: HttpRequest, key: int) -> HttpResponse:
    """Give messages that were given up another life."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    for row in messages_of(actor).filter(subscription=_mine(actor, key), state=Message.DEAD)[:200]:
        carry_again(message=row, actor=actor, now=now)
    return HttpResponse(status=204)


def _mine(actor: Actor, key: int) -> Subscription:
    found: Subscription = get_object_or_404(subscriptions_of(actor), pk=key if 0 < key < 2**62 else 0)
    return found
