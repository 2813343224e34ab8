"""Controls and who has them, findings, requests for documents, conditions of release and stops."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daliz.customs.assessment.models import Decision
from daliz.customs.control.figures import ControlFigure
from daliz.customs.control.records import Appeal, ItemOutcome, LegalHold, Obligation, Rerouting, Term
from daliz.customs.control.rosters import Leave, Presence, Shift
from daliz.customs.control.states import ControlState
from daliz.customs.intake.models import Declaration
from daliz.ground.files.models import Upload
from daliz.ground.staff.models import User

__all__ = [
    "Appeal", "Assignment", "Condition", "Control", "ControlFigure", "DocumentRequest", "Finding",
    "ItemOutcome", "Leave", "LegalHold", "Obligation", "Presence", "Rerouting", "Shift", "Stop", "Term",
]  # fmt: skip


class Control(models.Model):
    """One form of control of one declaration, with its measures.

    ``before_release``: release waits for it; one after release stays invisible to the declarant until notice
    (``noticed_at``). ``by_system``: the decision ordered it, not an officer. ``depth``: how deep it was
    ordered and how deep it went. ``reopened``: how often its declaration had been opened again before.
    ``proposal``: what goes with its end, until that is certain.
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="controls")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="controls")
    form = models.CharField(max_length=32)
    office = models.CharField(max_length=16, blank=True)
    measures = models.JSONField(default=list)
    minutes = models.FloatField()
    before_release = models.BooleanField()
    state = models.CharField(max_length=12, default=ControlState.WAITING.value)
    officer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    concluded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField(null=True)
    by_system = models.BooleanField(default=True)
    reopened = models.IntegerField(default=0)
    noticed_at = models.DateTimeField(null=True)
    depth = models.JSONField(default=dict)
    proposal = models.JSONField(default=dict)

    class Meta:
        """One open control of a form for each declaration; an officer's queue by what is due."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                "declaration", "form", name="control_open_once",
                condition=Q(state__in=["waiting", "assigned", "taken", "proposed"]),
            ),
            models.CheckConstraint(
                name="control_has_officer",
                condition=Q(state__in=["waiting", "cancelled"]) | Q(officer__isnull=False),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["officer", "state", "due_at"], name="control_queue"),
            models.Index(fields=["state", "office"], name="control_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.form} of {self.declaration_id}"


class Assignment(models.Model):
    """Who got a control and how: by draw, with all probabilities, or reassigned by a superior."""

    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="assignments")
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    draw = models.FloatField(null=True)
    probabilities = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.control_id} to {self.officer_id}"


class Finding(models.Model):
    """What was found of the whole or of an item, violation or not; corrected by one that supersedes it."""

    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="findings")
    item_no = models.IntegerField(null=True)
    violation = models.BooleanField()
    violation_type = models.CharField(max_length=32, blank=True)
    assessed = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    extent = models.CharField(max_length=16, blank=True)
    minutes = models.FloatField()
    found = models.JSONField(default=dict)
    payments = models.JSONField(default=dict)
    remark = models.TextField(blank=True)
    finality = models.CharField(max_length=12, default="provisional")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    photographs = models.ManyToManyField(Upload, related_name="findings")

    def __str__(self) -> str:
        return f"{self.control_id} {self.item_no or '*'} {'violation' if self.violation else 'nothing'}"


class DocumentRequest(models.Model):
    """A document that the officer asks the declarant for; asked again where an answer does not suffice.

    ``round`` counts how often it was asked for, ``reason`` says why again; ``answer`` is the last one.
    ``reminded`` is the number of days before the deadline for which the last reminder went out.
    """

    OPEN, ANSWERED, ACCEPTED, EXPIRED, DROPPED = "open", "answered", "accepted", "expired", "dropped"

    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="requests")
    code = models.CharField(max_length=32)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, default=OPEN)
    round = models.IntegerField(default=1)
    reason = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField()
    reminded = models.IntegerField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """Those that are open are found by their deadline."""

        indexes: ClassVar = [
            models.Index(fields=["deadline"], name="request_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"


class RequestAnswer(models.Model):
    """What was answered in one round."""

    request = models.ForeignKey(DocumentRequest, on_delete=models.PROTECT, related_name="answers")
    round = models.IntegerField()
    text = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    files = models.ManyToManyField(Upload, related_name="answers")

    class Meta:
        """One answer a round."""

        constraints: ClassVar = [models.UniqueConstraint("request", "round", name="answer_of_round_once")]

    def __str__(self) -> str:
        return f"answer to {self.request_id}"


class Condition(models.Model):
    """Whether a condition of release holds, as an adapter last told."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="conditions")
    code = models.CharField(max_length=32)
    holds = models.BooleanField()
    told_by = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    class Meta:
        """One row for each condition."""

        constraints: ClassVar = [models.UniqueConstraint("declaration", "code", name="condition_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.holds}"


class Stop(models.Model):
    """Somebody keeps the goods from being released, until somebody else lifts it."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="stops")
    reason = models.TextField()
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=64, blank=True)
    lift_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"stop of {self.declaration_id}"
