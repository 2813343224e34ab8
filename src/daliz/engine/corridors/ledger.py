"""Decisions, measures and load as tables."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa

from daliz.engine.allocation import Capacity, Claim, Day
from daliz.engine.corridors.orders import ORDERED, Order
from daliz.engine.records.decisions import LOAD, MEASURES


def digest(content: object) -> str:
    """Return a short name for JSON content: the same content, the same name."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def price_id(day: date, plan: Day) -> str:
    """Name a day's capacity and prices."""
    lanes = [[*key, lane.available.hex(), lane.price.hex()] for key, lane in sorted(plan.lanes.items())]
    return f"{day.isoformat()}-{digest(lanes)}"


def measures_table(
    numbers: Sequence[str], versions: Sequence[int], prices: Sequence[str], decided: Sequence[Sequence[Order]]
) -> pa.Table:
    """Return one row for each order of each declaration version, in their order."""
    rows = [
        {
            "declaration_id": number,
            "version": version,
            "item_no": order.item_no,
            "profile_id": order.profile_id,
            "profile_version": order.profile_version,
            "capacity": order.capacity,
            "measure": order.measure,
            "control_form": order.control_form,
            "extent": order.extent,
            "status": order.status,
            "waiver": None if order.status == ORDERED else _waiver(order, price),
            "deferred": order.deferred,
            "reasons": order.reasons,
        }
        for number, version, price, given in zip(numbers, versions, prices, decided, strict=True)
        for order in given
    ]
    return pa.Table.from_pylist(rows, schema=MEASURES.arrow)


def _waiver(order: Order, price: str) -> str:
    """Return why a control was set aside: an exception list, or else the capacity plan."""
    return price if order.spared_by is None else f"list:{order.spared_by}"


def load_table(days: Mapping[date, Day], capacity: Capacity, prices: Mapping[date, str]) -> pa.Table:
    """Return one row for each lane of each day."""
    rows = [
        {
            "day": day,
            "pool": pool,
            "control_form": form,
            "unit": capacity.unit,
            "available": float(lane.available),
            "mandatory": lane.used[Claim.MANDATORY],
            "random": lane.used[Claim.RANDOM],
            "waivable": lane.used[Claim.WAIVABLE],
            "controls": len(lane.granted),
            "waived": len(lane.waived),
            "minutes": lane.minutes,
            "price": lane.price,
            "hour_price": lane.hour,
            "price_id": prices[day],
        }
        for day, plan in sorted(days.items())
        for (pool, form), lane in sorted(plan.lanes.items())
    ]
    return pa.Table.from_pylist(rows, schema=LOAD.arrow)


def money(value: float) -> Decimal | None:
    """Return an estimate as money to the cent; unknown as null."""
    return None if np.isnan(value) else Decimal(repr(float(value))).quantize(Decimal("0.01"))
