"""Requests for documents: asked, answered, accepted, asked again, dropped."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from daliz.customs import flow
from daliz.customs.control.models import DocumentRequest
from daliz.customs.control.queries import controls_open_to
from daliz.customs.control.request_queries import requests_open_to
from daliz.customs.intake.models import Declaration
from daliz.doors.api.access import FIND, READ, WRITE, acting
from daliz.doors.api.replies import once
from daliz.doors.api.seen import RequestSeen
from daliz.doors.api.words import Code, Whole, Words
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import Actor, Role

router = Router(tags=["requests"])

_OFFICERS = (Role.OFFICER, Role.SUPERVISOR)


class Ask(Schema):
    """A document of the pack's catalogue to be asked for."""

    code: Code = Field(max_length=32)
    text: Words = ""


class Answer(Schema):
    """An answer: words, files that were handed in before, or both."""

    text: Words = ""
    files: list[Whole] = Field(default_factory=list, max_length=100, description="ids of ``POST /files``")


class Why(Schema):
    """Why."""

    reason: Words


@router.get("/declarations/{key}/requests", response=list[RequestSeen], summary="Requests for documents")
def listed(request: HttpRequest, key: int) -> list[RequestSeen]:
    """Return what is asked of you."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    declaration = get_object_or_404(
        Declaration, organisation=actor.organisation, pk=key if 0 < key < 2**62 else 0
    )
    rows = requests_open_to(actor).filter(control__declaration=declaration)
    return [RequestSeen.of(row) for row in rows]


@router.post("/controls/{key}/requests", response={201: RequestSeen}, summary="Ask for a document")
def ask(request: HttpRequest, key: int, body: Ask) -> HttpResponse:
    """Ask the declarant for a document; the deadline is the law's."""
    actor, now = acting(request, *_OFFICERS, scope=FIND)
    row = get_object_or_404(controls_open_to(actor), pk=key if 0 < key < 2**62 else 0)

    def act() -> tuple[int, dict[str, Any]]:
        asked = flow.ask_document(ours=row, code=body.code, text=body.text, actor=actor, now=now)
        return 201, _told(asked)

    return once(request, actor, now, act)


@router.post("/requests/{key}/answer", response=RequestSeen, summary="Answer a request")
def answer(request: HttpRequest, key: int, body: Answer) -> HttpResponse:
    """Answer a request for a document, until its deadline."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    asked = _one(actor, key)
    wanted = {number for number in body.files if 0 < number < 2**62}
    files = list(Upload.objects.filter(pk__in=wanted, organisation=actor.organisation).order_by("pk"))
    if len(files) != len(set(body.files)):
        get_object_or_404(Upload.objects.none())

    def act() -> tuple[int, dict[str, Any]]:
        return 200, _told(flow.answer(request=asked, text=body.text, files=files, actor=actor, now=now))

    return once(request, actor, now, act)


@router.post("/requests/{key}/accept", response=RequestSeen, summary="Accept an answer")
def accept(request: HttpRequest, key: int) -> HttpResponse:
    """Be content with an answer."""
    actor, now = acting(request, *_OFFICERS, scope=FIND)
    asked = _one(actor, key)
    return once(
        request, actor, now, lambda: (200, _told(flow.accept_answer(request=asked, actor=actor, now=now)))
    )


@router.post("/requests/{key}/again", response=RequestSeen, summary="Ask again")
def again(request: HttpRequest, key: int, body: Why) -> HttpResponse:
    """Ask for a document again, because the answer does not suffice."""
    actor, now = acting(request, *_OFFICERS, scope=FIND)
    asked = _one(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        return 200, _told(flow.ask_again(request=asked, reason=body.reason, actor=actor, now=now))

    return once(request, actor, now, act)


@router.post("/requests/{key}/drop", response=RequestSeen, summary="No longer ask for a document")
def drop(request: HttpRequest, key: int, body: Why) -> HttpResponse:
    """No longer ask for a document."""
    actor, now = acting(request, *_OFFICERS, scope=FIND)
    asked = _one(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        return 200, _told(flow.drop_request(request=asked, reason=body.reason, actor=actor, now=now))

    return once(request, actor, now, act)


def _one(actor: Actor, key: int) -> DocumentRequest:
    found: DocumentRequest = get_object_or_404(requests_open_to(actor), pk=key if 0 < key < 2**62 else 0)
    return found


def _told(row: DocumentRequest) -> dict[str, Any]:
    fresh = DocumentRequest.objects.select_related("control").prefetch_related("answers__files__file")
    return RequestSeen.of(fresh.get(pk=row.pk)).model_dump(mode="json")
