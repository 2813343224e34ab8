"""The ways in which a consignment breaks the law, and who does so: each scheme is a few actors with habits.

An actor has a volume, a method, people and goods. He cannot see what a strategy finds, so he moves by a
constant hazard: he changes office or broker, his supplier takes a new name, or a new firm takes over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from daliz.engine.world.goods import Flags, Floats
from daliz.engine.world.honest import DAYS_OF_MONTH, Population, Trader
from daliz.engine.world.places import FREE_TRADE, RAIL, ROAD, TRANSSHIPMENT
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import IMPORT, TRANSIT, Line

TYPICAL_RATE: Final = 0.35
"""Violating consignments a day of a typical actor; their volumes are spread heavily around it."""


@dataclass(frozen=True, slots=True)
class Method:
    """How a scheme works.

    Attributes:
        violation_type: as findings name it.
        direction: import or transit.
        tag: of the goods it deals in; empty for any.
        firms: how many firms take part, from and to.
        intensity: probability that one of its consignments violates, from and to.
        strength: factor on the value or mass declared, from and to.
        papers: probability that papers betray a violation before release, from and to; None takes the world's
            ``invisible_share``.
        own_broker: the actor runs a broker of his own.
        new_firms: firms are founded for it and last days, from and to.
    """

    violation_type: str
    tag: str = ""
    direction: int = IMPORT
    firms: tuple[int, int] = (1, 2)
    intensity: tuple[float, float] = (0.4, 0.8)
    strength: tuple[float, float] = (1.0, 1.0)
    papers: tuple[float, float] | None = (1.0, 1.0)
    own_broker: bool = False
    new_firms: tuple[int, int] | None = None


METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        "undervaluation_ring": Method(
            "undervaluation", "ring", firms=(3, 6), intensity=(0.5, 0.9), strength=(0.30, 0.65), papers=None
        ),
        "misclassification": Method("misclassification", "like", papers=(0.4, 0.7)),
        "origin_laundering": Method("origin", "launder", firms=(1, 3), intensity=(0.5, 0.9), papers=None),
        "mass_understated": Method("quantity", "mass", strength=(0.45, 0.80)),
        "splitting": Method("procedure", "split", firms=(1, 1), intensity=(0.8, 1.0), papers=(0.7, 0.9)),
        "cover_goods": Method("concealment", "cover", firms=(1, 3), intensity=(0.25, 0.6)),
        "one_day_firm": Method(
            "undervaluation", "ring", firms=(1, 1), intensity=(0.6, 0.95), strength=(0.35, 0.7),
            papers=(0.4, 0.7), new_firms=(15, 50),
        ),
        "complicit_broker": Method(
            "undervaluation", firms=(5, 10), intensity=(0.2, 0.45), strength=(0.5, 0.85),
            papers=(0.5, 0.8), own_broker=True,
        ),
        "permit_forged": Method("documents", "permit"),
        "counterfeit": Method("ipr", "ipr", intensity=(0.4, 0.8), strength=(0.25, 0.5)),
        "prohibited_goods": Method("prohibited", "cover", intensity=(0.2, 0.5)),
        "export_control": Method("prohibited", "export_control", TRANSIT),
        "non_delivery": Method("non_delivery", "", TRANSIT, intensity=(0.15, 0.4)),
        "freight_deduction": Method("undervaluation", firms=(1, 4), strength=(0.65, 0.85), papers=(0.6, 0.9)),
        "relief_abuse": Method(
            "procedure", "dutiable", firms=(1, 3), intensity=(0.5, 0.9), papers=(0.5, 0.8)
        ),
    }
)  # fmt: skip
"""Schemes that have actors; errors of honest traders (``careless``, ``unforeseen``) need none."""


@dataclass(slots=True)
class _Crew:
    """The people and goods of an actor at one time."""

    traders: list[Trader]
    goods: list[int]
    country: int
    origin: int
    counterparty: int
    office: int
    broker: int | None
    carrier: int | None


def scheme_lines(population: Population) -> list[Line]:
    """Draw the lines of every scheme for the whole life of the world."""
    parameters, lines = population.parameters, list[Line]()
    for name, method in METHODS.items():
        chance = stream(parameters.seed, "scheme", name)
        early = parameters.per_day * parameters.schemes[name]
        late = parameters.per_day * parameters.schemes_late[name]
        actors = max(1, round((early + late) / 2 / TYPICAL_RATE))
        shares = chance.lognormal(0, 0.7, actors)
        for share in shares / shares.sum():
            _actor(
                population, name, method,
                early=float(early * share), late=float(late * share), lines=lines, chance=chance,
            )  # fmt: skip
    return lines


def _actor(
    population: Population, name: str, method: Method, *, early: float, late: float, lines: list[Line],
    chance: np.random.Generator,
) -> None:  # fmt: skip
    """Follow one actor from move to move; ``early`` and ``late`` are his violations a day."""
    parameters = population.parameters
    papers = method.papers or (1 - parameters.value["invisible_share"],) * 2
    born = parameters.days // 3 if early == 0 else 0
    crew = _crew(population, method, born, chance)
    day = born
    while day < parameters.days:
        stay = chance.exponential(DAYS_OF_MONTH / parameters.value["move_hazard"])
        if method.new_firms:
            stay = chance.uniform(*method.new_firms)
        until = min(parameters.days, day + 1 + int(stay))
        part = (day + until) / 2 / parameters.days
        volume = late if early == 0 else early + (late - early) * part
        intensity = float(chance.uniform(*method.intensity))
        shares = chance.dirichlet(np.full(len(crew.traders), 2.0))
        for trader, share in zip(crew.traders, shares, strict=True):
            rate = volume * float(share) / intensity
            line = replace(
                _line(population, name, crew, trader, span=(day, until), rate=rate, chance=chance),
                scheme=name,
                intensity=intensity,
                strength=float(chance.uniform(*method.strength)),
                seen_before_release=float(chance.uniform(*papers)),
            )
            lines.append(line)
        day = until
        if day < parameters.days:
            _move(population, method, crew, day, chance)


def _line(
    population: Population, name: str, crew: _Crew, trader: Trader, *, span: tuple[int, int], rate: float,
    chance: np.random.Generator,
) -> Line:  # fmt: skip
    """Draw the line of one firm: a broker's clients trade each in their own goods, others share all."""
    if name == "complicit_broker":
        own = population.line(trader, *span, rate, chance)
        return replace(own, office=crew.office, broker=own.broker if crew.broker is None else crew.broker)
    origins = [crew.origin] * len(crew.goods)
    line = replace(
        population.drawn(
            trader,
            country=crew.country,
            goods=crew.goods,
            origins=origins,
            span=span,
            rate=rate,
            chance=chance,
        ),
        counterparty=crew.counterparty,
        office=crew.office,
    )
    if crew.broker is not None:
        line = replace(line, broker=crew.broker)
    if crew.carrier is not None:
        mode = population.parties.carriers.modes[crew.carrier]
        border = population.places.entry(population.cat.countries[line.country], mode, chance)
        line = replace(line, carrier=crew.carrier, mode=mode, border=border)
    if name == "origin_laundering":
        return replace(line, country=crew.country, declared_origin=crew.country)
    if name == "splitting":
        return replace(line, kind=1, items=0.2)
    return line


def _crew(population: Population, method: Method, day: int, chance: np.random.Generator) -> _Crew:
    """Gather an actor's people and goods."""
    cat = population.cat
    laundering = method.tag == "launder"
    goods, country = _goods(population, method, day, chance)
    origin = country
    if laundering:
        shares = cat.import_weight[goods[0]].copy()
        shares[[cat.countries.index(c) for c in sorted(FREE_TRADE) if c in cat.countries]] = 0
        origin = int(np.argmax(shares)) if shares.sum() else cat.country("CN")
        country = cat.country(TRANSSHIPMENT[int(chance.integers(len(TRANSSHIPMENT)))])
    office = population.an_office(chance)
    broker = population.parties.new_broker(office, chance) if method.own_broker else None
    if broker is None and method.firms[1] > 2:
        broker = int(chance.integers(len(population.parties.brokers)))
    road = method.tag in {"cover", "mass"} or method.violation_type == "non_delivery"
    carrier = population.a_carrier(ROAD if chance.random() < 0.8 else RAIL, chance) if road else None
    firms = int(chance.integers(method.firms[0], method.firms[1] + 1))
    return _Crew(
        traders=[_firm(population, method, day, chance) for _ in range(firms)],
        goods=goods,
        country=country,
        origin=origin,
        counterparty=population.parties.new_counterparty(cat.countries[country], chance),
        office=office,
        broker=broker,
        carrier=carrier,
    )


def _firm(population: Population, method: Method, day: int, chance: np.random.Generator) -> Trader:
    """Find a firm for a scheme: one with honest business of its own, or one founded for it."""
    if method.new_firms is None and chance.random() < population.parameters.value["honest_cover"]:
        alive = [
            t
            for t in population.traders
            if t.first_day <= day < t.last_day and t.direction == method.direction
        ]
        if alive:
            return alive[int(chance.integers(len(alive)))]
    founded = day - int(chance.integers(0, 30)) if day else -int(chance.integers(1, 200))
    if method.new_firms is not None:
        founded = max(0, day)
    return population.trader(method.direction, founded, population.parameters.days, 0.0, chance)


def _move(population: Population, method: Method, crew: _Crew, day: int, chance: np.random.Generator) -> None:
    """Change what betrayed the actor: at least one of office, broker, supplier's name, firm."""
    office, broker, name, firm = chance.random(4) < (0.35, 0.35, 0.55, 0.25)
    country = population.cat.countries[crew.country]
    if office:
        crew.office = population.an_office(chance)
    if method.own_broker and broker:
        crew.broker = population.parties.new_broker(crew.office, chance)
    elif broker and crew.broker is not None:
        crew.broker = int(chance.integers(len(population.parties.brokers)))
    if name or not (office or broker or firm):
        crew.counterparty = population.parties.new_counterparty(country, chance, after=crew.counterparty)
    if method.new_firms:
        crew.traders = [_firm(population, method, day, chance)]
    elif firm:
        crew.traders[int(chance.integers(len(crew.traders)))] = _firm(population, method, day, chance)
    if population.parameters.drifts and chance.random() < 0.5:
        goods, crew.country = _goods(population, method, day, chance)
        crew.goods = goods
        if method.tag == "launder":
            crew.country = population.cat.country(TRANSSHIPMENT[int(chance.integers(len(TRANSSHIPMENT)))])
        else:
            crew.origin = crew.country


def _goods(
    population: Population, method: Method, day: int, chance: np.random.Generator
) -> tuple[list[int], int]:
    """Choose one to three goods of the kind that a method needs, and where they come from."""
    cat = population.cat
    weights = (
        population.market.weights(method.direction, -1, max(0, day) // 91) * _fit(population, method)[:, None]
    )
    first = _choose(weights.sum(axis=1) ** 0.5, chance)
    country = _choose(weights[first], chance)
    alike = weights[:, country] * (cat.sector == cat.sector[first])
    goods = [first] + [_choose(alike, chance) for _ in range(int(chance.integers(0, 3)))]
    return list(dict.fromkeys(goods)), country


def _fit(population: Population, method: Method) -> Floats:
    """Which goods a method can work with, 0 or 1, shape (goods,)."""
    cat = population.cat
    fit: Flags = np.ones(len(cat.goods), dtype=bool)
    if method.tag == "like":
        fit = cat.passes_as >= 0
    elif method.tag == "dutiable":
        fit = cat.duty_bp >= 500
    elif method.tag:
        fit = cat.tagged(method.tag)
    if method.direction == TRANSIT:
        fit = fit & (cat.transit_weight.sum(axis=1) > 0)
    chosen: Floats = fit.astype(np.float64)
    return chosen


def _choose(weights: Floats, chance: np.random.Generator) -> int:
    cumulated = np.cumsum(weights)
    return int(np.searchsorted(cumulated, chance.random() * cumulated[-1], "right"))
