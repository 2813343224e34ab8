"""From which address somebody asks, and when too many wrong passwords came from there."""

import ipaddress
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

_V6_PREFIX: Final = 64
"""Bits that tell one subscriber of IPv6 from another; the rest he chooses himself."""


def address_of(request: HttpRequest) -> str | None:
    """Return the address of whoever asks: what the last proxy of ours saw, the network of it for IPv6.

    ``X-Forwarded-For`` counts as far as proxies of ours wrote it: what stands before may be anybody's word.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        said = [one for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
        told = said[-settings.PROXIES] if len(said) >= settings.PROXIES else told
    try:
        found = ipaddress.ip_address(told.strip())
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address) or found.ipv4_mapped is not None:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ipaddress.ip_network((found, _V6_PREFIX), strict=False).network_address)


def login_of(request: HttpRequest, credentials: Mapping[str, object] | None) -> str:
    """Return the login that is tried, however its letters are written: all of them are the same person's."""
    return str((credentials or {}).get("username") or "").lower()


def locked_out(request: HttpRequest, login: str, *, now: datetime) -> bool:
    """Tell whether too many wrong passwords came from one address, or for one login from all addresses.

    Axes counts and locks one login at one address; this looks over the same rows, which all processes share.
    Whether somebody has the login makes no difference.
    """
    fresh = AccessAttempt.objects.filter(attempt_time__gt=now - settings.AXES_COOLOFF_TIME)
    rows: tuple[QuerySet[AccessAttempt], ...] = (
        fresh.filter(ip_address=address_of(request)),
        fresh.filter(username=login.lower()),
    )
    return any(_failures(some) >= settings.ADDRESS_FAILURES for some in rows)


def _failures(rows: QuerySet[AccessAttempt]) -> int:
    return rows.aggregate(n=Sum("failures_since_start"))["n"] or 0
