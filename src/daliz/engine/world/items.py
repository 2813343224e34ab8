"""What is really in the consignments: goods, masses, quantities and values before anyone lies."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from daliz.engine.world.consignments import Consignments
from daliz.engine.world.goods import Catalogue, Flags, Floats, Whole
from daliz.engine.world.parameters import Parameters
from daliz.engine.world.payments import FREE, LOW_VALUE, NO_PREFERENCE
from daliz.engine.world.places import FREE_TRADE, RAIL, ROAD
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import EXPORT, IMPORT, Supply

USUAL_VALUE_USD: Final = 4_200.0
LOW_VALUE_USD: Final = 500.0
"""Express consignments up to this value are free of duty and tax in this pretend border."""
WHOLE_UNITS: Final = frozenset({"796", "715"})
MOST_ITEMS: Final = 60


@dataclass(slots=True, eq=False)
class Items:
    """Goods items of a month, as they are or as they are declared; columns of one length.

    Attributes:
        of: index of the consignment. no: number of the item in it, from 1.
        good, origin, preference: indices.
        net_mass_kg, gross_mass_kg, quantity: quantity NaN where the good has no supplementary unit.
        usd: customs value in US dollars. invoiced: share of it that the invoice shows.
        branded: a trade mark is on the goods.
    """

    of: Whole
    no: Whole
    good: Whole
    origin: Whole
    preference: Whole
    net_mass_kg: Floats
    gross_mass_kg: Floats
    quantity: Floats
    usd: Floats
    invoiced: Floats
    branded: Flags

    def __len__(self) -> int:
        return len(self.of)

    def copy(self) -> "Items":
        """Return columns of one's own."""
        return Items(*(getattr(self, name).copy() for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """How unit values differ by origin, and how they wander over the world.

    Attributes:
        of_origin: log factor, shape (goods, countries).
        slope: log change over the whole world, shape (goods,).
    """

    of_origin: Floats
    slope: Floats

    @classmethod
    def of(cls, parameters: Parameters, cat: Catalogue) -> "Prices":
        """Draw the prices of a world."""
        chance = stream(parameters.seed, "prices")
        return cls(
            of_origin=chance.normal(0, 0.14, (len(cat.goods), len(cat.countries))),
            slope=chance.normal(0, 0.25 if parameters.drifts else 0.03, len(cat.goods)),
        )


def true_items(
    parameters: Parameters, cat: Catalogue, prices: Prices, supply: Supply, consignments: Consignments
) -> Items:
    """Draw what is in each consignment."""
    chance = stream(parameters.seed, "items", int(consignments.day[0]) if len(consignments) else 0)
    wanted = supply.items[consignments.line] * chance.gamma(1.5, 1 / 1.5, len(consignments))
    counts = np.minimum(1 + chance.poisson(wanted), MOST_ITEMS)
    of = np.repeat(np.arange(len(consignments)), counts)
    no = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    line, day = consignments.line[of], consignments.day[of]
    slot = (supply.goods_count[line] * chance.random(len(of)) ** 1.4).astype(np.int64)
    good, origin = supply.goods[line, slot], supply.origins[line, slot]
    branded = cat.branded[good] & (chance.random(len(of)) < 0.5)
    price = _unit_value(
        parameters, cat, prices, supply,
        line=line, day=day, good=good, origin=origin, branded=branded, chance=chance,
    )  # fmt: skip
    export = supply.direction[line] == EXPORT
    spread = parameters.value["value_spread"]
    usual = np.log(USUAL_VALUE_USD) + supply.size[line] + np.where(export & (cat.usd_kg[good] < 10), 2.0, 0.0)
    express = supply.kind[line] == 1
    usual = np.where(express, np.log(110.0), usual)
    value = np.exp(usual + spread * chance.normal(0, 1, len(of)))
    most = np.where(
        supply.mode[line] == ROAD, 22_000.0, np.where(supply.mode[line] == RAIL, 900_000.0, 60_000.0)
    )
    mass = np.clip(value / price, 0.05, most * chance.uniform(0.7, 1.0, len(of)))
    mass, quantity = _in_units(cat, good, mass, chance)
    mass = np.maximum(np.round(mass, 2), 0.01)
    packing = np.exp(chance.normal(-3.0, 0.6, len(of))) * np.where(cat.usd_kg[good] < 1.0, 0.25, 1.0)
    usd = np.maximum(mass * price, 1.0)
    total = np.bincount(of, usd, minlength=len(consignments))[of]
    free = np.isin(origin, [cat.countries.index(c) for c in sorted(FREE_TRADE) if c in cat.countries])
    claims = (supply.direction[line] == IMPORT) & free & (supply.trader[line] % 7 != 0)
    preference = np.where(claims, FREE, NO_PREFERENCE)
    preference = np.where(express & (total <= LOW_VALUE_USD), LOW_VALUE, preference)
    return Items(
        of=of,
        no=no,
        good=good,
        origin=origin,
        preference=preference,
        net_mass_kg=mass,
        gross_mass_kg=np.maximum(np.round(mass * (1 + packing), 2), mass),
        quantity=quantity,
        usd=usd,
        invoiced=1 / (1 + supply.freight[line]),
        branded=branded,
    )


def _unit_value(
    parameters: Parameters, cat: Catalogue, prices: Prices, supply: Supply, *, line: Whole, day: Whole,
    good: Whole, origin: Whole, branded: Flags, chance: np.random.Generator,
) -> Floats:  # fmt: skip
    """Unit value in USD per kg: usual, of this origin, of this line's quality, of this brand, of this day."""
    log = np.log(cat.usd_kg[good]) + prices.of_origin[good, origin] + supply.price[line]
    log = log + 0.65 * cat.sd[good] * chance.normal(0, 1, len(line))
    log = log + np.where(branded, 0.30, np.where(cat.branded[good], -0.15, 0.0))
    price: Floats = np.exp(log + prices.slope[good] * day / max(1, parameters.days))
    return price


def _in_units(
    cat: Catalogue, good: Whole, mass: Floats, chance: np.random.Generator
) -> tuple[Floats, Floats]:
    """Fit mass to a quantity of supplementary units: whole ones where the unit is a piece or a pair."""
    one = cat.unit_kg[good] * np.exp(chance.normal(0, 0.1, len(good)))
    pieces = np.array([g.unit in WHOLE_UNITS for g in cat.goods])[good]
    quantity = np.where(
        pieces, np.maximum(1.0, np.round(mass / one)), np.maximum(0.1, np.round(mass / one, 1))
    )
    mass = np.where(cat.has_unit[good], quantity * one, mass)
    return mass, np.where(cat.has_unit[good], quantity, np.nan)
