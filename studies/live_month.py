"""A month decided live, night by night, beside the same days decided whole: how many decisions differ.

Each night learns, plans and remembers anew from what was known then; each declaration is then decided alone,
in the order of arrival, by what a process would have loaded. Beside it the batch decides the day whole with
the same knowledge and the same published models. Officers' time is ample: where it is short the batch plans a
day that live cannot foresee. Versions amended on a later day than their first are counted apart: a live
history by key still counts their first version, and a batch of one day knows no earlier day's controls.

    make study-live
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from daliz.engine.allocation import PRACTICE_KEY, Capacity
from daliz.engine.allocation.live import Taken
from daliz.engine.assess import Task, assess
from daliz.engine.estimators.learner import Scorer, foresee, past_to_learn_from
from daliz.engine.features.compute import build_facts
from daliz.engine.features.lookup import TODAY
from daliz.engine.live import Decision, Foreteller, Policy, policy_from, prepare
from daliz.engine.live.decision import Earlier
from daliz.engine.pack import load_pack
from daliz.engine.records.arrivals import Arrival, arrivals
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, DOCUMENTS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world import write_world

FORMS: Final = ("documents", "physical", "post_release")
AMPLE: Final = Capacity({}, {("*", form, None): 1e9 for form in FORMS})
_CLOSE: Final = 1e-9
_ORDER: Final = (
    "item_no", "profile_id", "profile_version", "capacity", "measure", "control_form", "extent", "status",
    "deferred", "reasons",
)  # fmt: skip


def border(folder: Path, *, seed: int, months: int, per_day: int, first: date) -> Task:
    """Write a world and return the task of its first day to be compared."""
    kz = load_pack("kz")
    pack = replace(kz, policy=replace(kz.policy, reserved_floor=0.0))
    begun = date(first.year, first.month, 1)
    for _ in range(months - 1):
        begun = (begun - timedelta(days=1)).replace(day=1)
    write_world(
        folder, pack=pack, seed=seed, months=months, per_day=per_day, first_month=begun,
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return Task(
        declarations=read_table(folder / "declarations.parquet", DECLARATIONS),
        findings=read_table(folder / "findings.parquet", FINDINGS),
        children={
            "documents": DOCUMENTS.arrow.empty_table(),
            "transport_means": read_table(folder / "transport_means.parquet", TRANSPORT_MEANS),
        },
        pack=pack,
        capacity=AMPLE,
        key=PRACTICE_KEY,
        first_day=first,
        last_day=first,
    )


def models_of(task: Task) -> Scorer:
    """Grow models from what was known before the first day, as if they had been published then."""
    findings = cast("pa.Table", task.findings)
    grown = foresee(
        task.declarations, findings, transport_means=task.children["transport_means"], pack=task.pack,
        since=past_to_learn_from(task.first_day), first_day=task.first_day, last_day=task.first_day,
        progress=lambda *_: None,
    )  # fmt: skip
    if grown is None:
        raise SystemExit("too little was found to grow models")
    return replace(grown.scorers[0], version="kz-study")


def arriving(task: Task, day: date) -> Iterator[Arrival]:
    """Give the versions registered on a day in the order of arrival, with their vehicles."""
    since = datetime.combine(day, time_of_day(), ZoneInfo(task.pack.zone))
    means = cast("pa.Table", task.children["transport_means"])
    return arrivals(
        cast("pa.Table", task.declarations),
        {"transport_means": means},
        since=since,
        before=since + timedelta(days=1),
    )


def same_day(task: Task) -> dict[tuple[str, int, int], dict[str, Any]]:
    """Return what is counted of the same day, for every item of the task's day."""
    facts = build_facts(
        task.declarations, task.findings, zone=task.pack.zone, holidays=task.pack.holidays,
        first_day=task.first_day, last_day=task.first_day, names=TODAY,
        transport_means=task.children["transport_means"],
    )  # fmt: skip
    return {
        (r["declaration_id"], r["version"], r["item_no"]): {n: r[n] for n in TODAY} for r in facts.to_pylist()
    }


class Live:
    """A process that decides a day: what it loaded, and how long each step took.

    Attributes:
        apart: versions amended on a later day, which are not compared.
        foretold: processor seconds that the models took for a declaration, with how many items it had.
        decided: the same of the whole decision, models included.
    """

    def __init__(self) -> None:
        self.apart = 0
        self.foretold: list[tuple[float, int]] = []
        self.decided: list[tuple[float, int]] = []
        self.loaded_bytes = 0

    def decide(self, task: Task) -> tuple[Policy, list[Decision]]:
        """Prepare the night before the task's day, load it as a process would, and decide the day."""
        night = prepare(task)
        content = cast("Foreteller", night.foreteller).content
        self.loaded_bytes = len(content)
        foreteller = Foreteller.of_content(content)
        policy = policy_from(
            json.loads(json.dumps(night.content)), pack=task.pack, profiles=task.profiles, key=task.key,
            foreteller=foreteller,
        )  # fmt: skip
        known, today = dict(night.answers), same_day(task)
        taken, earlier = Taken.nothing(len(night.prices.lanes)), dict[str, Earlier]()
        decisions = []
        for one in arriving(task, night.day):
            number, version, at, declared = one.number, one.version, one.at, one.declared
            if version > 1 and number not in earlier:
                self.apart += 1
                continue
            found = {key: known[key] for key in policy.lookup.keys(declared) if key in known}
            own = [today[number, version, int(str(item["item_no"]))] for item in declared.items]
            facts = policy.facts(declared, version=version, at=at, found=found, today=own)
            begun = time.thread_time()
            foreteller.foretell(facts, None)
            middle = time.thread_time()
            decided = policy.decide(
                declared, number=number, version=version, at=at, facts=facts, snapshot_id=night.snapshot_id,
                taken=taken, earlier=earlier.get(number),
            )  # fmt: skip
            self.foretold.append((middle - begun, len(facts)))
            self.decided.append((time.thread_time() - middle, len(facts)))
            decisions.append(decided)
            earlier[number] = decided.earlier
        return policy, decisions


def differences(live: Decision, want: Mapping[str, Any], measures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name what differs between a live decision and the batch's rows of the same version."""
    exact = {
        "corridor": live.corridor, "level": live.level, "level_unlisted": live.level_unlisted,
        "in_random": live.in_random, "stratum": live.stratum, "key_id": live.key_id, "model": live.model,
        "snapshot_id": live.snapshot_id, "policy_id": live.policy_id, "model_belief": live.model_belief,
        "unknown_profiles": live.unknown_profiles, "codes_beyond": live.codes_beyond,
        "exceptions": live.exceptions,
        "contributions": [{"profile_id": p, "log_odds": w} for p, w in live.contributions],
    }  # fmt: skip
    numbers = {
        "probability": live.probability, "probability_profiles": live.probability_profiles,
        "probability_unlisted": live.probability_unlisted,
        **{f"model_{form}": live.models.get(form) for form in FORMS},
        **{f"propensity_{form}": live.propensity[form] for form in FORMS},
    }  # fmt: skip
    found = [name for name, value in exact.items() if value != want[name]]
    found += [name for name, value in numbers.items() if _apart(value, want[name], _CLOSE)]
    if _apart(live.expected_damage, want["expected_damage"], 0.011):
        found.append("expected_damage")
    own = [tuple(getattr(order, name) for name in _ORDER) for order in live.orders]
    return found if own == [tuple(row[name] for name in _ORDER) for row in measures] else [*found, "measures"]


def _apart(own: Any, other: Any, most: float) -> bool:
    if own is None or other is None:
        return own is not other
    return abs(float(own) - float(other)) > most


def compare(task: Task, scorer: Scorer, day: date, live: Live) -> tuple[int, Counter[str], Counter[str]]:
    """Decide a day both ways; return how many versions were compared, what differed, and the corridors."""
    one = replace(task, first_day=day, last_day=day, scorer_on=lambda _: scorer)
    whole = assess(one)
    expected = {(r["declaration_id"], r["version"]): r for r in whole.decisions.to_pylist()}
    measures: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in whole.measures.to_pylist():
        measures.setdefault((row["declaration_id"], row["version"]), []).append(row)
    differ, corridors = Counter[str](), Counter[str]()
    _, decisions = live.decide(one)
    for decision in decisions:
        key = decision.declaration_id, decision.version
        differ.update(differences(decision, expected[key], measures.get(key, [])))
        corridors[decision.corridor] += 1
    return len(decisions), differ, corridors


def milliseconds(taken: Sequence[tuple[float, int]]) -> dict[str, float]:
    """Return quantiles of what declarations took, milliseconds of the processor."""
    p50, p99 = np.quantile([1000 * seconds for seconds, _ in taken], [0.5, 0.99])
    items = float(np.mean([count for _, count in taken]))
    return {"p50_ms": round(float(p50), 2), "p99_ms": round(float(p99), 2), "mean_items": round(items, 1)}


def main() -> None:
    """Compare the days asked for and keep the figures after each."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=31)
    asked.add_argument("--months", type=int, default=4, help="of the world; the last is compared")
    asked.add_argument("--per-day", type=int, default=30)
    asked.add_argument("--first", type=date.fromisoformat, default=date(2026, 4, 1))
    asked.add_argument("--days", type=int, default=30)
    asked.add_argument("--out", type=Path, required=True)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        task = border(
            Path(folder), seed=told.seed, months=told.months, per_day=told.per_day, first=told.first
        )
    scorer, live = models_of(task), Live()
    compared, days, differ, corridors = 0, 0, Counter[str](), Counter[str]()
    for day in (told.first + timedelta(days=n) for n in range(told.days)):
        count, found, seen = compare(task, scorer, day, live)
        compared, days = compared + count, days + bool(count)
        differ.update(found)
        corridors.update(seen)
        figures = {
            "command": f"python -m studies.live_month --seed {told.seed} --months {told.months} "
            f"--per-day {told.per_day} --first {told.first} --days {told.days}",
            "until": day.isoformat(), "days_with_declarations": days, "versions_compared": compared,
            "differences": dict(sorted(differ.items())), "corridors": dict(sorted(corridors.items())),
            "amended_on_a_later_day": live.apart, "items_found_in_violation": scorer.models.positives,
            "models_alone": milliseconds(live.foretold), "decision": milliseconds(live.decided),
            "models_kept_bytes": live.loaded_bytes,
        }  # fmt: skip
        told.out.parent.mkdir(parents=True, exist_ok=True)
        told.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        print(day, compared, dict(differ), flush=True)


if __name__ == "__main__":
    main()
