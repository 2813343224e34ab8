"""One day's officers against one day's declarations."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from daliz.engine.allocation import Candidate, Capacity, Claim, Day, Standing, plan_day
from daliz.engine.pack import Pack, Profile, load_pack

DAY = date(2026, 3, 2)
FORMS = ("documents", "physical", "post_release")
POOLS = ("55301", "60701", "almaty")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack with officers and delay that cost nothing, so that gains can be told at a glance."""
    kz = load_pack("kz")
    return replace(kz, policy=replace(kz.policy, officer_minute=0.0, delay_hour=0.0))


@pytest.fixture(scope="module")
def named(pack: Pack) -> dict[str, Profile]:
    return {profile.id: profile for profile in pack.profiles}


def a_candidate(
    number: str,
    *profiles: Profile,
    gain: float | Mapping[str, float] = 1000.0,
    office: str = "55301",
    goods_office: str | None = None,
    drawn_by: Profile | None = None,
) -> Candidate:
    fired = tuple((profile, False) for profile in profiles)
    return Candidate(
        number=number,
        office=office,
        goods_office=goods_office or office,
        gain=gain if isinstance(gain, Mapping) else dict.fromkeys(FORMS, gain),
        draw=0.001 if drawn_by else 0.5,
        share=0.01,
        fired=(*fired, (drawn_by, True)) if drawn_by else fired,
        could_fire=profiles,
    )


def a_day(pack: Pack, candidates: list[Candidate], capacity: str, *, declarations: int = 100) -> Day:
    return plan_day(
        candidates,
        day=DAY,
        declarations=declarations,
        capacity=Capacity.of(capacity, forms=FORMS),
        pack=pack,
    )


def test_goods_that_are_opened_leave_document_time_to_others(pack: Pack, named: dict[str, Profile]) -> None:
    both = a_candidate("KZ-1", named["KZ-CO-01"], named["KZ-UV-01"], gain=9000.0)
    papers = a_candidate("KZ-2", named["KZ-UV-01"], gain=10.0)
    day = a_day(pack, [both, papers], "documents=1%,physical=1%")
    assert day.controls[0] == {"physical": Claim.WAIVABLE}
    assert day.controls[1] == {"documents": Claim.WAIVABLE}


def test_goods_are_opened_where_they_lie(pack: Pack, named: dict[str, Profile], tmp_path: Path) -> None:
    path = tmp_path / "minutes.csv"
    path.write_text("pool,form,day,minutes\n55301,physical,,0\n60701,physical,,9999\n")
    away = a_candidate("KZ-1", named["KZ-CO-01"], office="55301", goods_office="60701")
    here = a_candidate("KZ-2", named["KZ-CO-01"], office="60701", goods_office="55301")
    capacity = Capacity.from_file(path, forms=FORMS, pools=POOLS)
    day = plan_day([away, here], day=DAY, declarations=100, capacity=capacity, pack=pack)
    assert [set(given) for given in day.controls] == [{"physical"}, set()]


def test_a_targeted_control_was_certain_and_an_untargeted_one_had_the_random_share(
    pack: Pack, named: dict[str, Profile]
) -> None:
    targeted = a_candidate("KZ-1", named["KZ-CO-01"])
    drawn = a_candidate("KZ-2", drawn_by=named["KZ-RN-01"])
    quiet = a_candidate("KZ-3")
    day = a_day(pack, [targeted, drawn, quiet], "documents=0%,physical=50%")
    assert day.controls[1] == {"physical": Claim.RANDOM}
    assert day.propensity[0]["physical"] == 1.0
    assert day.propensity[1]["physical"] == pytest.approx(0.01)
    assert day.propensity[2] == pytest.approx({"physical": 0.01, "documents": 0.01, "post_release": 0.0})


def test_a_profile_that_found_no_time_leaves_only_the_random_share(
    pack: Pack, named: dict[str, Profile]
) -> None:
    rich = a_candidate("KZ-1", named["KZ-CO-01"], gain=5000.0)
    poor = a_candidate("KZ-2", named["KZ-CO-01"], gain=1.0)
    day = a_day(pack, [rich, poor], "physical=1%")
    assert day.controls[1] == {}
    assert 0 < day.propensity[1]["physical"] < 0.011


def test_a_mandatory_control_was_certain_without_any_capacity(pack: Pack, named: dict[str, Profile]) -> None:
    day = a_day(pack, [a_candidate("KZ-1", named["KZ-BN-01"])], "physical=0%")
    assert day.controls[0] == {"physical": Claim.MANDATORY}
    assert day.propensity[0]["physical"] == 1.0


def test_a_profile_that_fires_on_a_share_controls_with_that_probability(
    pack: Pack, named: dict[str, Profile]
) -> None:
    two_in_five = replace(named["KZ-UV-04"], share=0.4)
    day = a_day(pack, [a_candidate("KZ-1", two_in_five)], "post_release=10%")
    assert day.propensity[0]["post_release"] == pytest.approx(0.4)


def test_two_versions_of_one_day_share_one_control(pack: Pack, named: dict[str, Profile]) -> None:
    first = a_candidate("KZ-1", named["KZ-CO-01"], gain=9000.0)
    amended = a_candidate("KZ-1", named["KZ-CO-01"], gain=8000.0)
    other = a_candidate("KZ-2", named["KZ-CO-01"], gain=10.0)
    day = a_day(pack, [first, amended, other], "physical=2%")
    assert [set(given) for given in day.controls] == [{"physical"}, {"physical"}, {"physical"}]
    assert day.lanes["*", "physical"].used[Claim.WAIVABLE] == 2


def test_an_amendment_of_a_later_day_keeps_its_control_and_takes_no_time(
    pack: Pack, named: dict[str, Profile]
) -> None:
    standing = Standing(
        {"physical": Claim.WAIVABLE}, {"physical": 1.0, "documents": 1.0, "post_release": 0.0}
    )
    day = plan_day(
        [a_candidate("KZ-1"), a_candidate("KZ-2", named["KZ-CO-01"])],
        day=DAY,
        declarations=100,
        capacity=Capacity.of("physical=1%", forms=FORMS),
        pack=pack,
        earlier={"KZ-1": standing},
    )
    assert [set(given) for given in day.controls] == [{"physical"}, {"physical"}]
    assert day.propensity[0]["physical"] == 1.0
    assert day.lanes["*", "physical"].used[Claim.WAIVABLE] == 1


def test_each_declaration_is_controlled_in_the_form_that_would_find_most(
    pack: Pack, named: dict[str, Profile]
) -> None:
    both = (named["KZ-CO-01"], named["KZ-UV-01"])
    wrong_price = a_candidate("KZ-1", *both, gain={"documents": 90_000.0, "physical": 100_000.0})
    hidden = a_candidate("KZ-2", *both, gain={"documents": 10_000.0, "physical": 80_000.0})
    day = a_day(pack, [wrong_price, hidden], "documents=1%,physical=1%")
    assert [set(given) for given in day.controls] == [{"documents"}, {"physical"}]
    assert day.lanes["*", "physical"].waived == set()


def test_of_two_forms_that_bring_the_same_the_stricter_is_chosen_for_the_greater_gain(
    pack: Pack, named: dict[str, Profile]
) -> None:
    both = (named["KZ-CO-01"], named["KZ-UV-01"])
    day = a_day(
        pack,
        [a_candidate("KZ-1", *both, gain=5000.0), a_candidate("KZ-2", *both, gain=9000.0)],
        "documents=1%,physical=1%",
    )
    assert [set(given) for given in day.controls] == [{"documents"}, {"physical"}]


def test_a_control_that_does_not_bring_what_it_costs_is_set_aside(
    pack: Pack, named: dict[str, Profile]
) -> None:
    dear = replace(pack, policy=replace(pack.policy, officer_minute=1000.0))
    day = a_day(dear, [a_candidate("KZ-1", named["KZ-UV-01"], gain=20_000.0)], "documents=9%")
    assert day.controls == [{}]
    assert day.lanes["*", "documents"].waived == {0}
    assert day.propensity[0]["documents"] == pytest.approx(0.0)


def test_an_hour_is_worth_what_it_would_let_officers_control(pack: Pack, named: dict[str, Profile]) -> None:
    papers = [a_candidate(f"KZ-{n}", named["KZ-UV-01"], gain=1000.0 * n) for n in (1, 2, 3)]
    lane = a_day(pack, papers, "documents=1%").lanes["*", "documents"]
    minutes = sum(pack.measures[code].minutes for code in named["KZ-UV-01"].measures)
    assert minutes == 80.0
    assert lane.price == 2000.0
    assert lane.hour == 1500.0


def test_a_form_not_chosen_has_no_propensity_beside_the_one_that_was(
    pack: Pack, named: dict[str, Profile]
) -> None:
    papers_or_later = next(p for p in pack.profiles if p.id == "KZ-PR-01")
    gains = {"documents": 90_000.0, "physical": 0.0, "post_release": 60_000.0}
    day = a_day(pack, [a_candidate("KZ-1", papers_or_later, gain=gains)], "documents=5%,post_release=5%")
    assert set(day.controls[0]) == {"documents"}
    assert day.propensity[0]["documents"] == 1.0
    assert day.propensity[0]["post_release"] == 0.0


def test_a_better_form_that_a_share_left_out_takes_its_part_of_the_probability(
    pack: Pack, named: dict[str, Profile]
) -> None:
    opened_one_in_four = replace(named["KZ-CO-01"], share=0.25)
    gains = {"documents": 50_000.0, "physical": 500_000.0, "post_release": 0.0}
    only_papers = replace(
        a_candidate("KZ-1", named["KZ-UV-01"], gain=gains),
        could_fire=(opened_one_in_four, named["KZ-UV-01"]),
        share=0.0,
    )
    day = a_day(pack, [only_papers], "documents=5%,physical=5%")
    assert set(day.controls[0]) == {"documents"}
    assert day.propensity[0]["physical"] == pytest.approx(0.25)
    assert day.propensity[0]["documents"] == pytest.approx(1.0)


def test_a_random_draw_does_not_change_what_targeting_would_have_done(
    pack: Pack, named: dict[str, Profile]
) -> None:
    drawn = a_candidate("KZ-1", named["KZ-UV-01"], gain=90_000.0, drawn_by=named["KZ-RN-01"])
    day = a_day(pack, [drawn], "documents=5%,physical=5%")
    assert set(day.controls[0]) == {"physical"}
    assert day.propensity[0]["documents"] == 1.0
    assert day.propensity[0]["physical"] == pytest.approx(0.01)


def test_the_order_in_which_declarations_came_decides_nothing(pack: Pack, named: dict[str, Profile]) -> None:
    alike = [a_candidate(f"KZ-{n}", named["KZ-CO-01"]) for n in range(6)]
    forwards, backwards = (a_day(pack, came, "physical=2%") for came in (alike, alike[::-1]))
    assert list(forwards.controls) == list(backwards.controls)[::-1]
    assert forwards.lanes == backwards.lanes


def test_over_many_days_controls_come_as_often_as_propensities_say(
    pack: Pack, named: dict[str, Profile]
) -> None:
    rng = np.random.default_rng(0)
    profiles = (
        replace(named["KZ-CO-01"], share=0.5),
        named["KZ-UV-01"],
        replace(named["KZ-PR-01"], share=0.7),
        replace(named["KZ-UV-04"], share=0.4),
    )
    border = []
    for n in range(25):
        gain = dict(zip(FORMS, rng.lognormal(10, 1, 3).tolist(), strict=True))
        holding = tuple(profile for profile in profiles if rng.random() < 0.4)
        border.append(replace(a_candidate(f"KZ-{n:02}", gain=gain), could_fire=holding, share=0.1))
    came, said = np.zeros(3), np.zeros(3)
    for _ in range(80):
        today = []
        for candidate in border:
            fired = tuple((p, False) for p in candidate.could_fire if rng.random() < p.share)
            draw = float(rng.random())
            drawn = ((named["KZ-RN-01"], True),) if draw < 0.1 else ()
            today.append(replace(candidate, fired=fired + drawn, draw=draw))
        day = a_day(pack, today, "documents=20%,physical=16%,post_release=8%", declarations=25)
        for given, chances in zip(day.controls, day.propensity, strict=True):
            forms = set(given) | ({"documents"} if "physical" in given else set())
            came += [form in forms for form in FORMS]
            said += [chances[form] for form in FORMS]
    assert came.tolist() == pytest.approx(said.tolist(), rel=0.1)


def test_documents_that_may_wait_are_checked_after_release_where_officers_have_time_then(
    pack: Pack, named: dict[str, Profile]
) -> None:
    waits, stays = named["KZ-UV-09"], named["KZ-UV-01"]
    rich, poor = a_candidate("KZ-1", stays, gain=900.0), a_candidate("KZ-2", waits, gain=500.0)
    day = a_day(pack, [rich, poor], "documents=1%,post_release=1%")
    assert [dict(given) for given in day.controls] == [
        {"documents": Claim.WAIVABLE},
        {"post_release": Claim.WAIVABLE},
    ]
    assert day.propensity[1]["post_release"] == 1.0
    neither = a_day(pack, [rich, poor], "documents=1%")
    assert [set(given) for given in neither.controls] == [{"documents"}, set()]
    assert {form: len(lane.waived) for (_, form), lane in neither.lanes.items()} == {
        "documents": 1, "physical": 0, "post_release": 0,
    }  # fmt: skip


def test_documents_wait_only_if_every_profile_lets_them_and_never_by_mandatory_ones(
    pack: Pack, named: dict[str, Profile]
) -> None:
    waits, stays, banned = named["KZ-UV-09"], named["KZ-UV-01"], named["KZ-BN-03"]
    for profiles in ((stays,), (waits, stays), (waits, banned)):
        day = a_day(pack, [a_candidate("KZ-1", *profiles)], "post_release=1%")
        assert "post_release" not in day.controls[0]
    nowhere = replace(pack, policy=replace(pack.policy, deferred_as=None))
    assert a_day(nowhere, [a_candidate("KZ-1", waits)], "post_release=1%").controls[0] == {}
    assert set(a_day(pack, [a_candidate("KZ-1", waits)], "post_release=1%").controls[0]) == {"post_release"}


def test_what_a_delay_costs_sends_documents_that_may_wait_behind_release(
    pack: Pack, named: dict[str, Profile]
) -> None:
    dear = replace(pack, policy=replace(pack.policy, delay_hour=10.0))
    day = a_day(dear, [a_candidate("KZ-1", named["KZ-UV-09"])], "documents=1%,post_release=1%")
    assert set(day.controls[0]) == {"post_release"}
