"""The search and its bound, held against all subsets."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daliz.engine.superposition import Problem, Standing, bound, search
from tests.engine.superposition.cast import Option, a_problem, best, sets, value


@st.composite
def problems(draw: st.DrawFn, *, forms: int = 2, scarce: bool = True, plain: bool = False) -> Problem:
    """A few declarations over two days; ``plain`` has neither upkeep nor alternatives."""
    days, people = 2, draw(st.integers(1, 6))
    options: list[Option] = [
        (i, (i % days) * forms + form, float(draw(st.integers(1, 20))))
        for i in range(people)
        for form in range(forms)
        if draw(st.booleans())
    ]
    size = draw(st.integers(1, 5))
    asks = [[k for k in range(len(options)) if draw(st.booleans())] for _ in range(size)]
    rooms = [draw(st.integers(0, 2)) if scarce else people for _ in range(days * forms)]
    return a_problem(
        options,
        asks,
        room=rooms,
        day=[lane // forms for lane in range(days * forms)],
        group=None if plain else [draw(st.integers(0, size - 1)) for _ in range(size)],
        upkeep=None if plain else [float(draw(st.integers(0, 5))) for _ in range(size)],
        share=[draw(st.sampled_from([0.25, 0.5, 1.0])) for _ in range(size)],
        most=draw(st.integers(1, size)) if plain else draw(st.none() | st.integers(1, size)),
    )


def test_what_another_covers_is_not_worth_its_upkeep() -> None:
    options = [(0, 0, 10.0), (1, 0, 8.0), (2, 0, 5.0)]
    wide, narrow, other = [0, 1], [1], [2]
    found = search(a_problem(options, [wide, narrow, other], room=[3], upkeep=[1.0] * 3))
    assert found.active == {0, 2}
    assert (found.value, found.worth) == (23.0, 21.0)


def test_of_the_thresholds_of_one_profile_one_is_chosen() -> None:
    options = [(0, 0, 10.0), (1, 0, 1.0), (2, 0, 4.0)]
    tight, loose, other = [0], [0, 1, 2], [2]
    problem = a_problem(options, [tight, loose, other], room=[3], group=[0, 0, 1], upkeep=[2.0, 2.0, 2.0])
    assert search(problem).active == {1}
    assert best(problem) == 13.0


def test_room_makes_what_it_cannot_hold_redundant() -> None:
    options = [(0, 0, 10.0), (1, 0, 9.0), (2, 0, 1.0)]
    problem = a_problem(options, [[0], [1], [2]], room=[2], upkeep=[0.1, 0.1, 0.1])
    assert search(problem).active == {0, 1}


def test_an_exchange_mends_what_greed_chose_first() -> None:
    options = [(i, 0, gain) for i, gain in enumerate([6.0, 6.0, 5.0, 5.0])]
    middle, left, right = [0, 1], [0, 2], [1, 3]
    problem = a_problem(options, [middle, left, right], room=[4], most=2)
    found = search(problem)
    assert found.active == {1, 2}
    assert found.value == 22.0 == best(problem)


def test_what_is_fixed_stays_though_it_brings_nothing() -> None:
    problem = a_problem([(0, 0, 3.0)], [[], [0]], upkeep=[9.0, 1.0], fixed=[0])
    assert search(problem).active == {0, 1}


def test_a_declaration_goes_to_the_form_that_the_others_can_spare() -> None:
    documents, physical = 0, 1
    options = [(0, documents, 4.0), (0, physical, 9.0), (1, documents, 1.0), (1, physical, 8.0)]
    problem = a_problem(options, [[0, 1, 2, 3]], room=[1, 1])
    assert Standing(problem, [0]).value == 12.0


def test_nothing_to_choose_from_is_worth_nothing() -> None:
    problem = a_problem([], [[]], room=[])
    assert (search(problem).value, bound(search(problem)).money) == (0.0, 0.0)


def test_a_wide_sign_that_tells_little_does_not_replace_a_narrow_one() -> None:
    options = [(0, 0, 10.0), (1, 0, 10.0), (2, 0, 10.0)]
    everybody, one = [0, 1, 2], [0]
    both = a_problem(options, [everybody, one], room=[1], upkeep=[1.0, 1.0], share=[0.3, 1.0])
    assert search(both).active == {1}
    same = a_problem(options, [everybody, one], room=[1], group=[0, 0], upkeep=[1.0, 1.0], share=[0.3, 1.0])
    assert search(same).active == {1}
    assert best(both) == best(same) == 9.0


def test_prices_bound_too() -> None:
    problem = a_problem([(0, 0, 3.0), (1, 0, 2.0)], [[0], [1]], room=[2], most=1)
    coarse = bound(search(problem), most_words=0)
    assert coarse.money >= best(problem) == 3.0


def test_the_bound_is_tight_where_candidates_do_not_meet() -> None:
    problem = a_problem([(0, 0, 3.0), (1, 0, 2.0)], [[0], [1]], room=[2], upkeep=[1.0, 4.0])
    told = bound(search(problem))
    assert told.relaxed
    assert told.money == pytest.approx(2.0, rel=1e-5)
    assert told.lost(search(problem).worth) == pytest.approx(0.0, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_found_is_at_most_the_best_and_the_best_at_most_the_bound(problem: Problem) -> None:
    found = search(problem)
    assert problem.allows(found.active)
    assert found.value == pytest.approx(value(problem, sorted(found.active)))
    assert found.worth <= best(problem) + 1e-6
    assert best(problem) <= bound(found).money + 1e-6
    assert best(problem) <= bound(found, most_words=0).money + 1e-6


@settings(max_examples=60, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_what_is_found_is_worth_no_less_than_today(problem: Problem, chance: Random) -> None:
    today = chance.choice(list(sets(problem)))
    found = search(problem, today=today)
    assert problem.allows(found.active)
    assert found.worth >= value(problem, today) - problem.cost(today) - 1e-6


@settings(max_examples=60, deadline=None)
@given(problems(forms=1, scarce=False, plain=True))
def test_with_time_for_all_the_search_reaches_its_share_of_the_bound(problem: Problem) -> None:
    found, told = search(problem).worth, bound(search(problem)).money
    assert told * (1 - 1 / math.e) - 1e-3 <= found <= told + 1e-6


@settings(max_examples=60, deadline=None)
@given(problems(forms=1, plain=True))
def test_in_one_form_the_search_reaches_its_share_of_the_best(problem: Problem) -> None:
    assert search(problem).worth >= best(problem) * (1 - 1 / math.e) - 1e-9


@settings(max_examples=60, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_a_change_is_worth_what_a_fresh_start_says(problem: Problem, chance: Random) -> None:
    allowed = list(sets(problem))
    one, other = chance.choice(allowed), chance.choice(allowed)
    standing = Standing(problem, one)
    on, off = sorted(set(other) - set(one)), sorted(set(one) - set(other))
    expected = value(problem, other) - value(problem, one)
    assert float(np.sum(standing.change(on=on, off=off))) == pytest.approx(expected)
    standing.make(on=on, off=off)
    assert standing.value == pytest.approx(value(problem, other))
