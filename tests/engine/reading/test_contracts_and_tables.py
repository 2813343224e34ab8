"""A pack's own contracts keep declarations out; tables below a declaration go where it goes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daliz.engine.features import VOCABULARY
from daliz.engine.indicators import parse_indicator
from daliz.engine.pack import Contract, load_pack
from daliz.engine.reading import ReadingError, parse_mapping, read
from daliz.engine.records import write_table
from daliz.engine.records.schema import DECLARATIONS, DOCUMENTS, TRANSPORT_MEANS, TRUTH
from daliz.language import Text

HEADER = "declaration_id,item_no,registered_at,direction,procedure,hs_code,net_mass_kg,customs_value"
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def a_file(folder: Path, *rows: str) -> Path:
    path = folder / "in.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def rows_of(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / "out" / f"{table}.parquet").to_pylist()


def reasons_of(folder: Path) -> list[tuple[str, str | None, str | None, str | None, str]]:
    return [
        (r["position"], r["declaration_id"], r["field"], r["value"], r["code"])
        for r in rows_of(folder, "quarantine")
    ]


def test_a_contract_of_the_pack_keeps_a_declaration_out(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "A,1,2025-03-01,import,IM40,6403919300,5,100",
        "B,1,2025-03-01,import,EK10,6403919300,5,100",
        "C,1,2025-03-01,import,,6403919300,5,100",
    )
    read([path], pack=load_pack("kz"), out=tmp_path / "out")
    assert [r["declaration_id"] for r in rows_of(tmp_path, "declarations")] == ["A", "C"]
    assert reasons_of(tmp_path) == [("line 3", "B", "procedure", "EK10", "procedure_direction")]


def test_a_contract_may_look_at_all_items_of_a_declaration(tmp_path: Path) -> None:
    rule = "sum(item.net_mass_kg) <= 40000 AND count(item.item_no > 0) <= 2"
    heavy = Contract(
        "too-much", "net_mass_kg", parse_indicator(rule, VOCABULARY, lists={}, currency=None),
        Text("A lorry carries no more.", "Больше не увезти.", "Одан артық сыймайды."),
    )  # fmt: skip
    path = a_file(
        tmp_path,
        "A,1,2025-03-01,import,IM40,6403919300,39999,100",
        "B,1,2025-03-01,import,IM40,6403919300,20000,100",
        "B,2,2025-03-01,import,IM40,6403919300,20001,100",
        *(f"C,{n},2025-03-01,import,IM40,6403919300,1,100" for n in (1, 2, 3)),
    )
    read([path], pack=replace(load_pack("kz"), contracts=(heavy,)), out=tmp_path / "out")
    assert [r["declaration_id"] for r in rows_of(tmp_path, "declarations")] == ["A"]
    assert reasons_of(tmp_path) == [
        ("line 3", "B", "net_mass_kg", "20000.0", "too-much"),
        ("line 4", "B", "net_mass_kg", "20001.0", "too-much"),
        *((f"line {n}", "C", "net_mass_kg", "1.0", "too-much") for n in (5, 6, 7)),
    ]


MAPPING = """
tables:
  declarations:
    {declaration_id: D, item_no: N, registered_at: R, direction: {constant: import}}
  documents:
    {document_number: Doc, document_code: Kind, document_date: {from: Date, formats: ["%d.%m.%Y"]}}
  transport_means:
    {transport_id: {from: Lorries, split: ";"}, stage: {constant: border}, item_no: {constant: "1"}}
"""


def test_a_mapping_fills_tables_below_the_declarations(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "D,N,R,Doc,Kind,Date,Lorries\n"
        "A,1,2025-03-01,77,04021,01.02.2025,123ABC;  77XYZ\n"
        "A,2,2025-03-01,,,,123ABC\n"
        "B,1,2025-03-01,78,04021,41.02.2025,9\n",
        encoding="utf-8",
    )
    result = read([path], mapping=parse_mapping(MAPPING), out=tmp_path / "out")
    assert result.tables == {"declarations": 2, "documents": 1, "transport_means": 2}
    [document] = rows_of(tmp_path, "documents")
    assert (document["declaration_id"], document["item_no"], document["document_number"]) == ("A", 1, "77")
    assert document["document_date"] == date(2025, 2, 1)
    assert [(r["item_no"], r["stage"], r["transport_id"]) for r in rows_of(tmp_path, "transport_means")] == [
        (1, "border", "123ABC"), (1, "border", "77XYZ"),
    ]  # fmt: skip
    assert reasons_of(tmp_path) == [
        ("line 4", "B", "documents.document_date", "41.02.2025", "value-not-date")
    ]


def canonical(folder: Path, *, masses: dict[str, float]) -> Path:
    """Write a folder of canonical tables: declarations, and a document and a lorry of each."""
    ids = list(masses)
    one = {"declaration_id": ids, "version": [1] * len(ids), "item_no": [1] * len(ids)}
    instants = pa.array([NOON] * len(ids), pa.timestamp("us", tz="UTC"))
    declarations = pa.table(
        {
            **one, "registered_at": instants, "direction": ["import"] * len(ids),
            "net_mass_kg": list(masses.values()),
        }
    )  # fmt: skip
    write_table(declarations, folder / "declarations.parquet", DECLARATIONS)
    write_table(
        pa.table(one | {"document_number": [f"N{i}" for i in ids]}), folder / "documents.parquet", DOCUMENTS
    )
    write_table(
        pa.table(one | {"transport_id": [f"T{i}" for i in ids]}),
        folder / "transport_means.parquet",
        TRANSPORT_MEANS,
    )
    return folder


def test_tables_of_a_canonical_folder_follow_their_declarations(tmp_path: Path) -> None:
    folder = canonical(tmp_path / "in", masses={"A": 5.0, "B": -5.0})
    truth = pa.table(
        {
            "declaration_id": ["A"], "item_no": [1], "violation": [False], "harm": [0.0],
            "evaded": pa.array([0], pa.decimal128(20, 2)),
            "detected_by": pa.array([[]], pa.list_(pa.string())),
        }
    )  # fmt: skip
    write_table(truth, folder / "truth.parquet", TRUTH)
    result = read([folder], out=tmp_path / "out")
    assert result.tables == {"declarations": 1, "documents": 1, "transport_means": 1}
    assert [r["document_number"] for r in rows_of(tmp_path, "documents")] == ["NA"]
    assert [r["transport_id"] for r in rows_of(tmp_path, "transport_means")] == ["TA"]
    assert [entry[1:] for entry in reasons_of(tmp_path)] == [
        ("B", "net_mass_kg", "-5.0", "net-mass-negative")
    ]


def test_a_canonical_table_of_another_version_is_left_out_and_told(tmp_path: Path) -> None:
    folder = canonical(tmp_path / "in", masses={"A": 5.0})
    table = pq.read_table(folder / "documents.parquet")
    pq.write_table(
        table.replace_schema_metadata({"daliz.table": "documents", "daliz.schema_version": "9"}),
        folder / "documents.parquet",
    )
    result = read([folder], out=tmp_path / "out")
    assert result.tables == {"declarations": 1, "transport_means": 1}
    assert [entry[4] for entry in reasons_of(tmp_path)] == ["table-version"]


def test_tables_without_any_declarations_are_not_a_reading(tmp_path: Path) -> None:
    folder = canonical(tmp_path / "in", masses={"A": 5.0})
    with pytest.raises(ReadingError, match="no file has declarations"):
        read([folder / "documents.parquet"], out=tmp_path / "out")
