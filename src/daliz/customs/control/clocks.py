"""What is done with statutory clocks: begin, stop, run on, extend by two, end, and find what is overdue."""

from datetime import datetime

from django.db import transaction

from daliz.customs.control.models import Control, Term
from daliz.customs.control.states import OPEN, ControlError
from daliz.customs.intake.models import Declaration
from daliz.engine.pack import Clock, Pack
from daliz.engine.pack import Term as Running
from daliz.ground.journal.actions import note
from daliz.ground.staff.actions import answer_second, ask_second
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import Approval
from daliz.language import N_

RELEASE, EXAMINATION = "release", "expert_examination"
EXTENSION = "term.extension"
"""The act of an approval that a term be extended."""


def begin_release(*, declaration: Declaration, pack: Pack, now: datetime) -> datetime | None:
    """Begin the term of release unless it runs; return when it ends, None where the pack has none.

    It begins with the registration; of a declaration opened again, when it was opened.
    """
    running = Term.objects.filter(declaration=declaration, code=RELEASE, ended_at=None).first()
    if running is not None:
        return running.due_at
    begun = declaration.registered_at or now
    term = begin(
        declaration=declaration,
        control=None,
        code=RELEASE,
        pack=pack,
        now=now if declaration.reopened else begun,
    )
    return None if term is None else term.due_at


def begin(
    *, declaration: Declaration, control: Control | None, code: str, pack: Pack, now: datetime
) -> Term | None:
    """Begin a term of the pack; None where the pack has no such clock."""
    clock = pack.clearance.clocks.get(code)
    if clock is None:
        return None
    due = Running(clock, now).due(pack.working_time)
    return Term.objects.create(
        declaration=declaration, control=control, code=code, clock=code, begun_at=now, due_at=due
    )


@transaction.atomic
def stop(*, term: Term, ground: str, text: str, pack: Pack, actor: Actor, now: datetime) -> Term:
    """Let a clock stand still, for a reason of the pack that both sides read.

    Raises:
        ControlError: the pack does not let it stand still, or not for this; it does not run.
    """
    row = _held(term)
    _may(row, actor)
    if not _clock(row, pack).may_stop and not pack.clearance.clocks[row.code].may_stop:
        raise ControlError(N_("this clock may not stand still"), code="term-runs")
    if ground not in pack.clearance.stop_reasons:
        raise ControlError(
            N_("{found} is no reason for which a clock stands still"),
            code="term-reason", mend="reason", found=ground or "–",
        )  # fmt: skip
    if row.ended_at is not None or row.stopped_at is not None:
        raise ControlError(N_("this clock does not run"), code="term-not-running")
    _keep(row, running_of(row, pack).stop(now), pack)
    row.stop_reason, row.stop_text = ground, text
    row.save(update_fields=["stop_reason", "stop_text"])
    return _noted(row, "term.stopped", actor, now, reason=ground, text=text)


@transaction.atomic
def resume(*, term: Term, pack: Pack, actor: Actor, now: datetime) -> Term:
    """Let a clock run on.

    Raises:
        ControlError: it does not stand still.
    """
    row = _held(term)
    _may(row, actor)
    if row.ended_at is not None or row.stopped_at is None:
        raise ControlError(N_("this clock does not stand still"), code="term-runs")
    _keep(row, running_of(row, pack).resume(now), pack)
    row.stop_reason = row.stop_text = ""
    row.save(update_fields=["stop_reason", "stop_text"])
    return _noted(row, "term.resumed", actor, now)


@transaction.atomic
def propose_extension(*, term: Term, reason: str, pack: Pack, actor: Actor, now: datetime) -> Approval:
    """Ask a superior for the longer term of the pack.

    Raises:
        ControlError: the pack has no longer one, or it is over.
    """
    row = _held(term)
    _may(row, actor)
    longer = _clock(row, pack).extended_by
    if row.ended_at is not None or not longer:
        raise ControlError(N_("this term cannot be extended"), code="term-not-extended")
    return ask_second(
        subject=("term", str(row.pk)),
        act=EXTENSION,
        detail={"clock": longer, "declaration": row.declaration_id},
        reason=reason,
        actor=actor,
        now=now,
    )


@transaction.atomic
def decide_extension(
    *, approval: Approval, agreed: bool, comment: str, pack: Pack, actor: Actor, now: datetime
) -> Term:
    """Extend a term, or not, as a superior of the office who did not ask for it.

    Raises:
        ControlError: it is no extension, or the term is over.
        NotAllowedError: it is the one who asked, or no superior of the office.
    """
    if approval.act != EXTENSION:
        raise ControlError(N_("this is not asked of you here"), code="approval-act")
    row = _held(Term.objects.get(pk=int(approval.subject_id)))
    actor.must(Role.SUPERVISOR, office=_office(row) or None)
    answer_second(approval=approval, agreed=agreed, comment=comment, actor=actor, now=now)
    if not agreed:
        return row
    if row.ended_at is not None:
        raise ControlError(N_("this term cannot be extended"), code="term-not-extended")
    longer = pack.clearance.clocks[str(approval.detail["clock"])]
    row.clock, row.overdue_at = longer.code, None
    _keep(row, running_of(row, pack), pack)
    return _noted(row, "term.extended", actor, now, clock=longer.code)


def end(*, declaration: Declaration, now: datetime, code: str = RELEASE) -> None:
    """End the terms of a kind that run."""
    Term.objects.filter(declaration=declaration, code=code, ended_at=None).update(ended_at=now)


def running_of(row: Term, pack: Pack) -> Running:
    """Return a row as the arithmetic has it."""
    pauses = tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in row.pauses)
    return Running(_clock(row, pack), row.begun_at, pauses, row.stopped_at)


def _keep(row: Term, term: Running, pack: Pack) -> None:
    """Write what a term has become, also as what its controls are due by."""
    row.pauses = [[a.isoformat(), b.isoformat()] for a, b in term.pauses]
    row.stopped_at, row.due_at = term.stopped_at, term.due(pack.working_time)
    row.save(update_fields=["clock", "pauses", "stopped_at", "due_at", "overdue_at"])
    if row.code == RELEASE and row.due_at is not None:
        Control.objects.filter(
            declaration=row.declaration_id, before_release=True, state__in=[s.value for s in OPEN]
        ).update(due_at=row.due_at)


def _held(term: Term) -> Term:
    return Term.objects.select_for_update(of=("self",)).select_related("declaration").get(pk=term.pk)


def _clock(row: Term, pack: Pack) -> Clock:
    return pack.clearance.clocks[row.clock]


def _office(row: Term) -> str:
    return row.control.office if row.control is not None else row.declaration.office


def _may(row: Term, actor: Actor) -> None:
    """Refuse unless the actor has a control of this declaration, or is a superior of the office."""
    mine = Control.objects.filter(declaration=row.declaration_id, officer_id=actor.person)
    if not mine.exists():
        actor.must(Role.SUPERVISOR, office=_office(row) or None)


def _noted(row: Term, act: str, actor: Actor, now: datetime, **payload: object) -> Term:
    note(
        act=act,
        subject=("declaration", str(row.declaration_id)),
        version=str(row.pk),
        actor=actor,
        now=now,
        payload={"code": row.code, **payload},
    )
    return row
