"""``python -m django forgetreplies --days 30``: no longer answer again what was asked so long ago."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management import BaseCommand
from django.utils.timezone import now

from daliz.doors.api.models import Reply


class Command(BaseCommand):
    """Forget replies that were kept under an Idempotency-Key."""

    help = "Forget the replies that were kept under an Idempotency-Key for so many days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take for how many days replies are kept."""
        parser.add_argument("--days", type=int, required=True)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, days: int, dry_run: bool, **_: object) -> str:
        """Forget them, unless it is only asked, and say how many."""
        old = Reply.objects.filter(at__lt=now() - timedelta(days=days))
        if dry_run:
            return f"{old.count()}"
        gone, _by = old.delete()
        return f"{gone}"
