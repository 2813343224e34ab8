"""Small worlds that several tests look at; each is made once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daliz.engine.pack import Pack, load_pack
from daliz.engine.world import Scenario, write_world

MakeWorld = Callable[..., Path]


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture(scope="session")
def world(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year at 120 a day with past controls: enough for every scheme to show itself."""
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder,
        pack=pack,
        seed=5,
        months=6,
        per_day=120,
        past_controls={"documents": 0.16, "physical": 0.04, "post_release": 0.02},
    )
    return folder


@pytest.fixture(scope="session")
def drifting(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drifting")
    write_world(
        folder, pack=pack, seed=5, months=9, per_day=80, scenario=Scenario.DRIFT, first_month=date(2025, 5, 1)
    )
    return folder


@pytest.fixture(scope="session")
def declarations(world: Path) -> pa.Table:
    return pq.read_table(world / "declarations.parquet")


@pytest.fixture(scope="session")
def truth(world: Path) -> pa.Table:
    return pq.read_table(world / "truth.parquet")


@pytest.fixture(scope="session")
def findings(world: Path) -> pa.Table:
    return pq.read_table(world / "findings.parquet")
