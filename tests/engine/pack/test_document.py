"""A pack's YAML is plain data with places; what is not plain is refused."""

from pathlib import Path

import pytest

from daliz.engine.pack.document import MAX_BYTES, Mapped, Scalar, plain, read_document
from daliz.engine.pack.problems import Place, Problems


def read(folder: Path, text: str | bytes) -> tuple[Mapped | None, list[tuple[str, int, int]]]:
    path = folder / "a.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    problems = Problems()
    return read_document(path, "a.yaml", problems), [(p.code, p.line, p.column) for p in problems.found]


def test_values_stay_the_text_that_was_written(tmp_path: Path) -> None:
    document, problems = read(tmp_path, "a: NO\nb: 0101\nc: 1_000\nd: 2026-01-01\ne: ~\nf: '~'\n")
    assert problems == []
    assert document is not None
    assert plain(document) == {"a": "NO", "b": "0101", "c": "1_000", "d": "2026-01-01", "e": None, "f": "~"}


def test_every_value_knows_its_place(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "first: 1\nsecond:\n  - x\n  - {third: y}\n")
    assert document is not None
    second = document.entries["second"]
    assert document.keys["second"] == Place("a.yaml", 2, 1)
    assert second.place == Place("a.yaml", 3, 3)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: one two\n", (1, 8)),
        ("a: 'one two'\n", (1, 9)),
        ("a: |\n  one two\n", (2, 7)),
        ("a: |\n\n    one two\n", (3, 9)),
    ],
)
def test_a_position_inside_a_text_is_found_in_the_file(
    tmp_path: Path, text: str, place: tuple[int, int]
) -> None:
    document, _ = read(tmp_path, text)
    assert document is not None
    value = document.entries["a"]
    assert isinstance(value, Scalar)
    line = value.text[: value.text.index("two")].count("\n") + 1
    found = value.inside(line, value.text.splitlines()[line - 1].index("two") + 1)
    assert (found.line, found.column) == place or text.startswith("a: |\n\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: &x 1\nb: *x\n", ("pack-alias", 1, 4)),
        ("a: !!python/object:os.system x\n", ("pack-tag", 1, 4)),
        ("a: 1\n---\nb: 2\n", ("pack-two-documents", 2, 1)),
        ("a: 1\na: 2\n", ("pack-duplicate-key", 2, 1)),
        ("[1, 2]: x\n", ("pack-shape", 1, 1)),
        ("- 1\n", ("pack-shape", 1, 1)),
        ("a: [1\n", ("pack-syntax", 2, 1)),
        ("a: " + "[" * 40 + "]" * 40 + "\n", ("pack-too-deep", 1, 27)),
        (b"a: \xff\n", ("pack-encoding", 1, 1)),
        (b"a: " + b"x" * MAX_BYTES, ("pack-too-large", 1, 1)),
        ("a: [" + "1, " * 250_000 + "1]\n", ("pack-too-large", 1, 600_000)),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_not_plain_is_refused(
    tmp_path: Path, text: str | bytes, problem: tuple[str, int, int]
) -> None:
    _, problems = read(tmp_path, text)
    if problem[2] == 600_000:
        assert [found[0] for found in problems] == ["pack-too-large"]
    else:
        assert problems == [problem]


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    document, problems = read(tmp_path, "# only a remark\n")
    assert (document is not None and plain(document), problems) == ({}, [])
