"""Weeks of declarations against weeks of officers."""

import time
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from daliz.engine.allocation.capacity import Capacity
from daliz.engine.allocation.horizon import Stream, Terms, capacity_table, plan_horizon
from daliz.engine.allocation.planner import Claim
from daliz.engine.allocation.programme import Floats

FORMS = ("documents", "physical", "post_release")
COUNTED = Terms(FORMS, by_minutes=False, floor_share=0.0)
PAPERS, GOODS, LATER = 0, 1, 2


def a_stream(*gains: tuple[float, float, float], day: list[int] | None = None) -> Stream:
    """Declarations of one office; what a form would bring, 0 where nothing asks for it."""
    gain = np.array(gains, dtype=np.float64)
    nobody = np.zeros(gain.shape, dtype=np.bool_)
    return Stream(
        declaration=np.arange(len(gain)),
        day=np.array(day or [0] * len(gain)),
        pool=np.zeros(gain.shape, dtype=np.intp),
        gain=gain,
        minutes=np.tile([30.0, 120.0, 60.0], (len(gain), 1)),
        delay_hours=np.tile([2.0, 8.0, 0.0], (len(gain), 1)),
        permitted=gain > 0,
        mandatory=nobody,
        random=nobody,
        non_fiscal=nobody,
        deferrable=np.zeros(len(gain), dtype=np.bool_),
        draw=np.full(len(gain), 0.5),
    )


def officers(papers: float, goods: float, later: float, *, days: int = 1) -> Floats:
    return np.repeat(np.array([[[papers], [goods], [later]]], dtype=np.float64), days, axis=2)


def test_each_day_has_its_own_officers_and_its_own_price() -> None:
    made = plan_horizon(
        a_stream((9, 0, 0), (7, 0, 0), (3, 0, 0), day=[0, 0, 1]), officers(1, 0, 0, days=2), COUNTED
    )
    assert made.day[:, PAPERS].tolist() == [0, -1, 1]
    assert made.price[0, PAPERS].tolist() == pytest.approx([7.0, 0.0])
    assert made.value == pytest.approx(12.0)
    assert made.gap == pytest.approx(0.0, abs=1e-6)


def test_minutes_and_delay_are_taken_off_the_gain() -> None:
    costly = replace(COUNTED, officer_minute=1.0, delay_hour=10.0)
    made = plan_horizon(a_stream((60, 0, 0), (40, 0, 0)), officers(2, 0, 0), costly)
    assert (made.claim[:, PAPERS] == Claim.WAIVABLE).tolist() == [True, False]
    assert made.value == pytest.approx(10.0)


def test_documents_wait_until_after_release_where_the_profile_permits() -> None:
    stream = a_stream((9, 0, 4), (8, 0, 4))
    asks_papers = replace(stream, permitted=np.array([[True, False, False], [True, False, False]]))
    made = plan_horizon(replace(asks_papers, deferrable=np.array([True, True])), officers(1, 0, 1), COUNTED)
    assert made.value == pytest.approx(13.0)
    assert made.deferred.tolist() == [False, True]
    never = plan_horizon(asks_papers, officers(1, 0, 1), COUNTED)
    assert never.value == pytest.approx(9.0)
    assert not never.deferred.any()


@pytest.mark.parametrize("guards", ["non_fiscal", "mandatory"])
def test_what_guards_more_than_revenue_or_must_be_is_never_deferred(guards: str) -> None:
    asks_papers = np.array([[True, False, False]])
    stream = replace(a_stream((9, 0, 50)), permitted=asks_papers, deferrable=np.array([True]))
    made = plan_horizon(replace(stream, **{guards: asks_papers}), officers(1, 0, 1), COUNTED)
    assert not made.deferred.any()
    assert made.claim[0, PAPERS] >= 0


def test_a_control_after_release_may_wait_for_officers() -> None:
    stream = a_stream((0, 0, 9), (0, 0, 8))
    one_a_day = officers(0, 0, 1, days=3)
    assert plan_horizon(stream, one_a_day, COUNTED).value == pytest.approx(9.0)
    made = plan_horizon(stream, one_a_day, replace(COUNTED, wait_days=1))
    assert made.value == pytest.approx(17.0)
    assert sorted(made.day[:, LATER].tolist()) == [0, 1]


def test_the_random_share_takes_time_before_any_gain() -> None:
    stream = replace(a_stream((0, 9, 0), (0, 0, 0)), random=np.array([[False] * 3, [False, True, False]]))
    made = plan_horizon(stream, officers(0, 1, 0), COUNTED)
    assert made.claim[:, GOODS].tolist() == [-1, Claim.RANDOM]
    assert made.price[0, GOODS, 0] == pytest.approx(9.0)


def test_capacity_is_laid_out_by_pool_form_and_day() -> None:
    minutes = Capacity(
        {}, {("55301", "documents", None): 480.0, ("55301", "documents", date(2026, 3, 3)): 0.0}
    )
    table = capacity_table(
        minutes, pools=["55301"], forms=FORMS, declarations={date(2026, 3, 2): 9, date(2026, 3, 3): 9}
    )
    assert table.tolist() == [[[480.0, 0.0], [0.0, 0.0], [0.0, 0.0]]]


def a_border(n: int, *, pools: int, days: int) -> tuple[Stream, Floats]:
    rng = np.random.default_rng(5)
    forms = (n, len(FORMS))
    opened = np.zeros(forms, dtype=np.bool_)
    opened[:, GOODS] = rng.random(n) < 0.01
    stream = Stream(
        declaration=np.arange(n),
        day=rng.integers(0, days, n),
        pool=np.repeat(rng.integers(0, pools, (n, 1)), len(FORMS), axis=1),
        gain=rng.lognormal(10, 2, (n, 1)) * rng.uniform(0.2, 1, forms),
        minutes=rng.uniform(30, 90, forms),
        delay_hours=np.tile([2.0, 8.0, 0.0], (n, 1)),
        permitted=rng.random(forms) < 0.6,
        mandatory=opened,
        random=np.roll(opened, 1, axis=0),
        non_fiscal=rng.random(forms) < 0.1,
        deferrable=rng.random(n) < 0.5,
        draw=rng.random(n),
    )
    capacity = np.tile(np.array([160.0, 60.0, 60.0])[:, None], (pools, 1, days))
    return stream, capacity


def test_a_month_of_ten_thousand_declarations_at_twenty_pools_is_planned_in_seconds() -> None:
    stream, capacity = a_border(10_000, pools=20, days=30)
    terms = Terms(
        FORMS, by_minutes=True, floor_share=0.15, officer_minute=60.0, delay_hour=2000.0, wait_days=3
    )
    begin = time.process_time()
    made = plan_horizon(stream, capacity, terms)
    assert time.process_time() - begin < 20
    assert 0 <= made.gap < 0.1
    must = np.zeros(capacity.shape)
    declaration, form = np.nonzero(made.claim == Claim.MANDATORY)
    lanes = stream.pool[declaration, form], form, stream.day[declaration]
    np.add.at(must, lanes, stream.minutes[declaration, form])
    assert (made.used <= np.maximum(capacity, must) + 1e-6).all()
    waivable = (made.claim == Claim.WAIVABLE).sum(axis=1)
    assert waivable.max() == 1
    assert (made.claim[stream.mandatory] == Claim.MANDATORY).all()
