"""``daliz``: experts' profiles, models by what each form can reveal, and the best use of officers."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.estimators.learner import FACTS, FORMS, Learner, Morning, Outlook
from daliz.engine.pack import Pack
from daliz.engine.scoring.mixing import by_profiles, mixed
from daliz.engine.strategies.choosing import Worth, chosen
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.diary import Diary
from daliz.engine.strategies.experts import Experts, Judgement
from daliz.engine.strategies.protocol import Capacity
from daliz.engine.strategies.shares import Shares, replay_key

_OFTEN_DAYS, _SELDOM_DAYS, _YOUNG_DAYS = 14, 28, 182
"""Models are grown anew every two weeks in the first half year, every four weeks later."""
_MOST_WEIGHT: Final = 50.0
"""A control drawn at random stands for no more declarations than this when models are grown."""
_DECIDED: Final = ("declaration_id", "control_form", "propensity", "in_random")


class Daliz:
    """Profiles and models together, learning from what its own controls find.

    Until models have something to rest on the profiles decide; belief moves to the models with the number of
    finds behind them, so there is no day on which everything changes.
    """

    def __init__(self, *, pack: Pack, seed: int) -> None:
        self._pack = pack
        self._experts = Experts(pack)
        self._diary = Diary(pack, (*FACTS, *self._experts.names, *Shares.names(pack)))
        self._learner = Learner(harm=pack.policy.effect.harm, seed=seed)
        self._key = replay_key(seed)
        self._shares = Shares(pack)
        self._open: list[tuple[Morning, Mapping[str, str]]] = []
        self._first_day: int | None = None
        self._grown_on: int | None = None

    def observe(
        self, declarations: pa.Table, *, now: datetime, transport_means: pa.Table | None = None
    ) -> None:
        """Take declarations to learn from; findings of any of them may follow."""
        for day, facts, vehicles in self._diary.days(declarations, transport_means):
            morning = self._begin(day, facts, vehicles)
            judgement = self._experts.judge(facts)
            numbers = _numbers(morning)
            self._learner.keep(morning, numbers)
            for at, number in enumerate(numbers):
                self._experts.keep(number, judgement, at, in_random=True)

    def learn(self, findings: pa.Table, *, now: datetime) -> None:
        """Take what became known; models follow at their next growing, rates at once.

        The diary, which knows nothing of the learner, takes the findings meanwhile.
        """
        day = self._diary.day_of(now)
        with ThreadPoolExecutor(1) as aside:
            written = aside.submit(self._diary.learn, findings)
            self._close(day)
            self._learner.learn(findings, day)
            written.result()

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        """Choose whom to control, and in which form."""
        parts = []
        for day, facts, vehicles in self._diary.days(declarations, transport_means):
            morning = self._begin(day, facts, vehicles)
            self._grow_if_due(day)
            parts.append((morning, self._experts.judge(facts), self._learner.outlook(morning), facts))
        asked = Day.of_declarations(declarations)
        place = {number: at for at, number in enumerate(asked.ids)}
        worth = _nothing(len(asked))
        shares = np.zeros(len(asked))
        for morning, judgement, outlook, facts in parts:
            at = np.array([place[number] for number in _numbers(morning)], dtype=np.intp)
            mine = self._worth(judgement, outlook)
            for whole, own in zip(_arrays(worth), _arrays(mine), strict=True):
                whole[at] = own
            shares[at] = self._shares.of(facts)
        table = chosen(
            asked, worth, capacity=capacity, pack=self._pack, key=self._key, strata=shares.tolist()
        )
        self._remember(table, parts)
        return table

    def _worth(self, judgement: Judgement, outlook: Outlook | None) -> Worth:
        """Mix what profiles and models expect of each form."""
        experts = by_profiles(judgement.chance, np.nan_to_num(judgement.damage), judgement.asked, self._pack)
        if outlook is None:
            return Worth(experts.gain, judgement.asked, experts.chance, experts.recovery)
        known = np.any(outlook.foretold, axis=0)
        both = mixed(
            experts, expert_chance=judgement.chance, asked=judgement.asked, chance=outlook.chance,
            recovery=outlook.recovery, harm=outlook.harm, known=known, positives=self._learner.positives,
            pack=self._pack,
        )  # fmt: skip
        return Worth(both.gain, known | judgement.asked, both.chance, both.recovery)

    def _begin(self, day: int, facts: pa.Table, vehicles: Mapping[str, str]) -> Morning:
        self._close(day)
        if self._first_day is None:
            self._first_day = day
        morning = self._learner.morning(facts, day, vehicles)
        self._open.append((morning, vehicles))
        return morning

    def _close(self, day: int) -> None:
        """Remember what was declared on the days before ``day``."""
        done = [pair for pair in self._open if pair[0].day < day]
        self._open = [pair for pair in self._open if pair[0].day >= day]
        for morning, vehicles in done:
            self._learner.evening(morning, vehicles)

    def _grow_if_due(self, day: int) -> None:
        young = self._first_day is None or day - self._first_day < _YOUNG_DAYS
        often = _OFTEN_DAYS if young else _SELDOM_DAYS
        if self._grown_on is not None and day - self._grown_on < often:
            return
        self._grown_on = day
        self._learner.fit()
        self._experts.fit(self._learner.everything_shown())

    def _remember(
        self, table: pa.Table, parts: Iterable[tuple[Morning, Judgement, Outlook | None, pa.Table]]
    ) -> None:
        """Keep what will be controlled, as it looked when it was decided."""
        given = {
            str(number): (float(propensity or 1.0), bool(by_draw))
            for number, form, propensity, by_draw in zip(
                *(table[name].to_pylist() for name in _DECIDED), strict=True
            )
            if form is not None
        }
        for morning, judgement, outlook, _ in parts:
            numbers = _numbers(morning)
            foretold = {}
            if outlook is not None:
                foretold = {
                    number: dict(zip(FORMS, row.tolist(), strict=True))
                    for number, row in zip(outlook.number, outlook.foretold, strict=True)
                    if number in given
                }
            weight = {number: min(1 / propensity, _MOST_WEIGHT) for number, (propensity, _) in given.items()}
            mine = [n for n in numbers if n in given]
            self._learner.keep(morning, mine, weight=weight, foretold=foretold)
            for at, number in enumerate(numbers):
                if number in given:
                    self._experts.keep(number, judgement, at, in_random=given[number][1])


def _numbers(morning: Morning) -> list[str]:
    return list(dict.fromkeys(morning.number))


def _nothing(count: int) -> Worth:
    shape = (count, len(FORMS))
    return Worth(np.zeros(shape), np.zeros(shape, dtype=np.bool_), np.zeros(shape), np.zeros(shape))


def _arrays(worth: Worth) -> tuple[NDArray[Any], ...]:
    return worth.gain, worth.allowed, worth.chance, worth.recovery
