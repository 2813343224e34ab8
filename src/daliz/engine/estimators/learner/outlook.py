"""What to expect of a declaration: by form of control, the chance of a find, its payments and its harm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.rates import Floats

FORMS: Final = ("documents", "physical", "post_release")
"""Forms of control; the physical one includes the documents."""
REVEALS: Final[Mapping[str, tuple[str, ...]]] = {
    "documents": ("papers",), "physical": ("papers", "hidden"), "post_release": ("after",),
}  # fmt: skip
"""What each form of control reveals."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Expectations of a day's declarations, in the order of first sight.

    Attributes:
        number: of each declaration.
        first_row: its first item among the day's items.
        foretold: chance that each form finds something, before calibration, shape (declarations, forms).
        chance: the same, calibrated, 0 to 1; 0 for a form of which nothing is known.
        recovery: payments that each form is expected to bring, money, 0 or more.
        harm: harm points that each form is expected to avert, 0 or more.
        item_chance: chance of a violation in each item by the fullest form known, shape (items,).
    """

    number: list[str]
    first_row: NDArray[np.int64]
    foretold: Floats
    chance: Floats
    recovery: Floats
    harm: Floats
    item_chance: Floats


def outlook_of(
    numbers: Sequence[str],
    estimates: Mapping[str, tuple[Floats, Floats, Floats]],
    calibrations: Mapping[str, Calibration],
    *,
    thoroughness: float = 1.0,
) -> Outlook:
    """Put the items' estimates together by declaration.

    A form finds something unless every item passes it: items are taken as independent of each other, and what
    that overstates the calibration takes back. Payments and harm add up. Opening the goods includes the
    papers: each form is corrected by itself, but none finds less than what it includes.

    Args:
        numbers: declaration of each item, items of one next to each other.
        estimates: by kind, each item's chance of a violation, its payments and harm if there is one.
        calibrations: by form, from foretold to found.
        thoroughness: how much more opening the goods assesses of what papers betray, 1 or more.
    """
    first = np.flatnonzero([at == 0 or one != numbers[at - 1] for at, one in enumerate(numbers)])
    count = len(first)
    foretold, recovery, harm = (np.zeros((count, len(FORMS))) for _ in range(3))
    chance = np.zeros((count, len(FORMS)))
    item_chance = np.zeros(len(numbers))
    for at, form in enumerate(FORMS):
        kinds = [kind for kind in REVEALS[form] if kind in estimates]
        if not kinds or not count:
            continue
        passes = np.zeros(len(numbers))
        for kind in kinds:
            probability = np.clip(estimates[kind][0], 1e-9, 1 - 1e-9)
            passes += np.log1p(-probability)
            more = thoroughness if (form, kind) == ("physical", "papers") else 1.0
            recovery[:, at] += more * np.add.reduceat(probability * estimates[kind][1], first)
            harm[:, at] += np.add.reduceat(probability * estimates[kind][2], first)
        item_chance = np.maximum(item_chance, -np.expm1(passes))
        foretold[:, at] = -np.expm1(np.add.reduceat(passes, first))
        chance[:, at] = calibrations[form].apply(foretold[:, at]) if form in calibrations else foretold[:, at]
    documents, physical = FORMS.index("documents"), FORMS.index("physical")
    chance[:, physical] = np.maximum(chance[:, physical], chance[:, documents])
    return Outlook(
        number=[numbers[row] for row in first.tolist()],
        first_row=first.astype(np.int64),
        foretold=foretold,
        chance=chance,
        recovery=recovery,
        harm=harm,
        item_chance=item_chance,
    )
