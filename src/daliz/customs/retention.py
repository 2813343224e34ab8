"""Let go of what the pack no longer keeps; what is not over stays whole."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from django.db import transaction
from django.db.models import Q, QuerySet

from daliz.customs.assessment.letting_go import drop_decisions, drop_sight, with_sight
from daliz.customs.control.letting_go import (
    Dropped,
    drop_answers,
    drop_controls,
    drop_photographs,
    drop_rest,
    over_before,
    with_answers,
    with_controls,
    with_photographs,
)
from daliz.customs.control.models import LegalHold
from daliz.customs.control.queries import on_hold
from daliz.customs.intake.drafts import drafts_over, forget_drafts
from daliz.customs.intake.letting_go import drop_declarations, free_to_go
from daliz.customs.intake.models import Declaration
from daliz.engine.pack import Pack, years_before
from daliz.ground.files.actions import let_go
from daliz.ground.journal.actions import erasable, erase_before, note
from daliz.ground.outbox.actions import clean, forget_notices, messages_over, notices_over
from daliz.ground.staff.actor import SYSTEM
from daliz.language import N_

_AT_A_TIME: Final = 200
"""Declarations of one transaction."""

Progress: TypeAlias = Callable[[str, float], None]
"""Told what is under way (a message to translate), and how much of it is done, 0 to 1."""


KINDS: Final = {
    "drafts": N_("drafts that nobody changed"),
    "notices": N_("notifications in the portal"),
    "messages": N_("messages outside"),
    "journal": N_("what entries of the journal hold"),
    "replies": N_("replies to requests that may be sent twice"),
    "loads": N_("days of officers' load"),
    "photographs": N_("declarations whose photographs go"),
    "answers": N_("declarations whose answers to requests go, with their files"),
    "decisions": N_("declarations of which what decisions saw goes"),
    "controls": N_("declarations whose controls and findings go"),
    "declarations": N_("declarations that go whole"),
}
"""What people call each kind that may go; ``loads`` go by themselves."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What went, or would go, of one kind.

    Attributes:
        kind: as the pack's ``clearance.retention`` names it.
        until: kept is what was over at this instant or later.
        count: how many: declarations of which something went, of kinds in years; else rows.
        files: that declarants or officers handed in.
    """

    kind: str
    until: datetime
    count: int
    files: int = 0


@dataclass(frozen=True, slots=True)
class _Kind:
    """Something of declarations that has a term in years.

    Attributes:
        name: as the pack names it.
        says: what is under way while it goes.
        there: narrows declarations to those of which it is still there, and may go.
        drop: lets it go, of declarations that are held.
    """

    name: str
    says: str
    there: Callable[[], Iterable[Q]]
    drop: Callable[[Sequence[int], str], Dropped]


def _drop_all(declarations: Sequence[int], zone: str) -> Dropped:
    dropped = drop_rest(declarations, zone=zone)
    return dropped + Dropped(drop_decisions(declarations) + drop_declarations(declarations))


_KINDS: Final = (
    _Kind(
        "photographs",
        N_("Letting go of photographs"),
        lambda: (with_photographs(),),
        lambda of, _: drop_photographs(of),
    ),
    _Kind("answers", N_("Letting go of answers"), lambda: (with_answers(),), lambda of, _: drop_answers(of)),
    _Kind(
        "decisions",
        N_("Letting go of what decisions saw"),
        lambda: (with_sight(),),
        lambda of, _: Dropped(drop_sight(of)),
    ),
    _Kind(
        "controls",
        N_("Letting go of controls"),
        lambda: (with_controls(),),
        lambda of, zone: drop_controls(of, zone=zone),
    ),
    _Kind("declarations", N_("Letting go of declarations"), lambda: (free_to_go(),), _drop_all),
)


def due(*, pack: Pack, now: datetime) -> list[Gone]:
    """Return what ``retain`` would let go of, and let nothing go.

    Of what belongs to a declaration that would go whole the other kinds tell too.
    """
    found = []
    for name, before in _ends(pack, now):
        rows: dict[str, QuerySet[Any]] = {
            "drafts": drafts_over(before=before),
            "notices": notices_over(before=before),
            "messages": messages_over(before=before),
            "journal": erasable(before=before, but=_going_on(before)),
        }
        found.append(Gone(name, before, rows[name].count()))
    for kind in _KINDS:
        years = pack.clearance.retention.years.term(kind.name)
        if years is not None:
            before = years_before(now, years)
            found.append(Gone(kind.name, before, _candidates(kind, before).count()))
    return found


def retain(*, pack: Pack, now: datetime, progress: Progress = lambda *_: None) -> list[Gone]:
    """Let go of everything whose term is over; a second time there is nothing left to do.

    Of kinds in years each batch is one transaction with its entry in the journal, so that whoever is
    interrupted goes on where he was.

    Args:
        pack: says for how long what is kept.
        now: the instant.
        progress: told what is under way.
    """
    gone = [Gone(name, before, _clear(name, before, pack, now)) for name, before in _ends(pack, now)]
    for kind in _KINDS:
        years = pack.clearance.retention.years.term(kind.name)
        if years is not None:
            gone.append(_let_go(kind, years=years, zone=pack.zone, now=now, progress=progress))
    return gone


def _ends(pack: Pack, now: datetime) -> list[tuple[str, datetime]]:
    """Return the kinds in days that the pack has a term for, each with the instant until when it goes."""
    kept = pack.clearance.retention
    days = (
        ("drafts", kept.drafts), ("notices", kept.notices), ("messages", kept.messages),
        ("journal", kept.journal),
    )  # fmt: skip
    return [(name, now - timedelta(days=term)) for name, term in days if term is not None]


def _clear(name: str, before: datetime, pack: Pack, now: datetime) -> int:
    """Let go of a kind that has a term in days; return how many."""
    match name:
        case "drafts":
            return forget_drafts(before=before, now=now)
        case "notices":
            return forget_notices(before=before)
        case "messages":
            return clean(before=before)
    reason = f"kept for {pack.clearance.retention.journal} days"
    return erase_before(before=before, reason=reason, actor=SYSTEM, now=now, but=_going_on(before))


def _going_on(before: datetime) -> Mapping[str, Collection[str]]:
    """Name what is from before an instant and not over, or on hold: its entries stay whole."""
    rows = Declaration.objects.filter(Q(ended_at=None) | on_hold(), created_at__lt=before)
    traders = LegalHold.objects.filter(lifted_at=None).exclude(trader_id="")
    return {
        "declaration": [str(key) for key in rows.values_list("pk", flat=True)],
        "trader": list(traders.values_list("trader_id", flat=True)),
    }


def _candidates(kind: _Kind, before: datetime) -> QuerySet[Declaration]:
    return over_before(before).filter(*kind.there())


def _let_go(kind: _Kind, *, years: int, zone: str, now: datetime, progress: Progress) -> Gone:
    """Let one kind go, batch by batch, in the order of keys.

    A declaration in whose place another was filed goes after that one: so it goes round again until nothing
    more can go.
    """
    before = years_before(now, years)
    whole = _candidates(kind, before).count()
    declarations = files = last = this_round = 0
    while True:
        rows = _candidates(kind, before).filter(pk__gt=last)
        found = list(rows.values_list("pk", flat=True)[:_AT_A_TIME])
        if not found and not this_round:
            return Gone(kind.name, before, declarations, files)
        if not found:
            last = this_round = 0
            continue
        progress(kind.says, declarations / max(whole, declarations + len(found)))
        went, freed = _batch(kind, found, before=before, years=years, zone=zone, now=now)
        declarations, files, this_round = declarations + went, files + freed, this_round + went
        last = found[-1]


@transaction.atomic
def _batch(
    kind: _Kind, found: Sequence[int], *, before: datetime, years: int, zone: str, now: datetime
) -> tuple[int, int]:
    """Let one kind go of some declarations, held first and looked at again; return how many, and files."""
    rows = Declaration.objects.select_for_update().filter(pk__in=found).order_by("id")
    held = list(rows.values_list("pk", flat=True))
    still = list(_candidates(kind, before).filter(pk__in=held).values_list("pk", flat=True))
    if not still:
        return 0, 0
    dropped = kind.drop(still, zone)
    files = let_go(uploads=dropped.uploads)
    note(
        act="retention.let-go",
        subject=("retention", kind.name),
        actor=SYSTEM,
        now=now,
        payload={
            "years": years,
            "until": before.isoformat(),
            "declarations": len(still),
            "rows": dropped.rows,
            "files": files,
        },
    )
    return len(still), files
