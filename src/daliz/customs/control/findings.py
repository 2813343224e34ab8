"""What is recorded in a control: findings by item, and what supersedes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import transaction

from daliz.customs.control.models import Control, Finding
from daliz.customs.control.photographs import must_be_photographs
from daliz.customs.control.states import ControlError, ControlState
from daliz.customs.intake.translate import declaration_of
from daliz.engine.pack import Pack
from daliz.engine.records.declaration import Value
from daliz.engine.records.payments import FOUND, PAYMENTS, Payments, Recomputed, recompute
from daliz.ground.files.actions import attach
from daliz.ground.files.models import Upload
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.language import N_, Text

PAYMENT_NAMES: Final = {
    "duty": Text("duty", "пошлина", "баж"),
    "vat": Text("VAT", "НДС", "ҚҚС"),
    "excise": Text("excise", "акциз", "акциз"),
}
"""What people call payments."""

_WORDS: Final = ("hs_code", "origin_country", "description", "preference")


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
    photographs: Sequence[Upload] = (),
) -> Finding:
    """Record what was found of the whole or of an item; also where it is nothing.

    Args:
        control: begun, and the actor's.
        item_no: the goods item; None for the whole.
        violation: whether the law was broken.
        violation_type: of the pack's list; empty where nothing was broken.
        assessed: additional payments, money, 0 or more; computed from ``found`` where it is not stated; to be
            stated where a payment is unknown.
        minutes: officer's time spent on it, 0 or more.
        extent: how deep the control really went.
        found: what was found in the place of what was declared, by column: value, code, origin, mass, ….
        remark: in words.
        pack: for the types of violation.
        actor: the officer.
        now: the instant.
        photographs: pictures that the actor handed in before.

    Raises:
        ControlError: the control is not begun or not the actor's, what is recorded contradicts itself, or a
            photograph is none.
    """
    row = Control.objects.select_for_update().get(pk=control.pk)
    if row.state != ControlState.TAKEN.value or row.officer_id != actor.person:
        raise ControlError(N_("this control is not yours to conclude"), code="control-not-yours")
    types = pack.code_lists["violation_types"].members if "violation_types" in pack.code_lists else {}
    if violation != bool(violation_type) or (violation_type and violation_type not in types):
        raise ControlError(
            N_("name the type of a violation, and only of one"), code="finding-type", mend="violation_type"
        )
    if minutes < 0 or (assessed is not None and assessed < 0) or (assessed and not violation):
        raise ControlError(
            N_("payments are assessed of a violation only, and nothing is below 0"),
            code="finding-amount",
            mend="assessed",
        )
    must_be_photographs(photographs, actor)
    declared = declaration_of(row.decision.version)
    items = {item["item_no"]: item for item in declared.items}
    if item_no is not None and item_no not in items:
        raise ControlError(N_("there is no goods item {n}"), code="finding-item", mend="item_no", n=item_no)
    stated = stated_of(found, of_item=item_no is not None)
    payments: dict[str, object] = {}
    if item_no is not None and stated:
        lines = [one for one in declared.below.get("duty_lines", ()) if one.get("item_no") == item_no]
        made = recompute(items[item_no], lines, stated)
        payments = {"declared": _told(made.declared), "found": _told(made.found)}
        if violation and assessed is None:
            assessed = _besides(made)
    finding = Finding.objects.create(
        control=row,
        item_no=item_no,
        violation=violation,
        violation_type=violation_type,
        assessed=assessed,
        minutes=minutes,
        extent=extent,
        found={name: _written(value) for name, value in stated.items()},
        payments=payments,
        remark=remark,
        officer_id=actor.person,
        at=now,
    )
    finding.photographs.set(photographs)
    attach(uploads=photographs, now=now)
    note(
        act="finding.recorded",
        subject=("control", str(row.pk)),
        version=str(finding.pk),
        actor=actor,
        now=now,
        payload={
            "item_no": item_no, "violation": violation, "type": violation_type, "assessed": assessed,
            "photographs": [upload.file_id for upload in photographs],
        },
    )  # fmt: skip
    return finding


def _besides(made: Recomputed) -> Decimal:
    """Return what is to be paid besides, where that can be computed.

    Raises:
        ControlError: naming the payments of which it is unknown; the officer states the amount.
    """
    if made.additional is None:
        words = [PAYMENT_NAMES[name] for name in made.unknown]
        named = Text(*(", ".join(word.in_(lang) for word in words) for lang in ("en", "ru", "kk")))
        raise ControlError(
            N_("what is to be paid besides cannot be computed, unknown: {payments}; state the amount"),
            code="finding-unknown", mend="assessed", payments=named,
        )  # fmt: skip
    return made.additional


def stated_of(found: Mapping[str, object], *, of_item: bool) -> dict[str, Value]:
    """Return what was found as typed columns of a goods item.

    Raises:
        ControlError: a column that control cannot find otherwise, a value that it cannot have, or no item.
    """
    unknown = sorted(set(found) - set(FOUND))
    if unknown or (found and not of_item):
        raise ControlError(
            N_("{found} cannot be stated of what was found; of an item these can: {known}"),
            code="finding-found", mend="found", found=", ".join(unknown) or "–", known=", ".join(FOUND),
        )  # fmt: skip
    stated: dict[str, Value] = {}
    for name, value in found.items():
        text = str(value).strip()
        try:
            number = None if name in _WORDS else Decimal(text)
        except InvalidOperation:
            number = Decimal(-1)
        if not text or (number is not None and not (number.is_finite() and number >= 0)):
            raise ControlError(
                N_("{value} cannot be the found {name}"),
                code="finding-found", mend=f"found.{name}", value=text or "–", name=name,
            )  # fmt: skip
        if number is None:
            stated[name] = text
        else:
            stated[name] = number.quantize(Decimal("0.01")) if name == "customs_value" else float(number)
    return stated


def _written(value: Value) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _told(paid: Payments) -> dict[str, str | None]:
    """Return payments as they are kept; null where one is unknown."""
    return {name: None if (sum_ := paid.of(name)) is None else str(sum_) for name in PAYMENTS}


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
    found: Mapping[str, object] | None = None,
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
        raise ControlError(N_("a reason is needed"), code="control-reason", mend="reason")
    if finality not in ("final", "annulled") or Finding.objects.filter(supersedes=row).exists():
        raise ControlError(N_("this finding cannot be replaced so"), code="finding-replaced")
    fresh = supersede(
        row,
        finality=finality,
        violation=violation,
        assessed=assessed,
        found=found,
        remark=reason,
        officer=actor.person,
        now=now,
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


def supersede(
    row: Finding,
    *,
    finality: str,
    violation: bool,
    assessed: Decimal | None,
    remark: str,
    officer: int,
    now: datetime,
    found: Mapping[str, object] | None = None,
) -> Finding:
    """Put a finding in the place of another; what was is kept, and when the new one was known."""
    return Finding.objects.create(
        control=row.control,
        item_no=row.item_no,
        violation=violation,
        violation_type=row.violation_type if violation else "",
        assessed=assessed,
        minutes=0,
        extent=row.extent,
        found=row.found if found is None else dict(found),
        payments=row.payments if found is None else {},
        remark=remark,
        finality=finality,
        supersedes=row,
        officer_id=officer,
        at=now,
    )
