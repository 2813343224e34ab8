"""Mutated documents through the whole of reading: whatever a file holds costs itself and nothing else.

    python -m scripts.fuzz_xml --count 100000

Every document is told in the result, read or left out; anything else than that, or an exception that is no
ReadingError, is a crash, written to a file that shows it again.
"""

import argparse
import io
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from lxml import etree

from daliz.engine.reading import ReadingError, read
from daliz.engine.reading.xml.formats import format_of
from daliz.engine.reading.xml.parsing import parse
from tests.engine.reading.xml.asycuda_documents import a_sad, xml_of
from tests.engine.reading.xml.documents import a_notice, an_eaeu_declaration, in_an_envelope

SHARED: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
CHUNK: Final = 1_000
ZIPS: Final = 10
"""Mutated zip files in a chunk, beside its documents."""

TEXTS: Final = (
    "", " ", "0", "-1", "NaN", "1e999", "-Infinity", "9" * 60, "1,5", "0x10", "²", "٣", "2025-02-30",
    "0000-00-00", "9999-99-99T99:99:99Z", "'; DROP TABLE mapped; --", "{value}", "{raw}", "c0", "\u202e",
    "\ufeff", "a" * 70_000, "\U0001f4a3", "]]>", "&amp;", "&#0;", "&x;", "%", "../..", "null", "true", "\t\n",
)  # fmt: skip
TOKENS: Final = (
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?", b"?>", b"&x;",
    b"&#xFFFF;", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b">", b"</", b"/>", b'"', b"xmlns:x=''",
    b"\xc3\x28", b"<a>" * 300,
)  # fmt: skip


def seeds() -> list[bytes]:
    """Return documents of every format to mutate: made here, and public samples beside the project."""
    made = [
        an_eaeu_declaration(),
        an_eaeu_declaration(1, procedure="EK", mode="10", album="5.10.0"),
        an_eaeu_declaration(1, procedure="ТТ", mode="80"),
        in_an_envelope(an_eaeu_declaration(1, id="A"), an_eaeu_declaration(1, id="B"), notice=a_notice("B")),
    ]
    found = [text.encode() for text in made]
    found += [xml_of(a_sad(seed, items=1 + seed % 3)) for seed in range(60)]
    samples = (path.read_bytes() for path in sorted(SHARED.glob("*/**/*.xml")))
    return found + [_few_items(data) for data in samples if _known(data)]


def _known(data: bytes) -> bool:
    """Return whether a document is of a known format."""
    try:
        format_of(parse(data), None)
    except ReadingError:
        return False
    return True


def _few_items(data: bytes) -> bytes:
    """Return a document with two of each kind of child at most: mutations should meet all its kinds."""
    root = parse(data)
    for element in list(root.iter()):
        seen: Counter[object] = Counter()
        for child in list(element):
            seen[child.tag] += 1
            if seen[child.tag] > 2:
                element.remove(child)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def mutated(document: bytes, chance: random.Random) -> bytes:
    """Return a document changed in one to six places, as a tree, as bytes, or both."""
    kind = chance.randrange(10)
    if kind < 8:
        document = _as_tree(document, chance)
    if kind > 6:
        document = _as_bytes(document, chance)
    return document


def _as_tree(document: bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(document, _parser())
    for _ in range(chance.randint(1, 6)):
        elements = list(root.iter())
        one = chance.choice(elements)
        above = one.getparent()
        match chance.randrange(8):
            case 0 if above is not None:
                above.remove(one)
            case 1 if above is not None:
                for _ in range(chance.choice((1, 1, 2, 50))):
                    above.append(etree.fromstring(etree.tostring(one, with_tail=False), _parser()))
            case 2:
                for _ in range(chance.choice((1, 5, 100))):
                    one.append(etree.Element(one.tag))
            case 3:
                wrapper = chance.choice(elements)
                wrapper.append(etree.fromstring(etree.tostring(one, with_tail=False), _parser()))
            case 4:
                one.tag = chance.choice(elements).tag
            case 5:
                one.set(chance.choice(("a", "nil", "{urn:x}b")), "1")
            case _:
                leaf = chance.choice([element for element in elements if not len(element)])
                text = chance.choice(TEXTS)
                leaf.text = text if text.isprintable() or not text else " "
    encoding = chance.choice(("utf-8",) * 6 + ("utf-16", "ascii"))
    declared = encoding != "utf-8" or chance.random() < 0.9
    return cast("bytes", etree.tostring(root, encoding=encoding, xml_declaration=declared))


def _as_bytes(document: bytes, chance: random.Random) -> bytes:
    data = bytearray(document)
    for _ in range(chance.randint(1, 6)):
        place, length = chance.randrange(len(data) + 1), chance.randint(1, 400)
        match chance.randrange(13) // 2:
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[place : place + length]
            case 2:
                data[place:place] = data[place : place + length]
            case 3:
                data[place:place] = chance.choice(TOKENS)
            case 4:
                del data[place:]
            case 5:
                other = chance.randrange(len(data) + 1)
                data[place:place] = data[other : other + length]
            case _:
                head = bytes(data[:120]).replace(
                    b"utf-8", chance.choice((b"utf-16", b"windows-1251", b"x", b"koi8-r", b"UTF-7"))
                )
                data[:120] = head
        if not data:
            break
    return bytes(data)


@dataclass(slots=True)
class Told:
    """What became of a chunk."""

    documents: int = 0
    read: int = 0
    items: int = 0
    quarantined: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)


def chunk(seed: int, first: int, count: int, documents: Sequence[bytes], kept: Path) -> Told:
    """Mutate and read ``count`` documents, every other one in a zip file, and some mutated zip files."""
    work = Path(tempfile.mkdtemp(prefix="fuzz-"))
    told = Told(documents=count)
    inputs = work / "in"
    inputs.mkdir()
    try:
        made = {
            f"{n:07}.xml": mutated(documents[n % len(documents)], random.Random(f"{seed}/{n}"))
            for n in range(first, first + count)
        }
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in list(made.items())[::2]:
                archive.writestr(zipfile.ZipInfo(name), data)
        (inputs / "half.zip").write_bytes(packed.getvalue())
        for name, data in list(made.items())[1::2]:
            (inputs / name).write_bytes(data)
        small = io.BytesIO()
        with zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in list(made.items())[:2]:
                archive.writestr(zipfile.ZipInfo(name), data)
        for number in range(ZIPS):
            chance = random.Random(f"{seed}/zip/{first}/{number}")
            (inputs / f"mutated-{number}.zip").write_bytes(_as_bytes(small.getvalue(), chance))
        try:
            result = read([inputs], out=work / "out")
        except ReadingError as error:
            if error.code != "nothing-read":
                raise
        else:
            sources = [source for source in result.sources if Path(source.name).name in made]
            aside = {Path(name).name for name in result.left}
            missing = set(made) - {Path(source.name).name for source in sources} - aside
            if missing:
                told.crashes.append(f"not told: {sorted(missing)[:5]}")
            told.read = sum(source.error is None for source in sources)
            told.items = result.tables["declarations"]
            told.quarantined = result.quarantined_declarations
            told.codes.update(source.error.code for source in sources if source.error is not None)
    except Exception:
        told.crashes.append(traceback.format_exc())
        shutil.copytree(inputs, kept / f"{seed}-{first}", dirs_exist_ok=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, print counts, and return 1 if anything crashed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--crashes", type=Path, default=Path("crashes"), help="folder for what crashed")
    asked = parser.parse_args(arguments)
    documents = seeds()
    began = time.monotonic()
    total = Told()
    with ProcessPoolExecutor(asked.workers) as pool:
        running = [
            pool.submit(chunk, asked.seed, first, min(CHUNK, asked.count - first), documents, asked.crashes)
            for first in range(0, asked.count, CHUNK)
        ]
        for done in as_completed(running):
            told = done.result()
            total.documents += told.documents
            total.read += told.read
            total.items += told.items
            total.quarantined += told.quarantined
            total.codes += told.codes
            total.crashes += told.crashes
            sys.stderr.write(f"\r{total.documents} documents, {len(total.crashes)} crashes")
    sys.stderr.write("\n")
    for crash in total.crashes:
        print(crash)
    print(
        f"{total.documents} mutated documents of {len(documents)} seeds: {total.read} read, "
        f"{total.documents - total.read} left out; {total.items} goods items taken, "
        f"{total.quarantined} declarations quarantined; {len(total.crashes)} crashes; "
        f"{time.monotonic() - began:.0f} s"
    )
    print(", ".join(f"{code} {times}" for code, times in sorted(total.codes.items())))
    return 1 if total.crashes else 0


if __name__ == "__main__":
    raise SystemExit(main())
