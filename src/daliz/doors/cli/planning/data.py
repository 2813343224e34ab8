"""The answer of ``daliz plan`` for programs: the same keys in every release, money as text."""

import pyarrow as pa

from daliz import __version__
from daliz.doors.cli.days import Span
from daliz.doors.cli.planning.answer import Answer, Lane
from daliz.engine.allocation.lane_days import LaneDay
from daliz.engine.records.decisions import PLAN


def as_data(answer: Answer) -> dict[str, object]:
    """Return what ``--json`` prints and ``plan.json`` holds."""
    weeks, pack = answer.weeks, answer.pack
    return {
        "schema": "1",
        "engine": __version__,
        "pack": {"code": pack.code, "version": pack.told_version, "fingerprint": pack.fingerprint},
        "currency": pack.currency,
        "inputs": list(answer.inputs),
        "assessed": _span(answer.assessed),
        "planned": _span(answer.planned) | {"days": len(weeks.days)},
        "profiles_of": answer.profiles_of.isoformat() if answer.profiles_of else None,
        "declarations": weeks.declarations,
        "quarantined_declarations": answer.quarantined,
        "capacity": {"unit": weeks.unit, "stated": answer.stated, "lines_outside": answer.outside},
        "wait_days": weeks.wait_days,
        "gain": {
            "plan": _money(weeks.value),
            "day_by_day": _money(answer.by_day),
            "more": _money(answer.gained),
            "bound": _money(weeks.bound),
            "gap": round(weeks.gap, 6),
            "if_officers_moved": _money(weeks.moved_value),
            "moving_brings": _money(answer.moved),
        },
        "waiting": weeks.waiting,
        "deferred": weeks.deferred,
        "other_capacity": _other(answer),
        "lanes": [_lane(lane) for lane in answer.lanes],
    }


def plan_table(answer: Answer) -> pa.Table:
    """Return the table that ``plan.parquet`` holds."""
    return pa.Table.from_pylist([_row(lane, answer.weeks.unit) for lane in answer.weeks.lanes], PLAN.arrow)


def _lane(lane: Lane) -> dict[str, object]:
    cheapest = lane.cheapest
    return {
        "pool": lane.pool,
        "control_form": lane.form,
        **{name: round(lane.total(name), 6) for name in ("available", "given", "idle", "minutes")},
        **{name: int(lane.total(name)) for name in ("asked", "controls", "waiting", "waived", "costly")},
        "usage": None if lane.usage is None else round(lane.usage, 6),
        "hour_price": _money(lane.hour),
        "price": _money(lane.price),
        "dearest": {"day": lane.dearest.day.isoformat(), "hour_price": _money(lane.dearest.hour_price)},
        "cheapest": (
            {"day": cheapest.day.isoformat(), "hour_price": _money(cheapest.hour_price)} if cheapest else None
        ),
        "hour_moved_brings_at_most": _money(lane.spread),
    }


def _other(answer: Answer) -> dict[str, object] | None:
    if answer.other is None:
        return None
    weeks = answer.other.weeks
    return {
        "stated": answer.other.stated,
        "unit": weeks.unit,
        "plan": _money(weeks.value),
        "bound": _money(weeks.bound),
        "more": _money(answer.otherwise),
    }


def _row(lane: LaneDay, unit: str) -> dict[str, object]:
    figures = {
        name: getattr(lane, name)
        for name in PLAN.arrow.names
        if name not in ("control_form", "unit")
    }  # fmt: skip
    return figures | {"control_form": lane.form, "unit": unit}


def _span(span: Span) -> dict[str, object]:
    return {"first": span.first.isoformat(), "last": span.last.isoformat()}


def _money(value: float) -> str:
    return f"{value + 0.0:.2f}"
