"""What happens to a declaration: read this page from top to bottom.

Stored, registered, assessed, controlled, released. Each act is one transaction; what one room learns, this
page tells the others.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from daliz.customs.assessment import actions as assessment
from daliz.customs.assessment.models import Decision
from daliz.customs.control import actions as control
from daliz.customs.control import findings, release
from daliz.customs.control.models import Control, DocumentRequest, Finding
from daliz.customs.control.queries import missing_conditions, open_before_release, outcome_of
from daliz.customs.control.states import ControlError, ControlState, Outcome
from daliz.customs.intake import actions as intake
from daliz.customs.intake import entering
from daliz.customs.intake.life import State, Step
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.intake.notices import registered, tell_declarant
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import draw_key, pack
from daliz.engine.features.alone import Moment
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.journal.models import Entry
from daliz.ground.rows import write
from daliz.ground.staff.actor import SYSTEM, Actor
from daliz.language import N_


@transaction.atomic
def submit(
    *, declared: Declared, reference: str, actor: Actor, now: datetime, refiles: Declaration | None = None
) -> Declaration:
    """Store, register and assess a declaration at once."""
    if refiles is None:
        [taken] = submit_all(declared=[(declared, reference)], actor=actor, now=now)
        return taken
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
def submit_all(*, declared: Sequence[tuple[Declared, str]], actor: Actor, now: datetime) -> list[Declaration]:
    """Store, register and assess declarations at one instant, each with the declarant's own number of it.

    All of it is made in memory and written together; what is ordered for control goes on one by one.
    """
    if not declared:
        return []
    day = Moment(now, pack().zone, pack().holidays).day
    entered = entering.enter(declared=declared, day=day, actor=actor, now=now)
    weighed = assessment.weigh(
        versions=[(one.version, one.declared) for one in entered], actor=SYSTEM, now=now
    )
    entries: list[Entry] = []
    for one, (what, decided) in zip(entered, weighed, strict=True):
        entries += [*entering.entries_of(one, actor=actor, now=now), decided]
        if not what.decided.ordered:
            entries.append(entering.freed(one, actor=SYSTEM, now=now))
    notices = registered([one.declaration for one in entered], now=now)
    write([
        *entering.rows_of(entered, day=day, now=now),
        *(what.decision for what, _ in weighed),
        *(order for what, _ in weighed for order in what.orders),
        *entries,
        *notices,
    ])  # fmt: skip
    if not notices:
        for one in entered:
            tell_declarant(one.declaration, "registered", now=now, number=one.declaration.number)
    return [
        _opened(one.declaration, one.version, what.decision, declared=one.declared, now=now)
        if what.decided.ordered
        else _released_at_once(one.declaration, now=now)
        for one, (what, _) in zip(entered, weighed, strict=True)
    ]


@transaction.atomic
def register(*, version: Version, actor: Actor, now: datetime) -> Declaration:
    """Register a draft, assess it, open its controls; release it where nothing stands against it."""
    day = Moment(now, pack().zone, pack().holidays).day
    declaration = intake.register(version=version, day=day, actor=actor, now=now)
    tell_declarant(declaration, "registered", now=now, number=declaration.number)
    return _assess(declaration, version, now=now)


@transaction.atomic
def amend(
    *, declaration: Declaration, declared: Declared, reason: str, actor: Actor, now: datetime
) -> Declaration:
    """Make a new version and assess it anew; barred once control is notified, where the pack says so."""
    _not_barred(declaration, allowed=pack().clearance.amend_after_notice)
    version = intake.amend(declaration=declaration, declared=declared, reason=reason, actor=actor, now=now)
    return _assess(version.declaration, version, now=now)


@transaction.atomic
def withdraw(*, declaration: Declaration, reason: str, actor: Actor, now: datetime) -> Declaration:
    """Take a declaration back; what was under way is cancelled."""
    _not_barred(declaration, allowed=pack().clearance.withdraw_after_notice)
    gone = intake.withdraw(declaration=declaration, reason=reason, actor=actor, now=now)
    control.cancel_all(declaration=gone, actor=actor, now=now)
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


@transaction.atomic
def ask_document(*, ours: Control, code: str, text: str, actor: Actor, now: datetime) -> DocumentRequest:
    """Ask the declarant for a document."""
    asked = findings.ask_document(control=ours, code=code, text=text, pack=pack(), actor=actor, now=now)
    intake.tell(
        declaration=ours.declaration, what="request", values={"code": code, "request": asked.pk}, now=now
    )
    tell_declarant(
        ours.declaration, "request", now=now, of=asked.pk, code=code, deadline=asked.deadline.isoformat()
    )
    return asked


@transaction.atomic
def answer(*, request: DocumentRequest, text: str, actor: Actor, now: datetime) -> DocumentRequest:
    """Answer a request for a document."""
    answered = findings.answer(request=request, text=text, actor=actor, now=now)
    declaration = answered.control.declaration
    intake.tell(declaration=declaration, what="answer", values={"request": answered.pk}, now=now)
    return answered


@transaction.atomic
def conclude(*, ours: Control, outcome: Outcome, actor: Actor, now: datetime) -> Declaration:
    """End a control; when it was the last before release, go on."""
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


def _assess(declaration: Declaration, version: Version, *, now: datetime) -> Declaration:
    """Decide, open what the decision orders, and say what the declarant may know of it."""
    version.declaration = declaration
    decision, _ = assessment.decide(version=version, actor=SYSTEM, now=now)
    return _opened(declaration, version, decision, declared=declaration_of(version), now=now)


def _opened(
    declaration: Declaration, version: Version, decision: Decision, *, declared: Declared, now: datetime
) -> Declaration:
    """Open what a decision orders; release the goods where nothing stands against it."""
    places = _places(declared)
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


def _released_at_once(declaration: Declaration, *, now: datetime) -> Declaration:
    """Release goods that have just come and are free of control, where the pack asks nothing more."""
    return declaration if pack().clearance.conditions else _release_if_ready(declaration, now=now)


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
