"""What an officer sees of a control and its declaration, by construction: no score, no rule, no corridor.

A view gives templates these records and never a decision; what is not a field here cannot be shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from daliz.customs.control.models import Control, DocumentRequest, Finding
from daliz.customs.intake.models import Declaration
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import pack
from daliz.doors.pages.language import spoken
from daliz.engine.records.declaration import Values


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
class ControlSeen:
    """A control whole: what is declared, what is to be done, what was done."""

    work: WorkSeen
    declaration: Declaration
    mine: bool
    officer: str
    taken_at: datetime | None
    outcome: str
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
        findings = tuple(row.findings.select_related("officer").order_by("id"))
        measures = _measures(row.measures)
        whole = any(not one.items for one in measures)
        named = {no for one in measures for no in one.items}
        items = tuple(
            ItemSeen(
                int(str(item["item_no"])),
                item,
                whole or item["item_no"] in named,
                tuple(f for f in findings if f.item_no == item["item_no"]),
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
            declared.header,
            items,
            tuple(declared.below.get("documents", ())),
            tuple(declared.below.get("containers", ())),
            tuple(declared.below.get("transport_means", ())),
            measures,
            findings,
            tuple(row.requests.order_by("id")),
        )

    def item(self, number: int | None) -> ItemSeen | None:
        """Return a goods item by its number."""
        return next((one for one in self.items if one.item_no == number), None)


def reckoned(item: Values, found_value: Decimal | None) -> dict[str, Decimal] | None:
    """Return what duty and tax would be more at the value found, at the declared rates.

    None where the declared value or a rate is not known.

    Example:
        >>> item = {"customs_value": Decimal("1000.00"), "duty": Decimal("50.00"), "vat": Decimal("126.00")}
        >>> {name: str(value) for name, value in (reckoned(item, Decimal(1500)) or {}).items()}
        {'duty': '25.00', 'vat': '63.00', 'sum': '88.00'}
    """
    value, duty, vat = (item.get(name) for name in ("customs_value", "duty", "vat"))
    if found_value is None or not isinstance(value, Decimal) or value <= 0:
        return None
    if not isinstance(duty, Decimal) or not isinstance(vat, Decimal):
        return None
    cent = Decimal("0.01")
    more = {
        "duty": (duty * found_value / value - duty).quantize(cent),
        "vat": (vat * found_value / value - vat).quantize(cent),
    }
    return more | {"sum": more["duty"] + more["vat"]}


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
