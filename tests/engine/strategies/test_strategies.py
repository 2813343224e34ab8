"""``daliz``, ``rules`` and ``rates`` over a small border: answers, capacity, the random share."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.columns import column_of
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.strategies import ANSWER, Capacity, Strategy, checked, load
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.room import Room
from daliz.engine.world import write_world

NAMES = ("daliz", "rules", "rates")
FIRST, WARM, LAST = date(2026, 2, 1), date(2026, 2, 22), date(2026, 2, 26)
WEEKS = {"daliz": 3, "rules": 1, "rates": 1}
"""Of full control before they decide; only ``daliz`` grows models, which takes finds."""
COUNTS = Capacity(declarations={"documents": 4, "physical": 2})
MINUTES = Capacity(minutes={("*", "documents"): 100.0, ("*", "physical"): 500.0})
Answers = list[tuple[pa.Table, pa.Table]]


class Live:
    """A border as a strategy lives it: full control for three weeks, then its own controls alone."""

    def __init__(self, pack: Pack, folder: Path) -> None:
        self.pack = pack
        self.declarations = read_table(folder / "declarations.parquet", DECLARATIONS)
        self.findings = read_table(folder / "findings.parquet", FINDINGS)
        self.means = read_table(folder / "transport_means.parquet", TRANSPORT_MEANS)
        zone = ZoneInfo(pack.zone)
        self.days = [
            at.astimezone(zone).date() for at in column_of(self.declarations, "registered_at", datetime)
        ]

    def of(self, day: date) -> pa.Table:
        return self.declarations.filter(pa.array([one == day for one in self.days]))

    def begin(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.pack.zone))

    def run(self, strategy: Strategy, *, first: date, capacity: Callable[[date], Capacity]) -> Answers:
        told: Answers = []
        controlled: set[str] = set()
        day, before = first, self.begin(FIRST)
        while day <= LAST:
            now = self.begin(day)
            at, number = self.findings["known_at"], self.findings["declaration_id"]
            new = pc.and_(pc.less(at, pa.scalar(now)), pc.greater_equal(at, pa.scalar(before)))
            own = pc.is_in(number, value_set=pa.array(sorted(controlled), pa.string()))
            known = self.findings.filter(pc.and_(new, own))
            strategy.learn(known, now=now)
            rows, before = self.of(day), now
            evening = now + timedelta(days=1)
            if day < WARM:
                strategy.observe(rows, now=evening, transport_means=self.means)
                controlled.update(column_of(rows, "declaration_id", str))
            else:
                room = capacity(day)
                answer = strategy.decide(rows, capacity=room, now=evening, transport_means=self.means)
                chosen = answer.filter(answer["control_form"].is_valid())
                controlled.update(column_of(chosen, "declaration_id", str))
                told.append((rows, checked(answer, rows, capacity=room)))
            day += timedelta(days=1)
        return told


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    pack = load_pack("kz")
    folder = tmp_path_factory.mktemp("live")
    write_world(
        folder, pack=pack, seed=9, months=2, per_day=25, first_month=FIRST,
        past_controls={"documents": 0.5, "physical": 0.5}, controlled_until=date(2026, 3, 31),
    )  # fmt: skip
    return Live(pack, folder)


def by_turns(day: date) -> Capacity:
    return COUNTS if day.day % 2 else MINUTES


@pytest.fixture(scope="module", params=NAMES)
def answers(request: pytest.FixtureRequest, live: Live) -> Answers:
    first = WARM - timedelta(weeks=WEEKS[request.param])
    return live.run(load(request.param, pack=live.pack, seed=4), first=first, capacity=by_turns)


def test_every_answer_is_one_and_something_is_controlled_every_day(answers: Answers) -> None:
    assert len(answers) == 5
    for _, answer in answers:
        assert answer.schema == ANSWER
    controls = [len(answer) - answer["control_form"].null_count for _, answer in answers]
    assert min(controls) > 0
    probability = pa.concat_tables([answer for _, answer in answers])["probability"].to_numpy()
    assert len(np.unique(probability)) > 10


def test_capacity_is_kept_in_counts_and_in_minutes(answers: Answers, live: Live) -> None:
    for rows, answer in answers:
        day = rows["registered_at"][0].as_py().astimezone(ZoneInfo(live.pack.zone)).date()
        room = Room(by_turns(day), Day.of_declarations(rows), live.pack)
        for number, form in zip(
            column_of(answer, "declaration_id", str), answer["control_form"].to_pylist(), strict=True
        ):
            assert form is None or room.take(number, form), f"{day}: {form} beyond capacity"


def test_what_is_chosen_is_certain_what_is_drawn_has_its_share_and_the_rest_might_have_been(
    answers: Answers,
) -> None:
    told = pa.concat_tables([answer for _, answer in answers]).to_pylist()
    chosen = [row for row in told if row["control_form"] and not row["in_random"]]
    rest = [row for row in told if not row["control_form"]]
    assert {row["propensity"] for row in chosen} == {1.0}
    assert all(0 < row["propensity"] < 0.5 for row in told if row["in_random"])
    assert all(row["control_form"] == "physical" for row in told if row["in_random"])
    assert all(0 < row["propensity"] < 0.5 for row in rest)


def test_the_best_stand_first_within_each_form(answers: Answers) -> None:
    for _, answer in answers:
        forms = answer["control_form"].to_pylist()
        assert forms == sorted(forms, key=lambda form: form is None)


def always(pack: Pack, *, share: float, most: float) -> Pack:
    """A pack whose random share is one for all."""
    strata = tuple(replace(s, share=share) for s in pack.policy.random.strata)
    policy = replace(pack.policy, random=replace(pack.policy.random, strata=strata, most_of_capacity=most))
    return replace(pack, policy=policy)


@pytest.mark.parametrize("name", NAMES)
def test_the_random_share_is_bounded_by_its_part_of_capacity(name: str, live: Live) -> None:
    rows = live.of(date(2026, 3, 2))
    count = len(rows["declaration_id"].unique())
    room = Capacity(declarations={"documents": 4, "physical": 10})
    now = live.begin(date(2026, 3, 3))
    half = load(name, pack=always(live.pack, share=0.9, most=0.5), seed=4)
    answer = checked(half.decide(rows, capacity=room, now=now), rows, capacity=room)
    drawn = answer.filter(answer["in_random"])
    assert drawn["propensity"].to_pylist() == pytest.approx([5 / count] * len(drawn))  # half of ten places
    none = load(name, pack=always(live.pack, share=0.0, most=0.5), seed=4)
    assert not pc.any(none.decide(rows, capacity=room, now=now)["in_random"]).as_py()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_decides_the_same_and_another_draws_others(name: str, live: Live) -> None:
    rows = live.of(date(2026, 3, 2))
    room = Capacity(declarations={"documents": 4, "physical": 10})
    now = live.begin(date(2026, 3, 3))
    pack = always(live.pack, share=0.9, most=1.0)

    def decided(seed: int) -> list[dict[str, object]]:
        answer = load(name, pack=pack, seed=seed).decide(rows, capacity=room, now=now)
        return answer.to_pylist()

    assert decided(1) == decided(1)
    assert decided(1) != decided(2)


@pytest.mark.parametrize("name", NAMES)
def test_an_hour_without_declarations_has_an_empty_answer(name: str, live: Live) -> None:
    none = live.declarations.slice(0, 0)
    strategy = load(name, pack=live.pack, seed=4)
    now = live.begin(WARM)
    strategy.observe(none, now=now)
    strategy.learn(live.findings.slice(0, 0), now=now)
    assert checked(strategy.decide(none, capacity=COUNTS, now=now), none, capacity=COUNTS).num_rows == 0
    assert strategy.decide(live.of(WARM), capacity=COUNTS, now=now).num_rows > 0


@pytest.mark.parametrize("name", NAMES)
def test_without_capacity_nothing_is_controlled(name: str, live: Live) -> None:
    rows = live.of(WARM)
    room = Capacity(declarations={"documents": 0, "physical": 0})
    answer = load(name, pack=live.pack, seed=4).decide(rows, capacity=room, now=live.begin(WARM))
    assert checked(answer, rows, capacity=room)["control_form"].null_count == len(answer)
