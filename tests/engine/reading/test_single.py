"""A declaration submitted alone: taken whole, or every problem with its place."""

import json
from decimal import Decimal
from typing import Any

import pytest

from daliz.engine.pack import Pack, load_pack
from daliz.engine.reading.single import (
    SubmissionError,
    declaration_of_json,
    declarations_of_xml,
    schema_of,
)
from daliz.engine.records.declaration import Declaration
from tests.engine.reading.xml.documents import an_eaeu_declaration, in_an_envelope

SHOES: dict[str, Any] = {
    "kind": "normal",
    "direction": "import",
    "procedure": "IM40",
    "office": "55301",
    "declarant_id": "600400",
    "trader_id": "600400",
    "departure_country": "CN",
    "currency": "KZT",
    "items": [
        {"item_no": 1, "hs_code": "6403990000", "customs_value": "2000000.50", "net_mass_kg": 500},
        {"item_no": 2, "hs_code": "6404110000", "customs_value": 10, "net_mass_kg": 2},
    ],
    "documents": [{"document_code": "04021", "document_number": "INV-1"}],
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


def problems(body: object, pack: Pack) -> list[tuple[str, str]]:
    with pytest.raises(SubmissionError) as caught:
        declaration_of_json(body if isinstance(body, str) else json.dumps(body), pack)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_a_good_declaration_is_taken_as_typed_values(pack: Pack) -> None:
    taken = declaration_of_json(json.dumps(SHOES), pack)
    assert taken.header["office"] == "55301"
    assert taken.items[0]["customs_value"] == Decimal("2000000.50")
    assert taken.items[0]["net_mass_kg"] == 500.0
    assert taken.below["documents"] == ({"document_code": "04021", "document_number": "INV-1"},)


def test_the_canonical_text_comes_back_as_the_same_declaration(pack: Pack) -> None:
    taken = declaration_of_json(json.dumps(SHOES), pack)
    again = Declaration.of_content(json.loads(taken.text))
    assert again.text == taken.text
    assert again.digest == taken.digest
    assert declaration_of_json(taken.text, pack).digest == taken.digest


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"direction": "sideways", "procedure": "XX"}, [("direction", "direction-unknown")]),
        ({"departure_country": "1X"}, [("departure_country", "departure-unknown")]),
        ({"procedure": "EK10"}, [("procedure", "procedure_direction")]),
        ({"offfice": "55301"}, [("offfice", "field-extra-forbidden")]),
        ({"office": "  "}, [("office", "field-string-too-short")]),
        ({"office": "a\x00b"}, [("office", "field-value-error")]),
        ({"items": []}, [("items", "field-too-short")]),
        ({"registered_at": "2026-03-01T00:00:00Z"}, [("registered_at", "field-extra-forbidden")]),
    ],
)
def test_each_problem_has_its_place_and_a_stable_code(
    change: dict[str, Any], found: list[tuple[str, str]], pack: Pack
) -> None:
    assert problems(SHOES | change, pack) == found


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ({"hs_code": "64-03"}, [("items[0].hs_code", "hs-code-wrong")]),
        ({"item_no": None}, [("items[0].item_no", "field-int-type")]),
        ({"item_no": 0}, [("items[0].item_no", "item-below-one")]),
        ({"customs_value": "1.005"}, [("items[0].customs_value", "field-decimal-max-places")]),
        ({"customs_value": -1}, [("items[0].customs_value", "customs-value-negative")]),
        ({"net_mass_kg": "heavy"}, [("items[0].net_mass_kg", "field-float-parsing")]),
        ({"item_no": 2**31}, [("items[0].item_no", "field-less-than")]),
    ],
)
def test_each_problem_of_an_item_names_the_item(
    item: dict[str, Any], found: list[tuple[str, str]], pack: Pack
) -> None:
    assert problems(SHOES | {"items": [SHOES["items"][0] | item]}, pack) == found


def test_items_are_numbered_once_and_rows_below_name_one_that_is_there(pack: Pack) -> None:
    body = SHOES | {
        "items": [SHOES["items"][0]] * 2,
        "documents": [{"item_no": 7, "document_number": "X"}],
    }
    assert problems(body, pack) == [
        ("items[1].item_no", "item-duplicate"),
        ("documents[0].item_no", "item-missing"),
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"items": [1]}', '"' + "x" * 100 + '"', "\ud83d"])
def test_what_is_no_declaration_is_refused(text: str, pack: Pack) -> None:
    with pytest.raises(SubmissionError):
        declaration_of_json(text.encode("utf-8", "surrogatepass"), pack)


def test_the_schema_describes_every_column(pack: Pack) -> None:
    schema = schema_of(pack)
    assert {"direction", "items", "documents", "office"} <= set(schema["properties"])


@pytest.mark.parametrize(
    ("direction", "procedure", "needed"),
    [
        ("import", "IM40", ["office", "trader_id", "hs_code", "net_mass_kg", "customs_value"]),
        ("export", "EK10", ["office", "trader_id", "hs_code", "net_mass_kg", "customs_value"]),
        ("transit", "TT80", ["office", "hs_code"]),
    ],
)
def test_nothing_is_registered_without_what_the_pack_asks_of_its_direction(
    direction: str, procedure: str, needed: list[str], pack: Pack
) -> None:
    said = {"kind": "normal", "direction": direction, "procedure": procedure, "items": [{"item_no": 1}]}
    found = [path.removeprefix("items[0].") for path, code in problems(said, pack) if code == "field-missing"]
    assert found == needed
    assert ("procedure", "field-missing") in problems({**said, "procedure": None}, pack)


def test_a_document_of_the_union_is_taken_with_the_number_it_bears(pack: Pack) -> None:
    [(number, taken)] = declarations_of_xml(an_eaeu_declaration().encode(), pack, office="55301")
    assert number == "5CC73D96-1F95-4073-BBD5-C12C23538175"
    assert (taken.header["direction"], taken.header["procedure"]) == ("import", "IM40")
    assert (taken.header["office"], taken.items[0]["hs_code"]) == ("55301", "6403919300")
    assert "registered_at" not in taken.header
    assert Declaration.of_content(json.loads(taken.text)).text == taken.text


def test_an_envelope_gives_every_declaration(pack: Pack) -> None:
    envelope = in_an_envelope(an_eaeu_declaration(), an_eaeu_declaration())
    assert len(declarations_of_xml(envelope.encode(), pack, office="55301")) == 2


def test_a_broken_declaration_of_a_document_says_which(pack: Pack) -> None:
    broken = an_eaeu_declaration().replace("6403919300", "64O3")
    with pytest.raises(SubmissionError) as caught:
        declarations_of_xml(broken.encode(), pack)
    assert caught.value.problems[0].path.startswith("[0].")
