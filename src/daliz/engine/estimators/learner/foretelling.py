"""``foretell``: lives through the past for rates and links alone; published models score, none is grown."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.estimators.learner.columns import Memory, versions_of
from daliz.engine.estimators.learner.foresight import Foresight, Progress, gathered
from daliz.engine.estimators.learner.learner import Learner
from daliz.engine.estimators.learner.outlook import Outlook, outlook_of
from daliz.engine.estimators.learner.past import Known, by_day, facts_of_days, vehicles_of
from daliz.engine.estimators.learner.scorer import Scorer
from daliz.engine.features.clock import day_number
from daliz.engine.pack import Pack
from daliz.engine.records.files import Source
from daliz.language import N_

_EPOCH: Final = date(1970, 1, 1)


def foretell(
    declarations: Source,
    findings: Source,
    *,
    scorer_on: Callable[[date], Scorer | None],
    transport_means: Source | None,
    pack: Pack,
    since: date,
    first_day: date,
    last_day: date,
    progress: Progress,
) -> Foresight | None:
    """Foretell each day by the models in force on it; columns rest on what was known the night before.

    Neither LightGBM nor scikit-learn is imported. Arguments are those of ``foresee``, and

    Args:
        scorer_on: returns the models in force on a day, or None.

    Returns:
        None where no model was in force on any of the days.
    """
    known = Known.of(findings, pack, first_day)
    learner = Learner(harm=pack.policy.effect.harm)
    vehicles = vehicles_of(transport_means)
    begun, first, last = (day_number(day) for day in (since, first_day, last_day))
    told: list[Outlook] = []
    values: list[NDArray[np.float32]] = []
    scorers: list[Scorer | None] = []
    with facts_of_days(
        declarations, findings, transport_means=transport_means, pack=pack, first_day=since, last_day=last_day
    ) as reader:
        for day, facts in by_day(reader):
            progress(N_("bringing rates and links up to the day"), (day - begun) / max(1, last - begun))
            if day < first:
                _live(learner, known, day, facts, vehicles)
                continue
            learner.learn(known.before(day), day)
            morning = learner.morning(facts, day, vehicles)
            scorer, keys = scorer_on(_EPOCH + timedelta(days=day)), versions_of(facts)
            scorers.append(scorer)
            told.append(scorer.outlook(keys, morning.values) if scorer else outlook_of(keys, {}, {}))
            values.append(morning.values.astype(np.float32))
            learner.evening(morning, vehicles)
    if not any(scorers):
        return None
    return gathered(told, values, scorers)


def remember(
    declarations: Source,
    findings: Source,
    *,
    transport_means: Source | None,
    pack: Pack,
    since: date,
    day: date,
    progress: Progress,
) -> Memory:
    """Return what is remembered as ``day`` begins, as ``foretell`` would have it then.

    Args:
        declarations: canonical; what was registered on the day or later is not looked at.
        findings: canonical; likewise, by when they became known.
        transport_means: canonical, or None.
        pack: for zone, lists and weights.
        since: first day of the past that is lived through.
        day: that begins.
        progress: told what is under way.
    """
    known = Known.of(findings, pack, day)
    learner = Learner(harm=pack.policy.effect.harm)
    vehicles = vehicles_of(transport_means)
    begun, last = day_number(since), day_number(day)
    with facts_of_days(
        declarations, findings, transport_means=transport_means, pack=pack, first_day=since,
        last_day=day - timedelta(days=1),
    ) as reader:  # fmt: skip
        for at, facts in by_day(reader):
            progress(N_("bringing rates and links up to the day"), (at - begun) / max(1, last - begun))
            _live(learner, known, at, facts, vehicles)
    learner.learn(known.before(last), last)
    return learner.memory


def _live(learner: Learner, known: Known, day: int, facts: pa.Table, vehicles: Mapping[str, str]) -> None:
    """Live through a day of the past: learn what became known before it, keep what was controlled."""
    learner.learn(known.before(day), day)
    morning, versions = learner.morning(facts, day, vehicles), known.versions(facts)
    learner.keep(morning, versions, versions=versions)
    learner.evening(morning, vehicles)
