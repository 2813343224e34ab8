"""A superposition from end to end: what to have active, what it would bring, how far to trust that."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from daliz.engine.backtest.labels import Labels
from daliz.engine.backtest.store import FactsStore
from daliz.engine.superposition.alternatives import without_key
from daliz.engine.superposition.answer import ListVerdict, Superposition
from daliz.engine.superposition.border import Border, Found, found_by
from daliz.engine.superposition.bound import bound
from daliz.engine.superposition.candidates import Candidate, SuperpositionError
from daliz.engine.superposition.claims import Claims, claims
from daliz.engine.superposition.firing import fire
from daliz.engine.superposition.outlook import by_day, controls_of, differences, outlook
from daliz.engine.superposition.problem import Flags, Problem
from daliz.engine.superposition.question import Question, gathered
from daliz.engine.superposition.resampling import resampled
from daliz.engine.superposition.search import search
from daliz.engine.superposition.standing import Standing
from daliz.engine.superposition.verdicts import Judge, Proposal
from daliz.engine.superposition.worth import Teacher, teach
from daliz.language import N_

Progress = Callable[[str, float], None]

_SEED: Final = 7


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
        labels: what controls found, and with decisions how likely they were and what models said.
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
    gathering = gathered(question, store)
    progress(N_("firing over past declarations"), 0.1)
    fired = fire(store, labels, question, gathering)
    whole, candidates = fired.border, fired.candidates
    earlier = np.array([day <= chosen_days[1] for day in whole.days], dtype=np.bool_)
    if not earlier.any() or earlier.all():
        raise SuperpositionError(N_("there is no declaration in the days that are chosen from or kept out"))
    progress(N_("learning from past controls"), 0.3)
    midnight = datetime.combine(kept_days[0], time(), ZoneInfo(pack.zone))
    before = found_by(labels, pack, before=midnight)
    past = whole.where(earlier)
    teacher = teach(past, candidates, before, pack, forms=question.forms)
    told = _claims(past, candidates, teacher, question)
    progress(N_("choosing what is to be active"), 0.4)
    today = {c for c, candidate in enumerate(candidates) if candidate.present}
    problem, value_today, upkeep = _problem(told, candidates, today, question)
    standing = search(
        problem,
        today=today,
        tell=lambda done: progress(N_("choosing what is to be active"), 0.4 + 0.3 * done),
    )
    _keep_guards(standing, candidates, told)
    progress(N_("bounding what any choice could bring"), 0.7)
    best = bound(standing)
    samples = resampled(problem.days, seed=_SEED)
    judge = Judge(
        candidates,
        past.fired.sum(axis=0).tolist(),
        standing,
        samples,
        _set_aside(candidates, fired.untold, question),
        question.level,
    )
    judged = judge.verdicts()
    progress(N_("checking on the days kept out"), 0.8)
    later_days = whole.where(~earlier)
    rest = _claims(later_days, candidates, teacher, question)
    later = found_by(labels, pack, before=datetime.max.replace(tzinfo=ZoneInfo("UTC")))
    kept_samples = resampled(len(rest.days), seed=_SEED)
    sums = [
        by_day(rest, _carried(active, candidates, (past, later_days), before, question), later, pack)
        for active in (today, standing.active)
    ]
    controlled = [i for i, number in enumerate(past.numbers) if number in before]
    weighed = _with_propensity(past, controlled)
    return Superposition(
        candidates=len(candidates),
        profiles_of=question.profiles_of,
        chosen_days=chosen_days,
        kept_days=kept_days,
        declarations=(len(past), len(whole) - len(past)),
        controls_known=len(controlled),
        weighted=weighed > 0,
        weighted_share=weighed / len(controlled) if controlled else 0.0,
        today=value_today,
        proposed=standing.value,
        worth=standing.worth,
        upkeep=upkeep,
        bound=best,
        lost=best.lost(standing.worth),
        verdicts=tuple(judged),
        retired=judge.together(judged),
        lists=_lists(judge, question.lists),
        kept_today=outlook(sums[0], kept_samples, level=question.level),
        kept_proposed=outlook(sums[1], kept_samples, level=question.level),
        kept_more=differences(sums[1], sums[0], kept_samples, level=question.level),
    )


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
    active: Collection[int],
    candidates: Sequence[Candidate],
    parts: tuple[Border, Border],
    before: Mapping[str, Found],
    question: Question,
) -> Flags:
    """Return who would be controlled on the days kept out, by what the active candidates alone can tell.

    A set is given its own score, learned from its own signs: what stands outside it guides no officer. Of a
    model the higher probabilities are signs of their own.
    """
    own = [at for at in range(len(candidates)) if _speaks(at, active, candidates)]
    signs = [candidates[at] for at in own]
    seen, coming = (part.with_fired(part.fired[:, own]) for part in parts)
    teacher = teach(seen, signs, before, question.pack, forms=question.forms)
    return controls_of(_claims(coming, signs, teacher, question), range(len(own)), question.pack)


def _speaks(at: int, active: Collection[int], candidates: Sequence[Candidate]) -> bool:
    """Tell whether a candidate is active, or a higher threshold of a model that is."""
    one = candidates[at]
    return at in active or any(
        one.by_model
        and not one.without
        and candidates[a].group == one.group
        and (candidates[a].value or 0.0) < (one.value or 0.0)
        for a in active
    )


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


def _keep_guards(standing: Standing, candidates: Sequence[Candidate], told: Claims) -> None:
    """Keep every profile in force that guards more than revenue, but where others ask for all that it asks.

    Such a one costs nothing, so what the room brings does not become less.
    """
    for c, candidate in enumerate(candidates):
        guards = candidate.present and told.non_fiscal[c] and told.border.fired[:, c].any()
        if not guards or standing.holder(c) is not None or not standing.free:
            continue
        own = told.asks[c]
        asked = told.asked(standing.active)[own]
        if not len(own) or not asked.all() or not standing.askers[standing.problem.asks[c]].all():
            standing.make(on=[c])


def _set_aside(
    candidates: Sequence[Candidate], untold: Collection[str], question: Question
) -> dict[str, Proposal]:
    """Return the groups of which nothing can be said, and why."""
    measures = question.pack.measures
    formless = {
        one.group
        for one in candidates
        if not one.mandatory
        and not {measures[code].form for code in one.profile.measures} & set(question.forms)
    }
    return dict.fromkeys(formless, Proposal.FORMLESS) | dict.fromkeys(untold, Proposal.UNTOLD)


def _with_propensity(past: Border, rows: Sequence[int]) -> int:
    """Return of how many declarations the propensity of control is known."""
    known = next(iter(past.propensity.values()), None)
    return 0 if known is None else int((~np.isnan(known[list(rows)])).sum())


def _lists(judge: Judge, names: Sequence[str]) -> tuple[ListVerdict, ...]:
    """Say of each list asked about what emptying it would cost the proposed set."""
    place = {candidate.key: at for at, candidate in enumerate(judge.candidates)}
    found = []
    for name in names:
        pairs = [
            (at, place[key])
            for at in sorted(judge.standing.active)
            if (key := without_key(judge.candidates[at], name)) in place
        ]
        added = judge.standing.change(on=[without for _, without in pairs], off=[at for at, _ in pairs])
        asked_by = tuple(judge.candidates[at].group for at, _ in pairs)
        found.append(ListVerdict(name, asked_by, judge.over_days(-added)))
    return tuple(found)
