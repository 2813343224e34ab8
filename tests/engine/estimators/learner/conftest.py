"""A small border, half of it controlled in each form during the first month."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from daliz.engine.estimators.learner import FACTS
from daliz.engine.features.compute import build_facts
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world import write_world


@dataclass(frozen=True)
class Border:
    """The tables of a world."""

    declarations: pa.Table
    findings: pa.Table
    transport_means: pa.Table


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture(scope="session")
def border(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Border:
    folder: Path = tmp_path_factory.mktemp("border")
    write_world(
        folder,
        pack=pack,
        seed=7,
        months=2,
        per_day=40,
        first_month=date(2026, 2, 1),
        past_controls={"documents": 0.5, "physical": 0.5},
    )
    return Border(
        read_table(folder / "declarations.parquet", DECLARATIONS),
        read_table(folder / "findings.parquet", FINDINGS),
        read_table(folder / "transport_means.parquet", TRANSPORT_MEANS),
    )


@pytest.fixture(scope="session")
def facts(border: Border, pack: Pack) -> pa.Table:
    return build_facts(
        border.declarations, None, zone=pack.zone, holidays=pack.holidays, first_day=date(2026, 2, 1),
        last_day=date(2026, 2, 3), names=FACTS, transport_means=border.transport_means,
        official=pack.feature_tables,
    )  # fmt: skip
