"""Models of the live system: which are in force, and the job that trains them anew when they are due."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from daliz.customs.assessment.models import Decision
from daliz.customs.reference.queries import pack
from daliz.doors.cli.models_in_force import scorer_by_day, signing_key
from daliz.doors.cli.serving.past import known_before
from daliz.engine.estimators.checks import Check
from daliz.engine.estimators.learner import FORMS, Scorer
from daliz.engine.estimators.learner.publishing import (
    ModelFeaturesError,
    bundle_of,
    scorer_of,
)
from daliz.engine.estimators.learner.publishing import (
    known_before as learned_before,
)
from daliz.engine.estimators.learner.training import Course, TrainingError, train
from daliz.engine.estimators.registry import Bundle, Registry
from daliz.engine.pack import Pack
from daliz.ground.nights.models import Run
from daliz.ground.nights.words import (
    IN_FORCE,
    NO_BOUNDS,
    NOT_DUE_BEFORE,
    NOT_JUDGED,
    NOT_PUBLISHED,
    NOT_TRAINED,
)

_LOG: Final = logging.getLogger(__name__)
_AGAIN: Final = timedelta(days=7)
"""After a training that published nothing it is tried again so much later."""
_NOT_DUE: Final = "not due"
_SEED: Final = 1
_MADE_BY: Final = "daliz: trained by night"


def in_force(line: str) -> Callable[[date], Scorer | None]:
    """Return a function from a day to the published models in force on it, None where none is.

    Models of another release that ask for other columns do not score until they are trained anew.

    Args:
        line: of models, the pack's code.
    """
    directory = Path(settings.MODELS)
    if line not in Registry(directory).names():
        return lambda _: None
    found = scorer_by_day(directory, line, signing_key(_key_file()))

    def on(day: date) -> Scorer | None:
        try:
            return found(day)
        except ModelFeaturesError:
            _LOG.warning("the models in force ask for other columns; profiles judge alone", exc_info=True)
            return None

    return on


def retrain(day: date, *, history: Path | None) -> str:
    """Train models as of a day if that is due; those that pass their checks score from the next day on.

    What the pack states approves it: the bounds, and that models which hold them follow each other by
    themselves. Done twice for a day, it publishes once.

    Args:
        day: the local day; what became known on it or later is not looked at.
        history: folder of canonical tables from before the database began.

    Returns:
        in a few words, what came of it.
    """
    rules, registry = pack(), Registry(Path(settings.MODELS))
    bounds = rules.models.publication_on(day)
    if bounds is None or not rules.models.retrained_every_days:
        return NO_BOUNDS
    next_on = _next_on(registry, rules)
    if next_on is not None and day < next_on:
        return NOT_DUE_BEFORE.format(day=next_on.isoformat())
    key = signing_key(_key_file())
    tables = known_before(day, pack=rules, history=history)
    rival = _rival(registry, rules.code, day)
    course = Course(
        declarations=tables["declarations"],
        findings=tables["findings"],
        transport_means=tables["transport_means"],
        pack=rules,
        as_of=day,
        seed=_SEED,
        bounds=bounds,
        propensities=_propensities(day),
        in_force=scorer_of(rival, folder=rival.version) if rival else None,
        in_force_knows=learned_before(rival) if rival else None,
    )
    try:
        trained = train(course, progress=lambda *_: None)
    except TrainingError as error:
        return NOT_TRAINED.format(why=error.text())
    if not trained.scorer.models.trees:
        return NOT_JUDGED.format(n=bounds.held_out_days)
    bundle = bundle_of(trained, course, name=rules.code, version=day.isoformat())
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = registry.publish(bundle, made_by=_MADE_BY, made_at=now, key=key)
    if made.folder is None:
        return _failed(made.checks)
    registry.put_in_force(
        rules.code,
        made.folder,
        approved_by=f"pack {rules.code} {rules.told_version}: models.publication",
        at=now,
        key=key,
        from_day=(day + timedelta(days=1)).isoformat(),
    )
    rows, found = bundle.training.rows, bundle.training.violations
    return IN_FORCE.format(folder=made.folder, n=rows, m=found)


def _next_on(registry: Registry, rules: Pack) -> date | None:
    """Return the day on which models are due; None if they always were."""
    key = signing_key(_key_file())
    folders = [manifest.folder for manifest in registry.manifests(rules.code)]
    learned = [learned_before(registry.load(rules.code, folder, key=key)) for folder in folders]
    days = [max(learned) + timedelta(days=rules.models.retrained_every_days)] if learned else []
    tried = Run.objects.filter(job="train", state=Run.DONE).exclude(message__startswith=_NOT_DUE)
    last = tried.order_by("-day").values_list("day", flat=True).first()
    return max([*days, *([last + _AGAIN] if last is not None else [])], default=None)


def _rival(registry: Registry, line: str, day: date) -> Bundle | None:
    """Return the models in force on the day, if they ask for the columns of this release."""
    if in_force(line)(day) is None:
        return None
    key = signing_key(_key_file())
    return registry.load(line, registry.current(line, key=key, day=day.isoformat()), key=key)


def _propensities(day: date) -> dict[str, dict[str, float]]:
    """Return how probable each control of a live declaration was, by its number and form."""
    chances: dict[str, dict[str, float]] = {}
    rows = Decision.objects.filter(day__lt=day).order_by("id")
    for number, content in rows.values_list("version__declaration__number", "content").iterator():
        own = chances.setdefault(str(number), dict.fromkeys(FORMS, 0.0))
        stated = json.loads(content)["propensity"]
        for form in FORMS:
            own[form] = max(own[form], float(stated.get(form, 0.0)))
    return chances


def _failed(checks: Sequence[Check]) -> str:
    failed = [f"{one.name} {one.value:.3g} (bound {one.bound:.3g})" for one in checks if not one.passed]
    return NOT_PUBLISHED.format(m=len(failed), n=len(checks), which=", ".join(failed))


def _key_file() -> Path | None:
    return Path(settings.MODEL_KEY) if settings.MODEL_KEY else None
