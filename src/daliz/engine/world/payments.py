"""What is to be paid: duty, excise and value added tax, in whole hundredths of the currency.

The rates are pretended but for the law's value added tax: 12 % in 2025, 16 % from 2026 (Kazakhstan's new
tax code); elsewhere 12 % throughout, as in Kyrgyzstan. All sums are integers, rounded half up, so that every
part of the world agrees to the last digit.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from daliz.engine.world.goods import Catalogue, Floats, Whole
from daliz.engine.world.parameters import Parameters
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import EXPORT, IMPORT, TRANSIT

NO_PREFERENCE, FREE, LOW_VALUE, RELIEF = 0, 1, 2, 3
PREFERENCES: Final = (None, "free_trade", "low_value", "relief")
VAT_BP: Final = ((date(2026, 1, 1), 1600), (date(1900, 1, 1), 1200))
"""Value added tax in basis points, from the latest day on."""

_IN_TENGE: Final = {"USD": 515.0, "EUR": 560.0, "CNY": 71.0, "RUB": 6.1}
_TENGE_FOR: Final = {"KZT": 1.0, "KGS": 5.9, "RUB": 6.1, "UZS": 0.041, "TJS": 48.0}
"""What one unit of a border's money is worth, tenge; one of any other money as much as a dollar."""


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """Exchange rates and tax rates by day of the world.

    Attributes:
        rate: currency → national money for one unit, shape (days,).
        per_tenge: national money for one tenge, in which ``goods.yaml`` states excises.
        vat_bp: basis points, shape (days,).
    """

    rate: dict[str, Floats]
    vat_bp: Whole
    per_tenge: float

    @classmethod
    def of(cls, parameters: Parameters, national: str, country: str) -> "Money":
        """Draw a wandering exchange rate to ``national`` money for every currency."""
        rates = {}
        per_tenge = 1 / _TENGE_FOR.get(national, _IN_TENGE["USD"])
        for currency, start in _IN_TENGE.items():
            steps = stream(parameters.seed, "exchange", currency).normal(0.0001, 0.0035, parameters.days)
            rates[currency] = np.round(start * per_tenge * np.exp(np.cumsum(steps)), 2)
        days = [parameters.first_day + timedelta(days=i) for i in range(parameters.days)]
        rising = VAT_BP if country == "KZ" else VAT_BP[1:]
        vat = [next(rate for since, rate in rising if day >= since) for day in days]
        return cls(rate=rates, vat_bp=np.array(vat, dtype=np.int64), per_tenge=per_tenge)


@dataclass(frozen=True, slots=True, eq=False)
class Payments:
    """Duty, excise and value added tax of items, hundredths of the currency."""

    duty: Whole
    excise: Whole
    vat: Whole

    @property
    def total(self) -> Whole:
        """All payments together."""
        return self.duty + self.excise + self.vat


def payments(
    cat: Catalogue,
    money: Money,
    *,
    day: Whole,
    direction: Whole,
    good: Whole,
    preference: Whole,
    value: Whole,
    net_mass_kg: Floats,
    quantity: Floats,
    in_transit_too: bool = False,
) -> Payments:
    """Compute what is due on items.

    Args:
        cat: the goods.
        money: rates.
        day, direction, good, preference: of each item.
        value: customs value, hundredths.
        net_mass_kg: for specific duties.
        quantity: for excise, supplementary units.
        in_transit_too: what would be due if goods in transit stayed in the country.
    """
    dutiable = (direction == IMPORT) | ((direction == TRANSIT) & in_transit_too)
    rate: Whole = np.where(
        (dutiable | (direction == EXPORT)) & (preference == NO_PREFERENCE), cat.duty_bp[good], 0
    )
    by_mass = cat.eur_kg[good] * net_mass_kg * money.rate["EUR"][day] * 100
    specific = np.where(dutiable & (preference == NO_PREFERENCE), np.rint(by_mass), 0).astype(np.int64)
    duty: Whole = (value * rate + 5_000) // 10_000 + specific
    taxed = dutiable & (preference < LOW_VALUE)
    excise = np.where(taxed, np.rint(cat.excise_tiyn[good] * money.per_tenge * quantity), 0).astype(np.int64)
    vat = np.where(taxed, ((value + duty + excise) * money.vat_bp[day] + 5_000) // 10_000, 0)
    return Payments(duty=duty, excise=excise, vat=vat)
