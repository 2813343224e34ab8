"""Post what is to leave; carry it; try again, later each time; give up where it can be seen."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from django.db import transaction
from django.db.models import QuerySet

from daliz.ground.outbox.models import Message, Notice, NoticeRead, Subscription

Carrier: TypeAlias = Callable[[Message], None]
"""Carries a message outside; raises if it could not."""

_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(hours=6)
_MOST_ATTEMPTS: Final = 12
_LEASE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Carried:
    """What one round achieved."""

    delivered: int
    retried: int
    dead: int


def notify(
    *,
    key: str,
    topic: str,
    subject_id: str,
    values: Mapping[str, object],
    now: datetime,
    organisation: str = "",
    user_id: int | None = None,
) -> bool:
    """Tell an organisation or a person in the portal, once for each key; return whether it is new."""
    _, made = Notice.objects.get_or_create(
        key=key,
        defaults={
            "organisation": organisation,
            "user_id": user_id,
            "topic": topic,
            "subject_id": subject_id,
            "values": dict(values),
            "created_at": now,
        },
    )
    return made


def post(
    *,
    key: str,
    channel: str,
    recipient: str,
    topic: str,
    payload: Mapping[str, object],
    now: datetime,
    subscription: Subscription | None = None,
) -> None:
    """Have a message carried outside, once for each key."""
    Message.objects.get_or_create(
        key=key,
        defaults={
            "subscription": subscription,
            "channel": channel,
            "recipient": recipient,
            "topic": topic,
            "payload": dict(payload),
            "created_at": now,
            "due_at": now,
        },
    )


def carry(*, carriers: Mapping[str, Carrier], now: datetime, limit: int = 100) -> Carried:
    """Carry what is due. Each message is claimed for a while first, so that two workers do not both carry it.

    A worker that dies leaves its claim to end by itself, and the message is carried again: at least once.
    Where one message could not be carried, others to the same place wait a while, so that a place that does
    not answer keeps nobody else waiting.
    """
    delivered = retried = dead = 0
    silent: set[str] = set()
    for message in _claim(now, limit, channels=list(carriers)):
        if message.recipient in silent:
            Message.objects.filter(pk=message.pk).update(
                attempts=message.attempts - 1, due_at=now + _FIRST_WAIT
            )
            continue
        try:
            carriers[message.channel](message)
        except Exception as error:
            silent.add(message.recipient)
            gone = message.attempts >= _MOST_ATTEMPTS
            wait = min(_FIRST_WAIT * 2 ** (message.attempts - 1), _LONGEST_WAIT)
            Message.objects.filter(pk=message.pk).update(
                state=Message.DEAD if gone else Message.WAITING,
                due_at=now + wait,
                error=f"{type(error).__name__}: {error}"[:2000],
            )
            dead, retried = dead + gone, retried + (not gone)
        else:
            Message.objects.filter(pk=message.pk).update(state=Message.DELIVERED, delivered_at=now, error="")
            delivered += 1
    return Carried(delivered, retried, dead)


@transaction.atomic
def _claim(now: datetime, limit: int, *, channels: list[str]) -> list[Message]:
    due = Message.objects.select_for_update(skip_locked=_can_skip()).filter(
        state=Message.WAITING, due_at__lte=now, channel__in=channels
    )
    claimed = list(due.order_by("due_at", "id")[:limit])
    for message in claimed:
        message.attempts += 1
        message.due_at = now + _LEASE
    Message.objects.bulk_update(claimed, ["attempts", "due_at"])
    return claimed


def _can_skip() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


def messages_over(*, before: datetime) -> QuerySet[Message]:
    """Return the messages from before an instant that were delivered or given up."""
    return Message.objects.filter(created_at__lt=before).exclude(state=Message.WAITING)


def clean(*, before: datetime) -> int:
    """Forget messages from before an instant that were delivered or given up; return how many."""
    gone, _ = messages_over(before=before).delete()
    return gone


def notices_over(*, before: datetime) -> QuerySet[Notice]:
    """Return what was told in the portal before an instant."""
    return Notice.objects.filter(created_at__lt=before)


def forget_notices(*, before: datetime) -> int:
    """Forget what was told in the portal before an instant; return how many notices."""
    old = notices_over(before=before)
    NoticeRead.objects.filter(notice__in=old).delete()
    gone, _ = old.delete()
    return gone


@transaction.atomic
def retry(*, message: Message, now: datetime) -> None:
    """Give a dead message another life."""
    Message.objects.filter(pk=message.pk, state=Message.DEAD).update(
        state=Message.WAITING, attempts=0, due_at=now, error=""
    )


def mark_read(*, notices: Iterable[Notice], user_id: int, now: datetime) -> None:
    """Note that a person has read notices that are his to read."""
    NoticeRead.objects.bulk_create(
        [NoticeRead(notice=notice, user_id=user_id, at=now) for notice in notices], ignore_conflicts=True
    )
