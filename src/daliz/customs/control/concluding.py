"""How a control ends: what an end needs, how deep control went, and what goes with the end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from daliz.customs.control import clocks
from daliz.customs.control.models import Control, Finding, ItemOutcome, Obligation
from daliz.customs.control.queries import standing_findings
from daliz.customs.control.states import AFTER_RELEASE, ControlError, Outcome
from daliz.engine.pack import Pack
from daliz.engine.pack.control import EXTENT_NAMES, EXTENTS
from daliz.language import N_, Message

_OF_ITEM: Final = (Outcome.PASSED, Outcome.REFUSED, Outcome.SEIZED)


@dataclass(frozen=True, slots=True)
class Ending:
    """What goes with the end of a control.

    Attributes:
        items: items that end otherwise than the whole: refused or seized.
        security: money to be secured; the sum assessed where it is not stated.
        terms: conditions of a conditional release, or the question to the expert.
        until: last day on which the conditions may be met; None where none is stated.
        shallower_because: why goods were looked at less deeply than ordered.
    """

    items: Mapping[int, Outcome] = field(default_factory=dict)
    security: Decimal | None = None
    terms: str = ""
    until: date | None = None
    shallower_because: str = ""


def deepest(extents: Iterable[object]) -> str:
    """Return the deepest of the extents; empty if there is none.

    Example:
        >>> deepest(["visual", "full", ""])
        'full'
    """
    found = [EXTENTS.index(str(one)) for one in extents if one in EXTENTS]
    return EXTENTS[max(found)] if found else ""


def prepare(
    row: Control, outcome: Outcome, ending: Ending, *, item_numbers: Iterable[int], pack: Pack, today: date
) -> tuple[Outcome, dict[str, object]]:
    """Check that a control may end so; return the outcome of the whole and what is kept of the end.

    Raises:
        ControlError: something that this end needs is missing, or contradicts it.
    """
    findings = list(standing_findings(row))
    if not findings:
        raise ControlError(
            N_("record what was found first, also where it is nothing"), code="control-no-finding"
        )
    if not row.before_release and outcome not in AFTER_RELEASE:
        raise ControlError(
            N_("goods are released already; control after release ends with a correction or without one"),
            code="control-after-release", mend="outcome",
        )  # fmt: skip
    row.depth = _depth(row, findings, ending, pack)
    outcome = _whole(outcome, ending, frozenset(item_numbers))
    assessed = sum((f.assessed for f in findings if f.assessed is not None), Decimal("0.00"))
    security = ending.security if ending.security is not None else assessed
    if outcome is Outcome.CORRECTED and not any(f.violation and f.found for f in findings):
        raise ControlError(
            N_("a correction needs a finding of what is right"), code="control-nothing-to-correct"
        )
    if outcome is Outcome.SECURED and security <= 0:
        raise ControlError(N_("state what is to be secured"), code="control-security", mend="security")
    if outcome is Outcome.CONDITIONAL and not ending.terms.strip():
        raise ControlError(N_("state the conditions of the release"), code="control-terms", mend="terms")
    if ending.until is not None and (outcome is not Outcome.CONDITIONAL or ending.until < today):
        raise ControlError(
            N_("a last day is stated of conditions only, and not of one that is over"),
            code="control-until",
            mend="until",
        )
    return outcome, {
        "items": {str(n): one.value for n, one in sorted(ending.items.items())},
        "security": str(security),
        "terms": ending.terms,
        "until": ending.until.isoformat() if ending.until is not None else None,
    }


def settle(row: Control, *, pack: Pack, now: datetime) -> None:
    """Write what goes with an end that is certain now: outcomes of items, and what is owed."""
    outcome, kept = Outcome(row.outcome), row.proposal
    items = {int(n): Outcome(one) for n, one in kept.get("items", {}).items()}
    ItemOutcome.objects.bulk_create(
        [ItemOutcome(control=row, item_no=n, outcome=one.value) for n, one in items.items()]
    )
    if outcome is Outcome.SECURED:
        _owe(row, Obligation.SECURITY, now=now, amount=Decimal(kept["security"]))
    elif outcome is Outcome.CONDITIONAL:
        until = date.fromisoformat(kept["until"]) if kept.get("until") else None
        _owe(row, Obligation.CONDITION, now=now, text=kept["terms"], due_on=until)
    elif outcome is Outcome.PENDING_EXAMINATION:
        _owe(row, Obligation.EXAMINATION, now=now, text=kept["terms"])
        clocks.begin(declaration=row.declaration, control=row, code=clocks.EXAMINATION, pack=pack, now=now)


def _owe(
    row: Control,
    kind: str,
    *,
    now: datetime,
    amount: Decimal | None = None,
    text: str = "",
    due_on: date | None = None,
) -> None:
    Obligation.objects.create(
        declaration=row.declaration,
        control=row,
        kind=kind,
        amount=amount,
        text=text,
        due_on=due_on,
        since=now,
    )


def _whole(outcome: Outcome, ending: Ending, numbers: frozenset[int]) -> Outcome:
    """Return how the whole ends by how its items do."""
    items = dict(ending.items)
    unknown = sorted(set(items) - numbers)
    if unknown:
        raise ControlError(N_("there is no goods item {n}"), code="finding-item", mend="items", n=unknown[0])
    if any(one not in _OF_ITEM for one in items.values()):
        raise ControlError(
            N_("an item is released, refused or seized"), code="control-item-outcome", mend="items"
        )
    kept_back = {n: one for n, one in items.items() if one is not Outcome.PASSED}
    if bool(kept_back) != (outcome is Outcome.REFUSED_ITEMS):
        raise ControlError(
            N_("name the items that are refused or seized, and only where some are"),
            code="control-items",
            mend="items",
        )
    if kept_back and set(kept_back) == numbers:
        ends = set(kept_back.values())
        return Outcome.SEIZED if ends == {Outcome.SEIZED} else Outcome.REFUSED
    return outcome


def _depth(row: Control, findings: list[Finding], ending: Ending, pack: Pack) -> dict[str, object]:
    """Return how deep control was ordered and went; one that went less deep needs a reason."""
    known = {code: measure.extent for code, measure in pack.measures.items()}
    ordered = deepest(one.get("extent") or known.get(one["measure"]) for one in row.measures)
    done = deepest(finding.extent for finding in findings)
    shallower = bool(ordered) and (not done or EXTENTS.index(done) < EXTENTS.index(ordered))
    if shallower and not ending.shallower_because.strip():
        raise ControlError(
            N_("goods were to be looked at to the extent “{ordered}”; say why less was done"),
            code="control-shallower", mend="shallower_because", ordered=Message(EXTENT_NAMES[ordered]),
        )  # fmt: skip
    return {"ordered": ordered, "done": done, "reason": ending.shallower_because if shallower else ""}
