"""Answer a request for a document with words and files; download what was handed in."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from daliz.customs import flow
from daliz.customs.control.requests import MOST_FILES
from daliz.customs.control.states import ControlError
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.handing_in import handed_in
from daliz.doors.pages.language import said, spoken
from daliz.doors.portal import own
from daliz.doors.portal.declarations import page_of
from daliz.ground.files.actions import ScanError
from daliz.ground.files.download import as_download
from daliz.ground.files.kinds import FileRefusedError
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


@page(Role.DECLARANT)
@require_POST
def answer(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Take files in and answer; what is refused is said beside the request, and the words stay."""
    asked = own.request_of(actor, key)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_MOST_BYTES * MOST_FILES:
        return _refused(request, actor, asked.pk, said(N_("The files are too large together.")))
    try:
        uploads = handed_in(request, "files", actor, most=MOST_FILES)
        flow.answer(
            request=asked, text=request.POST.get("text", ""), files=uploads, actor=actor, now=instant()
        )
    except (FileRefusedError, ScanError, ControlError) as error:
        return _refused(request, actor, asked.pk, spoken(error))
    messages.success(request, said(N_("Your answer is handed in.")))
    return redirect("portal:declaration", asked.control.declaration_id)


@page(Role.DECLARANT)
def download(request: HttpRequest, actor: Actor, key: int, file: int) -> HttpResponseBase:
    """Return a file of an answer, to be saved."""
    asked = own.request_of(actor, key)
    uploads = Upload.objects.filter(answers__request=asked).select_related("file").distinct()
    return as_download(get_object_or_404(uploads, pk=own.bounded(file)))


def _refused(request: HttpRequest, actor: Actor, key: int, why: str) -> HttpResponse:
    asked = own.request_of(actor, key)
    told = page_of(asked.control.declaration, actor)
    told["answering"] = {"key": key, "text": request.POST.get("text", ""), "wrong": why}
    return render(request, "portal/declaration.html", told, status=422)
