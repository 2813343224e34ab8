"""Declarations that are submitted singly, at one time by many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse

from daliz.customs import flow
from daliz.customs.intake.entering import Submission
from daliz.doors.api.gathering import Gathering
from daliz.doors.api.models import Reply
from daliz.doors.api.replies import answer, answered, fill, reply_to
from daliz.doors.api.seen import DeclarationSeen

_TAKEN: Final = 201


@dataclass(frozen=True, slots=True)
class _Asked:
    """A submission that came, and the reply to be kept where it has a key."""

    submission: Submission
    now: datetime
    reply: Reply | None


def submitted(request: HttpRequest, submission: Submission, *, now: datetime) -> HttpResponse:
    """Submit a declaration together with those that come meanwhile, and answer; under a key only once.

    Raises:
        KeyReusedError: the key is none, or was used for another request.
    """
    reply = reply_to(request, submission.actor, now)
    if reply is not None and (before := answered(reply)) is not None:
        return before
    try:
        return answer(_TAKEN, _SUBMITTING.carry_out(_Asked(submission, now, reply)))
    except IntegrityError:
        before = None if reply is None else answered(reply)
        if before is None:
            raise
        return before


def _together(asked: Sequence[_Asked]) -> list[dict[str, Any]]:
    """Submit what has gathered, in one transaction with the keeping of the replies."""
    with transaction.atomic():
        rows = flow.submit_all([one.submission for one in asked], now=max(one.now for one in asked))
        bodies = [DeclarationSeen.of(row).model_dump(mode="json") for row in rows]
        replies = []
        for one, body in zip(asked, bodies, strict=True):
            if one.reply is not None:
                fill(one.reply, _TAKEN, body)
                replies.append(one.reply)
        if replies:
            Reply.objects.bulk_create(replies)
    return bodies


_SUBMITTING: Final = Gathering(_together, unsure=(OperationalError, InterfaceError))
