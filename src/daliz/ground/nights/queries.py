"""The nights' work to look at."""

from datetime import date

from django.db.models import QuerySet

from daliz.ground.nights.models import Run


def runs(*, since: date | None = None) -> QuerySet[Run]:
    """Return the jobs of the days, newest day first: waiting, running, done or failed."""
    rows = Run.objects.order_by("-day", "id")
    return rows if since is None else rows.filter(day__gte=since)


def failed() -> QuerySet[Run]:
    """Return the jobs that failed and are tried again, oldest first."""
    return Run.objects.filter(state=Run.FAILED).order_by("day", "id")
