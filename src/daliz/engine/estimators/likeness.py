"""New parties that resemble stopped ones: record linkage by what the two have in common.

A supplier that is found out goes on under a new name; a firm that is stopped is founded anew. The new one has
no history, but trades with the same people in the same goods through the same office. Each trait that
both share speaks for their being the same as far as it is rare: a customs representative whom a third of
all traders use says next to nothing, a supplier whom two firms know says almost everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from daliz.engine.estimators.grams import Whole
from daliz.engine.estimators.party_pairs import Pairs, Register
from daliz.engine.estimators.rates import Floats

KEPT: Final[Mapping[str, float]] = {
    "trader": 0.5, "counterparty": 0.5, "declarant": 0.5, "carrier": 0.3, "vehicle": 0.3, "address": 0.5,
    "office": 0.6, "country": 0.9, "goods": 0.8, "name": 0.5,
}  # fmt: skip
"""How probably a party that goes on under another name keeps each trait: customs sense, not measured."""
_RENEWED: Final = 0.1
"""Share of new parties taken to go on from a stopped one before anything is known of them."""
_MOST: Final = 600
"""Stopped parties that a new one is compared with: those with most found."""
_CEASED: Final = 0.8
"""How probably the old party has ceased when the new one begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """Parties with findings against them, as of a night.

    Attributes:
        party: their numbers, shape (stopped,).
        rate: rate of violations of each, 0 to 1.
    """

    party: Whole
    rate: Floats

    @classmethod
    def of(cls, found: Floats, rate: Floats, base: float) -> "Stopped":
        """Choose parties whose rate is twice the usual or more, at most ``_MOST`` of them.

        Args:
            found: decayed violations of each party. rate: its shrunk rate. base: the usual rate.
        """
        chosen = np.flatnonzero((found > 0) & (rate >= 2 * base))
        chosen = np.sort(chosen[np.argsort(-found[chosen], kind="stable")[:_MOST]])
        return cls(chosen, rate[chosen])


class Likeness:
    """Traits of parties of one kind, and how like a new one is to those that were stopped.

    Args:
        fields: names of the traits, keys of ``KEPT``.
    """

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._pairs = {field: Pairs() for field in fields}

    def add(self, field: str, party: Whole, value: Whole, day: int) -> None:
        """Count a trait of a day's parties."""
        self._pairs[field].add(party, value, day)

    def continued(
        self, asked: Mapping[str, tuple[Whole, Whole]], *, parties: Whole, register: Register,
        stopped: Stopped, times: Floats, day: int,
    ) -> tuple[Floats, Whole]:  # fmt: skip
        """Tell how likely each new party goes on from a stopped one, weighted by that one's rate.

        Args:
            asked: for each trait, index of the question and number of the value; several values of one
                trait are allowed.
            parties: number of each party asked about, -1 if it was never seen before.
            register: first and last days of parties.
            stopped: those to compare with.
            times: declarations of each party.
            day: today.

        Returns:
            sum over stopped parties of the probability of going on from it times its rate, and the likeliest
            one, -1 if there is none; shape (questions,) each.

        Sources:
            [fellegi1969] (weights of agreement and disagreement).
        """
        count, olds = len(parties), len(stopped.party)
        if not count or not olds:
            return np.zeros(count), np.full(count, -1, dtype=np.int64)
        column = np.full(len(register), -1, dtype=np.int64)
        column[stopped.party] = np.arange(olds)
        evidence = np.zeros((count, olds))
        for field, (question, value) in asked.items():
            evidence += self._agreement(
                field, question, value, shape=(count, olds), column=column, times=times[stopped.party]
            )
        began = np.where(parties >= 0, register.first[parties], day)
        ceased = register.last[stopped.party] < began[:, None] + 14
        usual = np.clip(ceased.mean(axis=1, keepdims=True), 0.02, 0.98)
        evidence += np.where(ceased, np.log(_CEASED / usual), np.log((1 - _CEASED) / (1 - usual)))
        older = (register.first[stopped.party] < began[:, None]) & (stopped.party != parties[:, None])
        odds = np.where(older, np.exp(np.minimum(evidence, 60.0)), 0.0) * (_RENEWED / olds)
        share = odds / (1 - _RENEWED + odds.sum(axis=1, keepdims=True))
        likeliest = np.where(older.any(axis=1), stopped.party[np.argmax(share, axis=1)], -1)
        return share @ stopped.rate, likeliest

    def _agreement(
        self,
        field: str,
        question: Whole,
        value: Whole,
        *,
        shape: tuple[int, int],
        column: Whole,
        times: Floats,
    ) -> Floats:
        """Return the log ratio of agreeing in a trait, shape (questions, stopped); 0 where unknown."""
        pairs, kept = self._pairs[field], KEPT[field]
        question, value = question[value >= 0], value[value >= 0]
        if not len(value) or not len(pairs):
            return np.zeros(shape)
        values, row = np.unique(value, return_inverse=True)
        place = np.full(max(int(values[-1]), int(pairs.right.max())) + 1, -1, dtype=np.int64)
        place[values] = np.arange(len(values))
        here = np.flatnonzero(place[pairs.right] >= 0)
        known_by = np.bincount(place[pairs.right[here]], minlength=len(values))
        usual = np.clip((known_by + 0.5) / (len(column) + 1.0), None, 0.95)
        share = np.zeros((len(values), len(times)))
        mine = here[column[pairs.left[here]] >= 0]
        where = column[pairs.left[mine]]
        share[place[pairs.right[mine]], where] = np.minimum(pairs.times[mine] / times[where], 1.0)
        ratio = np.log(kept * share / usual[:, None] + (1 - kept))
        spread = np.zeros(shape)
        np.add.at(spread, question, ratio[row])
        if field != "name":  # goods of one consignment are not told apart by chance, words of a name are
            spread /= np.maximum(np.bincount(question, minlength=shape[0]), 1)[:, None]
        return spread
