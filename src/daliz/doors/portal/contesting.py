"""Contest a finding with a reason; save the act of a control."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from daliz.customs import redress
from daliz.customs.control.act import act_pdf
from daliz.customs.control.models import Control
from daliz.customs.control.photographs import told_to_declarants
from daliz.customs.control.states import ControlError
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.pages.troubles import status_of
from daliz.doors.portal import own
from daliz.doors.portal.known import found_of
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


@page(Role.DECLARANT)
def contest(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Show a finding with a form for the reason; hand the appeal in."""
    finding = get_object_or_404(own.findings_of(actor), pk=own.bounded(key))
    declaration = own.declaration(actor, finding.control.declaration_id)
    reason, wrong, status = request.POST.get("reason", ""), "", 200
    if request.method == "POST":
        try:
            redress.contest(finding=finding, reason=reason, actor=actor, now=instant())
        except ControlError as error:
            wrong, status = spoken(error), status_of(error)
        else:
            messages.success(request, said(N_("Your appeal is handed in; you are told how it is decided.")))
            return redirect("portal:declaration", declaration.pk)
    controls = found_of(declaration, language())
    told = {
        "declaration": declaration,
        "shown": [one for _, found in controls for one in found if one.row.pk == finding.pk],
        "currency": str(declaration_of(finding.control.decision.version).of("currency") or pack().currency),
        "reason": reason,
        "wrong": wrong,
    }
    return render(request, "portal/contest.html", told, status=status)


@page(Role.DECLARANT)
def act(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Return the act of a control that is over and known, as PDF."""
    rows = Control.objects.filter(pk__in=own.findings_of(actor).values("control"))
    row = get_object_or_404(
        rows.select_related("declaration", "decision__version", "officer", "concluded_by"),
        pk=own.bounded(key),
    )
    made = act_pdf(row, pack=pack(), lang=language(), photographs=told_to_declarants(pack()))
    reply = HttpResponse(made, content_type="application/pdf")
    reply["Content-Disposition"] = f'attachment; filename="act-{row.pk}.pdf"'
    return reply
