"""Trained models as a bundle to publish, with its card; and a published bundle as models that score."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, Final

import numpy as np

from daliz.engine.estimators.checks import Figure, auc
from daliz.engine.estimators.intervals import wilson
from daliz.engine.estimators.learner.columns import NAMES, group_of
from daliz.engine.estimators.learner.grown import Grown, Lessons
from daliz.engine.estimators.learner.labels import unknown_of
from daliz.engine.estimators.learner.scorer import Scorer
from daliz.engine.estimators.learner.training import Course, Trained
from daliz.engine.estimators.registry import Assembly, Bundle, Card, Feature, Training, training_fingerprint
from daliz.language import LANGUAGES, N_, DalizError, Text, translate

_AFTER: Final = "after"


class ModelFeaturesError(DalizError):
    """A published model asks for other columns than this version makes."""

    code: ClassVar[str] = "model-features"


def bundle_of(trained: Trained, course: Course, *, name: str, version: str) -> Bundle:
    """Return what is to be published of a training.

    Args:
        trained: from ``train``.
        course: that it was trained on.
        name: of the line of models.
        version: of the bundle.
    """
    lessons, scorer = trained.lessons, trained.scorer
    return Bundle(
        name=name,
        version=version,
        features=tuple(Feature(column, unknown_of(column), group_of(column)) for column in NAMES),
        models=scorer.models.trees,
        calibrations={},
        training=Training(
            fingerprint=training_fingerprint(_rows(lessons)),
            rows=trained.controls,
            violations=trained.violations,
            first_day=trained.first_day.isoformat(),
            last_day=(course.as_of - timedelta(days=1)).isoformat(),
            known_before=course.as_of.isoformat(),
            seed=course.seed,
        ),
        metrics=dict(_figures(trained, course)),
        checks=trained.checks,
        card=_card(trained, course),
        assembly=Assembly(
            calibrations=scorer.calibrations,
            level=scorer.models.level,
            thoroughness=scorer.thoroughness,
            positives=scorer.models.positives,
        ),
    )


def scorer_of(bundle: Bundle, *, folder: str) -> Scorer:
    """Return a published bundle as models that score.

    Args:
        bundle: loaded, its signature held.
        folder: under which it is published; what it scores names it.

    Raises:
        ModelFeaturesError: it asks for other columns than this version makes, or estimates no items.
    """
    if bundle.assembly is None or tuple(feature.name for feature in bundle.features) != NAMES:
        raise ModelFeaturesError(
            N_("{folder} asks for other columns than this version of Daliz makes; train it anew"),
            folder=folder,
        )
    parts = bundle.assembly
    grown = Grown(dict(bundle.models), parts.level, parts.positives)
    return Scorer(folder, grown, parts.calibrations, parts.thoroughness)


def known_before(bundle: Bundle) -> date:
    """Return the day before which outcomes were known that taught a bundle."""
    return date.fromisoformat(bundle.training.known_before)


def _rows(lessons: Lessons) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    rows = {name: lessons.values[:, at].astype(np.float64) for at, name in enumerate(NAMES)}
    rows |= {f"found.{at}": lessons.found[:, at] for at in range(lessons.found.shape[1])}
    rows |= {f"assessed.{at}": lessons.assessed[:, at] for at in range(lessons.assessed.shape[1])}
    return rows | {"harm": lessons.harm.astype(np.float64), "weight": lessons.weight.astype(np.float64)}


def _figures(trained: Trained, course: Course) -> Iterator[tuple[str, Figure]]:
    level = course.bounds.level
    for form, rows in trained.held_out.items():
        yield f"{form}.auc", auc(rows.p, rows.y, rows.weight, level=level)
        total, squares = float(rows.weight.sum()), float((rows.weight**2).sum())
        if squares:
            rate, effective = float((rows.weight * rows.y).sum()) / total, total * total / squares
            found = wilson(rate * effective, effective, level=level)
            yield f"{form}.hit_rate", Figure(rate, found.low, found.high)


def _card(trained: Trained, course: Course) -> Card:
    limits = [
        _said(N_("It rests on whom past controls chose; who was never controlled is not known at all.")),
        _said(
            N_(
                "The checks judge models grown in the same way without the last {n} days; "
                "what is published learned from these too."
            ),
            n=course.bounds.held_out_days,
        ),
        _said(N_("It needs rates and links of the night before, which Daliz brings up to date by itself.")),
    ]
    if trained.drawn:
        told = N_(
            "Nobody wrote down how probable past controls were: the {n} that were drawn at random stand for "
            "all declarations of their direction that nothing else chose, every other one for itself."
        )
        limits.append(_said(told, n=trained.drawn))
    elif not trained.weighted:
        told = N_("Nobody wrote down how probable past controls were, so each of them counts as one.")
        limits.append(_said(told))
    if _AFTER in trained.left_out:
        limits.append(_said(N_("It says nothing of control after release: there was none to judge it by.")))
    return Card(
        what=_said(
            N_(
                "Chance that a form of control finds something in a declaration, and payments and harm if it "
                "does. For analysts and for allocating officers' time; it is no finding against anybody."
            )
        ),
        on_what=_said(
            N_("Controls of past declarations; {n} of them with a known probability of having been chosen."),
            n=trained.weighted,
        ),
        limits=tuple(limits),
    )


def _said(template: str, **values: object) -> Text:
    return Text(**{lang: translate(template, lang, **values) for lang in LANGUAGES})
