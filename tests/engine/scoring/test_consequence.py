"""A higher-risk area raises the consequence: the level no longer depends on what the goods are worth."""

from pathlib import Path

import numpy as np
import pytest

from daliz.engine.pack import Pack, load_pack
from daliz.engine.scoring import Firings
from daliz.engine.scoring.consequence import consequences
from tests.engine.pack.test_register import registered


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    path = tmp_path / "pack.yaml"
    path.write_text(registered(), encoding="utf-8")
    return load_pack(path)


def firings(pack: Pack, fired: list[list[bool]]) -> Firings:
    """Which of the arms profile and the value profile fired, declaration by declaration."""
    table = np.array(fired, dtype=np.bool_)
    return Firings(
        profiles=pack.profiles[:2],
        declaration=np.arange(len(fired)),
        first_row=np.arange(len(fired)),
        held=table,
        fired=table,
        unknown=np.zeros_like(table),
    )


def test_a_higher_risk_area_never_counts_for_less_than_its_band(pack: Pack) -> None:
    fired = firings(pack, [[True, False], [False, True], [False, False]])
    found = consequences(np.array([5.0, 5.0, 5.0]), fired, pack)
    assert found.tolist() == [1000.0, 5.0, 5.0]


def test_a_greater_damage_stays_what_it_is(pack: Pack) -> None:
    assert consequences(np.array([7000.0]), firings(pack, [[True, True]]), pack).tolist() == [7000.0]


def test_an_unknown_damage_counts_as_the_middle_band(pack: Pack) -> None:
    fired = firings(pack, [[False, False]])
    assert consequences(np.array([np.nan]), fired, pack).tolist() == [1000.0]


def test_it_raises_the_level(pack: Pack) -> None:
    """The same probability and damage: low without the area, high with it."""
    damage = np.array([5.0, 5.0])
    weapons, value = consequences(damage, firings(pack, [[True, False], [False, True]]), pack)
    levels = pack.policy.levels
    assert (levels.level(0.6, float(value)), levels.level(0.6, float(weapons))) == ("low", "high")


def test_weapons_are_severe_in_the_kazakh_pack() -> None:
    kz = load_pack("kz")
    weapons = next(p for p in kz.profiles if p.id == "KZ-BN-01")
    table = np.array([[True]])
    fired = Firings((weapons,), np.arange(1), np.arange(1), table, table, ~table)
    assert consequences(np.array([1.0]), fired, kz).tolist() == [7_500_000.0]
