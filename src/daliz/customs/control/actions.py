"""What is done with controls: be there, take, conclude, confirm, cancel, give notice."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from daliz.customs.control import concluding
from daliz.customs.control.concluding import Ending
from daliz.customs.control.distribution import distribute_waiting, reassign
from daliz.customs.control.models import Control, Presence
from daliz.customs.control.queries import local_day, role_for
from daliz.customs.control.states import OPEN, ControlError, ControlState, ControlStep, Outcome, after
from daliz.customs.intake.models import Declaration
from daliz.customs.intake.translate import declaration_of
from daliz.engine.pack import Pack
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.ground.staff.models import User
from daliz.language import N_

__all__ = [
    "be_present", "cancel", "cancel_all", "conclude", "confirm", "distribute_waiting", "give_notice",
    "reassign", "take",
]  # fmt: skip


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
def conclude(
    *,
    control: Control,
    outcome: Outcome,
    pack: Pack,
    actor: Actor,
    now: datetime,
    ending: Ending | None = None,
) -> Control:
    """End a control; where the pack wants two officers, propose the end to the second one.

    Raises:
        ControlError: it is not the actor's, not begun, or what this end needs is missing.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    if row.state != ControlState.TAKEN.value or row.officer_id != actor.person:
        raise ControlError(N_("this control is not yours to conclude"), code="control-not-yours")
    numbers = [int(str(item["item_no"])) for item in declaration_of(row.decision.version).items]
    whole, row.proposal = concluding.prepare(
        row, outcome, ending or Ending(), item_numbers=numbers, pack=pack, today=local_day(now, pack)
    )
    row.outcome, row.proposed_by_id = whole.value, actor.person
    row.save(update_fields=["outcome", "proposed_by", "depth", "proposal"])
    if row.form in pack.clearance.second_officer:
        row.state = after(ControlState(row.state), ControlStep.PROPOSE).value
        row.save(update_fields=["state"])
        note(
            act="control.proposed",
            subject=("control", str(row.pk)),
            actor=actor,
            now=now,
            payload={"outcome": whole.value, **row.proposal, "depth": row.depth},
        )
        return row
    return _concluded(row, pack=pack, actor=actor, now=now)


@transaction.atomic
def confirm(
    *, control: Control, agreed: bool, reason: str, pack: Pack, actor: Actor, now: datetime
) -> Control:
    """Agree to a proposed end as a second officer, or send the control back with a reason.

    Raises:
        NotAllowedError: it is the one who proposed it.
        ControlError: nothing is proposed, or no reason is given for sending it back.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    if row.state != ControlState.PROPOSED.value:
        raise ControlError(N_("no end of this control is proposed"), code="control-not-proposed")
    actor.must(role_for(row.form), Role.SUPERVISOR, office=row.office or None)
    if actor.person in (row.proposed_by_id, row.officer_id):
        raise NotAllowedError(N_("a second person decides, not the one who asked"), code="not-oneself")
    if agreed:
        return _concluded(row, pack=pack, actor=actor, now=now)
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    row.state = after(ControlState(row.state), ControlStep.SEND_BACK).value
    row.outcome, row.proposed_by, row.proposal = "", None, {}
    row.save(update_fields=["state", "outcome", "proposed_by", "proposal"])
    note(
        act="control.sent-back",
        subject=("control", str(row.pk)),
        actor=actor,
        now=now,
        payload={"reason": reason},
    )
    return row


@transaction.atomic
def cancel(*, control: Control, reason: str, actor: Actor, now: datetime) -> Control:
    """Cancel a control that is not over."""
    row = Control.objects.select_for_update().get(pk=control.pk)
    row.state = after(ControlState(row.state), ControlStep.CANCEL).value
    row.concluded_at = now
    row.save(update_fields=["state", "concluded_at"])
    note(
        act="control.cancelled",
        subject=("control", str(row.pk)),
        actor=actor,
        now=now,
        payload={"reason": reason},
    )
    return row


@transaction.atomic
def cancel_all(*, declaration: Declaration, actor: Actor, now: datetime) -> int:
    """Cancel what is open of a declaration that is withdrawn; whoever calls holds the declaration."""
    running = Control.objects.filter(declaration=declaration, state__in=[s.value for s in OPEN]).order_by(
        "id"
    )
    return len([cancel(control=one, reason="", actor=actor, now=now) for one in running])


@transaction.atomic
def give_notice(*, control: Control, actor: Actor, now: datetime) -> Control:
    """Give legal notice of a control after release: from now on the declarant sees it.

    Raises:
        ControlError: it is not the actor's, is one before release, or was notified already.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    if row.officer_id != actor.person:
        actor.must(Role.SUPERVISOR, office=row.office or None)
    if row.before_release or row.noticed_at is not None:
        raise ControlError(N_("there is no notice to be given of this control"), code="control-notice")
    row.noticed_at = now
    row.save(update_fields=["noticed_at"])
    note(act="control.noticed", subject=("control", str(row.pk)), actor=actor, now=now)
    return row


def _concluded(row: Control, *, pack: Pack, actor: Actor, now: datetime) -> Control:
    row.state = after(ControlState(row.state), ControlStep.CONCLUDE).value
    row.concluded_by_id, row.concluded_at = actor.person, now
    row.save(update_fields=["state", "concluded_by", "concluded_at"])
    row.findings.filter(finality="provisional").update(finality="final")
    concluding.settle(row, pack=pack, now=now)
    note(
        act="control.concluded",
        subject=("control", str(row.pk)),
        actor=actor,
        now=now,
        payload={
            "outcome": row.outcome, "proposed_by": row.proposed_by_id, **row.proposal, "depth": row.depth,
        },
    )  # fmt: skip
    return row
