"""What a declarant's system does: submit, follow, answer, amend, withdraw; adapters and analysts too."""

import json
import threading
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from daliz.customs import flow
from daliz.customs.assessment.models import Decision
from daliz.customs.intake.entering import Submission
from daliz.customs.intake.models import Declaration
from daliz.customs.intake.queries import open_to, timeline_for
from daliz.customs.reference.queries import pack
from daliz.doors.api.access import READ, TELL, WRITE, acting
from daliz.doors.api.described import MANY, ONE
from daliz.doors.api.problems import language_of, told
from daliz.doors.api.replies import once
from daliz.doors.api.seen import (
    DecisionSeen,
    DeclarationPage,
    DeclarationSeen,
    LineSeen,
)
from daliz.doors.api.submitting import submitted
from daliz.doors.api.words import Code, Words, Yes
from daliz.engine.reading.single import SubmissionError, declaration_of_json, declarations_of_xml, schema_of
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_, DalizError

router = Router(tags=["declarations"])

MOST_OF_A_BATCH: Final = 200
_MOST_OF_A_PAGE: Final = 200
_ONE_BATCH: Final = threading.Lock()
"""A process decides one batch after the other: together they would only take turns at one interpreter."""


class Reason(Schema):
    """Why."""

    reason: Words


class Holds(Schema):
    """Whether a condition of release holds."""

    holds: Yes


class Amendment(Schema):
    """A new version and why."""

    reason: Words
    declaration: dict[str, Any]


class BatchError(DalizError):
    """A batch cannot be taken as one."""

    code = "batch"


@router.post(
    "/declarations", response={201: DeclarationSeen}, summary="Submit a declaration", openapi_extra=ONE
)
def submit(request: HttpRequest, refiles: int | None = None, office: Code = "") -> HttpResponse:
    """Store, register and assess a declaration: canonical JSON, or one XML declaration (EAEU, WCO, ASYCUDA).

    Send ``Idempotency-Key`` to be safe against sending twice. ``X-Reference`` is your own number. ``refiles``
    is the id of a declaration of yours that this one takes the place of. ``office`` is where an XML
    declaration is submitted that names no office itself.
    """
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    declared, reference = _one(request, office)
    if refiles is None:
        return submitted(request, Submission(declared, reference, actor), now=now)
    before = _mine(actor, refiles)

    def act() -> tuple[int, dict[str, Any]]:
        row = flow.submit(declared=declared, reference=reference, actor=actor, now=now, refiles=before)
        return 201, DeclarationSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/declarations/batch", summary="Submit many declarations", openapi_extra=MANY)
def submit_batch(request: HttpRequest, office: Code = "") -> HttpResponse:
    """Submit up to 200 declarations: a JSON list, or an XML envelope; each is taken or refused on its own.

    The reply has one entry for each in their order: the declaration, or its problems. What is taken is
    committed together. ``office`` is where XML declarations are submitted that name no office themselves.
    """
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    lang = language_of(request)

    read = [_read(content, lang) for content in _many(request, office)]

    def act() -> tuple[int, dict[str, Any]]:
        submissions = [Submission(*one, actor) for one in read if isinstance(one, tuple)]
        with _ONE_BATCH:
            taken = iter(flow.submit_all(submissions, now=now))
        return 200, {
            "results": [
                {"declaration": DeclarationSeen.of(next(taken)).model_dump(mode="json")}
                if isinstance(one, tuple)
                else one
                for one in read
            ]
        }

    return once(request, actor, now, act)


@router.get("/declarations", response=DeclarationPage, summary="List declarations")
def listed(
    request: HttpRequest, state: Code = "", before: int | None = None, limit: int = 50
) -> DeclarationPage:
    """List your declarations, newest first; ``before`` goes on from a page's ``next``."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    rows = _own(actor).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=min(max(before, 0), 2**62))
    limit = min(max(limit, 1), _MOST_OF_A_PAGE)
    page = list(rows[: limit + 1])
    return DeclarationPage(
        declarations=[DeclarationSeen.of(row) for row in page[:limit]],
        next=page[limit - 1].pk if len(page) > limit else None,
    )


@router.get("/declarations/{key}", response=DeclarationSeen, summary="Status of a declaration")
def status(request: HttpRequest, key: int) -> DeclarationSeen:
    """Return where a declaration stands."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    return DeclarationSeen.of(_mine(actor, key))


@router.get("/declarations/{key}/timeline", response=list[LineSeen], summary="Timeline of a declaration")
def timeline(request: HttpRequest, key: int) -> list[LineSeen]:
    """Return what happened, as far as you may know it."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    lines = timeline_for(_mine(actor, key), actor).filter(open_to_declarant=True)
    return [LineSeen.of(line) for line in lines]


@router.post("/declarations/{key}/amend", response=DeclarationSeen, summary="Amend a declaration")
def amend(request: HttpRequest, key: int, body: Amendment) -> HttpResponse:
    """Make a new version of a declaration; it is assessed anew."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    declaration = _mine(actor, key)
    declared = declaration_of_json(body.declaration, pack())

    def act() -> tuple[int, dict[str, Any]]:
        row = flow.amend(declaration=declaration, declared=declared, reason=body.reason, actor=actor, now=now)
        return 200, DeclarationSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/declarations/{key}/withdraw", response=DeclarationSeen, summary="Withdraw a declaration")
def withdraw(request: HttpRequest, key: int, body: Reason) -> HttpResponse:
    """Take a declaration back."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    declaration = _mine(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        row = flow.withdraw(declaration=declaration, reason=body.reason, actor=actor, now=now)
        return 200, DeclarationSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.put(
    "/declarations/{key}/conditions/{code}", response={204: None}, summary="Tell a condition of release"
)
def condition(request: HttpRequest, key: int, code: Code, body: Holds) -> HttpResponse:
    """Say, as the system that knows (payments, permits), whether a condition of release holds."""
    actor, now = acting(request, Role.ADAPTER, Role.SUPERVISOR, scope=TELL)
    declaration = get_object_or_404(open_to(actor), pk=_bounded(key))
    flow.tell_condition(declaration=declaration, code=code, holds=body.holds, actor=actor, now=now)
    return HttpResponse(status=204)


@router.get("/declarations/{key}/decisions", response=list[DecisionSeen], summary="Decisions, for analysts")
def decisions(request: HttpRequest, key: int) -> list[DecisionSeen]:
    """Return every decision on a declaration with its reasons."""
    actor, _ = acting(request, Role.ANALYST, scope=READ)
    declaration = get_object_or_404(open_to(actor), pk=_bounded(key))
    rows = Decision.objects.filter(version__declaration=declaration).order_by("id")
    return [DecisionSeen.of(row) for row in rows]


@router.get("/schema/declaration", summary="JSON schema of a declaration", auth=None)
def schema(request: HttpRequest) -> HttpResponse:
    """Return the JSON schema of what ``POST /declarations`` takes."""
    return HttpResponse(json.dumps(schema_of(pack())), content_type="application/schema+json")


def _one(request: HttpRequest, office: str) -> tuple[Declared, str]:
    reference = request.headers.get("X-Reference", "")[:128].replace("\x00", "")
    if not _is_xml(request):
        return declaration_of_json(request.body, pack()), reference
    found = declarations_of_xml(request.body, pack(), office=office)
    if len(found) != 1:
        raise BatchError(
            N_("the document has {n} declarations; send them to declarations/batch"), n=len(found)
        )
    [(number, declared)] = found
    return declared, (reference or number or "")[:128]


def _many(request: HttpRequest, office: str) -> list[tuple[Any, str]]:
    """Return what is to be taken: of JSON not yet read, of XML read already."""
    if _is_xml(request):
        found: list[tuple[Any, str]] = [
            (declared, (number or "")[:128])
            for number, declared in declarations_of_xml(request.body, pack(), office=office)
        ]
    else:
        try:
            listed = json.loads(request.body)
        except (ValueError, RecursionError):
            listed = None
        if not isinstance(listed, list):
            raise BatchError(N_("a batch is a JSON list of declarations"))
        found = [(one, "") for one in listed]
    if len(found) > MOST_OF_A_BATCH:
        raise BatchError(
            N_("a batch has at most {most} declarations; this one has {n}"),
            most=MOST_OF_A_BATCH,
            n=len(found),
        )
    return found


def _read(one: tuple[Any, str], lang: str) -> tuple[Declared, str] | dict[str, Any]:
    """Return one of a batch with its reference, or what is wrong with it."""
    content, reference = one
    try:
        return content if isinstance(content, Declared) else _of_json(content), reference
    except SubmissionError as error:
        return {"problems": told(error.problems, lang)}


def _of_json(content: object) -> Declared:
    return declaration_of_json(json.dumps(content), pack())


def _is_xml(request: HttpRequest) -> bool:
    return "xml" in (request.content_type or "")


def _own(actor: Actor) -> Any:
    return Declaration.objects.filter(organisation=actor.organisation)


def _mine(actor: Actor, key: int) -> Declaration:
    found: Declaration = get_object_or_404(_own(actor), pk=_bounded(key))
    return found


def _bounded(key: int) -> int:
    """Return a key that the database can hold; one beyond is nobody's."""
    return key if -(2**62) < key < 2**62 else 0
