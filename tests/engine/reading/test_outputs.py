"""Tables are written a group of rows at a time, so that what is held does not grow with rows or columns."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from daliz.engine.reading.outputs import write_declarations
from daliz.engine.records.duck import connect
from daliz.engine.records.files import sql_type
from daliz.engine.records.schema import DECLARATIONS

STATED = {
    "declaration_id": "'D' || range",
    "version": "1",
    "item_no": "1",
    "registered_at": "TIMESTAMPTZ '2025-03-01 05:00:00+00'",
    "direction": "'import'",
}


@pytest.mark.parametrize(
    ("further", "rows", "groups"),
    [(0, 130_000, [122_880, 7_120]), (80, 62_000, [30_720, 30_720, 560])],
    ids=["narrow", "wide"],
)
def test_a_wide_table_is_written_in_smaller_groups(
    tmp_path: Path, further: int, rows: int, groups: list[int]
) -> None:
    names = [f"further_{n}" for n in range(further)]
    columns = [
        f"CAST({STATED.get(c.name, 'NULL')} AS {sql_type(c.type)}) AS {c.name}" for c in DECLARATIONS.columns
    ]
    columns += [f"CAST(NULL AS VARCHAR) AS {name}" for name in names]
    with connect(preserve_order=False) as connection:
        connection.execute(f"CREATE VIEW mapped AS SELECT {', '.join(columns)} FROM range({rows})")
        connection.execute("CREATE TABLE kept_out (declaration_id VARCHAR)")
        assert write_declarations(connection, tmp_path / "declarations.parquet", names) == rows
    written = pq.read_metadata(tmp_path / "declarations.parquet")
    assert [written.row_group(n).num_rows for n in range(written.num_row_groups)] == groups
