"""The goods of the pretend border, read from ``goods.yaml`` into arrays that whole months can index."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import yaml

from daliz.engine.world.places import FREE_TRADE, HUBS

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SECTORS: Final[Mapping[str, tuple[int, int]]] = {
    "food": (1, 21),
    "drinks and tobacco": (22, 24),
    "minerals and metals": (25, 27),
    "chemicals": (28, 38),
    "plastics and rubber": (39, 40),
    "leather, wood, paper": (41, 49),
    "textiles and clothes": (50, 63),
    "footwear": (64, 67),
    "stone and glass": (68, 71),
    "base metals": (72, 83),
    "machinery": (84, 84),
    "electronics": (85, 85),
    "vehicles": (86, 89),
    "various": (90, 97),
}
"""Kinds of business by chapters of the nomenclature, first and last."""

_HOME: Final = "KZ"
"""How ``goods.yaml`` writes the country of the border, whichever that is."""


@dataclass(frozen=True, slots=True)
class Good:
    """One kind of goods; the fields are explained at the top of ``goods.yaml``."""

    code: str
    words: Mapping[str, tuple[str, ...]]
    brands: tuple[str, ...]
    usd_kg: float
    sd: float
    unit: str | None
    kg: float
    duty: float | None
    eur_kg: float
    excise: int
    origins: Mapping[str, float]
    to: Mapping[str, float]
    flow: Mapping[str, float]
    air: float
    season: tuple[int, float]
    like: tuple[str, ...]
    tags: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All goods, with the numbers of each as columns.

    Attributes:
        goods: in the order of the file; every index of a good points here.
        countries: ISO codes in alphabetical order; every index of a country points here.
        home: index of the border's own country.
        import_weight, export_weight, transit_weight: shape (goods, countries), how much of each good
            comes from (an export: goes to) each country.
        passes_as: the good as which it is declared to pay less, -1 where none.
    """

    goods: tuple[Good, ...]
    countries: tuple[str, ...]
    usd_kg: Floats
    sd: Floats
    unit_kg: Floats
    has_unit: Flags
    duty_bp: Whole
    eur_kg: Floats
    excise_tiyn: Whole
    air: Floats
    peak: Floats
    swing: Floats
    branded: Flags
    sector: Whole
    home: int
    import_weight: Floats
    export_weight: Floats
    transit_weight: Floats
    passes_as: Whole

    def tagged(self, tag: str) -> Flags:
        """Which goods carry ``tag``, shape (goods,)."""
        return np.array([tag in good.tags for good in self.goods])

    def country(self, code: str) -> int:
        """Index of a country by its ISO code."""
        return self.countries.index(code)


@cache
def catalogue(home: str = _HOME) -> Catalogue:
    """Read the goods that come with Daliz, as the border of ``home`` (ISO 3166-1 alpha-2) sees them."""
    text = resources.files("daliz.engine.world").joinpath("goods.yaml").read_text(encoding="utf-8")
    goods = tuple(_good(entry, home) for entry in yaml.safe_load(text))
    countries = tuple(
        sorted({c for good in goods for c in (*good.origins, *good.to)} | {home, *HUBS, *FREE_TRADE})
    )
    index = {good.code: i for i, good in enumerate(goods)}
    return Catalogue(
        goods=goods,
        countries=countries,
        usd_kg=np.array([good.usd_kg for good in goods]),
        sd=np.array([good.sd for good in goods]),
        unit_kg=np.array([good.kg for good in goods]),
        has_unit=np.array([good.unit is not None for good in goods]),
        duty_bp=np.array([round(10_000 * (good.duty or 0.0)) for good in goods], dtype=np.int64),
        eur_kg=np.array([good.eur_kg for good in goods]),
        excise_tiyn=np.array([100 * good.excise for good in goods], dtype=np.int64),
        air=np.array([good.air for good in goods]),
        peak=np.array([float(good.season[0]) for good in goods]),
        swing=np.array([good.season[1] for good in goods]),
        branded=np.array([bool(good.brands) for good in goods]),
        sector=np.array([_sector(good.code) for good in goods], dtype=np.int64),
        home=countries.index(home),
        import_weight=_weights(goods, countries, "i", home),
        export_weight=_weights(goods, countries, "e", home),
        transit_weight=_weights(goods, countries, "t", home),
        passes_as=np.array([_lighter(good, goods, index) for good in goods], dtype=np.int64),
    )


def _lighter(good: Good, goods: tuple[Good, ...], index: Mapping[str, int]) -> int:
    """Index of the likeness that pays least, if it pays less."""
    best = min((goods[index[code]] for code in good.like), key=_load, default=good)
    return index[best.code] if _load(best) < _load(good) - 0.01 else -1


def _load(good: Good) -> float:
    """Roughly what is paid on a dollar's worth of a usual consignment."""
    return (good.duty or 0.0) + (good.eur_kg + good.excise / good.kg / 560) / good.usd_kg


def _good(entry: Mapping[str, object], home: str) -> Good:
    """Take one entry of the file, with what it leaves out."""
    left_out = {"brands": [], "sd": 0.35, "air": 0.02, "season": [1, 0.0], "like": [], "tags": [], "to": {}}
    get: dict[str, object] = {**left_out, **entry}
    words = {lang: tuple(_list(get[lang])) for lang in ("en", "ru", "kk")}
    peak, swing = _list(get["season"])
    return Good(
        code=str(get["code"]),
        words=words,
        brands=tuple(_list(get["brands"])),
        usd_kg=float(str(get["usd_kg"])),
        sd=float(str(get["sd"])),
        unit=str(get["unit"]) if "unit" in get else None,
        kg=float(str(get.get("kg", 1.0))),
        duty=float(str(get["duty"])) if "duty" in get else None,
        eur_kg=float(str(get.get("eur_kg", 0.0))),
        excise=int(str(get.get("excise", 0))),
        origins=_shares(get["origins"], home),
        to=_shares(get["to"], home),
        flow=_shares(get["flow"], home),
        air=float(str(get["air"])),
        season=(int(peak), float(swing)),
        like=tuple(_list(get["like"])),
        tags=frozenset(_list(get["tags"])),
    )


def _list(value: object) -> list[str]:
    return [str(member) for member in value] if isinstance(value, list) else []


def _shares(value: object, home: str) -> dict[str, float]:
    if not isinstance(value, dict):
        return {}
    return {home if k == _HOME else str(k): float(v) for k, v in value.items() if v}


def _sector(code: str) -> int:
    chapter = int(code[:2])
    return next(i for i, (first, last) in enumerate(SECTORS.values()) if first <= chapter <= last)


def _weights(goods: tuple[Good, ...], countries: tuple[str, ...], flow: str, home: str) -> Floats:
    """Popularity of each good in one flow, spread over its countries."""
    weights = np.zeros((len(goods), len(countries)))
    for i, good in enumerate(goods):
        shares = (good.to or good.origins) if flow == "e" else good.origins
        for country, share in shares.items():
            if country != home:
                weights[i, countries.index(country)] = good.flow.get(flow, 0.0) * share / sum(shares.values())
    return weights
