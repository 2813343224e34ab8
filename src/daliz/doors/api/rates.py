"""How often one program may ask: a bucket for each token that fills again by itself.

Each process keeps its own buckets in memory, so the limit of a server is that of one process times its
processes; a declarant's batch counts as one request.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

_MOST_KEPT: Final = 20_000
"""Buckets of a process; the longest unused go first, which only ever fills them."""


@dataclass(slots=True)
class Buckets:
    """Buckets by whoever asks.

    Attributes:
        a_second: requests that come back each second.
        at_once: requests that a full bucket holds.

    Example:
        >>> buckets = Buckets(a_second=1, at_once=2)
        >>> [buckets.take("a", at=0.0) for _ in range(3)]
        [0.0, 0.0, 1.0]
        >>> buckets.take("b", at=0.0), buckets.take("a", at=1.0)
        (0.0, 0.0)
    """

    a_second: float
    at_once: float
    _kept: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, who: str, *, at: float) -> float:
        """Take one request; return 0 if there was one, else the seconds until there is.

        Args:
            who: asks.
            at: now, seconds of a clock that never goes back.
        """
        with self._lock:
            left, since = self._kept.pop(who, (self.at_once, at))
            left = min(self.at_once, left + (at - since) * self.a_second)
            wait = 0.0 if left >= 1 else (1 - left) / self.a_second
            self._kept[who] = (left - 1 if left >= 1 else left, at)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return wait


class Throttle(BaseThrottle):
    """The API's limit: by token, or by address for what needs none."""

    def __init__(self, *, a_second: float, at_once: float) -> None:
        self._buckets = Buckets(a_second=a_second, at_once=at_once)
        self._wait = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Tell whether a request may go on."""
        who = request.headers.get("Authorization") or request.META.get("REMOTE_ADDR", "")
        self._wait.seconds = self._buckets.take(who, at=time.monotonic())
        return bool(self._wait.seconds == 0)

    def wait(self) -> float | None:
        """Return the seconds to wait after a refusal."""
        return float(getattr(self._wait, "seconds", 0.0)) or None
