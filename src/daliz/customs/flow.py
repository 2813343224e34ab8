"""What happens to a declaration: read this page from top to bottom.

Stored, registered, assessed, controlled, released. Each act is one transaction; what one room learns, this
page tells the others.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from daliz.customs.assessment import actions as assessment
from daliz.customs.control import actions as control
from daliz.customs.control import findings, release, requests
from daliz.customs.control.models import Control, DocumentRequest, Finding
from daliz.customs.control.queries import missing_conditions, open_before_release, outcome_of
from daliz.customs.control.states import ControlError, ControlState, Outcome
from daliz.customs.intake import actions as intake
from daliz.customs.intake import drafts
from daliz.customs.intake.life import State, Step
from daliz.customs.intake.models import Declaration, Draft, Version
from daliz.customs.intake.notices import tell_declarant
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import draw_key, pack
from daliz.engine.features.alone import Moment
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import SYSTEM, Actor
from daliz.language import N_


@transaction.atomic
def submit(
    *, declared: Declared, reference: str, actor: Actor, now: datetime, refiles: Declaration | None = None
) -> Declaration:
    """Store, register and assess a declaration at once."""
    draft = intake.store(
        declared=declared,
        organisation=actor.organisation,
        reference=reference,
        actor=actor,
        now=now,
        refiles=refiles,
    )
    return register(version=draft, actor=actor, now=now)


@transaction.atomic
def register(*, version: Version, actor: Actor, now: datetime) -> Declaration:
    """Register a draft, assess it, open its controls; release it where nothing stands against it."""
    day = Moment(now, pack().zone, pack().holidays).day
    declaration = intake.register(version=version, day=day, actor=actor, now=now)
    tell_declarant(declaration, "registered", now=now, number=declaration.number)
    return _assess(declaration, version, actor=actor, now=now)


@transaction.atomic
def amend(
    *, declaration: Declaration, declared: Declared, reason: str, actor: Actor, now: datetime
) -> Declaration:
    """Make a new version and assess it anew; barred once control is notified, where the pack says so."""
    _not_barred(declaration, allowed=pack().clearance.amend_after_notice)
    version = intake.amend(declaration=declaration, declared=declared, reason=reason, actor=actor, now=now)
    return _assess(version.declaration, version, actor=actor, now=now)


@transaction.atomic
def withdraw(*, declaration: Declaration, reason: str, actor: Actor, now: datetime) -> Declaration:
    """Take a declaration back; what was under way is cancelled."""
    _not_barred(declaration, allowed=pack().clearance.withdraw_after_notice)
    gone = intake.withdraw(declaration=declaration, reason=reason, actor=actor, now=now)
    control.cancel_all(declaration=gone, actor=actor, now=now)
    requests.end_all(declaration=gone, actor=actor, now=now)
    tell_declarant(gone, "withdraw", now=now)
    return gone


def take(*, ours: Control, actor: Actor, now: datetime) -> Control:
    """Begin a control."""
    return control.take(control=ours, actor=actor, now=now)


def find(
    *,
    ours: Control,
    item_no: int | None,
    violation: bool,
    violation_type: str,
    assessed: Decimal | None,
    minutes: float,
    extent: str,
    found: Mapping[str, object],
    remark: str,
    actor: Actor,
    now: datetime,
) -> Finding:
    """Record what was found."""
    return findings.record(
        control=ours,
        item_no=item_no,
        violation=violation,
        violation_type=violation_type,
        assessed=assessed,
        minutes=minutes,
        extent=extent,
        found=found,
        remark=remark,
        pack=pack(),
        actor=actor,
        now=now,
    )


def ask_document(*, ours: Control, code: str, text: str, actor: Actor, now: datetime) -> DocumentRequest:
    """Ask the declarant for a document."""
    return requests.ask(control=ours, code=code, text=text, pack=pack(), actor=actor, now=now)


def answer(
    *, request: DocumentRequest, text: str, files: Sequence[Upload] = (), actor: Actor, now: datetime
) -> DocumentRequest:
    """Answer a request for a document, in words, with files, or both."""
    return requests.answer(request=request, text=text, files=files, actor=actor, now=now)


def accept_answer(*, request: DocumentRequest, actor: Actor, now: datetime) -> DocumentRequest:
    """Be content with an answer."""
    return requests.accept(request=request, actor=actor, now=now)


def ask_again(*, request: DocumentRequest, reason: str, actor: Actor, now: datetime) -> DocumentRequest:
    """Ask for a document again, because the answer does not suffice."""
    return requests.ask_again(request=request, reason=reason, pack=pack(), actor=actor, now=now)


def drop_request(*, request: DocumentRequest, reason: str, actor: Actor, now: datetime) -> DocumentRequest:
    """No longer ask for a document."""
    return requests.drop(request=request, reason=reason, actor=actor, now=now)


@transaction.atomic
def register_draft(
    *, draft: Draft, actor: Actor, now: datetime, refiles: Declaration | None = None
) -> Declaration:
    """Register what a draft says; the draft is gone then."""
    row = drafts.hold(draft, actor)
    declared = drafts.declared_in(row, pack())
    registered = submit(declared=declared, reference=row.reference, actor=actor, now=now, refiles=refiles)
    drafts.discard(draft=row, actor=actor, now=now)
    return registered


@transaction.atomic
def conclude(*, ours: Control, outcome: Outcome, actor: Actor, now: datetime) -> Declaration:
    """End a control; when it was the last before release, go on."""
    requests.must_be_settled(ours)
    done = control.conclude(control=ours, outcome=outcome, pack=pack(), actor=actor, now=now)
    return _after_control(done, actor=actor, now=now)


@transaction.atomic
def confirm(*, ours: Control, agreed: bool, reason: str, actor: Actor, now: datetime) -> Declaration:
    """Agree to the end of a control as the second officer; when it was the last before release, go on."""
    done = control.confirm(control=ours, agreed=agreed, reason=reason, actor=actor, now=now)
    return _after_control(done, actor=actor, now=now)


@transaction.atomic
def tell_condition(
    *, declaration: Declaration, code: str, holds: bool, actor: Actor, now: datetime
) -> Declaration:
    """Say whether a condition of release holds; goods that waited for it only are released."""
    row = intake.held(declaration.pk)
    release.tell_condition(declaration=row, code=code, holds=holds, pack=pack(), actor=actor, now=now)
    return _release_if_ready(row, now=now)


def _assess(declaration: Declaration, version: Version, *, actor: Actor, now: datetime) -> Declaration:
    """Decide, open what the decision orders, and say what the declarant may know of it."""
    version.declaration = declaration
    decision, _ = assessment.decide(version=version, actor=SYSTEM, now=now)
    places = _places(declaration_of(version))
    opened = control.open_controls(
        declaration=declaration,
        decision=decision,
        places=places,
        pack=pack(),
        key=draw_key(),
        actor=SYSTEM,
        now=now,
    )
    if any(one.before_release for one in opened):
        under = intake.move(
            declaration=declaration, step=Step.ORDER_CONTROL, values={}, actor=SYSTEM, now=now
        )
        tell_declarant(under, Step.ORDER_CONTROL.value, now=now, of=version.version)
        return under
    passed = intake.move(declaration=declaration, step=Step.FREE, values={}, actor=SYSTEM, now=now)
    return _release_if_ready(passed, now=now)


def _after_control(done: Control, *, actor: Actor, now: datetime) -> Declaration:
    """Go on when the last control before release is over: refuse, seize, or wait for release."""
    declaration = intake.held(done.declaration_id)
    if (
        done.state != ControlState.CONCLUDED
        or not done.before_release
        or open_before_release(declaration).exists()
    ):
        return declaration
    outcome = outcome_of(declaration)
    step = {Outcome.SEIZED: Step.SEIZE, Outcome.REFUSED: Step.REFUSE}.get(outcome, Step.CONCLUDE)
    values: dict[str, object] = {"outcome": outcome.value}
    moved = intake.move(declaration=declaration, step=step, values=values, actor=actor, now=now)
    tell_declarant(moved, step.value, now=now, outcome=outcome.value)
    return _release_if_ready(moved, now=now)


def _release_if_ready(declaration: Declaration, *, now: datetime) -> Declaration:
    """Release goods that wait for release when everything that it asks stands; never twice."""
    if declaration.state != State.CLEARED or missing_conditions(declaration, pack()):
        return declaration
    values: dict[str, object] = {"outcome": outcome_of(declaration).value}
    released = intake.move(declaration=declaration, step=Step.RELEASE, values=values, actor=SYSTEM, now=now)
    tell_declarant(released, Step.RELEASE.value, now=now, outcome=values["outcome"])
    return released


def _not_barred(declaration: Declaration, *, allowed: bool) -> None:
    """Refuse what the pack bars once the declarant was told of control."""
    if declaration.state == State.CONTROL and not allowed:
        raise ControlError(
            N_("control was notified; the declaration can no longer be changed"), code="control-notified"
        )


def _places(declared: Declared) -> dict[str, str]:
    """Return the office at which each form of control is carried out: goods are opened where they lie."""
    office = str(declared.of("office") or "")
    goods = str(declared.of("goods_location") or office)
    return {form: goods if form == "physical" else office for form in pack().forms}
