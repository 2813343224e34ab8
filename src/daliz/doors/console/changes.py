"""Changes of the course of control: clocks, another control, a declaration opened again. Never alone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from daliz.customs import discretion, redress
from daliz.customs.control.models import Rerouting, Term
from daliz.customs.control.queries import controls_open_to
from daliz.customs.control.states import OPEN
from daliz.customs.intake.queries import open_to
from daliz.customs.reference.queries import pack
from daliz.doors.console.change_forms import MeasuresForm, ReroutingForm, StopForm
from daliz.doors.console.deed import Deed, carried_out
from daliz.doors.console.forms import LongReasonForm
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import said, spoken
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

_STAFF = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)


@page(*_STAFF)
def stop_clock(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Let a statutory clock stand still, for a ground of the pack."""
    term = _term(actor, key)
    deed = Deed(
        N_("Why does the clock stand still?"),
        N_("Let it stand still"),
        "clock-pause",
        N_("The clock stands still. The declarant sees it."),
        _back(term),
        str(term.declaration),
        ((N_("Term"), _clock_name(term)),),
    )
    return carried_out(
        request,
        deed,
        StopForm(request.POST or None, pack=pack()),
        lambda told: discretion.stop_clock(
            term=term, ground=told["ground"], text=told["text"], actor=actor, now=instant()
        ),
    )


@require_POST
@page(*_STAFF)
def resume_clock(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Let a statutory clock run on."""
    term = _term(actor, key)
    discretion.resume_clock(term=term, actor=actor, now=instant())
    messages.success(request, said(N_("The clock runs on.")))
    return redirect(_back(term))


@page(*_STAFF)
def extend_clock(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Ask a superior for the longer term of the law."""
    term = _term(actor, key)
    deed = Deed(
        N_("Why is a longer term needed?"),
        N_("Ask for the longer term"),
        "stopwatch",
        N_("A superior is asked for the longer term."),
        _back(term),
        str(term.declaration),
        ((N_("Term"), _clock_name(term)),),
        N_("A superior of the office decides, who is not you."),
    )
    return carried_out(
        request,
        deed,
        LongReasonForm(request.POST or None),
        lambda told: discretion.propose_extension(
            term=term, reason=told["reason"], actor=actor, now=instant()
        ),
    )


@page(*_STAFF)
def reroute(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Ask for another control; change it at once in need, or depart from advice where the pack lets."""
    declaration = get_object_or_404(open_to(actor), pk=key)
    of = controls_open_to(actor).filter(declaration=declaration, state__in=[one.value for one in OPEN])
    controls = {one.pk: one for one in of.filter(before_release=True).order_by("id")}
    named = request.GET.get("control", "")
    first = int(named) if named.isdecimal() and len(named) < 9 and int(named) in controls else None
    deed = Deed(
        N_("Which other control, and why?"),
        N_("Ask for it"),
        "arrows-exchange",
        N_("The change of control is written down and goes to a second person."),
        reverse("console:control", args=[first])
        if first
        else reverse("console:declaration", args=[declaration.pk]),
        str(declaration),
        note=N_("What is done at once is ratified within the shift; each change is counted."),
    )

    def act(told: dict[str, Any]) -> Rerouting:
        ours = controls[told["control"]] if told["control"] else None
        measures, reason = told["measures"], told["reason"]
        if told["kind"] == Rerouting.PROPOSED and ours is not None:
            return discretion.propose_lighter(
                ours=ours, measures=measures, reason=reason, actor=actor, now=instant()
            )
        if told["kind"] == Rerouting.PROPOSED:
            return discretion.propose_stricter(
                declaration=declaration, measures=measures, reason=reason, actor=actor, now=instant()
            )
        change = discretion.change_at_once if told["kind"] == Rerouting.AT_ONCE else discretion.depart
        return change(
            declaration=declaration,
            ours=ours,
            measures=measures,
            ground=told["ground"],
            reason=reason,
            actor=actor,
            now=instant(),
        )

    form = ReroutingForm(request.POST or None, pack=pack(), controls=controls.values(), control=first)
    return carried_out(request, deed, form, act)


@page(*_STAFF)
def reopen(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Ask that a released or refused declaration be controlled again."""
    declaration = get_object_or_404(open_to(actor), pk=key)
    deed = Deed(
        N_("Why is control to be opened again, and by which measures?"),
        N_("Ask for it"),
        "refresh",
        N_("A superior is asked to open control again."),
        reverse("console:declaration", args=[declaration.pk]),
        str(declaration),
        note=N_("A superior of the office decides, who is not you."),
    )
    return carried_out(
        request,
        deed,
        MeasuresForm(request.POST or None, pack=pack()),
        lambda told: redress.propose_reopening(
            declaration=declaration,
            measures=told["measures"],
            reason=told["reason"],
            actor=actor,
            now=instant(),
        ),
    )


def _term(actor: Actor, key: int) -> Term:
    """Return a clock of a declaration of which the actor sees a control."""
    of = controls_open_to(actor).values("declaration")
    return get_object_or_404(Term.objects.select_related("declaration"), pk=key, declaration__in=of)


def _clock_name(term: Term) -> str:
    return spoken(pack().clearance.clocks[term.clock].name)


def _back(term: Term) -> str:
    return reverse("console:declaration", args=[term.declaration_id])
