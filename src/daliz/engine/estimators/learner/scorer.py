"""``Scorer``: grown models and all that turns their estimates into what each form of control may expect."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.learner.columns import NAMES
from daliz.engine.estimators.learner.grown import Grown
from daliz.engine.estimators.learner.outlook import FORMS, REVEALS, Outlook, outlook_of
from daliz.engine.estimators.rates import Floats
from daliz.engine.estimators.trees import Trees

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

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes."""
        return {
            "version": self.version,
            "trees": {
                name: {f.name: np.asarray(getattr(trees, f.name)) for f in fields(trees)}
                for name, trees in self.models.trees.items()
            },
            "order": list(self.models.trees),
            "level": dict(self.models.level),
            "positives": self.models.positives,
            "calibrations": {form: one.as_record() for form, one in self.calibrations.items()},
            "thoroughness": self.thoroughness,
        }

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the models that were kept."""
        trees = {name: _trees(tree["trees"][name]) for name in tree["order"]}
        calibrations = {form: Calibration.from_record(one) for form, one in tree["calibrations"].items()}
        grown = Grown(trees, tree["level"], int(tree["positives"]))
        return cls(tree["version"], grown, calibrations, float(tree["thoroughness"]))

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


def _trees(tree: Mapping[str, Any]) -> Trees:
    arrays = {name: array for name, array in tree.items() if name not in {"names", "link", "sigmoid"}}
    return Trees(
        names=tuple(tree["names"].tolist()),
        link=tree["link"].item(),
        sigmoid=float(tree["sigmoid"]),
        **arrays,
    )
