"""A supervisor's board: load, what is late, who is at work; a control given to another with a reason."""

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from daliz.customs.control.actions import be_present, reassign
from daliz.customs.control.models import Control
from daliz.customs.control.queries import eligible
from daliz.customs.control.states import ControlState
from daliz.customs.reference.queries import pack
from daliz.doors.console.forms import ReassignForm
from daliz.doors.console.load import ages, loads, officers_of, open_of
from daliz.doors.console.pending import KINDS, pending_for
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.charts import Bar, bars
from daliz.doors.pages.language import said, spoken
from daliz.doors.pages.marks import CONTROL_MARKS
from daliz.doors.pages.tables import Column, Table
from daliz.doors.pages.templatetags.daliz import (
    control_state,
    form_name,
    icon,
    left,
    span,
    when,
)
from daliz.doors.pages.templatetags.daliz import office as office_name
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import User
from daliz.language import N_, DalizError


def _number(row: Control) -> SafeString:
    url = reverse("console:control", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row.declaration.number or "–")


def _reassign(row: Control) -> SafeString | str:
    if row.state == ControlState.PROPOSED:
        return ""
    return format_html(
        '<a class="btn btn-sm" href="{}">{} {}<span class="visually-hidden"> {}</span></a>',
        reverse("console:reassign", args=[row.pk]),
        icon("arrows-exchange"),
        said(N_("Reassign")),
        row.declaration.number or "–",
    )


_TABLE: Final[Table[Control]] = Table(
    "controls",
    (
        Column("number", N_("Declaration"), lambda row: row.declaration.number, _number,
               sort="declaration__number", always=True),
        Column("form", N_("Form of control"), lambda row: row.form, lambda row: form_name(row.form),
               sort="form"),
        Column("state", N_("State"), lambda row: spoken(CONTROL_MARKS[ControlState(row.state)].name),
               lambda row: control_state(row.state), sort="state"),
        Column("due", N_("Time left"), lambda row: row.due_at, lambda row: left(row.due_at) or "–",
               sort="due_at"),
        Column("officer", N_("Officer"), lambda row: row.officer.name if row.officer else "",
               sort="officer__name"),
        Column("office", N_("Office"), lambda row: row.office, lambda row: office_name(row.office),
               sort="office"),
        Column("opened", N_("Open since"), lambda row: row.opened_at, lambda row: when(row.opened_at),
               sort="opened_at", aside=True),
        Column("minutes", N_("Work"), lambda row: row.minutes, lambda row: span(row.minutes),
               sort="minutes", number=True, aside=True),
        Column("act", N_("Act"), lambda row: "", _reassign, always=True, paper=False),
    ),
)  # fmt: skip


@page(Role.SUPERVISOR)
def board(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show officers by load, offices, and the open controls, filtered by what the address says."""
    now = instant()
    rows = open_of(actor)
    officers = officers_of(actor, now=now)
    by_office, whole = loads(rows, officers, now=now)
    shown = rows
    office, form, state = (request.GET.get(name, "") for name in ("office", "form", "state"))
    officer, late = request.GET.get("officer", ""), request.GET.get("late", "")
    if office:
        shown = shown.filter(office=office)
    if form in pack().forms:
        shown = shown.filter(form=form)
    if state in set(ControlState):
        shown = shown.filter(state=state)
    if officer.isdecimal() and len(officer) < 9:
        shown = shown.filter(officer_id=int(officer))
    if late == "yes":
        shown = shown.filter(due_at__lt=now)
    file = _TABLE.file(shown, request)
    if file is not None:
        return file
    ageing = [(said(name), count, late) for name, count, late in ages(rows, now=now)]
    told = {
        "ageing": ageing,
        "chart": bars(
            said(N_("Open controls by how long they have been open")),
            [
                Bar(
                    name,
                    count,
                    late,
                    said(N_("{n}, overdue {late}"), n=count, late=late) if late else str(count),
                )
                for name, count, late in ageing
            ],
        ),
        "whole": whole,
        "pending": [(one, said(KINDS[one.kind])) for one in pending_for(actor)],
        "by_office": by_office,
        "officers": sorted(officers.values(), key=lambda one: (-one.load.minutes, one.user.name)),
        "most": max((one.load.minutes for one in officers.values()), default=0.0) or 1.0,
        "table": _TABLE.page(shown, request, size=25),
        "filters": {"office": office, "form": form, "state": state, "officer": officer, "late": late},
        "offices": list(by_office),
        "forms": pack().forms,
        "states": [
            (state.value, mark.name)
            for state, mark in CONTROL_MARKS.items()
            if state not in (ControlState.CONCLUDED, ControlState.CANCELLED)
        ],
    }
    return render(request, "console/board.html", told)


@require_POST
@page(Role.SUPERVISOR)
def present(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Say that an officer of one's offices is at work, or absent, and for which forms of control."""
    officers = officers_of(actor, now=instant())
    if key not in officers:
        raise PermissionDenied
    one = officers[key]
    here = request.POST.get("on_shift") == "yes"
    forms = [form for form in request.POST.getlist("forms") if form in pack().forms] or list(one.forms)
    be_present(user=one.user, on_shift=here, forms=forms, actor=actor, now=instant())
    told = N_("{name} is at work.") if here else N_("{name} is absent: no new control is given.")
    messages.success(request, said(told, name=one.user.name))
    return redirect("console:board")


@page(Role.SUPERVISOR)
def reassignment(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Give a control to another officer, with a reason."""
    row = get_object_or_404(open_of(actor), pk=key)
    able = eligible(office=row.office, form=row.form, pack=pack(), now=instant())
    names = {user.pk: user for user in User.objects.filter(pk__in=able)}
    choices = [
        (pk, said(N_("{name}, open work: {span}"), name=names[pk].name, span=span(one.open_minutes)))
        for pk, one in sorted(able.items(), key=lambda pair: (pair[1].open_minutes, pair[1].officer))
        if pk not in (actor.user_id, row.officer_id)
    ]
    form = ReassignForm(request.POST or None, officers=choices)
    if request.method == "POST" and form.is_valid():
        to = names[form.cleaned_data["officer"]]
        try:
            reassign(
                control=row,
                to=to,
                reason=form.cleaned_data["reason"],
                pack=pack(),
                actor=actor,
                now=instant(),
            )
        except DalizError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, said(N_("{name} has the control now."), name=to.name))
            return redirect("console:board")
    told = {"control": row, "form": form, "able": bool(choices), "history": row.assignments.order_by("id")}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "console/reassign.html", told, status=status)
