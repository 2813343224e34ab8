"""One declaration alone, and what is looked up for it, against the tables of many: equal, bit for bit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from daliz.engine.features import VOCABULARY
from daliz.engine.features.alone import LISTED, Moment, Stating, stated_facts
from daliz.engine.features.compute import build_facts
from daliz.engine.features.lookup import TODAY, Lookup, answers_of, text_of
from daliz.engine.features.nightly import snapshot
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.declaration import HEADER, Declaration, Values
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world import write_world

DAY = date(2026, 3, 12)
NAMES = sorted(set(VOCABULARY) - LISTED - set(TODAY))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture(scope="module")
def world(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=pack, seed=5, months=3, per_day=60, first_month=date(2026, 1, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return folder


def declared(
    rows: Sequence[Mapping[str, Any]], below: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Declaration:
    items = [c.name for c in DECLARATIONS.columns if not c.header]
    return Declaration(
        header={name: rows[0][name] for name in HEADER if rows[0][name] is not None},
        items=[{name: row[name] for name in items if row[name] is not None} for row in rows],
        below=below,
    )


def versions(table: pa.Table) -> Iterator[tuple[str, int, datetime, list[dict[str, Any]]]]:
    ordered = table.sort_by(
        [("declaration_id", "ascending"), ("version", "ascending"), ("item_no", "ascending")]
    )
    for (number, version), rows in groupby(
        ordered.to_pylist(), lambda r: (r["declaration_id"], r["version"])
    ):
        listed = list(rows)
        yield number, version, listed[0]["registered_at"], listed


def test_one_declaration_has_the_facts_that_the_tables_give(world: Path, pack: Pack) -> None:
    declarations = read_table(world / "declarations.parquet", DECLARATIONS)
    findings = read_table(world / "findings.parquet", FINDINGS)
    documents = pa.table({"declaration_id": pa.array([], pa.string()), "version": pa.array([], pa.int32())})
    facts = build_facts(
        declarations, findings, zone=pack.zone, holidays=pack.holidays, first_day=DAY, last_day=DAY,
        names=NAMES,
        documents=documents, containers=documents.append_column("container_id", pa.array([], pa.string())),
        transport_means=read_table(world / "transport_means.parquet", TRANSPORT_MEANS),
        official=pack.feature_tables,
    )  # fmt: skip
    expected = {(r["declaration_id"], r["version"], r["item_no"]): r for r in facts.to_pylist()}
    identity, tables = snapshot(declarations, findings, zone=pack.zone, day=DAY)
    found = {
        key: answer
        for name, table in tables.items()
        if name != "reference"
        for key, answer in answers_of(name, table)
    }
    lookup = Lookup(NAMES)
    compared = 0
    for number, version, at, rows in versions(declarations):
        moment = Moment(at, pack.zone, pack.holidays)
        if moment.day != DAY or version > 1:
            continue
        declaration = declared(rows, {})
        asked = {key: found[key] for key in lookup.keys(declaration) if key in found}
        stated = stated_facts(Stating(declaration, version, moment), NAMES)
        known = lookup.facts(declaration, asked)
        for item, own, history in zip(declaration.items, stated, known, strict=True):
            row = expected[number, version, item["item_no"]]
            assert row["snapshot_id"] == identity
            told = {**own, **history}
            assert {name: told[name] for name in NAMES} == {name: row[name] for name in NAMES}
            assert all(type(told[n]) is type(row[n]) for n in NAMES)
            compared += 1
    assert compared > 100


def test_what_is_not_stated_or_not_finite_is_unknown() -> None:
    moment = Moment(datetime(2026, 3, 12, 20, tzinfo=UTC), "Asia/Almaty", frozenset({date(2026, 3, 13)}))
    item: Values = {"item_no": 1, "customs_value": Decimal("10.00"), "net_mass_kg": 0.0, "quantity": -0.0}
    names = ["item.unit_value", "item.quantity", "item.hs_heading", "calendar.hour", "calendar.days_to_rest"]
    facts = stated_facts(Stating(Declaration({}, [item], {}), 1, moment), names)
    assert facts == [
        {
            "calendar.hour": 1.0,
            "calendar.days_to_rest": 0.0,
            "item.quantity": 0.0,
            "item.hs_heading": None,
            "item.unit_value": None,
        }
    ]
    assert str(facts[0]["item.quantity"]) == "0.0"


def test_delivery_terms_say_whether_the_carriage_is_in_the_price() -> None:
    moment = Moment(datetime(2026, 3, 12, tzinfo=UTC), "Asia/Almaty", ())

    def carriage(terms: str) -> object:
        stating = Stating(Declaration({"delivery_terms": terms}, [{"item_no": 1}], {}), 1, moment)
        return stated_facts(stating, ["declaration.carriage_in_price"])[0]["declaration.carriage_in_price"]

    assert [carriage(t) for t in ("CIP", " dap Almaty", "EXW", "FCAX", "XXX", "C")] == [
        True,
        True,
        False,
        None,
        None,
        None,
    ]


def test_keys_are_texts_that_no_two_share() -> None:
    assert text_of(("a", "b", "c")) != text_of(("a", 'b","c'))
