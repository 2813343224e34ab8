"""Who gets control by the strategy ``daliz``: the batch's order of claims, under a replay's capacity."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from daliz.engine.allocation import Candidate
from daliz.engine.pack import Pack, Profile, load_pack
from daliz.engine.records.schema import FINDINGS
from daliz.engine.strategies import Capacity
from daliz.engine.strategies.adapting import Adapting
from daliz.engine.strategies.claims import Given, by_capacity_alone, given
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.room import Room
from tests.engine.strategies.declared import Row, an_item, declarations

TODAY = date(2026, 3, 2)
FORMS = ("documents", "physical", "post_release")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture(scope="module")
def named(pack: Pack) -> dict[str, Profile]:
    return {profile.id: profile for profile in pack.profiles}


def a_candidate(
    number: str, *profiles: Profile, gain: float = 1e6, drawn_by: Profile | None = None
) -> Candidate:
    fired = tuple((profile, False) for profile in profiles)
    return Candidate(
        number=number,
        office="51501",
        goods_office="51501",
        gain=dict.fromkeys(FORMS, gain),
        draw=0.001 if drawn_by else 0.5,
        share=0.01,
        fired=(*fired, (drawn_by, True)) if drawn_by else fired,
        could_fire=profiles,
    )


def of_day(pack: Pack, candidates: list[Candidate], **places: int) -> Given:
    day = Day.of_declarations(declarations([an_item(one.number) for one in candidates]))
    capacity = Capacity(declarations=places)
    return given(candidates, capacity, Room(capacity, day, pack), today=TODAY, pack=pack)


def test_what_is_mandatory_goes_before_what_brings_more(pack: Pack, named: dict[str, Profile]) -> None:
    rich = a_candidate("A", replace(named["KZ-BN-01"], id="waivable", capacity=named["KZ-BN-03"].capacity))
    must = a_candidate("B", named["KZ-BN-01"], gain=1.0)
    made = of_day(pack, [rich, must], physical=1)
    assert made.forms == [None, "physical"]
    assert (made.mandatory, made.propensity[1]) == (frozenset({1}), 1.0)


def test_not_even_mandatory_controls_exceed_the_capacity_of_a_replay(
    pack: Pack, named: dict[str, Profile]
) -> None:
    less, more = (a_candidate(n, named["KZ-BN-01"], gain=g) for n, g in (("A", 5.0), ("B", 7.0)))
    assert of_day(pack, [less, more], physical=1).forms == [None, "physical"]


def test_who_is_drawn_goes_before_targeting_and_says_its_share(pack: Pack, named: dict[str, Profile]) -> None:
    drawn = a_candidate("A", gain=0.0, drawn_by=named["KZ-RN-01"])
    rich = a_candidate("B", replace(named["KZ-BN-01"], id="waivable", capacity=named["KZ-BN-03"].capacity))
    made = of_day(pack, [drawn, rich], physical=1)
    assert made.forms == ["physical", None]
    assert (made.drawn, made.propensity[0]) == (frozenset({0}), 0.01)


def test_documents_wait_for_after_release_where_there_is_time_and_the_profile_lets_them(
    pack: Pack, named: dict[str, Profile]
) -> None:
    waits, waits_not = a_candidate("A", named["KZ-CL-02"]), a_candidate("B", named["KZ-UV-01"])
    assert of_day(pack, [waits, waits_not], documents=1, post_release=1).forms == [
        "post_release",
        "documents",
    ]
    assert of_day(pack, [waits_not], documents=0, post_release=1).forms == [None]


def test_strategies_leave_no_time_for_what_it_costs_but_the_border_does(
    pack: Pack, named: dict[str, Profile]
) -> None:
    poor = a_candidate("A", named["KZ-UV-01"], gain=100.0)
    assert of_day(pack, [poor], documents=1).forms == [None]
    assert of_day(by_capacity_alone(pack), [poor], documents=1).forms == ["documents"]


def test_shares_of_the_draw_follow_decay_every_four_weeks(pack: Pack) -> None:
    """A hundred controls promised ninety finds and brought none: imports go half of the way."""
    adapting = Adapting(pack)
    midnight = datetime(2026, 3, 2, tzinfo=ZoneInfo(pack.zone))
    numbers = [f"D{at}" for at in range(100)]
    decided: list[Row] = [
        {"declaration_id": n, "version": 1, "stratum": "import", "probability": 0.9, "model_documents": None,
         "in_random": False}
        for n in numbers
    ]  # fmt: skip
    clean = [
        {"finding_id": n, "subject": "declaration", "declaration_id": n, "control_form": "documents",
         "source": "control", "closed_at": midnight, "known_at": midnight, "finality": "final",
         "violation": False}
        for n in numbers
    ]  # fmt: skip
    adapting.bring(0, midnight)
    adapting.note(0, decided)
    adapting.learn(pa.Table.from_pylist(clean, schema=FINDINGS.arrow))
    adapting.bring(27, midnight + timedelta(days=27))
    assert adapting.shares == {"import": 0.01, "export": 0.005, "transit": 0.005}
    adapting.bring(28, midnight + timedelta(days=28))
    assert adapting.shares == pytest.approx({"import": 0.02, "export": 0.005, "transit": 0.005})
