"""Marks: a bit is set exactly where the condition is true, whatever the short cuts."""

from collections.abc import Iterator
from random import Random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daliz.engine.indicators import firing_sql, register_lists
from daliz.engine.indicators.marking import marking
from daliz.engine.records.duck import connect
from tests.engine.indicators.cast import LISTS, Author, facts, hostile_declarations, read

KEYS = ("declaration_id", "version", "item_no")


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        register_lists(connection, LISTS)
        yield connection


def rows(duck: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, object]]:
    answer = pa.table(duck.sql(f"SELECT * FROM ({query}) ORDER BY declaration_id, item_no").to_arrow_table())
    return answer.to_pylist()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_a_bit_is_set_where_the_condition_is_true(duck: duckdb.DuckDBPyConnection, seed: int) -> None:
    random = Random(seed)
    author = Author(random)
    written = [read(author.flag(3), currency=random.choice((None, "KZT"))) for _ in range(70)]
    duck.register("facts", facts(hostile_declarations(random, 12)))
    marks = marking([one.root for one in written], "facts", keep=KEYS, lists=LISTS)
    assert marks.words == 2
    expected = rows(duck, firing_sql({str(at): one for at, one in enumerate(written)}, "facts"))
    for row, marked in zip(expected, rows(duck, marks.sql), strict=True):
        words = [marked["w0"], marked["w1"]]
        for at, one in enumerate(written):
            word = words[at // 64]
            assert isinstance(word, int)
            assert bool(word >> (at % 64) & 1) is (row[str(at)] is True), one.text


@pytest.mark.parametrize(
    ("code", "marked"), [("8703", 1), ("870323", 1), ("8704", 0), ("8702", 0), ("87", 0), ("", 0), (None, 0)]
)
def test_a_code_is_compared_as_a_range(
    duck: duckdb.DuckDBPyConnection, code: str | None, marked: int
) -> None:
    sql = marking([read("hs(item.hs_code, '8703', '870390')").root], "one", keep=(), lists={}).sql
    assert "starts_with" not in sql
    assert sql.count("item.hs_code") == 2, "the longer prefix is within the shorter"
    duck.register("one", pa.table({"item.hs_code": pa.array([code], pa.string())}))
    assert duck.sql(sql).fetchall() == [(marked,)]


def test_searches_in_texts_come_last() -> None:
    condition = read("matches(item.description, 'us.d') AND item.first_code AND item.net_mass_kg > 5")
    sql = marking([condition.root], "facts", keep=(), lists={}).sql
    assert sql.index("regexp_matches") > sql.index("first_code")
    assert sql.index("regexp_matches") > sql.index("net_mass_kg")


def test_no_window_sorts_the_whole_scan() -> None:
    condition = read("any(item.first_code) AND sum(item.net_mass_kg) > 5")
    assert " OVER " not in marking([condition.root], "facts", keep=(), lists={}).sql


def test_nothing_to_mark_is_a_scan() -> None:
    assert marking([], "facts", keep=("version",), lists={}).sql == "SELECT version FROM facts"


def test_many_questions_about_codes_are_answered_once_a_code(duck: duckdb.DuckDBPyConnection) -> None:
    codes = ["8703", "870323", "6403", "87", None, "0402"]
    table = {"item.hs_code": pa.array(codes, pa.string()), "item.first_code": [True] * 5 + [False]}
    duck.register("codes", pa.table(table))
    written = [
        f"hs(item.hs_code, '{prefix}') AND item.first_code" for prefix in ("87", "8703", "64", "04", "99")
    ]
    marks = marking([read(one).root for one in written], "codes", keep=(), lists={})
    assert "SELECT DISTINCT" in marks.sql
    assert sorted(row[0] for row in duck.sql(marks.sql).fetchall()) == [0, 0, 0b1, 0b11, 0b11, 0b100][:6]


def test_a_text_wanted_twice_in_small_letters_is_changed_once(duck: duckdb.DuckDBPyConnection) -> None:
    table = {
        "declaration_id": ["A", "A"], "version": [1, 1], "item_no": [1, 2],
        "item.description": ["Обувь КОЖАНАЯ", None],
    }  # fmt: skip
    duck.register("texts", pa.table(table))
    written = [
        "matches(lower(item.description), 'кожан|leather')",
        "any(matches(lower(item.description), 'обув'))",
        "matches(lower(item.description), 'обув.*я$')",
    ]
    marks = marking([read(one).root for one in written], "texts", keep=("item_no",), lists={})
    assert marks.sql.count("regexp_matches") == 1, "plain words need no pattern"
    assert sorted(duck.sql(marks.sql).fetchall()) == [(1, 0b111), (2, 0b010)]
