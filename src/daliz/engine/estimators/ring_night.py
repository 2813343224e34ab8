"""What a night knows of parties: decayed controls and violations, summed over those they deal with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from daliz.engine.estimators.grams import Whole
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.party_pairs import Pairs, Register, summed, taken
from daliz.engine.estimators.rates import Floats

HALF_LIFE_DAYS: Final = 180.0
_PRIOR: Final = 4.0
"""Controls that the usual rate is worth."""
_NEAR_PRIOR: Final = 1.0
"""The same where links weigh less than one."""
_MOST: Final = 3.0
"""Controls that a single trader counts for, at most, among those who share a party."""
_BASE_FOUND, _BASE_CONTROLS = 1.0, 20.0
_EVIDENCE: Final = ("trader", "near", "suppliers")
_BY_LINK: Final = ("pair", "party", "around")
BURST_DAYS: Final = 60
"""New firms and their dealings are counted over so many days."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Decayed violations and controls, of whatever is counted."""

    found: Floats
    controls: Floats

    @property
    def capped(self) -> "Evidence":
        """The same with no entry counting for more than a few controls."""
        factor = _MOST / (self.controls + _MOST)
        return Evidence(self.found * factor, self.controls * factor)

    def over(self, at: Whole, size: int) -> "Evidence":
        """Return sums by index."""
        return Evidence(summed(at, self.found, size), summed(at, self.controls, size))

    def at(self, at: Whole) -> "Evidence":
        """Return the entries at indices, none where the index is -1."""
        return Evidence(taken(self.found, at), taken(self.controls, at))

    def less(self, other: "Evidence") -> "Evidence":
        """Return what is left without ``other``, never below nothing."""
        return Evidence(
            np.maximum(self.found - other.found, 0.0), np.maximum(self.controls - other.controls, 0.0)
        )

    def plus(self, other: "Evidence") -> "Evidence":
        """Return both together."""
        return Evidence(self.found + other.found, self.controls + other.controls)

    def times(self, factor: Floats) -> "Evidence":
        """Return the evidence weighted."""
        return Evidence(self.found * factor, self.controls * factor)

    def kept(self) -> Tree:
        """Return both by name."""
        return {"found": self.found, "controls": self.controls}

    def rate(self, base: float, prior: float = _PRIOR) -> Floats:
        """Return rates shrunk to ``base``."""
        rates: Floats = (self.found + base * prior) / (self.controls + prior)
        return rates


@dataclass(frozen=True, slots=True, eq=False)
class Night:
    """Everything known of parties before a day begins.

    Attributes:
        day: the day that follows.
        base: usual rate of violations among controls.
        trader: evidence of each trader.
        pair: evidence of each pair of trader and party, by link.
        party: evidence of each party, by link.
        near: evidence of whom each trader is linked with, through all links, each link weighing the less the
            more traders share it.
        around: the same of whom each party is shared by, for each link.
        suppliers: evidence of the counterparties of each trader, his own part left out.
        degree: traders of each party, by link.
    """

    day: int
    base: float
    trader: Evidence
    pair: Mapping[str, Evidence]
    party: Mapping[str, Evidence]
    near: Evidence
    around: Mapping[str, Evidence]
    suppliers: Evidence
    degree: Mapping[str, Floats]

    @classmethod
    def of(
        cls, *, day: int, when: Whole, outcome: Floats, trader: Whole, pair_of: Mapping[str, Whole],
        links: Mapping[str, Pairs], registers: Mapping[str, Register],
    ) -> "Night":  # fmt: skip
        """Sum up; the result depends on the outcomes alone, not on the order in which they were learned.

        Args:
            day: the day that follows.
            when: day of each declaration.
            outcome: weight of the violation found, 0 to 1; NaN where nothing is known.
            trader: number of each declaration's trader, -1 if missing.
            pair_of: number of each declaration's pair, by link.
            links: pairs of traders and parties.
            registers: of traders and of parties, by link.
        """
        known = np.flatnonzero(~np.isnan(outcome))
        weight = 0.5 ** ((day - when[known]) / HALF_LIFE_DAYS)
        each = Evidence(weight * outcome[known], weight)
        base = (each.found.sum() + _BASE_FOUND) / (each.controls.sum() + _BASE_CONTROLS)
        traders = len(registers["trader"])
        of_trader = each.over(trader[known], traders)
        one = of_trader.capped
        near = suppliers = Evidence(np.zeros(traders), np.zeros(traders))
        pair: dict[str, Evidence] = {}
        party: dict[str, Evidence] = {}
        around: dict[str, Evidence] = {}
        degree: dict[str, Floats] = {}
        for link, pairs in links.items():
            size = len(registers[link])
            left, right = pairs.left, pairs.right
            pair[link] = each.over(pair_of[link][known], len(pairs)).capped
            party[link] = pair[link].over(right, size)
            degree[link] = np.bincount(right, minlength=size).astype(np.float64)
            fresh = 0.5 ** ((day - pairs.last) / HALF_LIFE_DAYS)
            mine = one.at(left).times(fresh)
            share = 1 / np.maximum(degree[link], 1.0)
            around[link] = mine.over(right, size).times(share)
            others = around[link].at(right).less(mine.times(share[right])).times(fresh)
            near = near.plus(others.over(left, traders))
            if link == "counterparty":
                theirs = party[link].at(right).less(pair[link]).times(share[right] * fresh)
                suppliers = suppliers.plus(theirs.over(left, traders))
        return cls(day, float(base), of_trader, pair, party, near, around, suppliers, degree)

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes."""
        return {
            "day": self.day,
            "base": self.base,
            **{name: getattr(self, name).kept() for name in _EVIDENCE},
            **{name: {link: one.kept() for link, one in getattr(self, name).items()} for name in _BY_LINK},
            "degree": self.degree,
        }

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the night that was kept."""
        trader, near, suppliers = (Evidence(**tree[name]) for name in _EVIDENCE)
        pair, party, around = (
            {link: Evidence(**one) for link, one in tree[name].items()} for name in _BY_LINK
        )
        return cls(
            day=int(tree["day"]), base=float(tree["base"]), trader=trader, pair=pair, party=party, near=near,
            around=around, suppliers=suppliers, degree=tree["degree"],
        )  # fmt: skip

    def shared(self, link: str, party: Whole, pair: Whole) -> Floats:
        """Return the rate of others who share a party; NaN where there is no party."""
        others = self.party[link].at(party).less(self.pair[link].at(pair))
        return np.where(party >= 0, others.rate(self.base), np.nan)

    def neighbourhood(self, trader: Whole, parties: Mapping[str, tuple[Whole, Whole]]) -> Floats:
        """Return the rate of traders two steps away, links of today included.

        Args:
            trader: numbers, -1 if new.
            parties: numbers of today's parties and pairs, by link.
        """
        total = self.near.at(trader)
        for link, (party, pair) in parties.items():
            total = total.plus(self.around[link].at(np.where(pair < 0, party, -1)))
        return total.rate(self.base, _NEAR_PRIOR)

    def suppliers_rate(self, trader: Whole, party: Whole, pair: Whole) -> Floats:
        """Return the rate of others at the counterparties of a trader, today's included."""
        share = 1 / np.maximum(taken(self.degree["counterparty"], party), 1.0)
        today = self.party["counterparty"].at(np.where(pair < 0, party, -1)).times(share)
        return self.suppliers.at(trader).plus(today).rate(self.base, _NEAR_PRIOR)


def newcomers(pairs: Pairs, traders: Register, places: int, since: int) -> tuple[Floats, Floats, float]:
    """Count traders active at each place since a day, and those of them first seen since then.

    Returns:
        active and new traders by place, and the share of new ones among all.
    """
    lately = pairs.last >= since
    new = lately & (traders.first[pairs.left] >= since)
    active = summed(pairs.right, lately.astype(np.float64), places)
    fresh = summed(pairs.right, new.astype(np.float64), places)
    return active, fresh, float((fresh.sum() + 1) / (active.sum() + 1))
