"""What happens to a declaration: read this page from top to bottom.

Stored, registered, assessed, controlled, released. Each act is one transaction that holds the declaration
first; what one room learns, this page tells the others. What follows by itself stands in ``onward``; what
officers may change of it in ``discretion``; how what was decided is decided anew in ``redress``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from daliz.customs import onward
from daliz.customs.assessment import actions as assessment
from daliz.customs.assessment.models import Decision
from daliz.customs.control import actions as control
from daliz.customs.control import clocks, findings, release, requests
from daliz.customs.control.concluding import Ending
from daliz.customs.control.models import Control, DocumentRequest, Finding, Obligation, Stop
from daliz.customs.control.queries import violation_found
from daliz.customs.control.states import ControlError, Outcome
from daliz.customs.intake import actions as intake
from daliz.customs.intake import drafts, entering
from daliz.customs.intake.entering import Submission
from daliz.customs.intake.life import State, Step
from daliz.customs.intake.models import Declaration, Draft, Version
from daliz.customs.intake.notices import registered, tell_declarant
from daliz.customs.reference.queries import pack
from daliz.engine.features.alone import Moment
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.files.models import Upload
from daliz.ground.journal.models import Entry
from daliz.ground.rows import joining, reserve, write
from daliz.ground.staff.actor import SYSTEM, Actor, Role
from daliz.language import N_


@joining
def submit(
    *, declared: Declared, reference: str, actor: Actor, now: datetime, refiles: Declaration | None = None
) -> Declaration:
    """Store, register and assess a declaration at once."""
    if refiles is None and not onward.is_early(declared):
        [taken] = submit_all([Submission(declared, reference, actor)], now=now)
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


@joining
def submit_all(submissions: Sequence[Submission], *, now: datetime) -> list[Declaration]:
    """Store, register and assess declarations at one instant, whoever submits each.

    All of it is made in memory and written together; what is ordered for control goes on one by one, and so
    does what is declared before its goods arrive.
    """
    early = [onward.is_early(one.declared) for one in submissions]
    if any(early):
        at_once = [one for one, waits in zip(submissions, early, strict=True) if not waits]
        now_here = iter(submit_all(at_once, now=now))
        return [
            submit(declared=one.declared, reference=one.reference, actor=one.actor, now=now)
            if waits
            else next(now_here)
            for one, waits in zip(submissions, early, strict=True)
        ]
    if not submissions:
        return []
    day = Moment(now, pack().zone, pack().holidays).day
    keys = reserve(len(submissions), Declaration, Version, Decision)
    entered = entering.enter(submissions, keys=[own[:2] for own in keys], day=day, now=now)
    weighed = assessment.weigh(
        versions=[(one.version, one.declared) for one in entered],
        keys=[key for *_, key in keys],
        actor=SYSTEM,
        now=now,
    )
    entries: list[Entry] = []
    for one, (what, decided) in zip(entered, weighed, strict=True):
        entries += [*entering.entries_of(one, now=now), decided]
        if not what.decided.ordered:
            entries.append(entering.freed(one, actor=SYSTEM, now=now))
    notices, outside = registered([one.declaration for one in entered], now=now)
    write([
        *entering.rows_of(entered, day=day, now=now),
        *(what.decision for what, _ in weighed),
        *(order for what, _ in weighed for order in what.orders),
        *entries,
        *notices,
    ])  # fmt: skip
    for declaration in outside:
        tell_declarant(declaration, "registered", now=now, number=declaration.number)
    return [
        onward.carry_out(one.declaration, one.version, what.decision, declared=one.declared, now=now)
        if what.decided.ordered
        else onward.release_at_once(one.declaration, now=now)
        for one, (what, _) in zip(entered, weighed, strict=True)
    ]


@transaction.atomic
def register(*, version: Version, actor: Actor, now: datetime) -> Declaration:
    """Register a draft, assess it, open its controls; release it where nothing stands against it."""
    day = Moment(now, pack().zone, pack().holidays).day
    declaration = intake.register(version=version, day=day, actor=actor, now=now)
    tell_declarant(declaration, "registered", now=now, number=declaration.number)
    return onward.assess(declaration, version, now=now)


@transaction.atomic
def amend(
    *, declaration: Declaration, declared: Declared, reason: str, actor: Actor, now: datetime
) -> Declaration:
    """Make a new version and assess it anew; barred once control is notified, where the pack says so."""
    row = _not_barred(declaration, allowed=pack().clearance.amend_after_notice)
    version = intake.amend(declaration=row, declared=declared, reason=reason, actor=actor, now=now)
    return onward.assess(version.declaration, version, now=now)


@transaction.atomic
def arrive(*, declaration: Declaration, actor: Actor, now: datetime) -> Declaration:
    """Assess a preliminary declaration anew now that its goods are presented, and go on as with any other."""
    row = intake.held(declaration.pk)
    actor.must(Role.ADAPTER, Role.OFFICER, Role.SUPERVISOR, office=row.office or None)
    come = intake.move(declaration=row, step=Step.ARRIVE, values={}, actor=actor, now=now)
    tell_declarant(come, Step.ARRIVE.value, now=now)
    version = Version.objects.get(declaration=come, version=come.version)
    return onward.assess(come, version, now=now, arrived=True)


@transaction.atomic
def withdraw(*, declaration: Declaration, reason: str, actor: Actor, now: datetime) -> Declaration:
    """Take a declaration back; what was under way is cancelled."""
    row = _not_barred(declaration, allowed=pack().clearance.withdraw_after_notice)
    gone = intake.withdraw(declaration=row, reason=reason, actor=actor, now=now)
    control.cancel_all(declaration=gone, actor=actor, now=now)
    clocks.end(declaration=gone, now=now)
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
    photographs: Sequence[Upload] = (),
) -> Finding:
    """Record what was found, with the photographs that show it."""
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
        photographs=photographs,
    )


@transaction.atomic
def ask_document(*, ours: Control, code: str, text: str, actor: Actor, now: datetime) -> DocumentRequest:
    """Ask the declarant for a document."""
    intake.held(ours.declaration_id)
    return requests.ask(control=ours, code=code, text=text, pack=pack(), actor=actor, now=now)


@transaction.atomic
def answer(
    *, request: DocumentRequest, text: str, files: Sequence[Upload] = (), actor: Actor, now: datetime
) -> DocumentRequest:
    """Answer a request for a document, in words, with files, or both."""
    intake.held(request.control.declaration_id)
    return requests.answer(request=request, text=text, files=files, actor=actor, now=now)


@transaction.atomic
def accept_answer(*, request: DocumentRequest, actor: Actor, now: datetime) -> DocumentRequest:
    """Be content with an answer."""
    intake.held(request.control.declaration_id)
    return requests.accept(request=request, actor=actor, now=now)


@transaction.atomic
def ask_again(*, request: DocumentRequest, reason: str, actor: Actor, now: datetime) -> DocumentRequest:
    """Ask for a document again, because the answer does not suffice."""
    intake.held(request.control.declaration_id)
    return requests.ask_again(request=request, reason=reason, pack=pack(), actor=actor, now=now)


@transaction.atomic
def drop_request(*, request: DocumentRequest, reason: str, actor: Actor, now: datetime) -> DocumentRequest:
    """No longer ask for a document."""
    intake.held(request.control.declaration_id)
    return requests.drop(request=request, reason=reason, actor=actor, now=now)


@transaction.atomic
def register_draft(*, draft: Draft, actor: Actor, now: datetime) -> Declaration:
    """Register what a draft says, in the place of what it refiles; the draft is gone then."""
    row = drafts.hold(draft, actor)
    declared = drafts.declared_in(row, pack())
    registered = submit(declared=declared, reference=row.reference, actor=actor, now=now, refiles=row.refiles)
    drafts.discard(draft=row, actor=actor, now=now)
    return registered


@transaction.atomic
def conclude(
    *, ours: Control, outcome: Outcome, actor: Actor, now: datetime, ending: Ending | None = None
) -> Declaration:
    """End a control, with what goes with the end; when it was the last before release, go on."""
    row = intake.held(ours.declaration_id)
    requests.must_be_settled(ours)
    control.conclude(control=ours, outcome=outcome, pack=pack(), actor=actor, now=now, ending=ending)
    return onward.go_on(row, actor=actor, now=now)


@transaction.atomic
def confirm(*, ours: Control, agreed: bool, reason: str, actor: Actor, now: datetime) -> Declaration:
    """Agree to the end of a control as the second officer; when it was the last before release, go on."""
    row = intake.held(ours.declaration_id)
    control.confirm(control=ours, agreed=agreed, reason=reason, pack=pack(), actor=actor, now=now)
    return onward.go_on(row, actor=actor, now=now)


@transaction.atomic
def tell_condition(
    *, declaration: Declaration, code: str, holds: bool, actor: Actor, now: datetime
) -> Declaration:
    """Say whether a condition of release holds; goods that waited for it only are released.

    That goods of a preliminary declaration are presented says that they have arrived.
    """
    row = intake.held(declaration.pk)
    release.tell_condition(declaration=row, code=code, holds=holds, pack=pack(), actor=actor, now=now)
    if row.state == State.AWAITED and code == "presentation" and holds:
        return arrive(declaration=row, actor=actor, now=now)
    return onward.release_if_ready(row, now=now)


@transaction.atomic
def stop(*, declaration: Declaration, reason: str, actor: Actor, now: datetime) -> Stop:
    """Withhold the goods; the declarant is told that they are withheld, and not why."""
    row = intake.held(declaration.pk)
    stopped = release.stop(declaration=row, reason=reason, actor=actor, now=now)
    intake.tell(declaration=row, what="withheld", values={}, now=now)
    tell_declarant(row, "withheld", now=now, of=stopped.pk)
    return stopped


@transaction.atomic
def lift(*, stop: Stop, reason: str, actor: Actor, now: datetime) -> Declaration:
    """Lift a stop; goods that waited for it only are released."""
    row = intake.held(stop.declaration_id)
    lifted = release.lift(stop=stop, reason=reason, actor=actor, now=now)
    if not Stop.objects.filter(declaration=row, lifted_at=None).exists():
        intake.tell(declaration=row, what="let_go", values={}, now=now)
        tell_declarant(row, "let_go", now=now, of=lifted.pk)
    return onward.release_if_ready(row, now=now)


@transaction.atomic
def settle(*, obligation: Obligation, kept: bool, result: str, actor: Actor, now: datetime) -> Obligation:
    """Say how the conditions of a release, or an expert examination, ended; the declarant is told."""
    row = intake.held(obligation.declaration_id)
    settled = release.settle(obligation=obligation, kept=kept, result=result, actor=actor, now=now)
    intake.tell(declaration=row, what="settled", values={"kind": settled.kind, "kept": kept}, now=now)
    tell_declarant(row, "settled", now=now, of=settled.pk, kind=settled.kind, kept=kept)
    return settled


@transaction.atomic
def give_notice(*, ours: Control, actor: Actor, now: datetime) -> Control:
    """Give legal notice of a control after release: from now on the declarant knows of it."""
    row = intake.held(ours.declaration_id)
    noticed = control.give_notice(control=ours, actor=actor, now=now)
    intake.tell(declaration=row, what="audit", values={"form": noticed.form}, now=now)
    tell_declarant(row, "audit", now=now, of=noticed.pk)
    return noticed


def _not_barred(declaration: Declaration, *, allowed: bool) -> Declaration:
    """Hold a declaration; refuse what the pack bars once the declarant was told of control or its finding."""
    row = intake.held(declaration.pk)
    if row.state == State.CONTROL and not allowed:
        raise ControlError(
            N_("control was notified; the declaration can no longer be changed"), code="control-notified"
        )
    if row.state == State.CLEARED and not allowed and violation_found(row):
        raise ControlError(
            N_("control found a violation; the declaration can no longer be changed"), code="control-notified"
        )
    return row
