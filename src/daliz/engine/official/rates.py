"""Official exchange rates: what one unit of a foreign currency is in the administration's, on a day.

The day that counts is the day on which the declaration is registered. Where goods are released before they
are declared it is the day on which the application for that was registered [eaeu2017value], article 120 (18).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from daliz.engine.official.lists import OfficialLists


@dataclass(frozen=True, slots=True)
class Rate:
    """An official rate.

    Attributes:
        currency: ISO 4217.
        day: the day that the list states.
        nominal: units of ``currency`` that the rate is for.
        rate: units of the administration's currency for ``nominal``.
    """

    currency: str
    day: date
    nominal: Decimal
    rate: Decimal

    @property
    def per_unit(self) -> Decimal:
        """Units of the administration's currency for one of ``currency``."""
        return self.rate / self.nominal


@dataclass(frozen=True, slots=True)
class ExchangeRates:
    """Rates by currency and day.

    Attributes:
        national: the administration's currency.
        hold_days: how many days a rate goes on holding where the list states none for a day; 0: not at all.
        known: currency → day → rate.
    """

    national: str
    hold_days: int
    known: Mapping[str, Mapping[date, Rate]]

    @classmethod
    def of(cls, lists: OfficialLists, *, national: str, hold_days: int) -> "ExchangeRates":
        """Take the rates that were loaded; of one currency and day the one loaded last."""
        known: dict[str, dict[date, Rate]] = {}
        for row in lists.shelf("rates").on("rates", date.max).values():
            day = date.fromisoformat(row["date"])
            rate = Rate(row["currency"], day, Decimal(row["nominal"]), Decimal(row["rate"]))
            known.setdefault(rate.currency, {})[day] = rate
        return cls(national, hold_days, known)

    def rate(self, currency: str, day: date) -> Rate | None:
        """Return the rate of ``day``, or the last one of at most ``hold_days`` days before; else None."""
        if currency == self.national:
            return Rate(currency, day, Decimal(1), Decimal(1))
        of = self.known.get(currency, {})
        return next(
            (of[at] for back in range(self.hold_days + 1) if (at := day - timedelta(days=back)) in of), None
        )
