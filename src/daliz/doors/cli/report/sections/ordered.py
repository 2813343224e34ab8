"""What was ordered, and why: by form of control and claim, and by measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from daliz.doors.cli.report.tables import Tables

CLAIMS: Final = ("mandatory", "random", "waivable", "inherited")

_FORMS = """
SELECT form, claim, count(*), sum(chance) / count(*)
FROM control JOIN decision USING (declaration_id) GROUP BY ALL ORDER BY ALL
"""
_CLAIMS = """
SELECT claim, count(*), sum(chance) / count(*) FROM (
    SELECT declaration_id,
        arg_min(claim, list_position(['mandatory', 'random', 'waivable', 'inherited'], claim)) AS claim
    FROM control GROUP BY declaration_id
) JOIN decision USING (declaration_id) GROUP BY ALL ORDER BY ALL
"""
_MEASURES = """
SELECT measure, any_value(control_form),
    count(DISTINCT declaration_id) FILTER (WHERE status = 'ordered') AS ordered,
    count(DISTINCT declaration_id) FILTER (WHERE status = 'waived') AS waived
FROM "order" GROUP BY measure ORDER BY ordered DESC, waived DESC, measure
"""


@dataclass(frozen=True, slots=True)
class FormOrders:
    """One form of control: declarations by the strongest claim that was granted."""

    form: str
    by_claim: Mapping[str, int]
    total: int
    share: float


@dataclass(frozen=True, slots=True)
class ClaimOrders:
    """One claim: controlled declarations and the hit rate that the score expects of them."""

    claim: str
    declarations: int
    expected_hit_rate: float


@dataclass(frozen=True, slots=True)
class MeasureOrders:
    """One measure: declarations for which it was ordered or set aside; ``form`` None: ensures control."""

    measure: str
    form: str | None
    ordered: int
    waived: int


def form_orders(tables: Tables, declarations: int) -> tuple[FormOrders, ...]:
    """Return one entry for each form of control, in the order of the pack."""
    counts: dict[str, dict[str, int]] = {form: {} for form in tables.pack.forms}
    for form, claim, count, _chance in tables.rows(_FORMS):
        counts.setdefault(cast("str", form), {})[cast("str", claim)] = cast("int", count)
    return tuple(
        FormOrders(form, found, sum(found.values()), sum(found.values()) / max(declarations, 1))
        for form, found in counts.items()
    )


def claim_orders(tables: Tables) -> tuple[ClaimOrders, ...]:
    """Return one entry for each claim that was granted, the strongest first."""
    found = {row[0]: row for row in tables.rows(_CLAIMS)}
    return tuple(
        ClaimOrders(claim, cast("int", row[1]), float(cast("float", row[2])))
        for claim in CLAIMS
        if (row := found.get(claim))
    )


def measure_orders(tables: Tables) -> tuple[MeasureOrders, ...]:
    """Return one entry for each measure that was ordered or set aside, most first."""
    return tuple(
        MeasureOrders(cast("str", code), cast("str | None", form), cast("int", ordered), cast("int", waived))
        for code, form, ordered, waived in tables.rows(_MEASURES)
    )
