"""The 90 % interval of the level of compliance holds on pretend borders; ``studies`` has a hundred."""

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.allocation import DrawKey
from daliz.engine.effect import Ledger, compliance
from daliz.engine.pack import load_pack
from daliz.engine.records.columns import column_of
from daliz.engine.records.decisions import DECISIONS, MEASURES
from daliz.engine.world import CONTROLS, findings_of, write_world
from tests.engine.effect.cast import a_decision, an_order

SHARE = 0.04
DRAWS = 20


def a_border(folder: Path, seed: int) -> tuple[pa.Table, pa.Table]:
    """Decisions that draw nobody yet, and what opening the goods of every declaration would find."""
    write_world(folder, pack=load_pack("kz"), seed=seed, months=3, per_day=60)
    declarations = pq.read_table(folder / "declarations.parquet")
    heads: dict[str, tuple[datetime, str]] = {}
    for row in declarations.select(["declaration_id", "registered_at", "direction"]).to_pylist():
        heads.setdefault(row["declaration_id"], (row["registered_at"], row["direction"]))
    controls = [
        {
            "declaration_id": number,
            "control_form": "physical",
            "decided_at": at + timedelta(minutes=20),
        }
        for number, (at, _) in heads.items()
    ]
    everything = findings_of(
        pa.Table.from_pylist(controls, schema=CONTROLS),
        declarations,
        pq.read_table(folder / "truth.parquet"),
        seed=seed,
    )
    decisions = [
        a_decision(number, chance=SHARE, registered_at=at, direction=direction, stratum=direction)
        for number, (at, direction) in heads.items()
    ]
    return pa.Table.from_pylist(decisions, schema=DECISIONS.arrow), everything


def test_the_level_lies_within_its_interval_as_often_as_promised(tmp_path: Path) -> None:
    pack = load_pack("kz")
    held, halves = 0, []
    for seed in (71, 72):
        decisions, everything = a_border(tmp_path / str(seed), seed)
        numbers = column_of(decisions, "declaration_id", str)
        last = {row["declaration_id"]: row["violation"] for row in everything.to_pylist()}
        truth = 1 - sum(last.values()) / len(last)
        place = decisions.schema.get_field_index("in_random")
        for turn in range(DRAWS):
            key = DrawKey("test", turn.to_bytes(32, "big"))
            taken = [key.draw("random", number) < SHARE for number in numbers]
            orders = [
                an_order(number, "RANDOM", capacity="random")
                for number, one in zip(numbers, taken, strict=True)
                if one
            ]
            field = decisions.schema.field(place)
            ledger = Ledger.of(
                pack,
                decisions=decisions.set_column(place, field, pa.array(taken)),
                measures=pa.Table.from_pylist(orders, schema=MEASURES.arrow),
                findings=everything,
            )
            found = compliance(ledger, level=0.9).level
            held += found.low <= truth <= found.high
            halves.append((found.high - found.low) / 2)
    assert held >= 34, "85 of 100"
    assert sum(halves) / len(halves) <= 0.03
