"""Controls after release, of the whole post-entry department: whose, where they stand, whether notified."""

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daliz.customs.control.models import Control
from daliz.customs.control.queries import audits_open_to
from daliz.customs.control.states import OPEN, ControlState
from daliz.doors.pages.access import page
from daliz.doors.pages.codes import outcome_said
from daliz.doors.pages.language import said, spoken
from daliz.doors.pages.tables import Column, Filter, Table
from daliz.doors.pages.templatetags.daliz import control_state, office, span, when
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


def _number(row: Control) -> SafeString:
    url = reverse("console:control", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row.declaration.number or "–")


_TABLE: Final[Table[Control]] = Table(
    "audits",
    (
        Column(
            "number",
            N_("Declaration"),
            lambda row: row.declaration.number,
            _number,
            sort="declaration__number",
            always=True,
        ),
        Column(
            "trader",
            N_("Trader"),
            lambda row: row.decision.version.trader_id,
            sort="decision__version__trader_id",
        ),
        Column("office", N_("Office"), lambda row: row.office, lambda row: office(row.office), sort="office"),
        Column(
            "state",
            N_("State"),
            lambda row: spoken(ControlState(row.state).label),
            lambda row: control_state(row.state),
            sort="state",
        ),
        Column(
            "officer",
            N_("Auditor"),
            lambda row: row.officer.name if row.officer else "",
            sort="officer__name",
        ),
        Column(
            "opened",
            N_("Opened"),
            lambda row: row.opened_at,
            lambda row: when(row.opened_at),
            sort="opened_at",
        ),
        Column(
            "noticed",
            N_("Notice given"),
            lambda row: row.noticed_at,
            lambda row: when(row.noticed_at),
            sort="noticed_at",
        ),
        Column(
            "minutes",
            N_("Work"),
            lambda row: row.minutes,
            lambda row: span(row.minutes),
            sort="minutes",
            number=True,
            aside=True,
        ),
        Column(
            "concluded",
            N_("Concluded"),
            lambda row: row.concluded_at,
            lambda row: when(row.concluded_at),
            sort="concluded_at",
        ),
        Column(
            "outcome",
            N_("How it ended"),
            lambda row: outcome_said(row.outcome, before_release=False) if row.outcome else "",
            sort="outcome",
        ),
    ),
)


@page(Role.AUDITOR, Role.SUPERVISOR)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the department's controls, the oldest first: the open ones unless the address asks otherwise."""
    asked = {name: request.GET.get(name, "").strip() for name in ("state", "office", "officer", "notice")}
    every = audits_open_to(actor)
    rows = every.select_related("declaration", "decision__version", "officer").order_by("opened_at", "id")
    if asked["state"] in set(ControlState):
        rows = rows.filter(state=asked["state"])
    elif asked["state"] != "all":
        rows = rows.filter(state__in=[one.value for one in OPEN])
    if asked["office"]:
        rows = rows.filter(office=asked["office"])
    if asked["officer"]:
        rows = rows.filter(officer__name__icontains=asked["officer"])
    if asked["notice"] in ("yes", "no"):
        rows = rows.filter(noticed_at__isnull=asked["notice"] == "no")
    states = [("", said(N_("not over yet"))), *((one.value, spoken(one.label)) for one in ControlState)]
    offices = sorted(set(every.order_by().values_list("office", flat=True)))
    notices = [("", said(N_("all"))), ("yes", said(N_("given"))), ("no", said(N_("not given")))]
    told = {
        "title": said(N_("Audits")),
        "heading": said(N_("What does the department check after release?")),
        "filters": [
            Filter("state", said(N_("State")), asked["state"], [*states, ("all", said(N_("all")))]),
            Filter("office", said(N_("Office")), asked["office"],
                   [("", said(N_("all"))), *((one, office(one)) for one in offices)]),
            Filter("officer", said(N_("Auditor")), asked["officer"]),
            Filter("notice", said(N_("Notice")), asked["notice"], notices),
        ],
        "nothing": said(N_("No control after release is like this")),
        "advice": said(N_("What is to be checked after release appears here as it is decided.")),
        "symbol": "file-search",
    }  # fmt: skip
    file = _TABLE.file(rows, request)
    return file or render(request, "console/listing.html", told | {"table": _TABLE.page(rows, request)})
