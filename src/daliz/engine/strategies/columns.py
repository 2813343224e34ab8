"""What the baseline sees of goods items: raw numbers, deviations from medians, and categories."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from daliz.engine.pack import Pack
from daliz.engine.records.columns import column_of
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.encodings import Codes
from daliz.engine.strategies.medians import Medians

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

RAW: Final = (
    "net_mass_kg", "gross_mass_kg", "quantity", "customs_value", "invoice_value", "duty_rate", "duty", "vat",
    "excise",
)  # fmt: skip
CATEGORIES: Final = (
    "trader_id", "declarant_id", "counterparty_id", "carrier_id", "hs_code", "origin_country", "office",
    "departure_country", "transport_mode", "border_office", "procedure",
)  # fmt: skip


class Columns:
    """Turns the items of one day after another into numbers; remembers medians and categories."""

    def __init__(self, pack: Pack) -> None:
        self._zone = ZoneInfo(pack.zone)
        self._medians = {name: Medians() for name in ("unit_value", "value_per_unit", "mass_per_unit")}
        self.codes = {name: Codes() for name in CATEGORIES}

    def of(self, day: Day) -> tuple[Floats, Whole]:
        """Return numbers and categories of the items of a day, and learn from them for later days.

        Deviations are from medians of earlier days: logs of value per kg, value per unit and mass per unit
        over the median of the same goods and origin.

        Args:
            day: declarations and items.

        Returns:
            Numbers, shape (items, numbers), NaN where unknown; codes of ``CATEGORIES``, shape (items, 11).
        """
        raw = {name: _numbers(day.items, name) for name in RAW}
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = {
                "unit_value": raw["customs_value"] / raw["net_mass_kg"],
                "value_per_unit": raw["customs_value"] / raw["quantity"],
                "mass_per_unit": raw["net_mass_kg"] / raw["quantity"],
            }
            packing = raw["gross_mass_kg"] / raw["net_mass_kg"]
        texts = {name: _texts(day.items, name) for name in CATEGORIES}
        deviations = [
            self._medians[name].deviations(values, texts["hs_code"], texts["origin_country"])
            for name, values in ratios.items()
        ]
        count = np.bincount(day.of)[day.of].astype(np.float64)
        calendar = self._calendar(day)
        numbers = np.column_stack([*raw.values(), *ratios.values(), packing, count, *deviations, *calendar])
        numbers[~np.isfinite(numbers)] = np.nan
        return numbers, np.column_stack([self.codes[name].of(texts[name]) for name in CATEGORIES])

    def _calendar(self, day: Day) -> tuple[Floats, Floats]:
        """Return weekday and month of each item's registration."""
        local = [m.astimezone(self._zone) for m in column_of(day.items, "registered_at", datetime)]
        return np.array([float(m.weekday()) for m in local]), np.array([float(m.month) for m in local])


def _numbers(items: pa.Table, name: str) -> Floats:
    if name not in items.column_names:
        return np.full(items.num_rows, np.nan)
    column: Any = pc.cast(items[name], pa.float64())
    numbers: Floats = column.to_numpy()
    return numbers


def _texts(items: pa.Table, name: str) -> list[str | None]:
    if name not in items.column_names:
        return [None] * items.num_rows
    return pc.cast(items[name], pa.string()).to_pylist()
