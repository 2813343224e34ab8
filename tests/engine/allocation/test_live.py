"""Decisions as declarations come: within capacity, and close to what would have been best."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daliz.engine.allocation.assignment import assign
from daliz.engine.allocation.live import Ask, Outlook, Shift
from daliz.engine.allocation.planner import Claim
from daliz.engine.allocation.programme import Floats

FORESEEN = 400
OFFICERS = np.array([64.0, 16.0])


def an_outlook(
    capacity: Floats,
    price: Floats,
    *,
    floor: float = 0.0,
    random: Floats | None = None,
    arrivals: float = FORESEEN,
) -> Outlook:
    return Outlook(
        capacity=capacity,
        price=price,
        floor_price=np.zeros(len(capacity)),
        floor=floor * capacity,
        random=np.zeros(len(capacity)) if random is None else random,
        arrivals=np.full(len(capacity), arrivals),
    )


def a_day(seed: int, declarations: int, *, richer: float = 1.0) -> Floats:
    """What checking the documents and opening the goods would bring; a few declarations hold most of it."""
    rng = np.random.default_rng(seed)
    held = rng.lognormal(10, 1.5, (declarations, 1)) * richer
    return np.asarray(held * rng.uniform(0.1, 1, (declarations, 2)) * np.array([0.7, 1.0]))


def best(gain: Floats) -> float:
    return assign(gain, np.ones(gain.shape), OFFICERS).value


def lived(gain: Floats, *, seed: int) -> tuple[float, Floats]:
    """Decide a day as it comes, by the prices of another day; return the gain and the load."""
    foreseen = a_day(1000 + seed, FORESEEN)
    shift = Shift(an_outlook(OFFICERS, assign(foreseen, np.ones(foreseen.shape), OFFICERS).price))
    hours = np.sort(np.random.default_rng(2000 + seed).uniform(0, 1, len(gain)))
    brought = 0.0
    for row, hour in zip(gain.tolist(), hours.tolist(), strict=True):
        shift.arrive([0, 1])
        asks = [Ask(form, Claim.WAIVABLE, row[form], 1.0) for form in (0, 1)]
        brought += sum(row[form] for form in shift.decide(asks, elapsed=hour))
    return brought, shift.used.sum(axis=1)


@pytest.mark.parametrize(
    ("declarations", "richer", "share"),
    [
        (400, 1.0, 0.94),
        (800, 1.0, 0.91),
        (200, 1.0, 0.92),
        (400, 3.0, 0.8),
        (400, 0.3, 0.88),
        (800, 3.0, 0.75),
    ],
    ids=["as foreseen", "twice as many", "half as many", "richer", "poorer", "twice as many and richer"],
)
def test_a_day_brings_most_of_what_was_possible_whatever_the_surprise(
    declarations: int, richer: float, share: float
) -> None:
    shares = []
    for seed in range(12):
        gain = a_day(seed, declarations, richer=richer)
        brought, used = lived(gain, seed=seed)
        assert (used <= OFFICERS).all()
        shares.append(brought / best(gain))
    assert np.mean(shares) >= share


def test_the_order_in_which_declarations_come_changes_little() -> None:
    gain = a_day(3, FORESEEN)
    orders = [np.random.default_rng(order).permutation(len(gain)) for order in range(12)]
    shares = [lived(gain[order], seed=3)[0] / best(gain) for order in orders]
    assert min(shares) > 0.85
    assert np.std(shares) < 0.04


def test_officers_are_busy_at_the_end_of_a_day_with_enough_to_do() -> None:
    _, used = lived(a_day(4, FORESEEN), seed=4)
    assert used.tolist() == pytest.approx(OFFICERS.tolist(), abs=4)


def test_time_is_kept_for_the_random_share_and_for_damage_that_is_not_to_revenue() -> None:
    shift = Shift(an_outlook(np.array([10.0]), np.array([1.0]), floor=0.2, random=np.array([3.0])))
    rich = Ask(0, Claim.WAIVABLE, 1e9, 1.0)
    assert sum(len(shift.decide([rich], elapsed=0.0)) for _ in range(20)) == 5
    protected = Ask(0, Claim.WAIVABLE, 1e9, 1.0, non_fiscal=True)
    assert sum(len(shift.decide([protected], elapsed=0.0)) for _ in range(20)) == 2
    drawn = Ask(0, Claim.RANDOM, 0.0, 1.0)
    assert sum(len(shift.decide([drawn], elapsed=0.0)) for _ in range(20)) == 3


def test_what_is_kept_and_not_needed_is_given_back_as_the_day_ends() -> None:
    shift = Shift(an_outlook(np.array([10.0]), np.array([1.0]), floor=0.2, random=np.array([3.0])))
    rich = Ask(0, Claim.WAIVABLE, 1e9, 1.0)
    assert sum(len(shift.decide([rich], elapsed=1.0)) for _ in range(20)) == 10


asks = st.tuples(
    st.integers(0, 1), st.sampled_from(Claim), st.floats(0, 1e6), st.floats(0.1, 9), st.booleans()
)
days = st.lists(st.tuples(st.lists(asks, min_size=1, max_size=2), st.floats(0, 1)), max_size=60)


@given(days, st.floats(0, 40), st.floats(0, 40), st.floats(0, 1e4), st.floats(0, 1))
@settings(deadline=None)
def test_capacity_is_exceeded_by_mandatory_controls_only(
    day: list[tuple[list[tuple[int, Claim, float, float, bool]], float]],
    papers: float,
    goods: float,
    price: float,
    floor: float,
) -> None:
    capacity = np.array([papers, goods])
    shift = Shift(an_outlook(capacity, np.full(2, price), floor=floor, arrivals=20.0))
    for asked, hour in sorted(day, key=lambda moment: moment[1]):
        shift.arrive([0, 1])
        made = [Ask(*ask) for ask in asked]
        for k in shift.decide(made, elapsed=hour):
            if made[k].claim is not Claim.MANDATORY:
                assert shift.used[made[k].lane].sum() <= capacity[made[k].lane] + 1e-6


@given(
    st.lists(st.floats(0, 1e5), max_size=30),
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.floats(1.0, 10.0),
    st.integers(0, 1),
)
@settings(deadline=None)
def test_more_gain_never_loses_a_control(
    before: list[float], papers: float, goods: float, factor: float, raised: int
) -> None:
    def after(gains: tuple[float, float]) -> tuple[int, ...]:
        shift = Shift(an_outlook(np.array([8.0, 3.0]), np.array([500.0, 900.0]), arrivals=40.0))
        for k, gain in enumerate(before):
            shift.arrive([0, 1])
            shift.decide([Ask(k % 2, Claim.WAIVABLE, gain, 1.0)], elapsed=k / 40)
        return shift.decide([Ask(f, Claim.WAIVABLE, gains[f], 1.0) for f in (0, 1)], elapsed=0.75)

    gains = (papers, goods)
    more = (papers * factor, goods) if raised == 0 else (papers, goods * factor)
    if after(gains):
        assert after(more)
