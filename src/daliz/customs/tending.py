"""What must be done now and then: distribute what waits, find what is overdue, tell superiors once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from daliz.customs.control import requests
from daliz.customs.control.distribution import distribute_waiting
from daliz.customs.control.models import Rerouting, Term
from daliz.customs.intake import actions as intake
from daliz.customs.reference.queries import draw_key, pack
from daliz.ground.journal.actions import note
from daliz.ground.outbox.actions import notify
from daliz.ground.staff.actor import SYSTEM, Role
from daliz.ground.staff.models import RoleGrant

_AT_A_TIME: Final = 200


@dataclass(frozen=True, slots=True)
class Tended:
    """What one round did.

    Attributes:
        distributed: controls that found an officer.
        overdue: clocks that had run out and of which superiors were told.
        unratified: changes of control at once that nobody ratified within the shift.
        expired: documents asked for and not handed in until the end of the term.
        reminded: reminders of documents that are asked for.
    """

    distributed: int
    overdue: int
    unratified: int
    expired: int
    reminded: int


def tend(*, now: datetime) -> Tended:
    """Do all that customs must do by itself, each thing in its own transaction; what is done is done once."""
    distributed = distribute_waiting(pack=pack(), key=draw_key(), actor=SYSTEM, now=now)
    late = Term.objects.filter(ended_at=None, overdue_at=None, due_at__lt=now).order_by("due_at", "id")
    overdue = sum(_escalate(pk, of, now=now) for pk, of in late.values_list("pk", "declaration")[:_AT_A_TIME])
    open_ = Rerouting.objects.filter(decided_at=None, escalated_at=None, ratify_by__lt=now).order_by("id")
    waiting = open_.values_list("pk", "declaration")[:_AT_A_TIME]
    unratified = sum(_unratified(pk, of, now=now) for pk, of in waiting)
    expired, reminded = requests.tend(pack=pack(), actor=SYSTEM, now=now)
    return Tended(distributed, overdue, unratified, expired, reminded)


@transaction.atomic
def _escalate(pk: int, declaration: int, *, now: datetime) -> bool:
    """Tell the superiors of an office, once, that a clock has run out."""
    row = intake.held(declaration)
    if not Term.objects.filter(pk=pk, ended_at=None, overdue_at=None, due_at__lt=now).update(overdue_at=now):
        return False
    term = Term.objects.select_related("control").get(pk=pk)
    office = term.control.office if term.control is not None else row.office
    values: dict[str, object] = {
        "number": row.number, "clock": term.clock, "due": term.due_at.isoformat() if term.due_at else None,
    }  # fmt: skip
    _tell(
        (Role.SUPERVISOR,),
        office,
        key=f"overdue/{pk}/{term.clock}",
        topic="overdue",
        of=row.pk,
        values=values,
        now=now,
    )
    note(
        act="term.overdue",
        subject=("declaration", str(row.pk)),
        version=str(pk),
        actor=SYSTEM,
        now=now,
        payload=values,
    )
    return True


@transaction.atomic
def _unratified(pk: int, declaration: int, *, now: datetime) -> bool:
    """Tell superiors and internal affairs, once, that nobody ratified what was changed at once."""
    row = intake.held(declaration)
    if not Rerouting.objects.filter(pk=pk, decided_at=None, escalated_at=None).update(escalated_at=now):
        return False
    changed = Rerouting.objects.get(pk=pk)
    values: dict[str, object] = {"number": row.number, "ground": changed.ground, "lighter": changed.lighter}
    roles = (Role.SUPERVISOR, Role.INTERNAL_AFFAIRS)
    _tell(
        roles, changed.office, key=f"unratified/{pk}", topic="unratified", of=row.pk, values=values, now=now
    )
    note(
        act="rerouting.unratified",
        subject=("declaration", str(row.pk)),
        version=str(pk),
        actor=SYSTEM,
        now=now,
        payload=values,
    )
    return True


def _tell(
    roles: tuple[Role, ...],
    office: str,
    *,
    key: str,
    topic: str,
    of: int,
    values: dict[str, object],
    now: datetime,
) -> None:
    """Notify everybody who holds one of the roles there."""
    holders = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=now),
        Q(office="") | Q(office=office),
        role__in=[role.value for role in roles],
        since__lte=now,
        user__is_active=True,
    )
    for user in sorted(set(holders.values_list("user_id", flat=True))):
        notify(key=f"{key}/{user}", topic=topic, subject_id=str(of), values=values, user_id=user, now=now)
