"""Let go of all that the pack no longer keeps, of customs and of the API, or say what would go."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

from django.core.management import call_command

from daliz.customs.reference.queries import pack
from daliz.customs.retention import Gone, due, retain


def let_go(*, now: datetime, dry_run: bool, progress: Callable[[str, float], None]) -> list[Gone]:
    """Let go of what is over, or only say what would go.

    Args:
        now: the instant.
        dry_run: let nothing go.
        progress: told what is under way.
    """
    rules = pack()
    gone = due(pack=rules, now=now) if dry_run else retain(pack=rules, now=now, progress=progress)
    days = rules.clearance.retention.replies
    if days is None:
        return gone
    told = StringIO()
    call_command("forgetreplies", days=days, dry_run=dry_run, stdout=told)
    return [*gone, Gone("replies", now - timedelta(days=days), int(told.getvalue()))]
