"""Let go of all that the pack no longer keeps, of customs and of the API, or say what would go."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Final

from django.core.management import call_command

from daliz.customs.reference.queries import pack
from daliz.customs.retention import Gone, due, retain
from daliz.language import N_

KINDS: Final = {
    "drafts": N_("drafts that nobody changed"),
    "notices": N_("notifications in the portal"),
    "messages": N_("messages outside"),
    "journal": N_("what entries of the journal hold"),
    "replies": N_("replies to requests that may be sent twice"),
    "photographs": N_("declarations whose photographs go"),
    "answers": N_("declarations whose answers to requests go, with their files"),
    "decisions": N_("declarations of which what decisions saw goes"),
    "controls": N_("declarations whose controls and findings go"),
    "declarations": N_("declarations that go whole"),
}
"""What people call each kind."""


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
