"""A request sent twice under one Idempotency-Key is carried out once and answered alike."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Final

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from daliz.doors.api.models import Reply
from daliz.ground.staff.actor import Actor
from daliz.language import N_, DalizError

_LONGEST: Final = 128


class KeyReusedError(DalizError):
    """One key was sent with two requests."""

    code: ClassVar[str] = "idempotency-key-reused"


def once(
    request: HttpRequest, actor: Actor, now: datetime, act: Callable[[], tuple[int, dict[str, Any]]]
) -> HttpResponse:
    """Carry ``act`` out and answer; under a key that was answered before, give that answer again.

    Args:
        request: with or without an ``Idempotency-Key``.
        actor: who asks.
        now: the instant.
        act: returns status and body; runs in one transaction with the keeping of the reply.

    Raises:
        KeyReusedError: the key is none, or was used for another request.
    """
    reply = reply_to(request, actor, now)
    if reply is None:
        with transaction.atomic():
            return answer(*act())
    try:
        with transaction.atomic():
            reply.save(force_insert=True)
            status, body = act()
            fill(reply, status, body)
            reply.save(update_fields=["status", "body"])
            return answer(status, body)
    except IntegrityError:
        before = answered(reply)
        if before is None:
            raise
        return before


def reply_to(request: HttpRequest, actor: Actor, now: datetime) -> Reply | None:
    """Return the reply to be kept under the request's ``Idempotency-Key``, empty; None where it has no key.

    Raises:
        KeyReusedError: the key is none.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return None
    if len(key) > _LONGEST or not all("!" <= sign <= "~" for sign in key):
        raise KeyReusedError(
            N_("an Idempotency-Key has at most {n} characters, letters and digits"), n=_LONGEST
        )
    asked = hashlib.sha256(f"{request.method} {request.get_full_path()}|".encode() + request.body).hexdigest()
    return Reply(user_id=actor.person, key=key, asked=asked, at=now)


def fill(reply: Reply, status: int, body: dict[str, Any]) -> None:
    """Have a reply say what was answered."""
    reply.status, reply.body = status, json.dumps(body, ensure_ascii=True)


def answered(reply: Reply) -> HttpResponse | None:
    """Return what was answered under a reply's key before; None if nothing was.

    Raises:
        KeyReusedError: the key was used for another request.
    """
    kept = Reply.objects.filter(user_id=reply.user_id, key=reply.key).first()
    if kept is None:
        return None
    if kept.asked != reply.asked:
        raise KeyReusedError(N_("this Idempotency-Key was used for another request"))
    return answer(kept.status, json.loads(kept.body))


def answer(status: int, body: dict[str, Any]) -> HttpResponse:
    """Return an answer."""
    told = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    return HttpResponse(told, status=status, content_type="application/json")
