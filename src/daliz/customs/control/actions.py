"""What is done with controls: open, distribute, take, conclude, cancel, reassign."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from daliz.customs.assessment.models import Decision
from daliz.customs.control.models import Assignment, Control, Presence
from daliz.customs.control.queries import eligible
from daliz.customs.control.states import OPEN, ControlError, ControlState, Outcome
from daliz.customs.intake.models import Declaration
from daliz.engine.allocation import DrawKey
from daliz.engine.allocation.distribution import distribute
from daliz.engine.corridors import ORDERED
from daliz.engine.pack import Pack, deadline
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.ground.staff.models import User
from daliz.language import N_, Text


@transaction.atomic
def open_controls(
    *,
    declaration: Declaration,
    decision: Decision,
    places: Mapping[str, str],
    pack: Pack,
    key: DrawKey,
    actor: Actor,
    now: datetime,
) -> list[Control]:
    """Open a control for each form that the decision orders, and distribute it.

    A form that is open already from an earlier version goes on, with the measures of both.

    Args:
        declaration: whose.
        decision: what orders.
        places: the office at which each form of control is carried out.
        pack: measures, clocks, reach.
        key: of the draw.
        actor: for the journal.
        now: the instant.
    """
    opened = []
    for form, measures in _by_form(decision, pack).items():
        running = (
            Control.objects.select_for_update()
            .filter(declaration=declaration, form=form, state__in=[s.value for s in OPEN])
            .first()
        )
        if running is not None:
            running.measures = _merged(running.measures, measures)
            running.minutes = _minutes(running.measures, pack)
            running.decision = decision
            running.save(update_fields=["measures", "minutes", "decision"])
            opened.append(running)
            continue
        before = form != "post_release"
        control = Control.objects.create(
            declaration=declaration,
            decision=decision,
            form=form,
            office=places.get(form, ""),
            measures=measures,
            minutes=_minutes(measures, pack),
            before_release=before,
            opened_at=now,
            due_at=_due(pack, now) if before else None,
        )
        _assign(control, pack=pack, key=key, now=now)
        note(
            act="control.opened",
            subject=("control", str(control.pk)),
            version=str(decision.pk),
            actor=actor,
            now=now,
            payload={"declaration": declaration.pk, "form": form, "officer": control.officer_id},
        )
        opened.append(control)
    return opened


@transaction.atomic
def distribute_waiting(*, pack: Pack, key: DrawKey, actor: Actor, now: datetime, limit: int = 200) -> int:
    """Distribute controls for which nobody was there; return how many found an officer."""
    waiting = (
        Control.objects.select_for_update().filter(state=ControlState.WAITING.value).order_by("due_at", "id")
    )
    found = 0
    for control in waiting[:limit]:
        if _assign(control, pack=pack, key=key, now=now):
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
def be_present(*, user: User, on_shift: bool, forms: Sequence[str], actor: Actor, now: datetime) -> Presence:
    """Say that an officer is at work, or is not, and what he may carry out."""
    if actor.user_id != user.pk:
        actor.must(Role.SUPERVISOR, Role.ADMINISTRATOR)
    presence, _ = Presence.objects.update_or_create(
        user=user, defaults={"on_shift": on_shift, "forms": sorted(forms)}
    )
    note(
        act="control.presence",
        subject=("user", str(user.pk)),
        actor=actor,
        now=now,
        payload={"on_shift": on_shift, "forms": sorted(forms)},
    )
    return presence


@transaction.atomic
def take(*, control: Control, actor: Actor, now: datetime) -> Control:
    """Begin a control that was distributed to the actor; two never hold one.

    Raises:
        ControlError: it is somebody else's, or begun already.
    """
    taken = Control.objects.filter(
        pk=control.pk, state=ControlState.ASSIGNED.value, officer_id=actor.person
    ).update(state=ControlState.TAKEN.value, taken_at=now)
    if not taken:
        raise ControlError(
            N_("this control is not yours to begin, or is begun already"), code="control-not-yours"
        )
    note(act="control.taken", subject=("control", str(control.pk)), actor=actor, now=now)
    return Control.objects.get(pk=control.pk)


@transaction.atomic
def conclude(*, control: Control, outcome: Outcome, pack: Pack, actor: Actor, now: datetime) -> Control:
    """End a control; where the pack wants two officers, propose the end to the second one.

    Raises:
        ControlError: it is not the actor's, not begun, or nothing was found or recorded as clean.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    if row.state != ControlState.TAKEN.value or row.officer_id != actor.person:
        raise ControlError(N_("this control is not yours to conclude"), code="control-not-yours")
    if not row.findings.exists():
        raise ControlError(
            N_("record what was found first, also where it is nothing"), code="control-no-finding"
        )
    row.outcome, row.proposed_by_id = outcome.value, actor.person
    if row.form in pack.clearance.second_officer:
        row.state = ControlState.PROPOSED.value
        row.save(update_fields=["state", "outcome", "proposed_by"])
        note(
            act="control.proposed",
            subject=("control", str(row.pk)),
            actor=actor,
            now=now,
            payload={"outcome": outcome.value},
        )
        return row
    return _concluded(row, actor=actor, now=now)


@transaction.atomic
def confirm(*, control: Control, agreed: bool, reason: str, actor: Actor, now: datetime) -> Control:
    """Agree to a proposed end as a second officer, or send the control back with a reason.

    Raises:
        NotAllowedError: it is the one who proposed it.
        ControlError: nothing is proposed, or no reason is given for sending it back.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    if row.state != ControlState.PROPOSED.value:
        raise ControlError(N_("no end of this control is proposed"), code="control-not-proposed")
    actor.must(Role.OFFICER, Role.SUPERVISOR, office=row.office or None)
    if actor.person in (row.proposed_by_id, row.officer_id):
        raise NotAllowedError(N_("a second person decides, not the one who asked"), code="not-oneself")
    if agreed:
        return _concluded(row, actor=actor, now=now)
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason")
    row.state, row.outcome, row.proposed_by = ControlState.TAKEN.value, "", None
    row.save(update_fields=["state", "outcome", "proposed_by"])
    note(
        act="control.sent-back",
        subject=("control", str(row.pk)),
        actor=actor,
        now=now,
        payload={"reason": reason},
    )
    return row


@transaction.atomic
def reassign(*, control: Control, to: User, reason: str, pack: Pack, actor: Actor, now: datetime) -> Control:
    """Give a control to another officer, as a superior and with a reason.

    Raises:
        ControlError: no reason, it is over, or the officer may not carry it out.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    actor.must(Role.SUPERVISOR, office=row.office or None)
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason")
    if row.state not in (ControlState.WAITING, ControlState.ASSIGNED, ControlState.TAKEN):
        raise ControlError(N_("this control can no longer be given to another"), code="control-over")
    if to.pk == actor.person or to.pk not in eligible(office=row.office, form=row.form, pack=pack, now=now):
        raise ControlError(
            N_("{officer} may not carry this control out"), code="control-not-eligible", officer=to.login
        )
    row.officer, row.state, row.taken_at = to, ControlState.ASSIGNED.value, None
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
def cancel_all(*, declaration: Declaration, actor: Actor, now: datetime) -> int:
    """Cancel what is open of a declaration that is withdrawn."""
    running = Control.objects.filter(declaration=declaration, state__in=[s.value for s in OPEN])
    for control in running:
        note(act="control.cancelled", subject=("control", str(control.pk)), actor=actor, now=now)
    return running.update(state=ControlState.CANCELLED.value, concluded_at=now)


def _concluded(row: Control, *, actor: Actor, now: datetime) -> Control:
    row.state, row.concluded_by_id, row.concluded_at = ControlState.CONCLUDED.value, actor.person, now
    row.save(update_fields=["state", "outcome", "proposed_by", "concluded_by", "concluded_at"])
    row.findings.filter(finality="provisional").update(finality="final")
    note(
        act="control.concluded",
        subject=("control", str(row.pk)),
        actor=actor,
        now=now,
        payload={"outcome": row.outcome, "proposed_by": row.proposed_by_id},
    )
    return row


def _assign(control: Control, *, pack: Pack, key: DrawKey, now: datetime) -> bool:
    """Distribute a control among those who are there; False if nobody is."""
    able = eligible(office=control.office, form=control.form, pack=pack, now=now)
    draw = key.draw("distribution", f"{control.declaration_id}/{control.pk}")
    choice = distribute(list(able.values()), draw=draw)
    if choice is None:
        return False
    control.officer_id = next(pk for pk, one in able.items() if one.officer == choice.officer)
    control.state = ControlState.ASSIGNED.value
    control.save(update_fields=["officer", "state"])
    Assignment.objects.create(
        control=control,
        officer_id=control.officer_id,
        at=now,
        draw=draw,
        probabilities=[list(pair) for pair in choice.probabilities],
    )
    return True


def _by_form(decision: Decision, pack: Pack) -> dict[str, list[dict[str, object]]]:
    """Return the ordered measures by form; those that ensure control go with the strictest form.

    What an officer is told of each: the measure, the items, and the approved hint; never the profile's rule.
    """
    forms: dict[str, list[dict[str, object]]] = {}
    ensuring: list[dict[str, object]] = []
    hints = {(p.id, p.version): p for p in pack.profiles}
    for order in decision.orders.filter(status=ORDERED).order_by("id"):
        profile = hints.get((order.profile_id, order.profile_version))
        told: dict[str, object] = {
            "measure": order.measure,
            "item_no": order.item_no,
            "extent": order.extent,
            "hint": vars_of(profile.hint) if profile else None,
            "look_at": vars_of(profile.look_at) if profile else None,
        }
        of = forms.setdefault(order.control_form, []) if order.control_form else ensuring
        if told not in of:
            of.append(told)
    if ensuring and forms:
        strictest = "physical" if "physical" in forms else next(iter(forms))
        forms[strictest] += ensuring
    elif ensuring:
        forms["physical"] = ensuring
    if "physical" in forms and "documents" in forms:
        forms["physical"] = _merged(forms["physical"], forms.pop("documents"))
    return forms


def vars_of(text: Text) -> dict[str, str]:
    """Return a text in its three languages, as it is kept."""
    return {"en": text.en, "ru": text.ru, "kk": text.kk}


def _merged(first: list[dict[str, object]], second: list[dict[str, object]]) -> list[dict[str, object]]:
    return [*first, *(one for one in second if one not in first)]


def _minutes(measures: Sequence[Mapping[str, object]], pack: Pack) -> float:
    codes = {str(one["measure"]) for one in measures}
    return sum(pack.measures[code].minutes for code in sorted(codes) if code in pack.measures)


def _due(pack: Pack, now: datetime) -> datetime | None:
    clock = pack.clearance.clocks.get("release")
    if clock is None:
        return None
    return deadline(clock, now, zone=pack.zone, holidays=pack.holidays, clearance=pack.clearance)
