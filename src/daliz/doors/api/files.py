"""Files: handed in first, then named in an answer; sent back as downloads to whoever may see the request."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from daliz.customs.control.models import Control
from daliz.customs.control.photographs import controls_shown_to, photographs_of
from daliz.customs.control.request_queries import requests_open_to
from daliz.doors.api.access import FIND, READ, WRITE, acting
from daliz.doors.api.described import FILE, download_of
from daliz.doors.api.seen import FileSeen, PhotographSeen
from daliz.doors.api.words import Words
from daliz.ground.files.actions import take_in
from daliz.ground.files.download import as_download
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import Actor, Role

router = Router(tags=["files"])

_STAFF = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)


@router.post("/files", response={201: FileSeen}, summary="Hand a file in", openapi_extra=FILE)
def hand_in(request: HttpRequest, name: Words = "file") -> Status[FileSeen]:
    """Hand a file in: its bytes are the body, its name is in the address. Name its ``id`` in an answer.

    Taken are PDF, JPEG, PNG, TIFF, XML, XLSX and DOCX, told by their bytes; with a finding go
    pictures only. What no answer and no finding names goes after a day.
    """
    declares = request.auth.has(Role.DECLARANT)  # type: ignore[attr-defined]  # ninja keeps there who asks
    actor, now = acting(request, Role.DECLARANT, *_STAFF, scope=WRITE if declares else FIND)
    upload = take_in(
        parts=[request.body], name=name[:400], organisation=actor.organisation, user_id=actor.person, now=now
    )
    return Status(201, FileSeen.of(upload))


@router.get(
    "/requests/{key}/files/{file}",
    summary="Download a file of an answer",
    openapi_extra=download_of("application/octet-stream"),
)
def download(request: HttpRequest, key: int, file: int) -> FileResponse | HttpResponse:
    """Return a file that an answer holds, to the declarant whose it is and to the officers of the control."""
    actor, _ = acting(request, Role.DECLARANT, Role.OFFICER, Role.SUPERVISOR, scope=READ)
    asked = get_object_or_404(requests_open_to(actor), pk=key if 0 < key < 2**62 else 0)
    uploads = Upload.objects.filter(answers__request=asked).select_related("file").distinct()
    return as_download(get_object_or_404(uploads, pk=file if 0 < file < 2**62 else 0))


@router.get("/controls/{key}/photographs", response=list[PhotographSeen], summary="Photographs of a control")
def photographs(request: HttpRequest, key: int) -> list[PhotographSeen]:
    """Return the photographs of a control, for its officers."""
    actor, _ = acting(request, *_STAFF, scope=READ)
    return [PhotographSeen.of(one) for one in photographs_of(_control(actor, key))]


@router.get("/controls/{key}/photographs/{file}", summary="Download a photograph")
def photograph(request: HttpRequest, key: int, file: int) -> FileResponse | HttpResponse:
    """Return a photograph as it was handed in, for the officers of the control."""
    actor, _ = acting(request, *_STAFF, scope=READ)
    of = Upload.objects.filter(findings__control=_control(actor, key)).select_related("file").distinct()
    return as_download(get_object_or_404(of, pk=file if 0 < file < 2**62 else 0))


def _control(actor: Actor, key: int) -> Control:
    return get_object_or_404(controls_shown_to(actor), pk=key if 0 < key < 2**62 else 0)
