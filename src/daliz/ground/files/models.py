"""What is kept of files: their bytes once, and each time that somebody handed them in."""

from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """Bytes, kept once under their SHA-256, in the home and never under the web root."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.digest[:12]}.{self.kind}"


class Upload(models.Model):
    """A file as somebody handed it in; until it is attached to something, only his organisation may use it.

    ``attached_at``: when something began to refer to it; one that nothing refers to goes after a day.
    """

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=160)
    organisation = models.CharField(max_length=32, blank=True)
    user_id = models.BigIntegerField()
    at = models.DateTimeField()
    attached_at = models.DateTimeField(null=True)

    class Meta:
        """Those that nothing refers to are found by whose they are."""

        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "at"], name="upload_loose", condition=models.Q(attached_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name
