"""What release asks besides control, as those who know tell it: conditions, and stops."""

from datetime import datetime

from django.db import transaction

from daliz.customs.control.models import Condition, Obligation, Stop
from daliz.customs.control.states import ControlError
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Declaration
from daliz.engine.pack import Pack
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.language import N_


@transaction.atomic
def tell_condition(
    *, declaration: Declaration, code: str, holds: bool, pack: Pack, actor: Actor, now: datetime
) -> Condition:
    """Say whether a condition of release holds; what was told last counts.

    Raises:
        ControlError: the pack knows no such condition.
    """
    actor.must(Role.ADAPTER, Role.SUPERVISOR, office=declaration.office or None)
    owed = Obligation.objects.filter(declaration=declaration, kind=code, settled_at=None)
    if code not in pack.clearance.conditions and not (code == Obligation.SECURITY and owed.exists()):
        raise ControlError(
            N_("{found} is no condition of release"),
            code="condition-unknown", mend="code", found=code or "–",
        )  # fmt: skip
    told, _ = Condition.objects.update_or_create(
        declaration=declaration, code=code, defaults={"holds": holds, "told_by": actor.login, "told_at": now}
    )
    if holds and code in (Obligation.PAYMENT, Obligation.SECURITY):
        owed.update(settled_at=now, settled_by=actor.login, kept=True)
    note(
        act="release.condition",
        subject=("declaration", str(declaration.pk)),
        actor=actor,
        now=now,
        payload={"code": code, "holds": holds},
    )
    return told


@transaction.atomic
def withdraw_condition(*, declaration: Declaration, code: str, now: datetime) -> None:
    """Let a condition no longer stand: whoever told it has to tell it anew."""
    Condition.objects.filter(declaration=declaration, code=code).update(
        holds=False, told_by="system", told_at=now
    )


@transaction.atomic
def settle(*, obligation: Obligation, kept: bool, result: str, actor: Actor, now: datetime) -> Obligation:
    """Say how a condition of the release, or an expert examination, ended.

    Raises:
        ControlError: it is no such thing, or settled already; or no result is stated.
    """
    row = Obligation.objects.select_for_update(of=("self",)).select_related("control").get(pk=obligation.pk)
    if row.control.officer_id != actor.person:
        actor.must(Role.SUPERVISOR, office=row.control.office or None)
    if row.kind not in (Obligation.EXAMINATION, Obligation.CONDITION) or row.settled_at is not None:
        raise ControlError(N_("there is nothing to be settled here"), code="obligation-settled")
    if not result.strip():
        raise ControlError(N_("state the result"), code="obligation-result", mend="result")
    row.settled_at, row.settled_by, row.kept, row.result = now, actor.login, kept, result
    row.save(update_fields=["settled_at", "settled_by", "kept", "result"])
    row.control.terms.filter(ended_at=None).update(ended_at=now)
    note(
        act=f"release.{row.kind}-settled",
        subject=("declaration", str(row.declaration_id)),
        version=str(row.pk),
        actor=actor,
        now=now,
        payload={"kept": kept, "result": result},
    )
    return row


@transaction.atomic
def stop(*, declaration: Declaration, reason: str, actor: Actor, now: datetime) -> Stop:
    """Keep the goods from being released; whoever calls holds the declaration.

    Raises:
        ControlError: no reason is given, or the declaration's life has ended.
    """
    actor.must(Role.SUPERVISOR, office=declaration.office or None)
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    if declaration.ended_at is not None:
        raise ControlError(
            N_("goods of a declaration that is “{state}” can no longer be withheld"),
            code="stop-late", state=State(declaration.state).label,
        )  # fmt: skip
    set_ = Stop.objects.create(declaration=declaration, reason=reason, set_by=actor.login, set_at=now)
    note(
        act="release.stopped",
        subject=("declaration", str(declaration.pk)),
        actor=actor,
        now=now,
        payload={"reason": reason},
    )
    return set_


@transaction.atomic
def lift(*, stop: Stop, reason: str, actor: Actor, now: datetime) -> Stop:
    """Let the goods go as far as this stop is concerned, as a superior who did not put it.

    Raises:
        NotAllowedError: it is the one who put it.
        ControlError: no reason is given, or it is lifted already.
    """
    row = Stop.objects.select_for_update(of=("self",)).select_related("declaration").get(pk=stop.pk)
    actor.must(Role.SUPERVISOR, office=row.declaration.office or None)
    if row.set_by == actor.login:
        raise NotAllowedError(N_("a second person decides, not the one who asked"), code="not-oneself")
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    if row.lifted_at is not None:
        raise ControlError(N_("this stop is lifted already"), code="stop-lifted")
    row.lifted_at, row.lifted_by, row.lift_reason = now, actor.login, reason
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    note(
        act="release.stop-lifted",
        subject=("declaration", str(row.declaration_id)),
        version=str(row.pk),
        actor=actor,
        now=now,
        payload={"reason": reason},
    )
    return row
