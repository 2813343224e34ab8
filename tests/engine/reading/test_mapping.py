"""A mistake in a mapping is told with file, line and field."""

import pytest

from daliz.engine.reading import ReadingError, parse_mapping, shipped_mapping


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tables:\n  declarations:\n    colour: X\n", "m.yaml:3: tables.declarations.colour: not a column"),
        ("tables:\n  goods: {}\n", "m.yaml:2: tables.goods: there is no such table"),
        ("source:\n  zone: Asia/Nowhere\n", "m.yaml:2: source.zone: Asia/Nowhere is not an IANA time zone"),
        ("source:\n  encoding: utf-9\n", "m.yaml:2: source.encoding: utf-9 is not an encoding"),
        ("a: [\n", "m.yaml:2: this is not YAML"),
        ("tables:\n  declarations:\n    office: x\n    office: y\n", "m.yaml:4: office stands twice"),
        (
            "tables:\n  declarations:\n    customs_value: {expression: source.a}\n",
            "m.yaml:3: tables.declarations.customs_value: money is not computed",
        ),
        (
            "tables:\n  declarations:\n    customs_value: {from: A, unit: g}\n",
            "m.yaml:3: tables.declarations.customs_value: g is not a unit of this column",
        ),
        (
            "tables:\n  declarations:\n    office: {from: A, constant: B}\n",
            "m.yaml:3: tables.declarations.office: state exactly one of from, constant, expression, count",
        ),
        ("further:\n  office: X\n", "m.yaml:2: further.office: is a canonical column"),
    ],
)
def test_a_mistake_is_told_where_it_stands(text: str, told: str) -> None:
    with pytest.raises(ReadingError) as caught:
        parse_mapping(text, place="m.yaml")
    assert told in str(caught.value)


def test_shipped_mappings_are_found_by_name() -> None:
    assert set(shipped_mapping("korea").tables) == {"declarations", "findings"}
    with pytest.raises(ReadingError, match="korea"):
        shipped_mapping("corea")
