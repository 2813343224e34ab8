"""What is in force, what history answers, what was decided, and what a day's officers have been given."""

from typing import ClassVar

from django.db import models

from daliz.customs.intake.models import Version


class Snapshot(models.Model):
    """History of one day by key; complete when every answer is there."""

    snapshot_id = models.CharField(max_length=40, unique=True)
    day = models.DateField()
    complete = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.snapshot_id


class HistoryAnswer(models.Model):
    """What history answers to one key: facts as JSON."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=300)
    answer = models.TextField()

    class Meta:
        """Looked up by key within a snapshot."""

        constraints: ClassVar = [models.UniqueConstraint("snapshot", "key", name="answer_once")]

    def __str__(self) -> str:
        return self.key


class Publication(models.Model):
    """A policy for a day: profiles, what was learned, prices. The newest is in force; none is changed."""

    day = models.DateField()
    policy_id = models.CharField(max_length=40)
    price_id = models.CharField(max_length=40)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    pack_code = models.CharField(max_length=16)
    pack_fingerprint = models.CharField(max_length=64)
    content = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.day} {self.policy_id}"


class ModelPart(models.Model):
    """A part of the models in force and of what they rest on, as bytes; of the newest publications only."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="model_parts")
    place = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        """Put together in the order of their places."""

        constraints: ClassVar = [models.UniqueConstraint("publication", "place", name="model_part_once")]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.place}"


class Decision(models.Model):
    """What was decided for a version at one point of assessment; immutable."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="decisions")
    point = models.CharField(max_length=20)
    at = models.DateTimeField()
    day = models.DateField()
    corridor = models.CharField(max_length=16)
    level = models.CharField(max_length=16)
    probability = models.FloatField()
    expected_damage = models.DecimalField(max_digits=22, decimal_places=2, null=True)
    in_random = models.BooleanField()
    policy_id = models.CharField(max_length=40)
    snapshot_id = models.CharField(max_length=40)
    price_id = models.CharField(max_length=40)
    key_id = models.CharField(max_length=40)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT)
    content = models.TextField()
    seen = models.TextField()

    class Meta:
        """One decision for each version and point; counted by day."""

        constraints: ClassVar = [models.UniqueConstraint("version", "point", name="decision_once")]
        indexes: ClassVar = [models.Index(fields=["day", "corridor"], name="decision_day")]

    def __str__(self) -> str:
        return f"{self.version} {self.corridor}"


class MeasureOrder(models.Model):
    """A row of a decision: a measure that a profile asks for, of the whole or an item, ordered or waived.

    ``spared_by`` is the exception list that set it aside; ``deferred`` says that it stands after release for
    a check of documents that was to be before.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="orders")
    item_no = models.IntegerField(null=True)
    profile_id = models.CharField(max_length=64)
    profile_version = models.IntegerField()
    capacity = models.CharField(max_length=12)
    measure = models.CharField(max_length=48)
    control_form = models.CharField(max_length=32, blank=True)
    extent = models.CharField(max_length=16, blank=True)
    status = models.CharField(max_length=8)
    spared_by = models.CharField(max_length=64, blank=True)
    deferred = models.BooleanField(default=False)
    reasons = models.TextField()

    def __str__(self) -> str:
        return f"{self.profile_id} {self.measure}"


class DecisionFigure(models.Model):
    """How many decisions of declarations that are let go of were like this: figures, and nobody in them.

    ``month`` is its first day. Kept for good, beside the decisions that are still there.
    """

    month = models.DateField()
    direction = models.CharField(max_length=12)
    office = models.CharField(max_length=16, blank=True)
    corridor = models.CharField(max_length=16)
    level = models.CharField(max_length=16)
    stratum = models.CharField(max_length=64, blank=True)
    decisions = models.IntegerField(default=0)
    in_random = models.IntegerField(default=0)

    class Meta:
        """One row for each kind of decision and month."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                "month", "direction", "office", "corridor", "level", "stratum", name="decision_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.corridor} {self.decisions}"


class LaneLoad(models.Model):
    """What one process gave of a lane's officers on a day; the sum over processes is the load of the lane."""

    day = models.DateField()
    worker = models.CharField(max_length=40)
    pool = models.CharField(max_length=32)
    form = models.CharField(max_length=32)
    mandatory = models.FloatField(default=0)
    random = models.FloatField(default=0)
    waivable = models.FloatField(default=0)
    non_fiscal = models.FloatField(default=0)
    seen = models.FloatField(default=0)

    class Meta:
        """One row for each process and lane."""

        constraints: ClassVar = [
            models.UniqueConstraint("day", "worker", "pool", "form", name="lane_load_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.pool} {self.form}"
