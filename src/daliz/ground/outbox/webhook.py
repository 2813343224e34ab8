"""Carry a message to a webhook: signed, to a public address only, never led elsewhere.

The address is looked up once and the connection made to what was found, so that a name cannot answer with one
address when it is checked and with another when it is called.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from typing import ClassVar, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from daliz.ground.outbox.models import Message
from daliz.ground.outbox.sealing import opened
from daliz.language import N_, DalizError

_PATIENCE: Final = 5.0
_LONGEST: Final = 400


class AddressError(DalizError):
    """An address to which no webhook may go."""

    code: ClassVar[str] = "webhook-address"


def signature(secret: str, at: int, body: bytes) -> str:
    """Return what proves that a webhook is ours: HMAC-SHA256 over the time and the body.

    Example:
        >>> signature("s", 1, b"{}")[:16]
        'b253639bcd705ed1'
    """
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def address_of(url: str) -> SplitResult:
    """Return the parts of an address to which a webhook may go, as far as can be told without calling it.

    Raises:
        AddressError: no HTTPS, a password within, too long, or an address of the own network.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    schemes = ("https", "http") if settings.WEBHOOK_PRIVATE else ("https",)
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in schemes or not parts.hostname or len(url) > _LONGEST or not plain:
        raise AddressError(N_("write a whole address that begins with https://"), mend="url")
    if parts.username is not None or parts.fragment:
        raise AddressError(N_("an address has no password and no # in it"), mend="url")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    _public(str(literal))
    return parts


def webhook(message: Message) -> None:
    """Send a message to its subscription, signed with its secret.

    Raises:
        AddressError: the address may not be called.
        SealError: its secret cannot be opened.
        OSError: it could not be carried; it will be tried again.
    """
    parts, subscription = address_of(message.recipient), message.subscription
    if subscription is None or subscription.ended_at is not None:
        raise AddressError(N_("the subscription has ended"))
    at = int(time.time())
    told = {"id": str(message.id), "topic": message.topic, "payload": message.payload}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    connection = _connection(parts)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "daliz",
            "Daliz-Message-Id": str(message.id),
            "Daliz-Signature": f"t={at},v1={signature(opened(subscription.secret), at, body)}",
        }
        connection.request("POST", target, body=body, headers=headers)
        status = connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(f"the other side did not answer as HTTP does: {type(error).__name__}") from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise OSError(f"the other side answered {status}")


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    """Return a connection to the address that was checked, under the name that was asked for."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for one in found:
        _public(str(one[4][0]))
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    line = socket.create_connection((str(found[0][4][0]), port), timeout=_PATIENCE)
    if secure:
        try:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        except BaseException:
            line.close()
            raise
    connection.default_port, connection.auto_open = port, 0  # never a second connection to another address
    connection.sock = line
    return connection


def _public(address: str) -> None:
    """Refuse an address of the own network, unless the setting allows it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    if not settings.WEBHOOK_PRIVATE and not (
        (mapped or found).is_global and not (mapped or found).is_multicast
    ):
        raise AddressError(N_("webhooks do not go to addresses of the own network"), mend="url")
