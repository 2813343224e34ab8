"""``foresee``: lives through the past day by day, learns from its controls, and foretells the days asked."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.learner.columns import versions_of
from daliz.engine.estimators.learner.grown import MINIMUM_FOUND
from daliz.engine.estimators.learner.learner import Learner
from daliz.engine.estimators.learner.outlook import FORMS, Outlook
from daliz.engine.estimators.learner.past import (
    Everyone,
    Known,
    by_day,
    facts_of_days,
    foretold_of,
    vehicles_of,
)
from daliz.engine.estimators.learner.scorer import LEARNED, Scorer
from daliz.engine.estimators.rates import Floats
from daliz.engine.features.clock import day_number
from daliz.engine.pack import Pack
from daliz.engine.records.files import Source
from daliz.language import N_

Progress = Callable[[str, float], None]

_REHEARSED: Final = 0.6
"""Part of the past after which models are grown a first time, to be compared with what was found later."""
_SEED: Final = 1


@dataclass(frozen=True, eq=False)
class Foresight:
    """What models expect of the declarations of the days asked, in the order of the facts.

    Attributes:
        chance: that each form of control finds something, by ``FORMS``, shape (declarations, forms).
        recovery: payments that each is expected to bring, money of the administration.
        harm: harm points that each is expected to avert.
        known: of which forms the models that scored it know anything, shape (declarations, forms).
        item_chance: of a violation in each item, shape (items,).
        values: the models' columns of each item, shape (items, columns).
        scorers: the models, each once.
        scored_by: which of them scored a declaration, -1 where none was in force, shape (declarations,).
        item_scored_by: the same by item, shape (items,).
    """

    chance: Floats
    recovery: Floats
    harm: Floats
    known: NDArray[np.bool_]
    item_chance: Floats
    values: NDArray[np.float32]
    scorers: tuple[Scorer, ...]
    scored_by: NDArray[np.int64]
    item_scored_by: NDArray[np.int64]

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Declarations that models scored, shape (declarations,)."""
        return np.asarray(self.scored_by >= 0)

    @property
    def positives(self) -> Floats:
        """Items found in violation that the models of each declaration rest on, 0 where there are none."""
        return np.array([*(s.models.positives for s in self.scorers), 0], np.float64)[self.scored_by]

    @property
    def versions(self) -> list[str | None]:
        """Under which version each declaration was scored."""
        names = [*(scorer.version for scorer in self.scorers), None]
        return [names[at] for at in self.scored_by.tolist()]

    @property
    def digest(self) -> str:
        """A short name that changes with the models."""
        digests = [scorer.digest for scorer in self.scorers]
        if len(digests) == 1:
            return digests[0]
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]


def foresee(
    declarations: Source,
    findings: Source,
    *,
    transport_means: Source | None,
    pack: Pack,
    since: date,
    first_day: date,
    last_day: date,
    progress: Progress,
) -> Foresight | None:
    """Learn from the days before ``first_day`` and foretell each day from then on, as of the night before.

    Each day of the past is met as it was met then: its columns rest on what was declared and known before it.
    Models are grown once from what was known before ``first_day``; rates, rings and wordings go on with each
    day foretold. Chances are corrected by the last part of the past, foretold from the first, in which a
    control drawn at random stands for all that were not chosen.

    Args:
        declarations: canonical, with the past.
        findings: canonical.
        transport_means: canonical, or None.
        pack: for zone, lists and weights.
        since: first day of the past to learn from.
        first_day: first day to foretell.
        last_day: the last one.
        progress: told what is under way.

    Returns:
        None where fewer than ``MINIMUM_FOUND`` declarations, or items of one kind, were known to be in
        violation before ``first_day``: profiles judge alone.
    """
    known = Known.of(findings, pack, first_day)
    if len(known.hits) < MINIMUM_FOUND:
        return None
    learner = Learner(harm=pack.policy.effect.harm, seed=_SEED)
    vehicles = vehicles_of(transport_means)
    rehearsal = day_number(since) + int(_REHEARSED * (first_day - since).days)
    begun, first, last = (day_number(day) for day in (since, first_day, last_day))
    everyone = Everyone(known.drawn)
    told: list[Outlook] = []
    values: list[NDArray[np.float32]] = []
    grown_once = False
    with facts_of_days(
        declarations, findings, transport_means=transport_means, pack=pack, first_day=since, last_day=last_day
    ) as reader:
        for day, facts in by_day(reader):
            progress(N_("learning from past controls"), (day - begun) / max(1, last - begun))
            learner.learn(known.before(day), day)
            if day >= first and not grown_once:
                grown_once = True
                learner.weigh(everyone.weights())
                if learner.fit() is None:
                    return None
            if day < first and learner.models is None and day >= rehearsal:
                learner.fit()
            morning = learner.morning(facts, day, vehicles)
            if day >= first:
                keys = versions_of(facts)
                outlook = learner.outlook(morning, keys=keys)
                if outlook is None:
                    return None
                told.append(outlook)
                values.append(morning.values.astype(np.float32))
            else:
                versions = known.versions(facts)
                everyone.count(facts, versions)
                outlook = learner.outlook(morning, keys=versions_of(facts))
                learner.keep(morning, versions, foretold=foretold_of(outlook, versions), versions=versions)
            learner.evening(morning, vehicles)
    if not told or learner.models is None:
        return None
    scorer = Scorer(LEARNED, learner.models, dict(learner.calibrations), learner.thoroughness)
    return gathered(told, values, [scorer] * len(told))


def gathered(
    told: Sequence[Outlook], values: Sequence[NDArray[np.float32]], scorers: Sequence[Scorer | None]
) -> Foresight:
    """Put the days together: what was told of each, the columns of its items, and who told it."""
    each = tuple({id(scorer): scorer for scorer in scorers if scorer is not None}.values())
    place = {id(scorer): at for at, scorer in enumerate(each)}
    at = [place.get(id(scorer), -1) for scorer in scorers]
    sizes, items = [len(one.number) for one in told], [len(one.item_chance) for one in told]
    by = np.repeat(np.array(at, np.int64), sizes)
    knows = np.array([*(scorer.known for scorer in each), np.zeros(len(FORMS), np.bool_)], dtype=np.bool_)
    return Foresight(
        chance=np.concatenate([outlook.chance for outlook in told]),
        recovery=np.concatenate([outlook.recovery for outlook in told]),
        harm=np.concatenate([outlook.harm for outlook in told]),
        known=knows[by],
        item_chance=np.concatenate([outlook.item_chance for outlook in told]),
        values=np.concatenate(values),
        scorers=each,
        scored_by=by,
        item_scored_by=np.repeat(np.array(at, np.int64), items),
    )


def past_to_learn_from(first_day: date, days: int = 365) -> date:
    """Return the first day of the past that is learned from: further back it speaks of another border."""
    return first_day - timedelta(days=days)
