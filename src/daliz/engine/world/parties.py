"""Who takes part at the border: traders, those who declare, foreign firms, carriers and their vehicles."""

from dataclasses import dataclass, field

import numpy as np

from daliz.engine.world.names import foreign_firm, home_firm, renamed
from daliz.engine.world.places import AIR, POST, RAIL, SEA

_PLATE_LETTERS = "ABCEHKMOPT"


@dataclass(slots=True)
class Firms:
    """A growing register of firms: number and spellings of the name; firms are known by their index."""

    ids: list[str] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, number: str, names: tuple[str, ...]) -> int:
        """Register a firm and return its index."""
        self.ids.append(number)
        self.names.append(names)
        return len(self.ids) - 1


@dataclass(slots=True)
class Carriers:
    """Carriers: number, mode, country of registration and the marks of their vehicles."""

    ids: list[str] = field(default_factory=list)
    modes: list[int] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    vehicles: list[tuple[str, ...]] = field(default_factory=list)
    by_mode: dict[int, list[int]] = field(default_factory=dict)

    def add(self, mode: int, nationality: str, size: int, chance: np.random.Generator) -> int:
        """Register a carrier with ``size`` vehicles and return its index."""
        index = len(self.ids)
        self.ids.append(f"{nationality}{mode:02d}{index:05d}")
        self.modes.append(mode)
        self.nationalities.append(nationality)
        self.vehicles.append(tuple(_mark(mode, nationality, chance) for _ in range(size)))
        self.by_mode.setdefault(mode, []).append(index)
        return index


@dataclass(slots=True)
class Parties:
    """Everyone at this border.

    Attributes:
        traders: domestic firms.
        brokers: customs representatives.
        broker_office: office index where each broker works.
        counterparties: foreign firms.
        counterparty_country: country code of each.
        carriers: carriers of all modes.
    """

    traders: Firms = field(default_factory=Firms)
    brokers: Firms = field(default_factory=Firms)
    broker_office: list[int] = field(default_factory=list)
    counterparties: Firms = field(default_factory=Firms)
    counterparty_country: list[str] = field(default_factory=list)
    carriers: Carriers = field(default_factory=Carriers)

    def new_trader(self, year: int, month: int, chance: np.random.Generator) -> int:
        """Register a domestic firm founded in a month; the first digits of its number say when."""
        number = f"{year % 100:02d}{month:02d}40{len(self.traders):05d}{chance.integers(10)}"
        return self.traders.add(number, home_firm(chance))

    def new_broker(self, office: int, chance: np.random.Generator) -> int:
        """Register a customs representative at an office."""
        self.broker_office.append(office)
        return self.brokers.add(f"1503409{len(self.brokers):04d}{chance.integers(10)}", home_firm(chance))

    def new_counterparty(self, country: str, chance: np.random.Generator, after: int | None = None) -> int:
        """Register a foreign firm; ``after`` is the firm that goes on under this name."""
        if after is None:
            names = foreign_firm(country, chance)
        else:
            names = renamed(self.counterparties.names[after][0], country, chance)
        self.counterparty_country.append(country)
        return self.counterparties.add(f"{country}-{len(self.counterparties):06d}", names)


def _mark(mode: int, nationality: str, chance: np.random.Generator) -> str:
    """Return a registration mark in the manner of the mode."""
    number = int(chance.integers(100, 1000))
    letters = "".join(_PLATE_LETTERS[i] for i in chance.integers(0, len(_PLATE_LETTERS), 3))
    if mode == RAIL:
        return f"{chance.integers(20_000_000, 99_999_999)}"
    if mode == SEA:
        return f"MV {letters} {number}"
    if mode in {AIR, POST}:
        return f"{letters[:2]} {number}"
    return (
        f"{number}{letters}{chance.integers(1, 21):02d}"
        if nationality == "KZ"
        else f"{nationality} {number}{letters}"
    )
