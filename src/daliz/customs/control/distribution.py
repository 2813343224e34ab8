"""Who gets a control: drawn among those who are there, given anew by a superior; shifts and leave."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from daliz.customs.control.models import Assignment, Control, Leave, Shift
from daliz.customs.control.queries import eligible
from daliz.customs.control.states import ControlError, ControlState, ControlStep, after
from daliz.engine.allocation import DrawKey
from daliz.engine.allocation.distribution import distribute
from daliz.engine.pack import Pack
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import User
from daliz.language import N_


def assign(control: Control, *, pack: Pack, key: DrawKey, now: datetime) -> bool:
    """Distribute a control among those who are there; False if nobody is."""
    able = eligible(office=control.office, form=control.form, pack=pack, now=now)
    draw = key.draw("distribution", f"{control.declaration_id}/{control.pk}")
    choice = distribute(list(able.values()), draw=draw)
    if choice is None:
        return False
    control.officer_id = next(pk for pk, one in able.items() if one.officer == choice.officer)
    control.state = after(ControlState(control.state), ControlStep.ASSIGN).value
    control.save(update_fields=["officer", "state"])
    Assignment.objects.create(
        control=control,
        officer_id=control.officer_id,
        at=now,
        draw=draw,
        probabilities=[list(pair) for pair in choice.probabilities],
    )
    return True


@transaction.atomic
def distribute_waiting(*, pack: Pack, key: DrawKey, actor: Actor, now: datetime, limit: int = 200) -> int:
    """Distribute controls for which nobody was there; return how many, ``limit`` at most, found an officer.

    Where nobody is there, the controls of that office and form wait on and keep no others from theirs.
    Controls that somebody else holds at the moment are left to the next round.
    """
    can_skip = bool(transaction.get_connection().features.has_select_for_update_skip_locked)
    waiting = Control.objects.filter(state=ControlState.WAITING.value).order_by("due_at", "id")
    kinds = waiting.order_by().values_list("office", "form").annotate(first=Min("due_at")).order_by("first")
    found = 0
    for office, form, _ in kinds:
        if not eligible(office=office, form=form, pack=pack, now=now):
            continue
        alike = waiting.select_for_update(skip_locked=can_skip).filter(office=office, form=form)
        for control in alike[: limit - found]:
            if assign(control, pack=pack, key=key, now=now):
                found += 1
                note(
                    act="control.distributed",
                    subject=("control", str(control.pk)),
                    actor=actor,
                    now=now,
                    payload={"officer": control.officer_id},
                )
    return found


@transaction.atomic
def reassign(*, control: Control, to: User, reason: str, pack: Pack, actor: Actor, now: datetime) -> Control:
    """Give a control to another officer, as a superior and with a reason.

    Raises:
        ControlError: no reason, it is over, or the officer may not carry it out.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    actor.must(Role.SUPERVISOR, office=row.office or None)
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    row.state = after(ControlState(row.state), ControlStep.REASSIGN).value
    if to.pk == actor.person or to.pk not in eligible(office=row.office, form=row.form, pack=pack, now=now):
        raise ControlError(
            N_("{officer} may not carry this control out"), code="control-not-eligible", officer=to.login
        )
    row.officer, row.taken_at = to, None
    row.save(update_fields=["officer", "state", "taken_at"])
    Assignment.objects.create(control=row, officer=to, at=now, reason=reason, by_id=actor.person)
    note(
        act="control.reassigned",
        subject=("control", str(row.pk)),
        actor=actor,
        now=now,
        payload={"to": to.login, "reason": reason},
    )
    return row


@transaction.atomic
def plan_shift(*, user: User, begins_at: datetime, ends_at: datetime, actor: Actor, now: datetime) -> Shift:
    """Plan when an officer works; outside it nothing is distributed to him.

    Raises:
        ControlError: it would end before it begins.
    """
    _plans(actor, user)
    if ends_at <= begins_at:
        raise ControlError(N_("it ends before it begins"), code="roster-order", mend="ends_at")
    planned = Shift.objects.create(user=user, begins_at=begins_at, ends_at=ends_at)
    span: dict[str, object] = {"begins": begins_at.isoformat(), "ends": ends_at.isoformat()}
    note(act="control.shift", subject=("user", str(user.pk)), actor=actor, now=now, payload=span)
    return planned


@transaction.atomic
def plan_leave(
    *, user: User, first_day: date, last_day: date, reason: str, actor: Actor, now: datetime
) -> Leave:
    """Plan days on which an officer is away: local days, both counted.

    Raises:
        ControlError: it would end before it begins.
    """
    _plans(actor, user)
    if last_day < first_day:
        raise ControlError(N_("it ends before it begins"), code="roster-order", mend="last_day")
    planned = Leave.objects.create(user=user, first_day=first_day, last_day=last_day, reason=reason[:200])
    span: dict[str, object] = {"first": first_day.isoformat(), "last": last_day.isoformat()}
    note(act="control.leave", subject=("user", str(user.pk)), actor=actor, now=now, payload=span)
    return planned


def _plans(actor: Actor, user: User) -> None:
    """Refuse unless the actor is a superior where the officer works."""
    offices = sorted(set(user.grants.filter(until=None).values_list("office", flat=True)))
    actor.must(Role.SUPERVISOR, Role.ADMINISTRATOR, office=offices[0] or None if offices else None)
