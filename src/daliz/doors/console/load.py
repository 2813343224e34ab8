"""Who is drowning and what is late: open controls by officer and by office, of the offices one heads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from daliz.customs.control.models import Control, Presence
from daliz.customs.control.states import OPEN, ControlState
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import RoleGrant, User
from daliz.language import N_

SOON = timedelta(hours=1)

AGES: Final = (
    (timedelta(hours=1), N_("up to an hour")),
    (timedelta(hours=4), N_("up to 4 hours")),
    (timedelta(days=1), N_("up to a day")),
    (timedelta(days=3), N_("up to 3 days")),
    (timedelta.max, N_("longer")),
)
"""How long controls have been open, from the shortest, with words."""


@dataclass(slots=True)
class Load:
    """What is open with an officer or at an office.

    Attributes:
        controls: how many.
        minutes: officer time that they ask.
        overdue: past their term.
        soon: due within the hour.
        waiting: that no officer has.
        oldest: when the oldest was opened.
    """

    controls: int = 0
    minutes: float = 0.0
    overdue: int = 0
    soon: int = 0
    waiting: int = 0
    oldest: datetime | None = None

    def take(self, row: Control, now: datetime) -> None:
        """Count one more control."""
        self.controls += 1
        self.minutes += row.minutes
        if row.due_at is not None:
            self.overdue += row.due_at < now
            self.soon += now <= row.due_at < now + SOON
        self.waiting += row.state == ControlState.WAITING
        self.oldest = row.opened_at if self.oldest is None else min(self.oldest, row.opened_at)


@dataclass(slots=True)
class OfficerLoad:
    """An officer: at work or not, competent for what, with what load."""

    user: User
    on_shift: bool
    forms: tuple[str, ...]
    load: Load = field(default_factory=Load)


def ages(rows: Iterable[Control], *, now: datetime) -> list[tuple[str, int, int]]:
    """Return how many controls have been open for how long, and how many of them are overdue, by ``AGES``."""
    counts = [[0, 0] for _ in AGES]
    for row in rows:
        of = next(n for n, (most, _) in enumerate(AGES) if now - row.opened_at <= most)
        counts[of][0] += 1
        counts[of][1] += row.due_at is not None and row.due_at < now
    return [(name, count, late) for (_, name), (count, late) in zip(AGES, counts, strict=True)]


def open_of(actor: Actor) -> QuerySet[Control]:
    """Return the open controls of the offices that a supervisor answers for, the most urgent first."""
    rows = Control.objects.filter(state__in=[state.value for state in OPEN])
    offices = actor.offices(Role.SUPERVISOR)
    if offices is not None:
        rows = rows.filter(office__in=offices)
    return rows.select_related("declaration", "officer").order_by("due_at", "id")


def officers_of(actor: Actor, *, now: datetime) -> dict[int, OfficerLoad]:
    """Return the officers of those offices, each once, in the order of their names."""
    grants = RoleGrant.objects.filter(Q(until=None) | Q(until__gt=now), role=Role.OFFICER.value)
    offices = actor.offices(Role.SUPERVISOR)
    if offices is not None:
        grants = grants.filter(Q(office="") | Q(office__in=offices))
    users = User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("name", "id")
    present = {one.user_id: one for one in Presence.objects.filter(user__in=users)}
    return {
        user.pk: OfficerLoad(
            user,
            bool(present.get(user.pk) and present[user.pk].on_shift),
            tuple(present[user.pk].forms) if user.pk in present else (),
        )
        for user in users
    }


def loads(
    rows: Iterable[Control], officers: dict[int, OfficerLoad], *, now: datetime
) -> tuple[dict[str, Load], Load]:
    """Count open controls into their officers, and return the load by office and of all."""
    by_office: dict[str, Load] = {}
    whole = Load()
    for row in rows:
        whole.take(row, now)
        by_office.setdefault(row.office, Load()).take(row, now)
        if row.officer_id in officers:
            officers[row.officer_id].load.take(row, now)
    return dict(sorted(by_office.items())), whole
