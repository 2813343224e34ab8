"""The random share grows where what was learned decays, between floor and cap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daliz.engine.allocation.exploration import Evidence, Ranking, adapted_shares
from daliz.engine.pack import Stratum, load_pack


@pytest.fixture(scope="module")
def imports() -> Stratum:
    return next(stratum for stratum in load_pack("kz").policy.random.strata if stratum.code == "import")


AS_PROMISED = Evidence(predicted=100.0, spread=80.0, hits=96)
HALF_GONE = Evidence(predicted=100.0, spread=80.0, hits=20)


def after(imports: Stratum, *periods: Evidence) -> float:
    shares: dict[str, float] = {}
    for evidence in periods:
        shares = adapted_shares([imports], {"import": evidence}, before=shares)
    return shares["import"]


def test_a_stratum_whose_targeting_holds_its_promise_stays_at_the_floor(imports: Stratum) -> None:
    assert after(imports, AS_PROMISED, AS_PROMISED) == 0.01


def test_a_stratum_whose_targeting_decays_is_explored_up_to_the_cap(imports: Stratum) -> None:
    assert after(imports, HALF_GONE) == pytest.approx(0.02)
    assert after(imports, *[HALF_GONE] * 12) == pytest.approx(0.03, abs=1e-4)


def test_exploration_falls_back_when_the_model_has_learned_again(imports: Stratum) -> None:
    assert after(imports, *[HALF_GONE] * 12, *[AS_PROMISED] * 12) == pytest.approx(0.01, abs=1e-4)


def test_a_few_bad_days_are_not_taken_for_decay(imports: Stratum) -> None:
    assert after(imports, Evidence(predicted=3.0, spread=2.5, hits=1)) == 0.01


def test_a_ranking_that_random_controls_no_longer_bear_out_is_decay() -> None:
    then, now = Ranking(0.85, 0.01), Ranking(0.6, 0.03)
    evidence = Evidence(predicted=0.0, spread=0.0, hits=0, published=then, recent=now)
    assert evidence.decay == pytest.approx((0.25 - 1.2816 * 0.031623) / 0.35, abs=1e-4)


def test_the_ranking_is_the_share_of_pairs_in_right_order() -> None:
    score, violation = np.array([0.9, 0.8, 0.8, 0.3]), np.array([True, False, True, False])
    ranking = Ranking.of(score, violation)
    assert ranking is not None
    assert ranking.auc == pytest.approx(3.5 / 4)
    assert Ranking.of(score, np.zeros(4, dtype=np.bool_)) is None


def test_the_error_of_a_ranking_covers_the_truth() -> None:
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(300):
        violation = rng.random(200) < 0.2
        ranking = Ranking.of(rng.normal(size=200) + violation * 1.0, violation)
        assert ranking is not None
        inside += abs(ranking.auc - 0.7602) < 1.645 * ranking.error
    assert 0.84 < inside / 300 < 0.96


@given(predicted=st.floats(0, 500), part=st.floats(0, 1), hits=st.integers(0, 500), fewer=st.integers(0, 500))
@settings(deadline=None)
def test_fewer_hits_never_lower_the_share_and_it_stays_between_floor_and_cap(
    imports: Stratum, predicted: float, part: float, hits: int, fewer: int
) -> None:
    more = after(imports, Evidence(predicted, predicted * part, hits))
    less = after(imports, Evidence(predicted, predicted * part, max(hits - fewer, 0)))
    assert imports.share <= more <= less <= imports.cap
