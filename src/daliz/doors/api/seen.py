"""What each may see, by construction: a schema for declarants, one for officers, one for analysts.

A field that is not in a reader's schema cannot reach him. Declarants are told procedural consequences only;
an officer sees measures, the approved hint and what to look at; rules, scores and the draw are for analysts.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from daliz.customs.assessment.models import Decision
from daliz.customs.control.models import (
    Appeal,
    Control,
    DocumentRequest,
    Finding,
    Obligation,
    Rerouting,
    Stop,
    Term,
)
from daliz.customs.control.photographs import Photograph
from daliz.customs.intake.models import Declaration, TimelineEntry
from daliz.ground.files.models import Upload
from daliz.ground.outbox.models import Notice
from daliz.ground.staff.models import Approval


class DeclarationSeen(Schema):
    """A declaration as its declarant sees it."""

    id: int
    number: str | None = Field(None, description="the system's number, from registration on")
    reference: str = Field("", description="the declarant's own number")
    state: str = Field(
        description="draft, registered, awaited, control, cleared, released, refused, seized, withdrawn"
    )
    version: int
    registered_at: datetime | None = None
    ended_at: datetime | None = None

    @classmethod
    def of(cls, row: Declaration) -> "DeclarationSeen":
        """Return what may be seen of a row."""
        return cls(
            id=row.pk,
            number=row.number,
            reference=row.reference,
            state=row.state,
            version=row.version,
            registered_at=row.registered_at,
            ended_at=row.ended_at,
        )


class DeclarationPage(Schema):
    """Some declarations, newest first; ``next`` goes on from the last of them."""

    declarations: list[DeclarationSeen]
    next: int | None = None


class LineSeen(Schema):
    """A line of the timeline."""

    at: datetime
    what: str
    values: dict[str, Any]

    @classmethod
    def of(cls, row: TimelineEntry) -> "LineSeen":
        """Return a line."""
        return cls.from_orm(row)


class FileSeen(Schema):
    """A file that was handed in."""

    id: int
    name: str
    kind: str = Field(description="pdf, jpg, png, tif, xml, xlsx, docx; told by its bytes")
    size: int = Field(description="bytes")
    sha256: str

    @classmethod
    def of(cls, row: Upload) -> "FileSeen":
        """Return a file."""
        return cls(id=row.pk, name=row.name, kind=row.file.kind, size=row.file.size, sha256=row.file.digest)


class PhotographSeen(FileSeen):
    """A photograph of a control, for its officers."""

    item_no: int | None = Field(description="null for the whole")

    @classmethod
    def of(cls, one: Photograph) -> "PhotographSeen":  # type: ignore[override]  # of a photograph
        """Return a photograph."""
        return cls(item_no=one.item_no, **FileSeen.of(one.upload).model_dump())


class RequestSeen(Schema):
    """A request for a document."""

    id: int
    declaration: int
    code: str
    text: str
    state: str = Field(description="open, answered, accepted, expired, dropped")
    round: int = Field(description="how often it was asked for")
    reason: str = Field(description="why it was asked for again")
    deadline: datetime
    answer: str
    files: list[FileSeen]

    @classmethod
    def of(cls, row: DocumentRequest) -> "RequestSeen":
        """Return a request with the files of all its answers; its control must be at hand."""
        return cls(
            id=row.pk,
            declaration=row.control.declaration_id,
            code=row.code,
            text=row.text,
            state=row.state,
            round=row.round,
            reason=row.reason,
            deadline=row.deadline,
            answer=row.answer,
            files=[FileSeen.of(file) for given in row.answers.all() for file in given.files.all()],
        )


class NoticeSeen(Schema):
    """A notification."""

    id: int
    topic: str
    declaration: str
    at: datetime
    values: dict[str, Any]
    text: str = Field(description="in the language of Accept-Language")
    read: bool

    @classmethod
    def of(cls, row: Notice, text: str, *, read: bool) -> "NoticeSeen":
        """Return a notice."""
        return cls(
            id=row.pk,
            topic=row.topic,
            declaration=row.subject_id,
            at=row.created_at,
            values=row.values,
            text=text,
            read=read,
        )


class MeasureSeen(Schema):
    """What an officer is to do, and what he may know of why."""

    measure: str
    item_no: int | None = None
    extent: str = ""
    hint: dict[str, str] | None = None
    look_at: dict[str, str] | None = None


class ControlSeen(Schema):
    """A control as its officer sees it."""

    id: int
    declaration: int
    number: str | None
    form: str
    state: str
    office: str
    due_at: datetime | None
    measures: list[MeasureSeen]
    outcome: str

    @classmethod
    def of(cls, row: Control) -> "ControlSeen":
        """Return a control; its declaration must be at hand."""
        return cls(
            id=row.pk,
            declaration=row.declaration_id,
            number=row.declaration.number,
            form=row.form,
            state=row.state,
            office=row.office,
            due_at=row.due_at,
            measures=[MeasureSeen(**one) for one in row.measures],
            outcome=row.outcome,
        )


class ControlDetail(ControlSeen):
    """A control with the declaration's content."""

    content: dict[str, Any]


class FindingSeen(Schema):
    """A finding as it was recorded."""

    id: int
    item_no: int | None
    violation: bool
    violation_type: str
    assessed: Decimal | None
    finality: str
    found: dict[str, Any] = Field(default_factory=dict, description="in the place of what was declared")
    payments: dict[str, Any] = Field(default_factory=dict, description="as declared and as found")

    @classmethod
    def of(cls, row: Finding) -> "FindingSeen":
        """Return a finding."""
        return cls.from_orm(row)


class FindingTold(Schema):
    """What control found, as the declarant is told of it: nothing of how he came to be controlled."""

    id: int
    item_no: int | None
    violation_type: str = Field("", description="empty where nothing was found")
    assessed: Decimal | None
    finality: str
    found: dict[str, Any]
    payments: dict[str, Any]

    @classmethod
    def of(cls, row: Finding) -> "FindingTold":
        """Return a finding."""
        return cls.from_orm(row)


class OrderSeen(Schema):
    """A row of a decision, for analysts."""

    item_no: int | None
    profile_id: str
    profile_version: int
    capacity: str
    measure: str
    status: str
    reasons: str


class DecisionSeen(Schema):
    """A decision whole, for analysts."""

    id: int
    point: str
    at: datetime
    corridor: str
    level: str
    probability: float
    expected_damage: Decimal | None
    in_random: bool
    policy_id: str
    snapshot_id: str
    price_id: str
    key_id: str
    orders: list[OrderSeen]

    @classmethod
    def of(cls, row: Decision) -> "DecisionSeen":
        """Return a decision."""
        orders = [
            OrderSeen(
                item_no=o.item_no,
                profile_id=o.profile_id,
                profile_version=o.profile_version,
                capacity=o.capacity,
                measure=o.measure,
                status=o.status,
                reasons=o.reasons,
            )
            for o in row.orders.order_by("id")
        ]
        return cls(
            id=row.pk,
            point=row.point,
            at=row.at,
            corridor=row.corridor,
            level=row.level,
            probability=row.probability,
            expected_damage=row.expected_damage,
            in_random=row.in_random,
            policy_id=row.policy_id,
            snapshot_id=row.snapshot_id,
            price_id=row.price_id,
            key_id=row.key_id,
            orders=orders,
        )


class ClockSeen(Schema):
    """A statutory clock as both sides see it."""

    code: str = Field(description="what it was begun as: registration, release, expert_examination, …")
    clock: str = Field(description="the clock of the pack by which it is counted now")
    begun_at: datetime
    due_at: datetime | None = Field(None, description="null while it stands still")
    stopped_at: datetime | None = None
    reason: str = Field("", description="why it stands still, of the pack")
    ended_at: datetime | None = None

    @classmethod
    def of(cls, row: Term) -> "ClockSeen":
        """Return a clock."""
        return cls(**_clock(row))


class ClockOfficer(ClockSeen):
    """A statutory clock as officers see it."""

    id: int | None = Field(description="null of registration, which nobody stops or extends")
    text: str = ""
    overdue_at: datetime | None = None

    @classmethod
    def of(cls, row: Term) -> "ClockOfficer":
        """Return a clock with the officer's own words."""
        return cls(id=row.pk, text=row.stop_text, overdue_at=row.overdue_at, **_clock(row))


def _clock(row: Term) -> dict[str, Any]:
    return {
        "code": row.code, "clock": row.clock, "begun_at": row.begun_at, "due_at": row.due_at,
        "stopped_at": row.stopped_at, "reason": row.stop_reason, "ended_at": row.ended_at,
    }  # fmt: skip


class ApprovalSeen(Schema):
    """What one person asked for and another decides."""

    id: int
    act: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None = None
    agreed: bool | None = None
    comment: str = ""

    @classmethod
    def of(cls, row: Approval) -> "ApprovalSeen":
        """Return it."""
        return cls.from_orm(row)


class ReroutingSeen(Schema):
    """A change of control as those who decide on it see it."""

    id: int
    declaration: int
    control: int | None
    kind: str
    lighter: bool
    measures: list[str]
    ground: str
    reason: str
    asked_at: datetime
    ratify_by: datetime | None = None
    decided_at: datetime | None = None
    agreed: bool | None = None
    comment: str = ""

    @classmethod
    def of(cls, row: Rerouting) -> "ReroutingSeen":
        """Return it."""
        return cls(
            id=row.pk,
            declaration=row.declaration_id,
            control=row.control_id,
            kind=row.kind,
            lighter=row.lighter,
            measures=row.measures,
            ground=row.ground,
            reason=row.reason,
            asked_at=row.asked_at,
            ratify_by=row.ratify_by,
            decided_at=row.decided_at,
            agreed=row.agreed,
            comment=row.comment,
        )


class ObligationSeen(Schema):
    """What is owed for a release or after it."""

    id: int
    kind: str
    amount: Decimal | None
    text: str
    due_on: date | None = Field(None, description="last day on which conditions may be met")
    settled_at: datetime | None = None
    kept: bool | None = None
    result: str = ""

    @classmethod
    def of(cls, row: Obligation) -> "ObligationSeen":
        """Return it."""
        return cls.from_orm(row)


class StopSeen(Schema):
    """A stop of a release, for officers."""

    id: int
    declaration: int
    reason: str
    set_by: str
    set_at: datetime
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str

    @classmethod
    def of(cls, row: Stop) -> "StopSeen":
        """Return it."""
        return cls(
            id=row.pk,
            declaration=row.declaration_id,
            reason=row.reason,
            set_by=row.set_by,
            set_at=row.set_at,
            lifted_at=row.lifted_at,
            lifted_by=row.lifted_by,
            lift_reason=row.lift_reason,
        )


class AppealSeen(Schema):
    """A finding that is contested, as both sides see it."""

    id: int
    finding: int
    reason: str
    filed_at: datetime
    verdict: str = ""
    comment: str = ""
    decided_at: datetime | None = None

    @classmethod
    def of(cls, row: Appeal) -> "AppealSeen":
        """Return it."""
        return cls(
            id=row.pk,
            finding=row.finding_id,
            reason=row.reason,
            filed_at=row.filed_at,
            verdict=row.verdict,
            comment=row.comment,
            decided_at=row.decided_at,
        )
