"""A folder of months is whole, or it says what is not."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from daliz.engine.records.files import read_table
from daliz.engine.records.months import (
    MANIFEST,
    Months,
    MonthsError,
    clear,
    keep,
    months_in,
    must_be_whole,
    write_part,
)
from daliz.engine.records.schema import DECLARATIONS


def a_month(folder: Path, *numbers: str) -> Months:
    """A folder with one part, of declarations of these numbers."""
    rows = [
        {"declaration_id": number, "version": 1, "item_no": 1, "direction": "import",
         "registered_at": datetime(2026, 3, 10, 7, tzinfo=UTC)}
        for number in numbers
    ]  # fmt: skip
    part = write_part(folder, "declarations", pa.Table.from_pylist(rows), "2026-03.00001")
    months = Months("Asia/Almaty", date(2026, 3, 11), 1, {date(2026, 3, 10): (len(rows), 0)}, (part,))
    keep(folder, months)
    return months


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    months = a_month(tmp_path, "D1", "D2")
    assert months_in(tmp_path) == months
    must_be_whole(tmp_path, months)
    assert read_table(tmp_path / "declarations", DECLARATIONS)["declaration_id"].to_pylist() == ["D1", "D2"]


def test_a_folder_without_a_manifest_is_no_folder_of_months(tmp_path: Path) -> None:
    assert months_in(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 2}', '{"format": 1}'])
def test_a_manifest_that_cannot_be_read_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(MonthsError, match="cannot be read as a manifest of months"):
        months_in(tmp_path)


def test_what_the_manifest_does_not_name_is_told_and_cleared(tmp_path: Path) -> None:
    months = a_month(tmp_path, "D1")
    write_part(tmp_path, "declarations", DECLARATIONS.arrow.empty_table(), "2026-03.00002")
    with pytest.raises(
        MonthsError, match=r"declarations/2026-03\.00002\.parquet is not as the manifest says"
    ):
        must_be_whole(tmp_path, months)
    assert clear(tmp_path, months) == 1
    must_be_whole(tmp_path, months)


def test_a_part_that_is_missing_or_changed_is_told(tmp_path: Path) -> None:
    months = a_month(tmp_path, "D1")
    path = tmp_path / "declarations" / "2026-03.00001.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(MonthsError, match="has been changed since it was written") as refused:
        must_be_whole(tmp_path, months)
    assert refused.value.code == "months-changed"
    path.unlink()
    with pytest.raises(MonthsError, match="an export was interrupted"):
        must_be_whole(tmp_path, months)


def test_the_manifest_says_until_when_and_how_many(tmp_path: Path) -> None:
    a_month(tmp_path, "D1", "D2")
    told = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    assert (told["until"], told["days"], told["parts"][0]["rows"]) == (
        "2026-03-11",
        {"2026-03-10": [2, 0]},
        2,
    )
