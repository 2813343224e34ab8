"""Notices in the portal, and messages to be carried outside."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """Something that an organisation, or one person, reads in the portal. The key makes it one."""

    key = models.CharField(max_length=128, unique=True)
    organisation = models.CharField(max_length=32, blank=True)
    user_id = models.BigIntegerField(null=True)
    topic = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    values = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        """Read newest first."""

        indexes: ClassVar = [
            models.Index(fields=["organisation", "-id"], name="notice_organisation"),
            models.Index(fields=["user_id", "-id"], name="notice_user"),
        ]

    def __str__(self) -> str:
        return self.key


class NoticeRead(models.Model):
    """That one person has read a notice; of several people of an organisation each reads for himself."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="readings")
    user_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Read once."""

        constraints: ClassVar = [models.UniqueConstraint("user_id", "notice", name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} by {self.user_id}"


class MailChoice(models.Model):
    """Of which topics a person wants to be told by e-mail; without a row, of what asks something of him."""

    user_id = models.BigIntegerField(primary_key=True)
    topics = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.user_id}: {', '.join(self.topics)}"


class Message(models.Model):
    """Something to be carried outside; its id stays the same however often it is tried."""

    WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=160, unique=True)
    subscription = models.ForeignKey(
        "Subscription", on_delete=models.PROTECT, null=True, related_name="messages"
    )
    channel = models.CharField(max_length=16)
    recipient = models.CharField(max_length=400)
    topic = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    state = models.CharField(max_length=12, default=WAITING)
    error = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        """Those that wait are found by when they are due."""

        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="message_due"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class Subscription(models.Model):
    """Where an organisation wants its messages carried besides the portal; the secret is kept sealed."""

    organisation = models.CharField(max_length=32, db_index=True)
    channel = models.CharField(max_length=16)
    recipient = models.CharField(max_length=400)
    secret = models.TextField(blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.organisation} {self.channel}"
