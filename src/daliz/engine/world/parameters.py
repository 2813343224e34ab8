"""What differs between worlds: each seed draws its own parameters from ranges stated here and in the docs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from daliz.engine.world.randomness import stream


class Scenario(StrEnum):
    """How a world changes with time."""

    STATIONARY = "stationary"
    DRIFT = "drift"
    COLD = "cold"


RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "violation_share": (0.055, 0.075),
        "import_share": (0.66, 0.78),
        "export_share": (0.10, 0.18),
        "zipf": (0.75, 1.05),
        "death_hazard": (0.012, 0.030),
        "line_hazard": (0.02, 0.05),
        "move_hazard": (0.10, 0.25),
        "broker_share": (0.60, 0.80),
        "honest_cover": (0.40, 0.70),
        "value_spread": (1.0, 1.35),
        "invisible_share": (0.35, 0.60),
        "missing": (0.6, 1.4),
        "items_mean": (2.2, 3.2),
    }
)
"""Range of each parameter; a seed draws uniformly within it.

violation_share: share of declarations in which something is wrong, expected.
import_share, export_share: of declarations; the rest is transit.
zipf: exponent of the traders' sizes.
death_hazard, line_hazard: share of traders, of supply lines, that end in a month.
move_hazard: share of schemes that move in a month: change office, broker, supplier's name or firm.
broker_share: of traders that declare through a broker.
honest_cover: share of a scheme's firms that also have honest business.
value_spread: log dispersion of an item's value.
invisible_share: of false values and origins that only an audit after release reveals.
missing: factor on the rates of missing values.
items_mean: goods items of a declaration.
"""

SCHEME_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "undervaluation_ring": 16,
        "misclassification": 12,
        "origin_laundering": 9,
        "mass_understated": 9,
        "splitting": 7,
        "cover_goods": 6,
        "one_day_firm": 8,
        "complicit_broker": 9,
        "permit_forged": 6,
        "counterfeit": 6,
        "prohibited_goods": 2,
        "export_control": 2,
        "non_delivery": 2,
        "careless": 10,
        "unforeseen": 16,
        "freight_deduction": 0,
        "relief_abuse": 0,
    }
)
"""Middle shares of the schemes among violating declarations; a seed multiplies each by 0.6 to 1.4.

The last two are born in a drifting world only. ``careless``: errors of honest traders, more of some than of
others. ``unforeseen``: violations that nothing foretells.
"""

NEW_SCHEMES: Final[Mapping[str, float]] = MappingProxyType({"freight_deduction": 9, "relief_abuse": 7})


@dataclass(frozen=True, slots=True)
class Parameters:
    """One world's parameters.

    Attributes:
        value: name of ``RANGES`` → drawn value, after the scenario's changes.
        schemes: scheme → share of all declarations that violate by it, at the beginning.
        schemes_late: the same at the end; equal unless the world drifts.
    """

    seed: int
    scenario: Scenario
    first_day: date
    days: int
    per_day: float
    value: Mapping[str, float]
    schemes: Mapping[str, float]
    schemes_late: Mapping[str, float]

    @property
    def drifts(self) -> bool:
        """Whether goods, counterparties and schemes change with time."""
        return self.scenario is Scenario.DRIFT

    @classmethod
    def draw(
        cls, *, seed: int, scenario: Scenario, first_day: date, days: int, per_day: float
    ) -> "Parameters":
        """Draw the parameters of the world ``seed``."""
        chance = stream(seed, "parameters")
        value = {name: float(chance.uniform(low, high)) for name, (low, high) in RANGES.items()}
        early = _shares(chance.uniform(0.6, 1.4, len(SCHEME_WEIGHTS)), {})
        late_factors = chance.uniform(0.25, 2.2, len(SCHEME_WEIGHTS))
        if scenario is Scenario.DRIFT:
            value["move_hazard"] *= 2.5
            value["line_hazard"] *= 3.0
            value["death_hazard"] *= 1.5
        elif scenario is Scenario.COLD:
            value["death_hazard"] *= 3.0
        late = _shares(late_factors, NEW_SCHEMES) if scenario is Scenario.DRIFT else early
        return cls(
            seed=seed,
            scenario=scenario,
            first_day=first_day,
            days=days,
            per_day=per_day,
            value=MappingProxyType(value),
            schemes=MappingProxyType({k: v * value["violation_share"] for k, v in early.items()}),
            schemes_late=MappingProxyType({k: v * value["violation_share"] for k, v in late.items()}),
        )


def _shares(factors: Iterable[float], extra: Mapping[str, float]) -> dict[str, float]:
    """Spread the violations over the schemes by their middle weights and this world's factors."""
    weights = {
        name: (weight + extra.get(name, 0.0)) * float(factor)
        for (name, weight), factor in zip(SCHEME_WEIGHTS.items(), factors, strict=True)
    }
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in weights.items()}
