"""Whatever is loaded and undone in whatever order, each day has one list at most, and says which."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from daliz.engine.official import Load, Shelf, Undo
from daliz.engine.official.log import Entry, active, in_force, line_of, read_log

FIRST = date(2025, 1, 1)


def a_load(number: int, since: int, lasts: int | None, replaces: tuple[int, ...] = ()) -> Load:
    """Load ``number``, from day ``since`` on, ``lasts`` days more than one."""
    begin = FIRST + timedelta(days=since)
    return Load(
        number=number, kind="hs", edition=str(number), valid_from=begin,
        valid_until=None if lasts is None else begin + timedelta(days=lasts), file=f"hs/{number}.csv",
        sha256="00", rows=1, added=1, removed=0, changed=0, refused=0, amends=False, replaces=replaces,
        source="", source_name="", source_sha256="00", loaded_on=FIRST,
    )  # fmt: skip


@st.composite
def logs(draw: st.DrawFn) -> tuple[Entry, ...]:
    """A log of some loads, a few of them replacing earlier ones, and some undone."""
    entries: list[Entry] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        lasts = draw(st.one_of(st.none(), st.integers(0, 8)))
        before = list(range(1, number))
        replaced = draw(st.lists(st.sampled_from(before), unique=True, max_size=2)) if before else []
        entries.append(a_load(number, draw(st.integers(0, 12)), lasts, tuple(replaced)))
        if draw(st.integers(0, 4)) == 0:
            entries.append(Undo(number, FIRST, ""))
    return tuple(entries)


@settings(max_examples=200, deadline=None)
@given(logs())
def test_each_day_belongs_to_one_stretch_and_it_is_the_one_in_force(entries: tuple[Entry, ...]) -> None:
    shelf = Shelf(Path(), entries)
    stretches = shelf.stretches("hs")
    for back in range(-1, 30):
        day = FIRST + timedelta(days=back)
        found = [s.load for s in stretches if s.since <= day and (s.until is None or day <= s.until)]
        expected = in_force(shelf.loads, day)
        assert found == ([] if expected is None else [expected])


@settings(max_examples=100, deadline=None)
@given(logs())
def test_undoing_the_last_load_gives_the_days_before_it(entries: tuple[Entry, ...]) -> None:
    more = (
        *entries,
        a_load(99, 3, None, tuple(load.number for load in active(entries))),
        Undo(99, FIRST, ""),
    )
    assert Shelf(Path(), more).stretches("hs") == Shelf(Path(), entries).stretches("hs")


def test_what_another_replaces_holds_again_after_it() -> None:
    loads = (a_load(1, 0, None), a_load(2, 2, 3, replaces=(1,)))
    days = [in_force(loads, FIRST + timedelta(days=d)) for d in (0, 1, 2, 5, 6)]
    assert [load.number if load else None for load in days] == [1, 1, 2, 2, 1]


@settings(max_examples=50, deadline=None)
@given(entries=logs())
def test_a_log_is_read_as_it_was_written(entries: tuple[Entry, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "loads.jsonl").write_text("".join(map(line_of, entries)), encoding="utf-8")
        assert read_log(Path(folder)) == entries
