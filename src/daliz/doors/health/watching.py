"""Every request has a name, a line in the log and a place in the figures; none says what was declared."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

_LOG: Final = structlog.stdlib.get_logger("daliz.requests")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET: Final = ("health", "ready", "metrics")

REQUESTS: Final = Counter(
    "daliz_requests_total", "Requests by route and status.", ["method", "route", "status"]
)
SECONDS: Final = Histogram(
    "daliz_request_seconds",
    "How long requests took.",
    ["route"],
    buckets=(0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)


class Watching:
    """Names a request by ``X-Request-ID``, the sent one if it is well formed; times it; writes its line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say that it was answered."""
        sent = request.headers.get("X-Request-ID", "")
        name = sent if _NAME.fullmatch(sent) else uuid.uuid4().hex
        begun = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=name):
            reply = self._next(request)
            seconds = time.perf_counter() - begun
            route = request.resolver_match.route if request.resolver_match else "none"
            method = request.method if request.method in _METHODS else "other"
            REQUESTS.labels(method, route, str(reply.status_code)).inc()
            SECONDS.labels(route).observe(seconds)
            if route not in _QUIET:
                _LOG.info(
                    "answered",
                    method=method,
                    route=route,
                    status=reply.status_code,
                    ms=round(1000 * seconds, 1),
                )
        reply["X-Request-ID"] = name
        return reply
