"""Where goods pass: countries, how they travel, through which office they enter, in what money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import numpy as np

from daliz.engine.pack import Pack

FREE_TRADE: Final = frozenset({"UZ", "TJ", "TM", "MD", "UA", "AZ", "GE", "VN", "IR", "RS"})
"""Origins whose goods enter free of duty with a certificate."""

TRANSSHIPMENT: Final = ("UZ", "TJ", "VN", "MD", "GE", "IR")
"""Free-trade countries in whose name goods of others are laundered."""

HUBS: Final = ("AE", "TR", "PL", "LT", "CN")
"""Countries from which goods of others depart."""

RISKY: Final = frozenset({"CN", "AE", "TR", "HK", "UZ"})
"""Countries that naive experts distrust."""

_EURO: Final = frozenset(["DE", "FR", "IT", "ES", "NL", "BE", "FI", "PT", "IE", "LV", "LT"])
_SEA_CASPIAN: Final = frozenset(["TR", "GE", "AZ", "IR", "IT", "EG"])
_SOUTH: Final = frozenset(["UZ", "TJ", "AF", "PK", "IN", "KG"])
_EAST: Final = frozenset(["CN", "KR", "JP", "TW", "VN", "TH", "MY", "PH", "ID", "NZ"])
_SOUTH_OF_KG: Final = MappingProxyType({**dict.fromkeys([*_SOUTH, "TM", "IR", "AE"], "UZ"), "TJ": "TJ"})
_FAR: Final = frozenset(
    [
        "KR",
        "JP",
        "TW",
        "VN",
        "TH",
        "MY",
        "PH",
        "ID",
        "NZ",
        "US",
        "BR",
        "EC",
        "CL",
        "CA",
        "IN",
        "LK",
        "BD",
        "KE",
        "ET",
    ]
)

ROAD, RAIL, SEA, AIR, POST = 31, 20, 10, 40, 50

TERMS: Final = ("FCA", "EXW", "FOB", "CPT", "DAP", "CIP", "CIF")
"""Incoterms; with the first four, freight is added to the invoice to reach the customs value."""


def currency_odds(country: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Currencies in which a country's firms invoice, with their shares."""
    if country == "CN":
        return ("CNY", "USD"), (0.5, 0.5)
    if country in _EURO:
        return ("EUR", "USD"), (0.85, 0.15)
    if country in {"UZ", "TJ", "TM", "UA", "MD", "AZ", "GE"}:
        return ("USD", "RUB"), (0.6, 0.4)
    return ("USD", "EUR"), (0.85, 0.15)


def mode_odds(country: str) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Modes of transport from or to a country other than by air, with their shares."""
    if country == "CN":
        return (ROAD, RAIL), (0.6, 0.4)
    if country in _SEA_CASPIAN:
        return (ROAD, RAIL, SEA), (0.6, 0.15, 0.25)
    if country in _FAR:
        return (RAIL, ROAD), (0.7, 0.3)
    if country in _SOUTH:
        return (ROAD, RAIL), (0.65, 0.35)
    return (ROAD, RAIL), (0.85, 0.15)


def neighbour_of(country: str, home: str) -> str:
    """Through which neighbour's border of ``home`` the goods of a country come."""
    if home == "KG":
        return "CN" if country in _EAST else _SOUTH_OF_KG.get(country, "KZ")
    if country in _EAST:
        return "CN"
    if country in _SOUTH:
        return "UZ"
    return "TM" if country in {"TM", "IR"} else "RU"


@dataclass(frozen=True, slots=True)
class Places:
    """The pack's offices as the world uses them.

    Attributes:
        codes: every office's code; every index of an office points here.
        inland: indices of the offices where traders declare.
        border: (kind, neighbour or "") → indices.
        country: of the border, ISO 3166-1 alpha-2.
        zone, currency: the pack's.
        holidays: the pack's days of rest.
    """

    codes: tuple[str, ...]
    inland: tuple[int, ...]
    border: Mapping[tuple[str, str], tuple[int, ...]]
    country: str
    zone: str
    currency: str
    holidays: frozenset[date]

    @classmethod
    def of(cls, pack: Pack) -> "Places":
        """Take the offices, zone, money and holidays of a pack."""
        offices = sorted(pack.offices.values(), key=lambda office: office.code)
        border: dict[tuple[str, str], list[int]] = {}
        for i, office in enumerate(offices):
            if office.kind != "inland":
                border.setdefault((office.kind, office.neighbour or ""), []).append(i)
        inland = [i for i, office in enumerate(offices) if office.kind == "inland"]
        return cls(
            codes=tuple(office.code for office in offices),
            inland=tuple(inland or range(len(offices))),
            border={key: tuple(members) for key, members in border.items()},
            country=pack.country,
            zone=pack.zone,
            currency=pack.currency,
            holidays=pack.holidays,
        )

    def entry(self, country: str, mode: int, chance: np.random.Generator) -> int:
        """Return an office at the border for goods of ``country``; -1 if they cross one of another member."""
        kind = {ROAD: "road", RAIL: "rail", SEA: "port", AIR: "airport", POST: "airport"}[mode]
        if kind in {"port", "airport"}:
            offices = [i for (k, _), members in sorted(self.border.items()) if k == kind for i in members]
        else:
            offices = list(self.border.get((kind, neighbour_of(country, self.country)), ()))
        return int(chance.choice(offices)) if offices else -1
