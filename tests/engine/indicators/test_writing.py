# ruff: noqa: E501 -- expressions and their SQL stand on one line each
"""What is written, and the canonical text it becomes; what is wrong, and what is said about it."""

import re
from pathlib import Path

import pytest

from daliz.engine.features import VOCABULARY, Grain, Kind
from daliz.engine.indicators import ExpressionError, parse, parse_indicator
from daliz.engine.indicators.functions import FUNCTIONS
from daliz.engine.indicators.reader import MAX_DEPTH
from daliz.engine.indicators.scanner import MAX_CHARACTERS, MAX_NESTING, MAX_TOKENS
from tests.engine.indicators.cast import LIST_KINDS, SMALL, read


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("hs(item.hs_code,'8703')", "hs(item.hs_code, '8703')"),
        ("item.customs_value>1e6", "item.customs_value > 1000000"),
        ("item.value_share >= .50", "item.value_share >= 0.5"),
        ("item.net_mass_kg != 0", "item.net_mass_kg <> 0"),
        ("not item.first_code", "NOT item.first_code"),
        ("item.first_code and trader.first_office or item.first_code",
         "item.first_code AND trader.first_office OR item.first_code"),
        ("item.first_code and (trader.first_office or item.first_code)",
         "item.first_code AND (trader.first_office OR item.first_code)"),
        ("(item.first_code and trader.first_office) and item.first_code",
         "item.first_code AND trader.first_office AND item.first_code"),
        ("item.description NOT LIKE '%x_'", "item.description NOT LIKE '%x_'"),
        ("NOT item.description LIKE 'x'", "item.description NOT LIKE 'x'"),
        ("NOT item.origin_country IN ('CN')", "item.origin_country NOT IN ('CN')"),
        ("item.origin_country not in ('CN','XX')", "item.origin_country NOT IN ('CN', 'XX')"),
        ("item.value_share NOT BETWEEN 0 AND 1", "item.value_share NOT BETWEEN 0 AND 1"),
        ("item.duty is unknown", "item.duty IS NULL"),
        ("item.duty IS NOT UNKNOWN", "item.duty IS NOT NULL"),
        ("item.first_code IS NOT TRUE", "item.first_code IS NOT TRUE"),
        ("(item.value_share > 1) IS FALSE", "(item.value_share > 1) IS FALSE"),
        ("item.value_share > 1 = item.first_code", "(item.value_share > 1) = item.first_code"),
        ("(item.value_share > 1) = item.first_code", "(item.value_share > 1) = item.first_code"),
        ("(1 + 2) * 3 > item.value_share", "(1 + 2) * 3 > item.value_share"),
        ("1 - (2 - 3) > item.value_share", "1 - (2 - 3) > item.value_share"),
        ("(1 - 2) - 3 > item.value_share", "1 - 2 - 3 > item.value_share"),
        ("1 / (2 / 3) > item.value_share", "1 / (2 / 3) > item.value_share"),
        ("- - 1 < item.value_share", "-(-1) < item.value_share"),
        ("-item.duty < -5", "-item.duty < -5"),
        ("item.value_share IN (1, -2.50)", "item.value_share IN (1, -2.5)"),
        ("item.made_on > date '2024-02-29'", "item.made_on > DATE '2024-02-29'"),
        ("date('2024-02-29') <= item.made_on", "DATE '2024-02-29' <= item.made_on"),
        ("days_between(trader.since, item.made_on) < 30", "days_between(trader.since, item.made_on) < 30"),
        ("item.description = 'it''s'", "item.description = 'it''s'"),
        (r"item.description = 'a\'", r"item.description = 'a\'"),
        ("ANY(item.first_code) AND Count(item.first_code) > 2", "any(item.first_code) AND count(item.first_code) > 2"),
        ("item . net_mass_kg > 1\n\tAND item.first_code", "item.net_mass_kg > 1 AND item.first_code"),
        ("in_list(upper(item.origin_country), 'offshore')", "in_list(upper(item.origin_country), 'offshore')"),
        ("matches(item.description, '(?i)^x$')", "matches(item.description, '(?i)^x$')"),
        ("item.net_mass_kg > 9007199254740993", "item.net_mass_kg > 9007199254740992.0"),
    ],
)  # fmt: skip
def test_canonical_text(written: str, canonical: str) -> None:
    expression = read(written)
    assert expression.text == canonical
    assert read(canonical) == expression


@pytest.mark.parametrize(
    ("written", "code", "line", "column", "found"),
    [
        ("item.hs_cod = '87'", "unknown-name", 1, 1, "item.hs_cod"),
        ("item.first_code AND\n  item.nett > 1", "unknown-name", 2, 3, "item.nett"),
        ("item.net_mass_kg < item.customs_value", "unit", 1, 1, "item.net_mass_kg < item.customs_value"),
        ("item.unit_value > item.customs_value", "unit", 1, 1, "item.unit_value > item.customs_value"),
        ("item.net_mass_kg + item.duty > 1", "unit", 1, 1, "item.net_mass_kg + item.duty"),
        ("item.hs_code = 8703", "type", 1, 1, "item.hs_code = 8703"),
        ("item.net_mass_kg AND item.first_code", "type", 1, 1, "item.net_mass_kg"),
        ("item.first_code AND item.net_mass_kg", "type", 1, 21, "item.net_mass_kg"),
        ("item.first_code > TRUE", "type", 1, 1, "item.first_code > TRUE"),
        ("abs(item.hs_code) > 1", "type", 1, 5, "item.hs_code"),
        ("coalesce(item.hs_code, 0) = '1'", "type", 1, 10, "item.hs_code, 0"),
        ("sum(item.first_code) > 1", "type", 1, 5, "item.first_code"),
        ("lenght(item.hs_code) > 1", "unknown-function", 1, 1, "lenght(item.hs_code)"),
        ("read_csv('x') = 1", "unknown-function", 1, 1, "read_csv('x')"),
        ("length(item.hs_code, '1') > 1", "arguments", 1, 1, "length(item.hs_code, '1')"),
        ("any(any(item.first_code))", "nested-aggregate", 1, 5, "any(item.first_code)"),
        ("any(trader.first_office)", "not-of-items", 1, 5, "trader.first_office"),
        ("hs(item.hs_code, '87x')", "hs", 1, 18, "'87x'"),
        ("hs('8703', '87')", "literal", 1, 4, "'8703'"),
        ("in_list(item.origin_country, 'offshoer')", "unknown-list", 1, 30, "'offshoer'"),
        ("matches(item.description, '(?=x)')", "pattern", 1, 27, "'(?=x)'"),
        ("item.description LIKE item.hs_code", "pattern", 1, 23, "item.hs_code"),
        ("item.made_on > DATE '2023-02-29'", "date", 1, 21, "'2023-02-29'"),
        ("item.made_on > DATE '20230201'", "date", 1, 21, "'20230201'"),
        ("item.duty IN (item.customs_value)", "member", 1, 15, "item.customs_value"),
        ("item.duty = NULL", "null", 1, 13, "NULL"),
        ("item.duty IS item.duty", "is", 1, 14, "item.duty"),
        ("item.duty > 1e400", "number", 1, 13, "1e400"),
        ("item.duty > 0x1F", "number", 1, 13, "0"),
        ("item.duty > 1_000", "number", 1, 13, "1"),
        ("", "empty", 1, 1, ""),
        ("  \n ", "empty", 1, 1, ""),
        ("item.duty >", "syntax", 1, 11, ">"),
        ("(item.first_code", "bracket", 1, 1, "("),
        ("item.first_code)", "bracket", 1, 16, ")"),
        ("item.first_code item.first_code", "syntax", 1, 21, "."),
        ("item.duty BETWEEN 1 2", "syntax", 1, 1, "item.duty BETWEEN 1 2"),
        ("coalesce(item.duty, 0,) > 1", "syntax", 1, 22, ","),
        ("item.description = 'x", "text", 1, 20, "'"),
        ('"item"."duty" > 1', "quote", 1, 1, '"'),
        ("item.duty > 1; DROP TABLE x", "several", 1, 14, ";"),
        ("item.duty > 1 -- why", "comment", 1, 15, "--"),
        ("item.duty > /* */ 1", "comment", 1, 13, "/*"),
        ("item.duty > ?", "foreign", 1, 13, "?"),
        ("item.duty > $1", "character", 1, 13, "$"),
        ("item.duty > :x", "character", 1, 13, ":"),
        ("item.duty > @x", "character", 1, 13, "@"),
        ("item.duty::text = '1'", "foreign", 1, 10, "::"),
        ("CAST(item.duty AS text) = '1'", "foreign", 1, 1, "CAST"),
        ("CASE WHEN item.first_code THEN TRUE END", "foreign", 1, 1, "CASE"),
        ("item.duty IN (SELECT 1)", "foreign", 1, 15, "SELECT"),
        ("count(*) > 1", "syntax", 1, 8, ")"),
        ("sum(item.duty) OVER () > 1", "foreign", 1, 16, "OVER"),
        ("count(DISTINCT item.first_code) > 1", "foreign", 1, 7, "DISTINCT"),
        ("item.duty == 1", "foreign", 1, 11, "=="),
        ("item.hs_code || 'x' = 'y'", "foreign", 1, 14, "||"),
        ("item.description LIKE 'x' ESCAPE '!'", "foreign", 1, 27, "ESCAPE"),
        ("x -> x > 1", "foreign", 1, 3, "->"),
        ("item.duty % 2 = 0", "character", 1, 11, "%"),
        ("item.duty[1] = 0", "character", 1, 10, "["),
        ("$$x$$ = 'x'", "character", 1, 1, "$"),
        ("E'x' = 'x'", "syntax", 1, 2, "'x'"),
        ("'a' 'b' = 'ab'", "foreign", 1, 1, "'a'"),
        ("item.duty IS DISTINCT FROM 1", "foreign", 1, 14, "DISTINCT"),
        ("іtem.duty > 1", "character", 1, 1, "і"),
        ("item.description = 'a\u202eb'", "character", 1, 22, "U+202E"),
        ("item.description = 'a\x00b'", "character", 1, 22, "U+0000"),
        ("(item.duty, item.duty) = (1, 2)", "foreign", 1, 2, "item.duty, item.duty"),
        ("item.duty AT TIME ZONE item.duty > 1", "foreign", 1, 1, "item.duty AT TIME ZONE item.duty"),
    ],
)
def test_errors_say_what_was_found_and_where(
    written: str, code: str, line: int, column: int, found: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        read(written)
    error = caught.value
    assert (error.code, error.line, error.column, error.found) == (f"expression-{code}", line, column, found)


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [
        ("item.hs_cod = '87'", "Did you mean item.hs_code?"),
        ("Item.HS_Code = '87'", "Did you mean item.hs_code?"),
        ("lenght(item.hs_code) > 1", "Did you mean length(…)?"),
        ("in_list(item.origin_country, 'offshoer')", "Did you mean 'offshore'?"),
        ("all(item.first_code)", "Write every(…) for all items of the declaration."),
        ("item.duty == 1", "Write = for equality."),
        ("item.duty = NULL", "Write … IS NULL to ask whether something is unknown."),
    ],
)
def test_errors_say_what_would_be_right(written: str, suggestion: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read(written)
    assert caught.value.suggestion is not None
    assert caught.value.suggestion.text() == suggestion


def test_an_error_underlines_what_is_wrong() -> None:
    with pytest.raises(ExpressionError) as caught:
        read("item.first_code\nAND item.net_mas > 1")
    assert caught.value.pretty() == (
        "line 2, column 5: There is no name item.net_mas in the vocabulary. Did you mean item.net_mass_kg?\n"
        "\n"
        "AND item.net_mas > 1\n"
        "    ^^^^^^^^^^^^"
    )


def test_a_bare_number_takes_the_unit_of_what_it_meets() -> None:
    assert read("item.customs_value + 5 > least(1, 2) * 3").kind is Kind.FLAG
    assert str(read("item.customs_value / item.net_mass_kg").unit) == "money/kg"
    assert str(read("coalesce(item.duty, 0)").unit) == "money"
    assert str(read("sum(item.net_mass_kg) - 1").unit) == "kg"
    assert not read("count(item.first_code)").unit


def test_an_amount_needs_the_currency_of_the_row() -> None:
    assert read("item.duty > 5", currency="KZT").names == {"item.duty", "declaration.currency"}
    assert read("item.duty > 5").names == {"item.duty"}
    assert read("item.duty > 0", currency="KZT").names == {"item.duty"}
    assert read("item.net_mass_kg > 5", currency="KZT").names == {"item.net_mass_kg"}


def test_grain_is_that_of_what_is_spoken_of() -> None:
    assert read("item.first_code").grain is Grain.ITEM
    assert read("trader.first_office").grain is Grain.DECLARATION
    assert read("any(item.first_code) AND trader.first_office").grain is Grain.DECLARATION
    assert read("any(item.first_code) AND item.first_code").grain is Grain.ITEM


def test_an_expression_knows_its_names_and_lists() -> None:
    expression = read("in_list(item.origin_country, 'offshore') AND any(item.first_code)")
    assert expression.names == {"item.origin_country", "item.first_code"}
    assert expression.lists == {"offshore"}


def test_an_indicator_is_a_condition() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_indicator("item.duty + 1", SMALL, currency=None)
    assert caught.value.code == "expression-not-a-condition"
    assert parse_indicator("item.first_code", SMALL, lists=LIST_KINDS, currency=None).kind is Kind.FLAG


def test_no_list_is_known_where_none_is_given() -> None:
    with pytest.raises(ExpressionError, match="There is no list 'offshore'"):
        parse("in_list(item.origin_country, 'offshore')", SMALL, currency=None)


_PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "expressions.md"
_EXAMPLES = re.findall(r"^```text\n(.*?)^```", _PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("example", _EXAMPLES)
def test_every_example_of_the_reference_page_is_right(example: str) -> None:
    expression = parse_indicator(example, VOCABULARY, currency="KZT")
    assert parse_indicator(expression.text, VOCABULARY, currency="KZT") == expression


def test_the_reference_page_describes_every_function() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    assert [name for name in FUNCTIONS if name != "date" and f"`{name}(" not in page] == []
    assert len(_EXAMPLES) > 10
    assert f"{MAX_CHARACTERS:,} characters, {MAX_TOKENS:,} words" in page
    assert f"{MAX_NESTING} nested brackets and {MAX_DEPTH} nested operations" in page
