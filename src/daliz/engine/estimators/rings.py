"""Rings: what is known of those whom a trader deals with, and of those whom a new firm resembles."""

from collections.abc import Mapping, Sequence
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.grams import Whole
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.likeness import Against, Likeness, Stopped
from daliz.engine.estimators.party_pairs import Growing, Pairs, Register, taken
from daliz.engine.estimators.rates import Floats
from daliz.engine.estimators.ring_days import Day, Items, columns_of
from daliz.engine.estimators.ring_night import BURST_DAYS, Night, newcomers
from daliz.engine.estimators.ring_paths import Party, RingGraph

Values = tuple[Whole, Whole]
Flags = NDArray[np.bool_]

LINKS: Final = ("counterparty", "declarant", "carrier_goods", "vehicle", "payer", "address")
"""What links one trader with another."""
_PLACES: Final = ("carrier", "office", "country", "office_goods")
_MANY: Final = ("goods", "trader_name", "counterparty_name", "declarant_name")
_LIKE: Final = {
    "trader": (
        "counterparty", "declarant", "carrier", "vehicle", "address", "office", "country", "goods", "name",
    ),
    "counterparty": ("trader", "declarant", "carrier", "office", "country", "goods", "name"),
    "declarant": ("trader", "counterparty", "office", "name"),
}  # fmt: skip
"""Traits by which a new party of each kind is compared with stopped ones."""
_YOUNG_DAYS: Final = 120
"""Parties first seen so lately may go on from another."""
_OWN: Final = 4.0
"""Controls of its own after which half of what it resembles is forgotten."""
_BURST_PRIOR: Final = 2.0


class Rings:
    """State of all parties, brought forward day by day; features as of the night before.

    In a morning ask ``features`` of the day's declarations; in the night ``add`` them and ``learn`` what
    became known. A finding that is annulled is learned as not known: what remains is what would be there if
    it had never been, to the last bit.

    Example:
        >>> rings = Rings()
        >>> rings.learn(["a declaration not yet added"], [1.0], [True])
    """

    def __init__(self) -> None:
        self._registers = {kind: Register() for kind in ("trader", *LINKS, *_PLACES, *_MANY)}
        self._links = {link: Pairs() for link in LINKS}
        self._office_goods = Pairs()
        self._likeness = {kind: Likeness(fields) for kind, fields in _LIKE.items()}
        self._times = {kind: Growing(np.float64(0)) for kind in _LIKE}
        self._rows: dict[str, int] = {}
        self._when, self._trader = Growing(np.int64(0)), Growing(np.int64(-1))
        self._outcome = Growing(np.float64(np.nan))
        self._pair_of = {link: Growing(np.int64(-1)) for link in LINKS}
        self._early: dict[str, float] = {}
        self._night: Night | None = None
        self._against: dict[str, Against] = {}
        self._new: dict[str, tuple[Floats, Floats, float]] = {}

    def add(self, items: Items, *, day: int) -> None:
        """Add a day's declarations to the past; versions of a declaration already added are passed over.

        Args:
            items: canonical rows, one a goods item; ``transport_id`` and ``trader_address`` count too.
            day: number of the day, growing.
        """
        columns = columns_of(items)
        fresh = [row for row, number in enumerate(columns["declaration_id"]) if number not in self._rows]
        today = Day.of({name: [values[row] for row in fresh] for name, values in columns.items()})
        first = len(self._rows)
        for number in today.ids:
            self._rows[number] = len(self._rows)
        self._outcome.extend(len(self._rows))
        for kept in (self._when, self._trader, *self._pair_of.values()):
            kept.extend(len(self._rows))
        self._outcome.values[first:] = [self._early.pop(number, np.nan) for number in today.ids]
        one = {kind: self._registers[kind].number(names, day) for kind, names in today.one.items()}
        many = {
            kind: (of, self._registers[kind].number(list(values), day))
            for kind, (of, values) in today.many.items()
        }
        self._when.values[first:] = day
        self._trader.values[first:] = one["trader"]
        for link in LINKS:
            self._pair_of[link].values[first:] = self._links[link].add(one["trader"], one[link], day)
        self._office_goods.add(one["trader"], one["office_goods"], day)
        for kind, fields in _LIKE.items():
            times = self._times[kind]
            times.extend(len(self._registers[kind]))
            np.add.at(times.values, one[kind][one[kind] >= 0], 1.0)
            for field in fields:
                of, value = _trait(kind, field, one, many)
                self._likeness[kind].add(field, one[kind][of], value, day)
        self._night = None

    def learn(
        self, declaration_ids: Sequence[str], weight: Sequence[float] | Floats, known: Sequence[bool]
    ) -> None:
        """Take what controls found, or take it back.

        Args:
            declaration_ids: controlled declarations, also ones not added yet.
            weight: of the violation, 0 (clean) to 1.
            known: False where a finding was annulled and nothing else is known.
        """
        for number, share, holds in zip(declaration_ids, weight, known, strict=True):
            outcome = float(share) if holds else np.nan
            row = self._rows.get(number)
            if row is not None:
                self._outcome.values[row] = outcome
            elif holds:
                self._early[number] = outcome
            else:
                self._early.pop(number, None)
        self._night = None

    def features(self, items: Items, *, day: int) -> dict[str, Floats]:
        """Return what is known of the surroundings of each row's declaration, before ``day`` began.

        Rates are 0 to 1, shrunk to the usual rate; NaN where the party is not stated.

        - ``counterparty_rate``, ``declarant_rate``, ``carrier_goods_rate``, ``vehicle_rate``, ``payer_rate``,
          ``address_rate``: of other traders who share it, where they shared it.
        - ``suppliers_rate``: of others at this trader's counterparties.
        - ``neighbourhood_rate``: of traders two steps away, through all links.
        - ``renamed_counterparty``, ``renamed_trader``, ``renamed_declarant``: probability that a new party
          goes on from a stopped one, times that one's rate; 0 for a party of long standing.
        - ``new_firms_declarant``, ``new_firms_goods``: newly seen traders of the declarant, or of the office
          with these goods, in proportion to what is usual; 1 is usual.
        """
        today, night = Day.of(columns_of(items)), self.night(day)
        one = {kind: self._registers[kind].number(names) for kind, names in today.one.items()}
        many = {
            kind: (of, self._registers[kind].number(list(values)))
            for kind, (of, values) in today.many.items()
        }
        parties = {link: (one[link], self._links[link].find(one["trader"], one[link])) for link in LINKS}
        stated = {
            kind: np.array([name is not None for name in today.one[kind]], dtype=np.bool_)
            for kind in ("trader", *LINKS)
        }
        answers: dict[str, Floats] = {}
        for link, (party, pair) in parties.items():
            rate = np.where(party >= 0, night.shared(link, party, pair), night.base)
            answers[f"{link}_rate"] = np.where(stated[link], rate, np.nan)
        answers["suppliers_rate"] = night.suppliers_rate(one["trader"], *parties["counterparty"])
        answers["neighbourhood_rate"] = night.neighbourhood(one["trader"], parties)
        for kind in _LIKE:
            answers[f"renamed_{kind}"] = self._renamed(kind, one, many, stated[kind], night)
        answers["new_firms_declarant"] = self._burst("declarant", one["trader"], one["declarant"], day)
        answers["new_firms_goods"] = self._burst("office_goods", one["trader"], one["office_goods"], day)
        return {name: values[today.of_row] for name, values in answers.items()}

    def way(self, trader: str, *, day: int) -> list[Party]:
        """Return how a trader hangs together with the nearest other one who was stopped; empty if not.

        Example: trader, supplier that both share, stopped trader.
        """
        night, register = self.night(day), self._registers["trader"]
        stopped = Stopped.of(night.trader.found, night.trader.rate(night.base), night.base)
        names = register.names()
        graph = RingGraph.of(self._links, self._registers)
        return graph.way(("trader", trader), [("trader", names[one]) for one in stopped.party.tolist()])

    def night(self, day: int) -> Night:
        """Return what is known before ``day``, summed once a night."""
        if self._night is None or self._night.day != day:
            self._against, self._new = {}, {}
            self._night = Night.of(
                day=day,
                when=self._when.values,
                outcome=self._outcome.values,
                trader=self._trader.values,
                pair_of={link: kept.values for link, kept in self._pair_of.items()},
                links=self._links,
                registers=self._registers,
            )
        return self._night

    def kept(self, day: int) -> Tree:
        """Return what ``of_kept`` takes: what ``features`` asks on ``day``."""
        return {
            "registers": {kind: register.kept() for kind, register in self._registers.items()},
            "links": {link: pairs.kept() for link, pairs in self._links.items()},
            "office_goods": self._office_goods.kept(),
            "likeness": {kind: likeness.kept() for kind, likeness in self._likeness.items()},
            "times": {kind: times.values for kind, times in self._times.items()},
            "night": self.night(day).kept(),
        }

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the rings that were kept, to be asked of that one day; nothing more is learned."""
        rings = cls()
        rings._registers = {kind: Register.of_kept(one) for kind, one in tree["registers"].items()}
        rings._links = {link: Pairs.of_kept(one) for link, one in tree["links"].items()}
        rings._office_goods = Pairs.of_kept(tree["office_goods"])
        rings._likeness = {kind: Likeness.of_kept(one) for kind, one in tree["likeness"].items()}
        rings._times = {kind: Growing.of(one) for kind, one in tree["times"].items()}
        rings._night = Night.of_kept(tree["night"])
        return rings

    def _renamed(
        self, kind: str, one: Mapping[str, Whole], many: Mapping[str, Values], known: Flags, night: Night
    ) -> Floats:
        """Return how far young parties of a kind resemble stopped ones; NaN where none is stated."""
        party, register = one[kind], self._registers[kind]
        evidence = night.trader if kind == "trader" else night.party[kind]
        answers = np.where(known, 0.0, np.nan)
        first_day = taken(register.first, party)
        rows = np.flatnonzero(known & ((party < 0) | (first_day >= night.day - _YOUNG_DAYS)))
        if not len(rows) or not len(register):
            return answers
        place = np.full(len(party), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        asked = {}
        for field in _LIKE[kind]:
            of, value = _trait(kind, field, one, many)
            young = place[of] >= 0
            asked[field] = (place[of][young], value[young])
        if kind not in self._against:
            self._against[kind] = self._likeness[kind].against(
                Stopped.of(evidence.found, evidence.rate(night.base), night.base),
                register=register,
                times=self._times[kind].values,
            )
        like, _ = self._against[kind].continued(asked, parties=party[rows], day=night.day)
        answers[rows] = like * _OWN / (_OWN + evidence.at(party[rows]).controls)
        return answers

    def _burst(self, place: str, trader: Whole, at: Whole, day: int) -> Floats:
        """Return the share of new traders at a place, the asking one left out, against what is usual."""
        pairs = self._office_goods if place == "office_goods" else self._links[place]
        traders = self._registers["trader"]
        since = day - BURST_DAYS
        if place not in self._new:
            self._new[place] = newcomers(pairs, traders, len(self._registers[place]), since)
        active, new, usual = self._new[place]
        pair = pairs.find(trader, at)
        own = (pair >= 0) & (taken(pairs.last, pair) >= since)
        own_new = own & (taken(traders.first, trader) >= since)
        share = (taken(new, at) - own_new + _BURST_PRIOR * usual) / (taken(active, at) - own + _BURST_PRIOR)
        return np.where(at >= 0, share / usual, 1.0)


def _trait(kind: str, field: str, one: Mapping[str, Whole], many: Mapping[str, Values]) -> Values:
    """Return, for each value of a trait, the index of its declaration and the value."""
    if field == "goods":
        return many["goods"]
    if field == "name":
        return many[f"{kind}_name"]
    return np.arange(len(one[field])), one[field]
