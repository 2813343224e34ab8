"""Changing what the system ordered: decided by two, at once in need, or as the inspector departs from it."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from daliz.customs.control.models import Control, Rerouting
from daliz.customs.control.states import OPEN, ControlError
from daliz.customs.intake.models import Declaration
from daliz.engine.pack import Decider, Pack
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.language import N_


@transaction.atomic
def ask(
    *,
    kind: str,
    declaration: Declaration,
    control: Control | None,
    measures: Sequence[str],
    ground: str,
    reason: str,
    pack: Pack,
    actor: Actor,
    now: datetime,
) -> Rerouting:
    """Write down a change of control: lighter of a control, stricter of a declaration.

    A lighter one takes the control away and puts ``measures``, if any, in its place; a stricter one orders
    ``measures`` besides what is ordered.

    Args:
        kind: of ``Rerouting``: proposed, done at once, or a departure from advice.
        declaration: whose; whoever calls holds it.
        control: that is made lighter; None to make control stricter.
        measures: of one form of control.
        ground: of the pack: why at once, or why advice is departed from; empty for a proposal.
        reason: in words.
        pack: the country pack.
        actor: who carries control out there.
        now: the instant.

    Raises:
        NotAllowedError: the control is not the actor's, or he has no say at the office.
        ControlError: no reason, no such ground, nothing to change, or the pack lets it nobody change.
    """
    office = control.office if control is not None else declaration.office
    actor.must(Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR, office=office or None)
    if control is not None and actor.person != control.officer_id:
        actor.must(Role.SUPERVISOR, office=office or None)
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    if control is None and not measures:
        raise ControlError(
            N_("name the measures of a stricter control"), code="measure-forms", mend="measures"
        )
    grounds = _grounds(kind, pack)
    if grounds is not None and ground not in grounds:
        raise ControlError(
            N_("{found} is no ground for this; the pack names {known}"),
            code="rerouting-ground", mend="ground", found=ground or "–",
            known=", ".join(sorted(grounds)) or "–",
        )  # fmt: skip
    if kind != Rerouting.PROPOSED and control is not None:
        must_be_free(control, pack)
    waits = Rerouting.objects.filter(declaration=declaration, kind=Rerouting.PROPOSED, decided_at=None)
    if kind == Rerouting.PROPOSED and waits.exists():
        raise ControlError(N_("this waits for a second person already"), code="rerouting-waits")
    ratify_by = now + timedelta(hours=pack.clearance.rerouting.shift_hours)
    row = Rerouting.objects.create(
        declaration=declaration,
        control=control,
        kind=kind,
        lighter=control is not None,
        office=office,
        measures=sorted(set(measures)),
        ground=ground if grounds is not None else "",
        reason=reason,
        asked_by_id=actor.person,
        asked_at=now,
        ratify_by=ratify_by if kind == Rerouting.AT_ONCE else None,
    )
    return _noted(row, f"rerouting.{kind}", actor, now, ground=row.ground, reason=reason)


@transaction.atomic
def decide(
    *, rerouting: Rerouting, agreed: bool, comment: str, pack: Pack, actor: Actor, now: datetime
) -> Rerouting:
    """Say, as a superior of the office who did not ask for it, whether a change of control was right.

    A proposal is granted or declined, what was done at once is ratified or not, a departure from advice is
    found justified or not.

    Raises:
        NotAllowedError: it is the one who asked, or no superior of the office.
        ControlError: it is decided already, no comment is given, or the pack lets nobody grant it.
    """
    row = (
        Rerouting.objects.select_for_update(of=("self",))
        .select_related("control__decision")
        .get(pk=rerouting.pk)
    )
    actor.must(Role.SUPERVISOR, office=row.office or None)
    if actor.person == row.asked_by_id:
        raise NotAllowedError(N_("a second person decides, not the one who asked"), code="not-oneself")
    if row.decided_at is not None:
        raise ControlError(N_("this is decided already"), code="rerouting-decided")
    if not comment.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="comment")
    if agreed and row.kind == Rerouting.PROPOSED and row.control is not None:
        must_be_free(row.control, pack)
    row.agreed, row.comment, row.decided_by_id, row.decided_at = agreed, comment, actor.person, now
    row.save(update_fields=["agreed", "comment", "decided_by", "decided_at"])
    return _noted(row, f"rerouting.{'agreed' if agreed else 'declined'}", actor, now, comment=comment)


def must_be_free(control: Control, pack: Pack) -> None:
    """Refuse to make a control lighter that mandatory or random selection ordered, unless the pack lets.

    The refusal does not say which of them it was.

    Raises:
        ControlError: it may not be made lighter, or is over.
    """
    if control.state not in OPEN:
        raise ControlError(N_("this control can no longer be given to another"), code="control-over")
    if not control.by_system:
        return
    claims = json.loads(control.decision.content)["controls"]
    forms = {control.form} | {
        str(pack.measures[str(one["measure"])].form)
        for one in control.measures
        if one["measure"] in pack.measures
    }
    held = {claims[form] for form in forms if form in claims} & {"mandatory", "random"}
    if held - set(pack.clearance.rerouting.out_of):
        raise ControlError(N_("this control cannot be made lighter"), code="rerouting-barred")


def _grounds(kind: str, pack: Pack) -> frozenset[str] | None:
    """Return the grounds of which one must be named; None where none is."""
    if kind == Rerouting.AT_ONCE:
        return frozenset(pack.clearance.rerouting.at_once)
    if kind == Rerouting.DEVIATION:
        if pack.policy.decides is not Decider.OFFICER:
            raise ControlError(
                N_("here the system decides; propose another control"), code="rerouting-advice"
            )
        return frozenset(pack.deviations)
    return None


def _noted(row: Rerouting, act: str, actor: Actor, now: datetime, **payload: object) -> Rerouting:
    note(
        act=act,
        subject=("declaration", str(row.declaration_id)),
        version=str(row.pk),
        actor=actor,
        now=now,
        payload={"lighter": row.lighter, "measures": row.measures, "control": row.control_id, **payload},
    )
    return row
