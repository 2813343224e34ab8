"""When control is over, or comes after release: the act of inspection, and legal notice."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from daliz.customs import flow
from daliz.customs.control.act import act_pdf
from daliz.customs.control.queries import controls_open_to
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import language, said
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


@page(Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)
def act(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Return the act of a control that is over, as PDF, in the language of the person."""
    rows = controls_open_to(actor).select_related(
        "declaration", "decision__version", "officer", "concluded_by"
    )
    row = get_object_or_404(rows, pk=key)
    made = act_pdf(row, pack=pack(), lang=language(), photographs=True)
    reply = HttpResponse(made, content_type="application/pdf")
    reply["Content-Disposition"] = f'attachment; filename="act-{row.pk}.pdf"'
    return reply


@require_POST
@page(Role.SUPERVISOR, Role.AUDITOR)
def notice(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Give legal notice of a control after release: from now on the declarant knows of it."""
    row = get_object_or_404(controls_open_to(actor), pk=key)
    flow.give_notice(ours=row, actor=actor, now=instant())
    messages.success(request, said(N_("Notice is given: the declarant knows of the control now.")))
    return redirect("console:control", key)
