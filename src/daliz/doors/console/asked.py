"""Documents that were asked for: files of the answers, content with them, asked again, no longer asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from daliz.customs import flow
from daliz.customs.control.models import DocumentRequest
from daliz.customs.control.queries import controls_open_to
from daliz.doors.console.deed import Deed, carried_out
from daliz.doors.console.forms import LongReasonForm
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.codes import document_name
from daliz.doors.pages.language import said
from daliz.ground.files.download import as_download
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

_STAFF = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)


@page(*_STAFF)
def download(request: HttpRequest, actor: Actor, key: int, file: int) -> HttpResponseBase:
    """Return a file of an answer, to be saved."""
    uploads = Upload.objects.filter(answers__request=_asked(actor, key)).select_related("file").distinct()
    return as_download(get_object_or_404(uploads, pk=file))


@require_POST
@page(*_STAFF)
def accept(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Be content with an answer."""
    asked = _asked(actor, key)
    flow.accept_answer(request=asked, actor=actor, now=instant())
    messages.success(request, said(N_("The answer is accepted.")))
    return redirect("console:control", asked.control_id)


@page(*_STAFF)
def again(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Ask again because the answer does not suffice."""
    asked = _asked(actor, key)
    deed = Deed(
        N_("Why does the answer not suffice?"),
        N_("Ask again"),
        "refresh",
        N_("The declarant is asked again."),
        reverse("console:control", args=[asked.control_id]),
        str(asked.control.declaration),
        ((N_("Document"), document_name(asked.code)), (N_("Answer"), asked.answer)),
        N_("The declarant reads the reason; the term begins anew."),
    )
    return carried_out(
        request,
        deed,
        LongReasonForm(request.POST or None),
        lambda told: flow.ask_again(request=asked, reason=told["reason"], actor=actor, now=instant()),
    )


@page(*_STAFF)
def drop(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """No longer ask for a document."""
    asked = _asked(actor, key)
    deed = Deed(
        N_("Why is the document no longer needed?"),
        N_("No longer ask"),
        "circle-x",
        N_("The document is no longer asked for."),
        reverse("console:control", args=[asked.control_id]),
        str(asked.control.declaration),
        ((N_("Document"), document_name(asked.code)),),
    )
    return carried_out(
        request,
        deed,
        LongReasonForm(request.POST or None),
        lambda told: flow.drop_request(request=asked, reason=told["reason"], actor=actor, now=instant()),
    )


def _asked(actor: Actor, key: int) -> DocumentRequest:
    rows = DocumentRequest.objects.select_related("control__declaration")
    return get_object_or_404(rows, control__in=controls_open_to(actor), pk=key)
