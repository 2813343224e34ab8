"""A pack's own names: declared once, asked by its profiles, answered from further columns of the source."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest

from daliz.engine.allocation import PRACTICE_KEY, Capacity
from daliz.engine.assess import Task, assess
from daliz.engine.features import Grain, Kind
from daliz.engine.indicators import sentence
from daliz.engine.pack import check_pack, load_pack
from daliz.engine.records.schema import DECLARATIONS
from tests.engine.pack.builders import PACK

OWN: Final = """
vocabulary:
  item.serial_count:
    label: {en: number of serial numbers, ru: количество серийных номеров, kk: сериялық нөмірлер саны}
    unknown: {en: not stated, ru: не указано, kk: көрсетілмеген}
    kind: number
  declaration.lane:
    label: {en: lane, ru: полоса, kk: жолақ}
    unknown: {en: not stated, ru: не указано, kk: көрсетілмеген}
    kind: text
"""
ASKED: Final = PACK.replace(
    "indicator: in_list(item.hs_heading, 'arms')",
    "indicator: in_list(item.hs_heading, 'arms') OR item.serial_count >= 3 AND declaration.lane = 'fast'",
).replace('items: [{item.hs_heading: "0808"}]', 'items: [{item.hs_heading: "0808", item.serial_count: 2}]')


def written(folder: Path, text: str) -> Path:
    path = folder / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_own_name_is_declared_with_label_kind_and_grain(tmp_path: Path) -> None:
    names = load_pack(written(tmp_path, ASKED + OWN)).vocabulary
    number, lane = names["item.serial_count"], names["declaration.lane"]
    assert (number.kind, number.grain, number.label.en) == (
        Kind.NUMBER,
        Grain.ITEM,
        "number of serial numbers",
    )
    assert (lane.kind, lane.grain) == (Kind.TEXT, Grain.DECLARATION)


def test_a_sentence_calls_it_by_its_label(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, ASKED + OWN))
    said = sentence(pack.profiles[0].indicator, pack.vocabulary, "ru", pack.names)
    assert "«количество серийных номеров»" in said
    assert "«оружие»" in said


def test_a_name_that_is_not_declared_is_told(tmp_path: Path) -> None:
    found = check_pack(written(tmp_path, ASKED))
    assert {problem.code for problem in found} == {"expression-unknown-name", "pack-unknown-name"}


@pytest.mark.parametrize("name", ["item.hs_code", "trader.lane", "item.Lane", "lane"])
def test_an_own_name_is_new_and_of_the_item_or_the_declaration(tmp_path: Path, name: str) -> None:
    text = PACK + OWN.replace("declaration.lane:", f"{name}:")
    assert "pack-vocabulary" in [problem.code for problem in check_pack(written(tmp_path, text))]


def test_its_values_are_those_of_a_further_column(tmp_path: Path) -> None:
    """Three declarations, told apart by a further column only; unknown fires in a mandatory profile here."""
    pack = load_pack(written(tmp_path, ASKED + OWN))
    count = 3
    known: dict[str, pa.Array[pa.Scalar[pa.DataType]]] = {
        "declaration_id": pa.array(["A", "B", "C"]),
        "version": pa.array([1] * count, pa.int32()),
        "item_no": pa.array([1] * count, pa.int32()),
        "registered_at": pa.array([datetime(2026, 3, 2, 5, tzinfo=UTC)] * count, pa.timestamp("us", "UTC")),
        "direction": pa.array(["import"] * count),
        "office": pa.array(["100"] * count),
        "hs_code": pa.array(["0808100000"] * count),
    }
    columns = {field.name: known.get(field.name, pa.nulls(count, field.type)) for field in DECLARATIONS.arrow}
    table = pa.table(
        {**columns, "serial_count": pa.array(["3", None, "2"]), "lane": pa.array(["fast", "fast", "fast"])}
    )
    decided = assess(
        Task(
            declarations=table,
            findings=None,
            children={},
            pack=pack,
            capacity=Capacity(dict(pack.policy.default_capacity), {}),
            key=PRACTICE_KEY,
            first_day=date(2026, 3, 2),
            last_day=date(2026, 3, 2),
        )
    )
    corridors = dict(
        zip(*(decided.decisions[name].to_pylist() for name in ("declaration_id", "corridor")), strict=True)
    )
    assert corridors == {"A": "red", "B": "red", "C": "green"}
