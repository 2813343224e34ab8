"""Why a model scored as it did, in words: contributions gathered into reasons, in full or as hints."""

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

HINTS: Final[Mapping[Group, tuple[Message, Message]]] = {
    "value": (
        Message(N_("Area: customs value.")),
        Message(N_("Look at the invoice, proof of payment, price lists and what was added for carriage.")),
    ),
    "classification": (
        Message(N_("Area: classification.")),
        Message(
            N_("Compare the goods' composition, purpose and marking with the text of the declared code.")
        ),
    ),
    "origin": (
        Message(N_("Area: origin.")),
        Message(N_("Look at the certificate of origin, the marking of the goods and the route they came.")),
    ),
    "mass": (
        Message(N_("Area: mass and quantity.")),
        Message(N_("Weigh or count, and compare with the packing list and the transport document.")),
    ),
    "wording": (
        Message(N_("Area: description of the goods.")),
        Message(N_("Compare the goods themselves and their labels with the description.")),
    ),
    "route": (
        Message(N_("Area: carriage.")),
        Message(N_("Look at transport documents, seals and the places passed on the way.")),
    ),
}
"""What officers may read where an administration approved it: area, and what to look at. Groups that would
give away how parties are judged have none."""


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


@dataclass(frozen=True, slots=True)
class Hint:
    """What an officer reads: where to look, without score, feature or party's history."""

    area: str
    look_at: str


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


def hints(
    found: Sequence[Reason], *, approved: Collection[Group], most: int, lang: str = "en"
) -> tuple[Hint, ...]:
    """Return what an officer may read: approved areas that raised the score, the strongest first.

    Args:
        found: the reasons of one item.
        approved: groups whose hint the administration approved for officers.
        most: how many hints at most.
        lang: en, ru or kk.
    """
    shown = [
        HINTS[reason.group]
        for reason in found
        if reason.contribution > 0 and reason.group in approved and reason.group in HINTS
    ]
    return tuple(Hint(area.text(lang), look_at.text(lang)) for area, look_at in shown[:most])


GROUPS: Final[tuple[Group, ...]] = get_args(Group)
"""All groups, in the order of the documentation."""
