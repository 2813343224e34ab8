"""Legal holds: what stays beyond its years, for which case, since when; put by one, lifted by another."""

from typing import Final
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html

from daliz.customs.control.holds import hold, hold_trader, lift_hold
from daliz.customs.control.models import LegalHold
from daliz.customs.control.queries import holds_open_to
from daliz.customs.intake.life import State
from daliz.customs.intake.queries import open_to
from daliz.doors.console.deed import Deed, carried_out
from daliz.doors.console.forms import LongReasonForm
from daliz.doors.console.traders import declarations_of
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import later, said
from daliz.doors.pages.tables import Column, Filter, Table
from daliz.doors.pages.templatetags.daliz import when
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

_SEEN: Final = N_("Only internal affairs sees the hold, and another of them lifts it.")


class HoldForm(LongReasonForm):
    """For which case, and why."""

    case = forms.CharField(label=later(N_("Reference of the case")), max_length=128)
    field_order = ("case", "reason")


def _address(row: LegalHold) -> str:
    if row.trader_id:
        return f"{reverse('console:trader')}?{urlencode({'id': row.trader_id})}"
    return reverse("console:declaration", args=[row.declaration_id])


def _of(row: LegalHold) -> str:
    if row.declaration is not None:
        return str(row.declaration)
    return said(N_("Trader {id}"), id=row.trader_id)


_TABLE: Final[Table[LegalHold]] = Table(
    "holds",
    (
        Column(
            "of",
            N_("Of what"),
            _of,
            lambda row: format_html('<a href="{}">{}</a>', _address(row), _of(row)),
            always=True,
        ),
        Column("case", N_("Case"), lambda row: row.case, sort="case"),
        Column("reason", N_("Why"), lambda row: row.reason),
        Column("by", N_("Hold put by"), lambda row: row.put_by.name, sort="put_by__name"),
        Column("since", N_("Since"), lambda row: row.put_at, lambda row: when(row.put_at), sort="put_at"),
        Column(
            "lifted",
            N_("Hold lifted"),
            lambda row: row.lifted_at,
            lambda row: when(row.lifted_at),
            sort="lifted_at",
        ),
        Column("lifted_by", N_("Hold lifted by"), lambda row: row.lifted_by.name if row.lifted_by else ""),
        Column("lift_reason", N_("Why the hold was lifted"), lambda row: row.lift_reason),
    ),
)


@page(Role.INTERNAL_AFFAIRS)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the holds that stand, unless the address asks for others."""
    status = request.GET.get("status", "")
    rows = holds_open_to(actor)
    if status != "all":
        rows = rows.filter(lifted_at__isnull=status != "lifted")
    statuses = [("", said(N_("hold"))), ("lifted", said(N_("hold no more"))), ("all", said(N_("all")))]
    told = {
        "title": said(N_("Legal holds")),
        "heading": said(N_("What stays beyond its years, and for which case?")),
        "filters": [Filter("status", said(N_("Status")), status, statuses)],
        "nothing": said(N_("Nothing is on hold")),
        "advice": said(N_("A hold is put on the page of a declaration, or of a trader.")),
        "symbol": "gavel",
    }
    file = _TABLE.file(rows, request)
    return file or render(request, "console/listing.html", told | {"table": _TABLE.page(rows, request)})


@page(Role.INTERNAL_AFFAIRS)
def putting(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Put a declaration on hold."""
    row = get_object_or_404(open_to(actor).exclude(state=State.DRAFT.value), pk=key)
    deed = Deed(
        N_("Why must nothing of this declaration be let go of?"),
        N_("Put on hold"),
        "gavel",
        N_("The hold stands."),
        reverse("console:declaration", args=[row.pk]),
        str(row),
        note=_SEEN,
    )
    return carried_out(
        request,
        deed,
        HoldForm(request.POST or None),
        lambda told: hold(declaration=row, actor=actor, now=instant(), **told),
    )


@page(Role.INTERNAL_AFFAIRS)
def putting_trader(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Put all of a trader on hold, whom the address names under ``id``."""
    trader = request.GET.get("id", "").strip()
    if not trader or not declarations_of(trader, actor).exists():
        raise Http404
    deed = Deed(
        N_("Why must no declaration of this trader be let go of?"),
        N_("Put on hold"),
        "gavel",
        N_("The hold stands."),
        f"{reverse('console:trader')}?{urlencode({'id': trader})}",
        "",
        ((N_("Trader"), trader),),
        _SEEN,
    )
    return carried_out(
        request,
        deed,
        HoldForm(request.POST or None),
        lambda told: hold_trader(trader_id=trader, actor=actor, now=instant(), **told),
    )


@page(Role.INTERNAL_AFFAIRS)
def lifting(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Lift a hold that another put."""
    row = get_object_or_404(holds_open_to(actor), pk=key)
    deed = Deed(
        N_("Why is the hold lifted?"),
        N_("Lift the hold"),
        "check",
        N_("The hold is lifted."),
        _address(row),
        "",
        (
            (N_("Of what"), _of(row)),
            (N_("Case"), row.case),
            (N_("Hold put by"), row.put_by.name),
            (N_("Since"), when(row.put_at)),
            (N_("Why"), row.reason),
        ),
        N_("What is past its years goes in the coming night, if no other hold keeps it."),
    )
    return carried_out(
        request,
        deed,
        LongReasonForm(request.POST or None),
        lambda told: lift_hold(held=row, reason=told["reason"], actor=actor, now=instant()),
    )
