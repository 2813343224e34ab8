"""Capacity as people state it: shares of the day, or minutes in a file."""

from datetime import date
from pathlib import Path

import pytest

from daliz.engine.allocation import Capacity, CapacityError

FORMS = ("documents", "physical", "post_release")
POOLS = ("55301", "60701", "almaty")
DAY = date(2026, 3, 2)


def test_shares_are_of_the_days_declarations_rounded_down() -> None:
    capacity = Capacity.of("documents=16%, physical=0.04", forms=FORMS)
    assert capacity.available("*", "documents", DAY, declarations=205) == 32
    assert capacity.available("*", "physical", DAY, declarations=205) == 8
    assert capacity.unit == "declarations"


def test_a_share_that_is_exact_is_not_lost_to_binary_fractions() -> None:
    assert Capacity.of("documents=29%", forms=FORMS).available("*", "documents", DAY, declarations=100) == 29


def test_a_form_without_capacity_has_none() -> None:
    assert Capacity.of("physical=4%", forms=FORMS).available("*", "documents", DAY, declarations=500) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("xray=4%", "xray is not a form of control; the forms are documents, physical, post_release"),
        ("physical=140%", "the capacity of physical is 140%; write a share such as 16% or 0.16"),
        ("physical", "the capacity of physical is -"),
        ("physical=nan", "the capacity of physical is nan"),
        ("", "is not a form of control"),
        ("physical=4%,physical=5%", "the capacity of physical is stated twice"),
    ],
)
def test_a_wrong_share_is_told_with_what_would_be_right(text: str, says: str) -> None:
    with pytest.raises(CapacityError, match=says):
        Capacity.of(text, forms=FORMS)


def a_file(folder: Path, *lines: str) -> Path:
    path = folder / "capacity.csv"
    path.write_text("\n".join(["pool,form,day,minutes", *lines]), encoding="utf-8")
    return path


def test_minutes_are_the_offices_own_then_its_pools_then_everybodys(tmp_path: Path) -> None:
    path = a_file(tmp_path, "*,physical,,60", "almaty,physical,,120", "55301,physical,,30")
    capacity = Capacity.from_file(path, forms=FORMS, pools=POOLS)
    assert capacity.pool_of("physical", office="55301", pool="almaty") == "55301"
    assert capacity.pool_of("physical", office="55302", pool="almaty") == "almaty"
    assert capacity.pool_of("physical", office="60001", pool="aktau") == "*"
    assert capacity.available("almaty", "physical", DAY, declarations=9) == 120
    assert capacity.unit == "minutes"


def test_a_days_own_line_comes_before_the_line_for_every_day(tmp_path: Path) -> None:
    path = a_file(tmp_path, "*,documents,,600", "*,documents,2026-03-02,90")
    capacity = Capacity.from_file(path, forms=FORMS, pools=POOLS)
    assert capacity.available("*", "documents", DAY, declarations=9) == 90
    assert capacity.available("*", "documents", date(2026, 3, 3), declarations=9) == 600


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("*,xray,,60", r"capacity\.csv line 2: xray is not a form of control"),
        ("*,physical,31.03.2026,60", "31.03.2026 is not a day such as 2026-03-31"),
        ("*,physical,,many", "many is not a number of minutes"),
        ("*,physical,,-5", "-5 is not a number of minutes"),
        ("*,physical,,inf", "inf is not a number of minutes"),
        (",physical,,60", "the pool is empty"),
        ("allmaty,physical,,60", r"allmaty is no office and no pool of the pack; did you mean almaty\?"),
        ("*,physical,,", "– is not a number of minutes"),
    ],
)
def test_a_wrong_line_is_told_by_number(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(CapacityError, match=says):
        Capacity.from_file(a_file(tmp_path, line), forms=FORMS, pools=POOLS)


def test_two_lines_for_one_pool_form_and_day_contradict(tmp_path: Path) -> None:
    with pytest.raises(CapacityError, match="line 3: this pool, form and day have a line already"):
        Capacity.from_file(a_file(tmp_path, "*,physical,,60", "*,physical,,70"), forms=FORMS, pools=POOLS)


def test_a_file_with_other_columns_is_told_which_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "capacity.csv"
    path.write_text("office,minutes\n1,2\n")
    with pytest.raises(CapacityError, match="needs pool, form, day, minutes"):
        Capacity.from_file(path, forms=FORMS, pools=POOLS)


def test_an_empty_or_unreadable_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CapacityError, match="states no capacity"):
        Capacity.from_file(a_file(tmp_path), forms=FORMS, pools=POOLS)
    with pytest.raises(CapacityError, match="cannot be read"):
        Capacity.from_file(tmp_path / "none.csv", forms=FORMS, pools=POOLS)


def test_a_file_as_a_spreadsheet_writes_it_has_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "capacity.csv"
    path.write_text("\ufeffpool;form;day;minutes\r\n*;physical;;60\r\n", encoding="utf-8")
    capacity = Capacity.from_file(path, forms=FORMS, pools=POOLS)
    assert capacity.available("*", "physical", DAY, declarations=9) == 60
