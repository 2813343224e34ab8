"""Entries, and the seals that chain them."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One act. The database lets no row be changed, but to erase its payload, and none be deleted."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    act = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    version = models.CharField(max_length=64, blank=True)
    payload = models.TextField(null=True)
    salt = models.CharField(max_length=32, null=True)
    payload_digest = models.CharField(max_length=64)

    class Meta:
        """Found by what they are about."""

        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id", "id"], name="entry_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.act} {self.subject_kind} {self.subject_id}"


class Seal(models.Model):
    """A link of the chain: an entry in its final order."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seal")
    chain = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.chain[:12]}"


class Head(models.Model):
    """Where the chain ends; the one row that a sealer locks."""

    number = models.BigIntegerField(default=0)
    chain = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.number} {self.chain[:12]}"
