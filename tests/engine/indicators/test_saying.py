# ruff: noqa: E501, ISC004 -- expressions and their SQL stand on one line each
"""The plain sentence and the constructor's tree: two more views of one tree."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daliz.engine.features import VOCABULARY
from daliz.engine.indicators import ExpressionError, Names, from_tree, parse, sentence, to_tree
from daliz.engine.indicators.tree import Json
from daliz.language import LANGUAGES, Text
from tests.engine.indicators.cast import LIST_KINDS, SMALL, Author, read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("hs(item.hs_code, '8703', '8704')", "“HS code” begins with 8703 or 8704."),
        ("item.net_mass_kg < 0.7 * item.gross_mass_kg", "“net mass” is less than 0.7 × “gross mass kg”."),
        ("item.customs_value >= 1500000", "“customs value” is at least 1,500,000 KZT."),
        ("item.first_code AND NOT trader.first_office", "“first code” holds, and “first office” does not hold."),
        ("item.first_code AND (trader.first_office OR item.duty IS NULL)",
         "“first code” holds, and (“first office” holds, or “duty” is unknown)."),
        ("NOT (item.first_code OR trader.first_office)",
         "It is not so that (“first code” holds, or “first office” holds)."),
        ("item.origin_country NOT IN ('CN', 'XX')", "“origin country” is none of “China”, “XX”."),
        ("in_list(item.origin_country, 'offshore')", "“origin country” is in the list offshore."),
        ("coalesce(trader.violations_365d, 0) >= 1", "“violations 365d” (if unknown, 0) is at least 1."),
        ("any(item.value_share > 0.5)",
         "For at least one item of the declaration: “value share” is more than 0.5."),
        ("count(item.first_code AND item.duty > 1) > 2",
         "The number of items for which (“first code” holds, and “duty” is more than 1 KZT) is more than 2."),
        ("sum(item.net_mass_kg) / 2 > 5", "The sum of “net mass” over all items ÷ 2 is more than 5."),
        ("item.made_on > DATE '2024-02-29'", "“made on” is more than 29 Feb 2024."),
        ("item.description LIKE '%car_'", "“description” has the form “%car_”."),
        ("item.value_share BETWEEN 0.1 AND 0.25", "“value share” is between 0.1 and 0.25, both included."),
        ("(item.duty > 1) IS NOT TRUE", "It is not so that it is certain that “duty” is more than 1 KZT."),
    ],
)  # fmt: skip
def test_a_sentence_in_english(written: str, said: str) -> None:
    assert sentence(read(written, currency="KZT"), SMALL, "en") == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "“origin country” is in the list “tax havens”."),
        ("ru", "«origin country» входит в список «офшоры»."),
    ],
)
def test_a_list_is_called_by_its_name(lang: str, said: str) -> None:
    names = Names(lists={"offshore": Text("tax havens", "офшоры", "офшорлар")})
    expression = read("in_list(item.origin_country, 'offshore')")
    assert sentence(expression, SMALL, lang, names) == said


def test_a_list_that_is_not_asked_is_called_by_its_name_too() -> None:
    names = Names(lists={"offshore": Text("tax havens", "офшоры", "офшорлар")})
    expression = read("NOT in_list(item.origin_country, 'offshore')")
    assert sentence(expression, SMALL, "en", names) == "“origin country” is not in the list “tax havens”."


HOME = Text("release for home use", "выпуск для внутреннего потребления", "ішкі тұтыну үшін шығару")
AREA = Text("free-trade area", "зона свободной торговли", "еркін сауда аймағы")
CODES = Names(codes={"declaration.procedure": {"IM40": HOME}, "item.preference": {"free_trade": AREA}})


@pytest.mark.parametrize(
    ("written", "lang", "said"),
    [
        ("declaration.procedure = 'IM40'", "en", "“customs procedure” is “release for home use (IM40)”."),
        ("declaration.procedure = 'IM40'", "ru",
         "«таможенная процедура» равняется «выпуск для внутреннего потребления (IM40)»."),
        ("declaration.procedure = 'IM40'", "kk", "«кедендік рәсім» – «ішкі тұтыну үшін шығару (IM40)»."),
        ("'free_trade' = item.preference", "en", "“free-trade area” is “tariff preference claimed”."),
        ("coalesce(item.preference, 'free_trade') <> 'free_trade'", "en",
         "“tariff preference claimed” (if unknown, “free-trade area”) is not “free-trade area”."),
        ("declaration.direction = 'import'", "en", "“direction of movement” is “import”."),
        ("declaration.direction = 'transit'", "ru", "«направление перемещения» равняется «транзит»."),
        ("declaration.direction = 'passenger'", "kk", "«тауар қозғалысының бағыты» – «жолаушылар»."),
        ("reference.level = 'hs4'", "en", "“level of goods at which usual values were found” is “code of 4 digits”."),
        ("item.origin_country IN ('CN', '??')", "en", "“country of origin” is one of “China”, “??”."),
        ("item.origin_country NOT IN ('CN', 'TR')", "ru",
         "«страна происхождения» не принимает ни одного из значений («Китай», «Турция»)."),
        ("declaration.departure_country = 'CN'", "kk", "«жөнелту елі» – «Қытай»."),
        ("item.preference = 'unheard' OR item.hs_code = 'IM40'", "en",
         "“tariff preference claimed” is “unheard”, or “HS code of the item” is “IM40”."),
        ("item.origin_country LIKE 'CN%'", "en", "“country of origin” has the form “CN%”."),
    ],
)  # fmt: skip
def test_a_code_is_called_by_its_name(written: str, lang: str, said: str) -> None:
    expression = parse(written, VOCABULARY, currency=None)
    assert sentence(expression, VOCABULARY, lang, CODES) == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "ru",
            "«код ТН ВЭД» начинается с 8703, и «таможенная стоимость» меньше, чем 1\u00a0500\u00a0000,5 KZT.",
        ),
        (
            "kk",
            "«СЭҚ ТН коды» 8703 деп басталады, және «кедендік құн» 1\u00a0500\u00a0000,5 KZT мәнінен кіші.",
        ),
    ],
)
def test_a_sentence_in_the_readers_language(lang: str, said: str) -> None:
    expression = read("hs(item.hs_code, '8703') AND item.customs_value < 1500000.5", currency="KZT")
    assert sentence(expression, SMALL, lang) == said


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(LANGUAGES))
def test_everything_can_be_said(seed: int, lang: str) -> None:
    said = sentence(read(Author(Random(seed)).flag(4), currency="KZT"), SMALL, lang)
    assert said.endswith(".")
    assert not re.search(r"\{[a-z_]+\}", said)


def test_the_built_in_vocabulary_can_be_spoken_of() -> None:
    expression = parse(
        "hs(item.hs_code, '8703') AND item.unit_value < 0.7 * reference.unit_value_p10"
        " AND coalesce(trader.violations_365d, 0) >= 1",
        VOCABULARY,
        currency=None,
    )
    for lang in LANGUAGES:
        assert VOCABULARY["item.hs_code"].label.in_(lang) in sentence(expression, VOCABULARY, lang)


@pytest.mark.parametrize(
    ("written", "tree"),
    [
        ("item.net_mass_kg > 5",
         {"combinator": "and", "not": False,
          "rules": [{"field": "item.net_mass_kg", "operator": ">", "value": 5}]}),
        ("item.net_mass_kg > item.gross_mass_kg OR item.origin_country = 'CN'",
         {"combinator": "or", "not": False, "rules": [
             {"field": "item.net_mass_kg", "operator": ">", "value": "item.gross_mass_kg", "valueSource": "field"},
             {"field": "item.origin_country", "operator": "=", "value": "CN"}]}),
        ("NOT (hs(item.hs_code, '87', '88') AND (item.first_code OR item.duty IS NOT NULL))",
         {"combinator": "and", "not": True, "rules": [
             {"field": "item.hs_code", "operator": "hs", "value": ["87", "88"]},
             {"combinator": "or", "not": False, "rules": [
                 {"field": "item.first_code", "operator": "holds", "value": None},
                 {"field": "item.duty", "operator": "isKnown", "value": None}]}]}),
        ("item.made_on >= DATE '2024-02-29' AND item.duty NOT BETWEEN -5 AND 0.5 AND item.duty_rate IN (1, -2)",
         {"combinator": "and", "not": False, "rules": [
             {"field": "item.made_on", "operator": ">=", "value": "2024-02-29"},
             {"field": "item.duty", "operator": "notBetween", "value": [-5, 0.5]},
             {"field": "item.duty_rate", "operator": "in", "value": [1, -2]}]}),
        ("item.description NOT LIKE '%x' AND NOT contains(item.description, 'it''s')"
         " AND in_list(item.origin_country, 'offshore')",
         {"combinator": "and", "not": False, "rules": [
             {"field": "item.description", "operator": "notLike", "value": "%x"},
             {"field": "item.description", "operator": "doesNotContain", "value": "it's"},
             {"field": "item.origin_country", "operator": "inList", "value": "offshore"}]}),
        ("item.net_mass_kg < 0.7 * item.gross_mass_kg AND any(item.first_code)",
         {"combinator": "and", "not": False, "rules": [
             {"formula": "item.net_mass_kg < 0.7 * item.gross_mass_kg"},
             {"formula": "any(item.first_code)"}]}),
    ],
)  # fmt: skip
def test_text_and_tree_are_two_views(written: str, tree: dict[str, Json]) -> None:
    expression = read(written)
    assert to_tree(expression) == tree
    assert from_tree(tree, SMALL, lists=LIST_KINDS, currency=None) == expression


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_every_expression_survives_the_way_through_the_tree(seed: int) -> None:
    expression = read(Author(Random(seed)).flag(3), currency="KZT")
    assert from_tree(to_tree(expression), SMALL, lists=LIST_KINDS, currency="KZT") == expression


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        ({}, "unknown-name"),
        ([], "tree"),
        ({"combinator": "xor", "rules": [{"formula": "TRUE"}]}, "tree"),
        ({"combinator": "and", "rules": []}, "tree"),
        ({"combinator": "and", "not": 1, "rules": [{"formula": "TRUE"}]}, "tree"),
        ({"field": "item.dutty", "operator": "=", "value": 1}, "unknown-name"),
        ({"field": "item.duty", "operator": "=", "value": "1"}, "tree"),
        ({"field": "item.duty", "operator": "=", "value": True}, "tree"),
        ({"field": "item.duty", "operator": "=", "value": float("nan")}, "tree"),
        ({"field": "item.duty", "operator": "=", "value": 10**400}, "tree"),
        ({"field": "item.duty", "operator": "between", "value": [1]}, "tree"),
        ({"field": "item.duty", "operator": "in", "value": []}, "tree"),
        ({"field": "item.duty", "operator": "; DROP", "value": 1}, "tree"),
        (
            {"field": "item.duty", "operator": "=", "value": "TRUE OR item.duty", "valueSource": "field"},
            "tree",
        ),
        ({"field": "item.hs_code", "operator": "hs", "value": ["x"]}, "hs"),
        ({"field": "item.duty", "operator": "holds", "value": None}, "not-a-condition"),
        ({"field": "item.made_on", "operator": "=", "value": "2024-02-30"}, "tree"),
        ({"formula": "TRUE) OR (TRUE"}, "bracket"),
        ({"formula": 5}, "tree"),
    ],
)
def test_a_wrong_tree_is_refused(tree: object, code: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        from_tree(tree, SMALL, lists=LIST_KINDS, currency=None)
    assert caught.value.code == f"expression-{code}"


def test_a_value_with_an_apostrophe_stays_a_value() -> None:
    tree = {"field": "item.description", "operator": "=", "value": "x' OR TRUE OR 'x' = 'x"}
    expression = from_tree(tree, SMALL, currency=None)
    assert expression.text == "item.description = 'x'' OR TRUE OR ''x'' = ''x'"
