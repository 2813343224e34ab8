# ruff: noqa: E501 -- expressions and their SQL stand on one line each
"""Generated expressions over hostile rows: DuckDB, generated Python and a plain interpreter agree row by row."""

import math
from collections.abc import Iterator, Sequence
from random import Random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daliz.engine.indicators import (
    Expression,
    ExpressionError,
    compile_python,
    compile_value,
    firing_sql,
    register_lists,
    to_sql,
)  # fmt: skip
from daliz.engine.indicators.texts import lower, upper
from daliz.engine.records.duck import connect
from tests.engine.indicators.cast import LISTS, Author, Declaration, facts, hostile_declarations, read
from tests.engine.indicators.oracle import value


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        register_lists(connection, LISTS)
        yield connection


def by_duckdb(
    duck: duckdb.DuckDBPyConnection, expressions: dict[str, Expression], declarations: Sequence[Declaration]
) -> list[dict[str, object]]:
    duck.register("facts", facts(declarations))
    query = f"SELECT * FROM ({firing_sql(expressions, 'facts')}) ORDER BY declaration_id, item_no"
    answer = duck.sql(query)
    assert answer is not None
    rows = pa.table(answer.to_arrow_table()).to_pylist()
    order = {f"D{at}": at for at in range(len(declarations))}
    return sorted(rows, key=lambda row: (order[row["declaration_id"]], row["item_no"]))


def same(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return a == b and not math.isnan(a)
    return type(a) is type(b) and a == b


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.integers(0, 2**32))
def test_all_back_ends_agree_on_every_row(duck: duckdb.DuckDBPyConnection, seed: int) -> None:
    random = Random(seed)
    author = Author(random)
    texts = [author.flag(random.randint(1, 4)) for _ in range(12)]
    expressions = {
        f"e{at}": read(text, currency=random.choice((None, "KZT"))) for at, text in enumerate(texts)
    }
    declarations = hostile_declarations(random, 12)
    rows = iter(by_duckdb(duck, expressions, declarations))
    program = compile_python(expressions, lists=LISTS)
    for items in declarations:
        answers = program.evaluate([[item[name] for name in program.names] for item in items])
        for at, item in enumerate(items):
            row = next(rows)
            for key, expression in expressions.items():
                found = (value(expression.root, item, items), answers[key][at], row[key])
                assert found[0] is found[1] is found[2], (expression.text, item, found)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_value_expressions_agree_too(duck: duckdb.DuckDBPyConnection, seed: int) -> None:
    random = Random(seed)
    author = Author(random)
    texts = [author.number(unit, 3) for unit in ("kg", "money", "", "money/kg")] + [
        author.text(3),
        author.date(3),
    ]
    expressions = {f"e{at}": read(text, currency="KZT") for at, text in enumerate(texts)}
    declarations = hostile_declarations(random, 10)
    rows = by_duckdb(duck, expressions, declarations)
    for key, expression in expressions.items():
        compute, names, remaining = (
            compile_value(expression, lists=LISTS),
            sorted(expression.names),
            iter(rows),
        )
        for items in declarations:
            computed = compute([[item[name] for name in names] for item in items])
            for item, one in zip(items, computed, strict=True):
                found = (value(expression.root, item, items), one, next(remaining)[key])
                assert same(found[0], found[1]), (expression.text, item, found)
                assert same(found[1], found[2]), (expression.text, item, found)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_canonical_text_reads_back_as_the_same_tree(seed: int) -> None:
    random = Random(seed)
    expression = read(Author(random).flag(4), currency="KZT")
    again = read(expression.text, currency="KZT")
    assert again == expression
    assert again.text == expression.text


def test_letters_change_case_as_in_duckdb_for_every_code_point(duck: duckdb.DuckDBPyConnection) -> None:
    letters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    duck.register("letters", pa.table({"letter": letters}))
    answer = duck.execute("SELECT lower(letter), upper(letter) FROM letters").fetchall()
    wrong = [
        letter
        for letter, (small, capital) in zip(letters, answer, strict=True)
        if lower(letter) != small or upper(letter) != capital
    ]
    assert wrong == []


def test_a_sum_is_taken_in_the_order_of_items_whatever_the_order_of_rows(
    duck: duckdb.DuckDBPyConnection,
) -> None:
    total = read("sum(item.net_mass_kg)")
    items = [{"item.net_mass_kg": mass} for mass in (1e16, 1.0, -1e16)]
    table = pa.table(
        {
            "declaration_id": ["A"] * 3,
            "version": [1] * 3,
            "item_no": [3, 1, 2],
            "item.net_mass_kg": [-1e16, 1e16, 1.0],
        }
    )
    duck.register("shuffled", table)
    answer = duck.execute(f"SELECT DISTINCT {to_sql(total)} FROM shuffled").fetchall()
    assert answer == [(0.0,)]
    assert compile_value(total)([[item["item.net_mass_kg"]] for item in items]) == [0.0, 0.0, 0.0]


def test_hundreds_of_conditions_in_a_row_compile_and_agree(duck: duckdb.DuckDBPyConnection) -> None:
    codes = [f"{code:04d}" for code in range(700)]
    long = read(" OR ".join(f"item.hs_code='{code}'" for code in codes))
    items: Declaration = [dict.fromkeys(facts([[]]).column_names[3:]) | {"item.hs_code": "0699"}]
    (row,) = by_duckdb(duck, {"long": long}, [items])
    assert row["long"] is True
    assert compile_python({"long": long}).evaluate([["0699"]]) == {"long": (True,)}


def test_deep_alternation_of_arithmetic_and_coalesce_does_not_explode() -> None:
    text = "item.net_mass_kg"
    for _ in range(20):
        text = f"(coalesce({text}, 1) / 2)"
    try:
        written = to_sql(read(f"{text} > 1"))
    except ExpressionError as error:  # too deep is a right answer as well
        assert error.code == "expression-too-deep"  # noqa: PT017 -- either outcome is right
    else:
        assert len(written) < 50_000
