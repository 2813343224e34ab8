"""Weeks of officers planned at once, against days planned one by one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from daliz.engine.allocation import Candidate, Capacity, plan_day
from daliz.engine.allocation.lane_days import LaneDay
from daliz.engine.allocation.weeks import Weeks, plan_weeks
from daliz.engine.pack import Pack, Profile, load_pack

MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
FORMS = ("documents", "physical", "post_release")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack with officers and delay that cost nothing, and no floor: gains can be told at a glance."""
    kz = load_pack("kz")
    return replace(kz, policy=replace(kz.policy, officer_minute=0.0, delay_hour=0.0, reserved_floor=0.0))


@pytest.fixture(scope="module")
def named(pack: Pack) -> dict[str, Profile]:
    return {profile.id: profile for profile in pack.profiles}


def a_candidate(
    number: str,
    *profiles: Profile,
    gain: float | Mapping[str, float] = 1000.0,
    drawn_by: Profile | None = None,
) -> Candidate:
    fired = tuple((profile, False) for profile in profiles)
    return Candidate(
        number=number,
        office="57501",
        goods_office="57501",
        gain=gain if isinstance(gain, Mapping) else dict.fromkeys(FORMS, gain),
        draw=0.001 if drawn_by else 0.5,
        share=0.01,
        fired=(*fired, (drawn_by, True)) if drawn_by else fired,
        could_fire=profiles,
    )


def minutes(folder: Path, *lines: str, pack: Pack) -> Capacity:
    path = folder / "minutes.csv"
    path.write_text("pool,form,day,minutes\n" + "\n".join(lines) + "\n")
    return Capacity.from_file(path, forms=FORMS, pools={*pack.offices, "KZ-75"})


def planned(pack: Pack, capacity: Capacity, *registered: tuple[date, Candidate], wait_days: int = 0) -> Weeks:
    return plan_weeks(
        [candidate for _, candidate in registered],
        days=[day for day, _ in registered],
        capacity=capacity,
        pack=pack,
        wait_days=wait_days,
    )


def day_by_day(pack: Pack, capacity: Capacity, *registered: tuple[date, Candidate]) -> float:
    days = sorted({day for day, _ in registered})
    return sum(
        plan_day(
            [c for on, c in registered if on == day],
            day=day,
            declarations=len([c for on, c in registered if on == day]),
            capacity=capacity,
            pack=pack,
        ).value
        for day in days
    )


def lane(weeks: Weeks, form: str, day: date, pool: str = "*") -> LaneDay:
    return next(one for one in weeks.lanes if (one.form, one.day, one.pool) == (form, day, pool))


def test_what_waits_for_an_idle_day_is_won_over_planning_day_by_day(
    pack: Pack, named: dict[str, Profile], tmp_path: Path
) -> None:
    """Three controls after release come on Monday and none on Tuesday; officers do one a day."""
    after = named["KZ-UV-04"]
    capacity = minutes(tmp_path, "*,post_release,,120", pack=pack)
    border = (
        (MONDAY, a_candidate("KZ-1", after, gain=900.0)),
        (MONDAY, a_candidate("KZ-2", after, gain=800.0)),
        (MONDAY, a_candidate("KZ-3", after, gain=100.0)),
        (TUESDAY, a_candidate("KZ-4")),
    )
    assert day_by_day(pack, capacity, *border) == pytest.approx(900.0)
    weeks = planned(pack, capacity, *border, wait_days=1)
    assert weeks.value == pytest.approx(1700.0)
    assert (weeks.waiting, weeks.declarations, weeks.days) == (1, 4, (MONDAY, TUESDAY))
    monday, tuesday = lane(weeks, "post_release", MONDAY), lane(weeks, "post_release", TUESDAY)
    assert (monday.asked, monday.controls, monday.waiting, monday.waived) == (3, 1, 1, 1)
    assert (tuesday.asked, tuesday.controls, tuesday.earlier, tuesday.waived) == (0, 1, 1, 0)
    assert (monday.idle, tuesday.given) == (0.0, 120.0)
    assert monday.price == tuesday.price == pytest.approx(100 / 120, rel=1e-5)
    assert monday.hour_price == pytest.approx(50.0, rel=1e-5)


def test_documents_wait_for_officers_of_another_day_where_their_profile_lets_them(
    pack: Pack, named: dict[str, Profile], tmp_path: Path
) -> None:
    """Two document checks on Monday, one officer for documents; who checks after release comes on Tuesday."""
    capacity = minutes(tmp_path, "*,documents,,45", "*,post_release,2026-03-03,120", pack=pack)
    papers = {"documents": 900.0, "physical": 0.0, "post_release": 500.0}
    border = (
        (MONDAY, a_candidate("KZ-1", named["KZ-UV-09"], gain=papers)),
        (MONDAY, a_candidate("KZ-2", named["KZ-UV-09"], gain=papers)),
        (TUESDAY, a_candidate("KZ-3")),
    )
    assert day_by_day(pack, capacity, *border) == pytest.approx(900.0)
    weeks = planned(pack, capacity, *border, wait_days=1)
    assert weeks.value == pytest.approx(1400.0)
    assert (weeks.deferred, weeks.waiting) == (1, 1)
    assert lane(weeks, "documents", MONDAY).asked == 2
    assert lane(weeks, "post_release", MONDAY).asked == 0
    assert lane(weeks, "documents", MONDAY).waived == 0


def test_a_control_waits_no_longer_than_it_may(pack: Pack, named: dict[str, Profile], tmp_path: Path) -> None:
    capacity = minutes(tmp_path, "*,post_release,2026-03-04,120", pack=pack)
    border = (
        (MONDAY, a_candidate("KZ-1", named["KZ-UV-04"])),
        (TUESDAY, a_candidate("KZ-2")),
        (WEDNESDAY, a_candidate("KZ-3")),
    )
    assert planned(pack, capacity, *border, wait_days=1).value == 0.0
    assert planned(pack, capacity, *border, wait_days=2).value == pytest.approx(1000.0)


def test_a_day_without_declarations_counts_where_officers_are_named_for_it(
    pack: Pack, named: dict[str, Profile], tmp_path: Path
) -> None:
    border = (
        (MONDAY, a_candidate("KZ-1", named["KZ-UV-04"])),
        (MONDAY, a_candidate("KZ-2", named["KZ-UV-04"])),
        (WEDNESDAY, a_candidate("KZ-3", named["KZ-UV-04"], gain=5000.0)),
    )
    every_day = minutes(tmp_path, "*,post_release,,120", pack=pack)
    assert planned(pack, every_day, *border, wait_days=1).days == (MONDAY, WEDNESDAY)
    named_day = minutes(tmp_path, "*,post_release,,120", "*,post_release,2026-03-03,120", pack=pack)
    weeks = planned(pack, named_day, *border, wait_days=1)
    assert weeks.days == (MONDAY, TUESDAY, WEDNESDAY)
    assert weeks.value == pytest.approx(7000.0)


def test_moving_officers_to_the_day_that_needs_them_is_worth_what_they_would_find(
    pack: Pack, named: dict[str, Profile], tmp_path: Path
) -> None:
    """Documents cannot wait: Monday has three checks, Tuesday none, officers do two a day."""
    papers = named["KZ-UV-01"]
    capacity = minutes(tmp_path, "*,documents,,160", pack=pack)
    border = (
        (MONDAY, a_candidate("KZ-1", papers, gain=900.0)),
        (MONDAY, a_candidate("KZ-2", papers, gain=800.0)),
        (MONDAY, a_candidate("KZ-3", papers, gain=700.0)),
        (TUESDAY, a_candidate("KZ-4")),
    )
    weeks = planned(pack, capacity, *border, wait_days=5)
    assert weeks.value == pytest.approx(1700.0)
    assert weeks.moved_value == pytest.approx(2400.0)
    monday, tuesday = lane(weeks, "documents", MONDAY), lane(weeks, "documents", TUESDAY)
    assert monday.hour_price == pytest.approx(525.0, rel=1e-5)
    assert tuesday.hour_price == 0.0
    assert (monday.moved, tuesday.moved, tuesday.idle) == (240.0, 0.0, 160.0)


def test_versions_of_a_declaration_share_one_control_over_the_days(
    pack: Pack, named: dict[str, Profile]
) -> None:
    capacity = Capacity.of("physical=50%", forms=FORMS)
    opened = named["KZ-CO-01"]
    border = (
        (MONDAY, a_candidate("KZ-1", opened, gain=500.0)),
        (MONDAY, a_candidate("KZ-2")),
        (TUESDAY, a_candidate("KZ-1", opened, gain=500.0)),
        (TUESDAY, a_candidate("KZ-3")),
    )
    weeks = planned(pack, capacity, *border)
    assert weeks.value == pytest.approx(500.0)
    assert weeks.declarations == 3
    assert sum(one.controls for one in weeks.lanes) == 1
    assert sum(one.waived for one in weeks.lanes) == 0


def test_the_random_share_and_mandatory_controls_come_first(pack: Pack, named: dict[str, Profile]) -> None:
    capacity = Capacity.of("physical=25%", forms=FORMS)
    border = (
        (MONDAY, a_candidate("KZ-1", named["KZ-CO-01"], gain=9000.0)),
        (MONDAY, a_candidate("KZ-2", drawn_by=named["KZ-RN-01"])),
        (MONDAY, a_candidate("KZ-3")),
        (MONDAY, a_candidate("KZ-4")),
        (TUESDAY, a_candidate("KZ-5", named["KZ-BN-01"])),
    )
    weeks = planned(pack, capacity, *border)
    monday, tuesday = lane(weeks, "physical", MONDAY), lane(weeks, "physical", TUESDAY)
    assert (monday.random, monday.waivable, monday.waived) == (1.0, 0.0, 1)
    assert (tuesday.available, tuesday.mandatory, tuesday.idle) == (0.0, 1.0, 0.0)


def test_where_capacity_counts_controls_an_hour_is_worth_so_many_usual_ones(
    pack: Pack, named: dict[str, Profile]
) -> None:
    capacity = Capacity.of("documents=50%", forms=FORMS)
    papers = named["KZ-UV-01"]
    weeks = planned(
        pack, capacity, (MONDAY, a_candidate("KZ-1", papers, gain=900.0)),
        (MONDAY, a_candidate("KZ-2", papers, gain=400.0)),
    )  # fmt: skip
    monday = lane(weeks, "documents", MONDAY)
    assert (monday.available, monday.asked, monday.waived) == (1.0, 2, 1)
    assert monday.price == pytest.approx(400.0, rel=1e-5)
    assert monday.hour_price == pytest.approx(300.0, rel=1e-5)


def test_a_border_at_which_nothing_fires_leaves_officers_idle(pack: Pack) -> None:
    weeks = planned(pack, Capacity.of("documents=100%", forms=FORMS), (MONDAY, a_candidate("KZ-1")))
    assert (weeks.value, weeks.bound, weeks.gap, weeks.moved_value) == (0.0, 0.0, 0.0, 0.0)
    assert [(one.form, one.idle, one.hour_price) for one in weeks.lanes] == [("documents", 1.0, 0.0)]


def test_a_control_that_brings_less_than_it_costs_is_told_apart_from_one_that_finds_no_time(
    pack: Pack, named: dict[str, Profile]
) -> None:
    """A check of documents takes 80 minutes: at 10 a minute it costs 800."""
    dear = replace(pack, policy=replace(pack.policy, officer_minute=10.0))
    capacity = Capacity.of("documents=40%", forms=FORMS)
    papers = named["KZ-UV-01"]
    weeks = planned(
        dear, capacity, (MONDAY, a_candidate("KZ-1", papers, gain=900.0)),
        (MONDAY, a_candidate("KZ-2", papers, gain=850.0)), (MONDAY, a_candidate("KZ-3", papers, gain=700.0)),
    )  # fmt: skip
    monday = lane(weeks, "documents", MONDAY)
    assert weeks.value == pytest.approx(100.0)
    assert (monday.asked, monday.controls, monday.waived, monday.costly) == (3, 1, 1, 1)
