"""Let go of what the pack no longer keeps; what is not over stays whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from daliz.customs.intake.drafts import forget_drafts
from daliz.customs.intake.models import Declaration
from daliz.engine.pack import Pack
from daliz.ground.journal.actions import erase_before
from daliz.ground.outbox.actions import clean, forget_notices
from daliz.ground.staff.actor import SYSTEM


@dataclass(frozen=True, slots=True)
class Retained:
    """What one night let go of.

    Attributes:
        drafts: drafts that nobody had changed.
        notices: notifications in the portal.
        messages: messages outside, delivered or given up.
        payloads: entries of the journal whose content was erased.
    """

    drafts: int
    notices: int
    messages: int
    payloads: int


def retain(*, pack: Pack, now: datetime) -> Retained:
    """Let go of everything whose days are over; a second time on the same day there is nothing left to do.

    Args:
        pack: says for how many days what is kept.
        now: the instant.
    """
    kept = pack.clearance.retention

    def end(days: int) -> datetime:
        return now - timedelta(days=days)

    return Retained(
        drafts=forget_drafts(before=end(kept.drafts), now=now) if kept.drafts else 0,
        notices=forget_notices(before=end(kept.notices)) if kept.notices else 0,
        messages=clean(before=end(kept.messages)) if kept.messages else 0,
        payloads=_erased(before=end(kept.journal), days=kept.journal, now=now) if kept.journal else 0,
    )


def _erased(*, before: datetime, days: int, now: datetime) -> int:
    """Erase what the journal holds of what is over."""
    going_on = Declaration.objects.filter(created_at__lt=before, ended_at=None).values_list("pk", flat=True)
    return erase_before(
        before=before,
        reason=f"kept for {days} days",
        actor=SYSTEM,
        now=now,
        but=("declaration", [str(key) for key in going_on]),
    )
