"""How what was decided is decided anew, by another person: a release opened again, a finding contested."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from daliz.customs import onward
from daliz.customs.assessment.models import Decision
from daliz.customs.control import appeals, opening
from daliz.customs.control.models import Appeal, Finding
from daliz.customs.control.states import ControlError
from daliz.customs.intake import actions as intake
from daliz.customs.intake.life import State, Step, after
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.intake.notices import tell_declarant
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import draw_key, pack
from daliz.ground.staff.actions import answer_second, ask_second
from daliz.ground.staff.actor import SYSTEM, Actor, Role
from daliz.ground.staff.models import Approval
from daliz.language import N_

REOPENING = "declaration.reopening"
"""The act of an approval that a declaration be opened again."""


@transaction.atomic
def propose_reopening(
    *, declaration: Declaration, measures: Sequence[str], reason: str, actor: Actor, now: datetime
) -> Approval:
    """Ask that a released or refused declaration be opened again for control by ``measures``.

    Raises:
        ImpossibleStepError: its state does not allow it.
        ControlError: a measure is unknown, or they are of different forms or of one after release.
    """
    row = intake.held(declaration.pk)
    actor.must(Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR, office=row.office or None)
    after(State(row.state), Step.REOPEN)
    form, _ = opening.ordered_by_hand(measures, pack=pack())
    if form == "post_release":
        raise ControlError(
            N_("name measures of control before release"), code="measure-forms", mend="measures"
        )
    return ask_second(
        subject=("declaration", str(row.pk)),
        act=REOPENING,
        detail={"measures": sorted(set(measures))},
        reason=reason,
        actor=actor,
        now=now,
    )


@transaction.atomic
def decide_reopening(
    *, approval: Approval, agreed: bool, comment: str, actor: Actor, now: datetime
) -> Declaration:
    """Open a declaration again, or not, as a superior of the office who did not ask for it.

    Raises:
        ControlError: this is no such proposal.
        ImpossibleStepError: its state does not allow it any more.
        NotAllowedError: it is the one who asked, or no superior of the office.
    """
    if approval.act != REOPENING:
        raise ControlError(N_("this is not asked of you here"), code="approval-act")
    row = intake.held(int(approval.subject_id))
    actor.must(Role.SUPERVISOR, office=row.office or None)
    answer_second(approval=approval, agreed=agreed, comment=comment, actor=actor, now=now)
    if not agreed:
        return row
    decision = Decision.objects.filter(version__declaration=row).latest("id")
    opened = intake.move(declaration=row, step=Step.REOPEN, values={}, actor=actor, now=now)
    declared = declaration_of(Version.objects.get(declaration=opened, version=opened.version))
    form, told = opening.ordered_by_hand(approval.detail["measures"], pack=pack())
    opening.open_one(
        declaration=opened,
        decision=decision,
        form=form,
        measures=told,
        office=onward.places(declared).get(form, opened.office),
        items=len(declared.items),
        by_system=False,
        pack=pack(),
        key=draw_key(),
        actor=SYSTEM,
        now=now,
    )
    tell_declarant(opened, Step.REOPEN.value, now=now, of=opened.reopened)
    return opened


@transaction.atomic
def contest(*, finding: Finding, reason: str, actor: Actor, now: datetime) -> Appeal:
    """Contest a finding as the declarant; it is suspended and teaches nothing until it is decided."""
    row = intake.held(finding.control.declaration_id)
    appeal = appeals.file(finding=finding, reason=reason, actor=actor, now=now)
    intake.tell(declaration=row, what="appeal", values={"appeal": appeal.pk}, now=now)
    return appeal


@transaction.atomic
def decide_appeal(
    *, appeal: Appeal, verdict: str, comment: str, assessed: Decimal | None, actor: Actor, now: datetime
) -> Appeal:
    """Uphold, correct or annul a contested finding; the declarant is told."""
    row = intake.held(appeal.finding.control.declaration_id)
    decided = appeals.decide(
        appeal=appeal, verdict=verdict, comment=comment, assessed=assessed, actor=actor, now=now
    )
    values: dict[str, object] = {"appeal": decided.pk, "verdict": verdict}
    intake.tell(declaration=row, what="appeal", values=values, now=now)
    tell_declarant(row, "appeal", now=now, of=decided.pk, verdict=verdict)
    return decided
