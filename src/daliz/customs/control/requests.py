"""Documents that an officer asks for: answered, accepted or asked for again, reminded of, expired.

Each act is told to the declarant and stands in the timeline and in the journal. What follows when a term ends
is the pack's: the officer may conclude without the document, or refusal is proposed to him.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from daliz.customs.control.models import Control, DocumentRequest, RequestAnswer
from daliz.customs.control.states import ControlError, ControlState, Outcome
from daliz.customs.intake.actions import tell
from daliz.customs.intake.models import Declaration
from daliz.customs.intake.notices import tell_declarant
from daliz.engine.pack import Expiry, Pack, deadline
from daliz.ground.files.actions import attach
from daliz.ground.files.models import Upload
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.language import N_

MOST_FILES: Final = 20
"""Files of one answer."""


@transaction.atomic
def ask(
    *, control: Control, code: str, text: str, pack: Pack, actor: Actor, now: datetime
) -> DocumentRequest:
    """Ask the declarant for a document of the pack's catalogue, with the statutory deadline.

    Args:
        control: begun, and the actor's.
        code: of the catalogue.
        text: what exactly, in the officer's words; the declarant reads it.
        pack: for catalogue and clock.
        actor: the officer.
        now: the instant.

    Raises:
        ControlError: the control is not the actor's, or there is no such document.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    _of_officer(row, actor)
    if code not in pack.clearance.requests:
        raise ControlError(
            N_("{found} is not a document that can be asked for"),
            code="request-unknown", mend="code", found=code or "–",
        )  # fmt: skip
    asked = DocumentRequest.objects.create(
        control=row, code=code, text=text, asked_at=now, deadline=_deadline(pack, now)
    )
    _tell(asked, "request", now, deadline=asked.deadline.isoformat())
    _note(asked, "request.asked", actor, now, code=code)
    return asked


@transaction.atomic
def answer(
    *, request: DocumentRequest, text: str, files: Sequence[Upload], actor: Actor, now: datetime
) -> DocumentRequest:
    """Answer a request, for the organisation whose declaration it is, until its deadline.

    Raises:
        NotAllowedError: the declaration or a file is another organisation's.
        ControlError: it is not open any more, the answer is empty, or has too many files.
    """
    row = _held(request)
    declaration = row.control.declaration
    if declaration.organisation != actor.organisation or not actor.has(Role.DECLARANT):
        raise NotAllowedError(N_("declarations of another organisation are not yours"))
    if any(file.organisation != actor.organisation for file in files):
        raise NotAllowedError(N_("files of another organisation are not yours"))
    if row.state in (DocumentRequest.ANSWERED, DocumentRequest.ACCEPTED):
        raise ControlError(N_("this request is answered already"), code="request-answered")
    if row.state != DocumentRequest.OPEN or now >= row.deadline:
        raise ControlError(N_("this document is no longer asked for"), code="request-over")
    if not text.strip() and not files:
        raise ControlError(N_("the answer is empty"), code="request-empty", mend="text")
    if len(files) > MOST_FILES:
        raise ControlError(
            N_("an answer has at most {n} files"), code="request-files", mend="files", n=MOST_FILES
        )
    row.state, row.answer, row.answered_at = DocumentRequest.ANSWERED, text, now
    row.save(update_fields=["state", "answer", "answered_at"])
    given = RequestAnswer.objects.create(request=row, round=row.round, text=text, by_id=actor.person, at=now)
    given.files.set(files)
    attach(uploads=files, now=now)
    tell(declaration=declaration, what="answer", values={"request": row.pk, "code": row.code}, now=now)
    _note(row, "request.answered", actor, now, files=[file.file_id for file in files])
    return row


@transaction.atomic
def accept(*, request: DocumentRequest, actor: Actor, now: datetime) -> DocumentRequest:
    """Be content with an answer.

    Raises:
        ControlError: the control is not the actor's, or nothing was answered.
    """
    row = _answered(request, actor)
    row.state, row.settled_at = DocumentRequest.ACCEPTED, now
    row.save(update_fields=["state", "settled_at"])
    _tell(row, "request_accepted", now)
    _note(row, "request.accepted", actor, now)
    return row


@transaction.atomic
def ask_again(
    *, request: DocumentRequest, reason: str, pack: Pack, actor: Actor, now: datetime
) -> DocumentRequest:
    """Ask again because the answer does not suffice; the term begins anew.

    Raises:
        ControlError: no reason, nothing was answered, or it was asked for as often as the pack allows.
    """
    row = _answered(request, actor)
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    if row.round >= pack.clearance.request_terms.most_rounds:
        raise ControlError(
            N_("a document is asked for {n} times at most"),
            code="request-rounds",
            n=pack.clearance.request_terms.most_rounds,
        )
    row.state, row.reason, row.round, row.reminded = DocumentRequest.OPEN, reason, row.round + 1, None
    row.deadline = _deadline(pack, now)
    row.save(update_fields=["state", "reason", "round", "reminded", "deadline"])
    _tell(row, "request_again", now, deadline=row.deadline.isoformat())
    _note(row, "request.asked-again", actor, now, reason=reason)
    return row


@transaction.atomic
def drop(*, request: DocumentRequest, reason: str, actor: Actor, now: datetime) -> DocumentRequest:
    """No longer ask for a document.

    Raises:
        ControlError: no reason, the control is not the actor's, or it is not asked for any more.
    """
    row = _held(request)
    _of_officer(row.control, actor)
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    if row.state not in (DocumentRequest.OPEN, DocumentRequest.ANSWERED):
        raise ControlError(N_("this document is no longer asked for"), code="request-over")
    return _dropped(row, reason=reason, actor=actor, now=now)


@transaction.atomic
def end_all(*, declaration: Declaration, actor: Actor, now: datetime) -> None:
    """Ask for nothing more of a declaration that is withdrawn."""
    rows = DocumentRequest.objects.select_for_update().filter(
        control__declaration=declaration, state=DocumentRequest.OPEN
    )
    for row in rows.order_by("id"):
        _dropped(row, reason="", actor=actor, now=now)


def must_be_settled(control: Control) -> None:
    """Refuse to end a control while a document is still asked for.

    Raises:
        ControlError: naming how many.
    """
    waiting = DocumentRequest.objects.filter(control=control, state=DocumentRequest.OPEN).count()
    if waiting:
        raise ControlError(
            N_("documents are still asked for ({n}); wait for them, or no longer ask"),
            code="request-open",
            n=waiting,
        )


def proposed_outcome(control: Control, pack: Pack) -> Outcome | None:
    """Return the outcome that follows from documents not handed in, by the pack; None where none does."""
    if pack.clearance.request_terms.expiry is not Expiry.PROPOSE_REFUSAL:
        return None
    lapsed = DocumentRequest.objects.filter(control=control, state=DocumentRequest.EXPIRED)
    return Outcome.REFUSED if lapsed.exists() else None


def tend(*, pack: Pack, actor: Actor, now: datetime, limit: int = 200) -> tuple[int, int]:
    """Expire requests whose term has ended, and remind of those that end soon.

    Returns:
        how many expired, how many reminders went out.
    """
    waiting = DocumentRequest.objects.filter(state=DocumentRequest.OPEN).order_by("deadline", "id")
    expired = sum(_expire(row, pack, actor, now) for row in waiting.filter(deadline__lte=now)[:limit])
    days = pack.clearance.request_terms.remind
    if not days:
        return expired, 0
    soon = waiting.filter(deadline__gt=now, deadline__lte=now + timedelta(days=max(days)))
    return expired, sum(_remind(row, pack, actor, now) for row in soon.exclude(reminded=min(days)))


@transaction.atomic
def _expire(request: DocumentRequest, pack: Pack, actor: Actor, now: datetime) -> bool:
    row = _held(request)
    if row.state != DocumentRequest.OPEN or row.deadline > now:
        return False
    row.state, row.settled_at = DocumentRequest.EXPIRED, now
    row.save(update_fields=["state", "settled_at"])
    _tell(row, "request_expired", now)
    _note(row, "request.expired", actor, now, follows=pack.clearance.request_terms.expiry.value)
    return True


@transaction.atomic
def _remind(request: DocumentRequest, pack: Pack, actor: Actor, now: datetime) -> bool:
    """Remind once for each day of the pack's that has come; of several, only for the nearest."""
    due = [d for d in pack.clearance.request_terms.remind if request.deadline - timedelta(days=d) <= now]
    if not due or (request.reminded is not None and request.reminded <= min(due)):
        return False
    row = _held(request)
    if row.state != DocumentRequest.OPEN or row.reminded != request.reminded:
        return False
    row.reminded = min(due)
    row.save(update_fields=["reminded"])
    tell_declarant(
        row.control.declaration, "request_reminder", now=now, of=f"{row.pk}.{row.round}.{row.reminded}",
        request=row.pk, code=row.code, deadline=row.deadline.isoformat(),
    )  # fmt: skip
    _note(row, "request.reminded", actor, now, days=row.reminded)
    return True


def _dropped(row: DocumentRequest, *, reason: str, actor: Actor, now: datetime) -> DocumentRequest:
    row.state, row.settled_at = DocumentRequest.DROPPED, now
    row.save(update_fields=["state", "settled_at"])
    _tell(row, "request_dropped", now)
    _note(row, "request.dropped", actor, now, reason=reason)
    return row


def _held(request: DocumentRequest) -> DocumentRequest:
    rows = DocumentRequest.objects.select_for_update(of=("self",)).select_related("control__declaration")
    return rows.get(pk=request.pk)


def _answered(request: DocumentRequest, actor: Actor) -> DocumentRequest:
    """Return a request that was answered, for the officer whose control it is."""
    row = _held(request)
    _of_officer(row.control, actor)
    if row.state != DocumentRequest.ANSWERED:
        raise ControlError(N_("nothing was answered that could be looked at"), code="request-not-answered")
    return row


def _of_officer(control: Control, actor: Actor) -> None:
    if control.state != ControlState.TAKEN.value or control.officer_id != actor.person:
        raise ControlError(N_("this control is not yours to conclude"), code="control-not-yours")


def _deadline(pack: Pack, now: datetime) -> datetime:
    clock = pack.clearance.clocks.get("documents")
    if clock is None:
        raise ControlError(
            N_("the pack states no term for documents that are asked for"), code="request-clock"
        )
    return deadline(clock, now, zone=pack.zone, holidays=pack.holidays, clearance=pack.clearance)


def _tell(row: DocumentRequest, what: str, now: datetime, **values: object) -> None:
    """Write a line of the timeline and notify, once for each round."""
    declaration = row.control.declaration
    told: dict[str, object] = {"request": row.pk, "code": row.code, **values}
    tell(declaration=declaration, what=what, values=told, now=now)
    tell_declarant(declaration, what, now=now, of=f"{row.pk}.{row.round}", **told)


def _note(row: DocumentRequest, act: str, actor: Actor, now: datetime, **payload: object) -> None:
    note(
        act=act,
        subject=("control", str(row.control_id)),
        version=str(row.pk),
        actor=actor,
        now=now,
        payload=payload,
    )
