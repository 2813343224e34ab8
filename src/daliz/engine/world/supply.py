"""Supply lines: one trader's dealings with one foreign firm, by one route, in a few kinds of goods.

A declaration is one consignment of one line. Schemes are lines too: theirs say what goes wrong and how often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from daliz.engine.world.goods import Flags, Floats, Whole

IMPORT, EXPORT, TRANSIT = 0, 1, 2
DIRECTIONS: Final = ("import", "export", "transit")
PROCEDURES: Final = ("IM40", "EK10", "TT80")
KINDS: Final = ("normal", "express")
GOODS_OF_LINE: Final = 8
HONEST: Final = ""


@dataclass(slots=True, kw_only=True)
class Line:
    """One supply line as it is drawn.

    Attributes:
        trader, counterparty, carrier, office, border, country: indices; border -1 if in another member state.
        broker: index of the customs representative, -1 if the trader declares himself.
        mode: code of the mode of transport.
        currency: of the invoices.
        terms: index of the Incoterms code.
        first_day, last_day: days of the world on which it lives, the last not included.
        rate: expected declarations a day before season and rest days.
        goods, origins: indices of its goods and of the country where each is really made.
        price: log factor on usual unit values; size: log factor on usual item values.
        items: mean number of goods items beyond the first.
        language: 0 Russian, 1 Kazakh, 2 English wording.
        kind: index of ``KINDS``.
        freight: share added to the invoice to reach the customs value.
        scheme: name of the scheme, empty for honest trade.
        intensity: probability that a consignment violates.
        strength: how hard the scheme pulls: factor on value or mass that is declared.
        seen_before_release: probability that papers betray a violation before release.
        declared_origin: country declared where it is not the true one, else -1.
    """

    trader: int
    counterparty: int
    broker: int
    carrier: int
    office: int
    border: int
    country: int
    direction: int
    mode: int
    currency: str
    terms: int
    first_day: int
    last_day: int
    rate: float
    goods: Sequence[int]
    origins: Sequence[int]
    price: float
    size: float
    items: float
    language: int
    kind: int = 0
    freight: float = 0.0
    scheme: str = HONEST
    intensity: float = 0.0
    strength: float = 1.0
    seen_before_release: float = 1.0
    declared_origin: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """All lines as columns; every index of a line points here.

    Attributes:
        goods, origins: shape (lines, 8), the unused rest repeats the first.
        goods_count: how many of them count.
        scheme: index into ``schemes``; 0 is honest.
        carelessness: probability of an honest error in a consignment, by trader's habit.
    """

    schemes: tuple[str, ...]
    currencies: tuple[str, ...]
    trader: Whole
    counterparty: Whole
    broker: Whole
    carrier: Whole
    office: Whole
    border: Whole
    country: Whole
    direction: Whole
    mode: Whole
    currency: Whole
    terms: Whole
    first_day: Whole
    last_day: Whole
    rate: Floats
    goods: Whole
    origins: Whole
    goods_count: Whole
    price: Floats
    size: Floats
    items: Floats
    language: Whole
    kind: Whole
    freight: Floats
    scheme: Whole
    intensity: Floats
    strength: Floats
    seen_before_release: Floats
    declared_origin: Whole
    carelessness: Floats

    @property
    def honest(self) -> Flags:
        """Which lines are honest trade."""
        flags: Flags = self.scheme == 0
        return flags

    @classmethod
    def of(cls, lines: Sequence[Line], schemes: tuple[str, ...], carelessness: Floats) -> "Supply":
        """Put drawn lines into columns; ``carelessness`` is by trader."""
        names = (HONEST, *schemes)
        currencies = tuple(sorted({line.currency for line in lines}))

        def whole(name: str) -> Whole:
            return np.array([getattr(line, name) for line in lines], dtype=np.int64)

        def number(name: str) -> Floats:
            return np.array([getattr(line, name) for line in lines], dtype=np.float64)

        def padded(name: str) -> Whole:
            rows = [list(getattr(line, name))[:GOODS_OF_LINE] for line in lines]
            filled = [row + [row[0]] * (GOODS_OF_LINE - len(row)) for row in rows]
            return np.array(filled, dtype=np.int64).reshape(len(lines), GOODS_OF_LINE)

        trader = whole("trader")
        return cls(
            schemes=names,
            currencies=currencies,
            trader=trader,
            counterparty=whole("counterparty"),
            broker=whole("broker"),
            carrier=whole("carrier"),
            office=whole("office"),
            border=whole("border"),
            country=whole("country"),
            direction=whole("direction"),
            mode=whole("mode"),
            currency=np.array([currencies.index(line.currency) for line in lines], dtype=np.int64),
            terms=whole("terms"),
            first_day=whole("first_day"),
            last_day=whole("last_day"),
            rate=number("rate"),
            goods=padded("goods"),
            origins=padded("origins"),
            goods_count=np.array([min(len(line.goods), GOODS_OF_LINE) for line in lines], dtype=np.int64),
            price=number("price"),
            size=number("size"),
            items=number("items"),
            language=whole("language"),
            kind=whole("kind"),
            freight=number("freight"),
            scheme=np.array([names.index(line.scheme) for line in lines], dtype=np.int64),
            intensity=number("intensity"),
            strength=number("strength"),
            seen_before_release=number("seen_before_release"),
            declared_origin=whole("declared_origin"),
            carelessness=np.where(trader < len(carelessness), carelessness[trader % len(carelessness)], 0.0),
        )
