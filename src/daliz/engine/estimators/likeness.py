"""New parties that resemble stopped ones: record linkage by what the two have in common.

A supplier that is found out goes on under a new name; a firm that is stopped is founded anew. The new one has
no history, but trades with the same people in the same goods through the same office. Each trait that
both share speaks for their being the same as far as it is rare: a customs representative whom a third of
all traders use says next to nothing, a supplier whom two firms know says almost everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from daliz.engine.estimators.grams import Whole
from daliz.engine.estimators.keeping import Tree
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

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes."""
        return {field: pairs.kept() for field, pairs in self._pairs.items()}

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the traits that were kept."""
        likeness = cls(())
        likeness._pairs = {field: Pairs.of_kept(pairs) for field, pairs in tree.items()}
        return likeness

    def against(self, stopped: Stopped, *, register: Register, times: Floats) -> "Against":
        """Make ready, once a night, what new parties are compared with.

        Args:
            stopped: those to compare with.
            register: first and last days of parties.
            times: declarations of each party.
        """
        column = np.full(len(register), -1, dtype=np.int64)
        column[stopped.party] = np.arange(len(stopped.party))
        traits = {
            field: Trait.of(pairs, column, times[stopped.party], kept=KEPT[field], parties=len(register))
            for field, pairs in self._pairs.items()
        }
        return Against(traits, stopped, register.first, register.last[stopped.party])


@dataclass(frozen=True, slots=True, eq=False)
class Trait:
    """What stopped parties share with others in one trait, weighed once a night.

    Attributes:
        start: where the pairs of each value begin, shape (values + 1,).
        at: which of the stopped parties has the value, shape (pairs,).
        agrees: log ratio that agreeing speaks for being the same, shape (pairs,).
        differs: log ratio that differing speaks for it, the same whatever the values.
    """

    start: list[int]
    at: Whole
    agrees: Floats
    differs: float

    @classmethod
    def of(cls, pairs: Pairs, column: Whole, times: Floats, *, kept: float, parties: int) -> "Trait":
        """Take the pairs of stopped parties, by value.

        Args:
            pairs: parties and values.
            column: of each party, which of the stopped it is, -1 if none.
            times: declarations of each stopped party.
            kept: how probably a party that goes on keeps the trait.
            parties: how many parties of the kind there are.
        """
        mine = np.flatnonzero(column[pairs.left] >= 0)
        mine = mine[np.argsort(pairs.right[mine], kind="stable")]
        at, value = column[pairs.left[mine]], pairs.right[mine]
        share = np.minimum(pairs.times[mine] / times[at], 1.0)
        known_by = np.bincount(pairs.right)
        usual = np.clip((known_by[value] + 0.5) / (parties + 1.0), None, 0.95)
        agrees = np.log(kept * share / usual + (1 - kept))
        start = np.concatenate([[0], np.cumsum(np.bincount(value, minlength=len(known_by)))])
        return cls(start.tolist(), at, agrees, float(np.log(1 - kept)))

    def speak(self, evidence: Floats, value: int) -> None:
        """Add what a value speaks for being each of the stopped parties, shape (stopped,)."""
        own = slice(self.start[value], self.start[value + 1]) if value + 1 < len(self.start) else slice(0)
        at = self.at[own]
        agreeing = evidence[at] + self.agrees[own]
        evidence += self.differs
        evidence[at] = agreeing


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """Stopped parties of one kind, ready to be compared with.

    Attributes:
        traits: by name.
        stopped: who they are.
        first: first day of every party of the kind.
        ceased: last day of each stopped one.
    """

    traits: Mapping[str, Trait]
    stopped: Stopped
    first: Whole
    ceased: Whole

    def continued(
        self, asked: Mapping[str, tuple[Whole, Whole]], *, parties: Whole, day: int
    ) -> tuple[Floats, Whole]:
        """Tell how likely each new party goes on from a stopped one, weighted by that one's rate.

        Args:
            asked: for each trait, index of the question and number of the value; several values of one
                trait are allowed.
            parties: number of each party asked about, -1 if it was never seen before.
            day: today.

        Returns:
            sum over stopped parties of the probability of going on from it times its rate, and the likeliest
            one, -1 if there is none; shape (questions,) each.

        Sources:
            [fellegi1969] (weights of agreement and disagreement).
        """
        stopped = self.stopped
        count, olds = len(parties), len(stopped.party)
        if not count or not olds:
            return np.zeros(count), np.full(count, -1, dtype=np.int64)
        evidence = np.zeros((count, olds))
        for field, (question, value) in asked.items():
            if len(value) and value.max() >= 0:  # else none is known, and that says nothing
                evidence += self._agreement(field, question, value, shape=(count, olds))
        began = np.where(parties >= 0, self.first[parties], day)
        ceased = self.ceased < began[:, None] + 14
        usual = np.clip(ceased.mean(axis=1, keepdims=True), 0.02, 0.98)
        evidence += np.where(ceased, np.log(_CEASED / usual), np.log((1 - _CEASED) / (1 - usual)))
        older = (self.first[stopped.party] < began[:, None]) & (stopped.party != parties[:, None])
        odds = np.where(older, np.exp(np.minimum(evidence, 60.0)), 0.0) * (_RENEWED / olds)
        share = odds / (1 - _RENEWED + odds.sum(axis=1, keepdims=True))
        likeliest = np.where(older.any(axis=1), stopped.party[np.argmax(share, axis=1)], -1)
        return share @ stopped.rate, likeliest

    def _agreement(self, field: str, question: Whole, value: Whole, *, shape: tuple[int, int]) -> Floats:
        """Return the log ratio of agreeing in a trait, shape (questions, stopped); 0 where unknown."""
        trait = self.traits[field]
        spread = np.zeros(shape)
        if len(trait.start) == 1:
            return spread
        told = [0] * shape[0]
        for at, one in zip(question.tolist(), value.tolist(), strict=True):
            if one >= 0:
                trait.speak(spread[at], one)
                told[at] += 1
        if field != "name" and max(told) > 1:  # goods of one consignment are not told apart by chance,
            spread /= np.maximum(told, 1)[:, None]  # words of a name are
        return spread
