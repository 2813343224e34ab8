"""``daliz check`` says what an expression means, or what is wrong with it."""

import json

import pytest
from typer.testing import CliRunner

from daliz.doors.cli.main import app

RUNNER = CliRunner()


def test_a_right_expression_is_explained() -> None:
    answer = RUNNER.invoke(app, ["check", "item.net_mass_kg>0.5*item.gross_mass_kg"])
    assert answer.exit_code == 0
    kind, text, spoken, sql = answer.stdout.splitlines()
    assert kind == "Type: condition of an item"
    assert text == "Text: item.net_mass_kg > 0.5 * item.gross_mass_kg"
    assert spoken.startswith("Sentence: “")
    assert spoken.endswith("”.")
    assert sql.startswith('SQL: ("item.net_mass_kg" > CASE WHEN isfinite')


def test_a_value_says_its_unit() -> None:
    answer = RUNNER.invoke(app, ["check", "sum(item.customs_value) / sum(item.net_mass_kg)"])
    assert answer.stdout.splitlines()[0] == "Type: number of the declaration, money/kg"


def test_a_wrong_expression_is_underlined_and_exits_with_1() -> None:
    answer = RUNNER.invoke(app, ["check", "item.net_mas_kg > 1"])
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr == (
        "line 1, column 1: There is no name item.net_mas_kg in the vocabulary. "
        "Did you mean item.net_mass_kg?\n"
        "\n"
        "item.net_mas_kg > 1\n"
        "^^^^^^^^^^^^^^^\n"
    )


def test_json_of_a_right_expression_has_stable_keys() -> None:
    answer = RUNNER.invoke(app, ["check", "item.net_mass_kg > 1", "--json", "--lang", "ru"])
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    assert set(found) == {
        "right",
        "kind",
        "unit",
        "grain",
        "text",
        "sentence",
        "names",
        "lists",
        "sql",
        "tree",
    }
    assert (found["right"], found["kind"], found["grain"]) == (True, "flag", "item")
    assert found["sql"]["spark"] == "(`item.net_mass_kg` > 1.0e0)"
    assert found["tree"]["rules"] == [{"field": "item.net_mass_kg", "operator": ">", "value": 1}]


def test_json_of_a_wrong_expression_has_stable_keys() -> None:
    answer = RUNNER.invoke(app, ["check", "item.net_mass_kg > '1'", "--json"])
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert set(found) == {"right", "code", "message", "line", "column", "found", "suggestion"}
    assert (found["right"], found["code"]) == (False, "expression-type")


def test_a_pack_lends_its_lists_and_its_currency() -> None:
    answer = RUNNER.invoke(app, ["check", "item.customs_value > 5", "--pack", "kz", "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["names"] == ["declaration.currency", "item.customs_value"]


@pytest.mark.parametrize("lang", ["de", "", "EN"])
def test_an_unknown_language_is_wrong_usage(lang: str) -> None:
    assert RUNNER.invoke(app, ["check", "TRUE", "--lang", lang]).exit_code == 2
