"""A finding contested: suspended at once, then upheld, corrected or annulled by another than who found it."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from daliz.customs.control.findings import supersede
from daliz.customs.control.models import Appeal, Finding
from daliz.customs.control.queries import findings_told
from daliz.customs.control.states import ControlError
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.language import N_


@transaction.atomic
def file(*, finding: Finding, reason: str, actor: Actor, now: datetime) -> Appeal:
    """Contest a finding, for the organisation whose declaration it is; it teaches nothing until decided.

    Raises:
        NotAllowedError: the declaration is another organisation's.
        ControlError: there is nothing to contest in it, it is contested already, or no reason is given.
    """
    row = Finding.objects.select_related("control__declaration").get(pk=finding.pk)
    declaration = row.control.declaration
    actor.must(Role.DECLARANT)
    if (
        declaration.organisation != actor.organisation
        or not findings_told(declaration).filter(pk=row.pk).exists()
    ):
        raise NotAllowedError(N_("declarations of another organisation are not yours"))
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    if not row.violation or row.finality != "final" or Finding.objects.filter(supersedes=row).exists():
        raise ControlError(N_("this finding cannot be contested"), code="appeal-finding")
    suspended = supersede(
        row,
        finality="provisional",
        violation=row.violation,
        assessed=row.assessed,
        remark=row.remark,
        officer=row.officer_id,
        now=now,
    )
    appeal = Appeal.objects.create(
        finding=row, suspended=suspended, reason=reason, filed_by_id=actor.person, filed_at=now
    )
    note(
        act="appeal.filed",
        subject=("control", str(row.control_id)),
        version=str(row.pk),
        actor=actor,
        now=now,
        payload={"appeal": appeal.pk, "reason": reason},
    )
    return appeal


@transaction.atomic
def decide(
    *, appeal: Appeal, verdict: str, comment: str, assessed: Decimal | None, actor: Actor, now: datetime
) -> Appeal:
    """Uphold, correct or annul a contested finding, as a superior of the office who took no part in it.

    Args:
        appeal: that waits.
        verdict: ``upheld``, ``corrected`` or ``annulled``.
        comment: why.
        assessed: what is owed by a corrected finding, money, 0 or more; of no other.
        actor: who decides.
        now: the instant.

    Raises:
        NotAllowedError: whoever found it, agreed to it or is no superior of the office.
        ControlError: it is decided already, or the verdict and what goes with it contradict each other.
    """
    row = (
        Appeal.objects.select_for_update(of=("self",)).select_related("suspended__control").get(pk=appeal.pk)
    )
    control = row.suspended.control
    actor.must(Role.SUPERVISOR, office=control.office or None)
    if actor.person in (row.suspended.officer_id, control.officer_id, control.concluded_by_id):
        raise NotAllowedError(N_("a second person decides, not the one who asked"), code="not-oneself")
    if row.decided_at is not None:
        raise ControlError(N_("this is decided already"), code="appeal-decided")
    if not comment.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="comment")
    if verdict not in (Appeal.UPHELD, Appeal.CORRECTED, Appeal.ANNULLED):
        raise ControlError(
            N_("an appeal is upheld, corrected or annulled, not {found}"),
            code="appeal-verdict",
            mend="verdict",
            found=verdict or "–",
        )
    if (assessed is not None) != (verdict == Appeal.CORRECTED) or (assessed is not None and assessed < 0):
        raise ControlError(
            N_("state what is owed of a corrected finding, and of no other"),
            code="appeal-amount",
            mend="assessed",
        )
    annulled = verdict == Appeal.ANNULLED
    fresh = supersede(
        row.suspended,
        finality="annulled" if annulled else "final",
        violation=not annulled,
        assessed=None if annulled else row.suspended.assessed if assessed is None else assessed,
        remark=comment,
        officer=actor.person,
        now=now,
    )
    row.verdict, row.comment, row.decided_by_id, row.decided_at = verdict, comment, actor.person, now
    row.save(update_fields=["verdict", "comment", "decided_by", "decided_at"])
    note(
        act=f"appeal.{verdict}",
        subject=("control", str(control.pk)),
        version=str(fresh.pk),
        actor=actor,
        now=now,
        payload={"appeal": row.pk, "comment": comment},
    )
    return row
