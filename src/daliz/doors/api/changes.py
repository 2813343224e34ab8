"""What changes the course of control: clocks, re-routing, departures from advice, re-opening, appeals."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from daliz.customs import discretion, flow, redress
from daliz.customs.control.act import act_pdf
from daliz.customs.control.clocks import EXTENSION
from daliz.customs.control.models import Appeal, Control, Obligation, Rerouting, Stop, Term
from daliz.customs.control.photographs import told_to_declarants
from daliz.customs.control.queries import (
    clocks_of,
    clocks_told,
    controls_open_to,
    findings_told,
    findings_told_to,
    rerouting_counts,
    reroutings_open_to,
    stops_open_to,
)
from daliz.customs.intake.models import Declaration
from daliz.customs.intake.queries import open_to
from daliz.customs.redress import REOPENING
from daliz.customs.reference.queries import pack
from daliz.doors.api.access import FIND, READ, WRITE, acting
from daliz.doors.api.described import download_of
from daliz.doors.api.problems import language_of
from daliz.doors.api.replies import once
from daliz.doors.api.seen import (
    AppealSeen,
    ApprovalSeen,
    ClockOfficer,
    ClockSeen,
    ControlSeen,
    DeclarationSeen,
    FindingTold,
    ObligationSeen,
    ReroutingSeen,
    StopSeen,
)
from daliz.doors.api.words import Code, Money, Whole, Words, Yes
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import Approval

router = Router(tags=["changes of control"])

_STAFF = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)
_PDF = download_of("application/pdf")


class Stopped(Schema):
    """Why a clock stands still: a reason of the pack, and words for officers only."""

    reason: Code = Field(max_length=40)
    text: Words = ""


class Asked(Schema):
    """Why something is asked for."""

    reason: Words


class Said(Schema):
    """What the second person says."""

    agreed: Yes
    comment: Words = ""


class Change(Schema):
    """Another control: of one form and lighter where a control is named, stricter where none is."""

    kind: Code = Field("proposed", description="proposed, at_once or deviation")
    control: Whole | None = None
    measures: list[str] = Field(default_factory=list, max_length=20)
    ground: Code = Field("", max_length=40)
    reason: Words


class Reopening(Schema):
    """By which measures a declaration is to be controlled again, and why."""

    measures: list[str] = Field(max_length=20)
    reason: Words


class Verdict(Schema):
    """How an appeal ends."""

    verdict: Code = Field(description="upheld, corrected or annulled")
    comment: Words
    assessed: Money | None = None


class Settled(Schema):
    """How conditions of a release, or an expert examination, ended."""

    kept: Yes
    result: Words


@router.get(
    "/declarations/{key}/clocks", response=list[ClockSeen], summary="Statutory clocks, for declarants"
)
def clocks(request: HttpRequest, key: int) -> list[ClockSeen]:
    """Return the statutory clocks of your declaration, as far as you may know them."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    return [ClockSeen.of(term) for term in clocks_told(_own(actor, key), pack())]


@router.get("/controls/{key}/clocks", response=list[ClockOfficer], summary="Clocks, for officers")
def clocks_of_control(request: HttpRequest, key: int) -> list[ClockOfficer]:
    """Return the statutory clocks of the declaration that a control is of."""
    actor, _ = acting(request, *_STAFF, scope=READ)
    return [ClockOfficer.of(term) for term in clocks_of(_control(actor, key).declaration, pack())]


@router.post("/clocks/{key}/stop", response=ClockOfficer, summary="Let a clock stand still")
def stop(request: HttpRequest, key: int, body: Stopped) -> HttpResponse:
    """Let a statutory clock stand still, for a reason that both sides read."""
    actor, now = acting(request, *_STAFF, scope=FIND)
    term = _term(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        row = discretion.stop_clock(term=term, ground=body.reason, text=body.text, actor=actor, now=now)
        return 200, ClockOfficer.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/clocks/{key}/resume", response=ClockOfficer, summary="Let a clock run on")
def resume(request: HttpRequest, key: int) -> HttpResponse:
    """Let a statutory clock run on."""
    actor, now = acting(request, *_STAFF, scope=FIND)
    term = _term(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        row = discretion.resume_clock(term=term, actor=actor, now=now)
        return 200, ClockOfficer.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/clocks/{key}/extend", response={201: ApprovalSeen}, summary="Ask for the longer term")
def extend(request: HttpRequest, key: int, body: Asked) -> HttpResponse:
    """Ask a superior for the longer term of the law."""
    actor, now = acting(request, *_STAFF, scope=FIND)
    term = _term(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        asked = discretion.propose_extension(term=term, reason=body.reason, actor=actor, now=now)
        return 201, ApprovalSeen.of(asked).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/approvals/{key}", response=ApprovalSeen, summary="Decide what another asked for")
def approve(request: HttpRequest, key: int, body: Said) -> HttpResponse:
    """Grant or decline, as a superior, an extension or a re-opening that another person asked for."""
    actor, now = acting(request, Role.SUPERVISOR, scope=FIND)
    asked = get_object_or_404(Approval, pk=_bounded(key), act__in=(EXTENSION, REOPENING))

    def act() -> tuple[int, dict[str, Any]]:
        decide = discretion.decide_extension if asked.act == EXTENSION else redress.decide_reopening
        decide(approval=asked, agreed=body.agreed, comment=body.comment, actor=actor, now=now)
        return 200, ApprovalSeen.of(Approval.objects.get(pk=asked.pk)).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post(
    "/declarations/{key}/reroutings", response={201: ReroutingSeen}, summary="Ask for another control"
)
def reroute(request: HttpRequest, key: int, body: Change) -> HttpResponse:
    """Ask for another control, change it at once for life, health or weapons, or depart from advice."""
    actor, now = acting(request, *_STAFF, scope=FIND)
    declaration = get_object_or_404(open_to(actor), pk=_bounded(key))
    ours = None
    if body.control is not None:
        of = controls_open_to(actor).filter(declaration=declaration)
        ours = get_object_or_404(of, pk=_bounded(body.control))

    def act() -> tuple[int, dict[str, Any]]:
        return 201, ReroutingSeen.of(_changed(body, declaration, ours, actor, now)).model_dump(mode="json")

    return once(request, actor, now, act)


@router.get("/reroutings", response=list[ReroutingSeen], summary="Changes of control that wait for you")
def reroutings(request: HttpRequest) -> list[ReroutingSeen]:
    """Return changes of control, and departures from advice, on which you may decide as a superior."""
    actor, _ = acting(request, Role.SUPERVISOR, scope=READ)
    return [ReroutingSeen.of(row) for row in reroutings_open_to(actor).order_by("id")[:200]]


@router.get("/reroutings/counts", summary="How often control was changed")
def counts(request: HttpRequest, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return how often control was changed, by office, officer, kind, direction and what was said of it."""
    actor, _ = acting(request, Role.MANAGER, Role.INTERNAL_AFFAIRS, scope=READ)
    offices = actor.offices(Role.MANAGER, Role.INTERNAL_AFFAIRS)
    rows = rerouting_counts(office=None, since=since, until=until)
    return [row for row in rows if offices is None or row["office"] in offices]


@router.post("/reroutings/{key}", response=ReroutingSeen, summary="Decide on a change of control")
def decide(request: HttpRequest, key: int, body: Said) -> HttpResponse:
    """Grant or decline, ratify or not, find justified or not, as a superior who did not ask for it."""
    actor, now = acting(request, Role.SUPERVISOR, scope=FIND)
    asked = get_object_or_404(reroutings_open_to(actor), pk=_bounded(key))

    def act() -> tuple[int, dict[str, Any]]:
        row = discretion.decide(asked=asked, agreed=body.agreed, comment=body.comment, actor=actor, now=now)
        return 200, ReroutingSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/declarations/{key}/reopen", response={201: ApprovalSeen}, summary="Ask for a re-opening")
def reopen(request: HttpRequest, key: int, body: Reopening) -> HttpResponse:
    """Ask that a released or refused declaration be controlled again."""
    actor, now = acting(request, *_STAFF, scope=FIND)
    declaration = get_object_or_404(open_to(actor), pk=_bounded(key))

    def act() -> tuple[int, dict[str, Any]]:
        asked = redress.propose_reopening(
            declaration=declaration, measures=body.measures, reason=body.reason, actor=actor, now=now
        )
        return 201, ApprovalSeen.of(asked).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/declarations/{key}/arrive", response=DeclarationSeen, summary="Goods have arrived")
def arrive(request: HttpRequest, key: int) -> HttpResponse:
    """Say that the goods of a preliminary declaration are presented; it is assessed anew."""
    actor, now = acting(request, Role.ADAPTER, Role.SUPERVISOR, scope=FIND)
    declaration = get_object_or_404(open_to(actor), pk=_bounded(key))

    def act() -> tuple[int, dict[str, Any]]:
        row = flow.arrive(declaration=declaration, actor=actor, now=now)
        return 200, DeclarationSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/controls/{key}/notice", response=ControlSeen, summary="Give notice of a control after release")
def notice(request: HttpRequest, key: int) -> HttpResponse:
    """Give legal notice of a control after release: from now on the declarant knows of it."""
    actor, now = acting(request, Role.AUDITOR, Role.SUPERVISOR, scope=FIND)
    ours = _control(actor, key)

    def act() -> tuple[int, dict[str, Any]]:
        flow.give_notice(ours=ours, actor=actor, now=now)
        return 200, ControlSeen.of(_control(actor, key)).model_dump(mode="json")

    return once(request, actor, now, act)


@router.get("/controls/{key}/obligations", response=list[ObligationSeen], summary="What is owed")
def obligations(request: HttpRequest, key: int) -> list[ObligationSeen]:
    """Return what is owed for a release or after it, by a control."""
    actor, _ = acting(request, *_STAFF, scope=READ)
    return [ObligationSeen.of(row) for row in _control(actor, key).obligations.order_by("id")]


@router.post("/obligations/{key}/settle", response=ObligationSeen, summary="Settle what is owed")
def settle(request: HttpRequest, key: int, body: Settled) -> HttpResponse:
    """Say how the conditions of a release, or an expert examination, ended."""
    actor, now = acting(request, *_STAFF, scope=FIND)
    rows = Obligation.objects.select_related("control").filter(control__in=controls_open_to(actor))
    owed = get_object_or_404(rows, pk=_bounded(key))

    def act() -> tuple[int, dict[str, Any]]:
        row = flow.settle(obligation=owed, kept=body.kept, result=body.result, actor=actor, now=now)
        return 200, ObligationSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.get("/declarations/{key}/stops", response=list[StopSeen], summary="Stops of a release")
def stops(request: HttpRequest, key: int) -> list[StopSeen]:
    """Return who withholds the goods of a declaration, or withheld them, and why; for officers."""
    actor, _ = acting(request, Role.OFFICER, Role.SUPERVISOR, scope=READ)
    return [StopSeen.of(row) for row in stops_open_to(actor).filter(declaration=_bounded(key))]


@router.post("/declarations/{key}/stops", response={201: StopSeen}, summary="Withhold a release")
def withhold(request: HttpRequest, key: int, body: Asked) -> HttpResponse:
    """Withhold the goods of a declaration, as a superior; the declarant is not told why."""
    actor, now = acting(request, Role.SUPERVISOR, scope=FIND)
    declaration = get_object_or_404(open_to(actor), pk=_bounded(key))

    def act() -> tuple[int, dict[str, Any]]:
        row = flow.stop(declaration=declaration, reason=body.reason, actor=actor, now=now)
        return 201, StopSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/stops/{key}/lift", response=StopSeen, summary="Lift a stop")
def lift(request: HttpRequest, key: int, body: Asked) -> HttpResponse:
    """Lift a stop, as a superior who did not put it."""
    actor, now = acting(request, Role.SUPERVISOR, scope=FIND)
    stop = get_object_or_404(stops_open_to(actor), pk=_bounded(key))

    def act() -> tuple[int, dict[str, Any]]:
        flow.lift(stop=stop, reason=body.reason, actor=actor, now=now)
        return 200, StopSeen.of(Stop.objects.get(pk=stop.pk)).model_dump(mode="json")

    return once(request, actor, now, act)


@router.get("/declarations/{key}/findings", response=list[FindingTold], summary="Findings, for declarants")
def findings(request: HttpRequest, key: int) -> list[FindingTold]:
    """Return what control found in your declaration, once it is over and you know of it."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    return [FindingTold.of(row) for row in findings_told(_own(actor, key))]


@router.get(
    "/controls/{key}/act",
    summary="Act of a control, PDF, for officers",
    openapi_extra=download_of("application/pdf"),
)
def act_of_control(request: HttpRequest, key: int) -> HttpResponse:
    """Return the act of a control that is over, in the language of ``Accept-Language``."""
    actor, _ = acting(request, *_STAFF, scope=READ)
    return _printed(request, controls_open_to(actor), key, photographs=True)


@router.get(
    "/acts/{key}",
    summary="Act of a control, PDF, for declarants",
    openapi_extra=download_of("application/pdf"),
)
def act_for_declarant(request: HttpRequest, key: int) -> HttpResponse:
    """Return the act of a control of your declaration that is over and that you know of."""
    actor, _ = acting(request, Role.DECLARANT, scope=READ)
    told = findings_told_to(actor.organisation).values("control")
    shown = told_to_declarants(pack())
    return _printed(request, Control.objects.filter(pk__in=told), key, photographs=shown)


@router.post("/findings/{key}/contest", response={201: AppealSeen}, summary="Contest a finding")
def contest(request: HttpRequest, key: int, body: Asked) -> HttpResponse:
    """Contest a finding; it is suspended until somebody who did not find it has decided."""
    actor, now = acting(request, Role.DECLARANT, scope=WRITE)
    finding = get_object_or_404(findings_told_to(actor.organisation), pk=_bounded(key))

    def act() -> tuple[int, dict[str, Any]]:
        appeal = redress.contest(finding=finding, reason=body.reason, actor=actor, now=now)
        return 201, AppealSeen.of(appeal).model_dump(mode="json")

    return once(request, actor, now, act)


@router.post("/appeals/{key}", response=AppealSeen, summary="Decide an appeal")
def judge(request: HttpRequest, key: int, body: Verdict) -> HttpResponse:
    """Uphold, correct or annul a contested finding, as a superior who took no part in it."""
    actor, now = acting(request, Role.SUPERVISOR, scope=FIND)
    seen = controls_open_to(actor)
    rows = Appeal.objects.select_related("finding__control").filter(finding__control__in=seen)
    appeal = get_object_or_404(rows, pk=_bounded(key))

    def act() -> tuple[int, dict[str, Any]]:
        row = redress.decide_appeal(
            appeal=appeal,
            verdict=body.verdict,
            comment=body.comment,
            assessed=body.assessed,
            actor=actor,
            now=now,
        )
        return 200, AppealSeen.of(row).model_dump(mode="json")

    return once(request, actor, now, act)


def _changed(
    body: Change, declaration: Declaration, ours: Control | None, actor: Actor, now: datetime
) -> Rerouting:
    if body.kind in (Rerouting.AT_ONCE, Rerouting.DEVIATION):
        change = discretion.change_at_once if body.kind == Rerouting.AT_ONCE else discretion.depart
        return change(
            declaration=declaration,
            ours=ours,
            measures=body.measures,
            ground=body.ground,
            reason=body.reason,
            actor=actor,
            now=now,
        )
    if ours is not None:
        return discretion.propose_lighter(
            ours=ours, measures=body.measures, reason=body.reason, actor=actor, now=now
        )
    return discretion.propose_stricter(
        declaration=declaration, measures=body.measures, reason=body.reason, actor=actor, now=now
    )


def _printed(request: HttpRequest, rows: QuerySet[Control], key: int, *, photographs: bool) -> HttpResponse:
    row = get_object_or_404(
        rows.select_related("declaration", "decision__version", "officer", "concluded_by"), pk=_bounded(key)
    )
    made = act_pdf(row, pack=pack(), lang=language_of(request), photographs=photographs)
    reply = HttpResponse(made, content_type="application/pdf")
    reply["Content-Disposition"] = f'attachment; filename="act-{row.pk}.pdf"'
    return reply


def _own(actor: Actor, key: int) -> Declaration:
    return get_object_or_404(Declaration, organisation=actor.organisation, pk=_bounded(key))


def _control(actor: Actor, key: int) -> Control:
    return get_object_or_404(controls_open_to(actor).select_related("declaration"), pk=_bounded(key))


def _term(actor: Actor, key: int) -> Term:
    """Return a clock of a declaration of which the actor sees a control."""
    of = controls_open_to(actor).values("declaration")
    return get_object_or_404(Term, pk=_bounded(key), declaration__in=of)


def _bounded(key: int) -> int:
    """Return a key that the database can hold; one beyond is nobody's."""
    return key if 0 < key < 2**62 else 0
