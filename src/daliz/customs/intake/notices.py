"""What a declarant is told, as the disclosure table allows: in the portal, and outside where he asked for it.

Only procedural consequences go out; that there are controls after release is never told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Q

from daliz.customs.intake.models import Declaration
from daliz.customs.intake.notice_words import ASKING, notice_said
from daliz.customs.reference.queries import pack
from daliz.ground.outbox.actions import notify, post
from daliz.ground.outbox.models import MailChoice, Notice, Subscription
from daliz.ground.outbox.queries import subscribed
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import User
from daliz.language import N_, translate

TOLD: Final = frozenset(
    {
        "registered", "await", "arrive", "order_control", "request", "clock", "correct", "conclude",
        "release", "refuse", "seize", "withdraw", "reopen", "appeal", "audit", "settled",
        "request_again", "request_reminder", "request_accepted",
        "request_dropped", "request_expired", "withheld", "let_go",
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
    if subscribed([declaration.organisation]):
        _carry(key, topic, declaration, told, now)
    if settings.BY_MAIL:
        for person in _to_mail(declaration.organisation, topic, now):
            said = notice_said(topic, told, pack(), person.lang)
            post(
                key=f"{key}/mail/{person.pk}",
                channel="email",
                recipient=person.email,
                topic=topic,
                payload={"subject": said, "text": _letter(said, declaration, person.lang)},
                now=now,
            )


def _carry(key: str, topic: str, declaration: Declaration, told: dict[str, object], now: datetime) -> None:
    """Post a notice to where its organisation wants it carried."""
    for subscription in Subscription.objects.filter(organisation=declaration.organisation, ended_at=None):
        post(
            key=f"{key}/{subscription.pk}",
            channel=subscription.channel,
            recipient=subscription.recipient,
            topic=topic,
            payload={"declaration": declaration.pk, **told},
            subscription=subscription,
            now=now,
        )


def _to_mail(organisation: str, topic: str, now: datetime) -> Iterator[User]:
    """Return the people of an organisation who want a topic by e-mail."""
    held = Q(grants__until=None) | Q(grants__until__gt=now)
    people = User.objects.filter(
        held, organisation=organisation, is_active=True, grants__role=Role.DECLARANT.value
    )
    people = people.exclude(email="").distinct().order_by("pk")
    chosen = dict(MailChoice.objects.filter(user_id__in=people.values("pk")).values_list("user_id", "topics"))
    return (person for person in people if topic in chosen.get(person.pk, ASKING))


def _letter(said: str, declaration: Declaration, lang: str) -> str:
    lines = [said + "."]
    if declaration.reference:
        lines.append(translate(N_("Your reference: {reference}"), lang, reference=declaration.reference))
    lines += [
        "",
        translate(N_("Details are in the portal. Your settings there say what is sent by e-mail."), lang),
    ]
    return "\n".join(lines) + "\n"


def registered(
    declarations: Sequence[Declaration], *, now: datetime
) -> tuple[list[Notice], list[Declaration]]:
    """Return the notices of declarations that enter, to be written with them, and of which there is none.

    Those are of organisations that want their messages carried outside too, and are to be told one by one.
    """
    if settings.BY_MAIL:
        return [], list(declarations)
    outside = subscribed({one.organisation for one in declarations})
    notices = [
        Notice(
            key=_key(one, "registered"),
            organisation=one.organisation,
            topic="registered",
            subject_id=str(one.pk),
            values=_told(one, number=one.number),
            created_at=now,
        )
        for one in declarations
        if one.organisation not in outside
    ]
    return notices, [one for one in declarations if one.organisation in outside]


def _key(declaration: Declaration, topic: str, of: object = "") -> str:
    return f"{declaration.pk}/{declaration.version}/{topic}/{of}"


def _told(declaration: Declaration, **values: object) -> dict[str, object]:
    return {"number": declaration.number, "reference": declaration.reference, **values}
