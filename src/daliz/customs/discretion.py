"""What officers may change of what was ordered: clocks, other control, departures from advice. Never alone.

Each act holds the declaration first. A control is made lighter by taking it away, with another in its place
if one is named; stricter by ordering measures besides.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from daliz.customs import onward
from daliz.customs.assessment.models import Decision
from daliz.customs.control import actions as control
from daliz.customs.control import clocks, opening, rerouting
from daliz.customs.control.models import Control, Rerouting, Term
from daliz.customs.control.states import OPEN, ControlError
from daliz.customs.intake import actions as intake
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.intake.notices import tell_declarant
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import draw_key, pack
from daliz.ground.staff.actor import SYSTEM, Actor
from daliz.ground.staff.models import Approval
from daliz.language import N_


@transaction.atomic
def stop_clock(*, term: Term, ground: str, text: str, actor: Actor, now: datetime) -> Term:
    """Let a statutory clock stand still, for a reason of the pack; both sides see it."""
    row = intake.held(term.declaration_id)
    stopped = clocks.stop(term=term, ground=ground, text=text, pack=pack(), actor=actor, now=now)
    _tell_clock(row, stopped, "stopped", now=now)
    return stopped


@transaction.atomic
def resume_clock(*, term: Term, actor: Actor, now: datetime) -> Term:
    """Let a statutory clock run on."""
    row = intake.held(term.declaration_id)
    resumed = clocks.resume(term=term, pack=pack(), actor=actor, now=now)
    _tell_clock(row, resumed, "resumed", now=now)
    return resumed


@transaction.atomic
def propose_extension(*, term: Term, reason: str, actor: Actor, now: datetime) -> Approval:
    """Ask a superior for the longer statutory term."""
    intake.held(term.declaration_id)
    return clocks.propose_extension(term=term, reason=reason, pack=pack(), actor=actor, now=now)


@transaction.atomic
def decide_extension(*, approval: Approval, agreed: bool, comment: str, actor: Actor, now: datetime) -> Term:
    """Grant the longer term, or not, as another person; the declarant sees a term that was extended."""
    row = intake.held(int(str(approval.detail.get("declaration") or 0)))
    term = clocks.decide_extension(
        approval=approval, agreed=agreed, comment=comment, pack=pack(), actor=actor, now=now
    )
    if agreed:
        _tell_clock(row, term, "extended", now=now)
    return term


@transaction.atomic
def propose_lighter(
    *, ours: Control, measures: Sequence[str], reason: str, actor: Actor, now: datetime
) -> Rerouting:
    """Propose that a control fall away, or that ``measures`` take its place."""
    return _ask(Rerouting.PROPOSED, None, ours, measures, "", reason, actor, now)


@transaction.atomic
def propose_stricter(
    *, declaration: Declaration, measures: Sequence[str], reason: str, actor: Actor, now: datetime
) -> Rerouting:
    """Propose that ``measures`` be carried out besides what is ordered."""
    return _ask(Rerouting.PROPOSED, declaration, None, measures, "", reason, actor, now)


@transaction.atomic
def change_at_once(
    *,
    declaration: Declaration,
    ours: Control | None,
    measures: Sequence[str],
    ground: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Rerouting:
    """Change control at once for life, health or weapons; a superior ratifies it within the shift."""
    asked = _ask(Rerouting.AT_ONCE, declaration, ours, measures, ground, reason, actor, now)
    _carry_out(asked, actor=actor, now=now)
    return asked


@transaction.atomic
def depart(
    *,
    declaration: Declaration,
    ours: Control | None,
    measures: Sequence[str],
    ground: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Rerouting:
    """Depart from the system's advice, where the pack lets the inspector decide; it is reviewed later."""
    asked = _ask(Rerouting.DEVIATION, declaration, ours, measures, ground, reason, actor, now)
    _carry_out(asked, actor=actor, now=now)
    return asked


@transaction.atomic
def decide(*, asked: Rerouting, agreed: bool, comment: str, actor: Actor, now: datetime) -> Rerouting:
    """Say as the second person whether a change of control is right.

    A proposal that is granted is carried out. A control that was taken away at once, and that is not
    ratified, is ordered again, unless the goods are gone.
    """
    row = intake.held(asked.declaration_id)
    decided = rerouting.decide(
        rerouting=asked, agreed=agreed, comment=comment, pack=pack(), actor=actor, now=now
    )
    if decided.kind == Rerouting.PROPOSED and agreed:
        _carry_out(decided, actor=actor, now=now)
    again = decided.control if decided.kind == Rerouting.AT_ONCE and not agreed else None
    if again is not None and row.state in (State.CONTROL, State.CLEARED):
        _order(row, again.form, again.measures, of=f"u{decided.pk}", now=now)
    return decided


def _ask(  # noqa: PLR0917 -- five verbs above say the same in one line each
    kind: str,
    declaration: Declaration | None,
    ours: Control | None,
    measures: Sequence[str],
    ground: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Rerouting:
    """Hold the declaration, check the measures, and write down what is asked for."""
    row = intake.held(ours.declaration_id if ours is not None else declaration.pk if declaration else 0)
    if row.state not in (State.CONTROL, State.CLEARED):
        raise ControlError(
            N_("control of a declaration that is “{state}” cannot be changed"),
            code="rerouting-state", state=State(row.state).label,
        )  # fmt: skip
    if measures:
        opening.ordered_by_hand(measures, pack=pack())
    held = None
    if ours is not None:
        held = Control.objects.select_related("decision").get(pk=ours.pk)
    return rerouting.ask(
        kind=kind,
        declaration=row,
        control=held,
        measures=measures,
        ground=ground,
        reason=reason,
        pack=pack(),
        actor=actor,
        now=now,
    )


def _carry_out(asked: Rerouting, *, actor: Actor, now: datetime) -> None:
    """Take away what is made lighter, order what is named, and go on where nothing is left."""
    row = intake.held(asked.declaration_id)
    if asked.control is not None:
        if asked.control.state not in OPEN:
            raise ControlError(N_("this control can no longer be given to another"), code="control-over")
        control.cancel(control=asked.control, reason=asked.reason, actor=actor, now=now)
    if asked.measures:
        form, told = opening.ordered_by_hand(asked.measures, pack=pack())
        row = _order(row, form, told, of=f"r{asked.pk}", now=now)
    onward.go_on(row, actor=actor, now=now)


def _order(
    row: Declaration, form: str, measures: list[opening.Told], *, of: str, now: datetime
) -> Declaration:
    """Open a control that an officer ordered, at its place."""
    decision = Decision.objects.filter(version__declaration=row).latest("id")
    declared = declaration_of(Version.objects.get(declaration=row, version=row.version))
    opened = opening.open_one(
        declaration=row,
        decision=decision,
        form=form,
        measures=measures,
        office=onward.places(declared).get(form, row.office),
        items=len(declared.items),
        by_system=False,
        pack=pack(),
        key=draw_key(),
        actor=SYSTEM,
        now=now,
    )
    return onward.put_under_control(row, of=of, now=now) if opened.before_release else row


def _tell_clock(row: Declaration, term: Term, what: str, *, now: datetime) -> None:
    """Tell both sides of a clock; the officer's words stay inside, and so does a control not yet notified."""
    known = term.control is None or term.control.before_release or term.control.noticed_at is not None
    values: dict[str, object] = {
        "clock": term.clock,
        "what": what,
        "reason": term.stop_reason,
        "due": term.due_at.isoformat() if term.due_at is not None else None,
    }
    intake.tell(declaration=row, what="clock", values=values, now=now, open_to_declarant=known)
    if known:
        of = f"{term.pk}/{what}/{len(term.pauses)}"
        tell_declarant(row, "clock", now=now, of=of, **values)
