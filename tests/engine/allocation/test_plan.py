"""Who gets officers' time: mandatory, then the random share, then the floor, then the greatest gain."""

from hypothesis import given
from hypothesis import strategies as st

from daliz.engine.allocation import Claim, Request, allocate


def a_request(
    declaration: int,
    claim: Claim = Claim.WAIVABLE,
    *,
    gain: float = 1.0,
    cost: float = 1.0,
    non_fiscal: bool = False,
    draw: float = 0.5,
) -> Request:
    return Request(declaration, claim, cost, cost * 30, gain, non_fiscal, draw, f"KZ-{declaration:04}")


def test_the_greatest_gain_for_each_unit_of_time_comes_first() -> None:
    lane = allocate(
        [
            a_request(0, gain=10.0, cost=10.0),
            a_request(1, gain=8.0, cost=2.0),
            a_request(2, gain=9.0, cost=3.0),
        ],
        available=5.0,
        floor_share=0.0,
    )
    assert sorted(lane.granted) == [1, 2]
    assert lane.waived == {0}
    assert lane.price == 1.0


def test_mandatory_controls_are_carried_out_whatever_they_cost() -> None:
    lane = allocate([a_request(n, Claim.MANDATORY) for n in range(5)], available=2.0, floor_share=0.0)
    assert len(lane.granted) == 5
    assert lane.left == -3.0


def test_the_random_share_comes_before_any_gain() -> None:
    lane = allocate(
        [a_request(0, gain=1e9), a_request(1, Claim.RANDOM, gain=0.0)], available=1.0, floor_share=0.0
    )
    assert lane.granted == {1: Claim.RANDOM}


def test_random_draws_beyond_capacity_are_kept_by_draw_and_not_by_gain() -> None:
    lane = allocate(
        [a_request(n, Claim.RANDOM, gain=float(n), draw=d) for n, d in enumerate([0.3, 0.1, 0.2])],
        available=2.0,
        floor_share=0.0,
    )
    assert sorted(lane.granted) == [1, 2]
    assert lane.waived == {0}


def test_a_floor_is_kept_for_risks_that_cost_no_revenue() -> None:
    lane = allocate(
        [a_request(0, gain=100.0), a_request(1, gain=90.0), a_request(2, gain=0.1, non_fiscal=True)],
        available=2.0,
        floor_share=0.5,
    )
    assert sorted(lane.granted) == [0, 2]


def test_a_floor_that_nobody_needs_goes_to_the_rest() -> None:
    lane = allocate([a_request(0), a_request(1)], available=2.0, floor_share=0.5)
    assert sorted(lane.granted) == [0, 1]
    assert lane.price == 0.0


def test_two_claims_on_one_control_cost_it_once() -> None:
    lane = allocate(
        [a_request(0, Claim.MANDATORY), a_request(0, Claim.RANDOM), a_request(0), a_request(1)],
        available=2.0,
        floor_share=0.0,
    )
    assert lane.granted == {0: Claim.MANDATORY, 1: Claim.WAIVABLE}
    assert lane.minutes == 60.0


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9), st.sampled_from(Claim), st.floats(0, 1e6), st.floats(0.1, 50), st.booleans()
        ),
        max_size=40,
    ),
    st.floats(0, 100),
    st.floats(0, 1),
)
def test_capacity_is_exceeded_by_mandatory_controls_only(
    asked: list[tuple[int, Claim, float, float, bool]], available: float, floor: float
) -> None:
    lane = allocate(
        [a_request(d, c, gain=g, cost=m, non_fiscal=n) for d, c, g, m, n in asked],
        available=available,
        floor_share=floor,
    )
    beyond = lane.used[Claim.RANDOM] + lane.used[Claim.WAIVABLE]
    assert beyond <= max(available - lane.used[Claim.MANDATORY], 0.0) + 1e-6
    assert lane.waived.isdisjoint(lane.granted)
    assert lane.waived | set(lane.granted) == {d for d, *_ in asked}
