"""What ``daliz replay`` leaves behind: figures for programs, tables, decisions of each strategy, the page."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from daliz.doors.cli.report.replay_page import ReplayPage, write_replay_page
from daliz.engine.records.files import replacing, write_table
from daliz.engine.records.schema import AMOUNT, FLAG, MONEY, TEXT, WHOLE, Column, TableSchema
from daliz.engine.replay import ALL, Course, Figures, Replay, quarter

QUARTERS = TableSchema(
    "replay_quarters",
    "One row per strategy and quarter, and one for the whole.",
    ("strategy", "quarter"),
    (
        Column("strategy", TEXT, "its name", required=True),
        Column("quarter", TEXT, "2026-Q3, or all", required=True),
        Column("declarations", WHOLE, "registered", required=True),
        Column("share_controlled", AMOUNT, "of the declarations, 0 to 1", required=True),
        Column("hit_rate", AMOUNT, "share of controls that found a violation that stands"),
        Column("hit_rate_documents", AMOUNT, "the same of document checks"),
        Column("hit_rate_physical", AMOUNT, "the same of physical controls"),
        Column("dropped", WHOLE, "controls asked for beyond capacity", required=True),
        Column("evaded", MONEY, "payments evaded by all declarations", required=True),
        Column("recovered", MONEY, "of these, assessed in the end", required=True),
        Column("money_share", AMOUNT, "recovered / evaded"),
        Column("harm", AMOUNT, "harm points in all declarations", required=True),
        Column("harm_found", AMOUNT, "of these, found", required=True),
        Column("harm_share", AMOUNT, "harm found / harm"),
        Column("money_of_oracle", AMOUNT, "recovered, as a share of what the oracle recovered"),
        Column("harm_of_oracle", AMOUNT, "harm found, as a share of what the oracle found"),
        Column("gap_money", AMOUNT, "share of the gap from the baseline to the oracle closed, money"),
        Column("gap_harm", AMOUNT, "the same, harm"),
        Column("compliance", AMOUNT, "level of compliance estimated from what was drawn by chance"),
        Column("compliance_low", AMOUNT, "lower end of its interval", required=True),
        Column("compliance_high", AMOUNT, "upper end", required=True),
        Column("compliant", AMOUNT, "what the level really is", required=True),
        Column("calibration_error", AMOUNT, "mean distance of stated probability to share found"),
        Column("minutes", AMOUNT, "officers' minutes used", required=True),
    ),
)
DECIDED = TableSchema(
    "replay_decisions",
    "What one strategy decided: a row for each declaration after the warm-up, in its order of each day.",
    ("declaration_id",),
    (
        Column("declaration_id", TEXT, "number of the declaration", required=True),
        Column("day", pa.date32(), "local day of registration", required=True),
        Column("quarter", TEXT, "2026-Q3", required=True),
        Column("rank", WHOLE, "place in the answer of that day, from 0", required=True),
        Column("control_form", TEXT, "control carried out; null for none"),
        Column("dropped", FLAG, "asked for, but beyond capacity", required=True),
        Column("propensity", AMOUNT, "how likely the control was, 0 to 1", required=True),
        Column("in_random", FLAG, "drawn by chance", required=True),
        Column("probability", AMOUNT, "that the control would find something, as stated"),
        Column("expected_damage", AMOUNT, "money, as stated"),
        Column("reason", TEXT, "as stated"),
        Column("found", FLAG, "whether the control found a violation that stands; null without control"),
        Column("assessed", MONEY, "in the end; null without control"),
        Column("harm", AMOUNT, "points found; null without control"),
    ),
)


def write_folder(folder: Path, page: ReplayPage, *, lang: str) -> None:
    """Write ``replay.json``, ``quarters.parquet``, ``decisions/*.parquet`` and ``report.html``.

    The same replay gives the same bytes, but for the seconds that strategies took.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = page.replay
    with replacing(folder / "replay.json") as path:
        path.write_text(json.dumps(as_data(page), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_table(quarters(done), folder / "quarters.parquet", QUARTERS)
    for name in done.courses:
        write_table(decided(done, name), folder / "decisions" / f"{file_name(name)}.parquet", DECIDED)
    write_replay_page(page, folder / "report.html", lang=lang)


def file_name(strategy: str) -> str:
    """Return a strategy's name as a file may be called.

    Example:
        >>> file_name("lightgbm+random"), file_name("mine.module:Best")
        ('lightgbm+random', 'mine.module-Best')
    """
    return re.sub(r"[^A-Za-z0-9_.+-]", "-", strategy)


def as_data(page: ReplayPage) -> Mapping[str, object]:
    """Return what ``--json`` prints and ``replay.json`` holds; what is unknown is null, money is text."""
    done, pack = page.replay, page.pack
    days = done.border.days
    return {
        "schema": "1",
        "pack": {"code": pack.code, "version": pack.told_version, "fingerprint": pack.fingerprint,
                 "currency": pack.currency},
        "days": {
            "first": days[0].isoformat(),
            "decided_from": days[done.setting.warmup_days].isoformat(),
            "last": days[-1].isoformat(),
        },
        "capacity": page.capacity,
        "warmup_days": done.setting.warmup_days,
        "delay_days": done.setting.delay_days,
        "money_per_harm": pack.policy.money_per_harm,
        "seed": done.seed,
        "level": done.level,
        "baseline": done.baseline,
        "inputs": list(page.inputs),
        "strategies": {
            name: {
                "all": _figures(done, name, len(figures) - 1),
                "quarters": [_figures(done, name, number) for number in range(len(figures) - 1)],
            }
            for name, figures in done.figures.items()
        },
        "failures": {
            name: {"code": failure.error.code, "message": failure.error.text()}
            for name, failure in done.failures.items()
        },
    }  # fmt: skip


def quarters(done: Replay) -> pa.Table:
    """Return ``QUARTERS``."""
    rows = [
        _quarter(done, name, number)
        for name, figures in done.figures.items()
        for number in range(len(figures))
    ]
    return pa.Table.from_pylist(rows, schema=QUARTERS.arrow)


def decided(done: Replay, name: str) -> pa.Table:
    """Return ``DECIDED`` of one strategy."""
    course, border = done.courses[name], done.border
    there = np.flatnonzero(course.rank >= 0)
    order = there[np.lexsort((course.rank[there], border.day[there]))].tolist()
    return pa.Table.from_pylist([_decided(done, course, one) for one in order], schema=DECIDED.arrow)


def _decided(done: Replay, course: Course, one: int) -> Mapping[str, object]:
    day = done.border.days[int(done.border.day[one])]
    form = course.forms[course.form[one]] if course.form[one] >= 0 else None
    worth = done.worth[form] if form else None
    return {
        "declaration_id": done.border.ids[one],
        "day": day,
        "quarter": quarter(day),
        "rank": int(course.rank[one]),
        "control_form": form,
        "dropped": bool(course.dropped[one]),
        "propensity": float(course.propensity[one]),
        "in_random": bool(course.in_random[one]),
        "probability": _known(course.probability[one]),
        "expected_damage": _known(course.expected_damage[one]),
        "reason": course.reason[one],
        "found": bool(worth.found[one]) if worth else None,
        "assessed": worth.money(one) if worth else None,
        "harm": float(worth.harm[one]) / 1_000_000 if worth else None,
    }


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _quarter(done: Replay, name: str, number: int) -> Mapping[str, object]:
    one = done.figures[name][number]
    gap, (money, harm) = done.gap(name, number), done.of_oracle(name, number)
    return {
        "strategy": name,
        "quarter": one.quarter,
        "declarations": one.declarations,
        "share_controlled": one.share_controlled,
        "hit_rate": one.hit_rate,
        "hit_rate_documents": one.forms["documents"].hit_rate,
        "hit_rate_physical": one.forms["physical"].hit_rate,
        "dropped": one.dropped,
        "evaded": one.evaded,
        "recovered": one.recovered,
        "money_share": one.money_share,
        "harm": one.harm,
        "harm_found": one.harm_found,
        "harm_share": one.harm_share,
        "money_of_oracle": money,
        "harm_of_oracle": harm,
        "gap_money": gap.money if gap else None,
        "gap_harm": gap.harm if gap else None,
        "compliance": one.compliance.rate,
        "compliance_low": one.compliance.low,
        "compliance_high": one.compliance.high,
        "compliant": one.compliant,
        "calibration_error": one.calibration_error,
        "minutes": one.minutes,
    }


def _figures(done: Replay, name: str, number: int) -> Mapping[str, object]:
    one: Figures = done.figures[name][number]
    gap, (money, harm) = done.gap(name, number), done.of_oracle(name, number)
    inside = one.compliance.low <= one.compliant <= one.compliance.high
    return {
        "quarter": one.quarter if one.quarter != ALL else None,
        "declarations": one.declarations,
        "controls": one.controls,
        "share_controlled": one.share_controlled,
        "hit_rate": one.hit_rate,
        "forms": {
            form: {"controls": own.controls, "found": own.found, "hit_rate": own.hit_rate}
            for form, own in one.forms.items()
        },
        "dropped": one.dropped,
        "evaded": f"{one.evaded:.2f}",
        "recovered": f"{one.recovered:.2f}",
        "money_share": one.money_share,
        "harm": one.harm,
        "harm_found": one.harm_found,
        "harm_share": one.harm_share,
        "of_oracle": {"money": money, "harm": harm},
        "gap_closed": {"money": gap.money, "harm": gap.harm} if gap else None,
        "compliance": {
            "estimate": one.compliance.rate,
            "low": one.compliance.low,
            "high": one.compliance.high,
            "truth": one.compliant,
            "inside": inside if one.compliance.rate is not None else None,
        },
        "calibration": {
            "error": one.calibration_error,
            "bins": [
                {"controls": part.controls, "stated": part.stated, "found": part.found} for part in one.bins
            ],
        },
        "minutes": one.minutes,
        "seconds": round(one.seconds, 3),
    }
