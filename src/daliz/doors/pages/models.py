"""What a person chose for himself of how pages look."""

from typing import ClassVar

from django.db import models

from daliz.ground.staff.models import User


class ColumnChoice(models.Model):
    """The columns that a person leaves out of a table, by their codes."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=40)
    hidden = models.JSONField(default=list)

    class Meta:
        """One choice for each table."""

        constraints: ClassVar = [models.UniqueConstraint("user", "table", name="column_choice_once")]

    def __str__(self) -> str:
        return f"{self.table} of {self.user_id}"
