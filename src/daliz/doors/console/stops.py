"""Stops of release: who put them and why; put by a superior, lifted by another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daliz.customs import flow
from daliz.customs.control.models import Stop
from daliz.customs.control.queries import stops_open_to
from daliz.customs.intake.queries import open_to
from daliz.doors.console.deed import Deed, carried_out
from daliz.doors.console.forms import LongReasonForm
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import said
from daliz.doors.pages.tables import Column, Filter, Table
from daliz.doors.pages.templatetags.daliz import office, when
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.queries import names_of
from daliz.language import N_


@dataclass(frozen=True, slots=True)
class StopSeen:
    """A stop with the names of those who put it and lifted it; the login where nobody has it any more."""

    row: Stop
    by: str
    lifted_by: str


def stops_seen(rows: Iterable[Stop]) -> list[StopSeen]:
    """Name who put and lifted some stops."""
    held = list(rows)
    names = names_of({login for row in held for login in (row.set_by, row.lifted_by) if login})
    return [
        StopSeen(row, names.get(row.set_by, row.set_by), names.get(row.lifted_by, row.lifted_by))
        for row in held
    ]


def _number(one: StopSeen) -> SafeString:
    url = reverse("console:declaration", args=[one.row.declaration_id])
    return format_html('<a href="{}">{}</a>', url, one.row.declaration.number or "–")


_TABLE: Final[Table[StopSeen]] = Table(
    "stops",
    (
        Column(
            "number",
            N_("Declaration"),
            lambda one: one.row.declaration.number,
            _number,
            sort="declaration__number",
            always=True,
        ),
        Column("reason", N_("Why"), lambda one: one.row.reason),
        Column("by", N_("Put by"), lambda one: one.by, sort="set_by"),
        Column(
            "since", N_("Since"), lambda one: one.row.set_at, lambda one: when(one.row.set_at), sort="set_at"
        ),
        Column(
            "office",
            N_("Office"),
            lambda one: one.row.declaration.office,
            lambda one: office(one.row.declaration.office),
            sort="declaration__office",
        ),
        Column(
            "lifted",
            N_("Lifted"),
            lambda one: one.row.lifted_at,
            lambda one: when(one.row.lifted_at),
            sort="lifted_at",
        ),
        Column("lifted_by", N_("Lifted by"), lambda one: one.lifted_by, sort="lifted_by"),
        Column("lift_reason", N_("Why lifted"), lambda one: one.row.lift_reason),
    ),
    seen=stops_seen,
)


@page(Role.OFFICER, Role.SUPERVISOR)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the stops of one's offices: those that hold, unless the address asks for all."""
    status = request.GET.get("status", "")
    rows = stops_open_to(actor)
    if status != "all":
        rows = rows.filter(lifted_at__isnull=status != "lifted")
    statuses = [("", said(N_("hold"))), ("lifted", said(N_("lifted"))), ("all", said(N_("all")))]
    told = {
        "title": said(N_("Stops")),
        "heading": said(N_("Which goods are withheld, by whom, why?")),
        "filters": [Filter("status", said(N_("Status")), status, statuses)],
        "nothing": said(N_("No goods are withheld")),
        "advice": said(N_("A superior withholds goods on the page of their declaration.")),
        "symbol": "lock",
    }
    file = _TABLE.file(rows, request)
    return file or render(request, "console/listing.html", told | {"table": _TABLE.page(rows, request)})


@page(Role.SUPERVISOR)
def putting(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Withhold the goods of a declaration."""
    row = get_object_or_404(open_to(actor), pk=key)
    deed = Deed(
        N_("Why are the goods to be withheld?"),
        N_("Withhold release"),
        "lock",
        N_("Release is withheld."),
        reverse("console:declaration", args=[row.pk]),
        str(row),
        note=N_("The declarant is told that release is withheld, and not why. Another superior lifts it."),
    )
    return carried_out(
        request,
        deed,
        LongReasonForm(request.POST or None),
        lambda told: flow.stop(declaration=row, reason=told["reason"], actor=actor, now=instant()),
    )


@page(Role.SUPERVISOR)
def lifting(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Lift a stop that another superior put."""
    row = get_object_or_404(stops_open_to(actor), pk=key)
    deed = Deed(
        N_("Why is the stop lifted?"),
        N_("Lift the stop"),
        "check",
        N_("The stop is lifted."),
        reverse("console:declaration", args=[row.declaration_id]),
        str(row.declaration),
        ((N_("Put by"), stops_seen([row])[0].by), (N_("Since"), when(row.set_at)), (N_("Why"), row.reason)),
        N_("Goods that waited for this only are released at once."),
    )
    return carried_out(
        request,
        deed,
        LongReasonForm(request.POST or None),
        lambda told: flow.lift(stop=row, reason=told["reason"], actor=actor, now=instant()),
    )
