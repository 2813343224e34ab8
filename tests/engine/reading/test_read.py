"""Reading takes what is right, keeps out whole what is broken, and says why."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daliz.engine.reading import (
    ReadingError,
    ReadingResult,
    SourceMapping,
    parse_mapping,
    read,
    shipped_mapping,
)

GOOD = {
    "declaration_id": "A", "version": "1", "item_no": "1", "registered_at": "2025-03-01",
    "direction": "import", "office": "50001", "origin_country": "CN", "hs_code": "6403919300",
    "net_mass_kg": "12.5", "customs_value": "900.10",
}  # fmt: skip
HEADER = ",".join(GOOD)


def a_row(**other: str) -> str:
    return ",".join((GOOD | other).values())


def a_file(folder: Path, *rows: str, name: str = "in.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def reading(folder: Path, *paths: Path, mapping: SourceMapping | None = None) -> ReadingResult:
    return read(paths, mapping=mapping, out=folder / "out")


def rows_of(folder: Path, table: str = "declarations") -> list[dict[str, Any]]:
    return pq.read_table(folder / "out" / f"{table}.parquet").to_pylist()


def reasons_of(folder: Path) -> list[tuple[str, str | None, str | None, str | None, str]]:
    return [
        (r["position"], r["declaration_id"], r["field"], r["value"], r["code"])
        for r in rows_of(folder, "quarantine")
    ]


def test_a_plain_file_becomes_a_canonical_table(tmp_path: Path) -> None:
    result = reading(tmp_path, a_file(tmp_path, a_row(), a_row(item_no="2", customs_value="0.005")))
    assert (result.declarations, result.tables["declarations"], result.quarantine_entries) == (1, 2, 0)
    first, second = rows_of(tmp_path)
    assert first["registered_at"] == datetime(2025, 3, 1, tzinfo=UTC)
    assert first["customs_value"] == Decimal("900.10")
    assert first["net_mass_kg"] == 12.5
    assert first["description"] is None
    assert second["customs_value"] == Decimal("0.01")


BROKEN = [
    ("net_mass_kg", "-1", "net-mass-negative", "-1.0"),
    ("net_mass_kg", "NaN", "value-not-finite", "NaN"),
    ("net_mass_kg", "-inf", "value-not-finite", "-inf"),
    ("net_mass_kg", "1e999", "value-too-large", "1e999"),
    ("net_mass_kg", "12 kg", "value-not-number", "12 kg"),
    ("net_mass_kg", "1 2", "value-not-number", "1 2"),
    ("customs_value", "-0.01", "customs-value-negative", "-0.01"),
    ("customs_value", "1000000000000000000", "value-too-large", "1000000000000000000"),
    ("customs_value", "nan", "value-not-finite", "nan"),
    ("origin_country", "JJ", "origin-unknown", "JJ"),
    ("origin_country", "cn", "origin-unknown", "cn"),
    ("hs_code", "64O3", "hs-code-wrong", "64O3"),
    ("hs_code", "6403.91", "hs-code-wrong", "6403.91"),
    ("hs_code", "1234567890123", "hs-code-wrong", "1234567890123"),
    ("registered_at", "2199-01-01", "date-impossible", "2199-01-01 00:00:00+00"),
    ("registered_at", "2025-02-30", "value-not-date", "2025-02-30"),
    ("registered_at", "", "value-missing", None),
    ("direction", "imp", "direction-unknown", "imp"),
    ("direction", "", "value-missing", None),
    ("item_no", "1.5", "value-not-whole", "1.5"),
    ("item_no", "0", "item-below-one", "0"),
    ("version", "99999999999", "value-too-large", "99999999999"),
]


@pytest.mark.parametrize(("field", "value", "code", "shown"), BROKEN)
def test_a_broken_record_keeps_its_whole_declaration_out(
    field: str, value: str, code: str, shown: str | None, tmp_path: Path
) -> None:
    other = {"registered_at": value, "direction": value}.keys() & {field}
    head = dict.fromkeys(other, value)
    path = a_file(
        tmp_path,
        a_row(**({"item_no": "2"} | head)),
        a_row(**{field: value}),
        a_row(declaration_id="B"),
    )
    result = reading(tmp_path, path)
    assert [row["declaration_id"] for row in rows_of(tmp_path)] == ["B"]
    found = reasons_of(tmp_path)
    assert ("line 3", "A", field, shown, code) in found
    assert {entry[1] for entry in found} == {"A"}
    assert (result.declarations, result.quarantined_declarations) == (1, 1)


def test_each_reason_is_one_entry(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_row(net_mass_kg="-1", hs_code="X"), a_row(declaration_id="B"))
    reading(tmp_path, path)
    assert reasons_of(tmp_path) == [
        ("line 2", "A", "hs_code", "X", "hs-code-wrong"),
        ("line 2", "A", "net_mass_kg", "-1.0", "net-mass-negative"),
    ]


def test_a_header_that_differs_between_rows_breaks_the_declaration(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_row(), a_row(item_no="2", office="50002"), a_row(declaration_id="B"))
    reading(tmp_path, path)
    assert reasons_of(tmp_path) == [("line 3", "A", "office", "50001 ≠ 50002", "header-differs")]


def test_two_versions_may_differ_in_their_header(tmp_path: Path) -> None:
    path = a_file(tmp_path, a_row(), a_row(version="2", office="50002"))
    assert reading(tmp_path, path).tables["declarations"] == 2


def test_a_goods_item_that_stands_twice_breaks_the_declaration_even_across_files(tmp_path: Path) -> None:
    one = a_file(tmp_path, a_row(), a_row(declaration_id="B"), name="one.csv")
    two = a_file(tmp_path, a_row(), a_row(declaration_id="C"), name="two.csv")
    reading(tmp_path, one, two)
    assert [row["declaration_id"] for row in rows_of(tmp_path)] == ["B", "C"]
    [entry] = rows_of(tmp_path, "quarantine")
    assert (entry["source"], entry["position"], entry["code"]) == (str(two), "line 2", "item-duplicate")


def test_ragged_and_malformed_rows_keep_their_declaration_out(tmp_path: Path) -> None:
    path = a_file(
        tmp_path, a_row(), a_row(item_no="2") + ",more", a_row(declaration_id="B"),
        'C,1,1,"2025"x,import,,,,,', "D,1", a_row(declaration_id="D"),
    )  # fmt: skip
    reading(tmp_path, path)
    assert [row["declaration_id"] for row in rows_of(tmp_path)] == ["B"]
    assert [(e[0], e[1], e[4]) for e in reasons_of(tmp_path)] == [
        ("line 3", "A", "row-ragged"), ("line 5", "C", "row-malformed"), ("line 6", "D", "row-ragged"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["XK", "EU", "ZR", "ZZ", "GB"])
def test_countries_of_customs_forms_are_no_mistake(code: str, tmp_path: Path) -> None:
    assert reading(tmp_path, a_file(tmp_path, a_row(origin_country=code))).quarantine_entries == 0


def test_reading_again_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = [a_row(declaration_id=f"D{n:03}", net_mass_kg=str(n - 3)) for n in range(50)]
    path = a_file(tmp_path, *rows)
    read([path], out=tmp_path / "a", threads=1)
    read([path], out=tmp_path / "b", threads=2)
    for name in ("declarations", "quarantine"):
        one, two = (tmp_path / folder / f"{name}.parquet" for folder in "ab")
        assert one.read_bytes() == two.read_bytes()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(
    ["utf-8", "utf-8-sig", "cp1251", "utf-16"]))  # fmt: skip
def test_columns_in_any_order_with_any_delimiter_and_encoding_give_the_same_rows(
    seed: int, delimiter: str, encoding: str, tmp_path: Path
) -> None:
    cells = GOOD | {"description": "обувь мужская, кожаная; чёрная|белая", "net_mass_kg": "1234.5"}
    names = list(cells)
    random.Random(seed).shuffle(names)
    text = delimiter.join(names) + "\n" + delimiter.join(f'"{cells[name]}"' for name in names) + "\n"
    path = tmp_path / "shuffled.csv"
    path.write_bytes(text.encode(encoding))
    reading(tmp_path, path)
    [row] = rows_of(tmp_path)
    assert row["description"] == "обувь мужская, кожаная; чёрная|белая"
    assert (row["declaration_id"], row["net_mass_kg"]) == ("A", 1234.5)


def test_decimal_commas_and_spaces_between_thousands_are_understood(tmp_path: Path) -> None:
    header = HEADER.replace(",", ";")
    row = a_row(net_mass_kg="1 234|5", customs_value="12 000 000|45").replace(",", ";").replace("|", ",")
    reading(tmp_path, a_file(tmp_path, row, header=header))
    [found] = rows_of(tmp_path)
    assert (found["net_mass_kg"], found["customs_value"]) == (1234.5, Decimal("12000000.45"))


def test_one_unreadable_file_costs_one_entry_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = a_file(tmp_path, a_row(), name="good.csv")
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"declaration_id": ["A"]}), whole)
    broken = {
        "empty.csv": b"",
        "truncated.parquet": whole.read_bytes()[:-20],
        "no.xlsx": b"this is no workbook",
        "bytes.csv": (HEADER + "\n" + a_row(office="обувь ")).encode() + b"\xff\xfe\n",
        "columns.csv": b"declaration_id,item_no\nA,1\n",
        "quote.csv": (HEADER + '\n"' + a_row() + "\n").encode(),
        "image.png": b"\x89PNG",
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    result = reading(tmp_path, good, *(tmp_path / name for name in broken), tmp_path / "absent.csv")
    assert result.declarations == 1
    assert [
        (r["source"].rsplit("/", 1)[-1], r["position"], r["code"]) for r in rows_of(tmp_path, "quarantine")
    ] == [
        ("absent.csv", "file", "file-unreadable"),
        ("bytes.csv", "file", "file-encoding"),
        ("columns.csv", "file", "file-column-missing"),
        ("empty.csv", "file", "file-empty"),
        ("image.png", "file", "file-kind"),
        ("no.xlsx", "file", "file-unreadable"),
        ("quote.csv", "file", "file-quote"),
        ("truncated.parquet", "file", "file-unreadable"),
    ]


def test_nothing_readable_is_an_error_with_a_quarantine(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(ReadingError) as caught:
        reading(tmp_path, tmp_path / "empty.csv")
    assert caught.value.code == "nothing-read"
    assert len(rows_of(tmp_path, "quarantine")) == 1


def test_a_source_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    path = a_file(tmp_path / "out", a_row(), name="declarations.parquet")
    with pytest.raises(ReadingError) as caught:
        reading(tmp_path, path)
    assert caught.value.code == "out-is-source"


def test_a_workbook_is_read_as_its_texts_would_be(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(GOOD))
    sheet.append(["A", 1, 1, datetime(2025, 3, 1, 9, 30), "import", 50001, "CN", "0407110000", 12.5, 900.1])  # noqa: DTZ001
    book.save(tmp_path / "in.xlsx")
    reading(tmp_path, tmp_path / "in.xlsx")
    [row] = rows_of(tmp_path)
    assert row["registered_at"] == datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
    assert (row["office"], row["hs_code"], row["customs_value"]) == ("50001", "0407110000", Decimal("900.10"))


def test_a_parquet_file_is_read_with_its_types(tmp_path: Path) -> None:
    table = pa.table(
        {name: [value] for name, value in GOOD.items() if name not in ("registered_at", "customs_value")}
        | {"registered_at": [datetime(2025, 3, 1, 9, tzinfo=UTC)], "customs_value": [Decimal("900.10")]}
    )
    pq.write_table(table, tmp_path / "in.parquet")
    reading(tmp_path, tmp_path / "in.parquet")
    [row] = rows_of(tmp_path)
    assert (row["registered_at"], row["customs_value"]) == (
        datetime(2025, 3, 1, 9, tzinfo=UTC), Decimal("900.10"),
    )  # fmt: skip


RUSSIAN = """
source: {zone: Asia/Almaty, nulls: ["-"], names: {mass: Вес}, kinds: {Вес: number}}
tables:
  declarations:
    declaration_id: Номер ДТ
    item_no: {count: true}
    registered_at: {from: Дата, formats: ["%d.%m.%Y"]}
    direction: {from: Тип, codes: {ИМ: import, ЭК: export}}
    hs_code: {from: Код, strip: " .", pad: 10}
    net_mass_kg: {from: Вес, unit: t}
    quantity: {expression: source.mass * 2}
    customs_value: {from: Стоимость, unit: thousand}
    currency: {constant: KZT}
    description: {from: [Название, Товар]}
  containers:
    container_id: {from: Контейнеры, split: ","}
further:
  author: Автор
"""


def test_a_mapping_adapts_a_layout(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "7;01.06.2024;ИМ;6403.91 93 00;1,5;2,5;-;обувь;MSKU1, MSKU2;я",
        "7;01.06.2024;ИМ;407110000;1,5;2,5;яйца;-;;я",
        "8;01.06.2024;ТР;6403919300;1,5;2,5;-;-;;я",
        header="Номер ДТ;Дата;Тип;Код;Вес;Стоимость;Название;Товар;Контейнеры;Автор",
    )
    reading(tmp_path, path, mapping=parse_mapping(RUSSIAN))
    rows = rows_of(tmp_path)
    assert [(r["item_no"], r["hs_code"], r["description"]) for r in rows] == [
        (1, "6403919300", "обувь"), (2, "0407110000", "яйца"),
    ]  # fmt: skip
    assert rows[0]["registered_at"] == datetime(2024, 5, 31, 19, tzinfo=UTC)
    assert (rows[0]["net_mass_kg"], rows[0]["quantity"]) == (1500.0, 3.0)
    assert (rows[0]["customs_value"], rows[0]["author"], rows[0]["version"]) == (Decimal("2500.00"), "я", 1)
    assert [r["container_id"] for r in rows_of(tmp_path, "containers")] == ["MSKU1", "MSKU2"]
    assert reasons_of(tmp_path) == [("line 4", "8", "direction", "ТР", "value-unmapped")]


def test_the_korean_files_are_taken_whole(shared_data: Path, tmp_path: Path) -> None:
    result = reading(tmp_path, shared_data / "korea", mapping=shipped_mapping("korea"))
    assert result.tables == {"declarations": 45519, "findings": 45519}
    assert (result.declarations, result.quarantine_entries) == (45519, 0)
    found = {r["finding_id"]: r for r in rows_of(tmp_path, "findings")}
    assert sum(r["violation"] for r in found.values()) == 8114 + 1704
    first = next(r for r in rows_of(tmp_path) if r["declaration_id"] == "97061800")
    assert (first["customs_value"], first["duty_rate"], first["hs_code"]) == (
        Decimal("372254.40"),
        0.0,
        "440890",
    )
    assert first["registered_at"] == datetime(2019, 12, 31, 15, tzinfo=UTC)
    assert found["97061800/1/1"]["known_at"] == datetime(2020, 1, 1, 14, 59, 59, tzinfo=UTC)
