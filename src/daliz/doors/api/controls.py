"""What officers' systems do: see their work, begin it, record findings, ask for documents, conclude."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from daliz.customs import flow
from daliz.customs.control.concluding import Ending
from daliz.customs.control.models import Control
from daliz.customs.control.queries import controls_open_to, to_confirm, work_of
from daliz.customs.control.states import Outcome
from daliz.customs.intake.translate import declaration_of
from daliz.doors.api.access import FIND, READ, acting
from daliz.doors.api.replies import once
from daliz.doors.api.seen import ControlDetail, ControlSeen, FindingSeen
from daliz.doors.api.words import Amount, Code, ItemNumber, Money, Words, Yes
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import User

router = Router(tags=["controls"])

_OFFICERS = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)


class FindingStated(Schema):
    """What was found of the whole or of an item; also where it is nothing."""

    item_no: ItemNumber | None = None
    violation: Yes
    violation_type: Code = Field("", max_length=32)
    assessed: Money | None = None
    minutes: Amount = Field(ge=0, le=100_000)
    extent: Code = Field("", max_length=16)
    found: dict[Code, Words] = Field(default_factory=dict)
    remark: Words = ""
    photographs: list[int] = Field(
        default_factory=list, max_length=20, description="ids of ``POST /files``, pictures that you handed in"
    )


class Conclusion(Schema):
    """How a control ends, and what goes with it."""

    outcome: Outcome
    items: dict[int, Outcome] = Field(
        default_factory=dict,
        description="items that are refused or seized, with the outcome refused_items",
        json_schema_extra={"propertyNames": {"pattern": "^[1-9][0-9]{0,3}$"}},
    )
    security: Money | None = None
    terms: Words = Field("", description="conditions, or the question to the expert")
    until: date | None = Field(None, description="last day on which conditions may be met")
    shallower_because: Words = Field("", description="why goods were looked at less deeply than ordered")


class Confirmation(Schema):
    """What the second officer says."""

    agreed: Yes
    reason: Words = ""


@router.get("/controls", response=list[ControlSeen], summary="My work")
def work(request: HttpRequest) -> list[ControlSeen]:
    """Return what you have to do, the most urgent first."""
    actor, _ = acting(request, *_OFFICERS, scope=READ)
    return [ControlSeen.of(row) for row in work_of(User.objects.get(pk=actor.person))[:200]]


@router.get("/controls/to-confirm", response=list[ControlSeen], summary="Ends that wait for a second officer")
def waiting(request: HttpRequest) -> list[ControlSeen]:
    """Return the ends that wait for a second officer, and may be confirmed by you."""
    actor, _ = acting(request, *_OFFICERS, scope=READ)
    return [ControlSeen.of(row) for row in to_confirm(actor)[:200]]


@router.get("/controls/{key}", response=ControlDetail, summary="A control")
def detail(request: HttpRequest, key: int) -> ControlDetail:
    """Return a control with the declaration's content."""
    actor, _ = acting(request, *_OFFICERS, scope=READ)
    row = _seen(actor, key)
    told = ControlSeen.of(row).model_dump()
    return ControlDetail(**told, content=declaration_of(row.decision.version).content)


@router.post("/controls/{key}/take", response=ControlSeen, summary="Begin a control")
def take(request: HttpRequest, key: int) -> HttpResponse:
    """Begin a control that was distributed to you."""
    actor, now = acting(request, *_OFFICERS, scope=FIND)
    row = _seen(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        return 200, ControlSeen.of(flow.take(ours=row, actor=actor, now=now)).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/controls/{key}/findings", response={201: FindingSeen}, summary="Record a finding")
def find(request: HttpRequest, key: int, body: FindingStated) -> HttpResponse:
    """Record what was found."""
    actor, now = acting(request, *_OFFICERS, scope=FIND)
    row = _seen(actor, key)
    wanted = {number for number in body.photographs if 0 < number < 2**62}
    photographs = list(Upload.objects.filter(pk__in=wanted, user_id=actor.person).order_by("pk"))
    if len(photographs) != len(set(body.photographs)):
        get_object_or_404(Upload.objects.none())

    def act() -> tuple[int, dict[str, Any]]:
        finding = flow.find(
            ours=row,
            item_no=body.item_no,
            violation=body.violation,
            violation_type=body.violation_type,
            assessed=body.assessed,
            minutes=body.minutes,
            extent=body.extent,
            found=body.found,
            remark=body.remark,
            actor=actor,
            now=now,
            photographs=photographs,
        )
        return 201, FindingSeen.of(finding).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/controls/{key}/conclude", response=ControlSeen, summary="Conclude a control")
def conclude(request: HttpRequest, key: int, body: Conclusion) -> HttpResponse:
    """End a control, or propose its end to a second officer where two are needed."""
    actor, now = acting(request, *_OFFICERS, scope=FIND)
    row = _seen(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        ending = Ending(
            items=body.items,
            security=body.security,
            terms=body.terms,
            until=body.until,
            shallower_because=body.shallower_because,
        )
        flow.conclude(ours=row, outcome=body.outcome, actor=actor, now=now, ending=ending)
        return 200, ControlSeen.of(_again(row)).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/controls/{key}/confirm", response=ControlSeen, summary="Confirm the end of a control")
def confirm(request: HttpRequest, key: int, body: Confirmation) -> HttpResponse:
    """Agree to the end of a control as the second officer, or send it back."""
    actor, now = acting(request, *_OFFICERS, scope=FIND)
    row = get_object_or_404(to_confirm(actor), pk=key if 0 < key < 2**62 else 0)

    def act() -> tuple[int, dict[str, Any]]:
        flow.confirm(ours=row, agreed=body.agreed, reason=body.reason, actor=actor, now=now)
        return 200, ControlSeen.of(_again(row)).model_dump(mode="json")

    return once(request, actor, now, act)


def _seen(actor: Actor, key: int) -> Control:
    rows = controls_open_to(actor).select_related("declaration", "decision__version")
    return get_object_or_404(rows, pk=key if 0 < key < 2**62 else 0)


def _again(row: Control) -> Control:
    return Control.objects.select_related("declaration").get(pk=row.pk)
