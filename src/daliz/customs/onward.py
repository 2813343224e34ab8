"""What follows by itself: a version is decided, controls open, the last one ends, goods are released."""

from datetime import datetime
from decimal import Decimal

from daliz.customs.assessment import actions as assessment
from daliz.customs.assessment.models import Decision
from daliz.customs.control import clocks, correction, opening
from daliz.customs.control.models import Obligation
from daliz.customs.control.queries import (
    concluded,
    item_outcomes,
    missing_conditions,
    open_before_release,
    outcome_of,
)
from daliz.customs.control.release import withdraw_condition
from daliz.customs.control.states import Outcome
from daliz.customs.intake import actions as intake
from daliz.customs.intake.life import State, Step
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.intake.notices import tell_declarant
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import draw_key, pack
from daliz.engine.pack import Point
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.staff.actor import SYSTEM, Actor

PRELIMINARY = "preliminary"
"""The kind of a declaration that is registered before its goods arrive."""


def is_early(declared: Declared) -> bool:
    """Tell whether a declaration is registered before its goods arrive."""
    return declared.of("kind") == PRELIMINARY


def assess(
    declaration: Declaration, version: Version, *, now: datetime, arrived: bool = False
) -> Declaration:
    """Decide, open what the decision orders, and say what the declarant may know of it.

    Before the goods of a preliminary declaration arrive nothing is opened; what was decided is inherited.
    """
    version.declaration = declaration
    declared = declaration_of(version)
    if is_early(declared) and not arrived:
        assessment.decide(version=version, actor=SYSTEM, now=now, point=Point.PRE_ARRIVAL)
        awaited = intake.move(declaration=declaration, step=Step.AWAIT, values={}, actor=SYSTEM, now=now)
        tell_declarant(awaited, Step.AWAIT.value, now=now)
        return awaited
    point = Point.REGISTRATION if arrived else None
    decision, _ = assessment.decide(version=version, actor=SYSTEM, now=now, point=point)
    return carry_out(declaration, version, decision, declared=declared, now=now)


def carry_out(
    declaration: Declaration, version: Version, decision: Decision, *, declared: Declared, now: datetime
) -> Declaration:
    """Open what a decision orders; release the goods where nothing stands against it."""
    opened = opening.open_controls(
        declaration=declaration,
        decision=decision,
        places=places(declared),
        items=len(declared.items),
        pack=pack(),
        key=draw_key(),
        actor=SYSTEM,
        now=now,
    )
    if any(one.before_release for one in opened) or open_before_release(declaration).exists():
        return put_under_control(declaration, of=version.version, now=now)
    passed = intake.move(declaration=declaration, step=Step.FREE, values={}, actor=SYSTEM, now=now)
    return release_if_ready(passed, now=now)


def put_under_control(declaration: Declaration, *, of: object, now: datetime) -> Declaration:
    """Move a declaration under control and tell the declarant of it; one that is there stays."""
    if declaration.state == State.CONTROL:
        return declaration
    under = intake.move(declaration=declaration, step=Step.ORDER_CONTROL, values={}, actor=SYSTEM, now=now)
    tell_declarant(under, Step.ORDER_CONTROL.value, now=now, of=of)
    return under


def go_on(declaration: Declaration, *, actor: Actor, now: datetime) -> Declaration:
    """Go on when the last control before release is over: refuse, seize, or wait for release."""
    if declaration.state != State.CONTROL or open_before_release(declaration).exists():
        return declaration
    outcome = outcome_of(declaration)
    step = {Outcome.SEIZED: Step.SEIZE, Outcome.REFUSED: Step.REFUSE}.get(outcome, Step.CONCLUDE)
    values = _values(declaration, outcome)
    moved = intake.move(declaration=declaration, step=step, values=values, actor=actor, now=now)
    tell_declarant(moved, step.value, now=now, of=moved.reopened or "", **values)
    if step is not Step.CONCLUDE:
        clocks.end(declaration=moved, now=now)
        return moved
    return release_if_ready(_correct(moved, actor=actor, now=now), now=now)


def release_if_ready(declaration: Declaration, *, now: datetime) -> Declaration:
    """Release goods that wait for release when everything that it asks stands; never twice."""
    if declaration.state != State.CLEARED or missing_conditions(declaration, pack()):
        return declaration
    values = _values(declaration, outcome_of(declaration))
    released = intake.move(declaration=declaration, step=Step.RELEASE, values=values, actor=SYSTEM, now=now)
    clocks.end(declaration=released, now=now)
    tell_declarant(released, Step.RELEASE.value, now=now, of=released.reopened or "", **values)
    return released


def release_at_once(declaration: Declaration, *, now: datetime) -> Declaration:
    """Release goods that have just come and are free of control, where the pack asks nothing more."""
    return declaration if pack().clearance.conditions else release_if_ready(declaration, now=now)


def places(declared: Declared) -> dict[str, str]:
    """Return the office at which each form of control is carried out: goods are opened where they lie."""
    office = str(declared.of("office") or "")
    goods = str(declared.of("goods_location") or office)
    return {form: goods if form == "physical" else office for form in pack().forms}


def _values(declaration: Declaration, outcome: Outcome) -> dict[str, object]:
    """Return what a line of the timeline says of an outcome, with the items that end otherwise."""
    values: dict[str, object] = {"outcome": outcome.value}
    kept_back = item_outcomes(declaration)
    if kept_back:
        values["items"] = {str(n): one.value for n, one in kept_back.items() if one is not Outcome.PASSED}
    return values


def _correct(declaration: Declaration, *, actor: Actor, now: datetime) -> Declaration:
    """Make the version that stands after control where controls ended in a correction; adjust payments."""
    ended = concluded(declaration).filter(outcome=Outcome.CORRECTED.value)
    newest = ended.order_by("-concluded_at", "-id").first()
    if newest is None or newest.obligations.filter(kind=Obligation.PAYMENT).exists():
        return declaration
    before = Version.objects.get(declaration=declaration, version=declaration.version)
    corrected, additional = correction.corrected(declaration_of(before), ended)
    if corrected.digest == before.digest:
        return declaration
    row = intake.correct(declaration=declaration, declared=corrected, actor=actor, now=now).declaration
    due = Obligation.objects.create(
        declaration=row, control=newest, kind=Obligation.PAYMENT, amount=additional, since=now
    )
    if additional > Decimal(0):
        withdraw_condition(declaration=row, code="payment", now=now)
    else:
        due.settled_at, due.settled_by, due.kept = now, SYSTEM.login, True
        due.save(update_fields=["settled_at", "settled_by", "kept"])
    tell_declarant(row, "correct", now=now, additional=str(additional))
    return row
