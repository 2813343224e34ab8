"""Users, grants of roles, tokens, and acts that wait for a second person."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from daliz.ground.staff.actor import Role


class Users(BaseUserManager["User"]):
    """Finds people by their login."""


class User(AbstractBaseUser):
    """A person."""

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    lang = models.CharField(max_length=2, default="ru")
    theme = models.CharField(max_length=8, blank=True)
    organisation = models.CharField(max_length=32, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = Users()

    def __str__(self) -> str:
        return self.login


class RoleGrant(models.Model):
    """A role of a person, everywhere or at one office, while it holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    office = models.CharField(max_length=16, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One grant of a kind at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint("user", "role", "office", condition=Q(until=None), name="grant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.office or '*'}"


class Token(models.Model):
    """What a program shows instead of a person; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Approval(models.Model):
    """An act that one person asked for and another one decides on."""

    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    act = models.CharField(max_length=48)
    detail = models.JSONField(default=dict)
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)
    comment = models.TextField(blank=True)

    class Meta:
        """Nobody decides on what he asked for, and one act waits once."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="approval_by_another"
            ),
            models.UniqueConstraint(
                "subject_kind", "subject_id", "act", condition=Q(decided_at=None), name="approval_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.subject_kind} {self.subject_id}"
