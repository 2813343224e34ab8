"""All that is published together: models, calibration, features, figures and the card."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.checks import Check, Figure
from daliz.engine.estimators.reasons import Group
from daliz.engine.estimators.trees import Forest, Trees, transformed
from daliz.language import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of the models.

    Attributes:
        name: as in the vocabulary.
        unknown: what it means that it is unknown.
        group: the reason it belongs to.
    """

    name: str
    unknown: Text
    group: Group


@dataclass(frozen=True, slots=True)
class Training:
    """What the models learned from.

    Attributes:
        fingerprint: of the rows (``training_fingerprint``).
        rows: controls in training.
        violations: of these, with a violation.
        first_day: of the controlled declarations, ISO date.
        last_day: the last one.
        known_before: outcomes known before this day were used, ISO date.
        seed: of the training.
    """

    fingerprint: str
    rows: int
    violations: int
    first_day: str
    last_day: str
    known_before: str
    seed: int


@dataclass(frozen=True, slots=True)
class Card:
    """What a person must know before relying on the models.

    Attributes:
        what: what they estimate, for which declarations.
        on_what: what they were trained and judged on.
        limits: what they cannot tell and where they must not be used.

    Sources:
        [mitchell2019].
    """

    what: Text
    on_what: Text
    limits: tuple[Text, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Assembly:
    """What turns estimates of items into what each form of control may expect of a declaration.

    Attributes:
        calibrations: by form of control, from foretold to found.
        level: by kind of finding, the factor that brings the sum of the amounts said to that of those found.
        thoroughness: how much more opening the goods assesses of what papers betray, 1 or more.
        positives: items found in violation that the models rest on.
    """

    calibrations: Mapping[str, Calibration]
    level: Mapping[str, float]
    thoroughness: float
    positives: int


@dataclass(frozen=True, eq=False)
class Bundle:
    """Models over one list of features, published and put into force together.

    Attributes:
        name: of the line of models, lower-case letters, digits and hyphens (``import``).
        version: of this bundle, digits, lower-case letters, points and hyphens (``2026-03-01``).
        features: the columns, in order.
        models: trees by what they estimate (``physical.probability``); their names are the features.
        calibrations: for models that estimate a probability, by the same names.
        training: what they learned from.
        metrics: figures with intervals, by name.
        checks: what they were held against.
        card: what a person must know.
        assembly: where the models estimate items, what puts the items together.
    """

    name: str
    version: str
    features: tuple[Feature, ...]
    models: Mapping[str, Trees]
    calibrations: Mapping[str, Calibration]
    training: Training
    metrics: Mapping[str, Figure]
    checks: tuple[Check, ...]
    card: Card
    assembly: Assembly | None = None

    @property
    def passed(self) -> bool:
        """Whether every check was made and passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @cached_property
    def _forest(self) -> Forest:
        return Forest(list(self.models.values()))

    def score(self, x: ArrayLike) -> dict[str, Floats]:
        """Return what each model says of each row, all in one pass: calibrated probabilities, and amounts.

        Args:
            x: features in order, NaN for unknown, shape (rows, features).
        """
        raw = self._forest.raw(np.asarray(x, np.float64))
        said = {}
        for column, (name, trees) in enumerate(self.models.items()):
            value = transformed(raw[:, column], trees.link, trees.sigmoid)
            said[name] = self.calibrations[name].apply(value) if name in self.calibrations else value
        return said

    def groups(self) -> dict[str, Group]:
        """Return the reason to which each feature belongs."""
        return {feature.name: feature.group for feature in self.features}
