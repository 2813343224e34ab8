"""What an amendment on a later day costs live: its history still counts the version that it replaces.

Every declaration of a day is amended on the next one, saying the same but for a kilogram of gross mass. The
batch decides the amendments whole and takes their first versions out of their own history; live decides each
by what history answers by key, in which the first version is. Neither knows what was decided of the first
version, so that nothing but history differs. Officers' time is ample.

    make study-amended
"""

import argparse
import json
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from daliz.engine.allocation.live import Taken
from daliz.engine.assess import Task, assess
from daliz.engine.features.compute import build_facts
from daliz.engine.features.lookup import TODAY
from daliz.engine.live import policy_from, prepare
from daliz.engine.records.arrivals import arrivals
from studies.live_month import arriving, border, differences

_MASS = "gross_mass_kg"


def amended(task: Task, day: date) -> Task:
    """Return the task of a day on which what was registered the day before is amended, and no more."""
    table = cast("pa.Table", task.declarations)
    means = cast("pa.Table", task.children["transport_means"])
    came = list(arriving(task, day - timedelta(days=1)))
    before = [one.at for one in came]
    versions = Counter(one.number for one in came)
    once = pa.array(sorted(number for number, n in versions.items() if n == 1), pa.string())
    since = pc.greater_equal(table["registered_at"], pa.scalar(min(before)))
    until = pc.less_equal(table["registered_at"], pa.scalar(max(before)))
    first = table.filter(pc.and_(pc.and_(since, until), pc.is_in(table["declaration_id"], once)))
    later = first
    for name, values in (
        ("version", pa.array([2] * first.num_rows, pa.int32())),
        ("registered_at", pc.add(first["registered_at"], pa.scalar(timedelta(days=1)))),
        (_MASS, pc.add(first[_MASS], pa.scalar(1.0))),
    ):
        at = later.schema.get_field_index(name)
        later = later.set_column(at, later.schema.field(name), values.cast(later.schema.field(name).type))
    numbers = pc.unique(first["declaration_id"])
    carried = means.filter(pc.is_in(means["declaration_id"], numbers))
    again = carried.set_column(
        carried.schema.get_field_index("version"), carried.schema.field("version"),
        pa.array([2] * carried.num_rows, pa.int32()),
    )  # fmt: skip
    past = table.filter(pc.less(table["registered_at"], pc.min(later["registered_at"])))
    other = past.filter(pc.less_equal(past["registered_at"], pa.scalar(max(before))))
    return replace(
        task,
        declarations=pa.concat_tables([other, later]),
        children={**task.children, "transport_means": pa.concat_tables([means, again])},
        first_day=day,
        last_day=day,
        by_models=False,
    )


def compare(task: Task) -> tuple[int, Counter[str], Counter[str], Counter[str]]:
    """Return how many amendments were decided, what differed of decisions, which facts, and the corridors."""
    whole = assess(task)
    expected = {r["declaration_id"]: r for r in whole.decisions.to_pylist()}
    measures: dict[str, list[dict[str, Any]]] = {}
    for row in whole.measures.to_pylist():
        measures.setdefault(row["declaration_id"], []).append(row)
    night = prepare(task)
    policy = policy_from(
        json.loads(json.dumps(night.content)), pack=task.pack, profiles=task.profiles, key=task.key
    )
    known = dict(night.answers)
    today = {
        (r["declaration_id"], r["item_no"]): {name: r[name] for name in TODAY}
        for r in build_facts(
            task.declarations, task.findings, zone=task.pack.zone, holidays=task.pack.holidays,
            first_day=task.first_day, last_day=task.first_day, names=TODAY,
            transport_means=task.children["transport_means"],
        ).to_pylist()
    }  # fmt: skip
    batch = {(r["declaration_id"], r["item_no"]): r for r in whole.facts.to_pylist()}
    taken = Taken.nothing(len(night.prices.lanes))
    decided, differ, facts_apart, corridors = 0, Counter[str](), Counter[str](), Counter[str]()
    for one in arrivals(
        cast("pa.Table", task.declarations),
        {"transport_means": cast("pa.Table", task.children["transport_means"])},
    ):
        if one.version != 2:
            continue
        found = {key: known[key] for key in policy.lookup.keys(one.declared) if key in known}
        own = [today[one.number, int(str(item["item_no"]))] for item in one.declared.items]
        facts = policy.facts(one.declared, version=2, at=one.at, found=found, today=own)
        live = policy.decide(
            one.declared, number=one.number, version=2, at=one.at, facts=facts,
            snapshot_id=night.snapshot_id, taken=taken, earlier=None,
        )  # fmt: skip
        decided += 1
        want = expected[one.number]
        found_apart = differences(live, want, measures.get(one.number, []))
        differ.update(found_apart)
        differ["any"] += bool(found_apart)
        corridors[f"{want['corridor']} > {live.corridor}"] += want["corridor"] != live.corridor
        names = set[str]()
        for item, told in zip(one.declared.items, facts, strict=True):
            row = batch[one.number, int(str(item["item_no"]))]
            names |= {name for name, value in told.items() if name in row and not _same(value, row[name])}
        facts_apart.update(names)
    return decided, differ, facts_apart, +corridors


def _same(own: object, other: object) -> bool:
    if isinstance(own, int | float) and isinstance(other, int | float):
        return abs(float(own) - float(other)) <= 1e-9 * max(1.0, abs(float(other)))
    return own == other


def main() -> None:
    """Compare the days asked for and keep the figures after each."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=31)
    asked.add_argument("--months", type=int, default=4, help="of the world; the last is compared")
    asked.add_argument("--per-day", type=int, default=60)
    asked.add_argument("--first", type=date.fromisoformat, default=date(2026, 4, 7))
    asked.add_argument("--days", type=int, default=5)
    asked.add_argument("--out", type=Path, required=True)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        task = border(
            Path(folder), seed=told.seed, months=told.months, per_day=told.per_day, first=told.first
        )
    decided, days = 0, 0
    differ, facts, corridors = Counter[str](), Counter[str](), Counter[str]()
    for day in (told.first + timedelta(days=n) for n in range(told.days)):
        count, found, apart, moved = compare(amended(task, day))
        decided, days = decided + count, days + 1
        differ.update(found)
        facts.update(apart)
        corridors.update(moved)
        figures = {
            "command": f"python -m studies.amended_later --seed {told.seed} --months {told.months} "
            f"--per-day {told.per_day} --first {told.first} --days {told.days}",
            "until": day.isoformat(), "days": days, "amendments_decided": decided,
            "decisions_that_differ_in": dict(sorted(differ.items())),
            "corridors_batch_to_live": dict(sorted(corridors.items())),
            "amendments_with_another_fact": dict(sorted(facts.items(), key=lambda one: (-one[1], one[0]))),
        }  # fmt: skip
        told.out.parent.mkdir(parents=True, exist_ok=True)
        told.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(day, decided, dict(differ), flush=True)


if __name__ == "__main__":
    main()
