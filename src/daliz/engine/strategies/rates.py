"""``rates``: rates of past findings down hierarchies, nothing grown: what plain counting is worth."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa

from daliz.engine.estimators.learner import FACTS, FORMS, Learner, Morning
from daliz.engine.estimators.learner.columns import NAMES
from daliz.engine.estimators.learner.ties import TIES
from daliz.engine.estimators.rates import Floats, expit, logit
from daliz.engine.pack import Pack
from daliz.engine.strategies.choosing import Worth, chosen
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.diary import Diary
from daliz.engine.strategies.protocol import Capacity
from daliz.engine.strategies.shares import Shares, replay_key

_FIRST_LOSS: Final = 0.1
"""Payments that a find brings, as a share of those declared, before any was found."""
_PRIOR_FINDS: Final = 10.0


class RatesOnly:
    """Expects of each item what was found with its like: the mean log-odds of the deepest rates.

    A find is taken to bring a share of the payments declared, the same for all: learned as the ratio of all
    that was assessed to all that was declared where something was found.
    """

    def __init__(self, *, pack: Pack, seed: int) -> None:
        self._pack = pack
        self._diary = Diary(pack, (*FACTS, *Shares.names(pack)))
        self._learner = Learner(harm=pack.policy.effect.harm, seed=seed)
        self._shares = Shares(pack)
        self._key = replay_key(seed)
        self._open: list[tuple[Morning, Mapping[str, str]]] = []
        self._taxes: dict[str, float] = {}

    def observe(
        self, declarations: pa.Table, *, now: datetime, transport_means: pa.Table | None = None
    ) -> None:
        """Take declarations of whose controls findings may follow."""
        for day, facts, vehicles in self._diary.days(declarations, transport_means):
            morning = self._begin(day, facts, vehicles)
            self._keep(morning, frozenset(morning.number))

    def learn(self, findings: pa.Table, *, now: datetime) -> None:
        """Take what became known; rates follow at once."""
        self._close(self._diary.day_of(now))
        self._learner.learn(findings, self._diary.day_of(now))

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        """Choose by rates."""
        asked = Day.of_declarations(declarations)
        place = {number: at for at, number in enumerate(asked.ids)}
        chance = np.zeros((len(asked), len(FORMS)))
        taxes, shares = np.zeros(len(asked)), np.zeros(len(asked))
        mornings = []
        for day, facts, vehicles in self._diary.days(declarations, transport_means):
            morning = self._begin(day, facts, vehicles)
            mornings.append(morning)
            numbers = list(dict.fromkeys(morning.number))
            at = np.array([place[number] for number in numbers], dtype=np.intp)
            papers, hidden, declared = self._by_declaration(morning)
            chance[at, FORMS.index("documents")] = papers
            chance[at, FORMS.index("physical")] = 1 - (1 - papers) * (1 - hidden)
            taxes[at], shares[at] = declared, self._shares.of(facts)
        recovery = chance * taxes[:, None] * self._loss()
        gain = recovery + self._pack.policy.money_per_hit * chance
        allowed = np.ones_like(chance, dtype=np.bool_)
        allowed[:, FORMS.index("post_release")] = False
        table = chosen(
            asked,
            Worth(gain, allowed, chance, recovery),
            capacity=capacity,
            pack=self._pack,
            key=self._key,
            strata=shares.tolist(),
        )
        given = frozenset(
            str(number)
            for number in table.filter(table["control_form"].is_valid())["declaration_id"].to_pylist()
        )
        for morning in mornings:
            self._keep(morning, given)
        return table

    def _by_declaration(self, morning: Morning) -> tuple[Floats, Floats, Floats]:
        """Return by declaration the chances of what papers betray and what is hidden; and payments."""
        first = [i for i, n in enumerate(morning.number) if i == 0 or n != morning.number[i - 1]]
        chances = []
        for outcome in ("papers", "hidden"):
            columns = [
                NAMES.index(f"rate.{tie.name}.{tie.levels[-1].partition('.')[2]}.{outcome}") for tie in TIES
            ]
            item = expit(logit(np.clip(morning.values[:, columns], 1e-6, 1 - 1e-6)).mean(axis=1))
            chances.append(1 - np.exp(np.add.reduceat(np.log1p(-item), first)))
        taxes = np.nan_to_num(morning.values[:, NAMES.index("declaration.taxes")][first])
        return chances[0], chances[1], taxes

    def _loss(self) -> float:
        """Return what a find brings as a share of the payments declared."""
        shown = self._learner.everything_shown()
        found = [(n, s.assessed.max(axis=1).sum()) for n, s in shown.items() if s.hit and n in self._taxes]
        declared = sum(self._taxes[number] for number, _ in found)
        usual = declared / len(found) if found else 1.0
        prior = _PRIOR_FINDS * max(usual, 1.0)
        return float((sum(money for _, money in found) + _FIRST_LOSS * prior) / (declared + prior))

    def _keep(self, morning: Morning, numbers: frozenset[str]) -> None:
        self._learner.keep(morning, numbers)
        column = NAMES.index("declaration.taxes")
        for row, number in enumerate(morning.number):
            if number in numbers:
                self._taxes[number] = float(np.nan_to_num(morning.values[row, column]))

    def _begin(self, day: int, facts: pa.Table, vehicles: Mapping[str, str]) -> Morning:
        self._close(day)
        morning = self._learner.morning(facts, day, vehicles)
        self._open.append((morning, vehicles))
        return morning

    def _close(self, day: int) -> None:
        """Remember what was declared on the days before ``day``."""
        for morning, vehicles in self._open:
            if morning.day < day:
                self._learner.evening(morning, vehicles)
        self._open = [pair for pair in self._open if pair[0].day >= day]
