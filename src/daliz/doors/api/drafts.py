"""Drafts: kept as they are, looked through, changed, registered, discarded."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from daliz.customs import flow
from daliz.customs.intake.drafts import change, content_of, discard, drafts_of, keep, problems_of
from daliz.customs.intake.models import Declaration, Draft
from daliz.customs.reference.queries import pack
from daliz.doors.api.access import READ, WRITE, acting
from daliz.doors.api.problems import language_of, told
from daliz.doors.api.replies import once
from daliz.doors.api.seen import DeclarationSeen
from daliz.doors.api.words import Whole, Words
from daliz.ground.staff.actor import Actor, Role

router = Router(tags=["drafts"])


class DraftStated(Schema):
    """What a draft says; it may be wrong or half empty."""

    reference: Words = Field("", max_length=128)
    content: dict[str, Any]


class DraftNew(DraftStated):
    """A new draft."""

    refiles: int | None = Field(
        None, description="id of a withdrawn or refused declaration of yours in whose place it comes"
    )


class DraftChanged(DraftStated):
    """What a draft says from now on."""

    edition: Whole = Field(ge=1, lt=2**31, description="the edition that was changed")


class DraftSeen(Schema):
    """A draft."""

    id: int
    reference: str
    refiles: int | None = Field(None, description="id of the declaration in whose place it comes")
    edition: int
    changed_by: str
    changed_at: datetime
    content: dict[str, Any]

    @classmethod
    def of(cls, row: Draft) -> "DraftSeen":
        """Return a draft."""
        return cls(
            id=row.pk, reference=row.reference, refiles=row.refiles_id, edition=row.edition,
            changed_by=row.changed_by, changed_at=row.changed_at, content=content_of(row),
        )  # fmt: skip


@router.get("/drafts", response=list[DraftSeen], summary="List drafts")
def listed(request: HttpRequest, limit: int = 50) -> list[DraftSeen]:
    """List the drafts of your organisation, the one changed last first."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    return [DraftSeen.of(row) for row in drafts_of(actor)[: min(max(limit, 1), 200)]]


@router.post("/drafts", response={201: DraftSeen}, summary="Keep a draft")
def create(request: HttpRequest, body: DraftNew) -> HttpResponse:
    """Keep a draft; nothing is asked of its content yet.

    With ``refiles`` the declaration that it becomes is linked to the one before and inherits the stricter
    result.
    """
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    before = None
    if body.refiles is not None:
        own = Declaration.objects.filter(organisation=actor.organisation)
        before = get_object_or_404(own, pk=body.refiles if 0 < body.refiles < 2**62 else 0)

    def act() -> tuple[int, dict[str, Any]]:
        row = keep(content=body.content, reference=body.reference, refiles=before, actor=actor, now=now)
        return 201, DraftSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.get("/drafts/{key}", response=DraftSeen, summary="A draft")
def one(request: HttpRequest, key: int) -> DraftSeen:
    """Return a draft."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    return DraftSeen.of(_mine(actor, key))


@router.put("/drafts/{key}", response=DraftSeen, summary="Change a draft")
def changed(request: HttpRequest, key: int, body: DraftChanged) -> HttpResponse:
    """Change a draft; refused where somebody changed it meanwhile."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    draft = _mine(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        row = change(
            draft=draft, content=body.content, reference=body.reference, edition=body.edition,
            actor=actor, now=now,
        )  # fmt: skip
        return 200, DraftSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.delete("/drafts/{key}", response={204: None}, summary="Discard a draft")
def discarded(request: HttpRequest, key: int) -> HttpResponse:
    """Let a draft go."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    discard(draft=_mine(actor, key), actor=actor, now=now)
    return HttpResponse(status=204)


@router.get("/drafts/{key}/problems", summary="What keeps a draft from being registered")
def problems(request: HttpRequest, key: int) -> dict[str, Any]:
    """Return every problem of a draft with its path; none where it could be registered."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    found = problems_of(content_of(_mine(actor, key)), pack())
    return {"problems": told(found, language_of(request))}


@router.post("/drafts/{key}/register", response={201: DeclarationSeen}, summary="Register a draft")
def register(request: HttpRequest, key: int) -> HttpResponse:
    """Register what a draft says; the draft is gone then."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    draft = _mine(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        row = flow.register_draft(draft=draft, actor=actor, now=now)
        return 201, DeclarationSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


def _mine(actor: Actor, key: int) -> Draft:
    found: Draft = get_object_or_404(drafts_of(actor), pk=key if 0 < key < 2**62 else 0)
    return found
