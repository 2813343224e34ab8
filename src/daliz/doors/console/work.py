"""An officer's work: what now, in one list; whether he is at work; ends that wait for his agreement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from daliz.customs.control.actions import be_present
from daliz.customs.control.models import Presence
from daliz.customs.control.queries import to_confirm, work_of
from daliz.customs.control.states import ControlState
from daliz.customs.reference.queries import pack
from daliz.doors.console.seen import WorkSeen
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import said
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import User
from daliz.language import N_

_MOST = 200
_THEIRS = (Role.OFFICER, Role.AUDITOR)
"""Who carries control out: before release, and after it."""


@page(*_THEIRS)
def work(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what is to be done, the most urgent first; the list alone where htmx asks for it again."""
    user = User.objects.get(pk=actor.person)
    rows = list(work_of(user).select_related("declaration", "decision__version")[:_MOST])
    # What was proposed waits for another officer: it stands below.
    own = [WorkSeen.of(row) for row in rows if row.state != ControlState.PROPOSED]
    told = {
        "own": own,
        "proposed": [WorkSeen.of(row) for row in rows if row.state == ControlState.PROPOSED],
        "next": own[0] if own else None,
        "overdue": sum(one.due_at is not None and one.due_at < instant() for one in own),
        "taken": sum(one.state == ControlState.TAKEN for one in own),
        "minutes": sum(one.minutes for one in own),
        "to_confirm": to_confirm(actor).count(),
        "presence": Presence.objects.filter(user=user).first(),
        "known_forms": pack().forms,
    }
    template = "console/_work.html" if request.headers.get("HX-Request") == "true" else "console/work.html"
    return render(request, template, told)


@page(*_THEIRS)
def following(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Lead to the control that comes first; to the list where none waits."""
    rows = work_of(User.objects.get(pk=actor.person)).exclude(state=ControlState.PROPOSED.value)
    first = rows.first()
    return redirect("console:control", first.pk) if first else redirect("console:work")


@page(*_THEIRS)
def confirmations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the ends that wait for the agreement of a second officer."""
    rows = to_confirm(actor).select_related("declaration", "decision__version", "officer")[:_MOST]
    told = [(WorkSeen.of(row), row.officer.name if row.officer else "–", row.outcome) for row in rows]
    return render(request, "console/to_confirm.html", {"rows": told})


@require_POST
@page(*_THEIRS)
def present(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Say that the officer is at work, or leaves it."""
    user = User.objects.get(pk=actor.person)
    known = Presence.objects.filter(user=user).first()
    here = request.POST.get("on_shift") == "yes"
    forms = known.forms if known else []
    be_present(user=user, on_shift=here, forms=forms, actor=actor, now=instant())
    told = N_("You are at work: controls are given to you.") if here else N_("You are not at work any more.")
    messages.success(request, said(told))
    return redirect("console:work")
