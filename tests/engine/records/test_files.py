"""Canonical files are whole or absent, and are read only if they are understood."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daliz.engine.records import TableError, read_table, register, write_table
from daliz.engine.records.duck import connect
from daliz.engine.records.schema import DECLARATIONS, FINDINGS

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def a_declaration(**further: list[object]) -> pa.Table:
    return pa.table(
        {
            "declaration_id": ["A"], "version": [1], "item_no": [1], "direction": ["import"],
            "registered_at": pa.array([NOON], pa.timestamp("us", tz="UTC")), **further,
        }
    )  # fmt: skip


def test_what_is_written_is_read_back_with_all_columns(tmp_path: Path) -> None:
    path = tmp_path / "declarations.parquet"
    write_table(a_declaration(customs_value=[Decimal("10.50")], colour=["red"]), path, DECLARATIONS)
    [row] = read_table(path, DECLARATIONS).to_pylist()
    assert row["registered_at"] == NOON
    assert row["customs_value"] == Decimal("10.50")
    assert row["net_mass_kg"] is None
    assert row["colour"] == "red"
    assert pq.read_schema(path).metadata[b"daliz.schema_version"] == b"1"


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_table(a_declaration(), tmp_path / name, DECLARATIONS)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "declarations.parquet"
    write_table(a_declaration(), path, DECLARATIONS)
    before = path.read_bytes()
    with pytest.raises(TableError, match="declaration_id"):
        write_table(a_declaration().drop(["declaration_id"]), path, DECLARATIONS)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (a_declaration().drop(["direction"]), "table-column-missing"),
        (a_declaration(customs_value=[10.5]), "table-type"),
        (a_declaration(hs_code=[640391]), "table-type"),
        (a_declaration(customs_value=[Decimal("0.005")]), "table-type"),
        (a_declaration(declaration_id=[None]), "table-value-missing"),
    ],
)
def test_a_table_that_is_not_canonical_is_refused(table: pa.Table, code: str, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        write_table(table, tmp_path / "x.parquet", DECLARATIONS)
    assert caught.value.code == code


def test_a_file_of_another_version_or_table_or_of_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "declarations.parquet"
    write_table(a_declaration(), path, DECLARATIONS)
    with pytest.raises(TableError, match="the table declarations, not findings"):
        read_table(path, FINDINGS)
    later = pq.read_table(path).replace_schema_metadata(
        {"daliz.table": "declarations", "daliz.schema_version": "9"}
    )
    pq.write_table(later, path)
    with pytest.raises(TableError, match="schema version 9 is unknown"):
        read_table(path, DECLARATIONS)
    pq.write_table(a_declaration(), path)
    with pytest.raises(TableError, match="daliz read"):
        read_table(path, DECLARATIONS)
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(TableError) as caught:
        read_table(path, DECLARATIONS)
    assert caught.value.code == "table-unreadable"


def test_several_files_are_one_relation_and_their_missing_columns_are_null(tmp_path: Path) -> None:
    write_table(a_declaration(colour=["red"]), tmp_path / "a.parquet", DECLARATIONS)
    write_table(a_declaration(declaration_id=["B"]), tmp_path / "b.parquet", DECLARATIONS)
    connection = connect(folders=[tmp_path])
    register(connection, "d", tmp_path, DECLARATIONS)
    rows = connection.sql("SELECT declaration_id, colour, customs_value FROM d ORDER BY 1").fetchall()
    assert rows == [("A", "red", None), ("B", None, None)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SET threads = 8",
        "COPY (SELECT 1) TO '/tmp/daliz-escape.csv'",
        "ATTACH 'x.db'",
        "INSTALL httpfs",
    ],
)
def test_the_connection_reaches_nothing_that_it_was_not_given(query: str, tmp_path: Path) -> None:
    with pytest.raises(duckdb.Error):
        connect(folders=[tmp_path]).execute(query)
