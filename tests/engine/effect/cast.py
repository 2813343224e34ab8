"""A few decided declarations whose every figure can be counted by hand; random control opens the goods."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa

from daliz.engine.effect import Ledger
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.decisions import DECISIONS, MEASURES
from daliz.engine.records.schema import DECLARATIONS, FINDINGS

START = datetime(2026, 3, 30, 6, tzinfo=UTC)
"""A Monday; the third day is of April."""

Row = dict[str, object]


def a_decision(number: str, *, chance: float = 0.5, day: int = 0, **more: object) -> Row:
    """A decision on the first version of a declaration that chance opens with this probability."""
    when = START + timedelta(days=day)
    return {
        "declaration_id": number,
        "version": 1,
        "registered_at": when,
        "day": when.date(),
        "direction": "import",
        "office": "51501",
        "corridor": "green",
        "probability": 0.1,
        "level": "low",
        "propensity_documents": 0.0,
        "propensity_physical": chance,
        "propensity_post_release": 0.0,
        "in_random": False,
        "stratum": "import",
        "contributions": [],
        "unknown_profiles": [],
        "codes_beyond": [],
        "policy_id": "policy",
        "snapshot_id": "snapshot",
        "price_id": "price",
        "key_id": "key",
    } | more


def an_order(number: str, profile: str, form: str | None = "physical", **more: object) -> Row:
    """A measure that a targeting profile ordered for the whole declaration."""
    return {
        "declaration_id": number,
        "version": 1,
        "profile_id": profile,
        "profile_version": 1,
        "capacity": "waivable",
        "measure": f"{form} control",
        "control_form": form,
        "status": "ordered",
        "reasons": "{}",
    } | more


def drawn(number: str, **more: object) -> tuple[Row, Row]:
    """A decision on a declaration that chance drew, and what it ordered."""
    return (
        a_decision(number, **({"in_random": True} | more)),  # type: ignore[arg-type]
        an_order(number, "RANDOM", capacity="random"),
    )


def a_finding(of: str, form: str = "physical", **more: object) -> Row:
    """Nothing was found, in an hour."""
    closed = START + timedelta(days=5)
    return {
        "finding_id": f"{of}/{form}",
        "subject": "declaration",
        "declaration_id": of,
        "control_form": form,
        "source": "control",
        "closed_at": closed,
        "known_at": closed,
        "finality": "final",
        "violation": False,
        "minutes": 60.0,
    } | more


def a_violation(of: str, form: str = "physical", *, assessed: str = "1000.00", **more: object) -> Row:
    """A violation was found, in an hour; half of what was assessed is collected."""
    money = Decimal(assessed)
    found = {
        "violation": True, "violation_type": "undervaluation", "assessed": money,
        "collected": (money / 2).quantize(Decimal("0.01")),
    }  # fmt: skip
    return a_finding(of, form, **(found | more))


def a_ledger(
    decisions: list[Row],
    orders: list[Row],
    findings: list[Row],
    *,
    pack: Pack | None = None,
    declarations: list[Row] | None = None,
    before: datetime | None = None,
) -> Ledger:
    return Ledger.of(
        pack or load_pack("kz"),
        decisions=pa.Table.from_pylist(decisions, schema=DECISIONS.arrow),
        measures=pa.Table.from_pylist(orders, schema=MEASURES.arrow),
        findings=pa.Table.from_pylist(findings, schema=FINDINGS.arrow),
        declarations=None
        if declarations is None
        else pa.Table.from_pylist(declarations, schema=DECLARATIONS.arrow),
        before=before,
    )
