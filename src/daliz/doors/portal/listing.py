"""The list of my declarations: filtered, sorted, with chosen columns, as a page or a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from daliz.customs.control.models import DocumentRequest
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Declaration
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import page
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.pages.tables import Column, Table
from daliz.doors.pages.templatetags.daliz import direction, icon, left, office, when
from daliz.doors.pages.templatetags.daliz import state as state_mark
from daliz.doors.portal import own
from daliz.doors.portal.standing import Asked, asked_of, asks_something
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_, ntranslate

_STATES: Final = tuple(state for state in State if state is not State.DRAFT)
_FILTERS: Final = ("q", "state", "since", "until", "asked")


@dataclass(frozen=True, slots=True)
class Mine:
    """A declaration with what is asked of the declarant."""

    row: Declaration
    asked: Asked


def _mine(rows: Sequence[Declaration]) -> list[Mine]:
    asked = asked_of(rows, pack())
    return [Mine(row, asked[row.pk]) for row in rows]


def _number(one: Mine) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("portal:declaration", args=[one.row.pk]), one.row.number
    )


def _named(asked: Asked) -> list[str]:
    """Say each thing that is asked, documents first."""
    lang = language()
    documents = ntranslate("{n} document", "{n} documents", asked.documents, lang)
    missing = [said(N_("not yet: {condition}"), condition=name.in_(lang)) for name in asked.conditions]
    return [*([documents] if asked.documents else []), *missing]


def _asked(one: Mine) -> SafeString | str:
    named = [("", name) for name in _named(one.asked)]
    if one.asked.documents:
        named[0] = (icon("paperclip"), named[0][1])
    return format_html_join("", "<div>{} {}</div>", named) or "–"


def _until(one: Mine) -> SafeString | str:
    due = one.asked.until
    return format_html("{}<div>{}</div>", when(due), left(due)) if due else "–"


TABLE: Final[Table[Mine]] = Table(
    "my-declarations",
    (
        Column("number", N_("Number"), lambda one: one.row.number, _number, sort="number", always=True),
        Column("reference", N_("Your reference"), lambda one: one.row.reference, sort="reference"),
        Column(
            "state",
            N_("Status"),
            lambda one: spoken(State(one.row.state).label),
            lambda one: state_mark(one.row.state),
            sort="state",
        ),
        Column("asked", N_("What is asked of me"), lambda one: "; ".join(_named(one.asked)), _asked),
        Column("until", N_("Until"), lambda one: one.asked.until, _until, sort="due", sparse=True),
        Column(
            "registered",
            N_("Registered"),
            lambda one: one.row.registered_at,
            lambda one: when(one.row.registered_at),
            sort="registered_at",
            sparse=True,
        ),
        Column(
            "ended",
            N_("Ended"),
            lambda one: one.row.ended_at,
            lambda one: when(one.row.ended_at),
            sort="ended_at",
            sparse=True,
            aside=True,
        ),
        Column(
            "direction",
            N_("Direction"),
            lambda one: direction(one.row.direction),
            sort="direction",
            aside=True,
        ),
        Column("office", N_("Customs office"), lambda one: office(one.row.office), sort="office", aside=True),
        Column(
            "version", N_("Version"), lambda one: one.row.version, sort="version", number=True, aside=True
        ),
    ),
    seen=_mine,
    called="declarations",
)


@page(Role.DECLARANT)
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the declarations of the organisation, as the filters in the address say."""
    rows = _filtered(own.declarations_of(actor).exclude(state=State.DRAFT), request)
    file = TABLE.file(rows, request)
    told = {
        "states": [(state.value, spoken(state.label)) for state in _STATES],
        "filters": {name: request.GET.get(name, "") for name in _FILTERS},
        "filtered": any(request.GET.get(name) for name in _FILTERS),
        "label": said(N_("My declarations")),
    }
    return file or render(
        request, "portal/declaration_list.html", told | {"table": TABLE.page(rows, request)}
    )


def _filtered(rows: QuerySet[Declaration], request: HttpRequest) -> QuerySet[Declaration]:
    """Return the rows that the address asks for, the newest first."""
    sought, state = request.GET.get("q", "").strip().replace("\x00", ""), request.GET.get("state", "")
    if sought:
        rows = rows.filter(Q(number__icontains=sought) | Q(reference__icontains=sought))
    if state in [one.value for one in _STATES]:
        rows = rows.filter(state=state)
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    if since is not None:
        rows = rows.filter(registered_at__gte=since)
    if until is not None:
        rows = rows.filter(registered_at__lt=until + timedelta(days=1))
    open_ = DocumentRequest.objects.filter(control__declaration=OuterRef("pk"), state=DocumentRequest.OPEN)
    if request.GET.get("asked"):
        rows = rows.filter(asks_something(pack()))
    if request.GET.get("sort", "").removeprefix("-") == "until":
        first = open_.order_by().values("control__declaration").annotate(first=Min("deadline"))
        rows = rows.annotate(due=Subquery(first.values("first")))
    return rows.order_by("-id")


def _day(text: str) -> datetime | None:
    """Return when a day begins in the pack's zone; None where none is written."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    in_reach = 1900 <= day.year <= 2999
    return datetime.combine(day, time(), ZoneInfo(pack().zone)) if in_reach else None
