"""Every name is declared whole, and computed."""

from daliz.engine.features import VOCABULARY, Kind, Unit
from daliz.engine.features.groups import history, reference, stated, today


def test_every_name_is_said_in_three_languages() -> None:
    for feature in VOCABULARY.values():
        for words in (feature.label, feature.unknown):
            assert all((words.en, words.ru, words.kk)), feature.name
            assert "{" not in words.en + words.ru + words.kk, feature.name


def test_every_name_belongs_to_the_group_before_its_dot() -> None:
    assert [name for name, f in VOCABULARY.items() if name.partition(".")[0] != f.group] == []


def test_only_numbers_have_units() -> None:
    assert [name for name, f in VOCABULARY.items() if f.unit and f.kind is not Kind.NUMBER] == []


def test_units_are_those_of_the_definition() -> None:
    assert VOCABULARY["item.unit_value"].unit == Unit.of("money/kg")
    assert VOCABULARY["trader.days_since_first"].unit == Unit.of("day")
    assert VOCABULARY["reference.mass_per_unit_p50"].unit == Unit.of("kg/quantity")


def test_every_name_is_computed_by_exactly_one_group() -> None:
    ledgers = [*history.LEDGERS, *today.LEDGERS, today.VEHICLE_LEDGER]
    computed = [name for ledger in ledgers for name in ledger.facts] + list(reference.FACTS)
    computed += [name for name, f in VOCABULARY.items() if f.group in stated.GROUPS]
    assert sorted(computed) == sorted(VOCABULARY)
