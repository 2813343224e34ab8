# ruff: noqa: E501, PT017 -- hostile pieces; an answer and a typed error are both right
"""Whatever text comes in: a right answer or a typed error, within a second, and never a crash."""

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daliz.engine.indicators import Expression, ExpressionError, compile_python, from_tree, to_sql
from daliz.engine.indicators.tree import OPERATORS
from tests.engine.indicators.cast import LISTS, SMALL, Author, read

PIECES = [
    "item.duty", "item.first_code", "item.hs_code", "item", "duty", ".", "..", ",", "(", ")", "((", "))", "NOT ", "not",
    "-", "- ", "--", "/*", "*/", "+", "*", "/", "//", "%", "||", "=", "==", "<>", "!=", "<", "<=", "=>", "->", ":=",
    "::", ":x", "?", "$1", "@x", "{", "}", "[", "]", "\\", "'", "''", "'x'", '"', "`", ";", "\n", "\t", " ", "\x00",
    "\ud800", "\u202e", "ß", "қ", "𐀀", "1", "1.", ".5", "1e5", "1e", "1e400", "0x1F", "1_0", "NULL", "TRUE", "unknown",
    "IS ", "IN ", "IN (", "LIKE ", "BETWEEN ", " AND ", " OR ", "SELECT ", "FROM ", "CASE WHEN ", "END", "CAST(", "AS ",
    "OVER (", "FILTER (", "WITHIN GROUP", "DISTINCT ", "INTERVAL ", "DATE ", "DATE '2024-01-01'", "read_csv('x')",
    "any(", "every(", "sum(", "count(*)", "coalesce(", "hs(", "in_list(", "matches(", "lambda x: ", "x -> ", "VALUES",
    "E'x'", "X'00'", "$$x$$", "$tag$", "U&'x'", "exists(", "AT TIME ZONE", "IGNORE NULLS", "RESPECT NULLS", "ESCAPE",
    "COLLATE ", "PIVOT", "QUALIFY", "struct(", "map(", "array[", "ROW(", "TRY_CAST(", "decimal(1,2)", "int '5'",
]  # fmt: skip


def answered(text: str) -> Expression | ExpressionError:
    """The expression or the typed error; both usable, both at once."""
    start = time.process_time()
    try:
        result: Expression | ExpressionError = read(text, currency="KZT")
    except ExpressionError as error:
        result = error
        for lang in ("en", "ru", "kk"):
            assert len(error.pretty(lang)) < 5_000
        assert error.line >= 1
        assert error.column >= 1
    assert time.process_time() - start < 1.0
    return result


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_pieces_of_sql_in_any_order(pieces: list[str]) -> None:
    result = answered("".join(pieces))
    if isinstance(result, Expression):
        assert read(result.text, currency="KZT") == result


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_characters(text: str) -> None:
    answered(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_a_right_expression_with_one_wound(seed: int) -> None:
    random = Random(seed)
    text = Author(random).flag(3)
    at = random.randrange(len(text) + 1)
    cut = random.randrange(4)
    result = answered(text[:at] + random.choice(["", *PIECES]) + text[at + cut :])
    if isinstance(result, Expression):
        assert read(result.text, currency="KZT") == result


@pytest.mark.parametrize("size", [20_000, 20_001, 1_000_000])
@pytest.mark.parametrize(
    "piece",
    ["(", ")", "NOT ", "-", "- ", "item.duty + ", "item.first_code AND ", "a(", "' ", "1", "1,", ".", "a.", "x IN (",
     "x BETWEEN ", "\n", "\x00", "(1)", "f(f(", "- NOT ", "NOT (", "-(", "(a,", "қ", "/*", "9e9 "],
)  # fmt: skip
def test_long_repetitions(piece: str, size: int) -> None:
    result = answered((piece * (size // len(piece) + 1))[:size])
    assert isinstance(result, ExpressionError)


@pytest.mark.parametrize("depth", [20, 24, 25, 100, 5_000])
@pytest.mark.parametrize(
    ("before", "inside", "after"),
    [
        ("(", "item.first_code", ")"),
        ("NOT (", "item.first_code", ")"),
        ("coalesce(item.duty, ", "item.duty", ") "),
        ("-(", "item.duty", ")"),
        ("abs(", "item.duty", ")"),
        ("(item.first_code OR ", "item.first_code", ")"),
        ("(item.first_code = ", "item.first_code", ")"),
        ("(1 + ", "item.value_share", ")"),
    ],
)
def test_deep_nesting(before: str, inside: str, after: str, depth: int) -> None:
    result = answered(before * depth + inside + after * depth)
    if isinstance(result, ExpressionError):
        assert depth > 20
        assert result.code in ("expression-too-deep", "expression-too-long")
    else:
        compile_python({"x": result}, lists=LISTS)
        assert to_sql(result)
        assert to_sql(result, "spark")


@pytest.mark.parametrize("link", [" AND ", " OR ", " + ", " - ", " * ", " / ", " = "])
def test_long_chains(link: str) -> None:
    piece = "item.first_code" if link in (" AND ", " OR ", " = ") else "item.value_share"
    result = answered(link.join([piece] * 900))
    chained = link in (" AND ", " OR ")
    assert isinstance(result, Expression if chained else ExpressionError)


def test_an_expression_as_large_as_allowed_is_read_within_a_second() -> None:
    result = answered(" OR ".join(["item.duty>1"] * 950))
    assert isinstance(result, Expression)
    assert len(result.text) <= 20_000


def test_patterns_are_re2_only_and_bounded() -> None:
    for pattern in (
        "(a)\\1",
        "(?<=a)b",
        "(?=a)",
        "a**",
        "[",
        "(" * 200,
        "a{1001}",
        "((a{100}){100}){100}",
        "a" * 501,
    ):
        assert isinstance(answered(f"matches(item.description, '{pattern}')"), ExpressionError)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(list(SMALL)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["combinator", "not", "rules", "field", "operator", "value", "formula"]), inner
        )
        | st.fixed_dictionaries(
            {"combinator": st.sampled_from(["and", "or", "xor"]), "rules": st.lists(inner, max_size=3)}
        )
        | st.fixed_dictionaries(
            {"field": st.sampled_from(list(SMALL)), "operator": st.sampled_from(OPERATORS), "value": inner}
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(_JSON)
def test_any_json_is_a_tree_or_a_typed_error(tree: object) -> None:
    try:
        expression = from_tree(tree, SMALL, currency="KZT")
    except ExpressionError as error:
        assert error.pretty("kk")
    else:
        assert read(expression.text, currency="KZT") == expression


def test_a_tree_that_never_ends_is_refused() -> None:
    tree: dict[str, object] = {"formula": "item.first_code"}
    for _ in range(5_000):
        tree = {"combinator": "and", "rules": [tree]}
    with pytest.raises(ExpressionError) as caught:
        from_tree(tree, SMALL, currency=None)
    assert caught.value.code == "expression-too-deep"
