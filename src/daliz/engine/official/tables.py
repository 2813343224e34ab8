"""Official lists as the tables that features are computed from."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

import pyarrow as pa

from daliz.engine.features.clock import FOREVER, day_number
from daliz.engine.features.official_tables import CODES, DUTY, EDITIONS, RATES, OfficialTables
from daliz.engine.official.lists import OfficialLists
from daliz.engine.official.rates import ExchangeRates
from daliz.engine.official.shelf import Row, Stretch
from daliz.engine.official.units import unit_codes, unit_named, unit_of_duty

NOMENCLATURES: Final = ("tnved", "hs")


def feature_tables(lists: OfficialLists, *, national: str, hold_days: int) -> OfficialTables:
    """Return what features may ask of the lists that were loaded.

    Args:
        lists: the lists.
        national: the administration's currency.
        hold_days: how many days a rate goes on holding where none is stated for a day.
    """
    units = unit_codes(lists)
    return OfficialTables(
        national=national,
        hold_days=hold_days,
        rates=_rates(ExchangeRates.of(lists, national=national, hold_days=hold_days)),
        editions=pa.Table.from_pylist(
            [
                {"list": kind, "since": since, "until": until}
                for kind in NOMENCLATURES
                for stretch in lists.shelf(kind).stretches(kind)
                for since, until in [_days(stretch)]
            ],
            EDITIONS,
        ),
        codes=_codes(lists, units),
        duty=_duty(lists, units),
    )


def _rates(rates: ExchangeRates) -> pa.Table:
    found = [
        {"currency": currency, "day": day_number(day), "per_unit": float(rate.per_unit)}
        for currency, of_day in sorted(rates.known.items())
        for day, rate in sorted(of_day.items())
    ]
    return pa.Table.from_pylist(found, RATES)


def _codes(lists: OfficialLists, units: Mapping[str, str]) -> pa.Table:
    found: list[dict[str, object]] = []
    for kind in NOMENCLATURES:
        shelf = lists.shelf(kind)
        for stretch in shelf.stretches(kind):
            since, until = _days(stretch)
            found += [
                {
                    "list": kind, "code": row["code"], "since": since, "until": until,
                    "unit": unit_named(row.get("unit", ""), units),
                }
                for row in shelf.rows(stretch.load)
            ]  # fmt: skip
    return pa.Table.from_pylist(found, CODES)


def _duty(lists: OfficialLists, units: Mapping[str, str]) -> pa.Table:
    shelf = lists.shelf("duty")
    lines = [
        (row, *_within(row, *_days(stretch)))
        for stretch in shelf.stretches("duty")
        for row in shelf.rows(stretch.load)
    ]
    found = [
        {
            "line": number,
            "code": row["code"],
            "origin": row["origin"] or None,
            "preference": row["preference"] or None,
            "share": float(Decimal(row["ad_valorem"]) / 100) if row["ad_valorem"] else None,
            "method": row["method"] or None,
            "amount": float(row["amount"]) if row["amount"] else None,
            "currency": row["currency"] or None,
            "per": float(row["per"] or 1),
            "unit": unit_of_duty(row["unit"], units) or None,
            "since": since,
            "until": until,
        }
        for number, (row, since, until) in enumerate(lines)
    ]
    return pa.Table.from_pylist(found, DUTY)


def _days(stretch: Stretch) -> tuple[int, int]:
    return day_number(stretch.since), FOREVER if stretch.until is None else day_number(stretch.until)


def _within(row: Row, since: int, until: int) -> tuple[int, int]:
    """Return the days of a line: those that it states, as far as its list holds."""
    own = [
        day_number(date.fromisoformat(row[name])) if row[name] else None
        for name in ("valid_from", "valid_until")
    ]
    return max(since, own[0] if own[0] is not None else since), min(
        until, own[1] if own[1] is not None else until
    )
