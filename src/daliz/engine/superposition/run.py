"""A superposition from end to end: what to have active, what it would bring, how far to trust that."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from daliz.engine.allocation import PRACTICE_KEY, Capacity, DrawKey
from daliz.engine.backtest.labels import Labels
from daliz.engine.backtest.store import FactsStore
from daliz.engine.pack import Pack, Profile
from daliz.engine.superposition.border import Border, Found, border, found_by, names_needed
from daliz.engine.superposition.bound import Bound, bound
from daliz.engine.superposition.candidates import (
    EACH_WAY,
    Candidate,
    Model,
    SuperpositionError,
    of_models,
    of_pack,
    of_profiles,
    with_thresholds,
    without_exclusions,
    without_lists,
)
from daliz.engine.superposition.claims import Claims, claims
from daliz.engine.superposition.outlook import Outlook, by_day, controls_of, differences, outlook
from daliz.engine.superposition.problem import Flags, Floats, Problem
from daliz.engine.superposition.resampling import Estimate, estimate, resampled
from daliz.engine.superposition.search import search
from daliz.engine.superposition.standing import Standing
from daliz.engine.superposition.verdicts import Verdict, verdicts
from daliz.engine.superposition.worth import Teacher, teach
from daliz.language import N_

Progress = Callable[[str, float], None]

_FEWEST: Final = 8
"""Days below which there is nothing to choose from and to keep out."""
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        pack: the country pack.
        capacity: officers' time.
        days: first and last local day, both included.
        profiles_of: the profiles in force on this day are today's set.
        kept_out: share of the days, the last ones, that takes no part in the choice, 0 to 1.
        steps: values of each threshold that are tried below the present one, and above it; 0 for none.
        profiles: from elsewhere.
        models: what models say.
        lists: without which profiles are tried.
        exclusions: whether profiles are tried without their exclusions.
        least: share of today's gain that a candidate must bring to be kept, and a change as much again to be
            proposed, 0 to 1.
        most: how many waivable profiles and models may be active; None for any number.
        level: confidence of intervals.
        key: of the draw.
    """

    pack: Pack
    capacity: Capacity
    days: tuple[date, date]
    profiles_of: date
    kept_out: float = 0.2
    steps: int = EACH_WAY
    profiles: tuple[Profile, ...] = ()
    models: tuple[Model, ...] = ()
    lists: tuple[str, ...] = ()
    exclusions: bool = False
    least: float = 0.001
    most: int | None = None
    level: float = 0.9
    key: DrawKey = PRACTICE_KEY

    def chosen_days(self) -> tuple[date, date]:
        """Return the first and last of the days that are chosen from.

        Raises:
            SuperpositionError: there are too few days.
        """
        first, last = self.days
        whole = (last - first).days + 1
        if whole < _FEWEST:
            raise SuperpositionError(
                N_("from {first} to {last} are {n} days; to choose and to check takes {fewest} at least"),
                first=first, last=last, n=whole, fewest=_FEWEST,
            )  # fmt: skip
        kept = min(max(round(whole * self.kept_out), 1), whole - 1)
        return first, last - timedelta(days=kept)


@dataclass(frozen=True, slots=True)
class ListVerdict:
    """What the profiles would recover less if a list were empty, on the days that are chosen from.

    Attributes:
        name: of the list.
        used: profiles of the proposed set that ask it.
        missed: what they would bring less without it, money; below 0 if they would bring more.
    """

    name: str
    used: tuple[str, ...]
    missed: Estimate


@dataclass(frozen=True, slots=True)
class Superposition:
    """The answer.

    Attributes:
        candidates: how many there were.
        chosen_days: first and last day that was chosen from.
        kept_days: first and last day that was kept out.
        declarations: of the first and of the second.
        controls_known: controls that it learned from.
        weighted: findings were weighted by propensities; else they are biased.
        weighted_share: of the controls that it learned from, with a known propensity, 0 to 1.
        today: expected gain of today's set on the chosen days, money.
        proposed: that of the proposed set.
        upkeep: what one candidate must bring on the chosen days, money.
        bound: what no set can exceed, the upkeep taken off.
        lost: share of the best that the proposed set may lack at most, 0 to 1.
        verdicts: by profile and model.
        lists: by list that was asked about.
        kept_today: what today's set brings on the days that were kept out.
        kept_proposed: what the proposed set does.
        kept_more: the second less the first.
    """

    candidates: int
    chosen_days: tuple[date, date]
    kept_days: tuple[date, date]
    declarations: tuple[int, int]
    controls_known: int
    weighted: bool
    weighted_share: float
    today: float
    proposed: float
    upkeep: float
    bound: Bound
    lost: float
    verdicts: tuple[Verdict, ...]
    lists: tuple[ListVerdict, ...]
    kept_today: Outlook
    kept_proposed: Outlook
    kept_more: dict[str, Estimate]


def gathered(question: Question, store: FactsStore) -> list[Candidate]:
    """Return all candidates but models, whose thresholds depend on the declarations.

    Raises:
        SuperpositionError: nothing is in force, or what was given cannot be chosen.
    """
    pack = question.pack
    present = of_pack(pack, question.profiles_of)
    own = of_profiles(question.profiles, pack, present={c.group for c in present})
    found = [*present, *own]
    if question.lists:
        found += without_lists(present, question.lists, pack)
    if question.exclusions:
        found += without_exclusions(present, pack)
    if question.steps:
        found += with_thresholds([*present, *own], store, pack, each_way=question.steps)
    if not any(not c.mandatory for c in found) and not question.models:
        raise SuperpositionError(
            N_("no waivable profile is in force on {day}; there is nothing to choose"),
            day=question.profiles_of,
        )
    return found


def features_needed(question: Question) -> frozenset[str]:
    """Return the features that a store must have."""
    pack = question.pack
    present = of_pack(pack, question.profiles_of)
    own = of_profiles(question.profiles, pack, present={c.group for c in present})
    return names_needed([*present, *own, *without_exclusions(present, pack)], pack)


def superpose(
    store: FactsStore,
    labels: Labels,
    question: Question,
    *,
    progress: Progress = lambda _step, _done: None,
) -> Superposition:
    """Propose what to have active, so that expected recovery within capacity is greatest.

    Args:
        store: facts of the declarations, with ``features_needed``.
        labels: what controls found, and with decisions how likely they were.
        question: what is asked.
        progress: told what is under way and how much of it is done, 0 to 1.

    Raises:
        SuperpositionError: there is nothing to choose, or too few days.
        StoreError: the store lacks a feature.
    """
    pack = question.pack
    chosen_days = question.chosen_days()
    kept_days = (chosen_days[1] + timedelta(days=1), question.days[1])
    progress(N_("looking for thresholds to try"), 0.0)
    candidates = gathered(question, store)
    progress(N_("firing over past declarations"), 0.1)
    whole, candidates = _fired(store, labels, question, candidates)
    earlier = np.array([day <= chosen_days[1] for day in whole.days], dtype=np.bool_)
    if not earlier.any() or earlier.all():
        raise SuperpositionError(N_("there is no declaration in the days that are chosen from or kept out"))
    progress(N_("learning from past controls"), 0.3)
    midnight = datetime.combine(kept_days[0], time(), ZoneInfo(pack.zone))
    before = found_by(labels, pack, before=midnight)
    forms = tuple(form for form in pack.forms if form in question.capacity.forms)
    past = whole.where(earlier)
    teacher = teach(past, candidates, before, pack, forms=forms)
    told = _claims(past, candidates, teacher, question)
    progress(N_("choosing what is to be active"), 0.4)
    today = {c for c, candidate in enumerate(candidates) if candidate.present}
    problem, value_today, upkeep = _problem(told, candidates, today, question)
    standing = search(
        problem, tell=lambda done: progress(N_("choosing what is to be active"), 0.4 + 0.3 * done)
    )
    progress(N_("bounding what any choice could bring"), 0.7)
    best = bound(standing)
    samples = resampled(problem.days, seed=_SEED)
    fires = past.fired.sum(axis=0).tolist()
    progress(N_("checking on the days kept out"), 0.8)
    later_days = whole.where(~earlier)
    rest = _claims(later_days, candidates, teacher, question)
    later = found_by(labels, pack, before=datetime.max.replace(tzinfo=ZoneInfo("UTC")))
    kept_samples = resampled(len(rest.days), seed=_SEED)
    sums = [
        by_day(rest, _carried(sorted(active), candidates, (past, later_days), before, question), later, pack)
        for active in (today, standing.active)
    ]
    controlled = [i for i, number in enumerate(past.numbers) if number in before]
    weighed = _with_propensity(past, controlled)
    return Superposition(
        candidates=len(candidates),
        chosen_days=chosen_days,
        kept_days=kept_days,
        declarations=(len(past), len(whole) - len(past)),
        controls_known=len(controlled),
        weighted=weighed > 0,
        weighted_share=weighed / len(controlled) if controlled else 0.0,
        today=value_today,
        proposed=standing.value,
        upkeep=upkeep,
        bound=best,
        lost=best.lost(standing.worth),
        verdicts=tuple(verdicts(candidates, fires, standing, samples, level=question.level)),
        lists=_lists(candidates, standing, question, samples),
        kept_today=outlook(sums[0], kept_samples, level=question.level),
        kept_proposed=outlook(sums[1], kept_samples, level=question.level),
        kept_more=dict(differences(sums[1], sums[0], kept_samples, level=question.level)),
    )


def _fired(
    store: FactsStore, labels: Labels, question: Question, candidates: Sequence[Candidate]
) -> tuple[Border, list[Candidate]]:
    """Return the declarations with all firings, and the candidates in their order.

    Alternatives that fire on the same declarations as an earlier one of their group say nothing new and are
    left out.
    """
    whole = border(store, candidates, labels, question.pack, days=question.days)
    columns = [whole.fired[:, c] for c in range(len(candidates))]
    told = list(candidates)
    if question.models:
        of_days = frozenset(whole.numbers)
        like = question.pack.profiles[0]
        said = {model.name: model.probability for model in question.models}
        for candidate in of_models(question.models, of_days, question.pack, like):
            chance = said[candidate.group]
            least = candidate.value or 0.0
            columns.append(np.array([chance.get(n, 0.0) >= least for n in whole.numbers], dtype=np.bool_))
            told.append(candidate)
    kept, seen = [], set[tuple[str, bytes]]()
    for c, candidate in enumerate(told):
        signature = candidate.group, np.packbits(columns[c]).tobytes()
        if candidate.present or signature not in seen:
            kept.append(c)
        seen.add(signature)
    fired = np.column_stack([columns[c] for c in kept])
    return whole.with_fired(fired), [told[c] for c in kept]


def _claims(part: Border, candidates: Sequence[Candidate], teacher: Teacher, question: Question) -> Claims:
    return claims(
        part,
        candidates,
        teacher.expects(part),
        question.pack,
        capacity=question.capacity,
        key=question.key,
        forms=teacher.forms,
    )


def _carried(
    active: Sequence[int],
    candidates: Sequence[Candidate],
    parts: tuple[Border, Border],
    before: Mapping[str, Found],
    question: Question,
) -> Flags:
    """Return who would be controlled on the days kept out, by what the active candidates alone can tell.

    A set is given its own score, learned from its own signs: what stands outside it guides no officer.
    """
    own = [candidates[c] for c in active]
    seen, coming = (part.with_fired(part.fired[:, list(active)]) for part in parts)
    forms = tuple(form for form in question.pack.forms if form in question.capacity.forms)
    teacher = teach(seen, own, before, question.pack, forms=forms)
    return controls_of(_claims(coming, own, teacher, question), range(len(own)), question.pack)


def _problem(
    told: Claims, candidates: Sequence[Candidate], today: Collection[int], question: Question
) -> tuple[Problem, float, float]:
    """Return what is chosen among, what today's set brings, and the upkeep, money.

    What always stays is fixed. A change costs as much again as keeping what there is, and keeping what guards
    more than revenue costs nothing: it is not to be missed for want of money.
    """
    fixed: Flags = np.array([c.mandatory for c in candidates], dtype=np.bool_)
    free = told.problem(
        candidates,
        upkeep=np.zeros(len(candidates)),
        most=None,
        fixed=fixed,
        money_per_hit=question.pack.policy.money_per_hit,
    )
    value = Standing(free, sorted(today)).value
    upkeep = question.least * value
    guards = told.non_fiscal
    price = np.array(
        [
            0.0 if c.present and guards[at] else upkeep * (1 if c.present else 2)
            for at, c in enumerate(candidates)
        ]
    )
    return replace(free, upkeep=price, most=question.most), value, upkeep


def _with_propensity(past: Border, rows: Sequence[int]) -> int:
    """Return of how many declarations the propensity of control is known."""
    known = next(iter(past.propensity.values()), None)
    return 0 if known is None else int((~np.isnan(known[list(rows)])).sum())


def _lists(
    candidates: Sequence[Candidate], standing: Standing, question: Question, samples: Floats
) -> tuple[ListVerdict, ...]:
    """Say of each list asked about what emptying it would cost the proposed set."""
    found = []
    for name in question.lists:
        without = {c.group: at for at, c in enumerate(candidates) if c.without == name}
        off = [
            at for at in sorted(standing.active) if candidates[at].present and candidates[at].group in without
        ]
        added = -standing.change(on=[without[candidates[at].group] for at in off], off=off)
        found.append(
            ListVerdict(
                name,
                tuple(candidates[at].group for at in off),
                estimate(float(added.sum()), samples @ added, level=question.level),
            )
        )
    return tuple(found)
