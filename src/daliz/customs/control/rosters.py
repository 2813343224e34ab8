"""Who is at work: presence, shifts and leave."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daliz.ground.staff.models import User


class Presence(models.Model):
    """Whether an officer is at work, and which forms of control he may carry out."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="presence")
    on_shift = models.BooleanField(default=False)
    forms = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.user_id}: {'here' if self.on_shift else 'away'}"


class Shift(models.Model):
    """When an officer works; one for whom none was ever planned works whenever he says that he is there."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shifts")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        """It ends after it begins; found by the time."""

        constraints: ClassVar = [
            models.CheckConstraint(name="shift_ends_later", condition=Q(ends_at__gt=F("begins_at"))),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "ends_at"], name="shift_time")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.begins_at:%Y-%m-%d %H:%M}"


class Leave(models.Model):
    """Days, from the first to the last, on which an officer is away."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="leaves")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """It does not end before it begins."""

        constraints: ClassVar = [
            models.CheckConstraint(name="leave_ends_later", condition=Q(last_day__gte=F("first_day"))),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_day} – {self.last_day}"
