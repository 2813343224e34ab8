"""Legal holds: what a case needs stays beyond its years, until a second person says that it need not."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from daliz.customs.control.models import LegalHold
from daliz.customs.control.states import ControlError
from daliz.customs.intake.models import Declaration, Version
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.ground.staff.models import User
from daliz.language import N_


@transaction.atomic
def hold(*, declaration: Declaration, case: str, reason: str, actor: Actor, now: datetime) -> LegalHold:
    """Put a declaration on hold.

    Raises:
        ControlError: the case or the reason is not named, or the case holds it already.
    """
    wanted = _wanted(case, reason, actor, now)
    wanted.declaration = declaration
    _wait_for(Declaration.objects.filter(pk=declaration.pk))
    return _put(wanted, LegalHold.objects.filter(declaration=declaration), actor)


@transaction.atomic
def hold_trader(*, trader_id: str, case: str, reason: str, actor: Actor, now: datetime) -> LegalHold:
    """Put all declarations that name a trader on hold, and those that will.

    Raises:
        ControlError: the case or the reason is not named, or the case holds them already.
    """
    wanted = _wanted(case, reason, actor, now)
    wanted.trader_id = trader_id
    named = Version.objects.filter(trader_id=trader_id).values("declaration")
    _wait_for(Declaration.objects.filter(pk__in=named, ended_at__isnull=False))
    return _put(wanted, LegalHold.objects.filter(trader_id=trader_id), actor)


@transaction.atomic
def lift_hold(*, held: LegalHold, reason: str, actor: Actor, now: datetime) -> LegalHold:
    """Let what was on hold go when its years are over, as far as this hold is concerned.

    Raises:
        NotAllowedError: it is the one who put it.
        ControlError: no reason is given, or it is lifted already.
    """
    actor.must(Role.INTERNAL_AFFAIRS)
    row = LegalHold.objects.select_for_update(no_key=True).get(pk=held.pk)
    if row.put_by_id == actor.person:
        raise NotAllowedError(N_("a second person decides, not the one who asked"), code="not-oneself")
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    if row.lifted_at is not None:
        raise ControlError(N_("this hold is lifted already"), code="hold-lifted")
    row.lifted_at, row.lifted_by, row.lift_reason = now, User.objects.get(pk=actor.person), reason
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    _noted("hold.lifted", row, reason, actor, now)
    return row


def _wanted(case: str, reason: str, actor: Actor, now: datetime) -> LegalHold:
    actor.must(Role.INTERNAL_AFFAIRS)
    if not case.strip():
        raise ControlError(N_("name the case"), code="hold-case", mend="case")
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    return LegalHold(case=case.strip(), reason=reason, put_by_id=actor.person, put_at=now)


def _wait_for(rows: QuerySet[Declaration]) -> None:
    """Hold declarations against retention, which holds them too before it looks whether they may go."""
    list(rows.select_for_update(no_key=True).order_by("id").values_list("pk", flat=True))


def _put(wanted: LegalHold, there: QuerySet[LegalHold], actor: Actor) -> LegalHold:
    if there.filter(case=wanted.case, lifted_at=None).exists():
        raise ControlError(N_("this case holds it already"), code="hold-twice", mend="case")
    wanted.save()
    _noted("hold.put", wanted, wanted.reason, actor, wanted.put_at)
    return wanted


def _noted(act: str, row: LegalHold, reason: str, actor: Actor, now: datetime) -> None:
    note(
        act=act,
        subject=("trader", row.trader_id) if row.trader_id else ("declaration", str(row.declaration_id)),
        version=str(row.pk),
        actor=actor,
        now=now,
        payload={"case": row.case, "reason": reason},
    )
