"""What is traded with whom: chooses countries and goods for a line of business, and its tastes drift."""

from dataclasses import dataclass, field

import numpy as np

from daliz.engine.world.goods import SECTORS, Catalogue, Floats
from daliz.engine.world.parameters import Parameters
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import EXPORT, IMPORT

ANY_SECTOR = -1
QUARTER_DAYS = 91


@dataclass(slots=True)
class Market:
    """Popularity of goods and countries, by direction, line of business and quarter.

    Attributes:
        tilt: shape (goods,), log change of popularity over the whole world; 0 unless the world drifts.
        country_tilt: the same of countries.
    """

    cat: Catalogue
    parameters: Parameters
    tilt: Floats = field(init=False)
    country_tilt: Floats = field(init=False)
    _weights: dict[tuple[int, int, int], Floats] = field(default_factory=dict)
    _by_country: dict[tuple[int, int, int], Floats] = field(default_factory=dict)
    _by_goods: dict[tuple[int, int, int, int], tuple[Floats, Floats]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = stream(self.parameters.seed, "market")
        strength = 1.3 if self.parameters.drifts else 0.0
        self.tilt = strength * chance.normal(0, 1, len(self.cat.goods))
        self.country_tilt = strength * chance.normal(0, 0.7, len(self.cat.countries))

    def sector(self, direction: int, chance: np.random.Generator) -> int:
        """Choose a line of business; one in eight firms trades in anything."""
        if chance.random() < 0.12:
            return ANY_SECTOR
        weights = self.weights(direction, ANY_SECTOR, 0).sum(axis=1)
        by_sector = np.bincount(self.cat.sector, weights, minlength=len(SECTORS))
        return _choose(np.cumsum(by_sector), chance.random())

    def country(self, direction: int, sector: int, day: int, chance: np.random.Generator) -> int:
        """Choose the foreign country of a new line."""
        key = (direction, sector, _quarter(day))
        if key not in self._by_country:
            self._by_country[key] = np.cumsum(self.weights(*key).sum(axis=0))
        return _choose(self._by_country[key], chance.random())

    def goods(
        self, direction: int, sector: int, country: int, day: int, *, count: int, chance: np.random.Generator
    ) -> list[int]:
        """Choose up to ``count`` goods of a new line, the commonest likeliest."""
        key = (direction, sector, _quarter(day), country)
        if key not in self._by_goods:
            column = self.weights(*key[:3])[:, country]
            self._by_goods[key] = (np.cumsum(column), column)
        chosen = np.searchsorted(
            self._by_goods[key][0], chance.random(count) * self._by_goods[key][0][-1], "right"
        )
        return list(dict.fromkeys(int(i) for i in chosen))

    def origins(
        self, direction: int, goods: list[int], country: int, chance: np.random.Generator
    ) -> list[int]:
        """Choose where each good of a line is made: mostly where it comes from."""
        if direction == EXPORT:
            return [self.cat.home] * len(goods)
        made: list[int] = []
        for good in goods:
            shares = self.cat.import_weight[good] + self.cat.transit_weight[good]
            other = direction == IMPORT and chance.random() < 0.08 and shares.sum() > 0
            made.append(_choose(np.cumsum(shares), chance.random()) if other else country)
        return made

    def weights(self, direction: int, sector: int, quarter: int) -> Floats:
        """Popularity, shape (goods, countries)."""
        key = (direction, sector, quarter)
        if key not in self._weights:
            base = (self.cat.import_weight, self.cat.export_weight, self.cat.transit_weight)[direction]
            keep = np.ones(len(self.cat.goods)) if sector == ANY_SECTOR else (self.cat.sector == sector) * 1.0
            time = min(1.0, quarter * QUARTER_DAYS / max(1, self.parameters.days))
            tilted = base * np.exp(time * self.tilt)[:, None] * np.exp(time * self.country_tilt)[None, :]
            self._weights[key] = tilted * keep[:, None]
        return self._weights[key]


def _quarter(day: int) -> int:
    return max(0, day) // QUARTER_DAYS


def _choose(cumulated: Floats, uniform: float) -> int:
    return int(np.searchsorted(cumulated, uniform * cumulated[-1], "right"))
