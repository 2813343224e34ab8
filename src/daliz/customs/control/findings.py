"""What is recorded in a control: findings by item, and what supersedes them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from daliz.customs.control.models import Control, Finding
from daliz.customs.control.states import ControlError, ControlState
from daliz.customs.intake.translate import declaration_of
from daliz.engine.pack import Pack
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.language import N_


@transaction.atomic
def record(
    *,
    control: Control,
    item_no: int | None,
    violation: bool,
    violation_type: str,
    assessed: Decimal | None,
    minutes: float,
    extent: str,
    found: Mapping[str, object],
    remark: str,
    pack: Pack,
    actor: Actor,
    now: datetime,
) -> Finding:
    """Record what was found of the whole or of an item; also where it is nothing.

    Args:
        control: begun, and the actor's.
        item_no: the goods item; None for the whole.
        violation: whether the law was broken.
        violation_type: of the pack's list; empty where nothing was broken.
        assessed: additional payments, money, 0 or more.
        minutes: officer's time spent on it, 0 or more.
        extent: how deep the control really went.
        found: what was found against what was declared (value, code, origin, mass).
        remark: in words.
        pack: for the types of violation.
        actor: the officer.
        now: the instant.

    Raises:
        ControlError: the control is not begun or not the actor's, or what is recorded contradicts itself.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    if row.state != ControlState.TAKEN.value or row.officer_id != actor.person:
        raise ControlError(N_("this control is not yours to conclude"), code="control-not-yours")
    types = pack.code_lists["violation_types"].members if "violation_types" in pack.code_lists else {}
    if violation != bool(violation_type) or (violation_type and violation_type not in types):
        raise ControlError(N_("name the type of a violation, and only of one"), code="finding-type")
    if minutes < 0 or (assessed is not None and assessed < 0) or (assessed and not violation):
        raise ControlError(
            N_("payments are assessed of a violation only, and nothing is below 0"), code="finding-amount"
        )
    items = {item["item_no"] for item in declaration_of(row.decision.version).items}
    if item_no is not None and item_no not in items:
        raise ControlError(N_("there is no goods item {n}"), code="finding-item", n=item_no)
    finding = Finding.objects.create(
        control=row,
        item_no=item_no,
        violation=violation,
        violation_type=violation_type,
        assessed=assessed,
        minutes=minutes,
        extent=extent,
        found=dict(found),
        remark=remark,
        officer_id=actor.person,
        at=now,
    )
    note(
        act="finding.recorded",
        subject=("control", str(row.pk)),
        version=str(finding.pk),
        actor=actor,
        now=now,
        payload={"item_no": item_no, "violation": violation, "type": violation_type, "assessed": assessed},
    )
    return finding


@transaction.atomic
def replace(
    *,
    finding: Finding,
    finality: str,
    reason: str,
    violation: bool,
    assessed: Decimal | None,
    actor: Actor,
    now: datetime,
) -> Finding:
    """Correct or annul a finding after an appeal: another supersedes it, and what was learned is unlearned.

    Raises:
        ControlError: no reason, no such finality, or it is superseded already.
        NotAllowedError: whoever found it does not decide on the appeal.
    """
    row = Finding.objects.select_for_update().select_related("control").get(pk=finding.pk)
    actor.must(Role.SUPERVISOR, office=row.control.office or None)
    if actor.person == row.officer_id:
        raise NotAllowedError(N_("a second person decides, not the one who asked"), code="not-oneself")
    if not reason.strip():
        raise ControlError(N_("a reason is needed"), code="control-reason")
    if finality not in ("final", "annulled") or Finding.objects.filter(supersedes=row).exists():
        raise ControlError(N_("this finding cannot be replaced so"), code="finding-replaced")
    fresh = Finding.objects.create(
        control=row.control,
        item_no=row.item_no,
        violation=violation,
        violation_type=row.violation_type if violation else "",
        assessed=assessed,
        minutes=0,
        extent=row.extent,
        found=row.found,
        remark=reason,
        finality=finality,
        supersedes=row,
        officer_id=actor.person,
        at=now,
    )
    note(
        act=f"finding.{'annulled' if finality == 'annulled' else 'corrected'}",
        subject=("control", str(row.control_id)),
        version=str(fresh.pk),
        actor=actor,
        now=now,
        payload={"supersedes": row.pk, "reason": reason},
    )
    return fresh
