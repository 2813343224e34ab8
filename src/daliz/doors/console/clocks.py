"""The statutory clocks of a declaration as officers see them, with what may be done with each."""

from dataclasses import dataclass
from datetime import datetime

from daliz.customs.control.queries import clocks_of
from daliz.customs.intake.models import Declaration
from daliz.customs.reference.queries import pack
from daliz.doors.pages.language import spoken


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """A statutory clock, and what may be done with it.

    Attributes:
        reason: why it stands still, of the pack; empty while it runs.
        text: the officer's words to it.
    """

    id: int
    name: str
    due_at: datetime | None
    stopped_at: datetime | None
    ended_at: datetime | None
    reason: str
    text: str
    may_stop: bool
    may_extend: bool


def clocks_seen(declaration: Declaration) -> list[ClockSeen]:
    """Return the clocks of a declaration as officers see them, those that run first."""
    known = pack().clearance
    rows = []
    for row in clocks_of(declaration, pack()):
        clock, begun_as = known.clocks[row.clock], known.clocks[row.code]
        runs = row.ended_at is None
        rows.append(
            ClockSeen(
                row.pk,
                spoken(clock.name),
                row.due_at,
                row.stopped_at,
                row.ended_at,
                spoken(known.stop_reasons.get(row.stop_reason, row.stop_reason)),
                row.stop_text,
                runs and row.stopped_at is None and (clock.may_stop or begun_as.may_stop),
                runs and bool(clock.extended_by),
            )
        )
    return sorted(rows, key=lambda one: one.ended_at is not None)
