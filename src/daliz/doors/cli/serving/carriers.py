"""How messages go outside: a signed webhook."""

import hashlib
import hmac
import json
import time
import urllib.request
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from daliz.ground.outbox.actions import Carrier
from daliz.ground.outbox.models import Message, Subscription

_PATIENCE: Final = 10.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook that points elsewhere is an error, not a way around what was agreed."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def signature(secret: str, at: int, body: bytes) -> str:
    """Return what proves that a webhook is ours: HMAC-SHA256 over the time and the body.

    Example:
        >>> signature("s", 1, b"{}")[:16]
        'b253639bcd705ed1'
    """
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def webhook(message: Message) -> None:
    """Send a message to its address, signed with the secret of the subscription.

    Raises:
        ValueError: the address is not HTTPS.
        OSError: it could not be carried; it will be tried again.
    """
    if urlsplit(message.recipient).scheme != "https":
        raise ValueError("a webhook goes over HTTPS only")
    subscription = Subscription.objects.filter(recipient=message.recipient, ended_at=None).first()
    secret, at = subscription.secret if subscription else "", int(time.time())
    told = {"id": str(message.id), "topic": message.topic, "payload": message.payload}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    request = urllib.request.Request(  # noqa: S310 -- HTTPS, checked above
        message.recipient,
        data=body,
        method="POST",
        headers={
            "Content-Type": "application/json",
            "Daliz-Message-Id": str(message.id),
            "Daliz-Signature": f"t={at},v1={signature(secret, at, body)}",
        },
    )
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(request, timeout=_PATIENCE) as reply:
        if not 200 <= reply.status < 300:
            raise OSError(f"the other side answered {reply.status}")


CARRIERS: Final[Mapping[str, Carrier]] = {"webhook": webhook}
"""By channel."""
