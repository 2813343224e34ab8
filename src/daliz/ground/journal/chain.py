"""How entries are hashed and chained: pure, so that anybody can check it with the rows alone."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

BEGIN: Final = hashlib.sha256(b"daliz/journal/v1").hexdigest()
"""What the first link hangs on."""


def payload_text(payload: Mapping[str, object]) -> str:
    """Return the one text of a payload."""
    return json.dumps(dict(payload), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def payload_digest(text: str, salt: str) -> str:
    """Return what stays of a payload when it is erased; the salt goes with it, so it cannot be guessed."""
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()


def link(
    before: str,
    *,
    number: int,
    at: datetime,
    actor: str,
    act: str,
    subject: tuple[str, str],
    version: str,
    digest: str,
) -> str:
    """Return the hash that chains an entry to the one before.

    Example:
        >>> one = {"at": datetime(2026, 3, 2, tzinfo=UTC), "actor": "a", "act": "x", "subject": ("d", "1")}
        >>> one |= {"version": "", "digest": ""}
        >>> link(BEGIN, number=1, **one) == link(BEGIN, number=2, **one)
        False
    """
    told = [before, number, at.astimezone(UTC).isoformat(), actor, act, *subject, version, digest]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
