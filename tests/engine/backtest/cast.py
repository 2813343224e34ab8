"""A store of a few declarations whose every figure can be counted by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from daliz.engine.backtest import FactsStore, write_store
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.schema import FINDINGS

START = datetime(2026, 3, 30, 6, tzinfo=UTC)
"""A Monday; the third declaration is of April."""

_TYPES: dict[str, pa.DataType] = {
    "declaration_id": pa.string(),
    "version": pa.int32(),
    "item_no": pa.int32(),
    "registered_at": pa.timestamp("us", tz="UTC"),
    "day": pa.date32(),
    "snapshot_id": pa.string(),
    "item.net_mass_kg": pa.float64(),
    "item.hs_code": pa.string(),
    "declaration.office": pa.string(),
    "declaration.direction": pa.string(),
}
_SCHEMA = pa.schema(_TYPES)


def a_version(
    number: str,
    *masses: float | None,
    day: int = 0,
    version: int = 1,
    office: str = "51501",
    hs: str = "8703",
) -> list[dict[str, object]]:
    """One version of a declaration, an item for each mass, registered ``day`` days after the start."""
    when = START + timedelta(days=day, minutes=int(number.removeprefix("D")))
    return [
        {
            "declaration_id": number,
            "version": version,
            "item_no": at,
            "registered_at": when,
            "day": when.date(),
            "snapshot_id": "s",
            "item.net_mass_kg": mass,
            "item.hs_code": hs,
            "declaration.office": office,
            "declaration.direction": "import",
        }
        for at, mass in enumerate(masses, start=1)
    ]


def a_store(
    path: Path, *versions: list[dict[str, object]], group: int = 1000, stretch: int = 1000
) -> FactsStore:
    rows = sorted((row for version in versions for row in version), key=lambda row: str(row["registered_at"]))
    table = pa.Table.from_pylist(rows, schema=_SCHEMA)
    write_store(table.to_reader(max_chunksize=group), path, group=group)
    return FactsStore.open(path, stretch=stretch)


def a_finding(number: str, of: str, **more: object) -> dict[str, object]:
    closed = START + timedelta(days=2)
    return {
        "finding_id": number,
        "subject": "declaration",
        "declaration_id": of,
        "control_form": "physical",
        "source": "control",
        "closed_at": closed,
        "known_at": closed + timedelta(days=60),
        "finality": "final",
        "violation": False,
        "minutes": 90.5,
    } | more


def a_violation(number: str, of: str, assessed: str = "1000.10", **more: object) -> dict[str, object]:
    money = {"violation": True, "assessed": Decimal(assessed), "collected": Decimal(500)}
    return a_finding(number, of, **(money | more))


def findings(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=FINDINGS.arrow)


def decisions(propensities: dict[str, float]) -> pa.Table:
    """Decisions that say nothing but how likely physical control was, of first versions."""
    rows = [
        {
            "declaration_id": number,
            "version": 1,
            "registered_at": START,
            "day": date(2026, 3, 30),
            "direction": "import",
            "corridor": "green",
            "probability": 0.1,
            "level": "low",
            "propensity_documents": p,
            "propensity_physical": p,
            "propensity_post_release": 0.0,
            "in_random": False,
            "contributions": [],
            "unknown_profiles": [],
            "policy_id": "p",
            "snapshot_id": "s",
            "price_id": "p",
            "codes_beyond": [],
            "key_id": "k",
        }
        for number, p in propensities.items()
    ]
    return pa.Table.from_pylist(rows, schema=DECISIONS.arrow)
