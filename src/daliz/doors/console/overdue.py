"""Clocks of the law that have run out, of the offices that a superior heads: what, since when, whose."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daliz.customs.control.models import Term
from daliz.customs.control.queries import overdue_open_to
from daliz.customs.intake.life import State
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import said, spoken
from daliz.doors.pages.tables import Column, Filter, Table
from daliz.doors.pages.templatetags.daliz import left, office, state, when
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

_HOLDER: str = "holder"
_OFFICE: str = "office"


def _number(row: Term) -> SafeString:
    url = reverse("console:declaration", args=[row.declaration_id])
    return format_html('<a href="{}">{}</a>', url, row.declaration.number or "–")


def _clock(row: Term) -> str:
    return spoken(pack().clearance.clocks[row.clock].name)


def _of(row: Term, name: str) -> Any:
    """Return what the query found besides the row."""
    return getattr(row, name)


def _late(row: Term) -> int | None:
    """Return how late a clock is, whole minutes, for a file."""
    return None if row.due_at is None else int((instant() - row.due_at).total_seconds() // 60)


_TABLE: Final[Table[Term]] = Table(
    "overdue",
    (
        Column(
            "number",
            N_("Declaration"),
            lambda row: row.declaration.number,
            _number,
            sort="declaration__number",
            always=True,
        ),
        Column("clock", N_("Term"), _clock, sort="clock"),
        Column("due", N_("Was due"), lambda row: row.due_at, lambda row: when(row.due_at), sort="due_at"),
        Column("late", N_("How late"), _late, lambda row: left(row.due_at)),
        Column("holder", N_("Officer"), lambda row: _of(row, _HOLDER), sort="holder"),
        Column(
            "office",
            N_("Office"),
            lambda row: _of(row, _OFFICE),
            lambda row: office(_of(row, _OFFICE)),
            sort="office",
        ),
        Column(
            "state",
            N_("State"),
            lambda row: spoken(State(row.declaration.state).label),
            lambda row: state(row.declaration.state),
            sort="declaration__state",
        ),
        Column(
            "begun", N_("Begun"), lambda row: row.begun_at, lambda row: when(row.begun_at), sort="begun_at"
        ),
    ),
)


@page(Role.SUPERVISOR)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what is overdue, the longest first, narrowed by what the address says."""
    clock, at = request.GET.get("clock", ""), request.GET.get("office", "")
    officer = request.GET.get("officer", "").strip()
    every = overdue_open_to(actor, now=instant())
    rows = every
    if clock in pack().clearance.clocks:
        rows = rows.filter(clock=clock)
    if at:
        rows = rows.filter(**{_OFFICE: at})
    if officer:
        rows = rows.filter(**{f"{_HOLDER}__icontains": officer})
    clocks = [(code, spoken(one.name)) for code, one in pack().clearance.clocks.items()]
    offices = sorted(set(every.order_by().values_list(_OFFICE, flat=True)))
    told = {
        "title": said(N_("Overdue")),
        "heading": said(N_("Which terms of the law have run out?")),
        "filters": [
            Filter("clock", said(N_("Term")), clock, [("", said(N_("all"))), *clocks]),
            Filter(
                "office", said(N_("Office")), at, [("", said(N_("all"))), *((o, office(o)) for o in offices)]
            ),
            Filter("officer", said(N_("Officer")), officer),
        ],
        "nothing": said(N_("No term has run out")),
        "advice": said(N_("A term that runs out while its control is open, or goods wait, appears here.")),
        "symbol": "stopwatch",
    }
    file = _TABLE.file(rows, request)
    return file or render(request, "console/listing.html", told | {"table": _TABLE.page(rows, request)})
