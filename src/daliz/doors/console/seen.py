"""What an officer sees of a control and its declaration, by construction: no score, no rule, no corridor.

A view gives templates these records and never a decision; what is not a field here cannot be shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Self

from daliz.customs.control.findings import stated_of
from daliz.customs.control.models import Control, DocumentRequest, Finding
from daliz.customs.control.states import ControlError, Outcome
from daliz.customs.intake.models import Declaration
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import pack
from daliz.doors.pages.language import spoken
from daliz.engine.records.declaration import Values
from daliz.engine.records.payments import Recomputed, recompute


@dataclass(frozen=True, slots=True)
class MeasureSeen:
    """A measure to be carried out.

    Attributes:
        name: of the measure.
        instruction: how it is carried out.
        items: the goods items; empty for the whole.
        extent: how deep.
        hint: the approved hint of the area.
        look_at: what to look at.
    """

    name: str
    instruction: str
    items: tuple[int, ...]
    extent: str
    hint: str
    look_at: str


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """A goods item as it is declared, and whether it is under control."""

    item_no: int
    values: Values
    marked: bool
    found: tuple[Finding, ...]
    duty_lines: tuple[Values, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkSeen:
    """A control in a list."""

    id: int
    number: str
    form: str
    state: str
    office: str
    due_at: datetime | None
    minutes: float
    goods: str
    measures: tuple[str, ...]

    @classmethod
    def of(cls, row: Control) -> Self:
        """Return a control; declaration and the version that its decision judged must be at hand."""
        items = declaration_of(row.decision.version).items
        told = [str(item.get("description") or item.get("hs_code") or "–") for item in items]
        names = {str(one["measure"]) for one in row.measures}
        return cls(
            row.pk,
            row.declaration.number or "–",
            row.form,
            row.state,
            row.office,
            row.due_at,
            row.minutes,
            "; ".join(told[:2]) + (f" (+{len(told) - 2})" if len(told) > 2 else ""),
            tuple(sorted(_measure(code) for code in names)),
        )


@dataclass(frozen=True, slots=True)
class EndingSeen:
    """What goes with an end that is proposed or certain.

    Attributes:
        items: goods items that end otherwise, with how.
        security: money to be secured; None where nothing is.
        terms: conditions of the release, or the question to the expert.
        ordered: how deep goods were to be looked at.
        done: how deep they were.
        reason: why less deep.
    """

    items: tuple[tuple[int, str], ...]
    security: Decimal | None
    terms: str
    ordered: str
    done: str
    reason: str

    @classmethod
    def of(cls, row: Control) -> Self:
        """Return what is kept of the end of a control."""
        kept, depth = row.proposal, row.depth
        return cls(
            tuple((int(number), end) for number, end in kept.get("items", {}).items()),
            Decimal(kept["security"]) if row.outcome == Outcome.SECURED else None,
            kept.get("terms", ""),
            depth.get("ordered", ""),
            depth.get("done", ""),
            depth.get("reason", ""),
        )


@dataclass(frozen=True, slots=True)
class ControlSeen:
    """A control whole: what is declared, what is to be done, what was done."""

    work: WorkSeen
    declaration: Declaration
    mine: bool
    officer: str
    taken_at: datetime | None
    outcome: str
    ending: EndingSeen
    before_release: bool
    noticed_at: datetime | None
    concluded_at: datetime | None
    header: Values
    items: tuple[ItemSeen, ...]
    documents: tuple[Values, ...]
    containers: tuple[Values, ...]
    vehicles: tuple[Values, ...]
    measures: tuple[MeasureSeen, ...]
    findings: tuple[Finding, ...]
    requests: tuple[DocumentRequest, ...]

    @classmethod
    def of(cls, row: Control, *, user_id: int | None) -> Self:
        """Return a control as whoever has the id sees it."""
        declared = declaration_of(row.decision.version)
        findings = tuple(
            row.findings.select_related("officer").prefetch_related("photographs__file").order_by("id")
        )
        measures = _measures(row.measures)
        whole = any(not one.items for one in measures)
        named = {no for one in measures for no in one.items}
        items = tuple(
            ItemSeen(
                int(str(item["item_no"])),
                item,
                whole or item["item_no"] in named,
                tuple(f for f in findings if f.item_no == item["item_no"]),
                tuple(d for d in declared.below.get("duty_lines", ()) if d.get("item_no") == item["item_no"]),
            )
            for item in declared.items
        )
        return cls(
            WorkSeen.of(row),
            row.declaration,
            row.officer_id == user_id,
            row.officer.name if row.officer else "",
            row.taken_at,
            row.outcome,
            EndingSeen.of(row),
            row.before_release,
            row.noticed_at,
            row.concluded_at,
            declared.header,
            items,
            tuple(declared.below.get("documents", ())),
            tuple(declared.below.get("containers", ())),
            tuple(declared.below.get("transport_means", ())),
            measures,
            findings,
            tuple(row.requests.prefetch_related("answers__files__file").order_by("id")),
        )

    def item(self, number: int | None) -> ItemSeen | None:
        """Return a goods item by its number."""
        return next((one for one in self.items if one.item_no == number), None)


def reckoned(item: ItemSeen, typed: Mapping[str, object]) -> Recomputed | None:
    """Return an item's payments as declared and by what was found; None where nothing fit was typed."""
    told = dict(typed)
    try:
        if "duty_rate" in told:
            told["duty_rate"] = Decimal(str(told["duty_rate"])) / 100
        stated = stated_of(told, of_item=True)
    except (ControlError, InvalidOperation):
        return None
    return recompute(item.values, item.duty_lines, stated) if stated else None


def _measures(told: list[dict[str, object]]) -> tuple[MeasureSeen, ...]:
    """Return measures with the items that they concern, those of one kind as one."""
    rows: dict[tuple[str, str, str, str], list[int]] = {}
    for one in told:
        key = (str(one["measure"]), str(one.get("extent") or ""), _text(one, "hint"), _text(one, "look_at"))
        items = rows.setdefault(key, [])
        if one.get("item_no") is not None:
            items.append(int(str(one["item_no"])))
    return tuple(
        MeasureSeen(_measure(code), _instruction(code), tuple(sorted(items)), extent, hint, look_at)
        for (code, extent, hint, look_at), items in rows.items()
    )


def _text(one: Mapping[str, object], name: str) -> str:
    return spoken(one.get(name))


def _measure(code: str) -> str:
    known = pack().measures.get(code)
    return spoken(known.name) if known else code


def _instruction(code: str) -> str:
    known = pack().measures.get(code)
    return spoken(known.instruction) if known else ""
