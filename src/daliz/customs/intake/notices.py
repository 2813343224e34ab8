"""What a declarant is told, as the disclosure table allows: in the portal, and outside where he asked for it.

Only procedural consequences go out; that there are controls after release is never told.
"""

from datetime import datetime
from typing import Final

from daliz.customs.intake.models import Declaration
from daliz.ground.outbox.actions import notify, post
from daliz.ground.outbox.models import Subscription

TOLD: Final = frozenset(
    {
        "registered", "await", "arrive", "order_control", "request", "clock", "correct", "conclude",
        "release", "refuse", "seize", "withdraw", "reopen", "appeal", "audit", "settled",
    }
)  # fmt: skip
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
    key = f"{declaration.pk}/{declaration.version}/{topic}/{of}"
    told = {"number": declaration.number, "reference": declaration.reference, **values}
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
