"""The columns of the models: what is declared, how it compares, and what is known of everyone concerned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, Self, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.estimators.burdens import Burdens
from daliz.engine.estimators.grams import Texts
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.learner import ties
from daliz.engine.estimators.learner.ties import Places, Ties
from daliz.engine.estimators.rates import Floats
from daliz.engine.estimators.reasons import Group
from daliz.engine.estimators.rings import Rings
from daliz.engine.estimators.wording import WordingModel
from daliz.engine.estimators.wording_price import WordingPrice
from daliz.engine.features import VOCABULARY
from daliz.engine.features.vocabulary import Kind

_OUTCOMES: Final = ("controls", "violation", "assessed")
"""Facts with these words in their names rest on findings; ``Ties`` tells findings better, and decayed."""
_LEFT_OUT: Final = frozenset({"item.item_no", "declaration.version"})

STATED: Final = tuple(
    name
    for name, feature in VOCABULARY.items()
    if feature.kind in (Kind.NUMBER, Kind.FLAG)
    and name not in _LEFT_OUT
    and not any(word in name for word in _OUTCOMES)
)
"""Numbers and flags of the vocabulary that rest on declarations alone."""

_RATIOS: Final[Mapping[str, tuple[str, str]]] = {
    "ratio.unit_value_to_usual": ("item.unit_value", "reference.unit_value_p50"),
    "ratio.unit_value_to_low": ("item.unit_value", "reference.unit_value_p10"),
    "ratio.value_per_unit_to_usual": ("item.value_per_unit", "reference.value_per_unit_p50"),
    "ratio.mass_per_unit_to_usual": ("item.mass_per_unit", "reference.mass_per_unit_p50"),
    "ratio.value_to_invoice": ("item.customs_value", "item.invoice_value_national"),
    "ratio.taxes_to_value": ("item.taxes", "item.customs_value"),
}
"""Logarithms of ratios: the same at half the price whatever the goods cost."""
_OVER: Final = tuple(over for over, _ in _RATIOS.values())
_UNDER: Final = tuple(under for _, under in _RATIOS.values())
_WORDING: Final = ("wording.log_odds", "wording.extra_share", "wording.value_gap")
_RINGS: Final = (
    "ring.counterparty_rate", "ring.declarant_rate", "ring.carrier_goods_rate", "ring.vehicle_rate",
    "ring.payer_rate", "ring.address_rate", "ring.suppliers_rate", "ring.neighbourhood_rate",
    "ring.renamed_trader", "ring.renamed_counterparty", "ring.renamed_declarant",
    "ring.new_firms_declarant", "ring.new_firms_goods",
)  # fmt: skip

NAMES: Final = (*STATED, *_RATIOS, *ties.column_names(), *_WORDING, *_RINGS)
"""Every column, in order."""

_TEXTS: Final = {
    "trader_id": "declaration.trader_id",
    "trader_name": "declaration.trader_name",
    "declarant_id": "declaration.declarant_id",
    "counterparty_id": "declaration.counterparty_id",
    "counterparty_name": "declaration.counterparty_name",
    "financial_party_id": "declaration.financial_party_id",
    "carrier_id": "declaration.carrier_id",
    "office": "declaration.office",
    "departure_country": "declaration.departure_country",
    "hs_code": "item.hs_code",
}
"""What rings ask of a declaration, by the name of the fact."""

_PLAIN: Final = ("item.description", "item.preference", "declaration.direction", "declaration.currency")

FACTS: Final = tuple(
    dict.fromkeys(
        (*STATED, *(n for pair in _RATIOS.values() for n in pair), *ties.names(), *_TEXTS.values(), *_PLAIN)
    )
)
"""Every fact that must be computed for the models."""


class Told(Protocol):
    """What is known of some goods items, fact by fact."""

    def numbers(self, names: Sequence[str]) -> Floats:
        """Return numbers and flags as floats, NaN where unknown, shape (items, names)."""

    def text(self, name: str) -> list[str | None]:
        """Return a text; None where unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class TableTold:
    """What a table of facts says of its rows."""

    facts: pa.Table

    def numbers(self, names: Sequence[str]) -> Floats:
        """Return numbers and flags as floats, NaN where unknown, shape (items, names)."""
        return np.column_stack([self.number(name) for name in names])

    def number(self, name: str) -> Floats:
        """Return one of them, shape (items,)."""
        values = self.facts[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
        return cast("Floats", values.astype(np.float64, copy=False))

    def text(self, name: str) -> list[str | None]:
        """Return a text; None where unknown."""
        return cast("list[str | None]", self.facts[name].to_pylist())


def versions_of(facts: pa.Table) -> list[str]:
    """Return a name for the version that each item belongs to."""
    pairs = zip(facts["declaration_id"].to_pylist(), facts["version"].to_pylist(), strict=True)
    return [f"{number}\n{version}" for number, version in pairs]


@dataclass(frozen=True, slots=True, eq=False)
class Morning:
    """The items of a day as the models see them before it begins.

    Attributes:
        day: its number.
        facts: one row an item, with ``FACTS``.
        number: declaration of each item.
        item_no: of each item.
        values: the columns ``NAMES``, NaN where unknown, shape (items, columns).
        places: of each item, from ``Ties.places``.
    """

    day: int
    facts: pa.Table
    number: list[str]
    item_no: NDArray[np.int64]
    values: NDArray[np.float64]
    places: Places


@dataclass(slots=True)
class Memory:
    """What was seen until the night before: wordings, prices, burdens, rings and rates."""

    ties: Ties = field(default_factory=Ties)
    rings: Rings = field(default_factory=Rings)
    wording: WordingModel = field(default_factory=WordingModel)
    prices: WordingPrice = field(default_factory=WordingPrice)
    burdens: Burdens = field(default_factory=Burdens)
    described: bool = False

    def morning(self, facts: pa.Table, day: int, vehicles: Mapping[str, str]) -> Morning:
        """Return a day's items with every column; nothing of the day itself is in what is remembered.

        Args:
            facts: from ``build_facts``, one day's rows, with at least ``FACTS``.
            day: number of the day, days since 1970-01-01 in the pack's zone.
            vehicles: of versions of declarations, where known, by the names of ``versions_of``.
        """
        keys = versions_of(facts)
        values, places = self.columns(
            TableTold(facts), day, keys=keys, vehicles=[vehicles.get(key) for key in keys]
        )
        return Morning(
            day=day,
            facts=facts,
            number=cast("list[str]", facts["declaration_id"].to_pylist()),
            item_no=facts["item_no"].to_numpy().astype(np.int64),
            values=values,
            places=places,
        )

    def columns(
        self, told: Told, day: int, *, keys: Sequence[str], vehicles: Sequence[str | None]
    ) -> tuple[Floats, Places]:
        """Return every column of some items, shape (items, columns), and their places in each hierarchy.

        Args:
            told: what is known of the items.
            day: number of the day.
            keys: the version of a declaration that each item belongs to.
            vehicles: of each item's declaration, None where unknown.
        """
        places = Ties.places({name: told.text(name) for name in ties.names()})
        found = [told.numbers(STATED), _log_ratio(told.numbers(_OVER), told.numbers(_UNDER))]
        found += [self.ties.columns(places, day), *self._wordings(told)]
        around = self.rings.features(_ring_rows(told, keys, vehicles), day=day)
        found += [around[name.removeprefix("ring.")] for name in _RINGS]
        return np.column_stack(found), places

    def evening(self, morning: Morning, vehicles: Mapping[str, str]) -> None:
        """Remember a day's declarations; what was declared is known that night."""
        told = TableTold(morning.facts)
        words, codes = told.text("item.description"), told.text("item.hs_code")
        self.wording.partial_fit(words, codes, traders=told.text("declaration.trader_id"))
        self.described = self.described or any(words)
        self.prices.learn(words, codes, told.number("item.unit_value"))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = told.number("item.taxes") / told.number("item.customs_value")
        plain = np.array([text is None for text in told.text("item.preference")], dtype=np.bool_)
        self.burdens.learn(codes, np.where(plain & np.isfinite(share), share, np.nan))
        seen = [vehicles.get(key) for key in versions_of(morning.facts)]
        self.rings.add(_ring_rows(told, morning.number, seen), day=morning.day)

    def kept(self, day: int) -> Tree:
        """Return what ``of_kept`` takes: what ``columns`` asks on ``day``."""
        return {
            "ties": self.ties.kept(),
            "rings": self.rings.kept(day),
            "wording": self.wording.kept(),
            "prices": self.prices.kept(),
            "burdens": self.burdens.kept(),
            "described": self.described,
        }

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return what was remembered, to be asked of that one day; nothing more is learned."""
        return cls(
            ties=Ties.of_kept(tree["ties"]),
            rings=Rings.of_kept(tree["rings"]),
            wording=WordingModel().of_kept(tree["wording"]),
            prices=WordingPrice.of_kept(tree["prices"]),
            burdens=Burdens.of_kept(tree["burdens"]),
            described=bool(tree["described"]),
        )

    def _wordings(self, told: Told) -> list[Floats]:
        words, codes = told.text("item.description"), told.text("item.hs_code")
        if not self.described:
            return [np.full(len(words), np.nan) for _ in _WORDING]
        texts = Texts.of(words)
        apart = self.wording.disagreement(texts, codes, self.burdens.by_code())
        gap = self.prices.gap(texts, codes, told.numbers(["item.unit_value"])[:, 0])
        return [apart.log_odds, apart.extra_share, gap]


_GROUP_OF: Final[tuple[tuple[str, Group], ...]] = (
    ("rate.goods", "classification"), ("rate.way", "route"), ("rate.gate", "route"),
    ("rate.", "party history"),
    ("ring.", "links"), ("wording.", "wording"), ("ratio.mass", "mass"), ("ratio.", "value"),
    ("reference.mass", "mass"), ("reference.", "value"), ("item.net", "mass"), ("item.gross", "mass"),
    ("item.mass", "mass"), ("item.quantity", "mass"), ("item.packing", "mass"), ("item.origin", "origin"),
    ("item.duty", "classification"), ("item.code", "classification"), ("item.unit_is", "classification"),
    ("item.description", "wording"), ("item.", "value"), ("declaration.net", "mass"),
    ("declaration.gross", "mass"), ("declaration.customs_value", "value"), ("declaration.taxes", "value"),
    ("goods.", "novelty"), ("route.", "route"), ("calendar.", "route"), ("today.", "links"),
    ("trader.", "novelty"), ("declarant.", "novelty"), ("counterparty.", "novelty"), ("carrier.", "novelty"),
)  # fmt: skip


def group_of(name: str) -> Group:
    """Return the reason to which a column belongs.

    Example:
        >>> group_of("rate.trader.trader_id.papers"), group_of("ratio.unit_value_to_low")
        ('party history', 'value')
    """
    return next((group for begins, group in _GROUP_OF if name.startswith(begins)), "other")


def _log_ratio(over: Floats, under: Floats) -> Floats:
    """Return the logarithm of a ratio; NaN where either is unknown or not above 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((over > 0) & (under > 0), np.log(over / under), np.nan)


def _ring_rows(
    told: Told, declarations: Sequence[str], vehicles: Sequence[str | None]
) -> dict[str, Sequence[str | None]]:
    """Return canonical names for what the rings ask."""
    asked = {name: told.text(fact) for name, fact in _TEXTS.items()}
    return {"declaration_id": declarations, **asked, "transport_id": vehicles}
