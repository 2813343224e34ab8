"""What stands beside a control: its clocks, what was changed of it, what is owed, what is contested."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daliz.customs.intake.models import Declaration
from daliz.ground.staff.models import User


class Term(models.Model):
    """A statutory clock of a declaration, or of one of its controls, that runs, stands still or is over.

    ``code`` is what it was begun as, ``clock`` the clock of the pack by which it is counted now; ``pauses``
    are pairs of instants. ``due_at`` is null while it stands still.
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="terms")
    control = models.ForeignKey("control.Control", on_delete=models.PROTECT, null=True, related_name="terms")
    code = models.CharField(max_length=40)
    clock = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    pauses = models.JSONField(default=list)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=40, blank=True)
    stop_text = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One of a kind runs at a time; those that may be overdue are found by when they are due."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                "declaration", "code", name="term_runs_once", condition=Q(ended_at=None, control=None)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="term_due", condition=Q(ended_at=None, overdue_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.clock} of {self.declaration_id}"


class Rerouting(models.Model):
    """A change of the control that the system ordered: by whom, why, and what a second person said of it.

    ``kind``: proposed to a second person; done at once and to be ratified; or the inspector's own departure
    from advice, to be reviewed. ``agreed`` is null until somebody else has decided.
    """

    PROPOSED, AT_ONCE, DEVIATION = "proposed", "at_once", "deviation"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="reroutings")
    control = models.ForeignKey("control.Control", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    lighter = models.BooleanField()
    office = models.CharField(max_length=16, blank=True)
    measures = models.JSONField(default=list)
    ground = models.CharField(max_length=40, blank=True)
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ratify_by = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)
    comment = models.TextField(blank=True)

    class Meta:
        """Nobody decides on his own, and one proposal waits at a time."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="rerouting_by_another", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
            ),
            models.UniqueConstraint(
                "declaration", name="rerouting_waits_once", condition=Q(kind="proposed", decided_at=None)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "id"], name="rerouting_waits", condition=Q(decided_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'lighter' if self.lighter else 'stricter'} of {self.declaration_id}"


class ItemOutcome(models.Model):
    """How a control ended for one goods item, where items end differently."""

    control = models.ForeignKey("control.Control", on_delete=models.PROTECT, related_name="item_outcomes")
    item_no = models.IntegerField()
    outcome = models.CharField(max_length=24)

    class Meta:
        """One for each item."""

        constraints: ClassVar = [models.UniqueConstraint("control", "item_no", name="item_outcome_once")]

    def __str__(self) -> str:
        return f"{self.item_no}: {self.outcome}"


class Obligation(models.Model):
    """What is owed for a release or after it: payments adjusted, security, an examination, conditions.

    ``due_on`` is the last day on which conditions may be met, in the pack's time zone; null where none is.
    """

    PAYMENT, SECURITY, EXAMINATION, CONDITION = "payment", "security", "examination", "condition"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="obligations")
    control = models.ForeignKey("control.Control", on_delete=models.PROTECT, related_name="obligations")
    kind = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    text = models.TextField(blank=True)
    since = models.DateTimeField()
    due_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)
    kept = models.BooleanField(null=True)
    result = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.declaration_id}"


class Appeal(models.Model):
    """A finding that is contested: it is suspended until somebody who did not find it has decided."""

    UPHELD, CORRECTED, ANNULLED = "upheld", "corrected", "annulled"

    finding = models.ForeignKey("control.Finding", on_delete=models.PROTECT, related_name="appeals")
    suspended = models.OneToOneField("control.Finding", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, blank=True)
    comment = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """A finding is contested once at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint("finding", name="appeal_waits_once", condition=Q(decided_at=None)),
        ]

    def __str__(self) -> str:
        return f"appeal of finding {self.finding_id}"


class LegalHold(models.Model):
    """A declaration, or all of a trader, that a case keeps beyond its years until a second person lifts it.

    Either ``declaration`` or ``trader_id`` is named; a trader's also covers what is declared later. ``case``:
    its reference with whoever conducts it.
    """

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, related_name="legal_holds"
    )
    trader_id = models.CharField(max_length=64, blank=True)
    case = models.CharField(max_length=128)
    reason = models.TextField()
    put_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(blank=True)

    class Meta:
        """Of one thing, which a case holds once; nobody lifts his own."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="hold_of_one",
                condition=Q(declaration=None) & ~Q(trader_id="") | Q(declaration__isnull=False, trader_id=""),
            ),
            models.CheckConstraint(
                name="hold_by_another", condition=Q(lifted_by=None) | ~Q(lifted_by=F("put_by"))
            ),
            models.UniqueConstraint(
                "declaration", "case", name="hold_stands_once", condition=Q(lifted_at=None, trader_id="")
            ),
            models.UniqueConstraint(
                "trader_id", "case", name="hold_of_trader_stands_once",
                condition=Q(lifted_at=None) & ~Q(trader_id=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"hold of {self.trader_id or self.declaration_id}"
