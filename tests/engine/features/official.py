"""Official lists for pretend histories, as plain values for the oracle and as tables for the features."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa

from daliz.engine.features.official_tables import CODES, DUTY, EDITIONS, RATES, OfficialTables
from tests.engine.features.histories import FIRST

LAST = date(2999, 1, 1)


def after(days: int) -> date:
    """So many days into the history."""
    return FIRST + timedelta(days=days)


@dataclass(frozen=True)
class Line:
    """A line of duty as a tariff states it; percent."""

    code: str
    since: date
    until: date
    percent: str | None = None
    method: str | None = None
    amount: str | None = None
    currency: str | None = None
    per: str = "1"
    unit: str | None = None
    origin: str | None = None
    preference: str | None = None


NATIONAL = "KZT"
HOLD_DAYS = 2
RATES_KNOWN: Mapping[tuple[str, date], tuple[str, str]] = {
    **{("USD", after(d)): ("1", f"{500 + d}.25") for d in (0, 1, 3, 30, 200, 364, 366, 383, 395)},
    **{("EUR", after(d)): ("1", f"{550 + d}.5") for d in (0, 2, 31, 335, 367, 370, 383)},
    **{("RUB", after(d)): ("100", "610.7") for d in range(396)},
}
"""(currency, day) → (nominal, rate)."""

EDITIONS_KNOWN: tuple[tuple[str, date, date, Mapping[str, str | None]], ...] = (
    ("hs", after(0), LAST, {"87": None, "8703": None, "870323": None, "640399": None}),
    ("tnved", after(2), after(340), {"8703231981": "796", "8703231982": None, "8703": "166"}),
    ("tnved", after(341), after(366), {"8703231982": "796", "6403990000": "715"}),
)
LINES: tuple[Line, ...] = (
    Line("87", after(0), after(365), percent="15"),
    Line("8703231981", after(0), LAST, "12.5", "not_less", "0.7", "EUR", "1", "kg"),
    Line("8703", after(0), LAST, percent="0", preference="free_trade"),
    Line("8703", after(30), after(366), "5", "plus", "3", "USD", "100", "796", origin="CN"),
    Line("6403", after(1), LAST, None, None, "250", "KZT", "1", "kg"),
    Line("64", after(0), LAST, percent="7.7", origin="DE", preference="relief"),
)


def tables() -> OfficialTables:
    """The same, as the features take them."""
    epoch = date(1970, 1, 1)

    def number(day: date) -> int:
        return (day - epoch).days

    rates = [
        {"currency": currency, "day": number(day), "per_unit": float(Decimal(rate) / Decimal(nominal))}
        for (currency, day), (nominal, rate) in RATES_KNOWN.items()
    ]
    editions = [
        {"list": kind, "since": number(since), "until": number(until)}
        for kind, since, until, _ in EDITIONS_KNOWN
    ]
    codes = [
        {"list": kind, "code": code, "since": number(since), "until": number(until), "unit": unit}
        for kind, since, until, known in EDITIONS_KNOWN
        for code, unit in known.items()
    ]
    duty = [
        {
            "line": n, "code": one.code, "origin": one.origin, "preference": one.preference,
            "share": float(Decimal(one.percent) / 100) if one.percent is not None else None,
            "method": one.method, "amount": float(one.amount) if one.amount is not None else None,
            "currency": one.currency, "per": float(one.per), "unit": one.unit,
            "since": number(one.since), "until": number(one.until),
        }
        for n, one in enumerate(LINES)
    ]  # fmt: skip
    return OfficialTables(
        NATIONAL, HOLD_DAYS, pa.Table.from_pylist(rates, RATES), pa.Table.from_pylist(editions, EDITIONS),
        pa.Table.from_pylist(codes, CODES), pa.Table.from_pylist(duty, DUTY),
    )  # fmt: skip
