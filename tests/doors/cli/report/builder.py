"""A small border with one declaration of every kind, as `daliz assess` would leave it; written by hand.

| declaration | what happened |
|---|---|
| KZ-1 | shoes at a fifth of their price: profile CHEAP fired, documents are checked: yellow |
| KZ-2 | seeds under a ban: mandatory profile BAN fired, goods are opened: red |
| KZ-3 | nothing fired, but the random share drew it: red |
| KZ-4 | CHEAP fired and no officer had time: green, and never silently |
| KZ-5 | nothing fired: green |
| KZ-6 | drawn in version 1; version 2 takes that over and CHEAP finds no further time: red |
| KZ-7 | profile LATER fired: control after release: blue |
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from daliz.engine.pack import Pack
from daliz.engine.records.decisions import DECISIONS, LOAD, MEASURES
from daliz.engine.records.files import write_table
from daliz.engine.records.schema import DECLARATIONS, QUARANTINE, TableSchema
from tests.doors.cli.report.small_pack import a_pack

HOSTILE = "<script>alert('owned')</script>"
BACKWARDS = "\u202eexe.eciovni"
COMMITMENT = "ab" * 32
SECRETS = (
    "CHEAP",
    "BAN",
    "LATER",
    "RANDOM-IMPORT",
    "unit_value",
    "0.173",
    "0.412",
    "policy-77",
    "price-2",
    "practice",
    "mandatory",
    "waivable",
    "targeted",
    "random",
    "probability",
    "propensity",
    "log_odds",
    "1,234",
    "1234",
    "high",
    "medium",
    "SHADOWED",
    "DOUBTLESS",
    "watch",
    "suppliers that we keep an eye on",
    "minimal_risk",
    "minimal risk",
    "exceptions",
    "unlisted",
    "goods at a fraction of their price",
    "Banned plants",
)
"""What an officer never sees of these declarations."""


@dataclass(frozen=True)
class Declared:
    """One version of a declaration and what was decided."""

    number: str
    corridor: str
    description: str = "goods"
    version: int = 1
    hs_code: str = "6403991100"
    day: int = 2
    probability: float = 0.05
    damage: str | None = "5000.00"
    level: str = "low"
    in_random: bool = False
    office: str = "50601"
    added: tuple[tuple[str, float], ...] = ()
    unknown: tuple[str, ...] = ()
    beyond: tuple[tuple[str, str], ...] = ()  # fact, code
    currency: str = "KZT"
    lists: tuple[tuple[str, str, float, str | None, bool], ...] = ()  # list, kind, log odds, level, spares
    orders: tuple[tuple[str, str, str, int | None, str], ...] = ()  # profile, capacity, measure, item, status


CHEAP_VALUES = {"item.unit_value": 0.173, "reference.unit_value_p10": 1234.0}

DECLARED = (
    Declared(
        "KZ-1",
        "yellow",
        "women's leather boots",
        probability=0.412,
        damage="410000.00",
        level="high",
        added=(("CHEAP", 1.5),),
        lists=(("SHADOWED", "watch", 0.7, "high", False), ("DOUBTLESS", "minimal_risk", 0.0, "medium", True)),
        orders=(
            ("CHEAP", "waivable", "documents", 1, "ordered"),
            ("CHEAP", "waivable", "sample", 1, "ordered"),
        ),
    ),
    Declared(
        "KZ-2",
        "red",
        HOSTILE,
        hs_code="1209910000",
        probability=0.3,
        damage="90000.00",
        level="medium",
        added=(("BAN", 1.0),),
        orders=(("BAN", "mandatory", "open", 1, "ordered"),),
    ),
    Declared(
        "KZ-3", "red", "tea", in_random=True, orders=(("RANDOM-IMPORT", "random", "open", None, "ordered"),)
    ),
    Declared(
        "KZ-4",
        "green",
        BACKWARDS,
        probability=0.412,
        damage="300000.00",
        level="medium",
        added=(("CHEAP", 1.5),),
        orders=(
            ("CHEAP", "waivable", "documents", 1, "waived"),
            ("CHEAP", "waivable", "sample", 1, "waived"),
        ),
    ),
    Declared("KZ-5", "green", "paper", day=3, damage=None, unknown=("CHEAP",), office="50602"),
    Declared(
        "KZ-6", "red", "cups", in_random=True, orders=(("RANDOM-IMPORT", "random", "open", None, "ordered"),)
    ),
    Declared(
        "KZ-6",
        "red",
        "cups",
        version=2,
        day=3,
        in_random=True,
        probability=0.2,
        added=(("CHEAP", 1.5),),
        orders=(
            ("RANDOM-IMPORT", "inherited", "open", None, "ordered"),
            ("CHEAP", "waivable", "documents", 1, "waived"),
        ),
    ),
    Declared(
        "KZ-7",
        "blue",
        "books",
        day=3,
        added=(("LATER", 0.4),),
        orders=(("LATER", "waivable", "audit", None, "ordered"),),
    ),
)


def an_assessment(
    folder: Path,
    *,
    declared: tuple[Declared, ...] = DECLARED,
    practice: bool = True,
    pools: Mapping[str, float] = MappingProxyType({"*": 250000.0}),
) -> Path:
    """Write the output folder of an assessment; ``pools``: the price of a document check in each."""
    pack = a_pack()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, DECLARATIONS, [_items(one) for one in declared])
    _write(folder, DECISIONS, [_decision(one) for one in declared])
    _write(folder, MEASURES, [row for one in declared for row in _orders(one, pack)])
    lanes = [
        _lane(day, form, pool, price if form == "documents" else 0.0)
        for day in (2, 3)
        for form in ("documents", "physical")
        for pool, price in pools.items()
    ]
    _write(folder, LOAD, lanes)
    _write(folder, QUARANTINE, [_broken(k) for k in range(4)])
    (folder / "manifest.json").write_text(
        json.dumps(_manifest(declared, practice=practice)), encoding="utf-8"
    )
    return folder


def _write(folder: Path, schema: TableSchema, rows: list[dict[str, object]]) -> None:
    write_table(pa.Table.from_pylist(rows, schema=schema.arrow), folder / f"{schema.name}.parquet", schema)


def _items(one: Declared) -> dict[str, object]:
    return {
        "declaration_id": one.number,
        "version": one.version,
        "item_no": 1,
        "registered_at": datetime(2026, 3, one.day, 8, tzinfo=UTC),
        "direction": "import",
        "procedure": "IM40",
        "office": one.office,
        "goods_location": "50601",
        "trader_id": "T1",
        "trader_name": f"Cast {HOSTILE}",
        "origin_country": "CN",
        "hs_code": one.hs_code,
        "description": one.description,
        "net_mass_kg": 1200.5,
        "quantity": 40.0,
        "quantity_unit": "PA",
        "customs_value": Decimal("2050000.00"),
        "currency": one.currency,
    }


def _decision(one: Declared) -> dict[str, object]:
    return {
        "declaration_id": one.number,
        "version": one.version,
        "registered_at": datetime(2026, 3, one.day, 8, tzinfo=UTC),
        "day": date(2026, 3, one.day),
        "direction": "import",
        "office": one.office,
        "corridor": one.corridor,
        "probability": one.probability,
        "expected_damage": Decimal(one.damage) if one.damage else None,
        "level": one.level,
        "exceptions": [
            dict(zip(("list", "kind", "log_odds", "level", "spares"), told, strict=True))
            for told in one.lists
        ],
        "probability_unlisted": 0.258 if one.lists else None,
        "level_unlisted": "low" if one.lists else None,
        "propensity_documents": 0.25,
        "propensity_physical": 0.25,
        "propensity_post_release": 0.0,
        "in_random": one.in_random,
        "stratum": "import",
        "contributions": [{"profile_id": p, "log_odds": amount} for p, amount in one.added],
        "unknown_profiles": list(one.unknown),
        "codes_beyond": [{"fact": fact, "code": code} for fact, code in one.beyond],
        "policy_id": "policy-77",
        "snapshot_id": "snapshot-1",
        "price_id": f"price-{one.day}",
        "key_id": "practice",
    }


def _orders(one: Declared, pack: Pack) -> list[dict[str, object]]:
    return [
        {
            "declaration_id": one.number,
            "version": one.version,
            "item_no": item,
            "profile_id": profile,
            "profile_version": 1,
            "capacity": capacity,
            "measure": measure,
            "control_form": pack.measures[measure].form,
            "extent": pack.measures[measure].extent,
            "status": status,
            "waiver": f"price-{one.day}" if status == "waived" else None,
            "reasons": json.dumps(CHEAP_VALUES if profile == "CHEAP" else {}),
        }
        for profile, capacity, measure, item, status in one.orders
    ]


def _lane(day: int, form: str, pool: str, price: float) -> dict[str, object]:
    return {
        "day": date(2026, 3, day),
        "pool": pool,
        "control_form": form,
        "unit": "declarations",
        "available": 1.0,
        "mandatory": 1.0 if form == "physical" and day == 2 else 0.0,
        "random": 1.0 if form == "physical" and day == 2 else 0.0,
        "waivable": 1.0 if form == "documents" and day == 2 else 0.0,
        "controls": 1,
        "waived": 1,
        "minutes": 120.0,
        "price": price,
        "hour_price": 2 * price,
        "price_id": f"price-{day}",
    }


def _broken(k: int) -> dict[str, object]:
    return {
        "source": "march.csv",
        "position": str(k + 2),
        "declaration_id": f"KZ-9{k // 2}",
        "item_no": 1,
        "field": "net_mass_kg",
        "value": f"-{k}",
        "code": "mass-negative",
        "reason": "a mass is 0 or more",
    }


def _manifest(declared: tuple[Declared, ...], *, practice: bool) -> dict[str, object]:
    return {
        "schema": "1",
        "policy_id": "policy-77",
        "policy": {
            "engine": "0.1",
            "pack": {"code": "kz", "version": "2026.1", "fingerprint": "f" * 64},
            "profiles": [["BAN", 1], ["CHEAP", 1], ["LATER", 1], ["RANDOM-IMPORT", 1]],
            "experience": "e1",
            "unit_of_capacity": "declarations",
        },
        "days": {"first": "2026-03-02", "last": "2026-03-03"},
        "counts": {
            "declarations": len({one.number for one in declared}),
            "versions": len(declared),
            "items": len(declared),
            "quarantined_declarations": 2,
            "quarantine_entries": 4,
        },
        "inputs": [{"name": "march.csv", "bytes": 1024, "sha256": "c" * 64}],
        "capacity": {"unit": "declarations", "stated": None, "shares": {"documents": 0.16, "physical": 0.04}},
        "draw": {"key_id": "practice", "commitment": COMMITMENT, "practice": practice},
        "experience": {
            "controls": 200,
            "random_controls": 50,
            "base_probability": 0.05,
            "profiles": [
                {
                    "profile_id": "CHEAP",
                    "version": 1,
                    "hit_rate": 0.31,
                    "low": 0.24,
                    "high": 0.39,
                    "controlled": 90,
                    "found": 30,
                    "overlap": 0.8,
                    "weight": 1.4,
                    "loss_share": 0.2,
                },
            ],
        },
        "corridors": {},
        "unknown": [{"name": "item.description", "share": 0.125}],
    }
