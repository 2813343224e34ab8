"""Whatever a file holds, it costs a row, a declaration or itself: the rest of the batch is read."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from daliz.engine.reading import ReadingError, ReadingResult, read

HEADER: Final = "declaration_id,item_no,registered_at,direction,hs_code,net_mass_kg,description"
ROWS: Final = [f"A{n},1,2025-03-01,import,6403919300,{n}.5,обувь" for n in range(40)]
GOOD: Final = f"{HEADER}\nGOOD,1,2025-03-01,import,6403919300,1.5,обувь\n"
MUTATIONS: Final = 40
"""Mutated files of each kind and reading; five readings of each kind."""


def batch(folder: Path, files: dict[str, bytes]) -> ReadingResult:
    """Read ``files`` with a good one after them, from a folder."""
    inputs = folder / "in"
    inputs.mkdir()
    for name, content in files.items():
        (inputs / name).write_bytes(content)
    (inputs / "zz-good.csv").write_text(GOOD, encoding="utf-8")
    return read([inputs], out=folder / "out")


def taken(folder: Path) -> list[str | None]:
    return pq.read_table(folder / "out" / "declarations.parquet")["declaration_id"].to_pylist()


def codes(folder: Path) -> list[tuple[str, str, str]]:
    rows = pq.read_table(folder / "out" / "quarantine.parquet").to_pylist()
    return [(r["source"].rsplit("/", 1)[-1], r["position"], r["code"]) for r in rows]


def a_csv(folder: Path) -> bytes:
    return "\n".join([HEADER, *ROWS, ""]).encode()


def a_parquet(folder: Path) -> bytes:
    path = folder / "seed.parquet"
    pq.write_table(pa.csv.read_csv(io.BytesIO(a_csv(folder))), path)
    return path.read_bytes()


def a_workbook(folder: Path) -> bytes:
    path = folder / "seed.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, *ROWS):
        sheet.append(row.split(","))
    book.save(path)
    return path.read_bytes()


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Change, cut, double or overwrite a few places."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(data) + 1), chance.randint(1, 30)
        match chance.randrange(5):
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[place : place + length]
            case 2:
                data[place:place] = data[place : place + length]
            case 3:
                data[place:place] = chance.choice(
                    [b'"', b"\0", b"\r", b"\xff\xfe", b",,", b"\n\n", b"-1e999"]
                )
            case _:
                del data[place:]
    return bytes(data)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("suffix", "seeded"), [("csv", a_csv), ("parquet", a_parquet), ("xlsx", a_workbook)])
def test_mutated_files_never_stop_the_batch(
    suffix: str, seeded: Callable[[Path], bytes], seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    whole = seeded(tmp_path)
    result = batch(tmp_path, {f"{n:03}.{suffix}": mutated(whole, chance) for n in range(MUTATIONS)})
    assert "GOOD" in taken(tmp_path)
    assert len(result.sources) == MUTATIONS + 1
    assert result.quarantine_entries > 0


def test_a_value_of_any_length_costs_its_declaration_only(tmp_path: Path) -> None:
    long, longer = "x" * 200_000, "x" * 1_100_000
    rows = [ROWS[0], ROWS[1].replace("обувь", long), ROWS[2].replace("обувь", longer), ROWS[3]]
    batch(tmp_path, {"long.csv": "\n".join([HEADER, *rows, ""]).encode()})
    assert taken(tmp_path) == ["A0", "A1", "A3", "GOOD"]
    assert codes(tmp_path) == [("long.csv", "line 4", "row-too-long")]


def test_a_line_without_end_costs_its_declaration_only(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1] + ",x" * 5_000_000, ROWS[2]]
    batch(tmp_path, {"line.csv": "\n".join([HEADER, *rows, ""]).encode()})
    assert taken(tmp_path) == ["A0", "A2", "GOOD"]
    assert codes(tmp_path) == [("line.csv", "line 3", "row-malformed")]


def test_a_quote_left_open_costs_the_file_since_nothing_after_it_can_be_trusted(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1].replace("обувь", '"' + "x" * 1_100_000), ROWS[2]]
    batch(tmp_path, {"open.csv": "\n".join([HEADER, *rows, ""]).encode()})
    assert (taken(tmp_path), codes(tmp_path)) == (["GOOD"], [("open.csv", "file", "file-quote")])


def test_a_nul_character_costs_its_declaration_only(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1].replace("обувь", "об\0увь"), ROWS[2]]
    batch(tmp_path, {"nul.csv": "\n".join([HEADER, *rows, ""]).encode()})
    assert taken(tmp_path) == ["A0", "A2", "GOOD"]
    assert codes(tmp_path) == [("nul.csv", "line 3", "row-malformed")]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_may_end_in_any_way_and_a_mark_may_come_first(end: str, mark: str, tmp_path: Path) -> None:
    batch(tmp_path, {"lines.csv": (mark + end.join([HEADER, *ROWS[:2], ""])).encode()})
    assert (taken(tmp_path), codes(tmp_path)) == (["A0", "A1", "GOOD"], [])


def test_good_and_bad_files_in_one_folder(tmp_path: Path) -> None:
    workbook, parquet = a_workbook(tmp_path), a_parquet(tmp_path)
    batch(
        tmp_path,
        {
            "a-empty.csv": b"", "b-header.csv": HEADER.encode() + b"\n", "c-blank.csv": b"\n\n\n",
            "d-bytes.csv": a_csv(tmp_path) + b"\xff\xff\n", "e-cut.parquet": parquet[: len(parquet) // 2],
            "f-text.xlsx": b"no zip", "g-cut.xlsx": workbook[: len(workbook) // 2], "h-good.parquet": parquet,
        },
    )  # fmt: skip
    assert len(taken(tmp_path)) == 41
    assert codes(tmp_path) == [
        ("a-empty.csv", "file", "file-empty"), ("c-blank.csv", "file", "file-empty"),
        ("d-bytes.csv", "file", "file-encoding"), ("e-cut.parquet", "file", "file-unreadable"),
        ("f-text.xlsx", "file", "file-unreadable"), ("g-cut.xlsx", "file", "file-unreadable"),
    ]  # fmt: skip


def rewritten(workbook: bytes, folder: Path, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with its sheet's XML changed."""
    source, target = folder / "from.xlsx", folder / "to.xlsx"
    source.write_bytes(workbook)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name.endswith("sheet1.xml") else content)
    return target.read_bytes()


@pytest.mark.parametrize("seed", range(3))
def test_workbooks_with_mutated_sheets_never_stop_the_batch(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    whole = a_workbook(tmp_path)
    batch(
        tmp_path,
        {f"{n}.xlsx": rewritten(whole, tmp_path, lambda xml: mutated(xml, chance)) for n in range(20)},
    )
    assert "GOOD" in taken(tmp_path)


def test_a_sheet_that_claims_to_be_huge_is_read_as_it_is(tmp_path: Path) -> None:
    book = rewritten(
        a_workbook(tmp_path), tmp_path, lambda xml: xml.replace(b'ref="A1:G41"', b'ref="A1:XFD1048576"')
    )
    batch(tmp_path, {"huge.xlsx": book})
    assert (len(taken(tmp_path)), codes(tmp_path)) == (41, [])


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daliz.engine.reading.workbook.MOST_UNPACKED", 1 << 20)
    book = rewritten(a_workbook(tmp_path), tmp_path, lambda xml: xml + b" " * (2 << 20))
    batch(tmp_path, {"bomb.xlsx": book})
    assert codes(tmp_path) == [("bomb.xlsx", "file", "file-too-large")]


def test_nothing_but_bad_files_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no zip")
    with pytest.raises(ReadingError) as caught:
        read([tmp_path / "a.xlsx"], out=tmp_path / "out")
    assert caught.value.code == "nothing-read"
