"""``Scorer``: grown models and all that turns their estimates into what each form of control may expect."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.learner.columns import NAMES
from daliz.engine.estimators.learner.grown import Grown
from daliz.engine.estimators.learner.outlook import FORMS, REVEALS, Outlook, outlook_of
from daliz.engine.estimators.rates import Floats

LEARNED: Final = "learned"
"""How models are called that were grown on the way and published nowhere."""


@dataclass(frozen=True, eq=False)
class Scorer:
    """Models ready to score; growing them is over.

    Attributes:
        version: under which they are known: the folder of a published model, or ``LEARNED``.
        models: the trees.
        calibrations: by form, from foretold to found.
        thoroughness: how much more opening the goods assesses of what papers betray, 1 or more.
    """

    version: str
    models: Grown
    calibrations: Mapping[str, Calibration]
    thoroughness: float

    def outlook(self, numbers: Sequence[str], values: Floats) -> Outlook:
        """Return what to expect of each declaration.

        Args:
            numbers: declaration of each item, items of one next to each other.
            values: the columns ``NAMES``, NaN where unknown, shape (items, columns).
        """
        return outlook_of(
            numbers, self.models.estimate(values), self.calibrations, thoroughness=self.thoroughness
        )

    @property
    def known(self) -> NDArray[np.bool_]:
        """Forms of which the models know anything, as ``FORMS`` orders them."""
        kinds = self.models.kinds()
        return np.array([any(kind in kinds for kind in REVEALS[form]) for form in FORMS], dtype=np.bool_)

    @property
    def digest(self) -> str:
        """A short name that changes with trees and calibrations."""
        named = hashlib.sha256("\n".join(NAMES).encode())
        for name, trees in sorted(self.models.trees.items()):
            named.update(name.encode())
            named.update(np.ascontiguousarray(trees.threshold).tobytes())
            named.update(np.ascontiguousarray(trees.leaf_value).tobytes())
        for form, calibration in sorted(self.calibrations.items()):
            named.update(form.encode() + calibration.x.tobytes() + calibration.y.tobytes())
        return named.hexdigest()[:16]
