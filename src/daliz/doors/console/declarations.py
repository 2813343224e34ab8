"""Declarations of the offices that one works for: found by number, reference, trader or code; one whole."""

from typing import Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daliz.customs.control.models import Finding, Obligation
from daliz.customs.control.queries import (
    controls_open_to,
    holds_open_to,
    holds_reaching,
    missing_conditions,
    obligations_open_to,
    stops_open_to,
)
from daliz.customs.control.states import ControlState
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.intake.queries import open_to, timeline_for
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import pack
from daliz.doors.console.clocks import clocks_seen
from daliz.doors.console.stops import stops_seen
from daliz.doors.pages.access import page
from daliz.doors.pages.language import said, spoken
from daliz.doors.pages.owing import OWED
from daliz.doors.pages.tables import Column, Filter, Table
from daliz.doors.pages.templatetags.daliz import direction, office, when
from daliz.doors.pages.templatetags.daliz import state as state_mark
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

READERS = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR, Role.ANALYST, Role.INTERNAL_AFFAIRS)
STAFF = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)


def _number(row: Declaration) -> SafeString:
    url = reverse("console:declaration", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row.number or "–")


TABLE: Final[Table[Declaration]] = Table(
    "declarations",
    (
        Column("number", N_("Number"), lambda row: row.number, _number, sort="number", always=True),
        Column(
            "state",
            N_("State"),
            lambda row: spoken(State(row.state).label),
            lambda row: state_mark(row.state),
            sort="state",
        ),
        Column("office", N_("Office"), lambda row: row.office, lambda row: office(row.office), sort="office"),
        Column(
            "direction",
            N_("Direction"),
            lambda row: row.direction,
            lambda row: direction(row.direction),
            sort="direction",
        ),
        Column(
            "registered",
            N_("Registered"),
            lambda row: row.registered_at,
            lambda row: when(row.registered_at),
            sort="registered_at",
        ),
        Column(
            "ended",
            N_("Ended"),
            lambda row: row.ended_at,
            lambda row: when(row.ended_at),
            sort="ended_at",
            aside=True,
        ),
        Column("version", N_("Version"), lambda row: row.version, sort="version", number=True),
    ),
)


@page(*READERS)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show declarations, newest first; the one itself, or the trader, where the search names it whole."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = open_to(actor).exclude(state=State.DRAFT.value).order_by("-id")
    if text:
        exact = rows.filter(number=text).first()
        if exact is not None:
            return redirect("console:declaration", exact.pk)
        if not request.GET.get("state") and rows.filter(versions__trader_id=text).exists():
            return redirect(f"{reverse('console:trader')}?{urlencode({'id': text})}")
        rows = rows.filter(
            Q(number__startswith=text) | Q(reference=text) | Q(versions__trader_id=text)
        ).distinct()
    if state in set(State):
        rows = rows.filter(state=state)
    states = [
        ("", said(N_("all"))),
        *((one.value, spoken(one.label)) for one in State if one is not State.DRAFT),
    ]
    told = {
        "title": said(N_("Declarations")),
        "heading": said(N_("Declarations")),
        "filters": [
            Filter("q", said(N_("Number, reference or trader")), text),
            Filter("state", said(N_("State")), state, states),
        ],
        "nothing": said(N_("No declaration is like this")),
        "advice": said(N_("Change what you search for, or clear the filters.")),
        "symbol": "search",
    }
    file = TABLE.file(rows, request)
    return file or render(request, "console/listing.html", told | {"table": TABLE.page(rows, request)})


def _awaited(code: str) -> str:
    """Name what release waits for."""
    if code in (Obligation.SECURITY, "stop"):
        return said(OWED[Obligation.SECURITY] if code == Obligation.SECURITY else N_("the stop to be lifted"))
    return spoken(pack().clearance.conditions.get(code, code))


@page(*READERS)
def declaration(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Show what is declared and what happened; controls as far as they are the reader's to see."""
    row = get_object_or_404(open_to(actor).exclude(state=State.DRAFT.value), pk=key)
    version = get_object_or_404(Version, declaration=row, version=row.version)
    declared = declaration_of(version)
    everywhere = actor.has(Role.ANALYST, Role.INTERNAL_AFFAIRS)
    findings = Finding.objects.filter(control__declaration=row).select_related("officer", "control")
    staff = actor.has(*STAFF)
    heads = actor.has(Role.SUPERVISOR, office=row.office or None)
    controls = controls_open_to(actor).filter(declaration=row).order_by("id")
    told = {
        "declaration": row,
        "declared": declared,
        "items": [{"item_no": one["item_no"], "values": one} for one in declared.items],
        "trader": version.trader_id,
        "timeline": timeline_for(row, actor),
        "controls": controls,
        "findings": findings.order_by("id") if everywhere or actor.has(Role.SUPERVISOR) else [],
        "missing": [_awaited(code) for code in missing_conditions(row, pack())]
        if row.state == State.CLEARED
        else [],
        "may_see_decisions": actor.has(Role.ANALYST),
        "clocks": clocks_seen(row) if staff else [],
        "may_change": staff and row.state in (State.CONTROL, State.CLEARED),
        "may_reopen": staff and row.state in (State.RELEASED, State.REFUSED),
        "owed": obligations_open_to(actor).filter(declaration=row) if staff else [],
        "stops": stops_seen(stops_open_to(actor).filter(declaration=row)) if staff else [],
        "may_lift": heads,
        "may_stop": heads and row.ended_at is None,
        "holds": holds_reaching(holds_open_to(actor), row),
        "may_hold": actor.has(Role.INTERNAL_AFFAIRS),
        "acts": controls.filter(state=ControlState.CONCLUDED.value) if staff else [],
    }
    return render(request, "console/declaration.html", told)
