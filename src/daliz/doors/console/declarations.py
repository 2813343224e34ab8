"""Declarations of the offices that one works for: found by number, reference, trader or code; one whole."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from daliz.customs.control.models import Finding
from daliz.customs.control.queries import (
    controls_open_to,
    missing_conditions,
    obligations_open_to,
    stops_open_to,
)
from daliz.customs.control.states import ControlState
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Version
from daliz.customs.intake.queries import open_to, timeline_for
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import pack
from daliz.doors.console.clocks import clocks_seen
from daliz.doors.pages.access import page
from daliz.doors.pages.export import MOST_ROWS, exported, wanted
from daliz.doors.pages.language import said, spoken
from daliz.doors.pages.paging import part_of
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

READERS = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR, Role.ANALYST, Role.INTERNAL_AFFAIRS)
STAFF = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)


@page(*READERS)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show declarations, newest first; the one itself where the search names its number."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = open_to(actor).exclude(state=State.DRAFT.value).order_by("-id")
    if text:
        exact = rows.filter(number=text).first()
        if exact is not None:
            return redirect("console:declaration", exact.pk)
        rows = rows.filter(
            Q(number__startswith=text) | Q(reference=text) | Q(versions__trader_id=text)
        ).distinct()
    if state in set(State):
        rows = rows.filter(state=state)
    kind = wanted(request)
    if kind:
        heads = [said(N_("number")), said(N_("state")), said(N_("office")), said(N_("registered"))]
        cells = (
            [row.number, spoken(State(row.state).label), row.office, row.registered_at]
            for row in rows[:MOST_ROWS]
        )
        return exported(kind, "declarations", heads, cells)
    states = [(one.value, one.label) for one in State if one is not State.DRAFT]
    told = {"part": part_of(rows, request), "q": text, "state": state, "states": states}
    return render(request, "console/declarations.html", told)


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
        "missing": [pack().clearance.conditions.get(code, code) for code in missing_conditions(row, pack())]
        if row.state == State.CLEARED
        else [],
        "may_see_decisions": actor.has(Role.ANALYST),
        "clocks": clocks_seen(row) if staff else [],
        "may_change": staff and row.state in (State.CONTROL, State.CLEARED),
        "may_reopen": staff and row.state in (State.RELEASED, State.REFUSED),
        "owed": obligations_open_to(actor).filter(declaration=row) if staff else [],
        "stops": stops_open_to(actor).filter(declaration=row) if staff else [],
        "may_lift": heads,
        "may_stop": heads and row.ended_at is None,
        "acts": controls.filter(state=ControlState.CONCLUDED.value) if staff else [],
    }
    return render(request, "console/declaration.html", told)
