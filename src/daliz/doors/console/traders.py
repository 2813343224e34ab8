"""What is known of a trader: clearances, findings, stops, what is owed, as far as the reader's role goes."""

from datetime import timedelta

from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from daliz.customs.control.models import Control, Finding
from daliz.customs.control.queries import (
    controls_open_to,
    holds_open_to,
    obligations_open_to,
    stops_open_to,
)
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.intake.queries import open_to
from daliz.customs.intake.translate import declaration_of
from daliz.doors.console.declarations import READERS, STAFF, TABLE
from daliz.doors.pages.access import instant, page
from daliz.ground.staff.actor import Actor, Role

_YEAR = timedelta(days=365)
_MOST = 50
"""Findings, stops and dues shown, the newest first."""


def declarations_of(trader_id: str, actor: Actor) -> QuerySet[Declaration]:
    """Return the declarations of a trader that the actor may see, by any of their versions, newest first."""
    named = Version.objects.filter(trader_id=trader_id, registered_at__isnull=False).values("declaration")
    return open_to(actor).exclude(state=State.DRAFT.value).filter(pk__in=named).order_by("-id")


@page(*READERS)
def trader(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show a trader, whom the address names under ``id``; of one who is not to be seen here nothing."""
    key = request.GET.get("id", "").strip()
    rows = declarations_of(key, actor)
    newest = rows.first() if key else None
    if newest is None:
        return render(request, "console/trader.html", {"trader": "", "asked": key})
    file = TABLE.file(rows, request)
    if file is not None:
        return file
    controls = controls_open_to(actor)
    if actor.has(Role.ANALYST, Role.INTERNAL_AFFAIRS):
        controls = Control.objects.all()
    found = Finding.objects.filter(control__in=controls, control__declaration__in=rows, superseded_by=None)
    staff = actor.has(*STAFF)
    year = rows.filter(registered_at__gte=instant() - _YEAR).order_by()
    told = {
        "trader": key,
        "name": _name(key, newest),
        "span": rows.order_by().aggregate(first=Min("registered_at"), last=Max("registered_at")),
        "states": sorted(year.values_list("state").annotate(Count("pk"))),
        "table": TABLE.page(rows, request, size=20),
        "findings": found.select_related("officer", "control__declaration").order_by("-id")[:_MOST],
        "stops": stops_open_to(actor).filter(declaration__in=rows)[:_MOST] if staff else [],
        "owed": obligations_open_to(actor).filter(declaration__in=rows).order_by("-id")[:_MOST]
        if staff
        else [],
        "staff": staff,
        "holds": holds_open_to(actor).filter(trader_id=key),
        "may_hold": actor.has(Role.INTERNAL_AFFAIRS),
    }
    return render(request, "console/trader.html", told)


def _name(trader_id: str, declaration: Declaration) -> str:
    """Return what a trader is called in his newest declaration."""
    version = (
        Version.objects.filter(declaration=declaration, trader_id=trader_id).order_by("-version").first()
    )
    return str(declaration_of(version).of("trader_name") or "") if version is not None else ""
