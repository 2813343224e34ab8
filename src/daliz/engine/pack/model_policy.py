"""What an administration requires of models, and what of them officers may read: dated data of the pack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from daliz.engine.pack.reader import Entry
from daliz.language import N_, Text

AREAS: Final = ("value", "classification", "origin", "mass", "wording", "route")
"""Groups of the models' reasons of which officers may read; others would tell how parties are judged."""


MONTHLY: Final = 30
"""Days after which models are trained anew where the pack does not say."""


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
class OfficerHint:
    """What an officer may read of one area in which models saw risk.

    Attributes:
        hint: the area; reveals neither score nor feature.
        look_at: what to look at.
        approved_by: who approved the words; empty where nobody has.
        approved_on: first day of registration for which they are shown; None where nobody approved.
    """

    hint: Text
    look_at: Text
    approved_by: str
    approved_on: date | None


@dataclass(frozen=True, slots=True)
class OfficerHints:
    """Hints by area, and how many are shown at most.

    Attributes:
        areas: by group of the models' reasons, one of ``AREAS``.
        most: beside the profile's own hint.
    """

    areas: Mapping[str, OfficerHint] = field(default_factory=dict)
    most: int = 0

    def approved_on(self, day: date) -> dict[str, OfficerHint]:
        """Return the hints that may be shown of a declaration registered on a day."""
        return {
            area: hint
            for area, hint in self.areas.items()
            if hint.approved_on is not None and hint.approved_on <= day
        }


@dataclass(frozen=True, slots=True)
class ModelPolicy:
    """All that the pack says of models.

    Attributes:
        publication: the bounds, by the day from which they hold; empty where the pack states none, and then
            no model can be published.
        hints: what officers may read; none where the pack states none.
        retrained_every_days: after so many days the live system trains models anew by night; 0 never.
    """

    publication: tuple[PublicationBounds, ...] = ()
    hints: OfficerHints = field(default_factory=OfficerHints)
    retrained_every_days: int = MONTHLY

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
    hints = _hints(entry.entry("officer_hints", optional=True))
    every = entry.whole("retrained_every_days", 0) if entry.has("retrained_every_days") else MONTHLY
    entry.close()
    return ModelPolicy(stated, hints, every)


def _hints(entry: Entry) -> OfficerHints:
    areas = {}
    for code, one in entry.coded("areas", optional=True):
        if code not in AREAS:
            template = N_("officers read nothing of {area}; what may be hinted at is: {known}")
            entry.problems.add(
                "pack-officer-hint", one.node.place, template, area=code, known=", ".join(AREAS)
            )
        if one.has("approved_by") != one.has("approved_on"):
            template = N_("{area}: who approved the words and from which day on stand together")
            entry.problems.add("pack-officer-hint", one.node.place, template, area=code)
        areas[code] = OfficerHint(
            hint=one.words("hint"),
            look_at=one.words("look_at"),
            approved_by=one.text("approved_by", optional=True),
            approved_on=one.day("approved_on") if one.has("approved_on") else None,
        )
        one.asked.add("approved_on")
        one.close()
    most = entry.whole("most", 0) if areas else 0
    entry.asked |= {"areas", "most"}
    entry.close()
    return OfficerHints(areas, most)


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
