# ruff: noqa: E501, ISC004 -- expressions and their SQL stand on one line each
"""Before and after: the SQL and the program that expressions become."""

import time
from random import Random

import pytest
import sqlglot

from daliz.engine.indicators import compile_python, compile_value, firing_sql, to_sql
from tests.engine.indicators.cast import Author, read


@pytest.mark.parametrize(
    ("written", "duckdb", "spark"),
    [
        ("item.net_mass_kg > 1", '("item.net_mass_kg" > 1.0e0)', "(`item.net_mass_kg` > 1.0e0)"),
        ("NOT item.first_code", '(NOT "item.first_code")', "(NOT `item.first_code`)"),
        (
            "item.duty / item.net_mass_kg < 2",
            '(CASE WHEN isfinite(("item.duty" / "item.net_mass_kg")) THEN ("item.duty" / "item.net_mass_kg") END'
            " < CASE WHEN \"declaration.currency\" = 'KZT' THEN 2.0e0 END)",
            "(CASE WHEN abs(try_divide(`item.duty`, `item.net_mass_kg`)) <= 1.7976931348623157e308"
            " THEN try_divide(`item.duty`, `item.net_mass_kg`) END"
            " < CASE WHEN `declaration.currency` = 'KZT' THEN 2.0e0 END)",
        ),
        (
            "hs(item.hs_code, '87')",
            "CASE WHEN starts_with(\"item.hs_code\", '87') THEN TRUE WHEN (\"item.hs_code\" IS NULL"
            " OR starts_with('87', \"item.hs_code\")) THEN NULL ELSE FALSE END",
            "CASE WHEN startswith(`item.hs_code`, '87') THEN TRUE WHEN (`item.hs_code` IS NULL"
            " OR startswith('87', `item.hs_code`)) THEN NULL ELSE FALSE END",
        ),
        (
            "item.first_code AND hs(item.hs_code, '8')",
            "CASE WHEN starts_with(\"item.hs_code\", '8') THEN \"item.first_code\" WHEN (\"item.hs_code\" IS NULL"
            " OR starts_with('8', \"item.hs_code\")) THEN (NULL AND \"item.first_code\") ELSE FALSE END",
            "CASE WHEN startswith(`item.hs_code`, '8') THEN `item.first_code` WHEN (`item.hs_code` IS NULL"
            " OR startswith('8', `item.hs_code`)) THEN (NULL AND `item.first_code`) ELSE FALSE END",
        ),
        (
            "any(item.first_code)",
            'CASE max(coalesce(CAST("item.first_code" AS INT) * 2, 1)) OVER (PARTITION BY declaration_id, version)'
            " WHEN 2 THEN TRUE WHEN 0 THEN FALSE END",
            "CASE max(coalesce(CAST(`item.first_code` AS INT) * 2, 1)) OVER (PARTITION BY declaration_id, version)"
            " WHEN 2 THEN TRUE WHEN 0 THEN FALSE END",
        ),
        (
            r"item.description LIKE '5\%''' OR item.description = '\'",
            "((\"item.description\" LIKE '5\\%''') OR (\"item.description\" = '\\'))",
            r"((`item.description` LIKE '5\\\\%\'') OR (`item.description` = '\\'))",
        ),
        (
            "in_list(item.origin_country, 'offshore')",
            'CASE WHEN "item.origin_country" IS NOT NULL THEN "item.origin_country" IN'
            " (SELECT member FROM lists WHERE list_name = 'offshore') END",
            "CASE WHEN `item.origin_country` IS NOT NULL THEN array_contains((SELECT collect_set(member) FROM lists"
            " WHERE list_name = 'offshore'), `item.origin_country`) END",
        ),
        (
            "item.first_code IS NOT TRUE",
            '(NOT coalesce("item.first_code", FALSE))',
            "(NOT coalesce(`item.first_code`, FALSE))",
        ),
    ],
)  # fmt: skip
def test_sql(written: str, duckdb: str, spark: str) -> None:
    expression = read(written, currency="KZT")
    assert to_sql(expression) == duckdb
    assert to_sql(expression, "spark") == spark


def test_spark_sql_is_spark_sql() -> None:
    author = Author(Random(7))
    for _ in range(300):
        written = to_sql(read(author.flag(4), currency="KZT"), "spark")
        assert sqlglot.parse_one(written, read="spark") is not None


def test_firing_is_one_query_with_a_column_for_each_indicator() -> None:
    expressions = {"KZ-1": read("item.first_code"), 'odd"name': read("trader.first_office")}
    assert firing_sql(expressions, "facts") == (
        'SELECT declaration_id, version, item_no, "item.first_code" AS "KZ-1", '
        '"trader.first_office" AS "odd""name" FROM facts'
    )


def test_a_program_answers_for_each_item() -> None:
    program = compile_python(
        {
            "car": read("hs(item.hs_code, '8703')"),
            "dear": read("item.customs_value > 1000", currency="KZT"),
            "mixed": read("any(item.customs_value > 1000) AND trader.first_office", currency="KZT"),
        }
    )
    assert program.names == (
        "declaration.currency",
        "item.customs_value",
        "item.hs_code",
        "trader.first_office",
    )
    assert program.keys == ("car", "dear", "mixed")
    items: list[list[object]] = [
        ["KZT", 2000.0, "8703231940", True],
        ["KZT", 5.0, "870", True],
        ["KZT", None, "6403", True],
    ]
    assert program.evaluate(items) == {
        "car": (True, None, False),
        "dear": (True, False, None),
        "mixed": (True, True, True),
    }
    assert program.evaluate([]) == {"car": (), "dear": (), "mixed": ()}


def test_an_amount_is_unknown_in_another_currency() -> None:
    dear = compile_value(read("item.customs_value > 1000", currency="KZT"))
    assert dear([["KZT", 2000.0], ["USD", 2000.0], [None, 2000.0]]) == [True, None, None]
    listed = compile_value(read("item.customs_value IN (0, 1000)", currency="KZT"))
    assert listed([["KZT", 1000.0], ["USD", 1000.0], ["USD", 5.0]]) == [True, None, None]
    positive = compile_value(read("item.customs_value > 0", currency="KZT"))
    assert positive([[1.0]]) == [True]


def test_the_caller_may_fix_the_order_of_names() -> None:
    names = ["item.first_code", "item.hs_code", "trader.first_office"]
    program = compile_python({"x": read("trader.first_office AND item.first_code")}, names=names)
    assert program.names == tuple(names)
    assert program.evaluate([[True, "87", True]]) == {"x": (True,)}


def test_a_missing_list_or_name_is_told_when_compiling() -> None:
    with pytest.raises(KeyError, match="offshore"):
        compile_python({"x": read("in_list(item.origin_country, 'offshore')")})
    with pytest.raises(KeyError, match=r"item\.first_code"):
        compile_python({"x": read("item.first_code")}, names=["item.hs_code"])


@pytest.mark.parametrize(
    ("written", "row", "answer"),
    [
        ("1 / item.value_share > 0", [0.0], None),
        ("1e308 * item.value_share > 0", [10.0], None),
        ("1e308 * item.value_share - 1e308 * item.value_share = 0", [10.0], None),
        ("1 / (1e308 * item.value_share) = 0", [10.0], None),
        ("item.value_share BETWEEN 1 AND 2", [None], None),
        ("item.value_share BETWEEN 1 / item.value_share AND -1", [0.0], False),
        ("least(item.value_share, 1) = 1", [None], None),
        ("coalesce(1 / item.value_share, 5) = 5", [0.0], True),
        ("(1 / item.value_share) IS NULL", [0.0], True),
        (
            "5 IS NULL OR 'a' = 'b' OR 1 > 2 OR DATE '2024-01-01' IS NULL OR TRUE IS FALSE OR NOT TRUE",
            [],
            False,
        ),
    ],
)
def test_what_is_not_finite_is_unknown(written: str, row: list[object], answer: bool | None) -> None:
    assert compile_python({"x": read(written)}).evaluate([row]) == {"x": (answer,)}


def test_a_text_that_is_not_unicode_is_unknown_to_patterns() -> None:
    program = compile_python({"x": read("matches(item.description, 'a') OR item.description LIKE 'a%'")})
    assert program.evaluate([["a\ud800"]]) == {"x": (None,)}


def test_texts_and_identifiers_never_become_code() -> None:
    evil = "x''); __import__(''os''); (''"
    program = compile_python({"a'); raise SystemExit": read(f"item.description = '{evil}'")})
    assert "__import__" not in program.source
    assert program.evaluate([["x'); __import__('os'); ('"]]) == {"a'); raise SystemExit": (True,)}


def test_a_declaration_of_ten_items_meets_110_indicators_in_a_fraction_of_a_millisecond() -> None:
    chapters = [f"{chapter:02d}" for chapter in range(1, 98)]
    indicators = {
        f"hs{at}": read(
            f"hs(item.hs_code, '{chapters[at % 97]}{at % 10}') AND item.unit_value < 0.7 * reference.unit_value_p10 "
            "AND coalesce(trader.violations_365d, 0) >= 1"
        )
        for at in range(90)
    } | {
        f"general{at}": read(f"item.customs_value > {at}000 AND item.net_mass_kg / item.gross_mass_kg < 0.{at + 10}")
        for at in range(20)
    }  # fmt: skip
    program = compile_python(indicators)
    row = {"item.unit_value": 1.0, "reference.unit_value_p10": 2.0, "trader.violations_365d": 1.0,
           "item.customs_value": 5000.0, "item.net_mass_kg": 1.0, "item.gross_mass_kg": 2.0}  # fmt: skip
    items = [
        [(row | {"item.hs_code": f"{chapters[at * 9]}{at}1000000"})[name] for name in program.names]
        for at in range(10)
    ]
    best = min(_timed(lambda: program.evaluate(items)) for _ in range(200))
    assert best < 0.000_5, f"{best * 1000:.3f} ms"


def _timed(act: object) -> float:
    start = time.perf_counter()
    act()  # type: ignore[operator]  # a function of nothing
    return time.perf_counter() - start
