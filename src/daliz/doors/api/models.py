"""Replies that are given again when a request is sent twice."""

from typing import ClassVar

from django.db import models

from daliz.ground.staff.models import User


class Reply(models.Model):
    """What was answered to a request with an Idempotency-Key; written in the transaction of what it asked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    asked = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    body = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        """One reply for each key of a user."""

        constraints: ClassVar = [models.UniqueConstraint("user", "key", name="reply_once")]

    def __str__(self) -> str:
        return self.key
