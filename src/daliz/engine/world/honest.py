"""The honest trade of a pretend border: firms are born and die, find suppliers and leave them."""

from dataclasses import dataclass, field

import numpy as np

from daliz.engine.world.goods import Catalogue, Floats
from daliz.engine.world.market import Market
from daliz.engine.world.parameters import Parameters, Scenario
from daliz.engine.world.parties import Parties
from daliz.engine.world.places import (
    AIR,
    HUBS,
    POST,
    RAIL,
    ROAD,
    SEA,
    TERMS,
    Places,
    currency_odds,
    mode_odds,
)  # fmt: skip
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import IMPORT, TRANSIT, Line

DAYS_OF_MONTH = 30.4
_FREIGHT_ADDED = 4
"""The first four of ``TERMS`` leave the freight to the buyer."""


@dataclass(slots=True)
class Trader:
    """A firm's habits: when it lives, what it deals in, through whom it declares."""

    index: int
    direction: int
    sector: int
    first_day: int
    last_day: int
    weight: float
    office: int
    brokers: tuple[int, ...]
    price: float
    size: float
    language: int


@dataclass(slots=True)
class Population:
    """Builds firms and supply lines; the schemes build theirs with the same hands."""

    parameters: Parameters
    places: Places
    cat: Catalogue
    market: Market
    parties: Parties
    traders: list[Trader] = field(default_factory=list)
    office_weights: Floats = field(default_factory=lambda: np.ones(1))
    _pool: dict[str, list[int]] = field(default_factory=dict)

    def people(self) -> None:
        """Found the brokers, carriers and honest traders."""
        chance = stream(self.parameters.seed, "traders")
        value, days = self.parameters.value, self.parameters.days
        self.office_weights = np.cumsum(1.0 / (1.0 + chance.permutation(len(self.places.inland))))
        count = round(14 * self.parameters.per_day**0.8)
        for _ in range(max(4, count // 22)):
            self.parties.new_broker(self.an_office(chance), chance)
        self._carriers(count, chance)
        months = days / DAYS_OF_MONTH
        cold = self.parameters.scenario is Scenario.COLD
        first = round(count * (0.3 if cold else 1.0))
        born = round(count * months * value["death_hazard"] + (count - first))
        starts = np.concatenate([np.full(first, -1), chance.integers(0, days, born)])
        lives = chance.exponential(DAYS_OF_MONTH / value["death_hazard"], first + born)
        ranks = chance.permutation(first + born)
        shares = (value["import_share"], value["export_share"])
        directions = np.searchsorted(np.cumsum(shares), chance.random(first + born))
        for start, life, rank, direction in zip(starts, lives, ranks, directions, strict=True):
            weight = (rank + 9.0) ** -value["zipf"]
            self.traders.append(
                self.trader(int(direction), int(start), int(start + life + 1), weight, chance)
            )

    def trader(
        self, direction: int, first_day: int, last_day: int, weight: float, chance: np.random.Generator
    ) -> Trader:
        """Found one firm."""
        year, month = self._founded(first_day, chance)
        office = self.an_office(chance)
        own = chance.random() > self.parameters.value["broker_share"]
        near = [b for b, at in enumerate(self.parties.broker_office) if at == office] or list(
            range(len(self.parties.brokers))
        )
        brokers = tuple(near[int(len(near) * chance.random() ** 2)] for _ in range(2))
        return Trader(
            index=self.parties.new_trader(year, month, chance),
            direction=direction,
            sector=self.market.sector(direction, chance),
            first_day=first_day,
            last_day=last_day,
            weight=weight,
            office=office,
            brokers=() if own else brokers,
            price=float(chance.normal(0, 0.2)),
            size=float(chance.normal(0, 0.5)),
            language=int(np.searchsorted((0.8, 0.88), chance.random())),
        )

    def honest_lines(self) -> list[Line]:
        """Draw the lines of all honest traders; their rates are weights within a direction."""
        chance = stream(self.parameters.seed, "lines")
        days, hazard = self.parameters.days, self.parameters.value["line_hazard"]
        lines: list[Line] = []
        for trader in self.traders:
            slots = 1 + min(int(chance.poisson(1.2)), 5)
            shares = chance.dirichlet(np.full(slots, 1.2))
            for share in shares:
                begin, end = max(0, trader.first_day), min(days, trader.last_day)
                while begin < end:
                    stop = min(end, begin + 1 + int(chance.exponential(DAYS_OF_MONTH / hazard)))
                    lines.append(self.line(trader, begin, stop, trader.weight * share, chance))
                    begin = stop
        return lines

    def line(
        self, trader: Trader, first_day: int, last_day: int, rate: float, chance: np.random.Generator
    ) -> Line:
        """Draw one honest line of a trader."""
        direction = trader.direction
        country = self.market.country(direction, trader.sector, first_day, chance)
        count = 1 + min(int(chance.poisson(1.8)), 7)
        goods = self.market.goods(direction, trader.sector, country, first_day, count=count, chance=chance)
        origins = self.market.origins(direction, goods, country, chance)
        span = (first_day, last_day)
        return self.drawn(
            trader, country=country, goods=goods, origins=origins, span=span, rate=rate, chance=chance
        )

    def drawn(
        self,
        trader: Trader,
        *,
        country: int,
        goods: list[int],
        origins: list[int],
        span: tuple[int, int],
        rate: float,
        chance: np.random.Generator,
    ) -> Line:
        """Give a line its route, money, supplier and carrier."""
        code = self.cat.countries[country]
        departs = country
        if trader.direction == IMPORT and chance.random() < 0.07:
            departs = self.cat.countries.index(HUBS[int(chance.integers(len(HUBS)))])
        mode = self._mode(goods[0], self.cat.countries[departs], trader.direction, chance)
        currencies, odds = currency_odds(code)
        terms = int(chance.integers(len(TERMS)))
        broker = -1
        if trader.brokers:
            broker = trader.brokers[0] if chance.random() < 0.85 else trader.brokers[1]
        return Line(
            trader=trader.index,
            counterparty=self.a_counterparty(code, chance),
            broker=broker,
            carrier=self.a_carrier(mode, chance),
            office=trader.office if chance.random() < 0.93 else self.an_office(chance),
            border=self.places.entry(self.cat.countries[departs], mode, chance),
            country=self.cat.home if trader.direction == 1 else departs,
            direction=trader.direction,
            mode=mode,
            currency=currencies[int(chance.random() > odds[0])],
            terms=terms,
            first_day=span[0],
            last_day=span[1],
            rate=rate,
            goods=goods,
            origins=origins,
            price=trader.price + float(chance.normal(0, 0.45)) * float(self.cat.sd[goods[0]]),
            size=trader.size + float(chance.normal(0, 0.4)),
            items=max(0.2, float(chance.gamma(1.2, (self.parameters.value["items_mean"] - 1) / 1.2))),
            language=trader.language,
            kind=int(mode == POST),
            freight=float(chance.uniform(0.02, 0.10)) if terms < _FREIGHT_ADDED else 0.0,
        )

    def an_office(self, chance: np.random.Generator) -> int:
        """Choose an inland office, some far busier than others."""
        if self.office_weights.size == 1:
            return self.places.inland[0]
        at = np.searchsorted(self.office_weights, chance.random() * self.office_weights[-1], "right")
        return self.places.inland[int(at)]

    def a_carrier(self, mode: int, chance: np.random.Generator) -> int:
        """Choose a carrier of a mode, the first likeliest."""
        members = self.parties.carriers.by_mode[mode]
        return members[int(len(members) * chance.random() ** 1.6)]

    def a_counterparty(self, country: str, chance: np.random.Generator) -> int:
        """Choose a foreign firm: half the time one that others buy from too."""
        pool = self._pool.setdefault(country, [])
        if pool and chance.random() < 0.5:
            return pool[int(len(pool) * chance.random() ** 2)]
        pool.append(self.parties.new_counterparty(country, chance))
        return pool[-1]

    def _mode(self, good: int, country: str, direction: int, chance: np.random.Generator) -> int:
        if chance.random() < self.cat.air[good]:
            return POST if direction == IMPORT and chance.random() < 0.15 else AIR
        if direction == TRANSIT:
            return ROAD if chance.random() < 0.55 else RAIL
        modes, odds = mode_odds(country)
        return modes[int(np.searchsorted(np.cumsum(odds)[:-1], chance.random(), "right"))]

    def _carriers(self, count: int, chance: np.random.Generator) -> None:
        home = self.places.country
        abroad = "KZ" if home == "KG" else "KG"
        for mode, number, sizes in (
            (ROAD, max(8, count // 9), (3, 40)), (RAIL, 4, (400, 900)), (AIR, 5, (20, 60)), (SEA, 3, (3, 9)),
            (POST, 2, (10, 20)),
        ):  # fmt: skip
            nations = (home, "CN", "UZ", "TR", abroad) if mode == ROAD else (home,)
            for _ in range(number):
                nation = nations[int(chance.integers(len(nations)))]
                self.parties.carriers.add(mode, nation, int(chance.integers(*sizes)), chance)

    def _founded(self, first_day: int, chance: np.random.Generator) -> tuple[int, int]:
        start = self.parameters.first_day
        months = start.year * 12 + start.month - 1
        months += (
            first_day // 30 - int(chance.integers(0, 3)) if first_day >= 0 else -int(chance.integers(3, 180))
        )
        return months // 12, months % 12 + 1
