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
        KeyReusedError: the key was used for another request.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        with transaction.atomic():
            return _json(*act())
    if len(key) > _LONGEST or not all("!" <= sign <= "~" for sign in key):
        raise KeyReusedError(
            N_("an Idempotency-Key has at most {n} characters, letters and digits"), n=_LONGEST
        )
    asked = hashlib.sha256(f"{request.method} {request.path}|".encode() + request.body).hexdigest()
    try:
        with transaction.atomic():
            reply = Reply.objects.create(user_id=actor.person, key=key, asked=asked, at=now)
            status, body = act()
            reply.status, reply.body = status, json.dumps(body, ensure_ascii=True)
            reply.save(update_fields=["status", "body"])
            return _json(status, body)
    except IntegrityError:
        kept = Reply.objects.filter(user_id=actor.person, key=key).first()
        if kept is None:
            raise
    if kept.asked != asked:
        raise KeyReusedError(N_("this Idempotency-Key was used for another request"))
    return _json(kept.status, json.loads(kept.body))


def _json(status: int, body: dict[str, Any]) -> HttpResponse:
    told = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    return HttpResponse(told, status=status, content_type="application/json")
