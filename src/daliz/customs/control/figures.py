"""What controls came to that are let go of: figures, and nobody in them."""

from typing import ClassVar

from django.db import models


class ControlFigure(models.Model):
    """How many concluded controls that are let go of were like this, and what they found.

    ``month`` is the first day of that in which they were concluded. ``in_random``: drawn by chance, in
    ``stratum``, so that the compliance level stays measurable. ``hits`` had a violation that stood;
    ``minutes`` are officers', ``assessed`` payments of findings that stood, money. Kept for good.
    """

    month = models.DateField()
    office = models.CharField(max_length=16, blank=True)
    form = models.CharField(max_length=32)
    stratum = models.CharField(max_length=64, blank=True)
    in_random = models.BooleanField()
    controls = models.IntegerField(default=0)
    hits = models.IntegerField(default=0)
    minutes = models.FloatField(default=0)
    assessed = models.DecimalField(max_digits=24, decimal_places=2, default=0)

    class Meta:
        """One row for each kind of control and month."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                "month", "office", "form", "stratum", "in_random", name="control_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.form} {self.controls}"
