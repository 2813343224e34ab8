"""``rules``: experts' profiles alone, their hit rates learned from what their controls find."""

from datetime import datetime
from typing import Final, cast

import numpy as np
import pyarrow as pa

from daliz.engine.estimators.learner import Evidence
from daliz.engine.pack import Pack
from daliz.engine.scoring.mixing import by_profiles
from daliz.engine.strategies.choosing import Worth, chosen
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.diary import Diary
from daliz.engine.strategies.experts import Experts
from daliz.engine.strategies.protocol import Capacity
from daliz.engine.strategies.shares import Shares, replay_key

_REFIT_DAYS: Final = 14


class Rules:
    """Controls what a profile asks for, the greatest expected gain first; mandatory profiles before all."""

    def __init__(self, *, pack: Pack, seed: int) -> None:
        self._pack = pack
        self._experts = Experts(pack)
        self._diary = Diary(pack, (*self._experts.names, *Shares.names(pack)))
        self._shares = Shares(pack)
        self._key = replay_key(seed)
        self._evidence = Evidence()
        self._items: dict[str, list[int]] = {}
        self._fitted_on: int | None = None

    def observe(
        self, declarations: pa.Table, *, now: datetime, transport_means: pa.Table | None = None
    ) -> None:
        """Take declarations of whose controls findings may follow."""
        for _, facts, _ in self._diary.days(declarations, transport_means):
            judgement = self._experts.judge(facts)
            for at, (number, items) in enumerate(_items_of(facts).items()):
                self._items[number] = items
                self._experts.keep(number, judgement, at, in_random=True)

    def learn(self, findings: pa.Table, *, now: datetime) -> None:
        """Take what became known; hit rates follow every two weeks."""
        self._diary.learn(findings)
        self._evidence.learn(findings)

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        """Choose among what profiles ask for."""
        asked = Day.of_declarations(declarations)
        place = {number: at for at, number in enumerate(asked.ids)}
        parts = []
        for day, facts, _ in self._diary.days(declarations, transport_means):
            self._fit_if_due(day)
            judgement = self._experts.judge(facts)
            numbers = _items_of(facts)
            at = np.array([place[number] for number in numbers], dtype=np.intp)
            parts.append((judgement, numbers, at, self._shares.of(facts)))
        order = np.concatenate([at for _, _, at, _ in parts]) if parts else np.zeros(0, dtype=np.intp)
        back = np.argsort(order)
        expected = [
            by_profiles(j.chance, np.nan_to_num(j.damage), j.asked, self._pack) for j, _, _, _ in parts
        ]
        mandatory = np.concatenate([j.mandatory for j, _, _, _ in parts])[back]
        gain = np.concatenate([e.gain for e in expected])[back]
        worth = Worth(
            gain=gain + mandatory * (1.0 + gain.max(initial=0.0) * len(asked)),
            allowed=np.concatenate([j.asked for j, _, _, _ in parts])[back],
            chance=np.concatenate([e.chance for e in expected])[back],
            recovery=np.concatenate([e.recovery for e in expected])[back],
        )
        shares = np.concatenate([share for _, _, _, share in parts])[back]
        table = chosen(
            asked, worth, capacity=capacity, pack=self._pack, key=self._key, strata=shares.tolist()
        )
        drawn = dict(zip(table["declaration_id"].to_pylist(), table["in_random"].to_pylist(), strict=True))
        given = dict(zip(table["declaration_id"].to_pylist(), table["control_form"].to_pylist(), strict=True))
        for judgement, numbers, _, _ in parts:
            for row, (number, items) in enumerate(numbers.items()):
                if given[number] is not None:
                    self._items[number] = items
                    self._experts.keep(number, judgement, row, in_random=bool(drawn[number]))
        return table

    def _fit_if_due(self, day: int) -> None:
        if self._fitted_on is not None and day - self._fitted_on < _REFIT_DAYS:
            return
        self._fitted_on = day
        shown = {number: self._evidence.shown(number, items) for number, items in self._items.items()}
        self._experts.fit({number: one for number, one in shown.items() if one is not None})


def _items_of(facts: pa.Table) -> dict[str, list[int]]:
    """Return the numbers of the items of each declaration, in the order of first sight."""
    items: dict[str, list[int]] = {}
    numbers = cast("list[str]", facts["declaration_id"].to_pylist())
    for number, item in zip(numbers, cast("list[int]", facts["item_no"].to_pylist()), strict=True):
        items.setdefault(number, []).append(item)
    return items
