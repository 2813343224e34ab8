"""What is owed for a release or after it: what remains to be done, by when, by whom; closing it."""

from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daliz.customs import flow
from daliz.customs.control.models import Obligation
from daliz.customs.control.queries import due_of, obligations_open_to
from daliz.customs.reference.queries import pack
from daliz.doors.console.deed import Deed, carried_out
from daliz.doors.console.forms import SettlementForm
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import said
from daliz.doors.pages.owing import OWED, REMAINS
from daliz.doors.pages.tables import Column, Filter, Table
from daliz.doors.pages.templatetags.daliz import left, money, office, settlement, when
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

_STAFF: Final = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)
_REPORTED: Final = (Obligation.PAYMENT, Obligation.SECURITY)


def _number(row: Obligation) -> SafeString:
    url = reverse("console:owed-one", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row.declaration.number or "–")


def _until(row: Obligation) -> SafeString | str:
    return left(due_of(row, pack())) or "–" if row.settled_at is None else "–"


_TABLE: Final[Table[Obligation]] = Table(
    "owed",
    (
        Column(
            "number",
            N_("Declaration"),
            lambda row: row.declaration.number,
            _number,
            sort="declaration__number",
            always=True,
        ),
        Column("kind", N_("What"), lambda row: said(OWED[row.kind]), sort="kind"),
        Column(
            "amount",
            N_("Amount"),
            lambda row: None if row.amount is None else float(row.amount),
            lambda row: money(row.amount),
            sort="amount",
            number=True,
        ),
        Column("text", N_("Conditions or question"), lambda row: row.text),
        Column(
            "since", N_("Since"), lambda row: row.since, lambda row: when(row.since), sort="since", aside=True
        ),
        Column("until", N_("By when"), lambda row: due_of(row, pack()), _until),
        Column(
            "officer",
            N_("Officer"),
            lambda row: row.control.officer.name if row.control.officer else "",
            sort="control__officer__name",
        ),
        Column(
            "office",
            N_("Office"),
            lambda row: row.control.office,
            lambda row: office(row.control.office),
            sort="control__office",
            aside=True,
        ),
        Column("status", N_("Status"), lambda row: row.settled_at, settlement, sort="settled_at"),
    ),
)


@page(*_STAFF)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show what is owed by the controls that one sees: open, unless the address asks for what is settled."""
    kind, status = request.GET.get("kind", ""), request.GET.get("status", "")
    rows = obligations_open_to(actor)
    if kind in OWED:
        rows = rows.filter(kind=kind)
    if status != "all":
        rows = rows.filter(settled_at__isnull=status != "settled")
    statuses = [("", said(N_("not closed yet"))), ("settled", said(N_("settled"))), ("all", said(N_("all")))]
    kinds = [("", said(N_("all"))), *((code, said(name)) for code, name in OWED.items())]
    told = {
        "title": said(N_("Owed")),
        "heading": said(N_("What is still owed, by when, by whom?")),
        "filters": [
            Filter("kind", said(N_("What")), kind, kinds),
            Filter("status", said(N_("Status")), status, statuses),
        ],
        "nothing": said(N_("Nothing is owed")),
        "advice": said(
            N_("Security, payments after correction, conditions and expert examinations appear here.")
        ),
        "symbol": "certificate",
    }
    file = _TABLE.file(rows, request)
    return file or render(request, "console/listing.html", told | {"table": _TABLE.page(rows, request)})


@page(*_STAFF)
def one(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Show one thing that is owed; whoever may closes it."""
    row = get_object_or_404(obligations_open_to(actor), pk=key)
    told = {
        "row": row,
        "name": said(OWED[row.kind]),
        "remains": said(REMAINS[row.kind]),
        "until": due_of(row, pack()),
        "may_close": may_close(row, actor),
        "currency": pack().currency,
    }
    return render(request, "console/owed.html", told)


@page(*_STAFF)
def closing(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Close what is owed: a superior says that it was paid or secured, the officer how it ended."""
    row = get_object_or_404(obligations_open_to(actor), pk=key)
    if not may_close(row, actor):
        raise Http404
    reported = row.kind in _REPORTED
    deed = Deed(
        N_("Was it paid, or secured?") if reported else N_("How did it end?"),
        N_("Close it"),
        "check",
        N_("It is closed; the declarant is told."),
        reverse("console:owed-one", args=[row.pk]),
        str(row.declaration),
        ((N_("What"), said(OWED[row.kind])), (N_("Amount"), money(row.amount)), (N_("Text"), row.text)),
        N_("Goods that waited for this only are released at once.") if reported else "",
    )

    def act(told: dict[str, Any]) -> object:
        if reported:
            return flow.tell_condition(
                declaration=row.declaration, code=row.kind, holds=True, actor=actor, now=instant()
            )
        return flow.settle(
            obligation=row, kept=told["kept"], result=told["result"], actor=actor, now=instant()
        )

    form = (
        forms.Form(request.POST if request.method == "POST" else None)
        if reported
        else SettlementForm(request.POST or None)
    )
    return carried_out(request, deed, form, act)


def may_close(row: Obligation, actor: Actor) -> bool:
    """Tell whether the actor may close what is owed: the offer of a button, not the right itself."""
    if row.settled_at is not None:
        return False
    if row.kind in _REPORTED:
        return actor.has(Role.SUPERVISOR, office=row.declaration.office or None)
    return row.control.officer_id == actor.user_id or actor.has(
        Role.SUPERVISOR, office=row.control.office or None
    )
