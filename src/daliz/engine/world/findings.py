"""How a finding arises from the truth: the one place that says what a control costs, sees and misses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import exp, log
from types import MappingProxyType
from typing import Any, Final, TypedDict

import pyarrow as pa
import pyarrow.compute as pc

from daliz.engine.records.schema import FINDINGS
from daliz.engine.world.columns import Column
from daliz.engine.world.randomness import uniforms

_CONTROL_FIELDS: "Final[list[pa.Field[Any]]]" = [
    pa.field("declaration_id", pa.string(), nullable=False),
    pa.field("item_no", pa.int32()),
    pa.field("control_form", pa.string(), nullable=False),
    pa.field("in_random", pa.bool_()),
    pa.field("decided_at", pa.timestamp("us", tz="UTC"), nullable=False),
    pa.field("extent", pa.string()),
]
CONTROLS: Final[pa.Schema] = pa.schema(_CONTROL_FIELDS)
"""What ``findings_of`` takes: ``item_no`` null for the whole declaration, ``extent`` null for full."""


@dataclass(frozen=True, slots=True)
class Form:
    """What one form of control is like.

    Attributes:
        minutes: officer's time of a usual control; each further item adds 6 %, a find half as much again.
        days: shortest and longest time from decision to the end of the control.
        sensitivity: probability of seeing what the form can reveal.
        assessed: shortest and longest share of the evaded payments that is assessed.
        collected: shortest and longest share of the assessed that is collected.
        contested: probability that an uplift is first provisional, to be settled later.
    """

    minutes: float
    days: tuple[float, float]
    sensitivity: float
    assessed: tuple[float, float]
    collected: tuple[float, float]
    contested: float


FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "documents": Form(35, (0.05, 1.5), 0.90, (0.80, 1.0), (0.90, 1.0), 0.35),
        "physical": Form(150, (0.1, 3.0), 0.95, (0.85, 1.0), (0.92, 1.0), 0.15),
        "post_release": Form(480, (10.0, 60.0), 0.85, (0.60, 1.0), (0.30, 0.90), 0.45),
    }
)
"""The three forms of control of the pretend border."""

EXTENTS: Final[Mapping[str, float]] = MappingProxyType(
    {"full": 1.0, "partial": 0.85, "selective": 0.65, "visual": 0.40}
)
"""How much of what only opening the goods reveals is seen when fewer of them are opened."""

_CONTESTED: Final = frozenset({"undervaluation", "origin", "misclassification"})
_VANISHED: Final = 0.05
"""Share collected after release from a firm founded to vanish."""
_CENT: Final = Decimal("0.01")


class Item(TypedDict):
    """What the truth says of one item."""

    declaration_id: str
    item_no: int
    violation: bool
    violation_type: str | None
    evaded: Decimal
    harm: float
    detected_by: Sequence[str]
    scheme: str | None


class Control(TypedDict):
    """One control that was decided."""

    declaration_id: str
    item_no: int | None
    control_form: str
    in_random: bool | None
    decided_at: datetime
    extent: str | None


def findings_of(controls: pa.Table, declarations: pa.Table, truth: pa.Table, *, seed: int) -> pa.Table:
    """Return what controls find.

    One control gives one finding: of an item if just one is wrong, else of the declaration. A contested
    value, origin or code gives a provisional finding first and weeks later a settled one that supersedes
    it: most are confirmed, some reduced, one in twelve annulled. What happens depends on the seed, the
    declaration, the item and the form alone: not on other controls, their order, or when it was decided.

    A form reveals only what ``detected_by`` names; a physical control includes the documents. Then it may
    still miss it (``Form.sensitivity``, ``EXTENTS``). Nothing is ever found that is not there.

    Args:
        controls: as ``CONTROLS``; ``extent`` and ``in_random`` may be absent.
        declarations: canonical; used for office and number of items.
        truth: canonical; a further column ``scheme`` makes vanished firms pay less.
        seed: of the world.

    Returns:
        Findings, canonical, by closed_at and finding_id.

    Raises:
        KeyError: a control form that this border does not know.
    """
    wanted = pc.unique(controls.column("declaration_id").combine_chunks())
    items: dict[str, list[Item]] = {}
    for row in _rows(truth, wanted, Item.__annotations__):
        items.setdefault(row["declaration_id"], []).append(row)  # type: ignore[arg-type]
    offices = {
        row["declaration_id"]: row["office"]
        for row in _rows(declarations, wanted, ("declaration_id", "office"))
    }
    found: list[dict[str, object]] = []
    for control in controls.to_pylist():
        name = str(control["declaration_id"])
        scope = [i for i in items.get(name, []) if control["item_no"] in {None, i["item_no"]}]
        office = offices.get(name)
        found.extend(_findings(Control(**control), scope, str(office or ""), seed))  # type: ignore[typeddict-item]
    table = pa.Table.from_pylist(found, schema=FINDINGS.arrow)
    return table.sort_by([("closed_at", "ascending"), ("finding_id", "ascending")])


def revealed(detected_by: Sequence[str], form: str) -> bool:
    """Whether a form can reveal a violation; opening the goods includes the documents.

    Example:
        >>> revealed(["documents", "post_release"], "physical")
        True
        >>> revealed(["physical"], "documents")
        False
    """
    return form in detected_by or (form == "physical" and "documents" in detected_by)


def _findings(control: Control, scope: list[Item], office: str, seed: int) -> Iterator[dict[str, object]]:
    """Carry out one control."""
    form = FORMS[control["control_form"]]
    declaration, item_no = control["declaration_id"], control["item_no"]
    key = f"{declaration}|{item_no or 0}|{control['control_form']}"
    u = uniforms(seed, key)
    seen = [item for item in scope if item["violation"] and _sees(item, control, form, seed)]
    worst = max(seen, key=lambda item: (item["evaded"], item["harm"], -item["item_no"]), default=None)
    evaded = sum((item["evaded"] for item in seen), Decimal(0))
    assessed = _part(evaded, _between(form.assessed, u[0]))
    share = _between(form.collected, u[1])
    if (
        worst is not None
        and worst.get("scheme") == "one_day_firm"
        and control["control_form"] == "post_release"
    ):
        share = _VANISHED
    closed = control["decided_at"] + timedelta(days=_between(form.days, u[2]))
    minutes = form.minutes * exp(0.35 * _normal(u[3])) * (1 + 0.06 * (max(1, len(scope)) - 1))
    about = seen[0]["item_no"] if len(seen) == 1 else item_no
    first: dict[str, object] = {
        "finding_id": f"{declaration}/{control['control_form']}/{item_no or 0}/1",
        "subject": "declaration" if about is None else "item",
        "declaration_id": declaration,
        "item_no": about,
        "control_form": control["control_form"],
        "source": "audit" if control["control_form"] == "post_release" else "control",
        "in_random": bool(control.get("in_random")),
        "closed_at": closed,
        "known_at": closed + timedelta(hours=0.5 + 6 * -log(1 - u[4])),
        "supersedes": None,
        "finality": "final",
        "violation": worst is not None,
        "violation_type": worst["violation_type"] if worst else None,
        "assessed": assessed if worst else None,
        "collected": _part(assessed, share) if worst else None,
        "minutes": round(minutes * (1.5 if worst else 1.0), 1),
        "officer_id": f"{office}-{int(u[5] * 20) + 1:02d}",
    }
    contested = worst is not None and worst["violation_type"] in _CONTESTED and u[6] < form.contested
    yield first | {"finality": "provisional"} if contested else first
    if contested:
        yield _settled(first, closed, assessed, share=share, outcome=u[6] / form.contested, wait=u[7])


def _settled(
    first: dict[str, object],
    closed: datetime,
    assessed: Decimal,
    *,
    share: float,
    outcome: float,
    wait: float,
) -> dict[str, object]:
    """Return how a contested finding ends, 20 to 60 days later: annulled, reduced or confirmed."""
    end = closed + timedelta(days=20 + 40 * wait)
    row = first | {
        "finding_id": str(first["finding_id"])[:-1] + "2",
        "supersedes": first["finding_id"],
        "closed_at": end,
        "known_at": end + timedelta(hours=6),
        "minutes": 0.0,
    }
    if outcome < 1 / 12:
        return row | {
            "finality": "annulled",
            "violation": False,
            "violation_type": None,
            "assessed": None,
            "collected": None,
        }
    kept = assessed if outcome > 0.3 else _part(assessed, 0.7)
    return row | {"finality": "final", "assessed": kept, "collected": _part(kept, share)}


def _sees(item: Item, control: Control, form: Form, seed: int) -> bool:
    """Whether this control sees this violation; a later control of the same form sees the same."""
    name = control["control_form"]
    if not revealed(item["detected_by"], name):
        return False
    odds = form.sensitivity
    if name == "physical" and "documents" not in item["detected_by"]:
        odds *= EXTENTS[control.get("extent") or "full"]
    return uniforms(seed, f"{item['declaration_id']}|{item['item_no']}|{name}|sees", 1)[0] < odds


def _rows(
    table: pa.Table, wanted: Column, names: "Sequence[str] | Mapping[str, object]"
) -> list[dict[str, object]]:
    """Rows of the declarations asked for, with the columns that are there."""
    kept = table.select([name for name in names if name in table.column_names])
    return kept.filter(pc.is_in(kept.column("declaration_id"), value_set=wanted)).to_pylist()


def _between(ends: tuple[float, float], uniform: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * uniform


def _part(money: Decimal, share: float) -> Decimal:
    return (money * Decimal(repr(round(share, 6)))).quantize(_CENT, ROUND_HALF_UP)


def _normal(uniform: float) -> float:
    """A normal number from a uniform one, by the logistic curve that lies close to it."""
    inside = min(max(uniform, 1e-9), 1 - 1e-9)
    return log(inside / (1 - inside)) / 1.702
