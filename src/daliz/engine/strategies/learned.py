"""``daliz``: experts' profiles, models by what each form can reveal, and the best use of officers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from daliz.engine.allocation.claiming import Claimants
from daliz.engine.estimators.learner import FACTS, FORMS, Learner, Morning, Outlook
from daliz.engine.pack import Pack
from daliz.engine.scoring.mixing import Expected, by_profiles, mixed
from daliz.engine.strategies.adapting import Adapting, Decided
from daliz.engine.strategies.choosing import Worth, told
from daliz.engine.strategies.claims import Claims, Given, by_capacity_alone, given
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.diary import Diary
from daliz.engine.strategies.experts import Experts, Judgement
from daliz.engine.strategies.protocol import Capacity, answer
from daliz.engine.strategies.room import Room
from daliz.engine.strategies.shares import replay_key

_OFTEN_DAYS, _SELDOM_DAYS, _YOUNG_DAYS = 14, 28, 182
"""Models are grown anew every two weeks in the first half year, every four weeks later."""
_MOST_WEIGHT: Final = 50.0
"""A control drawn at random stands for no more declarations than this when models are grown."""
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A day of those that are asked about."""

    morning: Morning
    judgement: Judgement
    outlook: Outlook | None
    judged: Claimants


class Daliz:
    """Profiles and models together, learning from what its own controls find.

    It decides as ``assess`` does, by the same code: mandatory profiles first, then the random share, which
    follows measured decay, then what brings most; exception lists count; documents may wait where profiles
    let them and there is capacity after release. Models control by the pack's model profiles. What control
    costs is capacity alone: see ``by_capacity_alone``.

    Until models have something to rest on the profiles decide; belief moves to the models with the number of
    finds behind them, so there is no day on which everything changes.
    """

    def __init__(self, *, pack: Pack, seed: int) -> None:
        pack = self._pack = by_capacity_alone(pack)
        self._experts = Experts(pack)
        self._claims = Claims(pack, self._experts.profiles)
        self._adapting = Adapting(pack)
        self._diary = Diary(pack, (*FACTS, *self._experts.names, *self._claims.names))
        self._learner = Learner(harm=pack.policy.effect.harm, seed=seed)
        self._key = replay_key(seed)
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
        """Take what became known; models follow at their next growing, rates at once."""
        self._close(self._diary.day_of(now))
        self._diary.learn(findings)
        self._adapting.learn(findings)
        self._learner.learn(findings, self._diary.day_of(now))

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        """Choose whom to control, and in which form."""
        asked = Day.of_declarations(declarations)
        parts = []
        for day, facts, vehicles in self._diary.days(declarations, transport_means):
            morning = self._begin(day, facts, vehicles)
            self._grow_if_due(day)
            self._adapting.bring(day, now)
            judgement, outlook = self._experts.judge(facts), self._learner.outlook(morning)
            judged = self._claims.judged(
                facts, judgement, self._expected(judgement, outlook), today=_EPOCH + timedelta(days=day),
                scored=outlook is not None,
            )  # fmt: skip
            parts.append(_Part(morning, judgement, outlook, judged))
        if not parts:
            return answer([], [])
        room = Room(capacity, asked, self._pack)
        candidates = self._claims.candidates(
            [part.judged for part in parts], room, shares=self._adapting.shares, key=self._key
        )
        place = {number: at for at, number in enumerate(asked.ids)}
        at = np.array([place[one.number] for one in candidates], dtype=np.intp)
        back = np.argsort(at)
        today = _EPOCH + timedelta(days=parts[-1].morning.day)
        made = given([candidates[i] for i in back], capacity, room, today=today, pack=self._pack)
        expected = [part.judged.expected for part in parts]
        worth = Worth(
            gain=np.concatenate([one.gain for one in expected])[back],
            allowed=np.ones((len(asked), len(FORMS)), dtype=np.bool_),
            chance=np.concatenate([one.chance for one in expected])[back],
            recovery=np.concatenate([one.recovery for one in expected])[back],
        )
        self._remember(made, place, parts)
        return told(
            asked, worth, made.forms, in_random=made.drawn, propensity=made.propensity, first=made.mandatory
        )

    def _expected(self, judgement: Judgement, outlook: Outlook | None) -> Expected:
        """Mix what profiles and models expect of each form."""
        experts = by_profiles(judgement.chance, np.nan_to_num(judgement.damage), judgement.asked, self._pack)
        if outlook is None:
            return experts
        return mixed(
            experts, expert_chance=judgement.chance, asked=judgement.asked, chance=outlook.chance,
            recovery=outlook.recovery, harm=outlook.harm, known=np.any(outlook.foretold, axis=0),
            positives=self._learner.positives, pack=self._pack,
        )  # fmt: skip

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

    def _remember(self, made: Given, place: Mapping[str, int], parts: Iterable[_Part]) -> None:
        """Keep what will be controlled, as it looked when it was decided."""
        for part in parts:
            numbers = list(part.judged.number)
            mine = {n: place[n] for n in numbers if made.forms[place[n]] is not None}
            foretold = {}
            if part.outlook is not None:
                foretold = {
                    number: dict(zip(FORMS, row.tolist(), strict=True))
                    for number, row in zip(part.outlook.number, part.outlook.foretold, strict=True)
                    if number in mine
                }
            weight = {
                number: 1.0 if at in made.mandatory else min(1 / made.propensity[at], _MOST_WEIGHT)
                for number, at in mine.items()
            }
            self._learner.keep(part.morning, list(mine), weight=weight, foretold=foretold)
            for row, number in enumerate(numbers):
                if number in mine:
                    by_draw = mine[number] in made.drawn
                    self._experts.keep(number, part.judgement, row, in_random=by_draw)
            self._adapting.note(part.morning.day, _decided(part, mine, made))


def _decided(part: _Part, mine: Mapping[str, int], made: Given) -> Iterator[Decided]:
    """Yield what was promised of each control, as decisions keep it."""
    papers = FORMS.index("documents")
    for row, number in enumerate(part.judged.number):
        stratum = part.judged.stratum[row]
        if number in mine:
            yield {
                "declaration_id": number,
                "version": 1,
                "stratum": stratum.code if stratum else None,
                "probability": float(part.judged.expected.chance[row].max()),
                "model_documents": None if part.outlook is None else float(part.outlook.chance[row, papers]),
                "in_random": mine[number] in made.drawn,
            }


def _numbers(morning: Morning) -> list[str]:
    return list(dict.fromkeys(morning.number))
