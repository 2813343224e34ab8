"""What was done in which night, and who is at it."""

from typing import ClassVar

from django.db import models


class Run(models.Model):
    """A job of one day: that it waits, is under way, was done, or failed and when it is tried again."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    job = models.CharField(max_length=32)
    day = models.DateField()
    state = models.CharField(max_length=12, default=WAITING)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)

    class Meta:
        """One row for each job and day."""

        constraints: ClassVar = [models.UniqueConstraint("job", "day", name="night_run_once")]
        indexes: ClassVar = [models.Index(fields=["-day", "job"], name="night_run_day")]

    def __str__(self) -> str:
        return f"{self.job} {self.day} {self.state}"


class Lease(models.Model):
    """Who does the nights' work now; it ends by itself unless it is renewed."""

    name = models.CharField(max_length=32, primary_key=True)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder} until {self.until}"
