"""The whole decision: what happens to a declaration between its facts and its corridor.

``STEPS`` is the page to read: each step adds to the assessment what its docstring names.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz import __version__
from daliz.engine.allocation import Candidate, Capacity, Day, DrawKey, Standing, plan_day
from daliz.engine.allocation.claiming import Claimants, Spared, claim
from daliz.engine.allocation.requests import deferred
from daliz.engine.corridors import (
    ORDERED,
    Order,
    Reasons,
    choose_corridor,
    digest,
    load_table,
    measures_table,
    money,
    orders,
    price_id,
)
from daliz.engine.estimators.learner import FORMS, Foresight, Scorer, foresee, foretell
from daliz.engine.features import VOCABULARY
from daliz.engine.features.compute import build_facts
from daliz.engine.pack import (
    CODED,
    Pack,
    Point,
    Profile,
    ProfileKind,
    codes_beyond,
)
from daliz.engine.records.columns import column_of, rows_of
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.files import Source
from daliz.engine.records.schema import FINDINGS
from daliz.engine.scoring import Experience, Firings, fire, learn
from daliz.engine.scoring.exceptions import ExceptionRegister, OnLists, exception_row, raised, raised_expected
from daliz.engine.scoring.experience import outcomes_of
from daliz.engine.scoring.firing import holds, names_of
from daliz.engine.scoring.judging import Judged, gains_by_form, judged, levelled
from daliz.engine.scoring.mixing import Expected, belief
from daliz.engine.scoring.results import known_results
from daliz.language import N_

Progress = Callable[[str, float], None]

_ALWAYS: Final = frozenset({"declaration.direction", "declaration.customs_value"}) | CODED
_REMEMBERED: Final = timedelta(days=365)
"""How far back past controls teach; what officers found before that speaks of another border."""
_MEMORY_GB: Final = 2.0
"""What DuckDB may hold while facts are computed, so that a machine of 4 GB assesses a busy border."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be assessed, and by what.

    Attributes:
        declarations: canonical declarations, with the history before ``first_day``.
        findings: canonical findings, or None where nothing is known of past controls.
        children: further canonical tables by name (documents, containers, transport_means).
        pack: the country pack.
        capacity: officer time.
        key: of the draw.
        first_day: first local day to assess.
        last_day: the last.
        profiles_of: judge every day by the profiles in force on this one, as if they had been in force
            all along; None to judge each day by its own.
        by_models: let models score beside the profiles.
        scorer_on: published models by the day on which they are in force, None where none is; where this is
            not given models learn from the findings on the way, if there are enough.
    """

    declarations: Source
    findings: Source | None
    children: Mapping[str, Source]
    pack: Pack
    capacity: Capacity
    key: DrawKey
    first_day: date
    last_day: date
    profiles_of: date | None = None
    by_models: bool = True
    scorer_on: Callable[[date], Scorer | None] | None = None

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Every profile version that is in force on any of the days."""
        first, last = self.profiles_of or self.first_day, self.profiles_of or self.last_day
        return tuple(
            p for p in self.pack.profiles if p.in_force(max(first, p.valid_from)) and p.valid_from <= last
        )

    def in_force(self, profile: Profile, day: date) -> bool:
        """Tell whether ``profile`` decides on declarations of ``day``."""
        return profile.in_force(self.profiles_of or day)


@dataclass(slots=True)
class Assessment:
    """A task as it passes through the steps; each field is set by the step that its comment names."""

    task: Task
    progress: Progress
    results: pa.Table = field(init=False)  # know_facts: what past controls found, known before the first day
    past: pa.Table = field(init=False)  # know_facts: facts of the declarations that were controlled
    facts: pa.Table = field(init=False)  # know_facts: facts of those to be assessed
    whole: pa.Table = field(init=False)  # know_facts: the first row of each declaration version
    experts: Firings = field(init=False)  # fire_profiles
    experience: Experience = field(init=False)  # learn_from_controls
    foresight: Foresight | None = field(init=False)  # foresee_by_models: None where too little was found
    judged: Judged = field(init=False)  # score: what profiles and models say, before exception lists
    probability: NDArray[np.float64] = field(init=False)  # score, raised by apply_lists
    expected: Expected = field(init=False)  # score: by form of control, raised by apply_lists
    listed: OnLists = field(init=False)  # apply_lists
    spared: list[Spared] = field(init=False)  # draw_shares: and the list that spared it
    candidates: list[Candidate] = field(init=False)  # draw_shares
    strata: list[str | None] = field(init=False)  # draw_shares
    days: dict[date, Day] = field(init=False)  # allocate_control
    decided: list[list[Order]] = field(init=False)  # choose_measures
    policy: dict[str, object] = field(init=False)  # record
    decisions: pa.Table = field(init=False)  # record
    measures: pa.Table = field(init=False)  # record
    load: pa.Table = field(init=False)  # record

    @property
    def policy_id(self) -> str:
        """The name of the manifest."""
        return "policy-" + digest(self.policy)


def know_facts(a: Assessment) -> None:
    """Compute what the profiles ask of each item, and of those controlled before, each as of its own day."""
    task = a.task
    midnight = datetime.combine(task.first_day, time(), ZoneInfo(task.pack.zone))
    findings = FINDINGS.arrow.empty_table() if task.findings is None else task.findings
    a.results = known_results(findings, before=midnight)
    facts = _facts(a, controlled=frozenset(column_of(a.results, "declaration_id", str)))
    before = int((facts["day"].to_numpy() < np.datetime64(task.first_day)).sum())
    a.past, a.facts = facts.slice(0, before), facts.slice(before)


def fire_profiles(a: Assessment) -> None:
    """Find which expert profiles hold, for which items."""
    a.experts = fire(a.facts, a.task.pack, _of_kind(a.task, ProfileKind.EXPERT))
    a.whole = rows_of(a.facts, a.experts.first_row)
    days, versions = column_of(a.whole, "day", date), column_of(a.whole, "version", int)
    points = [Point.REGISTRATION if version == 1 else Point.AMENDMENT for version in versions]
    moments = list(zip(days, points, strict=True))
    deciding = {
        (day, point): [a.task.in_force(p, day) and point in p.points for p in a.experts.profiles]
        for day, point in set(moments)
    }
    in_force = np.array([deciding[moment] for moment in moments], dtype=np.bool_)
    a.experts = a.experts.limited_to(in_force.reshape(a.experts.fired.shape))


def learn_from_controls(a: Assessment) -> None:
    """Learn hit rates, damage and the score from what was known before the first day."""
    fired = fire(a.past, a.task.pack, _of_kind(a.task, ProfileKind.EXPERT))
    a.experience = learn(fired, outcomes_of(a.past, fired.first_row, a.results), a.task.pack)
    del a.past  # the largest of all, and nobody asks for it again


def foresee_by_models(a: Assessment) -> None:
    """Foretell by the models in force; where none are given they learn from the past, if it found enough."""
    task = a.task
    a.foresight = None
    if not task.by_models:
        return
    known = FINDINGS.arrow.empty_table() if task.findings is None else task.findings
    look = foresee if task.scorer_on is None else partial(foretell, scorer_on=task.scorer_on)
    a.foresight = look(
        task.declarations,
        known,
        transport_means=task.children.get("transport_means"),
        pack=task.pack,
        since=task.first_day - _REMEMBERED,
        first_day=task.first_day,
        last_day=task.last_day,
        progress=a.progress,
    )


def score(a: Assessment) -> None:
    """Give each declaration one probability, and the damage a violation would do.

    A value in another currency than the pack's says nothing of the damage: it is unknown, never mixed.
    What profiles expect and what models do is pooled; where no model scored profiles judge alone.
    """
    pack, whole = a.task.pack, a.whole
    value = whole["declaration.customs_value"].to_numpy(zero_copy_only=False).astype(np.float64)
    ours = [code == pack.currency for code in whole["declaration.currency"].to_pylist()]
    a.judged = judged(
        a.experts, value=value, ours=np.array(ours, np.bool_), experience=a.experience, seen=a.foresight,
        pack=pack,
    )  # fmt: skip
    a.probability, a.expected = a.judged.probability, a.judged.expected


def apply_lists(a: Assessment) -> None:
    """Find who stands on an exception list on the day, and let watch lists raise chance and gain."""
    pack = a.task.pack
    register = ExceptionRegister(pack)
    values = {name: a.whole[name].to_pylist() for name in register.names}
    a.listed = register.of(values, column_of(a.whole, "day", date))
    added = a.listed.log_odds
    a.probability = raised(a.probability, added)
    a.expected = raised_expected(a.expected, added, pack)


def draw_shares(a: Assessment) -> None:
    """Draw the random share from everyone, thin profiles that fire on a share, let models fire."""
    task, pack, whole = a.task, a.task.pack, a.whole
    strata = pack.policy.random.strata
    inside = holds(whole, {s.code: s.when for s in strata}, pack)
    models, randoms = _of_kind(task, ProfileKind.MODEL), _of_kind(task, ProfileKind.RANDOM)
    days = column_of(whole, "day", date)
    of_row = [next((s for s in strata if inside[s.code][row]), None) for row in range(whole.num_rows)]
    scored = np.zeros(whole.num_rows, np.bool_) if a.foresight is None else a.foresight.scored
    claimants = Claimants(
        number=column_of(whole, "declaration_id", str),
        office=whole["declaration.office"].to_pylist(),
        goods_office=whole["declaration.goods_location"].to_pylist(),
        experts=a.experts.profiles,
        fired=a.experts.fired,
        models=models,
        reached=fire(whole, pack, models).fired & scored[:, None] & _deciding(task, models, days),
        expected=a.expected,
        gain=gains_by_form(
            a.judged, probability=a.probability, expected=a.expected, experience=a.experience,
            seen=a.foresight, pack=pack,
        ),
        listed=a.listed,
        stratum=of_row,
        drawing=[
            next((p for p in randoms if of and p.stratum == of.code and task.in_force(p, day)), None)
            for of, day in zip(of_row, days, strict=True)
        ],
    )  # fmt: skip
    a.candidates, a.spared = claim(claimants, pack=pack, key=task.key)
    a.strata = [of.code if of else None for of in of_row]


def allocate_control(a: Assessment) -> None:
    """Give officers' time, day by day: mandatory, the random share, then by expected gain."""
    rows: defaultdict[date, list[int]] = defaultdict(list)
    for row, day in enumerate(column_of(a.whole, "day", date)):
        rows[day].append(row)
    a.days = {}
    earlier: dict[str, Standing] = {}
    for done, (day, of_day) in enumerate(sorted(rows.items())):
        a.progress(_SAYING[allocate_control], done / len(rows))
        candidates = [a.candidates[row] for row in of_day]
        plan = plan_day(
            candidates,
            day=day,
            declarations=len({c.number for c in candidates}),
            capacity=a.task.capacity,
            pack=a.task.pack,
            earlier=earlier,
        )
        a.days[day] = plan
        for candidate, given, chances in zip(candidates, plan.controls, plan.propensity, strict=True):
            earlier[candidate.number] = Standing(given, chances)


def choose_measures(a: Assessment) -> None:
    """Order measures for what officers have time for, and say what was set aside; amendments inherit."""
    place: defaultdict[date, int] = defaultdict(int)
    earlier: dict[str, list[Order]] = {}
    reasons = Reasons(a.facts, a.experts)
    a.decided = []
    for row, day in enumerate(column_of(a.whole, "day", date)):
        controls = frozenset(a.days[day].controls[place[day]])
        place[day] += 1
        candidate = a.candidates[row]
        waits = deferred(a.task.pack, candidate.fired)
        own = [
            order
            for profile, by_draw in candidate.fired
            for order in orders(
                a.task.pack,
                profile,
                why=reasons.of(row, profile),
                controls=controls,
                by_draw=by_draw,
                may_wait=waits,
            )
        ]
        own += [
            order.spared(code)
            for profile, code in a.spared[row]
            for order in orders(
                a.task.pack, profile, why=reasons.of(row, profile), controls=frozenset(), by_draw=False
            )
        ]
        kept = {order.key for order in own if order.status == ORDERED}
        taken_over = [o.inherited() for o in earlier.get(candidate.number, []) if o.key not in kept]
        replaced = {order.key for order in taken_over}
        rows = [order for order in own if order.key not in replaced] + taken_over
        earlier[candidate.number] = [order for order in rows if order.status == ORDERED]
        a.decided.append(rows)


def record(a: Assessment) -> None:
    """Write everything down as it will be kept."""
    prices = {day: price_id(day, plan) for day, plan in a.days.items()}
    numbers, versions = column_of(a.whole, "declaration_id", str), column_of(a.whole, "version", int)
    of_row = [prices[day] for day in column_of(a.whole, "day", date)]
    a.policy = policy_of(a)
    a.measures = measures_table(numbers, versions, of_row, a.decided)
    a.load = load_table(a.days, a.task.capacity, prices)
    a.decisions = _decisions(a, of_row)


Step = Callable[[Assessment], None]

STEPS: Final[tuple[Step, ...]] = (
    know_facts,
    fire_profiles,
    learn_from_controls,
    foresee_by_models,
    score,
    apply_lists,
    draw_shares,
    allocate_control,
    choose_measures,
    record,
)
"""What happens to a declaration, in order."""

_SAYING: Final[Mapping[Step, str]] = {
    know_facts: N_("computing features"),
    fire_profiles: N_("firing profiles"),
    learn_from_controls: N_("learning from past controls"),
    foresee_by_models: N_("growing models"),
    score: N_("scoring"),
    apply_lists: N_("applying exception lists"),
    draw_shares: N_("drawing the random share"),
    allocate_control: N_("allocating officers' time"),
    choose_measures: N_("choosing measures and corridors"),
    record: N_("recording decisions"),
}


def assess(task: Task, *, progress: Progress | None = None, upto: Step = record) -> Assessment:
    """Judge every declaration of the task's days and choose its measures and corridor.

    The same task gives the same bytes. Nothing is controlled without a profile in force.

    Args:
        task: what to assess, and by what.
        progress: told what is under way (a message to translate) and how much of it is done, 0 to 1.
        upto: the last of ``STEPS`` to take; what the later ones add is not set.
    """
    a = Assessment(task, progress or (lambda _step, _done: None))
    for step in STEPS[: STEPS.index(upto) + 1]:
        a.progress(_SAYING[step], 0.0)
        step(a)
    return a


def _deciding(task: Task, profiles: Sequence[Profile], days: Sequence[date]) -> NDArray[np.bool_]:
    """Tell which profiles are in force on the day of each declaration, shape (declarations, profiles)."""
    of_day = {day: [task.in_force(p, day) for p in profiles] for day in set(days)}
    return np.array([of_day[day] for day in days], dtype=np.bool_).reshape(len(days), len(profiles))


def _by_models(a: Assessment) -> dict[str, object]:
    """Return the columns that say what models expected and how far they were believed."""
    seen, count = a.foresight, a.whole.num_rows
    columns: dict[str, object] = {f"model_{form}": pa.nulls(count, pa.float64()) for form in FORMS}
    if seen is None:
        return columns | {"model_belief": [0.0] * count, "model": pa.nulls(count, pa.string())}
    columns |= {
        f"model_{form}": pa.array(seen.chance[:, at], mask=~seen.known[:, at])
        for at, form in enumerate(FORMS)
    }
    return columns | {"model_belief": [belief(n) for n in seen.positives.tolist()], "model": seen.versions}


def _levels(a: Assessment) -> dict[str, object]:
    """Return the columns of the risk level and of what exception lists did to it and to the probability."""
    own, before = levelled(a.probability, a.judged, a.experts, a.listed, a.task.pack)
    lists = a.listed.of
    unlisted = zip(a.judged.probability, before, lists, strict=True)
    return {
        "level": own,
        "exceptions": [[exception_row(named) for named in of] for of in lists],
        "probability_unlisted": [float(p) if of else None for p, _, of in unlisted],
        "level_unlisted": [level if of else None for level, of in zip(before, lists, strict=True)],
    }


def _of_kind(task: Task, kind: ProfileKind) -> tuple[Profile, ...]:
    return tuple(profile for profile in task.profiles if profile.kind is kind)


def _facts(a: Assessment, *, controlled: frozenset[str]) -> pa.Table:
    """Compute what some profile, stratum or step asks for, of past controls and then of the task's days."""
    task = a.task
    listed = frozenset(named.by for named in task.pack.exception_lists.values())
    strata = frozenset[str]().union(*(s.when.names for s in task.pack.policy.random.strata))
    return build_facts(
        task.declarations,
        task.findings,
        zone=task.pack.zone,
        holidays=task.pack.holidays,
        first_day=task.first_day - _REMEMBERED,
        last_day=task.last_day,
        names=names_of(task.profiles) | strata | listed | _ALWAYS,
        only=controlled,
        all_from=task.first_day,
        progress=a.progress,
        documents=task.children.get("documents"),
        containers=task.children.get("containers"),
        transport_means=task.children.get("transport_means"),
        extra=[f for f in task.pack.vocabulary.values() if f.name not in VOCABULARY],
        official=task.pack.feature_tables,
        memory_gb=_MEMORY_GB,
    )


def policy_of(a: Assessment) -> dict[str, object]:
    """Return the manifest under which every decision was made; of an overlay it has the fingerprint."""
    task, pack = a.task, a.task.pack
    stated = {"code": pack.code, "version": pack.told_version, "fingerprint": pack.fingerprint}
    shares = {stratum.code: stratum.share for stratum in pack.policy.random.strata}
    if pack.overlay is not None:
        stated["overlay"] = pack.overlay.fingerprint
    return {
        "engine": __version__,
        "pack": stated,
        "profiles": sorted([pack.told(p.id), p.version] for p in task.profiles),
        "experience": a.experience.digest,
        "models": a.foresight.digest if a.foresight else None,
        "profiles_of": task.profiles_of.isoformat() if task.profiles_of else None,
        "random_shares": pack.told(digest(shares)) if pack.overlay else shares,
        "unit_of_capacity": task.capacity.unit,
        "decides": task.pack.policy.decides.value,
    }


def _decisions(a: Assessment, prices: Sequence[str]) -> pa.Table:
    task, pack, whole = a.task, a.task.pack, a.whole
    in_order = [day for _, day in sorted(a.days.items())]
    propensity = [chances for day in in_order for chances in day.propensity]
    opened = [pack.policy.random.form in given for day in in_order for given in day.controls]
    ids = [profile.id for profile in a.experts.profiles]
    shares = {stratum.code: stratum.share for stratum in pack.policy.random.strata}
    added = a.experience.score.contributions(a.experts.fired)
    columns = {
        "declaration_id": whole["declaration_id"],
        "version": whole["version"],
        "registered_at": whole["registered_at"],
        "day": whole["day"],
        "direction": whole["declaration.direction"],
        "office": whole["declaration.office"],
        "corridor": [
            choose_corridor(pack, [o.measure for o in given if o.status == ORDERED]) for given in a.decided
        ],
        "probability": a.probability,
        "probability_profiles": a.judged.by_profiles,
        **_by_models(a),
        "expected_damage": [money(value) for value in a.probability * a.judged.damage],
        **_levels(a),
        **{f"propensity_{form}": [chances.get(form, 0.0) for chances in propensity] for form in FORMS},
        "in_random": [
            given and any(by_draw for _, by_draw in candidate.fired)
            for given, candidate in zip(opened, a.candidates, strict=True)
        ],
        "stratum": a.strata,
        "random_share": [shares.get(stratum or "") for stratum in a.strata],
        "contributions": [
            [{"profile_id": ids[k], "log_odds": float(row[k])} for k in np.flatnonzero(fired)]
            for row, fired in zip(added, a.experts.fired, strict=True)
        ],
        "unknown_profiles": [[ids[k] for k in np.flatnonzero(unknown)] for unknown in a.experts.unknown],
        "codes_beyond": codes_beyond(a.facts, a.experts.first_row.tolist(), pack),
        "policy_id": [a.policy_id] * whole.num_rows,
        "snapshot_id": whole["snapshot_id"],
        "price_id": prices,
        "key_id": [task.key.key_id] * whole.num_rows,
    }
    return pa.table(columns, schema=DECISIONS.arrow).combine_chunks()
