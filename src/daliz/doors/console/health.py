"""Whether anything is wrong, for administrators: what is in force, nights, queues, the database."""

from datetime import timedelta

from django.contrib import messages
from django.db import connection
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from daliz import __version__
from daliz.customs.assessment.models import Publication
from daliz.customs.control.models import Control
from daliz.customs.control.states import ControlState
from daliz.customs.reference.queries import pack
from daliz.doors.console.nights import seen
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.codes import CHANNELS, TOPICS, name_said
from daliz.doors.pages.language import said
from daliz.ground.journal.models import Entry
from daliz.ground.nights.queries import runs
from daliz.ground.outbox.actions import retry
from daliz.ground.outbox.models import Message
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

_LATE = timedelta(minutes=10)
_RUNS_SHOWN = 15


@page(Role.ADMINISTRATOR)
def health(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what is in force and what waits."""
    now = instant()
    nights = list(Publication.objects.select_related("snapshot").order_by("-id")[:10])
    waiting = Message.objects.filter(state=Message.WAITING)
    told = {
        "version": __version__,
        "pack": pack(),
        "nights": nights,
        "runs": seen(runs()[:_RUNS_SHOWN]),
        "stale": not nights or nights[0].day < (now - timedelta(days=2)).date(),
        "messages_by_state": dict(Message.objects.values_list("state").annotate(Count("id"))),
        "late": waiting.filter(due_at__lt=now - _LATE).count(),
        "oldest": waiting.aggregate(Min("created_at"))["created_at__min"],
        "dead": [
            (one, name_said(CHANNELS, one.channel), name_said(TOPICS, one.topic))
            for one in Message.objects.filter(state=Message.DEAD).order_by("-created_at")[:50]
        ],
        "unsealed": Entry.objects.filter(seal=None).count(),
        "unsealed_late": Entry.objects.filter(seal=None, at__lt=now - _LATE).count(),
        "without_officer": Control.objects.filter(state=ControlState.WAITING.value).count(),
        "database": {"vendor": connection.vendor, "name": str(connection.settings_dict["NAME"])},
    }
    return render(request, "console/health.html", told)


@require_POST
@page(Role.ADMINISTRATOR)
def again(request: HttpRequest, actor: Actor, key: object) -> HttpResponseBase:
    """Try a dead message again."""
    retry(message=get_object_or_404(Message, pk=key, state=Message.DEAD), now=instant())
    messages.success(request, said(N_("The message is tried again.")))
    return redirect("console:health")
