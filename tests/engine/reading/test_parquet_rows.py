"""Typed values of a Parquet file become the texts that a CSV file would hold."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daliz.engine.reading.parquet_rows import parquet_rows

MORNING = datetime(2025, 3, 1, 9, tzinfo=UTC)


def texts(folder: Path, values: "pa.Array[pa.Scalar[pa.DataType]]") -> list[str | None]:
    pq.write_table(pa.table({"column": values}), folder / "in.parquet")
    [batch] = parquet_rows(folder / "in.parquet", lambda _: None).batches
    assert list(batch.positions) == list(range(1, len(values) + 1))
    found: list[str | None] = batch.columns[0].to_pylist()
    return found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([8703231900.0, 5e15, -3.0, -0.0, 0.1, 1e-7, None]),
         ["8703231900", "5000000000000000", "-3", "0", "0.1", "1e-7", None]),
        (pa.array([float("nan"), float("inf"), 1e300]), ["nan", "inf", "1e+300"]),
        (pa.array([1.5, 2.0], pa.float32()), ["1.5", "2"]),
        (pa.array([2**62, None]), ["4611686018427387904", None]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([Decimal("900.10"), Decimal("-0.05")]), ["900.10", "-0.05"]),
        (pa.array([date(2025, 3, 1)]), ["2025-03-01"]),
        (pa.array([Decimal("0.0000001"), Decimal("0E-7")]), ["0.0000001", "0.0000000"]),
        (pa.array([MORNING], pa.timestamp("ns", "UTC")), ["2025-03-01 09:00:00Z"]),
        (pa.array([MORNING.replace(microsecond=5, tzinfo=None)]), ["2025-03-01 09:00:00.000005"]),
        (pa.array([2**62]).cast(pa.timestamp("us")), ["<value out of range: 4611686018427387904>"]),
        (pa.array(["обувь", None, ""]).dictionary_encode(), ["обувь", None, ""]),
        (pa.array(["a"], pa.large_string()), ["a"]),
        (pa.array([b"\xff"]), ["\\xff"]),
        (pa.array([[1, 2]]), ["[1, 2]"]),
    ],
)  # fmt: skip
def test_a_value_is_written_as_it_would_stand_in_a_csv_file(
    tmp_path: Path, values: "pa.Array[pa.Scalar[pa.DataType]]", expected: list[str | None]
) -> None:
    assert texts(tmp_path, values) == expected
