"""Why a model scored as it did: contributions gathered into reasons, and of which of them officers read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from daliz.language import N_, Message

Floats = NDArray[np.float64]

Group = Literal[
    "value",
    "classification",
    "origin",
    "mass",
    "party history",
    "links",
    "wording",
    "novelty",
    "route",
    "profile",
    "other",
]

LABELS: Final[Mapping[Group, Message]] = {
    "value": Message(N_("customs value and price")),
    "classification": Message(N_("HS code and duty rate")),
    "origin": Message(N_("origin and preference")),
    "mass": Message(N_("mass and quantity")),
    "party history": Message(N_("what past controls of the parties found")),
    "links": Message(N_("links between parties")),
    "wording": Message(N_("description of the goods against the code")),
    "novelty": Message(N_("new party, goods or combination")),
    "route": Message(N_("route, transport and place")),
    "profile": Message(N_("risk profiles that fired")),
    "other": Message(N_("other facts of the declaration")),
}
"""What analysts read over a group."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one group of features did to one score.

    Attributes:
        group: of the features.
        contribution: in the unit of the raw score, log-odds for a probability; above 0 raised the score.
        features: each feature's own contribution, the strongest first.
    """

    group: Group
    contribution: float
    features: tuple[tuple[str, float], ...]

    def label(self, lang: str = "en") -> str:
        """Return the group in words."""
        return LABELS[self.group].text(lang)


def reasons(contributions: Floats, names: Sequence[str], groups: Mapping[str, Group]) -> tuple[Reason, ...]:
    """Gather one row's contributions into reasons, the strongest first, whichever way it pulled.

    Args:
        contributions: of each feature, shape (features,).
        names: of the features, in the same order.
        groups: the group of each feature; a feature without one is among ``other``.

    Example:
        >>> found = reasons(np.array([0.5, -0.2, 0.1]), ["price", "brand", "unit"],
        ...     {"price": "value", "unit": "value", "brand": "wording"})
        >>> [(reason.group, round(reason.contribution, 3)) for reason in found]
        [('value', 0.6), ('wording', -0.2)]
    """
    gathered: dict[Group, list[tuple[str, float]]] = {}
    for name, value in zip(names, contributions.tolist(), strict=True):
        if value != 0:
            gathered.setdefault(groups.get(name, "other"), []).append((name, value))
    found = [
        Reason(group, sum(value for _, value in features), tuple(sorted(features, key=lambda f: -abs(f[1]))))
        for group, features in gathered.items()
    ]
    return tuple(sorted(found, key=lambda reason: (-abs(reason.contribution), reason.group)))


def hinted(found: Sequence[Reason], *, approved: Collection[str], most: int) -> tuple[Group, ...]:
    """Return the groups of which an officer may read: approved and raising the score, the strongest first.

    Args:
        found: the reasons of one item.
        approved: groups whose hint the administration approved for officers.
        most: how many groups at most.
    """
    raising = [reason.group for reason in found if reason.contribution > 0 and reason.group in approved]
    return tuple(raising[:most])


GROUPS: Final[tuple[Group, ...]] = get_args(Group)
"""All groups, in the order of the documentation."""
