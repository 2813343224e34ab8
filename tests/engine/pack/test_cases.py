"""When a profile fires, and what unknown does to it."""

from pathlib import Path

import pytest

from daliz.engine.pack import Recogniser, UnknownRule, load_pack
from tests.engine.pack.builders import a_pack

CHEAP = {"item.unit_value": 1.0, "reference.unit_value_p10": 4.0, "item.net_mass_kg": 20.0}
DEAR = {"item.unit_value": 9.0, "reference.unit_value_p10": 4.0, "item.net_mass_kg": 20.0}
HERE = {"declaration.direction": "import", "declaration.office": "100"}


def recogniser(folder: Path, number: int, unknown: UnknownRule = UnknownRule.DOES_NOT_FIRE) -> Recogniser:
    pack = load_pack(a_pack(folder))
    members = {code: named.members for code, named in pack.lists.items()}
    return Recogniser(pack.profiles[number], members, unknown)


def test_a_profile_fires_for_the_items_that_it_recognises(tmp_path: Path) -> None:
    cheap, dear = (
        {**HERE, **CHEAP, "trader.violations_365d": 1.0},
        {**HERE, **DEAR, "trader.violations_365d": 1.0},
    )
    assert recogniser(tmp_path, 1).items([dear, cheap, cheap]) == [1, 2]


@pytest.mark.parametrize(
    ("where", "fires"),
    [
        (HERE, True),
        ({**HERE, "declaration.office": "200"}, False),
        ({"declaration.direction": "import"}, False),
        ({**HERE, "declaration.direction": "export"}, False),
    ],
)
def test_a_profile_fires_in_its_stream_and_offices_only(
    tmp_path: Path, where: dict[str, object], fires: bool
) -> None:
    assert bool(recogniser(tmp_path, 1).items([{**where, **CHEAP}])) is fires


def test_an_unknown_exclusion_does_not_exclude(tmp_path: Path) -> None:
    assert recogniser(tmp_path, 1).items([{**HERE, **CHEAP}]) == [0]
    assert recogniser(tmp_path, 1).items([{**HERE, **CHEAP, "trader.violations_365d": 0.0}]) == []


def test_the_pack_says_what_unknown_means_in_a_mandatory_profile(tmp_path: Path) -> None:
    declaration = [{"declaration.direction": "import"}]
    assert recogniser(tmp_path, 0, UnknownRule.FIRES).items(declaration) == [0]
    assert recogniser(tmp_path, 0, UnknownRule.DOES_NOT_FIRE).items(declaration) == []


def test_unknown_never_fires_a_waivable_profile(tmp_path: Path) -> None:
    assert recogniser(tmp_path, 1, UnknownRule.FIRES).items([HERE]) == []
