"""The night's part of live assessment: history by key, what was learned, and the plan of the day to come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa

from daliz.engine.allocation import Day, DrawKey
from daliz.engine.assess import Assessment, Task, assess, know_facts, learn_from_controls, policy_of
from daliz.engine.corridors import digest
from daliz.engine.estimators.learner import Scorer, past_to_learn_from
from daliz.engine.estimators.learner.foretelling import remember
from daliz.engine.features.clock import day_number
from daliz.engine.features.lookup import Answer, Key, answers_of
from daliz.engine.features.nightly import snapshot
from daliz.engine.live.foretelling import Foreteller
from daliz.engine.live.policy import Policy
from daliz.engine.live.prices import Prices, prices_of
from daliz.engine.pack import Pack, Profile
from daliz.engine.records.columns import column_of
from daliz.engine.records.duck import connect
from daliz.engine.records.files import parquet_files, register
from daliz.engine.records.schema import DECLARATIONS, FINDINGS
from daliz.engine.scoring import Experience
from daliz.engine.scoring.experience import experience_content, experience_of

_LOOKED_BACK: Final = 14
"""Days among which one like the day to come is sought, back from the last that is known."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Night:
    """What live assessment of one day needs.

    Attributes:
        day: the local day that it serves.
        snapshot_id: the state of history.
        tables: history by key: see ``features.nightly``.
        experience: what was learned.
        prices: the plan.
        manifest: what the policy is made of.
        foreteller: the models in force on the day and what they rest on; None where none is.
    """

    day: date
    snapshot_id: str
    tables: Mapping[str, pa.Table]
    experience: Experience
    prices: Prices
    manifest: Mapping[str, Any]
    foreteller: Foreteller | None = None

    @property
    def answers(self) -> list[tuple[Key, Answer]]:
        """Every answer of history that a live declaration may look up."""
        return [
            pair
            for name, table in sorted(self.tables.items())
            if name != "reference"
            for pair in answers_of(name, table)
        ]

    @property
    def policy_id(self) -> str:
        """The name of the policy, as ``Policy`` gives it."""
        return "policy-" + digest(self.manifest)

    @property
    def content(self) -> dict[str, Any]:
        """What a process loads, as JSON values; history and models apart."""
        return {
            "day": self.day.isoformat(),
            "snapshot_id": self.snapshot_id,
            "experience": experience_content(self.experience),
            "prices": self.prices.content,
            "manifest": dict(self.manifest),
        }


def prepare(task: Task, *, progress: Progress | None = None) -> Night:
    """Learn and plan for the task's first day, from what was known before it.

    Args:
        task: its capacity, key and pack; of its declarations and findings only those before the day count.
            Models score if ``scorer_on`` gives those in force; none is grown here.
        progress: told what is under way.
    """
    tell = progress or (lambda _step, _done: None)
    day = task.first_day
    scorer = task.scorer_on(day) if task.by_models and task.scorer_on is not None else None
    alone = replace(
        task,
        last_day=day,
        by_models=scorer is not None,
        scorer_on=None if scorer is None else lambda _: scorer,
    )
    identity, tables = snapshot(task.declarations, task.findings, zone=task.pack.zone, day=day)
    a = Assessment(alone, tell)
    know_facts(a)
    learn_from_controls(a)
    a.foresight = None
    return Night(
        day=day,
        snapshot_id=identity,
        tables=tables,
        experience=a.experience,
        prices=_plan(alone, day, tell),
        manifest=policy_of(a) | {"models": scorer.digest if scorer else None},
        foreteller=None if scorer is None else _foreteller(scorer, task, day, tell),
    )


def _foreteller(scorer: Scorer, task: Task, day: date, tell: Progress) -> Foreteller:
    memory = remember(
        task.declarations,
        FINDINGS.arrow.empty_table() if task.findings is None else task.findings,
        transport_means=task.children.get("transport_means"),
        pack=task.pack,
        since=past_to_learn_from(day),
        day=day,
        progress=tell,
    )
    return Foreteller(scorer, memory, day_number(day))


def policy_from(
    content: Mapping[str, Any],
    *,
    pack: Pack,
    profiles: tuple[Profile, ...],
    key: DrawKey,
    foreteller: Foreteller | None = None,
) -> Policy:
    """Return the policy that ``Night.content`` kept.

    Args:
        content: of the night.
        pack: the pack that the manifest names.
        profiles: those of the task, in its order.
        key: of the draw.
        foreteller: of the night.
    """
    return Policy(
        pack=pack,
        profiles=profiles,
        experience=experience_of(content["experience"]),
        prices=Prices.of_content(content["prices"]),
        key=key,
        manifest=content["manifest"],
        foreteller=foreteller,
    )


def _plan(task: Task, day: date, tell: Progress) -> Prices:
    """Plan a past day like the one to come whole, and take its prices."""
    works, known = _works(day, task.pack), _last_days(task, day)
    if not known:
        return _blank(task, day)
    like = min(known, key=lambda d: (_works(d, task.pack) != works, day - d))
    judged = replace(task, first_day=like, last_day=like, profiles_of=task.profiles_of or day)
    a = assess(judged, progress=tell)
    moments = column_of(a.whole, "registered_at", datetime)
    return prices_of(a.days[like], a.candidates, moments, day=day, capacity=task.capacity, pack=task.pack)


def _last_days(task: Task, day: date) -> list[date]:
    """Return the last days before ``day`` of which declarations are known: the past may end long ago."""
    source = task.declarations
    folders = [] if isinstance(source, pa.Table) else [file.parent for file in parquet_files(source)]
    with connect(folders=folders) as connection:
        register(connection, "declarations", source, DECLARATIONS)
        rows = connection.execute(
            "WITH known AS "
            "(SELECT DISTINCT (registered_at AT TIME ZONE $zone)::DATE AS day FROM declarations) "
            "SELECT day FROM known WHERE day < $day "
            "AND day > (SELECT max(day) FROM known WHERE day < $day) - $back ORDER BY day",
            {"zone": task.pack.zone, "day": day, "back": _LOOKED_BACK},
        ).fetchall()
    return [found for (found,) in rows]


def _blank(task: Task, day: date) -> Prices:
    """Return a plan without experience: nothing is expected of anybody, so time is free until it is gone.

    How many come is the pack's word, and they come evenly; the random share is kept time for as if all of
    them were of the stratum that is drawn most.
    """
    policy, capacity, expected = task.pack.policy, task.capacity, task.pack.policy.expected_a_day
    empty = prices_of(Day({}, [], [], 0.0, 0.0), [], [], day=day, capacity=capacity, pack=task.pack)
    minutes = task.pack.measures[policy.random.measure].minutes if capacity.unit == "minutes" else 1.0
    drawn = expected * max((stratum.share for stratum in policy.random.strata), default=0.0) * minutes
    lanes = []
    for lane in empty.lanes:
        available = capacity.available(lane.pool, lane.form, day, declarations=expected)
        lanes.append(
            replace(
                lane,
                capacity=available,
                floor=policy.reserved_floor * available,
                random=min(drawn, available) if lane.form == policy.random.form else 0.0,
                arrivals=float(expected),
            )
        )
    return replace(empty, lanes=tuple(lanes), hours=tuple((hour + 1) / 24 for hour in range(24)))


def _works(day: date, pack: Pack) -> bool:
    return day.isoweekday() <= 5 and day not in pack.holidays
