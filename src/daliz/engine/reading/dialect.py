"""How a CSV file is written: what the mapping states, and what the file itself shows."""

import codecs
import contextlib
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.mapping import Layout
from daliz.language import N_

_BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 18
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS: Final = (",", ";", "\t", "|")
_WORD: Final = re.compile(r"[А-Яа-яЁё]{3,}")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written."""

    encoding: str
    delimiter: str
    quote: str


def detect_dialect(path: Path, layout: Layout) -> Dialect:
    """Return how ``path`` is written; the mapping's word stands, the rest is seen from the file.

    Raises:
        ReadingError: the encoding or the delimiter cannot be told.
    """
    encoding = layout.encoding or _encoding(path)
    with path.open("rb") as file:
        text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(file.read(_SAMPLE))
    if not text.strip():
        raise ReadingError(N_("the file is empty"), code="file-empty")
    lines = text.splitlines()
    if len(lines) > 1 and path.stat().st_size > _SAMPLE:
        lines.pop()
    return Dialect(encoding, layout.delimiter or _delimiter(lines[:100], layout.quote), layout.quote)


def detect_decimal(values: Sequence[str]) -> str:
    """Return the decimal sign that numbers are written with.

    A comma counts only if no value has a point and some value has a comma that cannot stand between
    thousands.

    Example:
        >>> detect_decimal(["1 200,5", "17"]), detect_decimal(["1,200"]), detect_decimal(["3.5", "1,25"])
        (',', '.', '.')
    """
    if any("." in value for value in values):
        return "."
    comma = any(re.fullmatch(r"[+-]?[\d\s]*,(\d{1,2}|\d{4,})", value) for value in values)
    return "," if comma else "."


def _encoding(path: Path) -> str:
    """Return the encoding, from the byte order mark, from validity, and for cp1251 from Russian words."""
    with path.open("rb") as file:
        start = file.read(4)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name
        if len(start) == 4 and start[1::2] == b"\0\0" and start[0] and start[2]:
            return "utf-16-le"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        offset = 0
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
                offset += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return _not_utf8(path, max(0, offset + error.start - _SAMPLE // 2))
        return "utf-8"


def _not_utf8(path: Path, offset: int) -> str:
    with path.open("rb") as file:
        file.seek(offset)
        sample = file.read(_SAMPLE)
    valid = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", sample))
    wrong = len(re.findall(rb"[\x80-\xff]+", sample))
    words = sum(map(len, _WORD.findall(sample.decode("cp1251", errors="replace"))))
    high = len(re.findall(rb"[\x80-\xff]", sample))
    if high and words >= 0.8 * high and valid < 0.5 * wrong:
        return "cp1251"
    raise ReadingError(
        N_("the bytes are not UTF-8 and no other encoding is plain; state source.encoding in the mapping"),
        code="file-encoding",
    )


def _delimiter(lines: Sequence[str], quote: str) -> str:
    """Return the sign that divides the sample into the most columns, evenly."""
    best, best_score = "", (0.0, 0)
    for sign in _DELIMITERS:
        rows: list[list[str]] = []
        with contextlib.suppress(csv.Error):  # what cannot be divided here is told when it is read
            rows.extend(row for row in csv.reader(lines, delimiter=sign, quotechar=quote) if row)
        if not rows:
            continue
        width = len(rows[0])
        even = Counter(len(row) for row in rows)[width] / len(rows)
        if width > 1 and (round(even, 1), width) > best_score:
            best, best_score = sign, (round(even, 1), width)
    if not best:
        raise ReadingError(
            N_("no delimiter is plain; state source.delimiter in the mapping"), code="file-delimiter"
        )
    return best
