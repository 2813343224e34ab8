"""Photographs of a control: small on its page, whole as a file to be saved; for those who see the control."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from daliz.customs.control.photographs import controls_shown_to
from daliz.doors.pages.access import page
from daliz.ground.files.download import as_download
from daliz.ground.files.models import Upload
from daliz.ground.files.pictures import small
from daliz.ground.staff.actor import Actor, Role

_STAFF: Final = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)
_POINTS: Final = 360


@page(*_STAFF)
def download(request: HttpRequest, actor: Actor, key: int, file: int) -> HttpResponseBase:
    """Return a photograph as it was handed in, to be saved."""
    return as_download(_photograph(actor, key, file))


@page(*_STAFF)
def shown(request: HttpRequest, actor: Actor, key: int, file: int) -> HttpResponse:
    """Return a photograph small, written anew from what was handed in."""
    made = small(_photograph(actor, key, file), side=_POINTS)
    if made is None:
        raise Http404
    reply = HttpResponse(made, content_type="image/jpeg")
    reply["X-Content-Type-Options"] = "nosniff"
    reply["Cross-Origin-Resource-Policy"] = "same-origin"
    reply["Cache-Control"] = "private, no-store"
    return reply


def _photograph(actor: Actor, key: int, file: int) -> Upload:
    """Return a photograph of a control that the actor sees, or whose end he may confirm."""
    control = get_object_or_404(controls_shown_to(actor), pk=key)
    rows = Upload.objects.filter(findings__control=control).select_related("file").distinct()
    return get_object_or_404(rows, pk=file)
