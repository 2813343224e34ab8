"""Who gets officers' time: mandatory, then the random share, then the floor, then the greatest gain."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from daliz.engine.allocation.planner import Claim, Plan, Requests, Staff, plan

Asked = tuple[int, int, Claim, float, float, bool, float]
PAPERS, GOODS = 0, 1
OPENING_INCLUDES_PAPERS = np.array([[False, False], [True, False]])


def a_request(
    declaration: int,
    claim: Claim = Claim.WAIVABLE,
    *,
    form: int = PAPERS,
    gain: float = 1.0,
    cost: float = 1.0,
    non_fiscal: bool = False,
    draw: float = 0.5,
) -> Asked:
    return declaration, form, claim, gain, cost, non_fiscal, draw


def a_plan(
    asked: Sequence[Asked],
    *capacity: float,
    floor: float = 0.0,
    held: Sequence[tuple[int, int]] = (),
    worth: dict[tuple[int, int], float] | None = None,
) -> Plan:
    """Plan with one lane for each form: papers, then goods."""
    columns = [np.array(column) for column in zip(*asked, strict=True)]
    declaration, form, claim, gain, cost, non_fiscal, draw = columns
    declarations = int(declaration.max()) + 1
    has, worths = np.zeros((declarations, 2), dtype=np.bool_), np.zeros((declarations, 2))
    for at in held:
        has[at] = True
    for at, value in (worth or {}).items():
        worths[at] = value
    return plan(
        Requests(declaration, form, form, claim, gain.astype(float), cost.astype(float), non_fiscal, draw),
        Staff(np.array([*capacity, 0.0][:2], dtype=float), floor, OPENING_INCLUDES_PAPERS),
        held=has,
        worth=worths,
    )


def granted(made: Plan) -> list[int]:
    return [int(k) for k in np.flatnonzero(made.granted)]


def test_the_greatest_gain_that_the_time_allows_is_chosen() -> None:
    made = a_plan(
        [
            a_request(0, gain=10.0, cost=10.0),
            a_request(1, gain=8.0, cost=2.0),
            a_request(2, gain=9.0, cost=3.0),
        ],
        5.0,
    )
    assert granted(made) == [1, 2]
    assert made.value == 17.0


def test_the_price_is_what_one_more_control_would_bring() -> None:
    made = a_plan([a_request(0, gain=9.0), a_request(1, gain=5.0), a_request(2, Claim.MANDATORY)], 2.0)
    assert granted(made) == [0, 2]
    assert made.price.round(6).tolist() == [5.0, 0.0]


def test_mandatory_controls_are_carried_out_whatever_they_cost() -> None:
    made = a_plan([a_request(n, Claim.MANDATORY) for n in range(5)], 2.0)
    assert granted(made) == [0, 1, 2, 3, 4]
    assert made.used[PAPERS].tolist() == [5.0, 0.0, 0.0]


def test_the_random_share_comes_before_any_gain() -> None:
    assert granted(a_plan([a_request(0, gain=1e9), a_request(1, Claim.RANDOM, gain=0.0)], 1.0)) == [1]


def test_random_draws_beyond_capacity_are_kept_by_draw_and_not_by_gain() -> None:
    drawn = [a_request(n, Claim.RANDOM, gain=float(n), draw=d) for n, d in enumerate([0.3, 0.1, 0.2])]
    made = a_plan(drawn, 2.0)
    assert granted(made) == [1, 2]
    assert made.covered.tolist() == [False, False, False]


def test_a_floor_is_kept_for_risks_that_cost_no_revenue() -> None:
    made = a_plan(
        [a_request(0, gain=100.0), a_request(1, gain=90.0), a_request(2, gain=0.1, non_fiscal=True)],
        2.0,
        floor=0.5,
    )
    assert granted(made) == [0, 2]
    assert made.floor_price.round(6).tolist() == [89.9, 0.0]


def test_a_floor_that_nobody_needs_goes_to_the_rest() -> None:
    made = a_plan([a_request(0), a_request(1)], 2.0, floor=0.5)
    assert granted(made) == [0, 1]
    assert made.price.tolist() == [0.0, 0.0]


def test_several_claims_on_one_control_cost_it_once() -> None:
    made = a_plan(
        [a_request(0, Claim.MANDATORY), a_request(0, Claim.RANDOM), a_request(0), a_request(1)], 2.0
    )
    assert granted(made) == [0, 3]
    assert made.covered.tolist() == [False, True, True, False]
    assert made.used[PAPERS].tolist() == [1.0, 0.0, 1.0]


def test_a_declaration_is_controlled_in_the_form_that_brings_most_to_the_day() -> None:
    made = a_plan(
        [
            a_request(0, gain=9.0),
            a_request(0, form=GOODS, gain=10.0),
            a_request(1, gain=1.0),
            a_request(1, form=GOODS, gain=8.0),
        ],
        1.0,
        1.0,
    )
    assert granted(made) == [0, 3]


def test_goods_that_are_opened_need_no_document_check_beside_it() -> None:
    made = a_plan([a_request(0, Claim.MANDATORY), a_request(0, Claim.MANDATORY, form=GOODS)], 1.0, 1.0)
    assert granted(made) == [1]
    assert made.covered.tolist() == [True, False]


def test_a_mandatory_document_check_gives_way_to_opening_the_goods() -> None:
    made = a_plan([a_request(0, Claim.MANDATORY), a_request(0, form=GOODS, gain=5.0)], 1.0, 1.0)
    assert granted(made) == [1]
    assert made.used.sum() == 1.0


def test_beside_a_control_it_has_a_declaration_asks_for_what_another_form_adds() -> None:
    papers_checked = [a_request(0, form=GOODS, gain=9.0), a_request(1, form=GOODS, gain=5.0)]
    made = a_plan(papers_checked, 0.0, 1.0, held=[(0, PAPERS)], worth={(0, PAPERS): 6.0})
    assert granted(made) == [1]


def test_what_an_earlier_version_got_is_not_asked_for_again() -> None:
    made = a_plan([a_request(0), a_request(1, gain=0.5)], 1.0, held=[(0, PAPERS)])
    assert granted(made) == [1]
    assert made.covered.tolist() == [True, False]


requests = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.integers(0, 1),
        st.sampled_from(Claim),
        st.floats(0, 1e6),
        st.floats(0.1, 50),
        st.booleans(),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=40,
)


@given(requests, st.floats(0, 100), st.floats(0, 100), st.floats(0, 1))
@settings(deadline=None)
def test_capacity_is_exceeded_by_mandatory_controls_only(
    asked: list[Asked], papers: float, goods: float, floor: float
) -> None:
    made = a_plan(asked, papers, goods, floor=floor)
    for lane, available in enumerate((papers, goods)):
        beyond = made.used[lane, Claim.RANDOM] + made.used[lane, Claim.WAIVABLE]
        assert beyond <= max(available - made.used[lane, Claim.MANDATORY], 0.0) + 1e-6
    assert not (made.granted & made.covered).any()


@given(requests, st.floats(0, 100), st.floats(0, 100))
@settings(deadline=None)
def test_every_mandatory_request_is_carried_out_or_covered(
    asked: list[Asked], papers: float, goods: float
) -> None:
    made = a_plan(asked, papers, goods)
    for k, (_, _, claim, *_) in enumerate(asked):
        assert claim is not Claim.MANDATORY or made.granted[k] or made.covered[k]


@given(requests, st.floats(0, 100), st.floats(0, 100))
@settings(deadline=None)
def test_a_declaration_gets_at_most_one_form_beyond_what_it_must_have(
    asked: list[Asked], papers: float, goods: float
) -> None:
    made = a_plan(asked, papers, goods)
    waivable = [asked[k][0] for k in granted(made) if asked[k][2] is Claim.WAIVABLE]
    assert len(waivable) == len(set(waivable))
