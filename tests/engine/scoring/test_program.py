"""Profiles compiled once fire as they do over a whole table."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from daliz.engine.features import VOCABULARY
from daliz.engine.features.compute import build_facts
from daliz.engine.pack import load_pack
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.scoring import fire
from daliz.engine.scoring.firing import names_of
from daliz.engine.scoring.program import FiringProgram
from daliz.engine.world import write_world


def test_the_program_fires_as_the_table_does(tmp_path: Path) -> None:
    pack = load_pack("kz")
    write_world(
        tmp_path, pack=pack, seed=3, months=2, per_day=25, first_month=date(2026, 2, 1),
        past_controls={"documents": 0.3, "physical": 0.3},
    )  # fmt: skip
    facts = build_facts(
        read_table(tmp_path / "declarations.parquet", DECLARATIONS),
        read_table(tmp_path / "findings.parquet", FINDINGS),
        zone=pack.zone, holidays=pack.holidays, first_day=date(2026, 3, 1), last_day=date(2026, 3, 20),
        names=sorted(names_of(pack.profiles) | {"declaration.direction"}), official=pack.feature_tables,
        transport_means=read_table(tmp_path / "transport_means.parquet", TRANSPORT_MEANS),
        extra=[f for name, f in pack.vocabulary.items() if name not in VOCABULARY],
    )  # fmt: skip
    expected, told = fire(facts, pack, pack.profiles), FiringProgram(pack, pack.profiles).fire(facts)
    for name in ("declaration", "first_row", "held", "fired", "unknown"):
        np.testing.assert_array_equal(getattr(told, name), getattr(expected, name), err_msg=name)
    assert expected.fired.any(axis=0).sum() > 20, "the border is too plain to tell"
    assert expected.unknown.any()


@pytest.mark.parametrize("count", [0, 5])
def test_without_profiles_nothing_fires(count: int) -> None:
    pack = load_pack("kz")
    table = pa.table({
        "declaration_id": pa.array([f"KZ-{n}" for n in range(count)], pa.string()),
        "version": pa.array([1] * count, pa.int32()),
    })  # fmt: skip
    assert FiringProgram(pack, ()).fire(table).fired.shape == (count, 0)
