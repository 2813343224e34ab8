"""Whatever one file or archive holds costs one entry: the rest of the batch is read, in bounded memory."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from daliz.engine.reading import read
from daliz.engine.reading.xml.parsing import MOST_MARKS
from tests.engine.reading.xml.documents import an_eaeu_declaration
from tests.engine.reading.xml.test_parsing import LAUGHS, OUTSIDE, QUADRATIC

MOST_MEMORY = 500 * 2**20


def a_zip(members: dict[str, bytes], *, packed: bool = True) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 3, 1, 12, 30, 0)), data)
    return into.getvalue()


def a_locked_zip(members: dict[str, bytes]) -> bytes:
    """Return an archive whose members say that they are encrypted."""
    data = bytearray(a_zip(members, packed=False))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(sign, at + 4)
    return bytes(data)


def a_bomb(size: int, *, level: int = 1) -> bytes:
    into = io.BytesIO()
    with (
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive,
        archive.open("a.xml", "w", force_zip64=True) as member,
    ):
        member.write(b"<a>")
        for _ in range(size // 2**20):
            member.write(b" " * 2**20)
    return into.getvalue()


def quarantined(folder: Path) -> list[tuple[str, str, str]]:
    rows = pq.read_table(folder / "out" / "quarantine.parquet").to_pylist()
    return [(r["source"].removeprefix(str(folder / "in") + "/"), r["position"], r["code"]) for r in rows]


def taken(folder: Path) -> set[str | None]:
    table = pq.read_table(folder / "out" / "declarations.parquet")
    return set(table["declaration_id"].to_pylist())


GOOD = an_eaeu_declaration(1, id="INSIDE").encode()


HOSTILE: list[tuple[str, Callable[[], bytes], tuple[str, str, str]]] = [
    ("01.xml", LAUGHS.encode, ("01.xml", "file", "xml-doctype")),
    ("02.xml", QUADRATIC.encode, ("02.xml", "file", "xml-doctype")),
    ("03.xml", lambda: OUTSIDE.encode("utf-16"), ("03.xml", "file", "xml-doctype")),
    ("04.xml", lambda: GOOD[:-40], ("04.xml", "file", "xml-broken")),
    ("05.xml", lambda: b"", ("05.xml", "file", "file-empty")),
    ("06.xml", lambda: b"\x89PNG", ("06.xml", "file", "xml-broken")),
    ("07.xml", lambda: b"<rss/>", ("07.xml", "file", "xml-unknown-format")),
    ("08.xml", lambda: GOOD.replace(b"<ESADout_CU:ESADout_CU ", b'<?xml version="1.0" encoding="cp1251"?>'
                                       b"<ESADout_CU:ESADout_CU "), ("08.xml", "file", "xml-encoding")),
    ("09.xml", lambda: an_eaeu_declaration(0, id="M").encode(),
            ("09.xml", "declaration 1", "declaration-empty")),
    ("10.xml", lambda: GOOD.replace("ОБУВЬ".encode(), b"A" * 70_000),
            ("10.xml", "declaration 1", "value-too-long")),
    ("11.zip", lambda: a_zip({"a.xml": GOOD[:-9]}), ("11.zip/a.xml", "file", "xml-broken")),
    ("12.zip", lambda: a_zip({"a.xml": GOOD})[:-30], ("12.zip", "file", "file-unreadable")),
    ("13.zip", lambda: b"PK\x03\x04", ("13.zip", "file", "file-unreadable")),
    ("14.zip", lambda: a_locked_zip({"a.xml": GOOD, "b.xml": GOOD}), ("14.zip", "file", "zip-locked")),
    ("15.zip", lambda: a_zip({"/etc/a.xml": GOOD}), ("15.zip//etc/a.xml", "file", "zip-name")),
    ("16.zip", lambda: a_zip({"../a.xml": GOOD}), ("16.zip/../a.xml", "file", "zip-name")),
    ("17.zip", lambda: a_zip({"a\\..\\..\\b.xml": GOOD}), ("17.zip/a\\..\\..\\b.xml", "file", "zip-name")),
    ("18.zip", lambda: a_bomb(300 * 2**20), ("18.zip/a.xml", "file", "xml-too-large")),
    ("19.zip", lambda: a_bomb(20 * 2**20, level=9), ("19.zip/a.xml", "file", "zip-too-large")),
    ("20.zip", lambda: a_zip({"b.zip": a_zip({"c.zip": a_zip({"d.xml": GOOD})})}),
            ("20.zip/b.zip/c.zip", "file", "zip-nested")),
]  # fmt: skip
"""Files by name, and the one entry that each costs."""


def test_each_hostile_file_costs_one_entry_and_the_rest_of_the_batch_is_read(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    for name, make, _ in HOSTILE:
        (inputs / name).write_bytes(make())
    (inputs / "00.xml").write_text(an_eaeu_declaration(1, id="BEFORE"), encoding="utf-8")
    (inputs / "99.xml").write_text(an_eaeu_declaration(1, id="BEHIND"), encoding="utf-8")
    result = read([inputs], out=tmp_path / "out")
    assert quarantined(tmp_path) == [entry for _, _, entry in HOSTILE]
    assert taken(tmp_path) == {"BEFORE", "BEHIND"}
    assert result.declarations == 2


def test_a_damaged_member_costs_itself_only(tmp_path: Path) -> None:
    other = an_eaeu_declaration(1, id="OTHER").encode()
    data = bytearray(a_zip({"a.xml": GOOD, "b.xml": other}, packed=False))
    data[data.index(b"INSIDE")] ^= 1
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "m.zip").write_bytes(data)
    read([tmp_path / "in"], out=tmp_path / "out")
    assert quarantined(tmp_path) == [("m.zip/a.xml", "file", "file-unreadable")]
    assert taken(tmp_path) == {"OTHER"}


MOST_PARSED = (b"<b c='x'/>" + b"t" * 54) * (MOST_MARKS // 2 - 10)

ITEM = b"<ESADout_CUGoods><GoodsNumeric>1</GoodsNumeric>%b</ESADout_CUGoods>"
PAPER = b"<ESADout_CUPresentedDocument><PrDocumentNumber>1</PrDocumentNumber></ESADout_CUPresentedDocument>"


def a_shipment(content: bytes) -> bytes:
    return (
        b'<ESADout_CU xmlns="urn:customs.ru:Information:CustomsDocuments:ESADout_CU:5.10.0">'
        b"<CustomsProcedure>IM</CustomsProcedure><ESADout_CUGoodsShipment>"
        + content
        + b"</ESADout_CUGoodsShipment></ESADout_CU>"
    )


def test_an_error_that_is_kept_holds_nothing_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cut.xml").write_bytes(GOOD[:-40])
    (tmp_path / "in" / "cut.zip").write_bytes(a_zip({"a.xml": GOOD[:-9]})[:-30])
    (tmp_path / "in" / "good.xml").write_bytes(GOOD)
    cut, cut_zip, good = read([tmp_path / "in"], out=tmp_path / "out").sources
    assert good.error is None
    for error in (cut.error, cut_zip.error):
        assert error is not None
        assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)


READER = """
import sys
from pathlib import Path
from daliz.engine.reading import read
result = read([Path(sys.argv[1])], out=Path(sys.argv[2]))
entries = result.quarantine_entries
status = Path("/proc/self/status").read_text()
print(result.declarations, entries, int(status.split("VmHWM:")[1].split()[0]) * 1024)
"""
"""``ru_maxrss`` would do but that a process inherits it from the one that starts it."""


def weigh(folder: Path, name: str, content: bytes) -> list[int]:
    """Read a file and a good one in a process of their own: declarations, entries, bytes at most."""
    inputs = folder / "in"
    inputs.mkdir()
    (inputs / name).write_bytes(content)
    if not content:
        with (inputs / name).open("wb") as file:
            file.write(b"<a>")
            file.truncate(300 * 2**20)
    (inputs / "zz.xml").write_text(an_eaeu_declaration(1), encoding="utf-8")
    command = [sys.executable, "-c", READER, str(inputs), str(folder / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(number) for number in done.stdout.split()]


@pytest.mark.parametrize(
    ("name", "make", "taken", "entries"),
    [
        ("three hundred megabytes.xml", lambda: b"", 1, 1),
        ("bomb.zip", lambda: a_bomb(300 * 2**20), 1, 1),
        ("most that is parsed.xml", lambda: b"<a>" + MOST_PARSED + b"</a>", 1, 1),
        ("items without end.xml", lambda: a_shipment(ITEM % b"" * 190_000), 1, 1),
        ("documents without end.xml", lambda: a_shipment(ITEM % (PAPER * 190_000)), 1, 1),
        ("rows without end.xml", lambda: a_shipment(ITEM % (PAPER * 20) * 9_000), 1, 1),
        ("most that is taken.xml", lambda: an_eaeu_declaration(4_500, id="LONG").encode(), 2, 0),
    ],
)
def test_memory_stays_below_500_megabytes(
    tmp_path: Path, name: str, make: Callable[[], bytes], taken: int, entries: int
) -> None:
    declarations, told, memory = weigh(tmp_path, name, make())
    assert (declarations, told) == (taken, entries)
    assert memory < MOST_MEMORY
