"""What an administration requires of models before they are published: dated bounds, data of the pack."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from daliz.engine.pack.reader import Entry
from daliz.language import N_


@dataclass(frozen=True, slots=True)
class PublicationBounds:
    """What a model must pass, from a day on.

    Attributes:
        valid_from: first day as of which models are so judged.
        held_out_days: the last days before training's own, on which a model that had not seen them is judged.
        calibration_error: greatest expected calibration error, 0 to 1.
        auc: least AUC where no model is in force yet.
        auc_loss: by how much the AUC may be below that of the model in force.
        drift: greatest population stability index of a feature.
        leakage: greatest change of a chance when outcomes not yet known are shuffled; 0 allows none.
        violations: least effective number of violations in training.
        level: confidence of intervals, between 0 and 1.
        largest_weight: the most declarations that one control may stand for.
    """

    valid_from: date
    held_out_days: int
    calibration_error: float
    auc: float
    auc_loss: float
    drift: float
    leakage: float
    violations: float
    level: float
    largest_weight: float


@dataclass(frozen=True, slots=True)
class ModelPolicy:
    """All that the pack says of models.

    Attributes:
        publication: the bounds, by the day from which they hold; empty where the pack states none, and then
            no model can be published.
    """

    publication: tuple[PublicationBounds, ...] = field(default=())

    def publication_on(self, day: date) -> PublicationBounds | None:
        """Return the bounds that hold on a day; None if none does yet."""
        return next((one for one in reversed(self.publication) if one.valid_from <= day), None)


def read_models(root: Entry) -> ModelPolicy:
    """Return what the section ``models`` says; the bounds stand in the order of their days."""
    entry = root.entry("models", optional=True)
    stated = tuple(_publication(one) for one in entry.entries("publication", optional=True))
    if any(later.valid_from <= former.valid_from for former, later in pairwise(stated)):
        template = N_("bounds for models follow one another by valid_from; each begins after the one before")
        entry.problems.add("pack-order", entry.place("publication"), template)
    entry.close()
    return ModelPolicy(stated)


def _publication(entry: Entry) -> PublicationBounds:
    bounds = PublicationBounds(
        valid_from=entry.day("valid_from"),
        held_out_days=entry.whole("held_out_days", 7),
        calibration_error=entry.number("calibration_error", 0, 1, above=True),
        auc=entry.number("auc", 0.5, 1),
        auc_loss=entry.number("auc_loss", 0, 0.5),
        drift=entry.number("drift", 0, 100, above=True),
        leakage=entry.number("leakage", 0, 1),
        violations=entry.number("violations", 1, 1e6),
        level=entry.number("level", 0.5, 0.999),
        largest_weight=entry.number("largest_weight", 1, 1e6),
    )
    entry.close()
    return bounds
