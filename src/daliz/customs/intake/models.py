"""Declarations, their versions, and what the same day's facts look at."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daliz.customs.intake.life import State


class Declaration(models.Model):
    """A declaration through all its versions.

    ``number`` is the system's, given at registration; ``reference`` is the declarant's own.
    """

    number = models.CharField(max_length=40, unique=True, null=True)
    reference = models.CharField(max_length=128, blank=True)
    organisation = models.CharField(max_length=32)
    state = models.CharField(max_length=12, default=State.DRAFT.value)
    direction = models.CharField(max_length=12)
    office = models.CharField(max_length=16, blank=True)
    version = models.IntegerField(default=1)
    refiles = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="refiled_as")
    created_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reopened = models.IntegerField(default=0)

    class Meta:
        """Listed newest first, for a declarant and for an office."""

        indexes: ClassVar = [
            models.Index(fields=["organisation", "-id"], name="declaration_organisation"),
            models.Index(fields=["office", "state", "id"], name="declaration_office"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class Version(models.Model):
    """What a declaration says; never changed once registered.

    The columns beside ``content`` are those by which the same day's facts are counted; ``first_day`` is the
    local day on which the declaration was first registered. ``cause``: filed, amended by the declarant, or
    corrected after control (КДТ).
    """

    FILED, AMENDMENT, CORRECTION = "filed", "amendment", "correction"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="versions")
    version = models.IntegerField()
    cause = models.CharField(max_length=10, default=FILED)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    first_day = models.DateField(null=True)
    trader_id = models.CharField(max_length=64, blank=True)
    declarant_id = models.CharField(max_length=64, blank=True)
    currency = models.CharField(max_length=8, blank=True)
    customs_value = models.DecimalField(max_digits=24, decimal_places=2, null=True)
    codes = models.JSONField(default=list)

    class Meta:
        """One row for each version; found by trader and day, by declarant and day."""

        constraints: ClassVar = [models.UniqueConstraint("declaration", "version", name="version_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["trader_id", "first_day"], name="version_trader", condition=~Q(trader_id="")
            ),
            models.Index(
                fields=["declarant_id", "first_day", "registered_at"], name="version_declarant",
                condition=~Q(declarant_id=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.declaration_id}.{self.version}"


class Vehicle(models.Model):
    """A vehicle of a version, by which vehicles of the same day are counted."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="vehicles")
    transport_id = models.CharField(max_length=64)
    first_day = models.DateField()

    class Meta:
        """Found by vehicle and day."""

        indexes: ClassVar = [models.Index(fields=["transport_id", "first_day"], name="vehicle_day")]

    def __str__(self) -> str:
        return self.transport_id


class TimelineEntry(models.Model):
    """Something that happened to a declaration, for people to read.

    ``open_to_declarant``: what the pack's disclosure lets him see; the rest is for officers.
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="timeline")
    at = models.DateTimeField()
    what = models.CharField(max_length=48)
    values = models.JSONField(default=dict)
    open_to_declarant = models.BooleanField()

    def __str__(self) -> str:
        return self.what


class Draft(models.Model):
    """What a declarant writes before he registers it; its content may be wrong or half empty.

    ``edition`` counts its changes. ``from_xml``: read from a document, which may have columns of its own.
    ``refiles``: in the place of which declaration it comes.
    """

    organisation = models.CharField(max_length=32)
    reference = models.CharField(max_length=128, blank=True)
    content = models.TextField()
    from_xml = models.BooleanField(default=False)
    refiles = models.ForeignKey(Declaration, on_delete=models.PROTECT, null=True, related_name="+")
    edition = models.IntegerField(default=1)
    changed_by = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """Listed by what was changed last."""

        indexes: ClassVar = [models.Index(fields=["organisation", "-changed_at"], name="draft_organisation")]

    def __str__(self) -> str:
        return self.reference or f"#{self.pk}"
