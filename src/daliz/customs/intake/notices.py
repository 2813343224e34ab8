"""What a declarant is told, as the disclosure table allows: in the portal, and outside where he asked for it.

Only procedural consequences go out; that there are controls after release is never told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from daliz.customs.intake.models import Declaration
from daliz.ground.outbox.actions import notify, post
from daliz.ground.outbox.models import Notice, Subscription

TOLD: Final = frozenset(
    {"registered", "order_control", "request", "conclude", "release", "refuse", "seize", "withdraw"}
)
"""Topics that a declarant is notified of."""


def tell_declarant(
    declaration: Declaration, topic: str, *, now: datetime, of: object = "", **values: object
) -> None:
    """Notify the organisation once of each event.

    Args:
        declaration: whose.
        topic: one of ``TOLD``.
        now: the instant.
        of: tells events of one topic apart, such as the number of a request.
        values: procedural facts that go with it.
    """
    if topic not in TOLD:
        raise ValueError(f"a declarant is not told of {topic}")
    key, told = _key(declaration, topic, of), _told(declaration, **values)
    fresh = notify(
        key=key,
        topic=topic,
        subject_id=str(declaration.pk),
        values=told,
        organisation=declaration.organisation,
        now=now,
    )
    if not fresh:
        return
    for subscription in Subscription.objects.filter(organisation=declaration.organisation, ended_at=None):
        post(
            key=f"{key}/{subscription.pk}",
            channel=subscription.channel,
            recipient=subscription.recipient,
            topic=topic,
            payload=told,
            now=now,
        )


def registered(declarations: Sequence[Declaration], *, now: datetime) -> list[Notice]:
    """Return the notices of one organisation's declarations that enter, to be written with them.

    Where the organisation wants its messages carried outside too, they are told one by one, and none is
    returned.
    """
    if Subscription.objects.filter(organisation=declarations[0].organisation, ended_at=None).exists():
        return []
    return [
        Notice(
            key=_key(one, "registered"),
            organisation=one.organisation,
            topic="registered",
            subject_id=str(one.pk),
            values=_told(one, number=one.number),
            created_at=now,
        )
        for one in declarations
    ]


def _key(declaration: Declaration, topic: str, of: object = "") -> str:
    return f"{declaration.pk}/{declaration.version}/{topic}/{of}"


def _told(declaration: Declaration, **values: object) -> dict[str, object]:
    return {"number": declaration.number, "reference": declaration.reference, **values}
