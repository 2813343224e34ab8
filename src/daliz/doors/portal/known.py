"""What a declarant knows of control: clocks, findings with what they cost, what is owed, how items ended.

All of it comes from queries of what may be told; a control after release is not there before its notice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from daliz.customs.control.models import Appeal, Control, Finding, Obligation, Stop, Term
from daliz.customs.control.queries import (
    appeals_told_to,
    clocks_told,
    due_of,
    findings_told,
    item_outcomes,
    obligations_told,
)
from daliz.customs.intake.models import Declaration, Version
from daliz.customs.intake.translate import declaration_of
from daliz.doors.portal.columns import ITEM
from daliz.engine.pack import Pack
from daliz.engine.records.declaration import Value
from daliz.language import N_, translate

_FIELDS: Final[Mapping[str, str]] = {
    **{column.name: column.label for column in ITEM},
    "duty_rate": N_("Rate of duty"),
}
TO_DO: Final[Mapping[str, str]] = {
    Obligation.PAYMENT: N_("Pay the sum; it is closed when your payment is reported to customs."),
    Obligation.SECURITY: N_("Give security for the sum; it is closed when customs has it."),
    Obligation.EXAMINATION: N_("Nothing: the expert's result is awaited."),
    Obligation.CONDITION: N_("Meet the conditions; the officer closes them then."),
}
"""What the declarant has to do for what is owed, by kind."""
_PAYMENTS: Final = ("duty", "vat", "excise")


@dataclass(frozen=True, slots=True)
class Ticking:
    """A statutory clock in words.

    Attributes:
        name: of the pack.
        term: its row.
        reason: why it stands still; empty while it runs.
    """

    name: str
    term: Term
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What was declared beside what was found; ``money`` where both are payments."""

    label: str
    declared: Value
    found: object
    money: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A finding that stands.

    Attributes:
        row: the finding; only its item, type of violation and money are shown.
        compared: fields and payments, declared and found.
        appeals: against it and those that it supersedes, the oldest first.
        waits: an appeal is not decided yet.
        may_contest: the declarant may contest it now.
    """

    row: Finding
    compared: Sequence[Compared]
    appeals: Sequence[Appeal]
    waits: bool
    may_contest: bool


def clocks_of(declaration: Declaration, pack: Pack, lang: str) -> list[Ticking]:
    """Return the statutory clocks that the declarant sees, oldest first."""
    clocks, reasons = pack.clearance.clocks, pack.clearance.stop_reasons
    return [
        Ticking(
            clocks[term.clock].name.in_(lang) if term.clock in clocks else term.clock,
            term,
            reasons[term.stop_reason].in_(lang) if term.stop_reason in reasons else term.stop_reason,
        )
        for term in clocks_told(declaration, pack)
    ]


def found_of(declaration: Declaration, lang: str) -> list[tuple[Control, list[Found]]]:
    """Return each control that is over and known, with the findings that stand."""
    rows = list(findings_told(declaration).select_related("control__decision__version"))
    appeals = list(appeals_told_to(declaration.organisation).filter(finding__in=rows))
    before = {row.pk: row.supersedes_id for row in rows}
    superseded = {key for key in before.values() if key is not None}
    declared: dict[int, Mapping[int, Mapping[str, Value]]] = {}
    controls: dict[int, tuple[Control, list[Found]]] = {}
    for row in rows:
        if row.pk in superseded:
            continue
        version = row.control.decision.version
        if version.pk not in declared:
            declared[version.pk] = _items(version)
        chain = _chain(row.pk, before)
        mine = [one for one in appeals if one.finding_id in chain]
        waits = any(one.decided_at is None for one in mine)
        of = controls.setdefault(row.control_id, (row.control, []))
        item = declared[version.pk].get(row.item_no or 0, {})
        may = row.violation and row.finality == "final" and not waits
        of[1].append(Found(row, _compared(row, item, lang), mine, waits, may))
    return list(controls.values())


def owed_of(declaration: Declaration, pack: Pack, lang: str) -> list[tuple[Obligation, str, datetime | None]]:
    """Return what is owed for the release or after it, with what remains to be done, and by when."""
    return [
        (row, translate(TO_DO[row.kind], lang), due_of(row, pack))
        for row in obligations_told(declaration).select_related("control")
    ]


def withheld_since(declaration: Declaration) -> datetime | None:
    """Return since when release is withheld, None where it is not; who withholds it and why is not told."""
    stops = Stop.objects.filter(declaration=declaration, lifted_at=None).order_by("id")
    return stops.values_list("set_at", flat=True).first()


def items_of(declaration: Declaration, lang: str) -> list[tuple[int, str]]:
    """Return how goods items ended that ended otherwise than the whole."""
    return [(number, outcome.label.in_(lang)) for number, outcome in item_outcomes(declaration).items()]


def _items(version: Version) -> Mapping[int, Mapping[str, Value]]:
    return {int(str(item["item_no"])): item for item in declaration_of(version).items}


def _chain(key: int | None, before: Mapping[int, int | None]) -> frozenset[int]:
    found: list[int] = []
    while key is not None:
        found.append(key)
        key = before.get(key)
    return frozenset(found)


def _compared(row: Finding, item: Mapping[str, Value], lang: str) -> list[Compared]:
    lines = [
        Compared(
            translate(_FIELDS.get(name, name), lang),
            item.get(name),
            _amount(value) if name == "customs_value" else value,
            name == "customs_value",
        )
        for name, value in sorted(row.found.items())
    ]
    paid, due = row.payments.get("declared", {}), row.payments.get("found", {})
    return lines + [
        Compared(translate(_FIELDS[name], lang), _amount(paid.get(name)), _amount(due.get(name)), True)
        for name in _PAYMENTS
        if _amount(paid.get(name)) or _amount(due.get(name))
    ]


def _amount(written: object) -> Decimal | None:
    return None if written is None else Decimal(str(written))
