"""Profiles and models in one expectation."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from daliz.engine.pack import Pack, load_pack
from daliz.engine.scoring.mixing import Expected, belief, by_profiles, mixed

PLAIN = load_pack("kz")
PACK: Pack = replace(PLAIN, policy=replace(PLAIN.policy, money_per_hit=10.0, money_per_harm=2.0))
ALL = np.array([True, True, True])
shares = st.floats(0, 1)


def profiles(chance: float, *asked: bool, damage: float = 100.0) -> tuple[Expected, NDArray[np.bool_]]:
    forms = np.array([asked])
    return by_profiles(np.array([chance]), np.array([damage]), forms, PACK), forms


def both(
    chance: float, model: float, positives: int, *, asked: tuple[bool, ...] = (True, False, False),
    known: NDArray[np.bool_] = ALL,
) -> Expected:  # fmt: skip
    experts, forms = profiles(chance, *asked)
    return mixed(
        experts, expert_chance=np.array([chance]), asked=forms, chance=np.full((1, 3), model),
        recovery=np.full((1, 3), 40.0), harm=np.full((1, 3), 5.0), known=known, positives=positives,
        pack=PACK,
    )  # fmt: skip


def test_profiles_expect_something_of_the_forms_that_they_ask_for_alone() -> None:
    expected, _ = profiles(0.3, True, False, False)
    assert expected.chance[0].tolist() == pytest.approx([0.3, 0, 0])
    assert expected.gain[0].tolist() == pytest.approx([0.3 * 100 + 0.3 * 10, 0, 0])


def test_where_no_profile_asks_profiles_expect_nothing() -> None:
    expected, _ = profiles(0.3, False, False, False)
    assert expected.gain.tolist() == [[0, 0, 0]]


def test_belief_grows_without_a_step() -> None:
    grown = [belief(n) for n in range(2000)]
    assert grown[30] == 0.0  # with fewer there is no model
    assert max(b - a for a, b in pairwise(grown)) == pytest.approx(1 / 51)
    assert 0.97 < grown[-1] < 1.0


def test_without_a_find_profiles_alone_are_believed() -> None:
    mixture = both(0.3, 0.9, 0)
    assert mixture.chance[0].tolist() == pytest.approx([0.3, 0.075, 0.075])  # a quarter where none asks
    assert mixture.recovery[0].tolist() == pytest.approx([30, 0, 0])
    assert mixture.harm[0].tolist() == [0, 0, 0]


def test_with_fifty_finds_beyond_the_first_thirty_both_count_alike() -> None:
    mixture = both(0.2, 0.2, 80)
    assert mixture.chance[0, 0] == pytest.approx(0.2)
    assert mixture.recovery[0].tolist() == pytest.approx([30, 20, 20])
    assert mixture.harm[0].tolist() == pytest.approx([5, 5, 5])
    assert mixture.gain[0, 0] == pytest.approx(30 + 5 + 10 * 0.2)


def test_a_form_of_which_models_know_nothing_is_left_to_profiles() -> None:
    mixture = both(0.3, 0.9, 5000, known=np.array([True, True, False]), asked=(True, False, True))
    assert mixture.chance[0, 2] == pytest.approx(0.3)
    assert mixture.recovery[0, 2] == pytest.approx(30)
    assert mixture.harm[0, 2] == 0


@given(shares, shares, st.integers(0, 100_000), st.booleans())
def test_a_chance_lies_between_what_both_say_and_never_beyond_0_and_1(
    chance: float, model: float, positives: int, asks: bool
) -> None:
    theirs = chance if asks else chance / 4
    mixture = float(both(chance, model, positives, asked=(asks, False, False)).chance[0, 0])
    assert 0 <= mixture <= 1
    assert min(theirs, model) - 2e-6 <= mixture <= max(theirs, model) + 2e-6
