"""One strategy's way through a border: day by day it learns, decides, and has its controls carried out."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.allocation import Capacity as Plan
from daliz.engine.allocation.capacity import EVERYWHERE
from daliz.engine.pack import Pack
from daliz.engine.replay.border import Border, Whole
from daliz.engine.replay.known import Key, Known, Progress
from daliz.engine.replay.letters import Letters
from daliz.engine.strategies import Capacity, Strategy, checked
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.room import Room

Floats = NDArray[np.float64]

LABELLED = ("documents", "physical")
"""The forms in which every declaration of the warm-up is controlled."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Under which conditions a border is replayed.

    Attributes:
        pack: of the country.
        plan: officers' capacity, in shares of a day's declarations or in minutes.
        warmup_days: days at the beginning whose declarations are all controlled in every form, to learn from.
        delay_days: days after which a finding is known at the earliest.
    """

    pack: Pack
    plan: Plan
    warmup_days: int
    delay_days: int


@dataclass(slots=True, eq=False)
class Course:
    """What a strategy decided, and what was carried out; for each declaration of the border.

    Attributes:
        form: index in ``forms`` of the control carried out, -1 for none; -1 during the warm-up.
        rank: place in the strategy's answer of that day, from 0; -1 during the warm-up.
        dropped: asked for, but beyond capacity.
        propensity, in_random, probability, expected_damage, reason: as answered; NaN and None where unknown.
        tenths: officers' minutes that controls took, tenths.
        seconds: of each day, time that the strategy took.
    """

    forms: tuple[str, ...]
    form: Whole
    rank: Whole
    dropped: NDArray[np.bool_]
    propensity: Floats
    in_random: NDArray[np.bool_]
    probability: Floats
    expected_damage: Floats
    reason: list[str | None]
    tenths: Whole
    seconds: Floats

    @classmethod
    def empty(cls, forms: Sequence[str], declarations: int, days: int) -> "Course":
        """Return a course on which nothing was decided yet."""
        return cls(
            forms=tuple(forms),
            form=np.full(declarations, -1, dtype=np.int64),
            rank=np.full(declarations, -1, dtype=np.int64),
            dropped=np.zeros(declarations, dtype=np.bool_),
            propensity=np.full(declarations, np.nan),
            in_random=np.zeros(declarations, dtype=np.bool_),
            probability=np.full(declarations, np.nan),
            expected_damage=np.full(declarations, np.nan),
            reason=[None] * declarations,
            tenths=np.zeros(declarations, dtype=np.int64),
            seconds=np.zeros(days),
        )

    def note(self, given: pa.Table, room: Room, places: Sequence[int]) -> list[Key]:
        """Note an answer, and return the controls for which there is room, in its order.

        Args:
            given: as ``ANSWER``.
            room: of the declarations asked about.
            places: on the border, of each row.
        """
        keys: list[Key] = []
        for rank, (place, row) in enumerate(zip(places, given.to_pylist(), strict=True)):
            self.rank[place] = rank
            self.propensity[place] = row["propensity"]
            self.in_random[place] = row["in_random"]
            self.probability[place] = np.nan if row["probability"] is None else row["probability"]
            self.expected_damage[place] = np.nan if row["expected_damage"] is None else row["expected_damage"]
            self.reason[place] = row["reason"]
            form = row["control_form"]
            if form is None:
                continue
            if room.take(row["declaration_id"], form):
                self.form[place] = self.forms.index(form)
                keys.append((place, form))
            else:
                self.dropped[place] = True
        return keys


def run(
    strategy: Strategy, border: Border, known: Known, setting: Setting, *, progress: Progress, said: str
) -> Course:
    """Lead a strategy through a border.

    Of each day it first learns what became known before the day began; then it decides on the declarations
    that are new. What exceeds capacity is not carried out, the last rows of the answer first. A finding is
    known on the day that lies ``delay_days`` after that of its control, or when it says itself, if that is
    later; so is the settlement of one that was contested.

    Args:
        strategy: that knows nothing yet, but for an oracle that was told the truth.
        border: the declarations.
        known: the truth; only findings of controls that took place reach the strategy.
        setting: the conditions.
        progress: told ``said`` and how much is done.
        said: what is under way.

    Raises:
        Exception: whatever the strategy raises, or ``StrategyError`` for an answer that is none.
    """
    course = Course.empty(tuple(known.worth), len(border), len(border.days))
    letters = Letters(
        [border.begins(day) for day in range(len(border.days) + 1)], delay_days=setting.delay_days
    )
    for day in range(len(border.days)):
        progress(said, day / len(border.days))
        arriving = letters.arriving(day)
        new, again = border.registered(day)
        vehicles, ends = border.vehicles(day), border.begins(day + 1)
        began = time.perf_counter()
        if arriving is not None:
            strategy.learn(arriving, now=border.begins(day))
        if again.num_rows:
            strategy.observe(again, now=ends)
        keys: list[Key] = []
        if new.num_rows and day < setting.warmup_days:
            strategy.observe(new, now=ends, transport_means=vehicles)
            keys = [(one, form) for one in np.flatnonzero(border.day == day).tolist() for form in LABELLED]
        elif new.num_rows:
            capacity = capacity_of(setting.plan, border, day)
            given = strategy.decide(new, capacity=capacity, now=ends, transport_means=vehicles)
            given = checked(given, new, capacity=capacity)
            room = Room(capacity, Day.of_declarations(new), setting.pack)
            keys = course.note(given, room, border.places(given["declaration_id"]))
        course.seconds[day] = time.perf_counter() - began
        for (place, _), findings in zip(keys, known.findings(keys), strict=True):
            course.tenths[place] += sum(round(10 * finding["minutes"]) for finding in findings)
            letters.send(findings, day=day, in_random=bool(course.in_random[place]))
    progress(said, 1.0)
    return course


def capacity_of(plan: Plan, border: Border, day: int) -> Capacity:
    """Return the capacity of one day as strategies are given it."""
    date, there = border.days[day], int((border.day == day).sum())
    if plan.unit == "minutes":
        lanes = sorted({(pool, form) for pool, form, _ in plan.minutes})
        return Capacity(minutes={(p, f): plan.available(p, f, date, declarations=there) for p, f in lanes})
    return Capacity(
        declarations={
            form: int(plan.available(EVERYWHERE, form, date, declarations=there))
            for form in sorted(plan.shares)
        }
    )
