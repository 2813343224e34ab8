"""Loads are compared, dated, told where they clash, whole or not at all, and taken back."""

import fcntl
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from daliz.engine.loads import commit, plan_load, undo
from daliz.engine.official import KINDS, ListError, Shelf
from daliz.engine.official.log import LOG
from tests.engine.loads.builders import HS_2017, HS_2022, RATES, TNVED, a_file, a_request, lists_of, load


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` by its name."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_a_first_load_adds_everything(tmp_path: Path) -> None:
    plan = plan_load(a_request(tmp_path, "hs", HS_2017, edition="2017"))
    assert ([row["code"] for row in plan.diff.added], plan.diff.removed, plan.diff.changed) == (
        ["01", "0101", "010121", "010129"], (), (),
    )  # fmt: skip
    assert (plan.aside, plan.refused, plan.follows) == (1, (), None)
    assert not (tmp_path / "own").exists()


def test_a_second_edition_is_compared_with_the_first_and_ends_it(tmp_path: Path) -> None:
    load(tmp_path, "hs", HS_2017, "2017-01-01", edition="2017")
    plan = plan_load(a_request(tmp_path, "hs", HS_2022, "2022-01-01", edition="2022"))
    assert [row["code"] for row in plan.diff.added] == ["010130"]
    assert [row["code"] for row in plan.diff.removed] == ["010129"]
    (change,) = plan.diff.changed
    assert (change.before["en"], change.after["en"], change.columns) == (
        "Horses; pure-bred", "Horses; live, pure-bred", ("en",),
    )  # fmt: skip
    assert plan.follows is not None
    assert plan.follows.edition == "2017"
    commit(plan)
    shelf = Shelf.of(tmp_path / "own")
    assert [(s.since, s.until, s.load.edition) for s in shelf.stretches("hs")] == [
        (date(2017, 1, 1), date(2021, 12, 31), "2017"),
        (date(2022, 1, 1), None, "2022"),
    ]
    assert ("010129",) in shelf.on("hs", date(2021, 12, 31))
    assert ("010129",) not in shelf.on("hs", date(2022, 1, 1))
    assert shelf.on("hs", date(2016, 12, 31)) == {}


def test_two_loads_never_share_days_in_silence(tmp_path: Path) -> None:
    load(tmp_path, "hs", HS_2022, "2022-01-01")
    with pytest.raises(ListError, match="load 1 holds already") as told:
        plan_load(a_request(tmp_path, "hs", HS_2017, "2017-01-01"))
    assert told.value.code == "lists-overlap"
    with pytest.raises(ListError, match="load 1 holds already"):
        plan_load(a_request(tmp_path, "hs", HS_2017, "2022-01-01"))
    before = a_request(tmp_path, "hs", HS_2017, "2017-01-01", valid_until=date(2021, 12, 31))
    assert commit(plan_load(before)).number == 2


def test_replacing_on_purpose_sets_the_other_aside_on_its_days(tmp_path: Path) -> None:
    load(tmp_path, "hs", HS_2022, "2022-01-01")
    replacing = load(
        tmp_path, "hs", HS_2017, "2021-06-01", valid_until=date(2022, 6, 30), replaces=True, edition="x"
    )
    assert replacing.replaces == (1,)
    shelf = Shelf.of(tmp_path / "own")
    assert [(s.since, s.until, s.load.number) for s in shelf.stretches("hs")] == [
        (date(2021, 6, 1), date(2022, 6, 30), 2),
        (date(2022, 7, 1), None, 1),
    ]


def test_undoing_gives_the_exact_state_before_and_keeps_the_record(tmp_path: Path) -> None:
    load(tmp_path, "hs", HS_2017, "2017-01-01")
    before, fingerprint = (
        Shelf.of(tmp_path / "own").on("hs", date(2025, 1, 1)),
        lists_of(tmp_path).fingerprint,
    )
    files = bytes_of(tmp_path / "own" / "lists" / "hs")
    load(tmp_path, "hs", HS_2022, "2022-01-01")
    assert lists_of(tmp_path).fingerprint != fingerprint
    assert undo(tmp_path / "own", reason="too early", today=date(2026, 2, 1)).number == 2
    assert lists_of(tmp_path).fingerprint == fingerprint
    assert Shelf.of(tmp_path / "own").on("hs", date(2025, 1, 1)) == before
    assert files.items() <= bytes_of(tmp_path / "own" / "lists" / "hs").items()
    assert len((tmp_path / "own" / "lists" / LOG).read_text().splitlines()) == 3
    again = load(tmp_path, "hs", HS_2022, "2022-01-01")
    assert again.number == 3
    with pytest.raises(ListError, match="no load 2 to undo"):
        undo(tmp_path / "own", number=2, today=date(2026, 2, 1))


def test_an_earlier_load_may_be_undone_by_its_number(tmp_path: Path) -> None:
    load(tmp_path, "hs", HS_2017, "2017-01-01")
    load(tmp_path, "hs", HS_2022, "2022-01-01")
    undo(tmp_path / "own", number=1, today=date(2026, 2, 1))
    assert [one.number for one in Shelf.of(tmp_path / "own").loads] == [2]


def test_nothing_is_undone_where_nothing_was_loaded(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="nothing is loaded"):
        undo(tmp_path, today=date(2026, 2, 1))


@pytest.mark.parametrize("killed_at", [0, 1])
def test_a_kill_in_the_middle_leaves_the_old_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    load(tmp_path, "hs", HS_2017, "2017-01-01")
    log, fingerprint = (tmp_path / "own/lists" / LOG).read_bytes(), lists_of(tmp_path).fingerprint
    plan = plan_load(a_request(tmp_path, "hs", HS_2022, "2022-01-01"))
    done = 0
    real = os.replace

    def die(*names: object, **more: object) -> None:
        nonlocal done
        if done == killed_at:
            raise KeyboardInterrupt
        done += 1
        real(*names, **more)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        commit(plan)
    monkeypatch.undo()
    assert (tmp_path / "own/lists" / LOG).read_bytes() == log
    assert lists_of(tmp_path).fingerprint == fingerprint
    assert commit(plan_load(a_request(tmp_path, "hs", HS_2022, "2022-01-01"))).number == 2


def test_a_load_planned_on_an_older_state_is_refused(tmp_path: Path) -> None:
    late = plan_load(a_request(tmp_path, "hs", HS_2017, "2017-01-01"))
    load(tmp_path, "units", "code,symbol\n796,шт\n")
    with pytest.raises(ListError, match="changed in the meantime"):
        commit(late)


def test_two_loads_at_once_wait_for_each_other(tmp_path: Path) -> None:
    load(tmp_path, "hs", HS_2017, "2017-01-01")
    plan = plan_load(a_request(tmp_path, "hs", HS_2022, "2022-01-01"))
    handle = os.open(tmp_path / "own" / "lists", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(ListError, match="under way"):
        commit(plan)
    os.close(handle)
    assert commit(plan).number == 2


WRONG = """\
Код ТН ВЭД;Наименование позиции
87;СРЕДСТВА
8703;Автомобили
8703 23 198 1;прочие
8703 23 19A 1;с буквой
8704 10 101 1;без позиции
8703 23 198 1;ещё раз
;без кода
"""


def test_wrong_rows_are_told_with_line_and_reason_and_nothing_is_loaded(tmp_path: Path) -> None:
    plan = plan_load(a_request(tmp_path, "tnved", WRONG))
    assert [(one.line, one.column, one.reason.text()) for one in plan.refused] == [
        (5, "code", "'8703 23 19A 1' is not a goods code: 2 or 4 to 12 digits"),
        (6, "code", "8704 is missing, to which it belongs"),
        (7, "code", "it stands already in line 4"),
        (8, "code", "code is empty"),
    ]
    with pytest.raises(ListError, match="rows that are not right: 4"):
        commit(plan)
    assert Shelf.of(tmp_path / "own").loads == ()


def test_the_right_rows_are_taken_where_that_is_allowed(tmp_path: Path) -> None:
    taken = load(tmp_path, "tnved", WRONG, partial=True)
    assert (taken.rows, taken.refused) == (3, 4)


def test_a_file_without_the_column_is_refused_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="no column fills code, en/ru/kk; the file has a, b"):
        plan_load(a_request(tmp_path, "hs", "a,b\n1,2\n"))


def test_an_amendment_states_only_what_changes(tmp_path: Path) -> None:
    load(tmp_path, "tnved", TNVED, "2022-01-01")
    more = "код;наименование\n87;СРЕДСТВА\n8703;Автомобили\n8703231983;новые\n"
    plan = plan_load(a_request(tmp_path, "tnved", more, "2023-01-01", amends=True))
    assert ([row["code"] for row in plan.diff.added], plan.diff.removed) == (["8703231983"], ())
    assert commit(plan).rows == 5


def test_rates_are_added_day_by_day_and_corrected_only_on_purpose(tmp_path: Path) -> None:
    first = load(tmp_path, "rates", RATES, None)
    assert (first.valid_from, first.valid_until, first.added) == (date(2025, 3, 3), date(2025, 3, 4), 4)
    bulletin = "currency,nominal,rate\nUSD,1,502\nEUR,1,551\n"
    assert load(tmp_path, "rates", bulletin, "2025-03-05").added == 2
    same = plan_load(a_request(tmp_path, "rates", RATES, None))
    assert same.diff.empty
    other = RATES.replace("501.25", "501.30")
    with pytest.raises(ListError, match="1 rates differ from those loaded for the same day"):
        plan_load(a_request(tmp_path, "rates", other, None))
    load(tmp_path, "rates", other, None, replaces=True)
    assert Shelf.of(tmp_path / "own").on("rates", date(2025, 3, 4))["2025-03-04", "USD"]["rate"] == "501.3"


def test_a_workbook_is_read_as_a_text_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["code", "name"], ["01", "Animals"], ["0101", "Horses"]):
        sheet.append(row)
    request = a_request(tmp_path, "hs", "")
    path = tmp_path / "hs.xlsx"
    book.save(path)
    object.__setattr__(request, "file", path)
    assert commit(plan_load(request)).rows == 2


def test_a_list_changed_behind_the_log_is_noticed(tmp_path: Path) -> None:
    taken = load(tmp_path, "hs", HS_2017)
    file = tmp_path / "own" / "lists" / taken.file
    file.write_bytes(file.read_bytes() + b"02,,Meat,,\n")
    shelf = Shelf.of(tmp_path / "own")
    assert [error.code for _, error in shelf.check()] == ["lists-changed"]
    with pytest.raises(ListError, match="is not what was loaded"):
        shelf.rows(taken)


@pytest.mark.parametrize("line", ["{", "[]", '{"number": 1}', '{"undoes": "x"}'])
def test_a_log_that_is_not_one_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / LOG).write_text(line + "\n")
    with pytest.raises(ListError, match=r"loads\.jsonl:1: not a line of the log"):
        Shelf.of(tmp_path)


def test_a_log_cannot_point_outside_its_directory(tmp_path: Path) -> None:
    load(tmp_path, "hs", HS_2017)
    log = tmp_path / "own" / "lists" / LOG
    log.write_text(log.read_text().replace('"hs/', '"../../hs/'))
    with pytest.raises(ListError, match="not a line of the log"):
        Shelf.of(tmp_path / "own")


def test_the_real_edition_of_2022_goes_in_whole(tmp_path: Path, shared_data: Path) -> None:
    request = a_request(tmp_path, "hs", "", "2022-01-01", edition="2022")
    object.__setattr__(request, "file", shared_data / "reference" / "hs2022_en.csv")
    plan = plan_load(request)
    assert (plan.refused, plan.aside, plan.load.rows) == ((), 1, 6939)


def test_the_kinds_and_editions_asked_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="no kind of list 'horses'; there are hs, tnved"):
        plan_load(a_request(tmp_path, "horses", HS_2017))
    with pytest.raises(ListError, match="--edition 2017:2022"):
        plan_load(a_request(tmp_path, "correlation", "from,to\n0101,0102\n"))
    with pytest.raises(ListError, match="say from which day"):
        plan_load(a_request(tmp_path, "hs", HS_2017, None))
    assert set(KINDS) == {"hs", "tnved", "correlation", "duty", "offices", "countries", "rates", "units"}


_KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from daliz.engine.loads import Request, commit, plan_load

real, done = Path.replace, 0

def replace(one, other):
    global done
    if done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    done += 1
    return real(one, other)

Path.replace = replace
file, directory = map(Path, sys.argv[1:3])
commit(plan_load(Request("hs", file, directory, date(2022, 1, 1), today=date(2026, 1, 15))))
"""


@pytest.mark.parametrize(("names_changed", "loads"), [(0, 1), (1, 1), (2, 2)])
def test_a_process_that_is_killed_leaves_the_old_state_or_the_new_one(
    tmp_path: Path, names_changed: int, loads: int
) -> None:
    load(tmp_path, "hs", HS_2017, "2017-01-01")
    file = a_file(tmp_path, HS_2022)
    arguments = (str(file), str(tmp_path / "own"), str(names_changed))
    ended = subprocess.run([sys.executable, "-c", _KILLED, *arguments], check=False, env=dict(os.environ))
    assert ended.returncode == (0 if loads == 2 else -signal.SIGKILL)
    shelf = Shelf.of(tmp_path / "own")
    assert (len(shelf.loads), shelf.check()) == (loads, [])
    if loads == 1:
        assert load(tmp_path, "hs", HS_2022, "2022-01-01").number == 2
