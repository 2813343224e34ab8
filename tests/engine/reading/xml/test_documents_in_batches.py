"""Documents in files, folders and archives, together with tables: what is taken, left aside and told."""

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from daliz.engine.reading import Form, ReadingError, read
from scripts.fuzz_xml import chunk, seeds
from tests.engine.reading.xml.documents import a_notice, an_eaeu_declaration, in_an_envelope

TABLE = "declaration_id,item_no,registered_at,direction,net_mass_kg\nROW,1,2025-03-01,import,5\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rows(folder: Path, table: str = "declarations") -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def ids(folder: Path) -> list[str]:
    return sorted({row["declaration_id"] for row in rows(folder)})


def test_a_document_becomes_canonical_rows(tmp_path: Path) -> None:
    source = write(tmp_path, {"a.xml": an_eaeu_declaration(2, id="A")}) / "a.xml"
    result = read([source], out=tmp_path / "out")
    assert result.tables == {
        "declarations": 2, "documents": 2, "containers": 2, "transport_means": 1, "duty_lines": 6,
        "previous_documents": 2, "guarantees": 1,
    }  # fmt: skip
    first = rows(tmp_path / "out")[0]
    assert first["registered_at"] == datetime(2025, 3, 1, 5, 11, 12, 123456, UTC)
    assert (first["hs_code"], str(first["customs_value"]), first["duty_rate"]) == (
        "6403919300",
        "1000000.50",
        0.1,
    )
    assert first["statistical_value"] == "2100.00"
    [means] = rows(tmp_path / "out", "transport_means")
    assert (means["declaration_id"], means["version"], means["item_no"]) == ("A", 1, None)
    assert rows(tmp_path / "out", "documents")[0]["document_date"] == date(2025, 2, 20)
    assert result.differences == {}
    assert rows(tmp_path / "out", "differences") == []


def test_tables_and_documents_are_read_together_and_each_is_recognised(tmp_path: Path) -> None:
    inputs = write(
        tmp_path / "in",
        {
            "t.csv": TABLE,
            "deep/er/a.xml": an_eaeu_declaration(1, id="A"),
            "no-suffix": an_eaeu_declaration(1, id="B"),
            ".hidden.xml": an_eaeu_declaration(1, id="C"),
            ".git/d.xml": an_eaeu_declaration(1, id="D"),
            "README.md": "# hello",
        },
    )
    result = read([inputs], out=tmp_path / "out")
    assert ids(tmp_path / "out") == ["A", "B", "ROW"]
    assert [Path(name).name for name in result.left] == ["README.md"]


def test_an_archive_is_walked_with_one_archive_within(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("b.xml", an_eaeu_declaration(1, id="B"))
    with zipfile.ZipFile(tmp_path / "batch.zip", "w") as archive:
        archive.writestr("folder/a.xml", an_eaeu_declaration(1, id="A"))
        archive.writestr("__MACOSX/a.xml", "rubbish")
        archive.writestr("notes.txt", "left aside")
        archive.writestr("more.zip", inner.read_bytes())
    result = read([tmp_path / "batch.zip"], out=tmp_path / "out")
    assert ids(tmp_path / "out") == ["A", "B"]
    place = str(tmp_path / "batch.zip")
    assert [source.name for source in result.sources] == [f"{place}/folder/a.xml", f"{place}/more.zip/b.xml"]
    assert result.left == (f"{place}/notes.txt",)


def test_what_was_asked_for_is_read_and_what_is_named_must_be_it(tmp_path: Path) -> None:
    inputs = write(tmp_path / "in", {"t.csv": TABLE, "a.xml": an_eaeu_declaration(1, id="A")})
    read([inputs], form=Form.EAEU_XML, out=tmp_path / "xml")
    assert ids(tmp_path / "xml") == ["A"]
    read([inputs], form=Form.TABLE, out=tmp_path / "table")
    assert ids(tmp_path / "table") == ["ROW"]
    with pytest.raises(ReadingError, match="the document is eaeu-xml, not asycuda-xml"):
        read([inputs / "a.xml"], form=Form.ASYCUDA_XML, out=tmp_path / "other")


def test_the_order_and_number_of_the_paths_change_no_byte(tmp_path: Path) -> None:
    inputs = write(
        tmp_path / "in", {f"{n}.xml": an_eaeu_declaration(3, id=f"D{n % 4}", invoice="1") for n in range(6)}
    )
    files = sorted(inputs.iterdir())
    read(files, out=tmp_path / "one")
    read([*reversed(files), inputs], out=tmp_path / "two")
    written = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "differences.parquet" in written
    for name in written:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_what_is_wrong_is_told_with_file_item_and_field(tmp_path: Path) -> None:
    text = an_eaeu_declaration(2, id="A").replace("<catESAD_cu:NetWeightQuantity>100.25", "<x/>", 1)
    broken = an_eaeu_declaration(2, id="B")
    at = broken.rindex("100.25")
    broken = broken[:at] + "heavy" + broken[at + 6 :]
    dated = an_eaeu_declaration(1, id="C").replace("2025-02-20", "20.02.2025")
    odd = an_eaeu_declaration(1, id="D", procedure="XX")
    files = {
        "a.xml": text,
        "b.xml": broken,
        "c.xml": dated,
        "d.xml": odd,
        "e.xml": an_eaeu_declaration(1, id="E"),
    }
    read([write(tmp_path / "in", files)], out=tmp_path / "out")
    assert ids(tmp_path / "out") == ["E"]
    told = [
        (
            Path(r["source"]).name,
            r["position"],
            r["declaration_id"],
            r["item_no"],
            r["field"],
            r["value"],
            r["code"],
        )
        for r in rows(tmp_path / "out", "quarantine")
    ]
    assert told == [
        ("a.xml", "file", None, None, None, None, "xml-broken"),
        ("b.xml", "declaration 1", "B", 2, "net_mass_kg", "heavy", "value-not-number"),
        ("c.xml", "declaration 1", "C", 1, "documents.document_date", "20.02.2025", "value-not-date"),
        ("d.xml", "declaration 1", "D", None, "direction", "XX", "value-unmapped"),
    ]
    assert {row["declaration_id"] for row in rows(tmp_path / "out", "documents")} == {"E"}


def test_the_same_declaration_in_two_files_is_told(tmp_path: Path) -> None:
    files = {name: an_eaeu_declaration(1, id="A") for name in ("a.xml", "b.xml")}
    files["c.xml"] = an_eaeu_declaration(1, id="C")
    result = read([write(tmp_path / "in", files)], out=tmp_path / "out")
    assert (result.declarations, dict(result.reasons)) == (1, {"item-duplicate": 1})


def test_other_documents_are_counted_by_kind(tmp_path: Path) -> None:
    files = {"a.xml": an_eaeu_declaration(1), "n.xml": in_an_envelope(notice=a_notice("A"))}
    result = read([write(tmp_path / "in", files)], out=tmp_path / "out")
    assert result.other_documents == {"NotifGTDRegistration": 1}


def test_a_draft_without_number_and_day_takes_both_from_its_file(tmp_path: Path) -> None:
    text = an_eaeu_declaration(1)
    for element in ("DocumentID", "EDocDateTime"):
        start, stop = text.index(f"<cat_ru:{element}>"), text.index(f"</cat_ru:{element}>")
        text = text[:start] + text[stop + len(f"</cat_ru:{element}>") :]
    inputs = write(
        tmp_path / "in", {"draft.xml": text, "again/draft.xml": text.replace("ЖЕНСКАЯ", "МУЖСКАЯ")}
    )
    read([inputs], out=tmp_path / "out", undated=date(2025, 3, 5))
    found = ids(tmp_path / "out")
    assert [name.rpartition("-")[0] for name in found] == ["draft", "draft"]
    assert {row["registered_at"] for row in rows(tmp_path / "out")} == {datetime(2025, 3, 5, tzinfo=UTC)}
    [told, _] = rows(tmp_path / "out", "differences")
    assert (told["field"], told["stated"], told["found"]) == ("registered_at", None, "2025-03-05")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("draft.xml", (2025, 3, 1, 12, 30, 0)), text)
    read([tmp_path / "z.zip"], out=tmp_path / "zipped")
    assert rows(tmp_path / "zipped")[0]["registered_at"] == datetime(2025, 3, 1, 12, 30, tzinfo=UTC)


def test_mutated_documents_cost_themselves_only(tmp_path: Path) -> None:
    told = chunk(seed=7, first=0, count=400, documents=seeds(), kept=tmp_path)
    assert told.crashes == []
    assert told.read > 100
    assert told.codes["xml-broken"] > 20
